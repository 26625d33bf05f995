package office

import (
	"context"
	"slices"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/format/pdf"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// The papers of an end, in French as the law wants them, under names that say nobody's.
const (
	exitCertificateName = "certificat-de-travail.pdf"
	exitReceiptName     = "recu-pour-solde-de-tout-compte.pdf"
)

// exitPaper is what the papers of an end say.
type exitPaper struct {
	p         i18n.Printer
	coop      coop.Cooperative
	person    member.Person
	known     payroll.Person
	contracts []exitService // of the service that ends, the first first
	slip      store.Slip    // the last
	body      ExitBody
	day       date.Day
}

type exitService struct {
	member.Contract
	job string
}

// FileExitPapers draws up the certificate of work and the receipt for the final account from the last payslip, once it is
// issued, and files them with the person. They are drawn up once.
func (o *Office) FileExitPapers(ctx context.Context, a access.Actor, id int64) error {
	var x exitPaper
	var done bool
	err := o.read(ctx, a, func(tx *store.Tx) (err error) {
		x, done, err = readExitPaper(tx, a, id)
		return err
	})
	if err != nil || done {
		return err
	}
	type filed struct {
		name string
		kind string
		body []byte
	}
	var files []filed
	for _, f := range []struct {
		name, kind string
		letter     pdf.Letter
	}{{exitCertificateName, "certificate", x.certificate()}, {exitReceiptName, "other", x.receipt()}} {
		b, err := pdf.Write(f.letter)
		if err != nil {
			return err
		}
		files = append(files, filed{f.name, f.kind, b})
	}
	shas := make([]string, len(files))
	for n, f := range files {
		if shas[n], err = o.files.Put(f.body); err != nil {
			return err
		}
	}
	return o.write(ctx, a, func(tx *store.Tx) error {
		again, done, err := readExitPaper(tx, a, id)
		if err != nil || done { // another drew them up meanwhile
			return err
		}
		if again.slip.Hash != x.slip.Hash {
			return errChanged()
		}
		for n, f := range files {
			t := Taken{Attachment: store.Attachment{Kind: f.kind, Name: f.name, Media: "application/pdf", Size: int64(len(f.body)), SHA256: shas[n]}}
			if _, err := o.attach(tx, a, exitSubject(id), thing("person", x.person.ID), t); err != nil {
				return err
			}
		}
		return tx.Audit(a.Person, "pay.exit_papers", thing("person", x.person.ID), nil)
	})
}

// drawnUp is when the papers of an end were filed, 0: they were not. Both are filed at one moment, and nothing that somebody
// attaches under the same names is.
func drawnUp(papers []store.Attachment) int64 {
	at := map[string][]int64{}
	for _, p := range papers {
		at[p.Name] = append(at[p.Name], p.At)
	}
	for _, when := range at[exitCertificateName] {
		if slices.Contains(at[exitReceiptName], when) {
			return when
		}
	}
	return 0
}

// readExitPaper reads what the papers say; done: they were drawn up.
func readExitPaper(tx *store.Tx, a access.Actor, id int64) (x exitPaper, done bool, err error) {
	i, err := exitFor(tx, a, id)
	if err != nil {
		return x, false, err
	}
	if i.Dropped {
		return x, false, fault.New(fault.Conflict, "payexit.fault.dropped")
	}
	papers, err := tx.Attachments(exitSubject(id))
	if err != nil {
		return x, false, err
	}
	done = drawnUp(papers) != 0
	x.p, x.body, x.day = i18n.For("fr"), *ItemBody(i).Exit, a.Today
	set, err := tx.Settings()
	if err != nil {
		return x, done, err
	}
	x.coop = set.Coop
	if x.person, err = tx.Person(i.Person); err != nil {
		return x, done, err
	}
	known, err := tx.PayPersonOf(i.Person)
	if err != nil {
		return x, done, err
	}
	x.known = onDay(known, x.body.End, func(k store.PayPerson) date.Day { return k.From }).Known
	slips, err := tx.SlipsOf(i.Person, i.Month, i.Month)
	if err != nil {
		return x, done, err
	}
	for _, s := range slips {
		if s.Contract == i.Contract && shown(s) {
			x.slip = s
		}
	}
	if x.slip.ID == 0 {
		return x, done, fault.New(fault.Conflict, "payexit.fault.not_issued", "month", i.Month)
	}
	return x, done, x.service(tx, i.Contract)
}

// service reads the contracts that follow each other up to the one that ends, with the job of each.
func (x *exitPaper) service(tx *store.Tx, contract int64) error {
	c, err := contractOf(tx, x.person.ID, contract)
	if err != nil {
		return err
	}
	all, err := tx.ContractsOf(x.person.ID)
	if err != nil {
		return err
	}
	chain := []member.Contract{c}
	for again := true; again; {
		again = false
		for _, k := range all {
			if k.Kind != member.CAPE && k.End != 0 && k.End+1 == chain[0].Start && k.Start < chain[0].Start {
				chain, again = append([]member.Contract{k}, chain...), true
			}
		}
	}
	for _, k := range chain {
		terms, err := tx.PayTermsOf(k.ID)
		if err != nil {
			return err
		}
		last := k.End
		if last == 0 {
			last = x.body.End
		}
		x.contracts = append(x.contracts, exitService{k, onDay(terms, last, func(t store.PayTerms) date.Day { return t.From }).Terms.Job})
	}
	return nil
}

// letter is what both papers share.
func (x *exitPaper) letter(title string) pdf.Letter {
	c := x.coop
	l := pdf.Letter{
		Lang: "fr", Brand: c.Name, Under: append(addressLines(c.Address), x.p.T("payexit.paper.siret", "number", c.SIRET())),
		To: append([]string{x.person.Name()}, addressLines(coop.Address{Line1: x.known.Street, Zip: x.known.PostCode, City: x.known.City})...), Title: title, Day: x.day,
		Place: x.p.T("office.reminder_place", "city", c.Address.City, "day", x.day), Foot: []string{strings.Join([]string{c.Name, c.LegalForm}, ", "), "SIREN\u00a0" + coop.GroupSIREN(c.SIREN)},
	}
	return l
}

// certificate is the certificate of work (L1234-19, D1234-6 c. trav.): the days of entry and exit, the jobs with their
// periods, and the cover that goes on (L911-8 CSS). It says nothing of why.
func (x *exitPaper) certificate() pdf.Letter {
	p := x.p
	l := x.letter(p.T("payexit.paper.certificate"))
	l.Text = p.T("payexit.paper.certifies", "coop", x.coop.Name, "name", x.person.Name(), "from", x.contracts[0].Start, "until", x.body.End)
	l.Table.Columns = []pdf.Column{{Title: p.T("payexit.paper.job"), Weight: 2}, {Title: p.T("payexit.paper.contract"), Weight: 2}, {Title: p.T("payexit.paper.from")}, {Title: p.T("payexit.paper.until")}}
	for _, k := range x.contracts {
		until := k.End
		if until == 0 || until > x.body.End {
			until = x.body.End
		}
		job := k.job
		if job == "" {
			job = p.T("payexit.paper.job_none")
		}
		l.Table.Rows = append(l.Table.Rows, pdf.Row{Cells: []string{job, p.T(k.Kind.Label()), p.Day(k.Start), p.Day(until)}})
	}
	if x.covered() {
		l.After = append(l.After, p.T("payexit.paper.cover"))
	}
	l.Closing = []string{p.T("payexit.paper.certificate_law", "name", x.person.Name()), p.T("payexit.paper.signature", "coop", x.coop.Name)}
	return l
}

// covered says whether the last payslip had a cover that goes on after the end.
func (x *exitPaper) covered() bool {
	for _, l := range x.slip.Body.Payslip.Lines {
		if l.Code == "mutuelle" || l.Code == "prevoyance" {
			return true
		}
	}
	return false
}

// receipt is the receipt for the final account (L1234-20, D1234-7 c. trav.): the inventory of what the last payslip pays.
func (x *exitPaper) receipt() pdf.Letter {
	p, t := x.p, x.slip.Body.Payslip.Totals
	l := x.letter(p.T("payexit.paper.receipt"))
	l.Text = p.T("payexit.paper.received", "name", x.person.Name(), "coop", x.coop.Name, "amount", t.Paid, "month", x.slip.Month, "until", x.body.End)
	l.Table.Columns = []pdf.Column{{Title: p.T("payexit.paper.what"), Weight: 1}, {Title: p.T("payexit.paper.amount"), Right: true}}
	for _, r := range exitInventory(p, x.slip.Body.Payslip) {
		l.Table.Rows = append(l.Table.Rows, pdf.Row{Cells: []string{r.label, p.Euros(r.amount)}})
	}
	l.Table.Foot = []string{p.T("payexit.paper.net"), p.Euros(t.Paid)}
	l.Closing = []string{p.T("payexit.paper.receipt_law"), p.T("payexit.paper.receipt_sign")}
	return l
}

type exitSum struct {
	label  string
	amount money.Cents
}

// exitInventory lists what a payslip pays and keeps back; it sums to what is paid.
func exitInventory(p i18n.Printer, s payroll.Payslip) (all []exitSum) {
	add := func(label string, amount money.Cents) {
		if amount != 0 {
			all = append(all, exitSum{label, amount})
		}
	}
	beside := []exitSum{}
	for _, it := range s.Items {
		e, known := payroll.Law().ElementOf(it.Element)
		label := p.T("slip.element." + it.Element)
		if it.Text != "" {
			label += ", " + it.Text
		}
		amount := it.Amount
		if e.Sign < 0 {
			amount = -amount
		}
		switch {
		case !known || e.Kind == "employer":
		case e.Kind == "pay" || e.Kind == "in_kind":
			add(label, amount)
		case e.Kind == "recovery":
			beside = append(beside, exitSum{label, -amount})
		default:
			beside = append(beside, exitSum{label, amount})
		}
	}
	add(p.T("payexit.paper.contributions"), -s.Totals.Employee)
	add(p.T("payexit.paper.in_kind"), s.Totals.Net-(s.Totals.Gross-s.Totals.Employee))
	for _, b := range beside {
		add(b.label, b.amount)
	}
	add(p.T("payexit.paper.tax"), -s.Totals.Tax)
	var sum money.Cents
	for _, r := range all {
		sum += r.amount
	}
	add(p.T("payexit.paper.rest"), s.Totals.Paid-sum) // a payslip that came back from a software may say more than its lines
	return all
}
