package office

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"unicode/utf8"

	"essaim/access"
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
	"essaim/internal/store"
	"essaim/money"
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
	content, err := sale.SignedHash(d)
	if err == nil {
		err = tx.AddLink(d.ID, sum[:], content, until+30)
	}
	if err != nil {
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

func (o *Office) linked(tx *store.Tx, token string) (sale.Document, sale.Facts, store.Link, error) {
	sum := sha256.Sum256([]byte(token))
	d, l, err := tx.SaleByLink(sum[:])
	if err != nil {
		return d, sale.Facts{}, l, err
	}
	f, err := o.facts(tx, d)
	if err == nil {
		err = wear(tx, d, &f)
	}
	if err != nil || l.Revoked == 0 && l.Expires >= f.Today {
		return d, f, l, err
	}
	// Whoever may withdraw does it here: neither the day of the link nor who made it takes that away.
	if l.Used != 0 || d.Signed.At != 0 {
		if _, may, err := withdrawal(tx, d, f); err != nil || may || d.Signed.Withdrawn != 0 {
			return d, f, l, err
		}
	}
	if l.Revoked != 0 {
		return d, f, l, fault.New(fault.NotFound, "office.link_revoked", "activity", f.Activity.Name)
	}
	return d, f, l, fault.New(fault.NotFound, "office.link_over")
}

// changedSince says whether a quote is no longer what a link was made for. One that was accepted is what was signed.
func changedSince(d sale.Document, l store.Link) (bool, error) {
	if l.Content == "" || d.Status == sale.Accepted {
		return false, nil
	}
	now, err := sale.SignedHash(d)
	return now != l.Content, err
}

// LinkView is a quote as the customer who follows its link finds it.
type LinkView struct {
	Paper   sale.Paper
	Doc     sale.Document
	Choices []sale.Choice
	Total   money.Cents // of what is taken: what is agreed to
	Changed bool        // since the link was made: it is read, and not signed
	Shop    bool        // it is signed in the premises of the activity, and not here

	Consumer bool // whom an order obliges to pay is told so on the button (Code de la consommation L221-14)

	MayWithdraw bool     // from what was accepted
	Until       date.Day // the last day to withdraw; 0: not known before the goods are delivered
	Mail        string   // where the customer is written to
}

// OpenLink returns a quote for the customer who follows its link. The first opening is noted.
func (o *Office) OpenLink(ctx context.Context, coopID int64, token, lang string) (v LinkView, err error) {
	return o.openLink(ctx, coopID, token, lang, nil)
}

// TryLink is [Office.OpenLink] with what the customer has ticked so far.
func (o *Office) TryLink(ctx context.Context, coopID int64, token, lang string, a Agreement) (v LinkView, err error) {
	return o.openLink(ctx, coopID, token, lang, &a)
}

func (o *Office) openLink(ctx context.Context, coopID int64, token, lang string, tried *Agreement) (v LinkView, err error) {
	var f sale.Facts
	seen := false
	err = o.db.Read(ctx, coopID, func(tx *store.Tx) error {
		var l store.Link
		if v.Doc, f, l, err = o.linked(tx, token); err != nil {
			return err
		}
		if v.Changed, err = changedSince(v.Doc, l); err != nil {
			return err
		}
		v.Consumer = f.Customer.Kind == sale.Consumer
		v.Shop, v.Mail = !sale.SignsOnline(v.Doc, f.Customer), f.Customer.Email
		if v.Until, v.MayWithdraw, err = withdrawal(tx, v.Doc, f); err != nil {
			return err
		}
		events, err := tx.Events(v.Doc.ID)
		for _, e := range events {
			seen = seen || e.Deed == "opened_by_customer"
		}
		return err
	})
	if err != nil {
		return v, err
	}
	if !seen {
		err = o.db.Write(ctx, coopID, func(tx *store.Tx) error {
			return o.log(tx, access.Actor{Name: f.Customer.FullName()}, &v.Doc, "opened_by_customer", "", 0)
		})
	}
	shown := v.Doc
	if tried != nil && shown.Status != sale.Accepted && shown.Content.HasChoices() {
		if c, err := shown.Content.Choose(tried.Options, tried.Variants); err == nil {
			shown.Content = c
			if t, err := sale.Amounts(shown, f); err == nil {
				shown.Totals = t
			}
		}
	}
	v.Choices, v.Total = shown.Content.Choices(f.Taxes), agreedTotal(shown)
	v.Paper = sale.Print(shown, f, i18n.For(lang))
	return v, err
}

// checkSigner: the name will stand on the paper.
func checkSigner(name string) error {
	if n := utf8.RuneCountInString(name); n < 2 || n > 120 {
		return fault.At("name", "office.sign_name")
	}
	return coop.CheckText("name", name)
}

// Agreement is what a customer gives on the link of a quote.
type Agreement struct {
	Name     string
	Words    string            // as they typed them
	Drawn    string            // the strokes of their signature; "" when they typed only
	Address  string            // network address
	Agent    string            // what their browser says it is
	Options  []string          // that they take
	Variants map[string]string // choice → alternative
	Shown    *money.Cents      // the total that stood on the page, where something was to be chosen; nil: not a page
}

// agreedTotal is the total of a quote in its own currency.
func agreedTotal(d sale.Document) money.Cents {
	if d.Totals.Foreign != nil {
		return d.Totals.Foreign.Gross
	}
	return d.Totals.Gross
}

// SignQuote is the customer's agreement on the link: who, when, from where and the hash of what was accepted are kept, and
// chained. The same person's second click changes nothing; a link that has served, that was withdrawn, that is over or that
// was made for another content is refused in words.
func (o *Office) SignQuote(ctx context.Context, coopID int64, token string, g Agreement) (sale.Document, error) {
	var d sale.Document
	g.Name, g.Agent = strings.TrimSpace(g.Name), strings.ToValidUTF8(clipped(g.Agent, 300), "")
	if err := errors.Join(checkSigner(g.Name), sale.CheckDrawn(g.Drawn)); err != nil {
		return d, err
	}
	err := o.db.Write(ctx, coopID, func(tx *store.Tx) error {
		var f sale.Facts
		var l store.Link
		var err error
		if d, f, l, err = o.linked(tx, token); err != nil {
			return err
		}
		if d.Status == sale.Accepted {
			if d.Signed.Name == g.Name && !d.Signed.Recorded {
				return nil
			}
			return fault.New(fault.Conflict, "office.link_used", "name", d.Signed.Name)
		}
		if !sale.SignsOnline(d, f.Customer) {
			return fault.New(fault.Conflict, "office.link_shop", "activity", f.Activity.Name)
		}
		if sale.State(d, f.Today) == "expired" {
			return fault.New(fault.Conflict, "office.quote_expired", "until", d.Content.ValidUntil)
		}
		if changed, err := changedSince(d, l); err != nil || changed {
			return cmp.Or(err, error(fault.New(fault.Conflict, "office.link_changed", "activity", f.Activity.Name)))
		}
		proof := sale.Proof{Name: g.Name, Address: g.Address, Agent: g.Agent, Words: g.Words, Drawn: g.Drawn, Link: hex.EncodeToString(l.Hash)}
		if err := o.agree(tx, access.Actor{Coop: coopID, System: true, Name: g.Name}, &d, f, g, proof, func() error { return tx.UseLink(l.Hash) }); err != nil {
			return err
		}
		return o.sendSigned(tx, d, f)
	})
	return d, err
}

func clipped(s string, max int) string {
	if len(s) > max {
		s = s[:max]
	}
	return s
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
		d, _, _, err = o.linked(tx, token)
		return err
	}); err != nil {
		return "", nil, err
	}
	d, b, err = o.file(ctx, coopID, d.ID)
	return fileName(d), b, err
}

