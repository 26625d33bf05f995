package demo

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"sync"

	"golang.org/x/crypto/argon2"

	"essaim/member"
)

// Password opens every login of the demonstration.
const Password = "essaim-demo"

// passwordHash returns the argon2id hash of [Password] at the cost that sign-in asks for (19 MiB, two passes), in the
// form that sign-in reads. Its salt is fixed: the password is no secret, and the bytes of the file must not depend on
// the day's luck.
var passwordHash = sync.OnceValue(func() string {
	const memory, passes, lanes, length = 19 * 1024, 2, 1, 32
	salt := []byte("trame-et-sillon.")
	key := argon2.IDKey([]byte(Password), salt, passes, memory, lanes, length)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, lanes, base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
})

// handle is the user handle of a login, random elsewhere.
func handle(seed uint64, mail string) []byte {
	sum := sha256.Sum256([]byte("essaim demo " + strconv.FormatUint(seed, 10) + " " + mail))
	return sum[:]
}

// Login is a way into the demonstration.
type Login struct {
	Name  string
	Email string
	Role  string // message key of the role
	About string // message key: what this person sees
}

// Logins returns one login for each role, and those of the accounts that tell a story of their own, in the order a
// visitor may want to try them. They are the same whatever the seed.
func Logins() []Login {
	login := func(first, last string, role member.Role, about string) Login {
		return Login{Name: first + " " + last, Email: plain(first) + "@" + mailDomain, Role: role.Label(), About: about}
	}
	return []Login{
		login("Maëlle", "Kerbrat", member.Entrepreneur, "demo.about.entrepreneur"),
		login("Ninon", "Perrault", member.Entrepreneur, "demo.about.cape"),
		login("Étienne", "Rousset", member.Entrepreneur, "demo.about.joint"),
		login("Farid", "Mansouri", member.Entrepreneur, "demo.about.negative"),
		login("Malo", "Le Goff", member.Entrepreneur, "demo.about.new"),
		login("Odile", "Marchand", member.Advisor, "demo.about.advisor"),
		login("Karim", "Benali", member.Gestionnaire, "demo.about.gestionnaire"),
		login("Hélène", "Vasseur", member.Accountant, "demo.about.accountant"),
		login("Samira", "Haddad", member.Payroll, "demo.about.payroll"),
		login("Solène", "Garrigue", member.Manager, "demo.about.manager"),
		login("Mathis", "Delorme", member.Administrator, "demo.about.administrator"),
		login("Béatrice", "Fournel", member.Auditor, "demo.about.auditor"),
	}
}
