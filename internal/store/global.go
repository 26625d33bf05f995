package store

import (
	"crypto/rand"
	"errors"
	"strings"
)

// The global tables belong to no cooperative: one login may be a person in several. They are read in any transaction
// and written in that of cooperative 0, whose lane makes "find it, else create it" safe. Instants are microseconds UTC.
// Nothing here knows a cookie, a link or a token: only their SHA-256.

// errNotGlobal is a defect of the caller: a global table written in a cooperative's transaction.
var errNotGlobal = errors.New("store: global table written in the transaction of a cooperative")

func (tx *Tx) execGlobal(text string, args ...any) (int64, error) {
	if tx.coop != 0 {
		return 0, errNotGlobal
	}
	return tx.exec(text, args...)
}

// Login is one way into the program: an e-mail address and what proves who holds it.
type Login struct {
	ID       int64
	Email    string // lower case
	Password string // argon2id hash; "" when none was chosen yet
	TOTP     string // secret of the second factor, base32; "" when none
	TOTPOn   int64  // instant the second factor was confirmed; 0 when it is off
	TOTPStep int64  // last step accepted
	Handle   []byte // random user handle of passkeys
	Lang     string // "fr" or "en"
	Disabled int64  // instant it was disabled; 0 when it is open
	Created  int64
}

const loginColumns = `id, email, password, totp, totp_on, totp_step, handle, lang, disabled, created`

func scanLogin(scan func(...any) error, l *Login) error {
	return scan(&l.ID, &l.Email, &l.Password, &l.TOTP, &l.TOTPOn, &l.TOTPStep, &l.Handle, &l.Lang, &l.Disabled, &l.Created)
}

// CleanEmail returns an address as logins are stored and found: lower case, without spaces around.
func CleanEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// EnsureLogin returns the login of an e-mail address; created says that there was none before.
func (tx *Tx) EnsureLogin(email, lang string) (l Login, created bool, err error) {
	if tx.coop != 0 {
		return Login{}, false, errNotGlobal // before an id is taken from another cooperative's counter
	}
	l, found, err := tx.LoginByEmail(email)
	if err != nil || found {
		return l, false, err
	}
	id, err := tx.NextID("login")
	if err != nil {
		return Login{}, false, err
	}
	l = Login{ID: id, Email: CleanEmail(email), Handle: randomBytes(32), Lang: lang, Created: tx.now}
	_, err = tx.execGlobal(`INSERT INTO login (id, email, password, totp, totp_on, totp_step, handle, lang, disabled, created) VALUES ($1, $2, '', '', 0, 0, $3, $4, 0, $5)`,
		l.ID, l.Email, l.Handle, l.Lang, l.Created)
	return l, true, err
}

// Login returns a login by its id.
func (tx *Tx) Login(id int64) (l Login, found bool, err error) {
	err = tx.rows(`SELECT `+loginColumns+` FROM login WHERE id = $1`, []any{id}, func(scan func(...any) error) error {
		found = true
		return scanLogin(scan, &l)
	})
	return l, found, err
}

// LoginByEmail returns the login of an e-mail address, in whatever case it is typed.
func (tx *Tx) LoginByEmail(email string) (l Login, found bool, err error) {
	err = tx.rows(`SELECT `+loginColumns+` FROM login WHERE email = $1`, []any{CleanEmail(email)}, func(scan func(...any) error) error {
		found = true
		return scanLogin(scan, &l)
	})
	return l, found, err
}

// LoginsOf returns the logins of some ids, by id.
func (tx *Tx) LoginsOf(ids []int64) (map[int64]Login, error) {
	var w where
	w.in("id", ids)
	all, err := list(tx, w.text(`SELECT `+loginColumns+` FROM login WHERE 1 = 1`, ``), w.args, scanLogin)
	byID := make(map[int64]Login, len(all))
	for _, l := range all {
		byID[l.ID] = l
	}
	return byID, err
}

// Logins returns all logins by address.
func (tx *Tx) Logins() ([]Login, error) {
	return list(tx, `SELECT `+loginColumns+` FROM login ORDER BY email`, nil, scanLogin)
}

// SetPassword replaces the hash of a login's password.
func (tx *Tx) SetPassword(login int64, hash string) error {
	_, err := tx.execGlobal(`UPDATE login SET password = $2 WHERE id = $1`, login, hash)
	return err
}

// SetLang replaces the language of a login.
func (tx *Tx) SetLang(login int64, lang string) error {
	_, err := tx.execGlobal(`UPDATE login SET lang = $2 WHERE id = $1`, login, lang)
	return err
}

// SetDisabled closes a login at an instant, or opens it again with 0.
func (tx *Tx) SetDisabled(login, at int64) error {
	_, err := tx.execGlobal(`UPDATE login SET disabled = $2 WHERE id = $1`, login, at)
	return err
}

// SetTOTP turns the second factor on (the step is that of the code that confirmed it) or, with "", off.
func (tx *Tx) SetTOTP(login int64, secret string, on, step int64) error {
	_, err := tx.execGlobal(`UPDATE login SET totp = $2, totp_on = $3, totp_step = $4 WHERE id = $1`, login, secret, on, step)
	return err
}

