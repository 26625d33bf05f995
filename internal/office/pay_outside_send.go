package office

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/format/variables"
	"essaim/internal/store"
	"essaim/member"
	"essaim/money"
)

// What became of someone's variables since the file before.
const (
	SendNew     = "new"
	SendChanged = "changed"
	SendSame    = "same"
	SendGone    = "gone"
)

// PaySendRow is a contract whose variables leave.
type PaySendRow struct {
	Person   member.Person
	Contract int64
	Gross    money.Cents // of our estimate
	Rows     []variables.Row
	Refused  []*fault.Error // what cannot leave, and why; without rows, nobody of this name leaves
	Since    string         // what became of it since the last file, "" when there is none
}

// PaySent is a file of variables that was made.
type PaySent struct {
	store.PayExchange
	PaySentBody
}

// PaySentBody is what is kept of a file of variables.
type PaySentBody struct {
	File    string           `json:"file"` // SHA-256
	Name    string           `json:"name"`
	Table   string           `json:"table"`
	People  int              `json:"people"`
	Rows    int              `json:"rows"`
	Kept    int              `json:"kept"` // people who could not leave, in whole or in part
	New     int              `json:"new,omitempty"`
	Changed int              `json:"changed,omitempty"`
	Gone    int              `json:"gone,omitempty"`
	Of      map[int64]string `json:"of"` // by contract: its rows
}

// PayOutside is the month as it stands with the payroll software.
type PayOutside struct {
	Month   date.Month
	Way     string
	CutOff  date.Day
	PayDay  date.Day
	Late    bool // the last day to ask is past
	Locked  bool
	Tables  PayTables
	Rows    []PaySendRow
	Leave   int // people of whom something leaves
	Kept    int // people of whom something cannot
	Sent    []PaySent
	Returns []PayReturned
	Issued  int // payslips that came back
	Wanted  int // payslips that are to come back
}

// PayOutside returns what would leave for the payroll software, what left, and what came back.
func (o *Office) PayOutside(ctx context.Context, a access.Actor, m date.Month) (v PayOutside, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return v, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		f, err := readPay(tx, m)
		if err != nil {
			return err
		}
		v = PayOutside{Month: m, Way: f.rules.Way, CutOff: f.cutOff(), PayDay: f.payDay(), Late: f.lateFor(a.Today), Locked: f.state.State == store.PayMonthLocked}
		if v.Tables, err = payTables(tx, f.rules.Mapping); err != nil {
			return err
		}
		all, err := tx.PayExchanges(m)
		if err != nil {
			return err
		}
		for _, x := range all {
			if x.Kind == store.PayExport {
				s := PaySent{PayExchange: x}
				if err := json.Unmarshal([]byte(x.Body), &s.PaySentBody); err != nil {
					return err
				}
				v.Sent = append(v.Sent, s)
				continue
			}
			r := PayReturned{PayExchange: x}
			if err := json.Unmarshal([]byte(x.Body), &r.PayReturnedBody); err != nil {
				return err
			}
			v.Returns = append(v.Returns, r)
		}
		slips, err := tx.SlipsBetween(m, m)
		if err != nil {
			return err
		}
		for _, s := range slips {
			if s.Origin == store.SlipSoftware {
				v.Issued++
			}
		}
		if f.accounts, err = o.payAccounts(tx, a); err != nil {
			return err
		}
		contracts, _ := f.outsidePeople("")
		v.Wanted = len(contracts)
		sending, err := o.sending(tx, a, &f, v.Tables.Variables, v.last())
		if err != nil {
			return err
		}
		v.Rows, v.Leave, v.Kept = sending.people, sending.body.People, sending.body.Kept
		return nil
	})
	return v, err
}

// last is the file before, nil when there is none.
func (v *PayOutside) last() *PaySentBody {
	if len(v.Sent) == 0 {
		return nil
	}
	return &v.Sent[0].PaySentBody
}

// paySending is what would leave now.
type paySending struct {
	people []PaySendRow
	slips  []store.Slip // our estimates, of those that could be computed
	body   PaySentBody
	file   []byte
}

