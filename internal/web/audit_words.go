package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/sale"
)

// auditFields are the names of what the log holds of a change, in the order they are told. Those of a rule's value are
// under "value.", by the label of their field.
var auditFields = []struct{ name, label string }{
	{"fields", "audit.field.fields"}, {"number", "audit.field.number"}, {"comment", "audit.field.comment"}, {"customer", "audit.subject.customer"}, {"reverses", "audit.field.reverses"}, {"by", "audit.field.reversal"},
	{"kind", "audit.field.kind"}, {"role", "people.role"}, {"code", "audit.field.code"}, {"firstName", "people.first_name"}, {"lastName", "people.last_name"}, {"name", "audit.field.name"},
	{"trade", "house.trade"}, {"email", "people.email"}, {"phone", "people.phone"}, {"lang", "people.lang"}, {"left", "people.left"}, {"contact", "customers.contact"}, {"notes", "customers.notes"},
	{"person", "house.person"}, {"substitute", "audit.field.substitute"}, {"activity", "audit.subject.activity"}, {"advisor", "house.advisor"}, {"opened", "house.opened"}, {"closed", "house.closed"}, {"start", "people.start"}, {"end", "people.end"},
	{"from", "audit.field.from"}, {"until", "audit.field.until"}, {"to", "audit.field.to"}, {"closedTo", "audit.field.closed_to"}, {"year", "people.year"}, {"term", "audit.field.term"}, {"fixedCost", "people.fixed_cost"}, {"associate", "people.is_associate"},
	{"shares", "house.shares"}, {"grants", "people.roles"}, {"natures", "house.natures"}, {"tax", "house.tax"}, {"gross", "audit.field.gross"}, {"insurance", "house.insurance"}, {"insuranceUntil", "house.insurance_until"},
	{"policy", "house.policy"}, {"policyFrom", "house.policy_from"}, {"earlier", "audit.field.earlier"}, {"scale", "rules.scale"}, {"decision", "rules.decision"},
	{"legalForm", "rules.legal_form"}, {"siren", "rules.siren"}, {"siret", "customers.siret"}, {"nic", "rules.nic"}, {"rcs", "rules.rcs"}, {"vatNumber", "rules.vat_number"}, {"capital", "rules.capital"},
	{"address.line1", "rules.line1"}, {"address.line2", "rules.line2"}, {"address.zip", "rules.zip"}, {"address.city", "rules.city"}, {"address.country", "audit.field.country"},
	{"delivery.line1", "audit.field.delivery"}, {"delivery.line2", "audit.field.delivery"}, {"delivery.zip", "audit.field.delivery"}, {"delivery.city", "audit.field.delivery"}, {"delivery.country", "audit.field.delivery"},
	{"iban", "rules.iban"}, {"bic", "rules.bic"}, {"mediator", "rules.mediator"}, {"timeZone", "audit.field.zone"}, {"yearStart", "audit.field.year_start"}, {"demo", "audit.field.demo"}, {"slug", "audit.field.slug"},
	{"amount", "audit.field.amount"}, {"grand", "audit.field.grand"}, {"made", "audit.field.made"}, {"undone", "audit.field.undone"},
	{"needsService", "audit.field.needs"}, {"needsCommitment", "audit.field.needs"}, {"needsContract", "audit.field.needs"}, {"serviceCode", "audit.field.service"}, {"contractRef", "customers.usual_contract"},
	{"cover.insurer", "house.cover_insurer"}, {"cover.contract", "house.cover_contract"}, {"cover.zone", "house.cover_zone"}, {"cover.from", "house.cover_from"}, {"cover.until", "house.cover_until"}, {"archived", "customers.archived"}, {"ceased", "customers.ceased"},
	{"value.firstInvoices", "rules.tr_first"}, {"value.aloneUpTo", "rules.tr_alone"}, {"value.creditAbove", "rules.tr_credit"}, {"value.answerWorkDays", "rules.tr_answer"},
	{"value.dueDays", "rules.te_due"}, {"value.quoteDays", "rules.te_quote"}, {"value.discount", "rules.te_discount"}, {"value.centsUpTo", "rules.te_cents"},
	{"value.insurance", "rules.te_insurance"}, {"value.issuingDuty", "rules.te_duty"}, {"value.onDebits", "rules.va_debits"}, {"value.trainingNumber", "rules.va_training"}, {"value.trainingFrom", "rules.va_from"},
	{"value.horizonMonths", "rules.av_horizon"},
	{"terms", "customers.terms"},
	{"public", "customers.public_kind"},
	{"termsConsumers", "house.terms_consumers"},
	{"value.dueMonth", "rules.te_due_month"},
	{"value.dueDay", "rules.te_due_day"},
	{"value.consumers", "rules.te_consumers"},
	{"file", "audit.field.file"},
	{"accent", "look.accent"},
	{"lines", "look.lines"},
	{"foot", "look.foot"},
	{"logo", "audit.field.logo"},
	{"width", "audit.field.logo"},
	{"height", "audit.field.logo"},
	{"value.lookReserved", "rules.look_reserved"},
	{"piece", "audit.field.piece"},
	{"title", "audit.field.title"}, {"months", "audit.field.months"}, {"first", "subs.first"}, {"times", "audit.field.times"}, {"before", "audit.field.before"}, {"state", "audit.field.state"},
	{"level", "audit.field.level"}, {"verdict", "audit.field.verdict"}, {"reason", "audit.field.reason"},
	{"run", "audit.field.run"}, {"total", "audit.field.total"},
	{"currency", "form.currency"}, {"rate", "form.exchange"}, {"day", "form.exchange_on"}, {"source", "form.exchange_source"}, {"n", "rates.n"}, {"rateWas", "rates.was"},
	{"pay.element", "payfile.element_label"}, {"paper", "payfile.paper"}, {"pay.number", "payfile.number"}, {"pay.nir", "payfile.nir"}, {"pay.birth", "payfile.birth_day"}, {"pay.birthPlace", "payfile.birth_place"},
	{"pay.street", "payfile.street"}, {"pay.postCode", "payfile.post_code"}, {"pay.city", "payfile.city"}, {"pay.holder", "payfile.holder"}, {"pay.iban", "payfile.iban"}, {"pay.bic", "payfile.bic"},
	{"pay.tax", "payfile.tax"}, {"pay.exempt", "payfile.exempt"}, {"pay.paper", "payfile.paper"}, {"terms.gross", "payfile.gross_short"}, {"terms.executive", "payfile.executive"}, {"terms.hours", "payfile.hours"},
	{"terms.job", "payfile.job"}, {"terms.regime", "payfile.regime"}, {"terms.cover", "payfile.cover"}, {"terms.paper", "payfile.amendment"}, {"terms.number", "payfile.contract_number"},
	{"value.silentDays", "rules.in_days"}, {"value.silentUpTo", "rules.in_up_to"},
}

