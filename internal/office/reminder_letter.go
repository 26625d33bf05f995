package office

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"essaim/access"
	"essaim/activity"
	"essaim/coop"
	"essaim/fault"
	"essaim/format/pdf"
	"essaim/i18n"
	"essaim/internal/mail"
	"essaim/internal/store"
	"essaim/sale"
)

const jobReminder = "reminder"

type reminderArgs struct {
	Reminder int64 `json:"reminder"`
}

// copiesMost bounds the invoices that a reminder carries along as copies.
const copiesMost = 5

// reminderPaper is what the letter of a reminder is made of.
type reminderPaper struct {
	ReminderSheet
	coop     coop.Cooperative
	activity activity.Activity
	look     activity.Look
}

func readReminder(tx *store.Tx, id int64) (r reminderPaper, err error) {
	set, err := tx.Settings()
	if err != nil {
		return r, err
	}
	r.coop = set.Coop
	if r.Reminder, err = tx.Reminder(id); err != nil {
		return r, err
	}
	if r.Customer, err = tx.Customer(r.Reminder.Customer); err != nil {
		return r, err
	}
	if r.activity, err = tx.Activity(r.Activity); err != nil {
		return r, err
	}
	if r.look, err = tx.LookAt(r.Activity, r.At); err != nil {
		return r, err
	}
	r.Invoices, err = reminded(tx, r.Items)
	return r, err
}

// letter writes the paper: what is owed as it was on the day of the reminder, whatever came since.
func (r reminderPaper) letter(p i18n.Printer) pdf.Letter {
	c := r.coop
	address := func(a coop.Address) (list []string) {
		for _, t := range []string{a.Line1, a.Line2, strings.TrimSpace(a.Zip + " " + a.City)} {
			if t != "" {
				list = append(list, t)
			}
		}
		if a.Country != "" && a.Country != "FR" {
			list = append(list, p.Country(a.Country))
		}
		return list
	}
	l := pdf.Letter{
		Lang: p.Lang(), Brand: cmp.Or(r.look.Name, r.activity.Name), Look: sale.LookOf(r.look), Under: append([]string{p.T("paper.under", "coop", c.Name)}, address(c.Address)...),
		To: []string{r.Customer.FullName()}, Title: r.Title, Text: r.Word, Day: r.Day, Place: p.T("office.reminder_place", "city", c.Address.City, "day", r.Day),
		Foot: []string{c.Name + ", " + c.LegalForm, "SIREN\u00a0" + coop.GroupSIREN(c.SIREN)},
	}
	if r.Customer.Contact != "" && r.Customer.Kind != sale.Consumer {
		l.To = append(l.To, p.T("paper.attention", "name", r.Customer.Contact))
	}
	l.To = append(l.To, address(r.Customer.Address)...)
	for _, t := range []string{r.activity.Email, r.activity.Phone} {
		if t != "" {
			l.Under = append(l.Under, t)
		}
	}
	l.Under = append(l.Under, r.look.Lines...)
	more := r.Interest > 0 || r.Forty > 0
	cols := []pdf.Column{{Title: p.T("office.reminder_col_invoice"), Weight: 1}, {Title: p.T("office.reminder_col_day")}, {Title: p.T("office.reminder_col_due")}, {Title: p.T("office.reminder_col_gross"), Right: true}, {Title: p.T("office.reminder_col_left"), Right: true}}
	if more {
		cols = append(cols, pdf.Column{Title: p.T("office.reminder_col_late"), Right: true})
	}
	l.Table.Columns = cols
	order := make([]int, len(r.Items))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.Invoices[a].Due, r.Invoices[b].Due) })
	for _, i := range order {
		inv, it := r.Invoices[i], r.Items[i]
		cells := []string{strings.TrimSuffix(inv.Number+" · "+inv.Title, " · "), p.Day(inv.Day), p.Day(inv.Due), p.Sum(inv.Own.Whole(inv.Gross)), p.Sum(inv.Asked(it.Owed))}
		if more {
			cells = append(cells, p.Euros(it.Interest+it.Forty))
		}
		l.Table.Rows = append(l.Table.Rows, pdf.Row{Cells: cells})
	}
	l.Table.Foot = []string{p.T("office.reminder_total"), "", "", "", r.sum(p, 0)}
	if more {
		l.Table.Foot = append(l.Table.Foot, p.Euros(r.Interest+r.Forty))
	}
	switch {
	case r.Customer.Kind == sale.Public && more:
		l.After = append(l.After, p.T("office.reminder_law_public", "interest", r.Interest, "forty", r.Forty, "total", r.sum(p, r.Interest+r.Forty)))
	case more:
		l.After = append(l.After, p.T("office.reminder_law", "interest", r.Interest, "forty", r.Forty, "total", r.sum(p, r.Interest+r.Forty)))
	}
	if c.IBAN != "" {
		numbers := make([]string, len(order))
		for k, i := range order {
			numbers[k] = r.Invoices[i].Number
		}
		ref := strings.Join(numbers, ", ")
		if len([]rune(ref)) > 100 {
			ref = numbers[0] + " … " + numbers[len(numbers)-1]
		}
		l.Pay = []sale.Pair{{Label: p.T("paper.transfer_to"), Value: c.Name}, {Label: "IBAN", Value: coop.Group(coop.Digits(c.IBAN), 4)}}
		if c.BIC != "" {
			l.Pay = append(l.Pay, sale.Pair{Label: "BIC", Value: c.BIC})
		}
		l.Pay = append(l.Pay, sale.Pair{Label: p.T("paper.reference"), Value: ref})
		whole := sale.Document{Kind: sale.Invoice, Number: ref}
		whole.Totals.Gross = r.Owed + r.Interest + r.Forty
		if i := slices.IndexFunc(r.Invoices, func(x store.OpenSale) bool { return x.Currency != "" }); i >= 0 { // the code asks for euros
			whole.Content.Currency = r.Invoices[i].Currency
		}
		l.Code = sale.TransferCode(whole, c)
	}
	return l
}

