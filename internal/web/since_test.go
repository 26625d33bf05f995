package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/internal/office"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/member"
)

// twice is a form that changes an existing thing, opened by two people at once.
type twice struct {
	open     func(*studio) string // the page with the form
	part     string               // of its action
	one, two string               // who
	theirs   url.Values           // what the first changes
	mine     url.Values           // what the second types elsewhere
	both     url.Values           // what the second types in the same field
	says     []string             // what the page tells of what the first wrote
}

func at(path string) func(*studio) string { return func(*studio) string { return place + path } }

// versioned are the addresses whose form changes an existing thing.
var versioned = map[string]twice{
	"/{coop}/people/{id}/edit": {
		open: at("/people/2/edit"), part: "/edit", one: "hugo", two: "paul", says: []string{"Téléphone", "« rien » est devenu « 06 00 00 00 01 »"},
		theirs: url.Values{"phone": {"06 00 00 00 01"}}, mine: url.Values{"lastName": {"Quéré-Roy"}}, both: url.Values{"phone": {"06 99 99 99 99"}},
	},
	"/{coop}/people/{id}/roles": {
		open: at("/people/2/roles"), part: "/roles", one: "hugo", two: "paul", says: []string{"Rôles", "Accompagnement, 1er nov. 2026"},
		theirs: url.Values{"grants[1].role": {"advisor"}, "grants[1].from": {"1/11/2026"}}, mine: url.Values{},
		both: url.Values{"grants[1].role": {"payroll"}, "grants[1].from": {"1/12/2026"}},
	},
	"/{coop}/people/{id}/contracts/{contract}": {
		open: func(s *studio) string {
			id := s.as("irene").Person
			system, err := s.Office.System(s.t.Context(), s.Coop.ID)
			s.must(err)
			_, contracts, err := s.Office.Person(s.t.Context(), system, id)
			s.must(err)
			if len(contracts) == 0 {
				c, err := s.Office.SaveContract(s.t.Context(), system, member.Contract{Person: id, Kind: member.CDI, Start: storetest.Today})
				s.must(err)
				contracts = append(contracts, c)
			}
			return fmt.Sprintf("%s/people/%d/contracts/%d", place, id, contracts[0].ID)
		}, part: "/contracts/", one: "hugo", two: "paul", says: []string{"Dernier jour", "« rien » est devenu « 31 déc. 2029 »"},
		theirs: url.Values{"end": {"31/12/2029"}}, mine: url.Values{"start": {"2/3/2025"}}, both: url.Values{"end": {"31/12/2030"}},
	},
	"/{coop}/activities/{id}/edit": {
		open: at(fmt.Sprintf("/activities/%d/edit", webtest.Paysage)), part: "/edit", one: "nadia", two: "hugo", says: []string{"Métier", "« Jardinier » est devenu « Paysagiste »"},
		theirs: url.Values{"trade": {"Paysagiste"}}, mine: url.Values{"phone": {"04 11 11 11 11"}}, both: url.Values{"trade": {"Arboriste"}},
	},
	"/{coop}/rules/identity": {
		open: at("/rules/identity"), part: "/identity", one: "hugo", two: "paul", says: []string{"Téléphone", "« 04 00 00 00 00 » est devenu « 04 22 22 22 22 »"},
		theirs: url.Values{"phone": {"04 22 22 22 22"}}, mine: url.Values{"bic": {"AGRIFRPPXXX"}}, both: url.Values{"phone": {"04 33 33 33 33"}},
	},
	"/{coop}/rules/new/{kind}": {
		open: at("/rules/new/terms"), part: "/rules/", one: "nadia", two: "hugo", says: []string{"Décision", "CA du 3"},
		theirs: url.Values{"dueDays": {"45"}, "decision": {"CA du 3"}}, mine: url.Values{"quoteDays": {"20"}, "decision": {"CA du 4"}}, both: url.Values{"dueDays": {"15"}, "decision": {"CA du 4"}},
	},
	"/{coop}/rules/policies/new": {
		open: func(s *studio) string {
			system, err := s.Office.System(s.t.Context(), s.Coop.ID)
			s.must(err)
			set, _, err := s.Office.Settings(s.t.Context(), system)
			s.must(err)
			return fmt.Sprintf("%s/rules/policies/new?from=%d", place, office.LastRule(set.Rules, coop.RuleContribution, "Dix pour cent").ID)
		}, part: "/policies/new", one: "nadia", two: "hugo", says: []string{"Décision", "AG du 3"},
		theirs: url.Values{"scales[0].brackets[0].rate": {"11"}, "decision": {"AG du 3"}}, mine: url.Values{"exemptMonths": {"3"}, "decision": {"AG du 4"}},
		both: url.Values{"scales[0].brackets[0].rate": {"12"}, "decision": {"AG du 4"}},
	},
	"/{coop}/customers/{id}": {
		open: func(s *studio) string { return fmt.Sprintf("%s/customers/%d", place, s.company.ID) }, part: "/customers/", one: "maelle", two: "samira",
		says:   []string{"« compta@brindille.example » est devenu « factures@brindille.example »"},
		theirs: url.Values{"email": {"factures@brindille.example"}}, mine: url.Values{"phone": {"04 00 00 00 77"}}, both: url.Values{"email": {"autre@brindille.example"}},
	},
	"/{coop}/a/{activity}/look": {
		open: at(fmt.Sprintf("/a/%d/look", webtest.Trio)), part: "/look", one: "malo", two: "maelle", says: []string{"« #1f6f5c »"},
		theirs: url.Values{"accent": {"#1f6f5c"}}, mine: url.Values{"foot": {"Merci."}}, both: url.Values{"accent": {"#2f5d9b"}},
	},
	"/{coop}/a/{activity}/reserve": {
		open: at(fmt.Sprintf("/a/%d/", webtest.Trio)), part: "/reserve", one: "malo", two: "maelle", says: []string{"« 0,00 » est devenu « 150,00 »"},
		theirs: url.Values{"reserve": {"150"}}, both: url.Values{"reserve": {"80"}},
	},
}

