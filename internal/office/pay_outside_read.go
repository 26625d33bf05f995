package office

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/format/slips"
	"essaim/format/variables"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
	"essaim/payroll"
)

// PayReturned is what came back from the payroll software for a month.
type PayReturned struct {
	store.PayExchange
	PayReturnedBody
}

// PayReturnedFile is a file that came back.
type PayReturnedFile struct {
	Kind string `json:"kind"` // results, journal, slips
	File string `json:"file"` // SHA-256
	Name string `json:"name"` // as it was sent
}

// PayReturnedBody is what is kept of a return: its files, and what was written of it.
type PayReturnedBody struct {
	Files  []PayReturnedFile `json:"files"`
	Slips  []int64           `json:"slips,omitempty"` // issued
	Filed  int               `json:"filed,omitempty"` // PDFs put in the space of their person
	People int               `json:"people,omitempty"`
	Gaps   int               `json:"gaps,omitempty"`  // figures that differ from ours
	Lines  int               `json:"lines,omitempty"` // lines that do
	Lined  int               `json:"lined,omitempty"` // people compared line by line
	Alone  int               `json:"alone,omitempty"` // people whom we could not count
	Sum    money.Cents       `json:"sum,omitempty"`   // of all differences, without their signs
	Took   int64             `json:"took,omitempty"`  // instant it was accepted
	TookBy int64             `json:"tookBy,omitempty"`
	// Each is what the counts above hold of each payslip: one that is taken back takes its own with it.
	Each map[int64]payTaken `json:"each,omitempty"`
}

// slipFiles is the kind of a PDF that holds payslips.
const slipFiles = "slips"

// PayReturnRow is what came back of one payslip.
type PayReturnRow struct {
	Person   member.Person
	Contract int64
	Line     int // of the table, 0: the person stands in the PDF alone
	Theirs   payroll.Totals
	Ours     *payroll.Totals // nil: we could not count
	Why      []*fault.Error  // why not
	Gaps     []payroll.Gap
	Detailed bool // its lines came back
	LineGaps []payroll.LineGap
	Partial  []payroll.Gap  // parts of which the lines (theirs) do not sum to the software's own total (ours)
	Lines    int            // of the journal
	Pages    int            // of the PDF
	Refused  []*fault.Error // nothing of this person is written
	Own      bool           // another accepts it
	Done     bool           // issued already

	slip     store.Slip
	estimate store.SlipBody // ours
	pots     []payroll.Pot
	entry    *ledger.Entry // from the journal; nil: from the payslip
	parted   *slips.Parted
	page     int  // index among the slips of parted
	unfiled  bool // issued, and without its PDF
}

// Ready says whether the row can be accepted by the actor it was read for.
func (row *PayReturnRow) Ready() bool { return len(row.Refused) == 0 && !row.Own && !row.Done }

// Differs says whether a figure or a line is not ours to the cent, or could not be compared.
func (row *PayReturnRow) Differs() bool {
	return len(row.Gaps)+len(row.LineGaps)+len(row.Partial)+len(row.Why) > 0
}

// PayReturn is a return put before the officer: nothing of it is written until it is accepted.
type PayReturn struct {
	PayReturned
	Way     string
	Locked  bool
	Rows    []PayReturnRow
	Told    []*fault.Error // lines of the table that are nobody's, and what does not add up
	Journal []*fault.Error // of the journal
	PDF     []*fault.Error // of the payslips
	Detail  []*fault.Error // of their lines
	Missing []member.Person
	Blocked bool // something bears on the whole: nothing can be accepted
	Entries bool // a journal came back
	Ready   int
	Others  int // that another must accept
	Differ  []PayReturnGap
	Lined   int // payslips compared line by line
	GapSum  money.Cents
	Ours    payroll.Totals // of those we could count
	Theirs  payroll.Totals // of the same
	Digest  string         // of what was shown
	Back    int            // payslips that the actor can take back
	Stay    []PayStay      // those of an accepted return that stay, and why
}

// Fileable counts the payslips issued before whose PDF came now.
func (v *PayReturn) Fileable() (n int) {
	for i := range v.Rows {
		if r := &v.Rows[i]; r.Done && !r.Own && r.parted != nil && r.unfiled {
			n++
		}
	}
	return n
}

