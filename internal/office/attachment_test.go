package office_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"essaim/fault"
	"essaim/format/piece"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/sale"
)

func drawing(t *testing.T, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is attached is kept; what a validated document relied on stays with it; nobody reaches the pieces of what they may
// not see.
func TestAttachments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		ctx := t.Context()
		customer := h.customer(t)
		d, err := h.SaveDraft(ctx, h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Content: services(100_00)}, "")
		if err != nil {
			t.Fatal(err)
		}
		on := fmt.Sprintf("sale:%d", d.ID)
		photo := office.Upload{Name: `C:\photos\Chantier.heic.PNG`, Body: drawing(t, 40)}
		p, err := h.Attach(office.Keyed(ctx, "k"), h.ada, on, "photo", photo)
		if err != nil || p.Name != "Chantier.heic.png" || p.Media != piece.PNG || p.By != h.ada.Person {
			t.Fatalf("%+v, %v", p, err)
		}
		for _, again := range []context.Context{office.Keyed(ctx, "k"), ctx} { // a second click, and the same file chosen twice
			if q, err := h.Attach(again, h.ada, on, "photo", photo); err != nil || q.ID != p.ID {
				t.Errorf("again: %+v, %v", q, err)
			}
		}
		if _, err := h.Attach(ctx, h.ada, on, "photo", office.Upload{Name: "x.png", Body: []byte("<script>")}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a page as a photo: %v", err)
		}
		if _, err := h.Attach(ctx, h.ada, on, "virus", photo); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a kind that is none: %v", err)
		}
		for _, subject := range []string{"", "sale", "sale:0", "sale:-1", "sale:01", "sale:999999", "login:1", "activity:" + fmt.Sprint(storetest.Second), "sale:1 OR 1"} {
			if _, err := h.Attach(ctx, h.ada, subject, "photo", photo); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%q: %v", subject, err)
			}
			if _, err := h.Attachments(ctx, h.ada, subject); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%q: %v", subject, err)
			}
		}
		stranger := h.ada
		stranger.Activities, stranger.Person = []int64{storetest.Second}, 77
		if _, _, err := h.Attachment(ctx, stranger, p.ID, false); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger's: %v", err)
		}
		if _, err := h.Detach(ctx, stranger, p.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger's: %v", err)
		}
		if q, b, err := h.Attachment(ctx, h.ada, p.ID, true); err != nil || q.Media != piece.JPEG || len(b) == 0 {
			t.Errorf("%+v, %v", q, err)
		}

		// Taken off a draft, it is hidden and kept.
		wrong, err := h.Attach(ctx, h.ada, on, "photo", office.Upload{Body: drawing(t, 41)})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := h.Detach(ctx, h.ada, wrong.ID); err != nil {
				t.Error(err)
			}
		}
		if _, b, err := h.Attachment(ctx, h.ada, wrong.ID, false); err != nil || len(b) == 0 {
			t.Errorf("what was taken off is lost: %v", err)
		}

		// Validated, what was there stays; what comes later may go.
		if _, err := h.Submit(ctx, h.ada, d.ID, 0); err != nil {
			t.Fatal(err)
		}
		if sheet, err := h.Document(ctx, h.ada, d.ID); err != nil {
			t.Fatal(err)
		} else if sheet.Doc.Number == "" {
			if _, err := h.Validate(ctx, h.gestionary, d.ID, 0); err != nil {
				t.Fatal(err)
			}
		}
		at, err := h.Attachments(ctx, h.ada, on)
		if err != nil || len(at.Pieces) != 1 || at.Remove[p.ID] || !at.Add {
			t.Errorf("%+v, %v", at, err)
		}
		if _, err := h.Detach(ctx, h.ada, p.ID); !refusedBy(err, "office.attachment_frozen") {
			t.Errorf("off a validated document: %v", err)
		}
		for i := len(at.Pieces); i < 30; i++ {
			if _, err := h.Attach(ctx, h.ada, on, "other", office.Upload{Body: fmt.Appendf(nil, "%%PDF-1.4\n%d\nstartxref\n0\n%%%%EOF", i)}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := h.Attach(ctx, h.ada, on, "other", photo); !refusedBy(err, "office.attachment_many") {
			t.Errorf("one too many: %v", err)
		}

		tells := func(want string) {
			t.Helper()
			found, err := db.Verify(ctx)
			if err != nil {
				t.Fatal(err)
			}
			var keys []string
			for _, f := range found {
				keys = append(keys, f.Key)
			}
			if got := strings.Join(keys, " "); got != want {
				t.Errorf("verify tells %q and not %q", got, want)
			}
		}
		tells("")
	})
}

// refusedBy says whether an error tells people the message of a key.
func refusedBy(err error, key string) bool {
	for _, e := range fault.All(err) {
		if e.Key == key {
			return true
		}
	}
	return false
}