// unversioned are the other addresses that take a form, each with the reason why nobody's words can be written over.
var unversioned = map[string]string{
	"/{coop}/a/{activity}/pay": "one's own, the last asked wins", "/{coop}/a/{activity}/pay/{id}/takeback": "a deed that the state allows once",
	"/{coop}/a/{activity}/customers/new": "new", "/{coop}/a/{activity}/sales/new": "new", "/{coop}/activities/new": "new",
	"/{coop}/books/entry/new": "new", "/{coop}/payments/new": "new", "/{coop}/people/new": "new", "/{coop}/books/months/year": "new",
	"/{coop}/a/{activity}/sales/preview": "keeps nothing", "/{coop}/sales/{id}/comment": "adds a word",
	"/{coop}/sales/{id}/edit": "the document's own version", "/{coop}/sales/{id}/submit": "the document's own version",
	"/{coop}/desk/{id}/validate": "the document's own version", "/{coop}/desk/{id}/amend": "the document's own version",
	"/{coop}/desk/{id}/return": "a deed that the state allows once", "/{coop}/sales/{id}/takeback": "a deed that the state allows once",
	"/{coop}/sales/{id}/delete": "a deed that the state allows once", "/{coop}/sales/{id}/send": "a deed", "/{coop}/sales/{id}/link": "a deed",
	"/{coop}/sales/{id}/accept": "a deed that the state allows once", "/{coop}/sales/{id}/refuse": "a deed that the state allows once",
	"/{coop}/sales/{id}/reopen": "a deed that the state allows once", "/{coop}/d/{token}": "a deed that the state allows once",
	"/{coop}/d/{token}/withdraw": "a deed that the state allows once", "/{coop}/sales/{id}/withdraw": "a deed that the state allows once",
	"/{coop}/sales/{id}/invoice": "keeps nothing", "/{coop}/sales/{id}/retake": "the document's own version", "/{coop}/sales/{id}/retention": "a deed",
	"/{coop}/sales/{id}/close": "a deed", "/{coop}/sales/{id}/advance": "a deed", "/{coop}/sales/{id}/open-again": "a deed",
	"/{coop}/books/entries/{id}/reverse": "once, and nothing is changed", "/{coop}/payments/{id}/reverse": "once, and nothing is changed",
	"/{coop}/payments/{id}/reassign": "once, and nothing is changed", "/{coop}/books/months": "names the month up to which it closes",
	"/{coop}/books/months/contributions": "booked to date, whoever asks", "/{coop}/people/{id}/invite": "a deed", "/{coop}/people/{id}/close": "a deed",
	"/{coop}/reminders": "what was said counts", "/{coop}/a/{activity}/reminders": "what was said counts", "/{coop}/reminders/{id}/posted": "a deed that the state allows once",
	"/{coop}/customers/{id}/pause": "new", "/{coop}/customers/{id}/resume": "a deed that the state allows once",
	"/{coop}/sales/{id}/doubt": "a deed that the state allows once", "/{coop}/sales/{id}/lose": "a deed that the state allows once", "/{coop}/sales/{id}/restore": "a deed that the state allows once",
	"/{coop}/sales/{id}/cents": "a deed that the state allows once", "/{coop}/customers/{id}/refund": "new",
	"/{coop}/sales/{id}/revoke": "a deed that the state allows once", "/{coop}/internal/{id}/delete": "a deed that the state allows once", "/{coop}/internal/{id}/accept": "a deed that the state allows once",
	"/{coop}/internal/{id}/pay": "a deed that the state allows once", "/{coop}/internal/{id}/refuse": "a deed that the state allows once", "/{coop}/internal/{id}/cancel": "a deed that the state allows once",
	"/{coop}/deals/{id}/agree": "a deed that the state allows once", "/{coop}/deals/{id}/refuse": "a deed that the state allows once", "/{coop}/deals/{id}/close": "a deed that the state allows once",
	"/{coop}/reviews/{id}": "a deed that the state allows once", "/{coop}/absences/{id}/end": "a deed that the state allows once", "/{coop}/announcements/{id}/withdraw": "a deed that the state allows once",
	"/{coop}/register/{id}/undo": "a deed that the state allows once", "/{coop}/cash/deposit": "a deed that the state allows once", "/{coop}/cash/arrived": "a deed that the state allows once",
	"/{coop}/attachments/{id}/remove": "a deed that the state allows once",
	"/{coop}/internal/{id}/comment":   "adds a word",
	"/{coop}/internal/{id}/edit":      "its own version", "/{coop}/deals/{id}/edit": "its own version", "/{coop}/subscriptions/{id}": "its own version",
	"/{coop}/subscriptions/{id}/price": "its own version", "/{coop}/subscriptions/{id}/periods": "its own version", "/{coop}/subscriptions/{id}/pause": "its own version",
	"/{coop}/subscriptions/{id}/resume": "its own version", "/{coop}/subscriptions/{id}/end": "its own version", "/{coop}/products/{id}": "its own version",
	"/{coop}/a/{activity}/internal/new": "new", "/{coop}/a/{activity}/deals/new": "new", "/{coop}/absences": "new",
	"/{coop}/a/{activity}/takings/new": "new", "/{coop}/a/{activity}/till": "new", "/{coop}/a/{activity}/announce": "new",
	"/{coop}/cash/payout": "new", "/{coop}/closings": "new", "/{coop}/attached/{subject}": "new",
	"/{coop}/a/{activity}/subscriptions/new": "new", "/{coop}/a/{activity}/products/new": "new", "/{coop}/a/{activity}/products/import": "new",
	"/{coop}/customers/{id}/penalties": "the sums that were read are compared", "/{coop}/books/late-rates": "the rates of a half-year are one",
	"/{coop}/books/rates": "a rate of a day is one", "/{coop}/books/rates/import": "a rate of a day is one",
	"/{coop}/desk/bulk": "each document's own state", "/{coop}/a/{activity}/subscriptions/send": "each document's own state",
	"/{coop}/books/fec/{year}/{file}": "takes a file out", "/{coop}/a/{activity}/customers/file": "takes a file out",
	"/{coop}/pay-files/openings/import": "what is there already is refused", "/{coop}/people/{id}/opening/{contract}/drop": "a deed that the state allows once", "/{coop}/people/{id}/leave/{contract}/drop": "a deed that the state allows once",
	"/{coop}/pay-files/rates": "the file is read again when it is accepted", "/{coop}/pay-file/paper": "one's own", "/{coop}/pay-file/absence": "new", "/{coop}/people/{id}/absences/{contract}": "new",
	"/{coop}/people/{id}/items/{contract}": "new", "/{coop}/people/{id}/items/{contract}/stop": "a deed that the state allows once", "/{coop}/pay-absences/{id}/drop": "a deed that the state allows once",
	"/{coop}/pay-file/exit": "keeps nothing", "/{coop}/people/{id}/exit/{contract}": "once, while none stands", "/{coop}/people/{id}/exit/{contract}/back": "a deed that the state allows once",
	"/{coop}/people/{id}/exit/{contract}/papers": "drawn up once",
	"/{coop}/rules/withdraw/{id}":                "a deed that the state allows once",
	"/{coop}/pay/{month}/outside/send":           "a file more", "/{coop}/pay/{month}/outside/return": "new", "/{coop}/pay-returns/{id}/accept": "what was looked at is compared",
	"/{coop}/pay-returns/{id}/drop": "a deed that the state allows once", "/{coop}/pay-returns/{id}/undo": "a deed that the state allows once",
	"/{coop}/pay-codes": "every version stays, with who wrote it", "/{coop}/pay-codes/table": "every version stays, with who wrote it",
	"/{coop}/pay/{month}/compute": "a draft is what is known now", "/{coop}/pay/{month}/issue": "what was computed is compared with what would be",
	"/{coop}/pay/{month}/lock": "a deed that the state allows once", "/{coop}/pay/{month}/note": "one line, written whole",
	"/{coop}/pay/{month}/transfers": "a payslip is ordered once", "/{coop}/pay/{month}/transfers/{id}/cancel": "a deed that the state allows once",
	"/{coop}/pay/{month}/transfers/{id}/sent": "a deed that the state allows once", "/{coop}/pay/{month}/transfers/{id}/kept": "a deed that the state allows once", "/{coop}/pay/{month}/transfers/{id}/rejected": "a deed that the state allows once",
	"/{coop}/year-end/ask": "one deadline, read again", "/{coop}/year-end/remind": "a mail more", "/{coop}/year-end/book": "books what is missing",
	"/{coop}/year-end/profit": "what is left is written once", "/{coop}/year-end/release": "never more than is left", "/{coop}/year-choice/{year}/{id}": "one's own, and the balance that was read is compared",
	"/{coop}/runs/{id}/cancel": "a deed that the state allows once", "/{coop}/runs/{id}/retry": "a deed that the state allows once",
}

