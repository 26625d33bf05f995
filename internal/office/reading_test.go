package office_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"essaim/fault"
	"essaim/internal/mail"
	"essaim/internal/mail/smtptest"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/money"
	"essaim/sale"
)

func deeds(s office.Sheet) string {
	var list []string
	for _, e := range s.Events {
		list = append(list, e.Deed)
	}
	return strings.Join(list, " ")
}

// A reader's correction and word go with the deed, in one operation: the invoice is booked at what was mended, and when
// the deed is refused nothing of them stays.
func TestDecideCarriesCorrection(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		customer := h.customer(t)
		d, err := h.CreateAndSubmit(ctx, h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Content: services(1_010_00)}, "")
		if err != nil {
			t.Fatal(err)
		}
		mended := d.Content
		mended.Lines = append([]sale.Line(nil), d.Content.Lines...)
		mended.Lines[0].Price = money.Cents(1_200_00).Micro()
		wrong := mended
		wrong.Lines = append([]sale.Line(nil), mended.Lines...)
		wrong.Lines[0].Label = ""
		if _, err := h.Decide(ctx, h.gestionary, d.ID, sale.DeedValidate, office.Reading{Version: d.Version, Mended: &wrong, Word: "Voilà"}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a line without words: %v", err)
		}
		if _, err := h.Decide(ctx, h.ada, d.ID, sale.DeedValidate, office.Reading{Mended: &mended}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("one's own: %v", err)
		}
		if sheet, err := h.Document(ctx, h.ada, d.ID); err != nil || deeds(sheet) != "submit" || sheet.Doc.Version != d.Version {
			t.Fatalf("after refusals: %s, version %d, %v", deeds(sheet), sheet.Doc.Version, err)
		}
		if _, err = h.Decide(ctx, h.gestionary, d.ID, sale.DeedValidate, office.Reading{Version: d.Version, Mended: &mended, Word: "Le prix est celui du devis.", Line: 1}); err != nil {
			t.Fatal(err)
		}
		sheet, err := h.Document(ctx, h.ada, d.ID)
		if err != nil || sheet.Doc.Totals.Gross != 1_440_00 || sheet.Doc.Number == "" || deeds(sheet) != "submit amended amend comment validate" {
			t.Errorf("issued %q at %v: %s, %v", sheet.Doc.Number, sheet.Doc.Totals.Gross, deeds(sheet), err)
		}
		if e := sheet.Events[3]; e.Comment != "Le prix est celui du devis." || e.Line != 1 || e.ByName != "Jean Roux" {
			t.Errorf("the word is %+v", e)
		}
		var owed money.Cents
		if err := db.Read(ctx, h.coop, func(tx *store.Tx) error {
			e, err := tx.Entry(sheet.Doc.Entry)
			for _, l := range e.Lines {
				if strings.HasPrefix(l.Account, "411") {
					owed += l.Amount
				}
			}
			return err
		}); err != nil || owed != 1_440_00 {
			t.Errorf("the books hold %v, %v", owed, err)
		}
	})
}