// PayReturnGap is a gap with whose it is.
type PayReturnGap struct {
	Person member.Person
	payroll.Gap
}

// PayReturnFiles are the files of a return.
type PayReturnFiles struct {
	Results, Journal *Upload
	Lines            *Upload // the payslips line by line
	Slips            []Upload
}

// StagePay takes the files of a return in and reads them; nothing is written but that they came. A file that was accepted
// before is refused.
func (o *Office) StagePay(ctx context.Context, a access.Actor, m date.Month, files PayReturnFiles, key string) (x store.PayExchange, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return x, err
	}
	var all []PayReturnedFile
	var bodies [][]byte
	add := func(kind string, u *Upload) {
		if u == nil || len(u.Body) == 0 {
			return
		}
		sum := sha256.Sum256(u.Body)
		all, bodies = append(all, PayReturnedFile{kind, hex.EncodeToString(sum[:]), cut(oneLine(u.Name), 120)}), append(bodies, u.Body)
	}
	add(PayResults, files.Results)
	add(PayJournal, files.Journal)
	add(PayLines, files.Lines)
	for i := range files.Slips {
		add(slipFiles, &files.Slips[i])
	}
	switch {
	case len(all) == 0:
		return x, fault.At(PayResults, "pay_outside.fault.no_file")
	case files.Journal != nil && files.Results == nil:
		return x, fault.At(PayResults, "pay_outside.fault.journal_alone")
	case files.Lines != nil && files.Results == nil:
		return x, fault.At(PayResults, "pay_outside.fault.lines_alone")
	}
	err = o.writeOnce(Keyed(ctx, key), a, "pay_stage", []any{m, all}, func(tx *store.Tx, id int64) (err error) {
		x, err = tx.PayExchange(id)
		return err
	}, func(tx *store.Tx) (int64, error) {
		f, err := readPay(tx, m)
		if err != nil {
			return 0, err
		}
		if f.rules.Way == coop.PayOwn {
			return 0, fault.New(fault.Conflict, "pay_outside.fault.own_way")
		}
		if m > a.Today.Month() {
			return 0, fault.New(fault.Conflict, "pay_month.fault.ahead", "month", m)
		}
		if err := f.payOpen(); err != nil {
			return 0, err
		}
		if err := takenBeforeFile(tx, m, all); err != nil {
			return 0, err
		}
		if err := o.legible(tx, &f, all, bodies); err != nil {
			return 0, err
		}
		for i, file := range all {
			if _, err := o.files.Put(bodies[i]); err != nil {
				return 0, err
			}
			media := "text/csv"
			if file.Kind == slipFiles {
				media = "application/pdf"
			}
			if err := tx.AddFile(file.File, file.Name, media, int64(len(bodies[i]))); err != nil {
				return 0, err
			}
		}
		body, err := jsonOf(PayReturnedBody{Files: all})
		if err != nil {
			return 0, err
		}
		x = store.PayExchange{Month: m, Kind: store.PayImport, State: store.PayStaged, Body: body, By: a.Person}
		if err := tx.AddPayExchange(&x); err != nil {
			return 0, err
		}
		return x.ID, tx.Audit(a.Person, "pay.stage", payMonthSubject(m), map[string]any{"n": len(all)})
	})
	return x, err
}

// oneLine makes one line of the name of a file.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// takenBeforeFile refuses a file that was accepted already, whatever the month.
func takenBeforeFile(tx *store.Tx, m date.Month, all []PayReturnedFile) error {
	past, err := tx.PayAcceptedImports(date.MonthOf(m.Year()-1, 1))
	if err != nil {
		return err
	}
	for _, x := range past {
		var b PayReturnedBody
		if err := json.Unmarshal([]byte(x.Body), &b); err != nil {
			return err
		}
		for _, was := range b.Files {
			for _, is := range all {
				if was.File == is.File {
					return fault.At(is.Kind, "pay_outside.fault.twice", "name", is.Name, "month", x.Month)
				}
			}
		}
	}
	return nil
}