// Every form is either new or a deed, or carries what it was opened with: a new address stands in one of the two lists.
func TestEveryFormIsKnown(t *testing.T) {
	h := webtest.Start(t)
	seen := map[string]bool{}
	maps.Copy(versioned, payVersioned)
	for _, rt := range h.Server.Routes() {
		if rt.Method != http.MethodPost || !strings.HasPrefix(rt.Pattern, "/{coop}") {
			continue // the others are one's own
		}
		if strings.HasPrefix(rt.Pattern, "/{coop}/probe/") {
			continue // of the tests
		}
		seen[rt.Pattern] = true
		_, carries := versioned[rt.Pattern]
		if why := unversioned[rt.Pattern]; carries == (why != "") {
			t.Errorf("%s: say whether its form changes something that another may change meanwhile", rt.Pattern)
		}
	}
	for pattern := range versioned {
		if !seen[pattern] {
			t.Errorf("%s is no form any more", pattern)
		}
	}
	for pattern := range unversioned {
		if !seen[pattern] {
			t.Errorf("%s is no form any more", pattern)
		}
	}
}

// What another changed while the form was open is never written over unseen: the page says who and what, keeps what was
// typed, takes the rest from them, and saves when it is sent again.
func TestFormsOpenedTwice(t *testing.T) {
	s := newStudio(t)
	admin(s, "paul")
	maps.Copy(versioned, payVersioned)
	for pattern, c := range versioned {
		t.Run(strings.TrimPrefix(pattern, "/{coop}"), func(t *testing.T) {
			to := c.open(s)
			one, two := s.As(c.one), s.As(c.two)
			hers, his, third := one.Get(to).Want(t, 200), two.Get(to).Want(t, 200), two.Get(to).Want(t, 200)
			send := address(t, his, c.part)
			one.Post(send, hers.Form(c.part, c.theirs)).Want(t, 303)
			by := s.as(c.one)
			name := personName(s, by.Person)
			if c.mine != nil {
				p := two.Post(send, his.Form(c.part, c.mine)).Want(t, 422, append([]string{name + " a changé ceci", "Rien n’est enregistré"}, c.says...)...)
				again := p.Form(c.part, nil)
				for field, value := range c.theirs {
					if field != "decision" && c.mine[field] == nil && !looksLike(again.Get(field), value[0]) {
						t.Errorf("%s holds %q, the other wrote %q", field, again.Get(field), value[0])
					}
				}
				for field, value := range c.mine {
					if again.Get(field) != value[0] {
						t.Errorf("%s holds %q, typed %q", field, again.Get(field), value[0])
					}
				}
			}
			p := two.Post(send, third.Form(c.part, c.both)).Want(t, 422, append([]string{name + " a changé ceci", "ce que vous avez écrit est resté"}, c.says...)...)
			again := p.Form(c.part, nil)
			for field, value := range c.both {
				if again.Get(field) != value[0] {
					t.Errorf("%s holds %q, typed %q", field, again.Get(field), value[0])
				}
			}
			two.Post(send, again).Want(t, 303) // seen: it is theirs to decide
			bare := his.Form(c.part, c.both)
			bare.Del("was")
			if c.mine != nil {
				maps.Copy(bare, c.mine)
				bare.Set("decision", "CA du 9")
				two.Post(send, bare).Want(t, 422)
			}
		})
	}
}