// fileReminder returns the filed letter of a reminder, laying it out the first time.
func (o *Office) fileReminder(ctx context.Context, coopID, id int64) (r reminderPaper, b []byte, err error) {
	if err = o.db.Read(ctx, coopID, func(tx *store.Tx) error {
		r, err = readReminder(tx, id)
		return err
	}); err != nil {
		return r, nil, err
	}
	if r.File != "" {
		b, err = o.files.Get(r.File)
		return r, b, err
	}
	letter := r.letter(i18n.For("fr"))
	if err = o.logo(&letter.Look); err != nil {
		return r, nil, err
	}
	if b, err = pdf.Write(letter); err != nil {
		return r, nil, err
	}
	sha, err := o.files.Put(b)
	if err != nil {
		return r, nil, err
	}
	r.File = sha
	return r, b, o.db.Write(ctx, coopID, func(tx *store.Tx) error {
		if err := tx.AddFile(sha, r.fileName(), "application/pdf", int64(len(b))); err != nil {
			return err
		}
		return tx.FileReminder(id, sha)
	})
}

// fileName is what a customer finds: "relance-2026-11-22-128.pdf".
func (r reminderPaper) fileName() string {
	return "relance-" + r.Day.String() + "-" + strconv.FormatInt(r.ID, 10) + ".pdf"
}

// ReminderPDF returns the letter of a reminder.
func (o *Office) ReminderPDF(ctx context.Context, a access.Actor, id int64) (name string, b []byte, err error) {
	s, err := o.Reminder(ctx, a, id)
	if err != nil {
		return "", nil, err
	}
	r, b, err := o.fileReminder(ctx, a.Coop, s.ID)
	return r.fileName(), b, err
}

// remindJob files the letter of a reminder and, when it goes by mail, hands it over with copies of its invoices. The
// Message-ID comes from the job; a doubtful handing over is shown and not repeated by itself.
func (o *Office) remindJob(ctx context.Context, coopID int64, job store.Job) error {
	var args reminderArgs
	if err := json.Unmarshal([]byte(job.Args), &args); err != nil {
		return err
	}
	r, file, err := o.fileReminder(ctx, coopID, args.Reminder)
	if err != nil || r.Mail == 0 || o.opt.Mail == nil || r.MailState == "handed over" || r.MailState == "doubtful" {
		return err
	}
	m := mail.Message{
		ID: fmt.Sprintf("%d.%d.%d", coopID, job.ID, r.Mail), From: r.activity.Name + " · " + r.coop.Name, FromAddress: r.coop.Email, ReplyTo: cmp.Or(r.activity.Email, r.coop.Email),
		To: []string{r.Recipient}, Subject: r.Title, Text: r.Word, Lang: "fr", Attachments: []mail.Attachment{{Name: r.fileName(), Media: "application/pdf", Bytes: file}},
	}
	if len(r.Invoices) <= copiesMost {
		for _, inv := range r.Invoices {
			d, b, err := o.file(ctx, coopID, inv.ID)
			if errors.Is(err, errNoFile) || fault.KindOf(err) == fault.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			m.Attachments = append(m.Attachments, mail.Attachment{Name: fileName(d), Media: "application/pdf", Bytes: b})
		}
	}
	err = o.opt.Mail.Send(ctx, m)
	state, told := "handed over", ""
	switch {
	case errors.Is(err, mail.ErrDoubtful):
		state, told, err = "doubtful", err.Error(), nil
	case errors.Is(err, mail.ErrPermanent):
		state, told, err = "failed", err.Error(), nil
	case err != nil:
		return err // the job comes back later
	}
	return errors.Join(err, o.db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.SetMail(r.Mail, state, told) }))
}