// legible refuses files of which nothing can be read, on the field they came in.
func (o *Office) legible(tx *store.Tx, f *payFacts, all []PayReturnedFile, bodies [][]byte) error {
	tables, err := payTables(tx, f.rules.Mapping)
	if err != nil {
		return err
	}
	_, people := f.outsidePeople(tables.Variables.Prefix)
	var errs []error
	whole := func(field string, err error, none bool) {
		if all := fault.All(err); none && len(all) > 0 {
			errs = append(errs, fault.At(field, all[0].Key, all[0].Args...))
		}
	}
	for i, file := range all {
		switch file.Kind {
		case PayResults:
			r, err := variables.ReadResults(bodies[i], tables.Results, people, f.month)
			whole(PayResults, err, len(r.Rows)+len(r.Aside) == 0)
		case PayJournal:
			e, err := variables.ReadJournal(bodies[i], tables.Journal, variables.Expected{Month: f.month})
			whole(PayJournal, err, len(e.Lines) == 0)
		case PayLines:
			all, err := variables.ReadDetails(bodies[i], tables.Lines, people, f.month)
			whole(PayLines, err, len(all) == 0)
		default:
			p, err := slips.Split(bodies[i], slipPeople(people), f.month)
			whole(slipFiles, err, p == nil)
		}
	}
	return errors.Join(errs...)
}

func slipPeople(people []variables.Person) []slips.Person {
	all := make([]slips.Person, len(people))
	for i, p := range people {
		all[i] = slips.Person{Matricule: p.Matricule, NIR: p.NIR, Last: p.Last, First: p.First}
	}
	return all
}

// PayReturn reads a return and tells what would become of each of its lines.
func (o *Office) PayReturn(ctx context.Context, a access.Actor, id int64) (v PayReturn, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return v, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		v, err = o.payReturn(tx, a, id)
		return err
	})
	return v, err
}

func (o *Office) payReturn(tx *store.Tx, a access.Actor, id int64) (v PayReturn, err error) {
	x, err := tx.PayExchange(id)
	if err != nil {
		return v, err
	}
	if x.Kind != store.PayImport {
		return v, fault.New(fault.NotFound, "store.pay_exchange_unknown")
	}
	v.PayExchange = x
	if err := json.Unmarshal([]byte(x.Body), &v.PayReturnedBody); err != nil {
		return v, err
	}
	f, err := readPay(tx, x.Month)
	if err != nil {
		return v, err
	}
	v.Way, v.Locked = f.rules.Way, f.state.State == store.PayMonthLocked
	if v.State != store.PayStaged && v.State != store.PayAccepted {
		return v, nil
	}
	r := payReading{o: o, tx: tx, a: a, f: &f, v: &v}
	if err := r.read(); err != nil {
		return v, err
	}
	v.count()
	if v.State == store.PayAccepted && !v.Locked {
		back, stay, err := undoable(tx, a, &f, v.Slips)
		if err != nil {
			return v, err
		}
		v.Back, v.Stay = len(back), stay
	}
	return v, nil
}

// count sums up what was read.
func (v *PayReturn) count() {
	for i := range v.Rows {
		r := &v.Rows[i]
		switch {
		case r.Ready() && !v.Blocked:
			v.Ready++
		case r.Own && !r.Done && len(r.Refused) == 0:
			v.Others++
		}
		if r.Ours != nil && r.Line > 0 {
			v.Ours, v.Theirs = addTotals(v.Ours, *r.Ours), addTotals(v.Theirs, r.Theirs)
		}
		if r.Detailed {
			v.Lined++
		}
		for _, g := range r.Gaps {
			v.Differ = append(v.Differ, PayReturnGap{r.Person, g})
			v.GapSum += g.Difference().Abs()
		}
	}
	slices.SortStableFunc(v.Differ, func(x, y PayReturnGap) int { return cmp.Compare(y.Difference().Abs(), x.Difference().Abs()) })
	v.Digest = v.digest()
}

