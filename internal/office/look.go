package office

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/fault"
	"essaim/format/pdf"
	"essaim/format/piece"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// wear adds to the facts of a document what its paper shows: of one that was validated, how the papers of its activity
// looked then, and what stood around it.
func wear(tx *store.Tx, d sale.Document, f *sale.Facts) (err error) {
	at := int64(0)
	if d.Number != "" && d.Status != sale.Draft {
		at = d.ValidatedAt
		if f.Imprint, err = tx.Imprint(d.Imprint); err != nil {
			return err
		}
	}
	if f.Look, err = tx.LookAt(d.Activity, at); err != nil || d.Kind != sale.Quote || d.Status != sale.Accepted {
		return err
	}
	p, _, err := tx.Signature(d.ID)
	f.Drawn = p.Drawn
	return err
}

// laidOut lays a paper out with its logo.
func (o *Office) laidOut(p sale.Paper) ([]byte, error) {
	if err := o.logo(&p.Look); err != nil {
		return nil, err
	}
	return pdf.Document(p)
}

// logo reads the picture of a logo.
func (o *Office) logo(l *sale.Look) (err error) {
	if l.Logo != "" {
		l.Image, err = o.files.Get(l.Logo)
	}
	return err
}

// LookView is how the papers of an activity look, and who may change it.
type LookView struct {
	Look     activity.Look
	Reserved bool       // the cooperative keeps it to itself
	May      bool       // this person may change it
	Sample   sale.Paper // what an invoice looks like
}

// Look returns how the papers of an activity look, with an invoice as a sample. tried is a look that is not saved yet, whose
// logo is the one that there is.
func (o *Office) Look(ctx context.Context, a access.Actor, activityID int64, tried *activity.Look, lang string) (v LookView, err error) {
	if err := can(a, access.ManageLook, access.Subject{Activity: activityID}); err != nil {
		return v, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if v.Look, err = tx.LookAt(activityID, 0); err != nil {
			return err
		}
		d := sample(a, activityID, i18n.For(lang))
		f, err := o.facts(tx, d)
		if err != nil {
			return absent(a, access.ManageLook, err)
		}
		v.Reserved = f.Rules.Mentions.LookReserved
		v.May = !v.Reserved || may(a, access.ManageActivity, access.Subject{Activity: activityID})
		f.Look = v.Look
		if tried != nil {
			f.Look = *tried
			f.Look.Logo, f.Look.Width, f.Look.Height = v.Look.Logo, v.Look.Width, v.Look.Height
		}
		f.Customer = sampleCustomer(i18n.For(lang))
		d.Content = d.Content.Fit(f.Taxes)
		d.Due = d.Content.Delay().Due(f.Today)
		if d.Totals, err = sale.Amounts(d, f); err != nil {
			return err
		}
		v.Sample = sale.Print(d, f, i18n.For(lang))
		v.Sample.Code = "" // nobody pays it
		return nil
	})
	return v, err
}

// LookPDF returns the sample as a file.
func (o *Office) LookPDF(ctx context.Context, a access.Actor, activityID int64, lang string) ([]byte, error) {
	v, err := o.Look(ctx, a, activityID, nil, lang)
	if err != nil {
		return nil, err
	}
	return o.laidOut(v.Sample)
}

// sample is an invoice that was never issued.
func sample(a access.Actor, activityID int64, p i18n.Printer) sale.Document {
	d := sale.Document{Kind: sale.Invoice, Activity: activityID, Author: a.Person, Status: sale.Sent, Number: "F-" + a.Today.String()[:4] + "-0000", Date: a.Today}
	line := func(key string, n, price int64) sale.Line {
		return sale.Line{Label: p.T(key), Nature: "service", Tax: "S20", Quantity: money.Micro(n) * money.Unit, Price: money.Cents(price).Micro()}
	}
	d.Content = sale.Content{Title: p.T("office.sample_title"), Delivered: a.Today, DueDays: 30, Lines: []sale.Line{line("office.sample_one", 2, 240_00), line("office.sample_two", 1, 85_50)}}
	return d
}

func sampleCustomer(p i18n.Printer) sale.Customer {
	c := sale.Customer{Kind: sale.Company, Name: p.T("office.sample_customer"), SIREN: "000000000"}
	c.Address.Line1, c.Address.Zip, c.Address.City, c.Address.Country = p.T("office.sample_street"), "34000", "Montpellier", "FR"
	return c
}

