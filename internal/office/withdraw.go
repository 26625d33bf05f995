package office

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/money"
	"essaim/sale"
)

// withdrawal says whether the customer of a quote may withdraw from it today, and until when: 0 as long as the goods that
// it sells are not all delivered.
func withdrawal(tx *store.Tx, d sale.Document, f sale.Facts) (until date.Day, may bool, err error) {
	if d.Status != sale.Accepted || !sale.Withdrawable(d, f.Customer) {
		return 0, false, nil
	}
	made, err := invoicesOf(tx, d.ID)
	if err != nil {
		return 0, false, err
	}
	var delivered date.Day
	var sold money.Cents
	for _, x := range made {
		if x.Content.Stage == sale.Deposit {
			continue
		}
		got, _ := sale.Sold(x)
		sold += got
		delivered = max(delivered, x.Content.Delivered)
	}
	if sold < d.Totals.Gross {
		delivered = 0 // not all of it
	}
	until = sale.WithdrawUntil(d, f, signedOn(d, f.Zone), delivered)
	return until, until == 0 || until >= f.Today, nil
}

// Withdrawal is what a consumer declares on the link of a quote that they accepted (Code de la consommation D221-5).
type Withdrawal struct {
	Name    string
	Mail    string // where the receipt goes
	Address string // network address
	Agent   string // what their browser says it is
}

// WithdrawOnLink records that a consumer withdraws from a quote that they accepted: at once, for nothing and without a
// reason. What they declared, its day and its hour are kept, chained, and sent to them; the activity is told. A second click
// changes nothing.
func (o *Office) WithdrawOnLink(ctx context.Context, coopID int64, token string, w Withdrawal) (sale.Document, error) {
	var d sale.Document
	w.Name, w.Mail, w.Agent = strings.TrimSpace(w.Name), strings.TrimSpace(w.Mail), strings.ToValidUTF8(clipped(w.Agent, 300), "")
	err := checkSigner(w.Name)
	if w.Mail == "" {
		err = errors.Join(err, fault.At("mail", "office.withdraw_mail"))
	} else {
		err = errors.Join(err, coop.CheckEmail("mail", w.Mail))
	}
	if err != nil {
		return d, err
	}
	err = o.db.Write(ctx, coopID, func(tx *store.Tx) error {
		var f sale.Facts
		var l store.Link
		var err error
		if d, f, l, err = o.linked(tx, token); err != nil || d.Signed.Withdrawn != 0 {
			return err
		}
		until, may, err := withdrawal(tx, d, f)
		switch {
		case err != nil:
			return err
		case !may && until != 0:
			return fault.New(fault.Conflict, "office.withdraw_over", "until", until, "activity", f.Activity.Name)
		case !may:
			return fault.New(fault.Conflict, "office.withdraw_none", "activity", f.Activity.Name)
		}
		proof := sale.Proof{Name: w.Name, Mail: w.Mail, Address: w.Address, Agent: w.Agent, Link: hex.EncodeToString(l.Hash)}
		return o.withdraw(tx, access.Actor{Coop: coopID, System: true, Name: w.Name}, &d, f, proof)
	})
	return d, err
}

// RecordWithdrawal records that a consumer withdrew by other means: the form of the notice, a letter, a message.
func (o *Office) RecordWithdrawal(ctx context.Context, a access.Actor, id int64, name string) (sale.Document, error) {
	var d sale.Document
	name = strings.TrimSpace(name)
	if err := checkSigner(name); err != nil {
		return d, err
	}
	err := o.writeOnce(ctx, a, "withdraw", []any{id, name}, reread(&d), func(tx *store.Tx) (int64, error) {
		var s access.Subject
		var err error
		if d, s, err = document(tx, a, id); err != nil {
			return 0, err
		}
		if err := can(a, access.SendDocument, s); err != nil {
			return 0, err
		}
		f, err := o.facts(tx, d)
		if err != nil {
			return 0, err
		}
		if !sale.Withdrawable(d, f.Customer) {
			return 0, fault.New(fault.Conflict, "office.withdraw_none", "activity", f.Activity.Name)
		}
		return id, o.withdraw(tx, a, &d, f, sale.Proof{Name: name, Recorded: true, By: a.Person})
	})
	return d, err
}

