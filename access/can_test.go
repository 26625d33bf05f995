package access

import (
	"slices"
	"strings"
	"testing"

	"essaim/fault"
	"essaim/i18n"
	"essaim/member"
)

// The subjects of the table: an activity of one's own, one of one's portfolio, another, another in a year that is
// audited, and one's own in another cooperative.
var subjects = []struct {
	name string
	s    Subject
}{
	{"own", Subject{Coop: 1, Activity: 10, Year: 6}},
	{"portfolio", Subject{Coop: 1, Activity: 11, Year: 6}},
	{"other", Subject{Coop: 1, Activity: 12, Year: 6}},
	{"audited", Subject{Coop: 1, Activity: 12, Year: 5}},
	{"elsewhere", Subject{Coop: 2, Activity: 10, Year: 5}},
}

func actor(roles ...member.Role) Actor {
	return Actor{Coop: 1, Person: 7, Roles: roles, Activities: []int64{10}, Portfolio: []int64{11}, AuditYears: []int64{5}}
}

// A allowed, D denied, . absent; columns: own, portfolio, other, audited, elsewhere. This is the whole table, written by
// hand from the rules: what the program decides must be this and nothing else.
const whole = `
                     entrepreneur  advisor  gestionnaire  accountant  payroll  manager  administrator  auditor
view account         A....         .A...    .....         AAAA.       AAAA.    AAAA.    .....          .....
view document        A....         .A...    AAAA.         AAAA.       .....    AAAA.    .....          ...A.
draft document       A....         .A...    DDDD.         DDDD.       .....    DDDD.    .....          ...D.
submit document      A....         .D...    DDDD.         DDDD.       .....    DDDD.    .....          ...D.
validate document    D....         .A...    DAAA.         DDDD.       .....    DAAA.    .....          ...D.
send document        A....         .A...    AAAA.         DDDD.       .....    AAAA.    .....          ...D.
view customer        A....         .A...    AAAA.         AAAA.       .....    AAAA.    .....          .....
manage customer      A....         .A...    DDDD.         DDDD.       .....    DDDD.    .....          .....
remind customer      A....         .A...    AAAA.         AAAA.       .....    AAAA.    .....          ...D.
record payment       D....         .D...    DAAA.         DAAA.       .....    DDDD.    .....          ...D.
record taking        A....         .D...    AAAA.         AAAA.       .....    DDDD.    .....          ...D.
set reserve          A....         .D...    .....         DDDD.       DDDD.    DDDD.    .....          .....
manage look          A....         .D...    DDDD.         DDDD.       .....    AAAA.    AAAA.          ...D.
agree joint          A....         .A...    AAAA.         DDDD.       .....    AAAA.    .....          ...D.
view house           .....         .....    .....         AAAA.       AAAA.    AAAA.    .....          .....
view portfolio       .....         AAAA.    .....         .....       .....    .....    .....          .....
read desk            .....         AAAA.    AAAA.         .....       .....    AAAA.    .....          .....
view ledger          .....         .....    .....         AAAA.       .....    .....    .....          ...A.
post entry           .....         .....    .....         DAAA.       .....    .....    .....          ...D.
close period         .....         .....    .....         AAAA.       .....    .....    .....          ...D.
export fec           .....         .....    .....         AAAA.       .....    .....    .....          ...A.
view pay             .....         .....    .....         AAAA.       AAAA.    AAAA.    .....          .....
ask pay              .....         .....    .....         .....       .....    .....    .....          .....
run pay              .....         .....    .....         DDDD.       AAAA.    AAAA.    .....          .....
view people          .....         AAAA.    AAAA.         AAAA.       AAAA.    AAAA.    AAAA.          .....
manage people        .....         DDDD.    DDDD.         DDDD.       DDDD.    DDDD.    AAAA.          .....
manage activity      .....         DDDD.    DDDD.         DDDD.       DDDD.    DAAA.    DAAA.          .....
view rules           AAAA.         AAAA.    AAAA.         AAAA.       AAAA.    AAAA.    AAAA.          AAAA.
manage rules         DDDD.         DDDD.    DDDD.         DDDD.       DDDD.    DAAA.    DAAA.          DDDD.
manage cooperative   .....         .....    .....         .....       .....    .....    AAAA.          .....
view audit           .....         .....    .....         .....       .....    .....    AAAA.          .....
declare absence      .....         .....    .....         .....       .....    AAAA.    AAAA.          .....
manage self          .....         .....    .....         .....       .....    .....    .....          .....
`

