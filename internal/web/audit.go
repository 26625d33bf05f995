package web

import (
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/date"
	"essaim/i18n"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/member"
)

// auditPages are the log of every change: who did what to what, and when.
func (s *Server) auditPages() {
	s.page("GET", "/{coop}/audit", access.ViewAudit, s.audit)
	s.page("GET", "/{coop}/audit.csv", access.ViewAudit, s.audit)
}

// auditRows bounds a page of the log.
const auditRows = 100

// auditActions are what the log can hold; each has its words under "audit.action.".
var auditActions = strings.Fields(`
	sale.create sale.edit sale.delete sale.submit sale.take_back sale.open sale.amend sale.comment sale.return sale.validate
	sale.send sale.unsent sale.accept sale.refuse sale.withdraw sale.reopen sale.revoke sale.opened_by_customer payment payment.cents payment.reversed payment.reassigned customer.file refund sale.lost sale.restored sale.doubtful sale.retention sale.closed sale.opened_again customer.save
	entry.post entry.reverse export.fec month.close contribution.month third.add activity.save activity.reserve activity.look
	person.save person.grant person.withdraw person.admit person.dismiss
	login.password login.passkey_add login.passkey_name login.passkey_remove login.totp_on login.totp_off login.recovery login.sessions
	login.token_add login.token_revoke login.close login.open
	contract.save rule.save rule.withdraw cooperative.save cooperative.open year.open history.taken_up
	attachment.add attachment.remove
	taking taking.reversed till.count till.banked till.float till.own till.back till.arrived till.reversed payout payout.reversed remittance remittance.reversed
	announcement announcement.received announcement.declined announcement.withdrawn closing.day closing.month closing.year closing.asked
	run.start run.cancel run.retry
	pay.compute pay.issue pay.lock pay.note pay.order pay.order_cancel pay.order_sent pay.order_kept pay.order_rejected
	reminder.send reminder.post reminder.pause reminder.resume
	subscription.save subscription.pause subscription.resume subscription.end subscription.price subscription.fill subscription.leave subscription.stopped product.save
	rate.save rate.import
`)

// auditGroups are the beginnings that the filter offers; each has its words under "audit.group.".
var auditGroups = strings.Fields(`
	sale. payment. customer. entry. month. activity. person. login. contract. rule.
	attachment.
	taking. till. payout. remittance. announcement. closing.
	run. subscription. product. reminder. rate. pay.
`)

type auditData struct {
	F       *Form
	People  []Option
	Actions []Option
	Table   Table
	CSV     string
	Next    string
	First   string
	Count   string
}

// auditQuery reads the address; what cannot be read is left out, and told beside its field.
func (v *Visit) auditQuery(f *Form) office.AuditQuery {
	for _, name := range []string{"by", "action", "subject", "from", "to"} {
		f.Set(name, v.Query(name))
	}
	q := office.AuditQuery{From: f.Day("from"), To: f.Day("to")}
	q.By, q.Action, q.Before, q.Limit = f.ID("by"), f.Get("action"), v.queryID("before"), auditRows+1
	q.Subject = auditSubject(v.P, f.Get("subject"))
	return q
}

// auditKinds are the sorts of subject; each has its word under "audit.subject.".
var auditKinds = strings.Fields(`
	quote invoice credit payment customer entry activity person rule third
	run subscription product rate
	register announcement closing
	payslip pay_month contract
`)

// auditSubject reads « facture 12 » as the log writes it: "invoice:12".
func auditSubject(p i18n.Printer, typed string) string {
	words := strings.Fields(typed)
	if len(words) < 2 {
		return typed
	}
	for _, kind := range auditKinds {
		if store.Normal(strings.Join(words[:len(words)-1], " ")) == store.Normal(p.T("audit.subject."+kind)) {
			return kind + ":" + words[len(words)-1]
		}
	}
	return typed
}