// sending makes the file: whoever cannot leave is told with the reason, the others go on. Beside a file before, what
// changed bears the word in its comment and the list is whole: a software takes the last file for all there is.
func (o *Office) sending(tx *store.Tx, a access.Actor, f *payFacts, table variables.Mapping, before *PaySentBody) (s paySending, err error) {
	var rows []variables.Row
	var owner []int // by row: index among the people
	contracts, _ := f.outsidePeople("")
	s.body.Of = map[int64]string{}
	for _, c := range contracts {
		r := PaySendRow{Person: f.people[c.Person], Contract: c.ID}
		slip, _, err := f.slip(tx, o, a.Today, c)
		if err != nil {
			if r.Refused = fault.All(err); len(r.Refused) == 0 {
				return s, err
			}
			s.people = append(s.people, r)
			continue
		}
		s.slips = append(s.slips, slip)
		r.Gross = slip.Body.Payslip.Totals.Gross
		r.Rows, r.Refused = f.outsideRows(c, &slip, table.Prefix)
		s.people = append(s.people, r)
	}
	twiceNumbered(s.people)
	for i, p := range s.people {
		for range p.Rows {
			owner = append(owner, i)
		}
		rows = append(rows, p.Rows...)
	}
	left := make([]int, len(s.people)) // rows that leave
	for _, n := range owner {
		left[n]++
	}
	var b bytes.Buffer
	for _, e := range fault.All(variables.Write(&b, table, rows)) {
		n, at := 0, 0
		if _, err := fmt.Sscanf(e.Field, "rows[%d]", &n); err != nil || n < 0 || n >= len(owner) {
			return s, e
		}
		at = owner[n]
		s.people[at].Refused = append(s.people[at].Refused, e)
		left[at]--
	}
	for i := range s.people {
		p := &s.people[i]
		if len(p.Refused) > 0 {
			s.body.Kept++
		}
		if left[i] == 0 {
			continue
		}
		told, err := json.Marshal(p.Rows)
		if err != nil {
			return s, err
		}
		s.body.Of[p.Contract], s.body.People, s.body.Rows = string(told), s.body.People+1, s.body.Rows+left[i]
		if before == nil {
			continue
		}
		was, known := before.Of[p.Contract]
		switch {
		case !known:
			p.Since = SendNew
			s.body.New++
		case was != string(told):
			p.Since = SendChanged
			s.body.Changed++
		default:
			p.Since = SendSame
		}
	}
	if before != nil {
		if err := s.gone(tx, before); err != nil {
			return s, err
		}
		b.Reset()
		for i := range rows {
			if since := s.people[owner[i]].Since; (since == SendChanged || since == SendNew) && rows[i].Note == "" {
				rows[i].Note = "modifié" // a word of the file, which is in French
			}
		}
		if err := variables.Write(&b, table, rows); err != nil && len(fault.All(err)) == 0 {
			return s, err
		}
	}
	s.file = b.Bytes()
	slices.SortStableFunc(s.people, func(x, y PaySendRow) int {
		return cmp.Or(cmp.Compare(sendRank(x), sendRank(y)), cmp.Compare(store.Normal(x.Person.LastName+" "+x.Person.FirstName), store.Normal(y.Person.LastName+" "+y.Person.FirstName)))
	})
	return s, nil
}

// gone adds those who were in the file before and are no more in this one.
func (s *paySending) gone(tx *store.Tx, before *PaySentBody) error {
	contracts, err := tx.Contracts()
	if err != nil {
		return err
	}
	for _, c := range contracts {
		_, was := before.Of[c.ID]
		_, is := s.body.Of[c.ID]
		if !was || is {
			continue
		}
		s.body.Gone++
		n := slices.IndexFunc(s.people, func(p PaySendRow) bool { return p.Contract == c.ID })
		if n >= 0 {
			s.people[n].Since = SendGone
			continue
		}
		p, err := tx.Person(c.Person)
		if err != nil {
			return err
		}
		s.people = append(s.people, PaySendRow{Person: p, Contract: c.ID, Since: SendGone})
	}
	return nil
}

// sendRank puts first what cannot leave, then what changed.
func sendRank(r PaySendRow) int {
	switch {
	case len(r.Refused) > 0:
		return 0
	case r.Since == SendChanged, r.Since == SendNew, r.Since == SendGone:
		return 1
	}
	return 2
}