// looksLike compares what a field shows with what was typed: days and amounts come back in full.
func looksLike(shown, typed string) bool {
	return shown == typed || strings.HasPrefix(shown, strings.TrimSuffix(typed, ",00")) || strings.Contains(typed, "/") && shown != ""
}

// address is where a form of a page is sent.
func address(t *testing.T, p *webtest.Page, part string) string {
	t.Helper()
	found := ""
	for rest := p.Body; ; {
		_, after, ok := strings.Cut(rest, ` action="`)
		if !ok {
			break
		}
		to, tail, _ := strings.Cut(after, `"`)
		if strings.Contains(to, part) && (found == "" || len(to) < len(found)) { // as [webtest.Page.Fields]
			found = to
		}
		rest = tail
	}
	if found == "" {
		t.Fatalf("no form sent to %s", part)
	}
	return strings.ReplaceAll(found, "&amp;", "&")
}

func personName(s *studio, id int64) string {
	system, err := s.Office.System(s.t.Context(), s.Coop.ID)
	s.must(err)
	x, _, err := s.Office.Person(s.t.Context(), system, id)
	s.must(err)
	return x.Name()
}

// admin makes a second administrator.
func admin(s *studio, key string) {
	system, err := s.Office.System(s.t.Context(), s.Coop.ID)
	s.must(err)
	x, _, err := s.Office.Person(s.t.Context(), system, s.as(key).Person)
	s.must(err)
	x.Grants = append(slices.Clone(x.Grants), member.Grant{Role: member.Administrator, From: storetest.Today})
	_, err = s.Office.SavePerson(s.t.Context(), system, x)
	s.must(err)
}