// auditField names a field of the log; its place tells the order. One that is not known is named as it is written.
func (v *Visit) auditField(name string) (label string, place int) {
	for i, f := range auditFields {
		if f.name == name {
			return v.P.T(f.label), i
		}
	}
	place = len(auditFields)
	if rest, ok := strings.CutPrefix(name, "value."); ok {
		if label := saleAuditField(v.P, rest); label != "" {
			return label, place
		}
		if label := payAuditField(v.P, rest); label != "" {
			return label, place
		}
		for _, x := range trustSwitches {
			if x.name == rest {
				return v.P.T(x.label), place
			}
		}
		for _, x := range availableFields {
			if x.name == rest {
				return v.P.T(x.label), place
			}
		}
		for _, x := range gridFields {
			if x.name+".in" == rest {
				return v.P.T(x.label), place
			}
			if x.name+".out" == rest {
				return v.P.T("audit.field.without", "name", v.P.T(x.label)), place
			}
		}
	}
	return name, place
}

// auditDetail tells what was written with the deed: a field a line, with what it was and what it is. known is false when
// the log holds something this program has no words for; it is then told by its name, never as a machine wrote it.
func (v *Visit) auditDetail(h *house, called map[string]store.Called, r store.AuditRow) (lines [][2]string, known bool) {
	if r.Detail == "" || r.Detail == "null" || r.Detail == "{}" {
		return nil, true
	}
	var all map[string]any
	if json.Unmarshal([]byte(r.Detail), &all) != nil {
		return [][2]string{{v.P.T("audit.detail"), r.Detail}}, false
	}
	was, changed := all["was"].(map[string]any)
	now, given := all["now"].(map[string]any)
	if !changed && !given {
		now = all
	}
	names := slices.Collect(maps.Keys(now))
	for name := range was {
		if _, both := now[name]; !both {
			names = append(names, name)
		}
	}
	type line struct {
		place int
		words [2]string
	}
	var told []line
	known = true
	for _, name := range names {
		if name == "id" || name == "attached" || name == "sha" || name == "thumb" || name == "reminder" || name == "digest" { // of what the subject names
			continue
		}
		label, place := v.auditField(name)
		known = known && label != name
		before, after := v.auditValue(h, called, name, was[name]), v.auditValue(h, called, name, now[name])
		words := after
		switch {
		case before != "" && after != "":
			words = v.P.T("web.changed_taken", "was", before, "now", after)
		case before != "":
			words = v.P.T("audit.taken_out", "was", before)
		case after == "":
			continue
		}
		told = append(told, line{place, [2]string{label, words}})
	}
	slices.SortFunc(told, func(a, b line) int {
		if a.place != b.place {
			return a.place - b.place
		}
		return strings.Compare(a.words[0], b.words[0])
	})
	for _, l := range told {
		lines = append(lines, l.words)
	}
	return lines, known
}