// SendPay makes the file of the month's variables. Our estimates are kept as they were counted: what comes back is held
// against what was asked, whatever the account becomes meanwhile.
func (o *Office) SendPay(ctx context.Context, a access.Actor, m date.Month, key string) (sent PaySent, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return sent, err
	}
	read := func(tx *store.Tx, id int64) error {
		x, err := tx.PayExchange(id)
		if err != nil {
			return err
		}
		sent.PayExchange = x
		return json.Unmarshal([]byte(x.Body), &sent.PaySentBody)
	}
	err = o.writeOnce(Keyed(ctx, key), a, "pay_send", m, read, func(tx *store.Tx) (int64, error) {
		f, err := readPay(tx, m)
		if err != nil {
			return 0, err
		}
		switch last := a.Today.Month() + 1; {
		case f.rules.Way == coop.PayOwn:
			return 0, fault.New(fault.Conflict, "pay_outside.fault.own_way")
		case m > last:
			return 0, fault.New(fault.Conflict, "pay_month.fault.far", "month", m, "last", last)
		}
		if err := f.payOpen(); err != nil {
			return 0, err
		}
		tables, err := payTables(tx, f.rules.Mapping)
		if err != nil {
			return 0, err
		}
		all, err := tx.PayExchanges(m)
		if err != nil {
			return 0, err
		}
		var before *PaySentBody
		times := 0
		for _, x := range all {
			if x.Kind != store.PayExport {
				continue
			}
			if times++; before == nil {
				before = &PaySentBody{}
				if err := json.Unmarshal([]byte(x.Body), before); err != nil {
					return 0, err
				}
			}
		}
		if f.accounts, err = o.payAccounts(tx, a); err != nil {
			return 0, err
		}
		s, err := o.sending(tx, a, &f, tables.Variables, before)
		if err != nil {
			return 0, err
		}
		if s.body.Rows == 0 {
			for _, p := range s.people {
				if len(p.Refused) > 0 {
					return 0, fault.New(fault.Conflict, "pay_outside.fault.nothing_leaves").Wrap(p.Refused[0])
				}
			}
			return 0, fault.New(fault.Conflict, "pay_outside.fault.nothing_to_send")
		}
		if err := errors.Join(o.keepEstimates(tx, a, m, s.slips), f.keepNumbers(tx, a, s.people)); err != nil {
			return 0, err
		}
		s.body.Table, s.body.Name = tables.Name, fmt.Sprintf("variables-%s-%d.csv", m, times+1)
		if s.body.File, err = o.files.Put(s.file); err != nil {
			return 0, err
		}
		if err := tx.AddFile(s.body.File, s.body.Name, "text/csv", int64(len(s.file))); err != nil {
			return 0, err
		}
		body, err := jsonOf(s.body)
		if err != nil {
			return 0, err
		}
		x := store.PayExchange{Month: m, Kind: store.PayExport, Body: body, By: a.Person}
		if err := tx.AddPayExchange(&x); err != nil {
			return 0, err
		}
		sent = PaySent{x, s.body}
		return x.ID, tx.Audit(a.Person, "pay.send", payMonthSubject(m), map[string]any{"n": s.body.People, "file": s.body.File})
	})
	return sent, err
}

// keepEstimates writes our estimates of a month over those that were there, but for those that a return was held against.
func (o *Office) keepEstimates(tx *store.Tx, a access.Actor, m date.Month, slips []store.Slip) error {
	had, err := tx.SlipsBetween(m, m)
	if err != nil {
		return err
	}
	was := map[int64]store.SlipSums{}
	for _, h := range had {
		if h.Origin == store.SlipEstimate {
			was[h.Contract] = h
		}
	}
	contracts := make([]int64, len(slips))
	for i, s := range slips {
		contracts[i] = s.Contract
	}
	last, err := slipsBefore(tx, m, coop.PaySoftware, contracts)
	if err != nil {
		return err
	}
	for _, s := range slips {
		h := was[s.Contract]
		if s.Origin != store.SlipEstimate || h.State == store.SlipIssued {
			continue
		}
		s.ID, s.By, s.Look = h.ID, a.Person, lookOf(&s, last[s.Contract])
		if err := tx.SaveSlip(&s); err != nil {
			return err
		}
	}
	return nil
}

// SentPayFile returns a file of variables as it was made.
func (o *Office) SentPayFile(ctx context.Context, a access.Actor, id int64) (name string, b []byte, err error) {
	if err := can(a, access.RunPay, access.Subject{}); err != nil {
		return "", nil, err
	}
	var body PaySentBody
	err = o.read(ctx, a, func(tx *store.Tx) error {
		x, err := tx.PayExchange(id)
		if err == nil && x.Kind != store.PayExport {
			err = fault.New(fault.NotFound, "store.pay_exchange_unknown")
		}
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(x.Body), &body)
	})
	if err != nil {
		return "", nil, err
	}
	b, err = o.files.Get(body.File)
	return body.Name, b, err
}
