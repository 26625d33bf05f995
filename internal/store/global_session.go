package store

// Session is one browser that is signed in, or about to be.
type Session struct {
	Token   []byte // SHA-256 of the cookie's token
	Login   int64  // 0 before sign-in
	Data    []byte
	Created int64
	Seen    int64 // to five minutes
	Expires int64
	Agent   string // the browser as it named itself
	Address string
}

const sessionColumns = `token, login_id, data, created, seen, expires, agent, address`

func scanSession(scan func(...any) error, s *Session) error {
	return scan(&s.Token, &s.Login, &s.Data, &s.Created, &s.Seen, &s.Expires, &s.Agent, &s.Address)
}

// AddSession records a session.
func (tx *Tx) AddSession(s Session) error {
	_, err := tx.execGlobal(`INSERT INTO session (token, login_id, data, created, seen, expires, agent, address) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.Token, s.Login, s.Data, s.Created, s.Seen, s.Expires, s.Agent, s.Address)
	return err
}

// SaveSession records the new content of a session; false when it was ended meanwhile: it must not come back.
func (tx *Tx) SaveSession(s Session) (bool, error) {
	n, err := tx.execGlobal(`UPDATE session SET login_id = $2, data = $3, seen = $4, expires = $5 WHERE token = $1`, s.Token, s.Login, s.Data, s.Seen, s.Expires)
	return n == 1, err
}

// Session returns a session by the hash of its token, even one that has run out.
func (tx *Tx) Session(token []byte) (s Session, found bool, err error) {
	err = tx.rows(`SELECT `+sessionColumns+` FROM session WHERE token = $1`, []any{token}, func(scan func(...any) error) error {
		found = true
		return scanSession(scan, &s)
	})
	return s, found, err
}

// TouchSession records that a session was seen and until when it lives now.
func (tx *Tx) TouchSession(token []byte, seen, expires int64) error {
	_, err := tx.execGlobal(`UPDATE session SET seen = $2, expires = $3 WHERE token = $1 AND seen < $2`, token, seen, expires)
	return err
}

// Sessions returns the sessions of a login that live at an instant, the last seen first.
func (tx *Tx) Sessions(login, now int64) ([]Session, error) {
	return list(tx, `SELECT `+sessionColumns+` FROM session WHERE login_id = $1 AND expires >= $2 ORDER BY seen DESC, created DESC, token`, []any{login, now}, scanSession)
}

// DeleteSession ends a session, whoever's it is.
func (tx *Tx) DeleteSession(token []byte) error {
	_, err := tx.execGlobal(`DELETE FROM session WHERE token = $1`, token)
	return err
}

// EndSession ends a session of the login; false when the login has no such session.
func (tx *Tx) EndSession(login int64, token []byte) (bool, error) {
	n, err := tx.execGlobal(`DELETE FROM session WHERE login_id = $1 AND token = $2`, login, token)
	return n == 1, err
}

// EndSessions ends every session of the login but one (nil: all) and returns how many.
func (tx *Tx) EndSessions(login int64, but []byte) (int64, error) {
	if but == nil {
		but = []byte{} // nil would be NULL, which is not different from anything
	}
	return tx.execGlobal(`DELETE FROM session WHERE login_id = $1 AND token <> $2`, login, but)
}

// Kinds of tokens.
const (
	TokenAPI      = "api"
	TokenReset    = "reset"    // link that lets one choose a new password
	TokenInvite   = "invite"   // link that lets one choose the first
	TokenRecovery = "recovery" // code that stands in for the second factor once
)

// Token is a secret handed out once: of the API, in a link, or on paper. Only its hash is known here.
type Token struct {
	Hash    []byte // SHA-256
	Kind    string
	Login   int64
	Coop    int64  // cooperative of an API token, 0 otherwise
	Name    string // as its person names it
	Scopes  string // separated by spaces
	Created int64
	Used    int64 // to five minutes; 0: never
	Expires int64 // 0: never
}

const tokenColumns = `hash, kind, login_id, coop, name, scopes, created, used, expires`

func scanToken(scan func(...any) error, t *Token) error {
	return scan(&t.Hash, &t.Kind, &t.Login, &t.Coop, &t.Name, &t.Scopes, &t.Created, &t.Used, &t.Expires)
}

// AddToken records a token.
func (tx *Tx) AddToken(t Token) error {
	_, err := tx.execGlobal(`INSERT INTO token (hash, kind, login_id, coop, name, scopes, created, used, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		t.Hash, t.Kind, t.Login, t.Coop, t.Name, t.Scopes, t.Created, t.Used, t.Expires)
	return err
}

// Token returns a token by its hash, even one that has run out.
func (tx *Tx) Token(hash []byte) (t Token, found bool, err error) {
	err = tx.rows(`SELECT `+tokenColumns+` FROM token WHERE hash = $1`, []any{hash}, func(scan func(...any) error) error {
		found = true
		return scanToken(scan, &t)
	})
	return t, found, err
}

// Tokens returns the tokens of a login and kind, the newest first.
func (tx *Tx) Tokens(login int64, kind string) ([]Token, error) {
	return list(tx, `SELECT `+tokenColumns+` FROM token WHERE login_id = $1 AND kind = $2 ORDER BY created DESC, hash`, []any{login, kind}, scanToken)
}

// UseToken records that a token served.
func (tx *Tx) UseToken(hash []byte, at int64) error {
	_, err := tx.execGlobal(`UPDATE token SET used = $2 WHERE hash = $1 AND used < $2`, hash, at)
	return err
}

// TakeToken removes a token that serves once; false when it has served before.
func (tx *Tx) TakeToken(hash []byte) (bool, error) {
	n, err := tx.execGlobal(`DELETE FROM token WHERE hash = $1`, hash)
	return n == 1, err
}

// DeleteToken removes a token of the login; false when the login has no such token.
func (tx *Tx) DeleteToken(login int64, hash []byte) (bool, error) {
	n, err := tx.execGlobal(`DELETE FROM token WHERE login_id = $1 AND hash = $2`, login, hash)
	return n == 1, err
}

// DeleteTokens removes every token of the login and kind.
func (tx *Tx) DeleteTokens(login int64, kind string) error {
	_, err := tx.execGlobal(`DELETE FROM token WHERE login_id = $1 AND kind = $2`, login, kind)
	return err
}