func TestWholeTable(t *testing.T) {
	rows := strings.Split(strings.TrimSpace(whole), "\n")
	roles := strings.Fields(rows[0])
	if len(roles) != len(member.Roles()) {
		t.Fatalf("%d roles in the table, the cooperative has %d", len(roles), len(member.Roles()))
	}
	seen := map[Action]bool{}
	for _, row := range rows[1:] {
		f := strings.Fields(row)
		cells := f[len(f)-len(roles):]
		act := Action(strings.Join(f[:len(f)-len(roles)], " "))
		seen[act] = true
		for i, role := range roles {
			for j, sub := range subjects {
				want := map[byte]Decision{'A': Allowed, 'D': Denied, '.': Absent}[cells[i][j]]
				if got := Can(actor(member.Role(role)), act, sub.s); got != want {
					t.Errorf("%s, %s, %s: %s, want %s", role, act, sub.name, got, want)
				}
			}
		}
	}
	for _, act := range Actions() {
		if !seen[act] {
			t.Errorf("%q is not in the table", act)
		}
	}
	if len(seen) != len(Actions()) {
		t.Error("the table has an action that does not exist")
	}
}

// subsets returns every combination of roles.
func subsets() (all [][]member.Role) {
	roles := member.Roles()
	for bits := range 1 << len(roles) {
		var s []member.Role
		for i, r := range roles {
			if bits&(1<<i) != 0 {
				s = append(s, r)
			}
		}
		all = append(all, s)
	}
	return all
}

// No one validates for oneself, whatever their roles and their portfolio (practice 23); nobody gives roles to oneself.
func TestNoOneForOneself(t *testing.T) {
	for _, roles := range subsets() {
		a := actor(roles...)
		a.Portfolio = []int64{10, 11} // one accompanies oneself: it changes nothing
		for _, act := range []Action{ValidateDocument, RecordPayment, PostEntry, ManageActivity, ManageRules} {
			if Can(a, act, Subject{Coop: 1, Activity: 10, Year: 5}) == Allowed {
				t.Errorf("%v may %s for their own activity", roles, act)
			}
		}
		if Can(a, ValidateDocument, Subject{Coop: 1, Activity: 12, Author: 7}) == Allowed {
			t.Errorf("%v may validate what they wrote", roles)
		}
		for _, kind := range []string{"quote", "invoice", "credit"} {
			if Can(a, ValidateDocument, Subject{Coop: 1, Activity: 10, Year: 5, Kind: kind, Author: 8}) == Allowed {
				t.Errorf("%v may validate a document of their own activity (%s) that another wrote", roles, kind)
			}
		}
		if Can(a, PostEntry, Subject{Coop: 1, Activity: 12, Year: 5, Person: 7}) == Allowed || Can(a, PostEntry, Subject{Coop: 1, Year: 5, Person: 7}) == Allowed {
			t.Errorf("%v may book their own pay", roles)
		}
		if Can(a, RunPay, Subject{Coop: 1, Person: 7}) == Allowed {
			t.Errorf("%v may run their own pay", roles)
		}
		if Can(a, ManagePeople, Subject{Coop: 1, Person: 7}) == Allowed {
			t.Errorf("%v may change their own roles", roles)
		}
	}
	accountant := actor(member.Accountant, member.Entrepreneur)
	if Can(accountant, PostEntry, Subject{Coop: 1, Activity: 12}) != Allowed || Can(accountant, PostEntry, Subject{Coop: 1}) != Allowed {
		t.Error("the accountant who is also an entrepreneur books for the others")
	}
}

// Roles add up and never take away: with more roles one sees at least as much, and does at least as much.
func TestRolesAddUp(t *testing.T) {
	for _, roles := range subsets() {
		for _, act := range Actions() {
			for _, sub := range subjects {
				best := Absent
				for _, r := range roles {
					best = max(best, Can(actor(r), act, sub.s))
				}
				if got := Can(actor(roles...), act, sub.s); got != best {
					t.Errorf("%v, %s, %s: %s, the best of the roles is %s", roles, act, sub.name, got, best)
				}
			}
		}
	}
}

// Another cooperative, a person without a role, nobody, an action that does not exist: absent.
func TestAbsent(t *testing.T) {
	everyone := actor(member.Roles()...)
	everyone.AuditYears = []int64{5, 6}
	for _, act := range append(Actions(), "open the safe") {
		for _, sub := range subjects {
			elsewhere := sub.s
			elsewhere.Coop = 2
			elsewhere.Person = 7
			for _, a := range []Actor{everyone, {Coop: 1, System: true}} {
				if got := Can(a, act, elsewhere); got != Absent {
					t.Errorf("%s in another cooperative: %s", act, got)
				}
			}
			for _, a := range []Actor{actor(), {Coop: 1}, {}} {
				if got := Can(a, act, sub.s); got != Absent {
					t.Errorf("%s without a role: %s", act, got)
				}
			}
		}
	}
	if Can(everyone, "open the safe", Subject{Coop: 1}) != Absent || Can(Actor{Coop: 1, System: true}, "open the safe", Subject{Coop: 1}) != Absent {
		t.Error("an action that does not exist is allowed")
	}
	if Can(Actor{System: true}, ViewHouse, Subject{}) != Absent {
		t.Error("no cooperative is no door")
	}
}