func (o *Office) accept(tx *store.Tx, a access.Actor, d *sale.Document, p sale.Proof) error {
	to, err := d.Next(sale.DeedAccept)
	if err != nil {
		return err
	}
	if p.Hash, err = sale.SignedHash(*d); err != nil {
		return err
	}
	p.Sale, p.Number, p.Gross, p.At = d.ID, d.Number, d.Totals.Gross, tx.Now()
	d.Status, d.Signed = to, sale.Signature{Name: p.Name, At: p.At, Address: p.Address, Hash: p.Hash, Recorded: p.Recorded}
	d.File = "" // the paper now bears the trace of the signature: it is filed anew
	if err := tx.AddSignature(p); err != nil {
		return err
	}
	if err := tx.SaveSale(d); err != nil {
		return err
	}
	if err := o.log(tx, a, d, string(sale.DeedAccept), p.Name, 0); err != nil {
		return err
	}
	return o.later(tx, jobRender, renderArgs{Sale: d.ID})
}

// RecordAcceptance records that a customer accepted a quote by other means: a signed paper, a message. What they took of its
// options and variants is said as on the link, and is what was accepted.
func (o *Office) RecordAcceptance(ctx context.Context, a access.Actor, id int64, g Agreement, on date.Day) (sale.Document, error) {
	var d sale.Document
	g.Name = strings.TrimSpace(g.Name)
	if err := checkSigner(g.Name); err != nil {
		return d, err
	}
	err := o.writeOnce(ctx, a, "accept", []any{id, g, on}, reread(&d), func(tx *store.Tx) (int64, error) {
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
		if _, err := d.Next(sale.DeedAccept); err != nil {
			return 0, err
		}
		f, err := o.facts(tx, d)
		if err != nil {
			return 0, err
		}
		return id, o.agree(tx, a, &d, f, g, sale.Proof{Name: g.Name, Recorded: true, By: a.Person}, nil)
	})
	return d, err
}

