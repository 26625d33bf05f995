package web

import (
	"net/url"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/internal/office"
	"essaim/money"
)

// teamWords say of an activity what its own account says in the first person.
var teamWords = map[string]string{
	"activity.line.cash":          "account.team.cash",
	"activity.line.vat":           "account.team.vat",
	"activity.line.vat_back":      "account.team.vat_back",
	"activity.vat.sales":          "account.team.vat_sales",
	"activity.vat.purchases":      "account.team.vat_purchases",
	"activity.line.contribution":  "account.team.contribution",
	"activity.contribution.due":   "account.team.contribution_due",
	"activity.line.suppliers":     "account.team.suppliers",
	"activity.line.expenses":      "account.team.expenses",
	"activity.line.social":        "account.team.social",
	"activity.social.withheld":    "account.team.withheld",
	"activity.line.salaries":      "account.team.salaries",
	"activity.line.fixed":         "account.team.fixed",
	"activity.line.deposits":      "account.team.deposits",
	"activity.line.refunds":       "account.team.refunds",
	"activity.line.pot":           "account.team.pot",
	"activity.line.reserve":       "account.team.reserve",
	"activity.line.kept":          "account.team.kept",
	"activity.line.set_aside":     "account.team.set_aside",
	"activity.line.result_kept":   "account.team.result_kept",
	"activity.line.available":     "account.team.available",
	"activity.note.cash":          "account.team.note_cash",
	"activity.refundable":         "account.team.refundable",
	"activity.use.available":      "account.team.use_available",
	"activity.use.reserve":        "account.team.reserve",
	"activity.why.cape":           "account.team.why_cape",
	"activity.why.from":           "account.team.why_from",
	"activity.why.no_contract":    "account.team.why_no_contract",
	"activity.why.negative":       "account.team.why_negative",
	"activity.why.short":          "account.team.why_short",
	"activity.month.contribution": "account.team.month_contribution",
	"activity.month.pay":          "account.team.month_pay",
	"activity.year.contribution":  "account.team.year_contribution",
	"activity.year.pay":           "account.team.year_pay",
	"activity.owed.all":           "account.team.owed",
	"account.chart":               "account.team.chart",
	"account.uses":                "account.team.uses",
	"account.share":               "account.team.share",
	"account.answer_left":         "account.team.answer_left",
	"account.answer_cash":         "account.team.answer_cash",
	"account.answer_negative":     "account.team.answer_negative",
	"account.answer_short":        "account.team.answer_short",
	"account.answer_year":         "account.team.answer_year",
	"account.lead":                "account.team.lead",
	"account.lead_fixed":          "account.team.lead_fixed",
	"account.statements":          "account.team.statements",
	"account.kept":                "account.team.left_kept",
	"account.kept_cape":           "account.team.kept_cape",
	"account.kept_from":           "account.team.kept_from",
	"account.kept_none":           "account.team.kept_none",
	"account.owed_none":           "account.team.owed_none",
}

// accountWords is how a page speaks of one account: to the entrepreneur in the first person, to the team of the activity.
type accountWords struct {
	v    *Visit
	team bool
	base string // address of the panels, up to the figure
	year string // what follows it for another year than today's
}

func (v *Visit) accountWords(a *activity.Account, yearID int64) accountWords {
	w := accountWords{v: v, team: !v.Actor.Owns(a.Activity.ID), base: v.URL("a", a.Activity.ID, "why") + "/"}
	if !a.Year.Contains(v.Actor.Today) {
		w.year = "?year=" + strconv.FormatInt(yearID, 10)
	}
	return w
}

// T is the message in the voice of the page.
func (w accountWords) T(key string, args ...any) string {
	if w.team {
		if k, ok := teamWords[key]; ok {
			key = k
		}
	}
	return w.v.P.T(key, args...)
}

// label names a figure, note says its small print.
func (w accountWords) label(f activity.Figure) string { return w.T(f.Label, f.Args...) }

func (w accountWords) note(f activity.Figure) string {
	if f.Note == "" {
		return ""
	}
	return w.T(f.Note, f.NoteArgs...)
}

// why is the address of the panel of a figure; a nil amount of nothing opens nothing.
func (w accountWords) why(f activity.Figure) string {
	if f.Key == "" || f.Amount == 0 && len(f.Children) == 0 {
		return ""
	}
	return w.base + f.Key + w.year
}

// around cuts a sentence at the words that are marked in it.
func around(sentence, mark string) (before, after string) {
	before, after, _ = strings.Cut(sentence, mark)
	return strings.TrimSpace(before), strings.TrimSpace(after)
}