// A role opens one's own or one's portfolio only together with its data, and the data only with the role.
func TestRoleAndDataTogether(t *testing.T) {
	for _, c := range []struct {
		name string
		a    Actor
		act  Action
		s    Subject
	}{
		{"a share without the role", actor(member.Gestionnaire), ViewAccount, Subject{Coop: 1, Activity: 10}},
		{"a portfolio without the role", actor(member.Entrepreneur), ViewAccount, Subject{Coop: 1, Activity: 11}},
		{"audited years without the role", actor(member.Entrepreneur), ViewLedger, Subject{Coop: 1, Year: 5}},
		{"an auditor without a year", actor(member.Auditor), ViewLedger, Subject{Coop: 1}},
		{"an advisor and no activity named", actor(member.Advisor), ViewDocument, Subject{Coop: 1}},
	} {
		if got := Can(c.a, c.act, c.s); got != Absent {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

func TestOneself(t *testing.T) {
	for _, r := range member.Roles() {
		a := actor(r)
		if Can(a, ManageSelf, Subject{Coop: 1, Person: 7}) != Allowed || Can(a, ManageSelf, Subject{Coop: 1, Person: 8}) != Absent {
			t.Errorf("%s: own password and sessions, nobody else's", r)
		}
		if Can(a, ViewPay, Subject{Coop: 1, Person: 7}) != Allowed {
			t.Errorf("%s: one's own pay", r)
		}
		if Can(a, AskPay, Subject{Coop: 1, Person: 7}) != Allowed || Can(a, AskPay, Subject{Coop: 1, Person: 8, Activity: 10}) != Absent {
			t.Errorf("%s asks for their own pay, nobody else's", r)
		}
		sees := r == member.Payroll || r == member.Accountant || r == member.Manager
		if got := Can(a, ViewPay, Subject{Coop: 1, Person: 8, Activity: 10}) == Allowed; got != sees {
			t.Errorf("%s opens a colleague's pay: %v", r, got)
		}
	}
}

func TestSystem(t *testing.T) {
	s := Actor{Coop: 1, System: true}
	for _, act := range Actions() {
		if got := Can(s, act, Subject{Coop: 1, Activity: 10}); (got == Allowed) != (act != ManageSelf) {
			t.Errorf("the program, %s: %s", act, got)
		}
	}
}

// A token does what its scopes say, never more than its person may.
func TestTokens(t *testing.T) {
	everyone := actor(member.Roles()...)
	everyone.Activities, everyone.Token = []int64{13}, true
	want := map[string][]Action{
		ScopeEntriesRead:  {ViewLedger, ExportFEC},
		ScopeEntriesWrite: {PostEntry},
		ScopeCustomers:    {ViewCustomer, ManageCustomer},
		ScopePayments:     {RecordPayment, RecordTaking},
		ScopeAccountRead:  {ViewAccount, ViewHouse, ViewPortfolio},
		ScopeQuotes:       {ViewDocument, DraftDocument, SubmitDocument, SendDocument, ValidateDocument},
		ScopeInvoices:     {ViewDocument, DraftDocument, SubmitDocument, SendDocument, ValidateDocument},
	}
	for _, kind := range []string{"", "quote", "invoice", "credit"} {
		for _, scope := range Scopes() {
			a := everyone
			a.Scopes = []string{scope}
			for _, act := range Actions() {
				s := Subject{Coop: 1, Activity: 11, Year: 5, Kind: kind}
				full := everyone
				full.Token = false
				may := slices.Contains(want[scope], act) && Can(full, act, s) == Allowed
				switch scope {
				case ScopeQuotes:
					may = may && kind == "quote"
				case ScopeInvoices:
					may = may && (kind == "invoice" || kind == "credit")
				}
				if got := Can(a, act, s) == Allowed; got != may {
					t.Errorf("%s, %s, %q: %v, want %v", scope, act, kind, got, may)
				}
			}
		}
	}
	both := everyone
	both.Scopes = []string{ScopeQuotes, ScopeInvoices}
	if Can(both, ViewDocument, Subject{Coop: 1, Activity: 11}) != Allowed {
		t.Error("both scopes open a list of all documents")
	}
	poor := actor(member.Entrepreneur)
	poor.Token, poor.Scopes = true, Scopes()
	for _, act := range Actions() {
		for _, sub := range subjects {
			if Can(poor, act, sub.s) == Allowed && Can(actor(member.Entrepreneur), act, sub.s) != Allowed {
				t.Errorf("the token may %s, its person may not", act)
			}
		}
	}
	if Can(poor, ManageSelf, Subject{Coop: 1, Person: 7}) == Allowed {
		t.Error("a token makes tokens")
	}
}

// Who accompanies an activity is not sent to who accompanies it.
func TestAdvisorIsNotSentToTheAdvisor(t *testing.T) {
	for _, act := range Actions() {
		for _, key := range []string{absent(actor(member.Advisor), act), denied(actor(member.Advisor, member.Entrepreneur), act)} {
			if strings.HasSuffix(key, ".advisor") {
				t.Errorf("%s: %s", act, key)
			}
		}
	}
	if got := absent(actor(member.Entrepreneur), ViewDocument); got != "access.absent.advisor" {
		t.Errorf("an entrepreneur is sent to %s", got)
	}
}

// Refusals are whole sentences in both languages that say whom to ask, and those of what is absent do not depend on
// whether it exists.
func TestRefusalsAreWords(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		p := i18n.For(lang)
		for _, act := range Actions() {
			for _, key := range []string{Whom(act), absent(Actor{}, act), denied(Actor{}, act), absent(actor(member.Advisor), act)} {
				if !p.Has(key) {
					t.Errorf("%s: %s", lang, key)
				}
			}
		}
		for _, key := range []string{refusedOwn, refusedAuthor, refusedSelf, refusedPay, refusedToken} {
			if !p.Has(key) {
				t.Errorf("%s: %s", lang, key)
			}
		}
		for _, s := range Scopes() {
			if !p.Has(ScopeLabel(s)) || !KnownScope(s) {
				t.Errorf("%s: %s", lang, s)
			}
		}
	}
	for _, c := range []struct {
		a    Actor
		act  Action
		s    Subject
		kind fault.Kind
		key  string
	}{
		{actor(member.Entrepreneur), ViewAccount, Subject{Coop: 1, Activity: 10}, "", ""},
		{actor(member.Entrepreneur), ViewAccount, Subject{Coop: 1, Activity: 12}, fault.NotFound, "access.absent.advisor"},
		{actor(member.Entrepreneur), ViewAccount, Subject{Coop: 1, Activity: 9999}, fault.NotFound, "access.absent.advisor"},
		{actor(member.Accountant), PostEntry, Subject{Coop: 1, Activity: 10}, fault.Forbidden, "access.denied.own"},
		{actor(member.Accountant), PostEntry, Subject{Coop: 1, Activity: 12, Person: 7}, fault.Forbidden, "access.denied.own_pay"},
		{actor(member.Manager), ManageRules, Subject{Coop: 1, Activity: 10}, fault.Forbidden, "access.denied.own"},
		{actor(member.Payroll), RecordPayment, Subject{Coop: 1, Activity: 11}, fault.NotFound, "access.absent.desk"},
		{actor(member.Advisor), ValidateDocument, Subject{Coop: 1, Activity: 11, Author: 7}, fault.Forbidden, "access.denied.author"},
		{actor(member.Administrator), ManagePeople, Subject{Coop: 1, Person: 7}, fault.Forbidden, "access.denied.self"},
		{actor(member.Advisor), SubmitDocument, Subject{Coop: 1, Activity: 11}, fault.Forbidden, "access.denied.entrepreneur"},
		{actor(member.Auditor), PostEntry, Subject{Coop: 1, Year: 5}, fault.Forbidden, "access.denied.accountant"},
		{Actor{Coop: 1, Person: 7, Roles: []member.Role{member.Accountant}, Token: true}, ViewLedger, Subject{Coop: 1}, fault.Forbidden, "access.denied.token"},
	} {
		err := Refuse(c.a, c.act, c.s)
		all := fault.All(err)
		if fault.KindOf(err) != c.kind || len(all) > 0 && all[0].Key != c.key {
			t.Errorf("%s: %v, want %s %s", c.act, err, c.kind, c.key)
		}
	}
}

func TestRolesFor(t *testing.T) {
	if got := RolesFor(PostEntry); !slices.Equal(got, []member.Role{member.Accountant}) {
		t.Error(got)
	}
	if got := RolesFor(ValidateDocument); !slices.Equal(got, []member.Role{member.Advisor, member.Gestionnaire, member.Manager}) {
		t.Error(got)
	}
	if got := RolesFor(ManageSelf); len(got) != len(member.Roles()) {
		t.Error(got)
	}
	Actions()[0] = "open the safe"
	if Actions()[0] == "open the safe" {
		t.Error("the list of actions can be changed from outside")
	}
}