// What is to leave by mail leaves as soon as it is validated, by the same path as the button and with the same trace;
// what says nothing stays until someone sends it.
func TestSentWhenValidated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := smtptest.Start(t)
		sender, err := mail.New(mail.Config{URL: server.URL()})
		if err != nil {
			t.Fatal(err)
		}
		files, err := store.OpenFiles(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := files.Close(); err != nil {
				t.Error(err)
			}
		})
		h := furnish(t, db, files, sender)
		ctx := t.Context()
		customer := h.customer(t)
		write := func(send bool) sale.Document {
			t.Helper()
			c := services(400_00)
			c.SendWhenValidated = send
			d, err := h.CreateAndSubmit(ctx, h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Content: c}, "")
			if err == nil && d.Status != sale.Submitted {
				t.Fatalf("submitted: %s", d.Status)
			}
			if err == nil {
				d, err = h.Validate(ctx, h.gestionary, d.ID, 0)
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := h.Drain(ctx); err != nil {
				t.Fatal(err)
			}
			return d
		}
		if d := write(false); d.Status != sale.Validated {
			t.Errorf("nobody asked for a mail: %s", d.Status)
		}
		if got := server.Await(0); len(got) != 0 {
			t.Fatalf("%d letters left", len(got))
		}
		d := write(true)
		if d.Status != sale.Sent || d.SentAt == 0 {
			t.Errorf("validated, it is %s", d.Status)
		}
		got := server.Await(1)
		sheet, err := h.Document(ctx, h.ada, d.ID)
		if err != nil || len(got) != 1 || len(sheet.Mails) != 1 || sheet.Mails[0].State != "handed over" || sheet.Mails[0].Recipient != customer.Email {
			t.Fatalf("%d letters, %+v, %v", len(got), sheet.Mails, err)
		}
		if deeds(sheet) != "submit validate send" || sheet.Events[2].Comment != customer.Email {
			t.Errorf("the history is %s, %q", deeds(sheet), sheet.Events[2].Comment)
		}
		// The letter holds the one file that was drawn.
		_, file, err := h.PDF(ctx, h.ada, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		body := bytes.ReplaceAll(got[0].Data, []byte("\r\n"), nil)
		if !bytes.Contains(body, []byte(base64.StdEncoding.EncodeToString(file))) || got[0].To[0] != customer.Email {
			t.Errorf("to %v, without the document", got[0].To)
		}

		// Without an address it is refused beside the box; one lost before the validation keeps nobody from validating.
		c := services(500_00)
		c.SendWhenValidated = true
		waiting, err := h.CreateAndSubmit(ctx, h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Content: c}, "")
		if err != nil {
			t.Fatal(err)
		}
		customer.Email = ""
		if customer, err = h.SaveCustomer(ctx, h.ada, customer, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := h.CreateAndSubmit(ctx, h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Content: c}, ""); fault.KindOf(err) != fault.Invalid || fault.All(err)[0].Field != "sendWhenValidated" {
			t.Errorf("no address: %v", err)
		}
		if waiting, err = h.Validate(ctx, h.gestionary, waiting.ID, 0); err != nil || waiting.Status != sale.Validated {
			t.Errorf("the address was lost: %s, %v", waiting.Status, err)
		}
		if sheet, err := h.Document(ctx, h.ada, waiting.ID); err != nil || deeds(sheet) != "submit validate unsent" {
			t.Errorf("the history is %s, %v", deeds(sheet), err)
		}
	})
}

// The word of who submits again is told with the deed and leaves the document; what the reader sent back is remembered.
func TestWordWithSubmission(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		customer := h.customer(t)
		d, err := h.CreateAndSubmit(ctx, h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Content: services(400_00)}, "")
		if err == nil {
			d, err = h.Return(ctx, h.gestionary, d.ID, "Quel jour ?", 1)
		}
		if err == nil {
			d.Content.Lines[0].Label, d.Content.Word = "Atelier du 12 novembre", "C’est ajouté."
			d, err = h.SaveDraft(ctx, h.ada, d, "")
		}
		if err == nil {
			d, err = h.Submit(ctx, h.ada, d.ID, d.Version)
		}
		if err != nil {
			t.Fatal(err)
		}
		sheet, err := h.Document(ctx, h.gestionary, d.ID)
		if err != nil || sheet.Doc.Content.Word != "" {
			t.Fatalf("the word stays: %q, %v", sheet.Doc.Content.Word, err)
		}
		if last := sheet.Events[len(sheet.Events)-1]; last.Deed != "submit" || last.Comment != "C’est ajouté." {
			t.Errorf("told as %+v", last)
		}
		if back, ok := sheet.SentBack(); !ok || back.Content.Lines[0].Label != services(0).Lines[0].Label || back.Buyer != "Brindille d’Orge" {
			t.Errorf("sent back as %+v, %v", back, ok)
		}
	})
}