func (o *Office) withdraw(tx *store.Tx, a access.Actor, d *sale.Document, f sale.Facts, p sale.Proof) error {
	to, err := d.Next(sale.DeedWithdraw)
	if err != nil {
		return err
	}
	p.Sale, p.Number, p.Gross, p.Hash, p.At, p.Withdrawn = d.ID, d.Number, d.Totals.Gross, d.Signed.Hash, tx.Now(), true
	d.Status, d.Signed.Withdrawn = to, p.At
	d.File = "" // the paper now says so: it is filed anew
	if err := tx.AddSignature(p); err != nil {
		return err
	}
	if err := tx.SaveSale(d); err != nil {
		return err
	}
	if err := o.log(tx, a, d, string(sale.DeedWithdraw), p.Name, 0); err != nil {
		return err
	}
	if err := o.withdrawalLetters(tx, *d, f, p); err != nil {
		return err
	}
	return o.later(tx, jobRender, renderArgs{Sale: d.ID})
}

// withdrawalLetters are the receipt that the consumer keeps (D221-5: what was declared, its day and its hour), and the word
// to the activity, with what the law asks of it next.
func (o *Office) withdrawalLetters(tx *store.Tx, d sale.Document, f sale.Facts, p sale.Proof) error {
	say := i18n.For("fr")
	at := time.UnixMicro(p.At).In(f.Zone)
	args := []any{"number", d.Number, "title", d.Content.Title, "name", p.Name, "mail", p.Mail, "at", say.Instant(at), "signer", d.Signed.Name, "signed", say.Instant(time.UnixMicro(d.Signed.At).In(f.Zone)),
		"customer", f.Customer.FullName(), "refund", sale.RefundBy(date.FromTime(at)), "activity", f.Activity.Name, "coop", f.Coop.Name}
	if p.Mail != "" {
		if err := o.later(tx, jobLetter, Letter{To: p.Mail, Subject: say.T("office.withdraw_receipt_subject", args...), Text: say.T("office.withdraw_receipt", args...), Lang: "fr"}); err != nil {
			return err
		}
	}
	if to := cmp.Or(f.Activity.Email, f.Coop.Email); to != "" && !p.Recorded {
		return o.later(tx, jobLetter, Letter{To: to, Subject: say.T("office.withdraw_told_subject", args...), Text: say.T("office.withdraw_told", args...), Lang: "fr"})
	}
	return nil
}

// WithdrawnRow is a quote that its customer withdrew from.
type WithdrawnRow struct {
	store.SaleRow
	On   date.Day
	By   date.Day        // when their money is back at the latest
	Left []store.SaleRow // its invoices that no credit note has taken back yet
}

// withdrawnTold is how long, in days, a withdrawal is told where nothing has to be given back.
const withdrawnTold = 14

// withdrawnRows returns the quotes of an activity that a consumer withdrew from and that still ask for something: an
// invoice to take back, or to be read within [withdrawnTold] days.
func withdrawnRows(tx *store.Tx, activityID int64, today date.Day) ([]WithdrawnRow, error) {
	set, err := tx.Settings()
	if err != nil {
		return nil, err
	}
	found, err := tx.WithdrawnSales(activityID)
	if err != nil {
		return nil, err
	}
	var all []WithdrawnRow
	for _, x := range found {
		r, err := withdrawnRow(tx, x, set.Zone)
		if err != nil {
			return nil, err
		}
		if len(r.Left) > 0 || r.On+withdrawnTold >= today {
			all = append(all, r)
		}
	}
	return all, nil
}

func withdrawnRow(tx *store.Tx, x store.WithdrawnSale, zone *time.Location) (WithdrawnRow, error) {
	r := WithdrawnRow{SaleRow: x.SaleRow, On: date.FromTime(time.UnixMicro(x.At).In(zone))}
	r.By = sale.RefundBy(r.On)
	made, err := tx.SalesFrom(x.ID)
	for _, m := range made {
		if m.Kind == sale.Invoice && m.Number != "" && m.Credited < m.Gross {
			r.Left = append(r.Left, m)
		}
	}
	return r, err
}

// Withdrawn returns what is left to do of a quote that its customer withdrew from.
func (o *Office) Withdrawn(ctx context.Context, a access.Actor, id int64) (r WithdrawnRow, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		d, _, err := document(tx, a, id)
		if err != nil {
			return err
		}
		if d.Signed.Withdrawn == 0 {
			return fault.New(fault.NotFound, "office.withdraw_none", "activity", "")
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		r, err = withdrawnRow(tx, store.WithdrawnSale{SaleRow: store.SaleRow{ID: id}, At: d.Signed.Withdrawn}, set.Zone)
		return err
	})
	return r, err
}