// TakeTOTPStep marks a step as served; false when it, or a later one, was served before.
func (tx *Tx) TakeTOTPStep(login, step int64) (bool, error) {
	n, err := tx.execGlobal(`UPDATE login SET totp_step = $2 WHERE id = $1 AND totp_step < $2`, login, step)
	return n == 1, err
}

// Credential is a passkey of a login.
type Credential struct {
	ID      []byte // as the authenticator named it
	Login   int64
	Name    string // as its person names it
	Body    string // JSON of the public credential
	Created int64
	Used    int64 // 0: never yet
}

const credentialColumns = `id, login_id, name, body, created, used`

func scanCredential(scan func(...any) error, c *Credential) error {
	return scan(&c.ID, &c.Login, &c.Name, &c.Body, &c.Created, &c.Used)
}

// AddCredential records a passkey.
func (tx *Tx) AddCredential(c Credential) error {
	_, err := tx.execGlobal(`INSERT INTO credential (id, login_id, name, body, created, used) VALUES ($1, $2, $3, $4, $5, $6)`,
		c.ID, c.Login, c.Name, c.Body, c.Created, c.Used)
	return err
}

// Credentials returns the passkeys of a login, the oldest first.
func (tx *Tx) Credentials(login int64) ([]Credential, error) {
	return list(tx, `SELECT `+credentialColumns+` FROM credential WHERE login_id = $1 ORDER BY created, id`, []any{login}, scanCredential)
}

// Credential returns a passkey by its id.
func (tx *Tx) Credential(id []byte) (c Credential, found bool, err error) {
	err = tx.rows(`SELECT `+credentialColumns+` FROM credential WHERE id = $1`, []any{id}, func(scan func(...any) error) error {
		found = true
		return scanCredential(scan, &c)
	})
	return c, found, err
}

// UseCredential records what a sign-in changed in a passkey: its counter and flags, and when.
func (tx *Tx) UseCredential(id []byte, body string, at int64) error {
	_, err := tx.execGlobal(`UPDATE credential SET body = $2, used = $3 WHERE id = $1`, id, body, at)
	return err
}

// RenameCredential gives a passkey of the login another name; false when the login has no such passkey.
func (tx *Tx) RenameCredential(login int64, id []byte, name string) (bool, error) {
	n, err := tx.execGlobal(`UPDATE credential SET name = $3 WHERE login_id = $1 AND id = $2`, login, id, name)
	return n == 1, err
}

// DeleteCredential removes a passkey of the login; false when the login has no such passkey.
func (tx *Tx) DeleteCredential(login int64, id []byte) (bool, error) {
	n, err := tx.execGlobal(`DELETE FROM credential WHERE login_id = $1 AND id = $2`, login, id)
	return n == 1, err
}

// Attempt counts the failures of a subject: a login, an address.
type Attempt struct {
	Failures int64
	Since    int64 // instant of the first of them
	Until    int64 // no try before this instant
}

// Attempt returns the failures of a subject; none is the zero Attempt.
func (tx *Tx) Attempt(subject string) (a Attempt, err error) {
	_, err = tx.one(`SELECT failures, since, until FROM attempt WHERE subject = $1`, []any{subject}, &a.Failures, &a.Since, &a.Until)
	return a, err
}

// SetAttempt records the failures of a subject.
func (tx *Tx) SetAttempt(subject string, a Attempt) error {
	if a.Failures <= 0 {
		return tx.ClearAttempt(subject)
	}
	_, err := tx.execGlobal(`INSERT INTO attempt (subject, failures, since, until) VALUES ($1, $2, $3, $4) ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, since = excluded.since, until = excluded.until`,
		subject, a.Failures, a.Since, a.Until)
	return err
}

// ClearAttempt forgets the failures of a subject.
func (tx *Tx) ClearAttempt(subject string) error {
	_, err := tx.execGlobal(`DELETE FROM attempt WHERE subject = $1`, subject)
	return err
}

// Secret returns the random secret of that name, made once, of size bytes.
func (tx *Tx) Secret(name string, size int) ([]byte, error) {
	var value []byte
	found, err := tx.one(`SELECT value FROM secret WHERE name = $1`, []any{name}, &value)
	if err != nil || found {
		return value, err
	}
	value = randomBytes(size)
	_, err = tx.execGlobal(`INSERT INTO secret (name, value) VALUES ($1, $2)`, name, value)
	return value, err
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: the program ends when the system gives no randomness
	return b
}

// SweepGlobal removes sessions, links and counts that have run out.
func (tx *Tx) SweepGlobal(now int64) error {
	const day = 24 * 3600 * 1_000_000
	if _, err := tx.execGlobal(`DELETE FROM session WHERE expires < $1`, now); err != nil {
		return err
	}
	// An API token that has run out stays in the list of its person, who may wonder why it no longer works.
	if _, err := tx.execGlobal(`DELETE FROM token WHERE expires <> 0 AND expires < $1 AND kind <> 'api'`, now-day); err != nil {
		return err
	}
	_, err := tx.execGlobal(`DELETE FROM attempt WHERE until < $1 AND since < $1`, now-day)
	return err
}