func (s *Server) audit(v *Visit) error {
	f := v.NewForm()
	q := v.auditQuery(f)
	if v.wantsCSV() {
		q.Limit = 100_000
	}
	all, names, called, err := s.office.AuditLog(v.Ctx(), v.Actor, q)
	if err != nil {
		return err
	}
	h, err := v.House()
	if err != nil {
		return err
	}
	if v.wantsCSV() {
		return v.auditCSV(h, names, called, all)
	}
	p := v.P
	d := auditData{F: f, CSV: v.csvHref()}
	if more := len(all) > auditRows; more {
		all = all[:auditRows]
		d.Next = v.With("before", strconv.FormatInt(all[len(all)-1].ID, 10))
	}
	if q.Before != 0 {
		d.First = v.With("before", "")
	}
	d.Count = p.T("web.rows", "n", len(all))
	d.People = personOptions(h, p.T("audit.anyone"), func(member.Person) bool { return true })
	d.Actions = auditOptions(p)
	d.Table = v.auditTable(h, names, called, all)
	page := Page{Title: p.T("audit.title"), Section: "audit", Team: true, Wide: true}
	if !f.OK() {
		return v.Again("audit", page, d)
	}
	return v.Show("audit", page, d)
}

// auditTable shows changes: when, who, what to what, and how.
func (v *Visit) auditTable(h *house, names map[int64]string, called map[string]store.Called, all []store.AuditRow) Table {
	p := v.P
	t := Table{Caption: p.T("audit.title"), Class: "log", Cols: []Col{{Label: p.T("audit.when")}, {Label: p.T("audit.who")}, {Label: p.T("audit.deed")}, {Label: p.T("audit.what")}, {Label: p.T("audit.detail")}}}
	for _, r := range all {
		words, href := v.auditSubjectWords(h, called, r.Subject)
		lines, _ := v.auditDetail(h, called, r)
		t.Rows = append(t.Rows, Row{Cells: []Cell{cellText(p.Instant(v.At(r.At))), cellText(v.auditor(names, r.By)), cellText(actionWords(p, r.Action)), cellLink0(words, href), cellHTML(auditLines(v, lines))}})
	}
	return t
}

func auditOptions(p i18n.Printer) []Option {
	list := []Option{{Label: p.T("audit.any")}, {Value: store.Events, Label: p.T("audit.events")}}
	for _, g := range auditGroups {
		group := p.T("audit.group." + strings.TrimSuffix(g, "."))
		var of []Option
		for _, a := range auditActions {
			if inGroup(a, g) {
				of = append(of, Option{Value: a, Label: p.T("audit.action." + a), Group: group})
			}
		}
		if len(of) > 1 && of[0].Value != strings.TrimSuffix(g, ".") { // the beginning finds them all
			of = append([]Option{{Value: g, Label: p.T("audit.all_of", "group", group), Group: group}}, of...)
		}
		list = append(list, of...)
	}
	for _, a := range auditActions {
		if !slices.ContainsFunc(auditGroups, func(g string) bool { return inGroup(a, g) }) {
			list = append(list, Option{Value: a, Label: p.T("audit.action." + a), Group: p.T("audit.group.other")})
		}
	}
	return list
}

func inGroup(action, group string) bool {
	return strings.HasPrefix(action, group) || action+"." == group
}

func actionWords(p i18n.Printer, action string) string {
	if key := "audit.action." + action; p.Has(key) {
		return p.T(key)
	}
	return action
}

// auditor names who did it; the program itself signs with its name.
func (v *Visit) auditor(names map[int64]string, by int64) string {
	switch {
	case by == 0:
		return v.P.T("audit.program")
	case names[by] == "":
		return v.P.T("audit.person", "id", strconv.FormatInt(by, 10))
	}
	return names[by]
}

