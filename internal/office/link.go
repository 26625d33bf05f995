package office

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/sale"
)

// newLink makes the random public reference of a quote. Only its hash is kept, so that the database opens no quote.
func (o *Office) newLink(tx *store.Tx, d sale.Document, slug string) (string, error) {
	var b [18]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	token := base64.RawURLEncoding.EncodeToString(b[:])
	sum := sha256.Sum256([]byte(token))
	until := d.Content.ValidUntil
	if until == 0 {
		until = d.Date + 90
	}
	// A customer may still read what was signed for a month after the offer ended.
	if err := tx.AddLink(d.ID, sum[:], until+30); err != nil {
		return "", err
	}
	return strings.TrimSuffix(o.opt.PublicURL, "/") + "/" + slug + "/d/" + token, nil
}

// Link makes a link on which a customer opens and signs a quote, for the entrepreneur to hand over by other means.
func (o *Office) Link(ctx context.Context, a access.Actor, id int64) (string, error) {
	link := ""
	_, err := o.deed(ctx, a, id, 0, access.SendDocument, sale.DeedSend, "link", 0, func(tx *store.Tx, d *sale.Document) error {
		if d.Kind != sale.Quote {
			return fault.New(fault.Conflict, "sale.fault.quotes_only")
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		d.SentAt = tx.Now()
		link, err = o.newLink(tx, *d, set.Coop.Slug)
		return err
	})
	return link, err
}

func (o *Office) linked(tx *store.Tx, token string) (sale.Document, sale.Facts, error) {
	sum := sha256.Sum256([]byte(token))
	d, expires, err := tx.SaleByLink(sum[:])
	if err != nil {
		return d, sale.Facts{}, err
	}
	f, err := o.facts(tx, d)
	if err == nil && expires < f.Today {
		err = fault.New(fault.NotFound, "office.link_over")
	}
	return d, f, err
}

// OpenLink returns a quote for the customer who follows its link. The first opening is noted.
func (o *Office) OpenLink(ctx context.Context, coopID int64, token, lang string) (sale.Paper, sale.Document, error) {
	var d sale.Document
	var f sale.Facts
	seen := false
	err := o.db.Read(ctx, coopID, func(tx *store.Tx) error {
		var err error
		if d, f, err = o.linked(tx, token); err != nil {
			return err
		}
		events, err := tx.Events(d.ID)
		for _, e := range events {
			seen = seen || e.Deed == "opened_by_customer"
		}
		return err
	})
	if err != nil {
		return sale.Paper{}, d, err
	}
	if !seen {
		err = o.db.Write(ctx, coopID, func(tx *store.Tx) error {
			return o.log(tx, access.Actor{Name: f.Customer.FullName()}, &d, "opened_by_customer", "", 0)
		})
	}
	return sale.Print(d, f, i18n.For(lang)), d, err
}

// checkSigner: the name will stand on the paper.
func checkSigner(name string) error {
	if n := utf8.RuneCountInString(name); n < 2 || n > 120 {
		return fault.At("name", "office.sign_name")
	}
	return coop.CheckText("name", name)
}

// SignQuote is the customer's agreement on the link: name, instant, network address and the hash of what was accepted
// are kept. A second signature of the same quote changes nothing.
func (o *Office) SignQuote(ctx context.Context, coopID int64, token, name, address string) (sale.Document, error) {
	var d sale.Document
	name = strings.TrimSpace(name)
	if err := checkSigner(name); err != nil {
		return d, err
	}
	err := o.db.Write(ctx, coopID, func(tx *store.Tx) error {
		var f sale.Facts
		var err error
		if d, f, err = o.linked(tx, token); err != nil {
			return err
		}
		if d.Status == sale.Accepted {
			return nil
		}
		if sale.State(d, f.Today) == "expired" {
			return fault.New(fault.Conflict, "office.quote_expired", "until", d.Content.ValidUntil)
		}
		if err := o.accept(tx, access.Actor{Coop: coopID, System: true, Name: name}, &d, sale.Signature{Name: name, Address: address}); err != nil {
			return err
		}
		return o.sendSigned(tx, d, f)
	})
	return d, err
}

// sendSigned mails the customer a copy of what was just signed, when there is an address.
func (o *Office) sendSigned(tx *store.Tx, d sale.Document, f sale.Facts) error {
	if !strings.Contains(f.Customer.Email, "@") {
		return nil
	}
	m := store.Mail{Sale: d.ID, Recipient: f.Customer.Email, State: "queued",
		Subject: i18n.For("fr").T("office.mail_subject.signed", "number", d.Number, "activity", f.Activity.Name)}
	if err := tx.AddMail(&m); err != nil {
		return err
	}
	return o.later(tx, jobMail, renderArgs{Sale: d.ID, Mail: true, ID: m.ID, Signed: true})
}

// LinkPDF returns the filed PDF of a quote to the customer who follows its link: signed once it is.
func (o *Office) LinkPDF(ctx context.Context, coopID int64, token string) (name string, b []byte, err error) {
	var d sale.Document
	if err := o.db.Read(ctx, coopID, func(tx *store.Tx) error {
		d, _, err = o.linked(tx, token)
		return err
	}); err != nil {
		return "", nil, err
	}
	d, b, err = o.file(ctx, coopID, d.ID)
	return fileName(d), b, err
}

func (o *Office) accept(tx *store.Tx, a access.Actor, d *sale.Document, s sale.Signature) error {
	to, err := d.Next(sale.DeedAccept)
	if err != nil {
		return err
	}
	if s.Hash, err = sale.SignedHash(*d); err != nil {
		return err
	}
	s.At = tx.Now()
	d.Status, d.Signed = to, s
	d.File = "" // the paper now bears the trace of the signature: it is filed anew
	if err := tx.SaveSale(d); err != nil {
		return err
	}
	if err := o.log(tx, a, d, string(sale.DeedAccept), s.Name, 0); err != nil {
		return err
	}
	return o.later(tx, jobRender, renderArgs{Sale: d.ID})
}

// RecordAcceptance records that a customer accepted a quote by other means: a signed paper, a message.
func (o *Office) RecordAcceptance(ctx context.Context, a access.Actor, id int64, name string, on date.Day) (sale.Document, error) {
	var d sale.Document
	name = strings.TrimSpace(name)
	if err := checkSigner(name); err != nil {
		return d, err
	}
	err := o.writeOnce(ctx, a, "accept", []any{id, name, on}, reread(&d), func(tx *store.Tx) (int64, error) {
		var s access.Subject
		var err error
		if d, s, err = document(tx, a, id); err != nil {
			return 0, err
		}
		if err := can(a, access.SendDocument, s); err != nil {
			return 0, err
		}
		if on != 0 && (on > a.Today || d.Date != 0 && on < d.Date) {
			return 0, fault.At("on", "office.accept_day", "from", d.Date, "to", a.Today)
		}
		return id, o.accept(tx, a, &d, sale.Signature{Name: name, Recorded: true})
	})
	return d, err
}

// RefuseQuote records that the customer declined; Reopen makes the quote a draft again under its number.
func (o *Office) RefuseQuote(ctx context.Context, a access.Actor, id int64) (sale.Document, error) {
	return o.deed(ctx, a, id, 0, access.SendDocument, sale.DeedRefuse, "", 0, nil)
}

// Reopen makes a quote a draft again under its number.
func (o *Office) Reopen(ctx context.Context, a access.Actor, id int64) (sale.Document, error) {
	return o.deed(ctx, a, id, 0, access.DraftDocument, sale.DeedReopen, "", 0, func(_ *store.Tx, d *sale.Document) error {
		d.File, d.SentAt, d.Signed = "", 0, sale.Signature{}
		return nil
	})
}