// mayLook tells whether the cooperative keeps the papers' look to itself.
func (o *Office) mayLook(tx *store.Tx, a access.Actor, activityID int64) error {
	if _, err := tx.Activity(activityID); err != nil {
		return absent(a, access.ManageLook, err)
	}
	f, err := o.facts(tx, sale.Document{Kind: sale.Invoice, Activity: activityID, Author: a.Person})
	if err == nil && f.Rules.Mentions.LookReserved && can(a, access.ManageActivity, access.Subject{Activity: activityID}) != nil {
		return fault.New(fault.Forbidden, "office.look_reserved")
	}
	return err
}

// SaveLook changes how the papers of an activity look from now on. logo replaces the picture, drop takes it off, otherwise the
// one that there is stays. What was validated before keeps the look it had.
func (o *Office) SaveLook(ctx context.Context, a access.Actor, activityID int64, l activity.Look, logo []byte, drop bool) (activity.Look, error) {
	s := access.Subject{Activity: activityID}
	if err := can(a, access.ManageLook, s); err != nil {
		return l, err
	}
	l.Name, l.Foot = strings.TrimSpace(l.Name), strings.TrimSpace(l.Foot)
	l.Lines = slices.DeleteFunc(slices.Clone(l.Lines), func(s string) bool { return strings.TrimSpace(s) == "" })
	if c, ok := activity.ParseColour(l.Accent); ok {
		l.Accent = c.String()
	}
	if err := l.Check(); err != nil {
		return l, err
	}
	// Whoever may not change it leaves no picture behind.
	if err := o.read(ctx, a, func(tx *store.Tx) error { return o.mayLook(tx, a, activityID) }); err != nil {
		return l, err
	}
	size := int64(0)
	var fresh piece.Logo
	if len(logo) > 0 {
		var err error
		if fresh, err = piece.ReadLogo(logo); err != nil {
			return l, err
		}
		if l.Logo, err = o.files.Put(fresh.Body); err != nil {
			return l, err
		}
		l.Width, l.Height, size = fresh.Width, fresh.Height, int64(len(fresh.Body))
	}
	err := o.write(ctx, a, func(tx *store.Tx) error {
		act, err := tx.Activity(activityID)
		if err != nil {
			return absent(a, access.ManageLook, err)
		}
		if err := o.mayLook(tx, a, activityID); err != nil { // reserved meanwhile
			return err
		}
		if l.Name == act.Name {
			l.Name = ""
		}
		was, err := tx.LookAt(activityID, 0)
		if err != nil {
			return err
		}
		if size == 0 {
			l.Logo, l.Width, l.Height = was.Logo, was.Width, was.Height
			if drop {
				l.Logo, l.Width, l.Height = "", 0, 0
			}
		}
		if same(was, l) {
			return nil
		}
		if err := tx.SaveLook(activityID, a.Person, l, size); err != nil {
			return err
		}
		return tx.Audit(a.Person, "activity.look", fmt.Sprintf("activity:%d", activityID), told(was, l))
	})
	return l, err
}

// Logo returns a logo that the papers of an activity bear or bore.
func (o *Office) Logo(ctx context.Context, a access.Actor, activityID int64, sha string) (b []byte, err error) {
	s := access.Subject{Activity: activityID}
	if !may(a, access.ManageLook, s) {
		if err := can(a, access.ViewDocument, s); err != nil {
			return nil, err
		}
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		all, err := tx.Looks(activityID)
		if err != nil {
			return err
		}
		if sha == "" || !slices.ContainsFunc(all, func(l activity.Look) bool { return l.Logo == sha }) {
			return fault.New(fault.NotFound, "office.absent")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return o.files.Get(sha)
}

// LinkLogo returns the logo of the quote that a link opens.
func (o *Office) LinkLogo(ctx context.Context, coopID int64, token string) ([]byte, error) {
	sha := ""
	err := o.db.Read(ctx, coopID, func(tx *store.Tx) error {
		_, f, _, err := o.linked(tx, token)
		if sha = f.Look.Logo; err == nil && sha == "" {
			err = fault.New(fault.NotFound, "office.absent")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return o.files.Get(sha)
}

func may(a access.Actor, act access.Action, s access.Subject) bool {
	s.Coop = a.Coop
	return access.Can(a, act, s) == access.Allowed
}
