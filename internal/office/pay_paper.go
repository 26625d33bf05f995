package office

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/format/pdf"
	"essaim/internal/store"
	"essaim/payroll"
)

// paySlipFacts is what the paper of a payslip says beside its figures.
type paySlipFacts struct {
	rules payFactsOf
	house payroll.PaperHouse
}

// payFactsOf are the facts of the months that papers are made of, each read once.
type payFactsOf map[date.Month]*payFacts

// filePaySlips lays out the payslips that are not filed yet and files each in its person's space. A repeat finds them done.
func (o *Office) filePaySlips(ctx context.Context, coopID int64, ids []int64) error {
	var papers []payroll.Paper
	var left []store.Slip
	err := o.db.Read(ctx, coopID, func(tx *store.Tx) error {
		papers, left = nil, nil
		slips, err := tx.SlipsIn(ids)
		if err != nil {
			return err
		}
		facts := paySlipFacts{rules: payFactsOf{}}
		for _, id := range ids {
			s, found := slips[id]
			if !found || s.State != store.SlipIssued || s.Origin != store.SlipOwn || s.File != "" || noPaper(&s) {
				continue
			}
			paper, err := facts.paper(tx, &s)
			if err != nil {
				return err
			}
			papers, left = append(papers, paper), append(left, s)
		}
		return nil
	})
	if err != nil || len(left) == 0 {
		return err
	}
	shas, sizes, errs := make([]string, len(left)), make([]int64, len(left)), make([]error, len(left))
	var work sync.WaitGroup
	hands := runtime.GOMAXPROCS(0)
	for hand := range hands {
		work.Go(func() {
			for i := hand; i < len(papers) && ctx.Err() == nil; i += hands {
				var b []byte
				if b, errs[i] = pdf.Payslip(papers[i]); errs[i] == nil {
					shas[i], errs[i] = o.files.Put(b)
					sizes[i] = int64(len(b))
				}
			}
		})
	}
	work.Wait()
	if err := errors.Join(append(errs, ctx.Err())...); err != nil {
		return err
	}
	return o.db.Write(ctx, coopID, func(tx *store.Tx) error {
		for i, s := range left {
			if err := tx.AddFile(shas[i], paySlipName(s.Month), "application/pdf", sizes[i]); err != nil {
				return err
			}
			if err := tx.FileSlip(s.ID, shas[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// paySlipName names the PDF without telling whose it is.
func paySlipName(m date.Month) string { return "bulletin-" + m.String() + ".pdf" }

// paper is a payslip as it is read, by what is known of its month.
func (f *paySlipFacts) paper(tx *store.Tx, s *store.Slip) (payroll.Paper, error) {
	facts := f.rules[s.Month]
	if facts == nil {
		read, err := readPay(tx, s.Month)
		if err != nil {
			return payroll.Paper{}, err
		}
		facts, f.rules[s.Month] = &read, &read
		set, err := tx.Settings()
		if err != nil {
			return payroll.Paper{}, err
		}
		c := set.Coop
		f.house = payroll.PaperHouse{Name: c.Name, Address: addressLines(c.Address), SIRET: c.SIRET(), Urssaf: read.rules.Urssaf, Agreement: read.rules.Agreement}
	}
	c, err := facts.contractOrOver(tx, s.Contract)
	if err != nil {
		return payroll.Paper{}, err
	}
	p, known, terms := facts.people[s.Person], facts.known[s.Person].Known, facts.terms[s.Contract].Terms
	from, until := max(s.Month.First(), c.Start), s.Month.Last()
	if c.End != 0 {
		until = min(until, c.End)
	}
	body := &s.Body
	return payroll.Print(payroll.PaperFacts{
		Payslip: body.Payslip, Year: body.After, State: body.Leave, Model: payroll.ModelOn(body.Inputs.Paid), Lang: p.Lang, From: from, Until: until, Paid: body.Inputs.Paid, House: f.house,
		Person: payroll.PaperPerson{
			Name: p.Name(), Address: addressLines(coop.Address{Line1: known.Street, Zip: known.PostCode, City: known.City}), NIR: known.NIR, Number: known.Number,
			Job: terms.Job, Executive: body.Contract.Executive, Hired: c.Start, Hours: body.Contract.Hours,
		},
	}), nil
}

func addressLines(a coop.Address) []string {
	var lines []string
	for _, line := range []string{a.Line1, a.Line2, strings.TrimSpace(a.Zip + " " + a.City)} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// PaySlipPDF returns a payslip as it is filed; one that was issued a moment ago is laid out now, a draft as it would be.
func (o *Office) PaySlipPDF(ctx context.Context, a access.Actor, id int64) (name string, b []byte, err error) {
	var s store.Slip
	var paper payroll.Paper
	read := func(tx *store.Tx) (err error) {
		if s, err = o.slipOf(tx, a, id); err != nil || s.File != "" {
			return err
		}
		facts := paySlipFacts{rules: payFactsOf{}}
		paper, err = facts.paper(tx, &s)
		return err
	}
	if err := o.read(ctx, a, read); err != nil {
		return "", nil, err
	}
	if noPaper(&s) {
		return "", nil, fault.New(fault.NotFound, "pay_month.fault.charge")
	}
	if s.File == "" && s.State == store.SlipIssued && s.Origin == store.SlipOwn {
		if err := o.filePaySlips(ctx, a.Coop, []int64{id}); err != nil {
			return "", nil, err
		}
		if err := o.read(ctx, a, read); err != nil {
			return "", nil, err
		}
	}
	if s.File != "" {
		b, err = o.files.Get(s.File)
		return paySlipName(s.Month), b, err
	}
	if s.Origin == store.SlipSoftware || s.Origin == store.SlipOpening { // its paper is the software's
		return "", nil, fault.New(fault.NotFound, "pay_month.fault.no_paper")
	}
	b, err = pdf.Payslip(paper)
	return paySlipName(s.Month), b, err
}