// answer is the sentence an account opens with, and what follows from it. whole tells what remains for pay in euros, never
// more than there is; any other figure keeps its cents, for less of a debt would not be true.
func (w accountWords) answer(a *activity.Account, whole bool) (Answer, string) {
	tell := func(key string, f activity.Figure, c money.Cents, args ...any) Answer {
		mark := w.v.P.Euros(c)
		if whole && key == "account.answer_left" {
			if c >= 100 {
				c -= c % 100
			}
			mark = w.v.P.WholeEuros(c)
		}
		before, after := around(w.T(key, append(args, "amount", mark)...), mark)
		return Answer{Before: before, Mark: mark, After: after, Href: w.why(f)}
	}
	if !a.Year.Contains(a.Today) {
		return tell("account.answer_year", a.Total.Result, a.Total.Result.Amount, "year", a.Year.Label()), ""
	}
	why := ""
	if a.Why != "" {
		why = w.T(a.Why, a.WhyArgs...)
	}
	missing, short := a.Find("missing")
	switch {
	case a.Cash.Amount < 0:
		return tell("account.answer_negative", a.Cash, a.Cash.Amount), why
	case blocked(a):
		return tell("account.answer_cash", a.Cash, a.Cash.Amount), why
	case a.Available.Amount > 0:
		lead := w.T("account.lead")
		if f, ok := a.Find("fixed"); ok && f.Amount < 0 {
			month := w.v.Actor.Today.Month()
			if months := len(f.Children); months > 0 {
				month += date.Month(months - 1)
			}
			lead = w.T("account.lead_fixed", "month", w.v.P.MonthName(month))
		}
		return tell("account.answer_left", a.Available, a.Available.Amount), lead
	case short:
		return tell("account.answer_short", missing, missing.Amount), why
	}
	return tell("account.answer_left", a.Available, 0), why
}

// blocked says whether nothing can be paid whatever the money: no contract pays.
func blocked(a *activity.Account) bool {
	switch a.Why {
	case "activity.why.cape", "activity.why.from", "activity.why.no_contract":
		return true
	}
	return false
}

// opens says whether an address of the cooperative has a page that the actor may open, as far as the address tells.
func (v *Visit) opens(path string, activityID int64) bool {
	u, err := url.Parse(path)
	if err != nil {
		return false
	}
	want := strings.Split(u.Path, "/")
	for _, rt := range v.s.routes {
		if rt.method != "GET" || rt.kind != ofCoop || !matches(rt.pattern, want) {
			continue
		}
		return rt.action == "" || access.Can(v.Actor, rt.action, v.subject(rt.action, activityID)) == access.Allowed
	}
	return false
}

// matches says whether a pattern ("/{coop}/sales/{id}") is that of an address cut at its strokes.
func matches(pattern string, want []string) bool {
	got := strings.Split(pattern, "/")
	if len(got) != len(want) {
		return false
	}
	for i, g := range got {
		if g != want[i] && (!strings.HasPrefix(g, "{") || want[i] == "") {
			return false
		}
	}
	return true
}

// A documents tells where what a line of the books names opens, for this person.
type documents struct {
	v        *Visit
	activity int64
	sales    string // beginnings of addresses; "" when they do not open
	payments string
	rules    string
	entries  string
}

func (v *Visit) documents(activityID int64) documents {
	d := documents{v: v, activity: activityID}
	if v.can(access.ViewDocument, activityID) {
		d.sales = d.begin("sales")
	}
	d.payments = d.begin("payments")
	if path := v.URL("rules"); v.opens(path, 0) {
		d.rules = path
	}
	if v.can(access.ViewLedger, 0) {
		if d.entries = d.begin("books/entry"); d.entries == "" {
			d.entries = d.begin("books/entries")
		}
	}
	return d
}

func (d documents) begin(section string) string {
	if path := d.v.URL(section) + "/"; d.v.opens(path+"1", d.activity) {
		return path
	}
	return ""
}

// href is the address of a document ("invoice:12", "payment:7"); who reads the books falls back on the entry.
func (d documents) href(name string, entry int64) string {
	kind, id, _ := strings.Cut(name, ":")
	switch kind {
	case "invoice", "quote", "credit":
		if d.sales != "" {
			return d.sales + id
		}
	case "payment":
		if d.payments != "" {
			return d.payments + id
		}
	case "internal":
		return d.v.URL("internal") + "/" + id
	case "deal":
		return d.v.URL("deals") + "/" + id
	case "policy":
		if d.rules != "" {
			return d.rules
		}
	}
	if entry != 0 && d.entries != "" {
		return d.entries + strconv.FormatInt(entry, 10)
	}
	return ""
}

// shows says whether the reference of a line says something to this reader: to an entrepreneur, that of a document of
// theirs; the books' own are for the team.
func (w accountWords) shows(l office.PanelLine) bool {
	kind, _, _ := strings.Cut(l.Document, ":")
	return l.Ref != "" && (w.team || kind == "invoice" || kind == "credit" || kind == "quote")
}

// lineWords are the words of a line of a panel or of a movement.
func (w accountWords) lineWords(l office.PanelLine) string {
	switch {
	case l.Key != "":
		return w.T(l.Key, l.Args...)
	case !w.team && strings.HasPrefix(l.Document, "policy:"):
		return w.T("account.share") // the books say « contribution »
	}
	return l.Label
}