// auditValue tells a value of the log as the pages do.
func (v *Visit) auditValue(h *house, called map[string]store.Called, name string, x any) string {
	p := v.P
	if words, ok := payAuditValue(p, name, x); ok {
		return words
	}
	switch x := x.(type) {
	case nil:
		return ""
	case bool:
		if x {
			return p.T("web.changed_yes")
		}
		return p.T("audit.no")
	case []any:
		var all []string
		for _, each := range x {
			all = append(all, v.auditPart(h, called, name, each))
		}
		return strings.Join(all, ", ")
	case float64:
		return v.auditNumber(h, called, name, int64(x))
	case string:
		return v.auditText(name, x)
	}
	return fmt.Sprint(x)
}

func (v *Visit) auditPart(h *house, called map[string]store.Called, list string, x any) string {
	fields, nested := x.(map[string]any)
	if !nested {
		if text, ok := x.(string); ok && list == "natures" {
			return natureNames(v.P, []string{text})
		} else if ok && list == "fields" {
			label, _ := v.auditField(text)
			return label
		}
		return v.auditValue(h, called, list, x)
	}
	var words []string
	for _, name := range []string{"role", "person", "policy", "from", "until", "year", "parts"} {
		if text := v.auditValue(h, called, name, fields[name]); text != "" && (name != "parts" || text != "1") {
			words = append(words, text)
		}
	}
	return strings.Join(words, " · ")
}

func (v *Visit) auditNumber(h *house, called map[string]store.Called, name string, n int64) string {
	if n == 0 {
		return ""
	}
	switch name {
	case "person", "advisor", "substitute":
		return h.PersonName(n)
	case "activity":
		return h.ActivityName(n)
	case "policy":
		for _, r := range h.set.Rules {
			if r.ID == n {
				return r.Name
			}
		}
	case "year":
		if y, ok := h.set.Year(n); ok {
			return y.Span.Label()
		}
	case "customer":
		return v.calledWords(h, called, thingOf("customer", n))
	case "reverses":
		return v.calledWords(h, called, thingOf("payment", n))
	case "by":
		return v.calledWords(h, called, thingOf("entry", n))
	case "amount", "grand", "fixedCost", "value.aloneUpTo", "value.creditAbove", "value.quoteAbove":
		return v.P.Euros(money.Cents(n))
	}
	return v.P.Int(n)
}

