package office

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"essaim/access"
	"essaim/coop"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/mail"
	"essaim/internal/store"
	"essaim/sale"
)

// Mailer hands a message over to the world.
type Mailer interface {
	Send(ctx context.Context, m mail.Message) error
}

const (
	jobRender = "document.render"
	jobMail   = "document.mail"
	jobLetter = "letter"
)

type renderArgs struct {
	Sale int64 `json:"sale"`
	Mail bool  `json:"mail"` // then mail it
	ID   int64 `json:"id"`   // row of the mail

	Signed bool `json:"signed,omitempty"` // to the customer who has just signed it
}

// Letter is a message of the program itself: a reset link, an invitation. It is kept only as long as its job.
type Letter struct {
	To      string `json:"to"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	Lang    string `json:"lang"`
}

// later enqueues a job in the transaction.
func (o *Office) later(tx *store.Tx, kind string, args any) error {
	_, err := tx.AddJob(kind, args, tx.Now())
	return err
}

// Work runs the jobs of every cooperative until ctx ends: when a commit announces some, and every minute for those whose
// retry is due. Those who wait for an answer come first: see [Office.makeWay].
func (o *Office) Work(ctx context.Context) {
	ctx = store.Behind(ctx)
	wake := make(chan struct{}, 1)
	o.db.OnCommit("jobs", func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		if err := o.drain(ctx, o.makeWay); err != nil && ctx.Err() == nil {
			slog.Error("jobs", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-tick.C:
		}
	}
}

// Drain runs the jobs that are due and returns when none is left.
func (o *Office) Drain(ctx context.Context) error {
	return o.drain(ctx, func(context.Context) {})
}

// While operations arrive faster than one in lull, jobs wait for a rest; after most without one, the next job is done all
// the same. A page that someone opens draws its document at once, whatever waits here.
const (
	lull = 20 * time.Millisecond
	most = 250 * time.Millisecond
)

// makeWay returns when nobody has asked for anything for a moment, or has kept asking for long enough.
func (o *Office) makeWay(ctx context.Context) {
	rest := time.NewTicker(lull)
	defer rest.Stop()
	for range most / lull {
		before := o.db.Asked()
		if before == o.seen.Swap(before) {
			return // nothing since the job before
		}
		select {
		case <-ctx.Done():
			return
		case <-rest.C:
		}
	}
}

func (o *Office) drain(ctx context.Context, before func(context.Context)) error {
	coops, err := o.db.CoopsWithJobs(ctx)
	if err != nil {
		return err
	}
	for _, id := range coops {
		for ctx.Err() == nil {
			before(ctx)
			job, ok, err := o.db.ClaimJob(ctx, id, 2*time.Minute)
			if err != nil {
				return err
			}
			if !ok {
				break
			}
			failed := o.run(ctx, id, job, before)
			if failed != nil {
				slog.Warn("job", "coop", id, "kind", job.Kind, "id", job.ID, "attempt", job.Attempt, "error", failed)
			}
			if err := o.db.FinishJob(ctx, id, job, failed); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

func (o *Office) run(ctx context.Context, coopID int64, job store.Job, before func(context.Context)) error {
	switch job.Kind {
	case jobSubscriptions:
		return o.draftsOfDay(ctx, coopID)
	case jobRun:
		var args runArgs
		if err := json.Unmarshal([]byte(job.Args), &args); err != nil {
			return err
		}
		return o.goOn(ctx, coopID, args.Run, before)
	case jobPaySlips:
		var args paySlipsArgs
		if err := json.Unmarshal([]byte(job.Args), &args); err != nil {
			return err
		}
		return o.filePaySlips(ctx, coopID, args.Slips)
	case jobRender:
		var args renderArgs
		if err := json.Unmarshal([]byte(job.Args), &args); err != nil {
			return err
		}
		_, _, err := o.file(ctx, coopID, args.Sale)
		return err
	case jobMail:
		var args renderArgs
		if err := json.Unmarshal([]byte(job.Args), &args); err != nil {
			return err
		}
		return o.mail(ctx, coopID, args, job)
	case jobClosings:
		return o.db.Write(ctx, coopID, func(tx *store.Tx) error {
			_, err := o.closeDue(tx, 0)
			return err
		})
	case jobReminder:
		return o.remindJob(ctx, coopID, job)
	case store.JobLoginNote:
		var n store.LoginNote
		if err := json.Unmarshal([]byte(job.Args), &n); err != nil {
			return err
		}
		return o.noteLogin(ctx, n, job)
	case jobSilence:
		var args silenceArgs
		if err := json.Unmarshal([]byte(job.Args), &args); err != nil {
			return err
		}
		return o.silence(ctx, coopID, args)
	case jobYearSilent:
		var args yearSilentArgs
		if err := json.Unmarshal([]byte(job.Args), &args); err != nil {
			return err
		}
		return o.yearSilent(ctx, coopID, args.Year)
	case jobLetter:
		var l Letter
		if err := json.Unmarshal([]byte(job.Args), &l); err != nil {
			return err
		}
		return o.letter(ctx, coopID, l, job)
	}
	return fmt.Errorf("unknown job %q", job.Kind)
}

// file returns the filed PDF of a validated document, rendering and filing it the first time. A repeat finds the file.
func (o *Office) file(ctx context.Context, coopID, id int64) (sale.Document, []byte, error) {
	var d sale.Document
	var paper sale.Paper
	err := o.db.Read(ctx, coopID, func(tx *store.Tx) error {
		var err error
		if d, err = tx.Sale(id); err != nil || d.File != "" {
			return err
		}
		f, err := o.facts(tx, d)
		if err != nil {
			return err
		}
		if err := wear(tx, d, &f); err != nil {
			return err
		}
		issued := d // the paper is that of the day of issue, however late it is rendered
		issued.Paid, issued.Credited = 0, 0
		paper = sale.Print(issued, f, i18n.For("fr"))
		return nil
	})
	if err != nil {
		return d, nil, err
	}
	if d.File != "" {
		b, err := o.files.Get(d.File)
		return d, b, err
	}
	if d.Number == "" {
		return d, nil, errNoFile
	}
	b, err := o.laidOut(paper)
	if err != nil {
		return d, nil, err
	}
	sha, err := o.files.Put(b)
	if err != nil {
		return d, nil, err
	}
	err = o.db.Write(ctx, coopID, func(tx *store.Tx) error {
		if d, err = tx.Sale(id); err != nil || d.File != "" {
			return err // someone else filed it
		}
		if err := tx.AddFile(sha, fileName(d), "application/pdf", int64(len(b))); err != nil {
			return err
		}
		d.File = sha
		return tx.SaveSale(&d)
	})
	return d, b, err
}

// fileName names the PDF as a customer finds it: "F-2026-0012.pdf".
func fileName(d sale.Document) string {
	if d.Number == "" {
		return string(d.Kind) + "-" + strconv.FormatInt(d.ID, 10) + ".pdf"
	}
	return strings.ReplaceAll(d.Number, "/", "-") + ".pdf"
}

// PDF returns a document as it leaves the house: the filed file once validated, otherwise a draft rendered now.
func (o *Office) PDF(ctx context.Context, a access.Actor, id int64) (name string, b []byte, err error) {
	s, err := o.Document(ctx, a, id)
	if err != nil {
		return "", nil, err
	}
	if s.Doc.Number != "" {
		d, b, err := o.file(ctx, a.Coop, id)
		return fileName(d), b, err
	}
	b, err = o.laidOut(sale.Print(s.Doc, s.Facts, i18n.For("fr")))
	return fileName(s.Doc), b, err
}

// Send mails a validated document to the customer; a quote goes with a link on which it can be accepted. to overrides the
// customer's address; word is put before the usual text.
func (o *Office) Send(ctx context.Context, a access.Actor, id int64, to, word string) (sale.Document, error) {
	to = strings.TrimSpace(to)
	if len(word) > 4000 {
		return sale.Document{}, fault.At("word", "ledger.text_long", "max", 4000)
	}
	return o.deed(ctx, a, id, 0, access.SendDocument, sale.DeedSend, to, 0, func(tx *store.Tx, d *sale.Document) error {
		customer, err := tx.Customer(d.Customer)
		if err != nil {
			return err
		}
		if to == "" {
			to = customer.Email
		}
		if to == "" {
			return fault.At("to", "office.mail_missing")
		}
		if coop.CheckEmail("to", to) != nil {
			return fault.At("to", "office.mail_address")
		}
		d.SentAt = tx.Now()
		return o.handOver(tx, *d, to, word)
	})
}

// handOver notes the mail of a document and enqueues the job that hands it over, once it is rendered.
func (o *Office) handOver(tx *store.Tx, d sale.Document, to, word string) error {
	act, err := tx.Activity(d.Activity)
	if err != nil {
		return err
	}
	p := i18n.For("fr")
	m := store.Mail{Sale: d.ID, Recipient: to, Subject: p.T("office.mail_subject."+string(d.Kind), "number", d.Number, "activity", act.Name, "title", d.Content.Title), State: "queued", Word: word}
	if err := tx.AddMail(&m); err != nil {
		return err
	}
	return o.later(tx, jobMail, renderArgs{Sale: d.ID, Mail: true, ID: m.ID})
}

// mail hands a document over. The Message-ID comes from the job, so that a repeat is recognised; a doubtful handing over
// is shown and not repeated by itself.
func (o *Office) mail(ctx context.Context, coopID int64, args renderArgs, job store.Job) error {
	if o.opt.Mail == nil {
		return nil // no way out is set up: the mail stays queued, and the page says so
	}
	d, file, err := o.file(ctx, coopID, args.Sale)
	if err != nil {
		return err
	}
	var row store.Mail
	var f sale.Facts
	link := ""
	err = o.db.Write(ctx, coopID, func(tx *store.Tx) error {
		if row, err = tx.MailByID(args.ID); err != nil {
			return err
		}
		if f, err = o.facts(tx, d); err != nil {
			return err
		}
		if d.Kind == sale.Quote {
			link, err = o.newLink(tx, d, f.Coop.Slug)
		}
		return err
	})
	if err != nil || row.State == "handed over" || row.State == "doubtful" {
		return err
	}
	p := i18n.For("fr")
	letter := string(d.Kind)
	switch {
	case args.Signed:
		letter = "signed"
	case d.Kind == sale.Quote && !sale.SignsOnline(d, f.Customer):
		letter = "shop"
	}
	text := p.T("office.mail_text."+letter, "pay", payWords(p, d, f.Coop.IBAN), "customer", cmp.Or(f.Customer.Contact, f.Customer.FullName()), "number", d.Number, "title", d.Content.Title, "gross", d.Totals.Gross, "due", d.Due, "until", d.Content.ValidUntil, "link", link, "activity", f.Activity.Name, "coop", f.Coop.Name)
	if row.Word != "" {
		text = row.Word + "\n\n" + text
	}
	replyTo := f.Activity.Email
	if replyTo == "" {
		replyTo = f.Coop.Email
	}
	err = o.opt.Mail.Send(ctx, mail.Message{
		ID: fmt.Sprintf("%d.%d.%d", coopID, job.ID, args.ID), From: f.Activity.Name + " · " + f.Coop.Name, FromAddress: f.Coop.Email, ReplyTo: replyTo,
		To: []string{row.Recipient}, Subject: row.Subject, Text: text, Lang: "fr",
		Attachments: []mail.Attachment{{Name: fileName(d), Media: "application/pdf", Bytes: file}},
	})
	state, told := "handed over", ""
	switch {
	case errors.Is(err, mail.ErrDoubtful):
		state, told, err = "doubtful", err.Error(), nil
	case errors.Is(err, mail.ErrPermanent):
		state, told, err = "failed", err.Error(), nil
	case err != nil:
		return err // the job comes back later
	}
	return errors.Join(err, o.db.Write(ctx, coopID, func(tx *store.Tx) error { return tx.SetMail(args.ID, state, told) }))
}

// payWords tell a customer what remains to be paid of an invoice, and where, as far as it is so: the account is named here
// because the document, made when the invoice was validated, may be without.
func payWords(p i18n.Printer, d sale.Document, iban string) string {
	if d.Kind != sale.Invoice {
		return ""
	}
	rest, _ := sale.Owing(d)
	words := p.T("office.mail_due", "due", d.Due)
	switch {
	case rest <= 0:
		return p.T("office.mail_paid")
	case rest < d.Totals.Own().Gross:
		words = p.T("office.mail_rest", "amount", d.Content.Sum(rest), "due", d.Due)
	}
	if iban != "" {
		words += " " + p.T("office.mail_iban", "iban", coop.Group(coop.Digits(iban), 4), "number", d.Number)
	}
	return words
}

// SendLetter enqueues a letter of the program: a reset link, an invitation. It leaves from the cooperative the recipient
// belongs to; one who belongs to none yet is written to by the first.
func (o *Office) SendLetter(ctx context.Context, m mail.Message) error {
	if len(m.To) != 1 {
		return fmt.Errorf("letter to %d people", len(m.To))
	}
	var login store.Login
	if err := o.db.Read(ctx, 0, func(tx *store.Tx) (err error) {
		login, _, err = tx.LoginByEmail(store.CleanEmail(m.To[0]))
		return err
	}); err != nil {
		return err
	}
	at := int64(0)
	if places, err := o.db.Memberships(ctx, login.ID); err != nil {
		return err
	} else if len(places) > 0 {
		at = places[0].Coop
	}
	if at == 0 {
		all, err := o.db.Cooperatives(ctx)
		if err != nil || len(all) == 0 {
			return errors.Join(err, errors.New("a letter before any cooperative"))
		}
		at = all[0].ID
	}
	return o.db.Write(ctx, at, func(tx *store.Tx) error {
		return o.later(tx, jobLetter, Letter{To: m.To[0], Subject: m.Subject, Text: m.Text, Lang: m.Lang})
	})
}

func (o *Office) letter(ctx context.Context, coopID int64, l Letter, job store.Job) error {
	if o.opt.Mail == nil {
		return nil
	}
	var from, name string
	if err := o.db.Read(ctx, coopID, func(tx *store.Tx) error {
		set, err := tx.Settings()
		if err == nil {
			from, name = set.Coop.Email, set.Coop.Name
		}
		return err
	}); err != nil {
		return err
	}
	err := o.opt.Mail.Send(ctx, mail.Message{ID: fmt.Sprintf("%d.%d.letter", coopID, job.ID), From: name, FromAddress: from, To: []string{l.To}, Subject: l.Subject, Text: l.Text, Lang: l.Lang})
	if errors.Is(err, mail.ErrDoubtful) || errors.Is(err, mail.ErrPermanent) {
		slog.Warn("letter", "coop", coopID, "error", err)
		return nil
	}
	return err
}