// digest names what was shown: what is accepted is what was looked at.
func (v *PayReturn) digest() string {
	h := sha256.New()
	for i := range v.Rows {
		r := &v.Rows[i]
		if r.Done {
			continue
		}
		fmt.Fprintf(h, "%d %d %+v %d %d", r.Contract, r.Line, r.Theirs, r.Lines, r.Pages)
		for _, g := range r.Gaps {
			fmt.Fprintf(h, " %s %d %d", g.Field, g.Ours, g.Theirs)
		}
		for _, g := range r.LineGaps {
			fmt.Fprintf(h, " %v %s %d %d %s", g.Codes, g.Part, g.Ours, g.Said, g.Why.Key)
		}
		for _, e := range r.Refused {
			fmt.Fprintf(h, " %s", e.Key)
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

func addTotals(a, b payroll.Totals) payroll.Totals {
	a.Gross, a.Employee, a.Employer, a.Reduction = a.Gross+b.Gross, a.Employee+b.Employee, a.Employer+b.Employer, a.Reduction+b.Reduction
	a.Net, a.Beside, a.NetTaxable, a.NetSocial = a.Net+b.Net, a.Beside+b.Beside, a.NetTaxable+b.NetTaxable, a.NetSocial+b.NetSocial
	a.Tax, a.Paid, a.Cost = a.Tax+b.Tax, a.Paid+b.Paid, a.Cost+b.Cost
	return a
}

// payReading reads one return.
type payReading struct {
	o  *Office
	tx *store.Tx
	a  access.Actor
	f  *payFacts
	v  *PayReturn

	contracts []member.Contract
	people    []variables.Person
	ours      map[int64]store.Slip // our estimates kept with the file that left, by contract
	issued    map[int64]store.SlipSums
	back      map[int64]store.Slip           // payslips that came back already, by contract
	details   map[int][]payroll.ReturnedLine // by index among the people
	rows      map[int]*PayReturnRow          // by index among the people
}

func (r *payReading) read() error {
	tables, err := payTables(r.tx, r.f.rules.Mapping)
	if err != nil {
		return err
	}
	r.contracts, r.people = r.f.outsidePeople(tables.Variables.Prefix)
	r.rows = map[int]*PayReturnRow{}
	if err := r.known(); err != nil {
		return err
	}
	if r.f.accounts, err = r.o.payAccounts(r.tx, r.a); err != nil {
		return err
	}
	bodies := map[string][]byte{}
	for _, file := range r.v.Files {
		if bodies[file.File], err = r.o.files.Get(file.File); err != nil {
			return err
		}
	}
	var results variables.Results
	for _, file := range r.v.Files {
		if file.Kind == PayLines {
			if err := r.lines(bodies[file.File], tables.Lines); err != nil {
				return err
			}
		}
	}
	for _, file := range r.v.Files {
		if file.Kind == PayResults {
			results, err = variables.ReadResults(bodies[file.File], tables.Results, r.people, r.v.Month)
			if err := r.told(err); err != nil {
				return err
			}
		}
		r.v.Entries = r.v.Entries || file.Kind == PayJournal
	}
	for _, res := range results.Rows {
		if err := r.result(res, results.Fields); err != nil {
			return err
		}
	}
	for _, file := range r.v.Files {
		switch file.Kind {
		case PayJournal:
			if err := r.journal(bodies[file.File], tables.Journal); err != nil {
				return err
			}
		case slipFiles:
			if err := r.slips(bodies[file.File]); err != nil {
				return err
			}
		}
	}
	if err := r.try(); err != nil {
		return err
	}
	for _, i := range slices.Sorted(maps.Keys(r.rows)) {
		r.v.Rows = append(r.v.Rows, *r.rows[i])
	}
	slices.SortStableFunc(r.v.Rows, func(x, y PayReturnRow) int {
		return cmp.Or(cmp.Compare(returnRank(&x), returnRank(&y)), cmp.Compare(len(y.Gaps)+len(y.LineGaps), len(x.Gaps)+len(x.LineGaps)), cmp.Compare(store.Normal(x.Person.LastName+" "+x.Person.FirstName), store.Normal(y.Person.LastName+" "+y.Person.FirstName)))
	})
	return nil
}

// try asks the books what they would say of each entry, before anything is written.
func (r *payReading) try() error {
	day, err := slipDay(r.tx, r.v.Month)
	if err != nil {
		return err
	}
	books, err := r.tx.Books(day)
	if err != nil {
		return err
	}
	for _, row := range r.rows {
		if row.Done || row.Line == 0 || len(row.Refused) > 0 || r.v.Entries && row.entry == nil {
			continue
		}
		e, err := r.f.returnedEntry(r.tx, row, &row.slip, day)
		if err == nil && len(e.Lines) > 0 {
			e.Lines = slices.Clone(e.Lines)
			err = e.Prepare(books)
		}
		if err != nil {
			if err := row.refuse(err); err != nil {
				return err
			}
		}
	}
	return nil
}

func returnRank(r *PayReturnRow) int {
	switch {
	case len(r.Refused) > 0:
		return 0
	case r.Differs():
		return 1
	case r.Own:
		return 2
	}
	return 3
}

// known reads what is there of the month: our estimates, what came back already.
func (r *payReading) known() error {
	r.ours, r.issued = map[int64]store.Slip{}, map[int64]store.SlipSums{}
	sums, err := r.tx.SlipsBetween(r.v.Month, r.v.Month)
	if err != nil {
		return err
	}
	var ids []int64
	for _, s := range sums {
		switch {
		case s.Origin == store.SlipEstimate:
			ids = append(ids, s.ID)
		case s.State == store.SlipIssued && s.Origin != store.SlipOpening:
			r.issued[s.Contract] = s
			if s.Origin == store.SlipSoftware {
				ids = append(ids, s.ID)
			}
		}
	}
	r.back = map[int64]store.Slip{}
	kept, err := r.tx.SlipsIn(ids)
	for _, s := range kept {
		if s.Origin == store.SlipSoftware {
			r.back[s.Contract] = s
			continue
		}
		r.ours[s.Contract] = s
	}
	return err
}

// told sorts what a table of results was refused for: a line, somebody who is missing, or the whole.
func (r *payReading) told(err error) error {
	all := fault.All(err)
	if err != nil && len(all) == 0 {
		return err
	}
	for _, e := range all {
		n := 0
		switch _, missing := fmt.Sscanf(e.Field, "people[%d]", &n); {
		case missing == nil && n >= 0 && n < len(r.contracts):
			if _, done := r.issued[r.contracts[n].ID]; !done {
				r.v.Missing = append(r.v.Missing, r.f.people[r.contracts[n].Person])
			}
		default:
			r.v.Told = append(r.v.Told, e)
			r.v.Blocked = r.v.Blocked || !strings.HasPrefix(e.Field, "lines[") || e.Key == "variables.total"
		}
	}
	return nil
}

// row is what is read of a person, made the first time.
func (r *payReading) row(i int) *PayReturnRow {
	if r.rows[i] == nil {
		c := r.contracts[i]
		_, done := r.issued[c.ID]
		r.rows[i] = &PayReturnRow{Person: r.f.people[c.Person], Contract: c.ID, Own: can(r.a, access.RunPay, access.Subject{Person: c.Person}) != nil, Done: done}
	}
	return r.rows[i]
}

// refuse puts refusals on a row; what is none of them goes on up.
func (row *PayReturnRow) refuse(err error) error {
	all := fault.All(err)
	row.Refused = append(row.Refused, all...)
	if len(all) == 0 {
		return err
	}
	return nil
}

// result makes the payslip of a line of the table, and holds it against ours.
func (r *payReading) result(res variables.Result, fields []variables.Field) error {
	row, c := r.row(res.Person), r.contracts[res.Person]
	row.Line = res.Line
	if row.Done {
		if s := r.issued[c.ID]; s.Gross == res.Gross && s.Paid == res.NetPaid {
			// Accepted already: what it was held against still shows.
			if ours, kept := r.ours[c.ID]; kept && ours.State == store.SlipIssued {
				row.Theirs = r.back[c.ID].Body.Payslip.Totals
				r.compare(row, res.Person, ours.Body.Payslip, returned(res, fields))
			}
			return nil
		}
		return row.refuse(fault.New(fault.Conflict, "pay_outside.fault.issued", "month", r.v.Month))
	}
	s := store.Slip{Person: c.Person, Contract: c.ID, Month: r.v.Month, Origin: store.SlipSoftware, State: store.SlipDraft}
	now, pots, err := r.f.slip(r.tx, r.o, r.a.Today, c)
	if err != nil && len(fault.All(err)) == 0 {
		return err
	}
	if ours, kept := r.ours[c.ID]; kept {
		now.Body = ours.Body
	} else {
		row.Why = fault.All(err)
	}
	if s.Activity, err = r.f.bearer(c); err != nil {
		return row.refuse(err)
	}
	var estimate *payroll.Payslip
	if len(row.Why) == 0 {
		s.Body, row.estimate = now.Body, now.Body
		estimate = &row.estimate.Payslip
	} else {
		s.Body = store.SlipBody{Employer: r.f.employer(), Contract: r.f.contract(c), Before: r.f.years[c.ID], Inputs: r.f.inputs(c)}
	}
	s.Body.Before = r.f.years[c.ID] // of the payslips really issued
	row.pots, s.Body.Pot = pots, 0  // what is released is what the books hold today
	for _, p := range pots {
		s.Body.Pot += p.Pay + p.Charges
	}
	back := returned(res, fields)
	back.Booked = r.v.Entries
	s.Body.Payslip, s.Body.After, err = payroll.Adopt(r.f.params, s.Body.Employer, s.Body.Contract, s.Body.Before, s.Body.Inputs, estimate, back)
	if err != nil {
		return row.refuse(fault.Prefix(fmt.Sprintf("lines[%d]", res.Line), err))
	}
	s.Body.Waits = nil
	for _, key := range r.f.known[c.Person].Known.Lacks() {
		s.Body.Waits = append(s.Body.Waits, payroll.Note{Key: key})
	}
	row.Theirs, row.slip = s.Body.Payslip.Totals, s
	if estimate != nil {
		r.compare(row, res.Person, *estimate, back)
	}
	return nil
}

// returned is a line of the table as the engine asks for it.
func returned(res variables.Result, fields []variables.Field) payroll.Returned {
	out := payroll.Returned{Gross: res.Gross, Paid: res.NetPaid}
	for f, p := range map[variables.Field]**money.Cents{
		variables.Employee: &out.Employee, variables.Employer: &out.Employer, variables.Reduction: &out.Reduction, variables.NetBeforeTax: &out.NetBeforeTax, variables.PAS: &out.Tax,
		variables.Cost: &out.Cost, variables.NetTaxable: &out.NetTaxable, variables.NetSocial: &out.NetSocial, variables.Ceiling: &out.Ceiling,
	} {
		if v, ok := res.Amount(f); ok && slices.Contains(fields, f) {
			*p = &v
		}
	}
	if slices.Contains(fields, variables.PASRate) {
		out.TaxRate = &res.PASRate
	}
	return out
}

// slips gives the pages of a PDF to their people.
func (r *payReading) slips(b []byte) error {
	parted, err := slips.Split(b, slipPeople(r.people), r.v.Month)
	if err != nil && len(fault.All(err)) == 0 {
		return err
	}
	for _, e := range fault.All(err) {
		n := 0
		if _, err := fmt.Sscanf(e.Field, "people[%d]", &n); err == nil {
			continue // several files may share the people between them: told once all are read
		}
		r.v.PDF = append(r.v.PDF, e)
	}
	if parted == nil {
		return nil
	}
	for i, s := range parted.Slips {
		row := r.row(s.Person)
		if row.parted != nil {
			r.v.PDF = append(r.v.PDF, fault.At("pages", "pay_outside.fault.pages_twice", "name", row.Person.Name()))
			continue
		}
		row.parted, row.page = parted, i
		for _, x := range s.Ranges {
			row.Pages += x[1] - x[0] + 1
		}
		row.unfiled = r.issued[r.contracts[s.Person].ID].File == ""
		c := r.contracts[s.Person]
		if done, issued := r.issued[c.ID]; row.Line == 0 && (!issued || done.Origin != store.SlipSoftware) {
			row.Refused = append(row.Refused, fault.At("pages", "pay_outside.fault.pages_first"))
		}
	}
	return nil
}