// agree makes of a quote what its customer took and accepts it; after is what else is to be done with it then.
func (o *Office) agree(tx *store.Tx, a access.Actor, d *sale.Document, f sale.Facts, g Agreement, proof sale.Proof, after func() error) error {
	var err error
	chosen := d.Content.HasChoices()
	if chosen {
		if d.Content, err = d.Content.Choose(g.Options, g.Variants); err != nil {
			return err
		}
		if d.Totals, err = sale.Amounts(*d, f); err != nil {
			return err
		}
		if total := agreedTotal(*d); g.Shown != nil && *g.Shown != total { // nobody agrees to a price they have not seen
			return fault.At("total", "office.link_total", "amount", i18n.Sum{Amount: total, Currency: d.Content.Currency})
		}
	}
	if err := o.accept(tx, a, d, proof); err != nil {
		return err
	}
	if after != nil {
		if err := after(); err != nil {
			return err
		}
	}
	if chosen { // what was frozen when it was validated is now what was chosen
		_, err = tx.AddValidation(d)
	}
	return err
}

// RevokeLinks withdraws the links of a quote: whoever follows one is told so, and whom to ask for another.
func (o *Office) RevokeLinks(ctx context.Context, a access.Actor, id int64) error {
	return o.write(ctx, a, func(tx *store.Tx) error {
		d, s, err := document(tx, a, id)
		if err != nil {
			return err
		}
		if err := can(a, access.SendDocument, s); err != nil {
			return err
		}
		n, err := tx.RevokeLinks(id)
		if err != nil || n == 0 {
			return err
		}
		return o.log(tx, a, &d, "revoke", "", 0)
	})
}

// ProofView is what is kept of a customer's agreement, for who may see the quote.
type ProofView struct {
	sale.Proof
	Doc     sale.Document
	Content []byte // what was agreed to: its SHA-256 is the hash
	Whole   bool   // it still is
}

// Proof returns what is kept of the agreement to a quote.
func (o *Office) Proof(ctx context.Context, a access.Actor, id int64) (v ProofView, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if v.Doc, _, err = document(tx, a, id); err != nil {
			return err
		}
		if v.Doc.Signed.At == 0 {
			return fault.New(fault.Conflict, "office.proof_none")
		}
		found := false
		if v.Proof, found, err = tx.Signature(id); err != nil {
			return err
		}
		if !found { // accepted before proofs were kept
			g := v.Doc.Signed
			v.Proof = sale.Proof{Sale: id, Number: v.Doc.Number, Hash: g.Hash, Gross: v.Doc.Totals.Gross, Name: g.Name, At: g.At, Address: g.Address, Recorded: g.Recorded}
		}
		if v.Content, err = sale.SignedContent(v.Doc); err != nil {
			return err
		}
		sum := sha256.Sum256(v.Content)
		v.Whole = hex.EncodeToString(sum[:]) == v.Hash
		return nil
	})
	return v, err
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