func (v *Visit) auditText(name, text string) string {
	p := v.P
	if d, err := date.Parse(text); err == nil {
		return p.Day(d)
	}
	if m, err := date.ParseMonth(text); err == nil {
		return p.Month(m)
	}
	switch name {
	case "run":
		return p.T("run.kind." + text)
	case "pay.element":
		return payElementWords(p, text)
	case "reason":
		if key := "remind.pause." + text; p.Has(key) {
			return p.T(key)
		}
	case "verdict":
		if key, ok := verdictWords[text]; ok {
			return p.T(key)
		}
	case "state":
		if w, ok := subscriptionStates[sale.SubscriptionState(text)]; ok {
			return p.T(w.key)
		}
	case "role":
		return p.T(member.Role(text).Label())
	case "kind":
		if key := member.ContractKind(text).Label(); member.ContractKind(text).Known() {
			return p.T(key)
		}
		if key, ok := customerKindWords[sale.CustomerKind(text)]; ok {
			return p.T(key)
		}
		if label, ok := ruleLabel(text); ok {
			return p.T(label)
		}
		if key := "audit.kind." + text; p.Has(key) {
			return p.T(key)
		}
	case "tax":
		if t, ok := ledger.France()[text]; ok {
			return p.T(t.Label)
		}
	case "lang":
		if text == "en" {
			return "English"
		}
		return "Français"
	case "scale":
		if pol, err := activity.ReadPolicy(text); err == nil {
			return strings.Join(append([]string{policyShort(p, pol)}, policyWords(p, pol)...), " · ")
		}
	case "iban":
		return spaced(text)
	case "piece":
		if slices.Contains(store.AttachmentKinds(), text) {
			return p.T("attachment.kind." + text)
		}
	}
	return text
}

// calledWords are what people know a thing of the log by: « Facture F-2026-0422 », « Écriture AC 791 ». A private person is
// named to those who may open the activity.
func (v *Visit) calledWords(h *house, called map[string]store.Called, subject string) string {
	kind, _, _ := strings.Cut(subject, ":")
	word := v.P.T("audit.subject." + kind)
	c, found := office.AuditCalled(called, subject)
	switch {
	case !found:
		return v.P.T("audit.gone", "kind", word)
	case kind == "payment":
		if d, err := date.Parse(c.Name); err == nil {
			return v.P.T("audit.payment_of", "day", d, "name", h.ActivityName(c.Activity))
		}
	case kind == "customer" && c.Kind == string(sale.Consumer) && !v.can(access.ViewCustomer, c.Activity):
		return v.P.T("audit.private", "name", h.ActivityName(c.Activity))
	case kind == "customer" || kind == "third":
		return c.Name
	case c.Name == "": // not numbered yet
		return v.P.T("audit.unnumbered", "kind", word, "name", h.ActivityName(c.Activity))
	}
	return word + " " + c.Name
}

// auditLines writes the detail folded, a field a line.
func auditLines(v *Visit, lines [][2]string) template.HTML {
	if len(lines) == 0 {
		return ""
	}
	m := new(markup).raw(`<details class="raw"><summary>`).text(v.P.T("audit.changes", "n", len(lines))).raw("</summary><dl>")
	for _, l := range lines {
		m.raw("<dt>").text(l[0]).raw("</dt><dd>").text(l[1]).raw("</dd>")
	}
	return m.raw("</dl></details>").html()
}

func auditPlain(lines [][2]string) string {
	var all []string
	for _, l := range lines {
		all = append(all, l[0]+" : "+l[1])
	}
	return strings.Join(all, " ; ")
}