// auditSubjectWords names what was changed, and where it opens.
func (v *Visit) auditSubjectWords(h *house, called map[string]store.Called, subject string) (words, href string) {
	if subject == office.TheCooperative {
		return v.Coop.Name, ""
	}
	kind, rest, ok := strings.Cut(subject, ":")
	if m, err := date.ParseMonth(rest); err == nil && kind == "pay_month" {
		words = v.P.T("pay_month.title_of", "month", v.P.Month(m))
		if v.can(access.ViewPay, 0) {
			href = v.URL("pay", m)
		}
		return words, href
	}
	id, err := strconv.ParseInt(rest, 10, 64)
	if !ok || err != nil || !slices.Contains(auditKinds, kind) {
		return subject, ""
	}
	words = v.P.T("audit.subject."+kind) + " " + rest
	open := func(pattern string, action access.Action, href string) string {
		if v.s.has(pattern) && (action == "" || v.can(action, 0)) {
			return href
		}
		return ""
	}
	switch kind {
	case "person":
		if name := h.PersonName(id); name != "" {
			words = name
		}
		href = open("/{coop}/people/{id}", access.ViewPeople, v.URL("people", id))
	case "activity":
		if name := h.ActivityName(id); name != "" {
			words = name
		}
		href = open("/{coop}/activities/{id}/edit", access.ManageActivity, v.URL("activities", id, "edit"))
	case "quote", "invoice", "credit":
		words = v.calledWords(h, called, subject)
		if c, found := office.AuditCalled(called, subject); found && v.can(access.ViewDocument, c.Activity) {
			href = v.URL("sales", id)
		}
	case "product":
		words = v.calledWords(h, called, subject)
		if c, found := office.AuditCalled(called, subject); found && v.can(access.ViewDocument, c.Activity) {
			href = v.URL("products", id)
		}
	case "subscription":
		words = v.calledWords(h, called, subject)
		if c, found := office.AuditCalled(called, subject); found && v.can(access.ViewDocument, c.Activity) {
			href = v.URL("subscriptions", id)
		}
	case "contract":
		for person, all := range h.contracts {
			for _, c := range all {
				if c.ID == id {
					words, href = h.PersonName(person), open("/{coop}/people/{id}", access.ViewPeople, v.URL("people", person))
				}
			}
		}
	case "payslip":
		if c, found := office.AuditCalled(called, subject); found && v.can(access.ViewPay, 0) {
			href = v.URL("pay", c.Name, id)
		}
	case "run":
		words, href = v.P.T("audit.subject.run")+" "+rest, v.URL("runs", id)
	case "third":
		words = v.calledWords(h, called, subject)
	case "payment":
		words = v.calledWords(h, called, subject)
		href = open("/{coop}/payments/{id}", access.RecordPayment, v.URL("payments", id))
	case "register":
		href = open("/{coop}/register/{id}", access.RecordPayment, v.URL("register", id))
	case "closing":
		href = open("/{coop}/closings", access.ViewLedger, v.URL("closings"))
	case "entry":
		words = v.calledWords(h, called, subject)
		href = open("/{coop}/books/entries/{id}", access.ViewLedger, v.URL("books", "entries", id))
	case "customer":
		words = v.calledWords(h, called, subject)
		if c, found := office.AuditCalled(called, subject); found && v.can(access.ViewCustomer, c.Activity) {
			href = v.URL("customers", id)
		}
	case "rule":
		for _, r := range h.set.Rules {
			if r.ID == id {
				if label, ok := ruleLabel(string(r.Kind)); ok {
					return v.P.T(label), open("/{coop}/rules", "", v.URL("rules"))
				}
				return r.Name, open("/{coop}/rules/policies/{id}", "", v.URL("rules", "policies", id))
			}
		}
	}
	return words, href
}

func (v *Visit) auditCSV(h *house, names map[int64]string, called map[string]store.Called, all []store.AuditRow) error {
	out := [][]string{{"Quand", "Qui", "Geste", "Code", "Objet", "Détail"}}
	for _, r := range all {
		words, _ := v.auditSubjectWords(h, called, r.Subject)
		lines, _ := v.auditDetail(h, called, r)
		out = append(out, []string{v.At(r.At).Format("2006-01-02 15:04:05"), v.auditor(names, r.By), actionWords(v.P, r.Action), r.Action, words, auditPlain(lines)})
	}
	return v.csv("journal-d-audit.csv", out)
}
