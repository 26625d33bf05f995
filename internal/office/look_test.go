package office_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"essaim/activity"
	"essaim/coop"
	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/sale"
)

// sign is a logo: a square of one colour.
func sign(t *testing.T, c color.Color) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	for i := range 40 * 40 {
		img.Set(i%40, i/40, c)
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, img))
	return b.Bytes()
}

// An entrepreneur chooses how papers look from now on: what was validated before keeps the look it had, even when it is laid
// out after; what is hostile is refused in words and changes nothing; the cooperative may keep the choice to itself.
func TestLook(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		ctx := t.Context()
		h.on("2026-11-23")
		customer := h.customer(t)
		red, blue := sign(t, color.NRGBA{160, 20, 20, 255}), sign(t, color.NRGBA{20, 20, 160, 255})

		first, err := h.SaveLook(ctx, h.ada, storetest.First, activity.Look{Name: " Chez Ada ", Accent: "1F6F5C", Lines: []string{"Atelier : 3 rue Haute", " "}, Foot: "Merci."}, red, false)
		must(t, err)
		if first.Name != "Chez Ada" || first.Accent != "#1f6f5c" || len(first.Lines) != 1 || first.Logo == "" || first.Width != 40 {
			t.Fatalf("kept as %+v", first)
		}
		h.now = h.now.Add(time.Second)
		filed, late := h.invoice(t, customer, 100_00), h.invoice(t, customer, 200_00)
		_, before, err := h.PDF(ctx, h.ada, filed.ID)
		must(t, err)
		h.now = h.now.Add(time.Second)

		// What is hostile is told on its field, and nothing changes.
		huge := bytes.Clone(red)
		binary.BigEndian.PutUint32(huge[16:], 40_000)
		binary.BigEndian.PutUint32(huge[20:], 40_000)
		for name, c := range map[string]struct {
			logo []byte
			keys []string
		}{
			"cut":              {red[:len(red)/2], []string{"piece.broken"}},
			"huge":             {huge, []string{"piece.broken", "piece.dimensions"}},
			"a page":           {[]byte("<script>alert(1)</script>"), []string{"piece.logo_kind"}},
			"a page in an SVG": {[]byte("<svg><script>alert(1)</script></svg>"), []string{"piece.logo_svg"}},
		} {
			_, err := h.SaveLook(ctx, h.ada, storetest.First, activity.Look{Name: "Autre"}, c.logo, false)
			if !slices.ContainsFunc(c.keys, func(k string) bool { return refusedBy(err, k) }) {
				t.Errorf("%s: %v", name, err)
				continue
			}
			refusal(t, err, "logo", fault.All(err)[0].Key)
		}
		if _, err := h.SaveLook(ctx, h.ada, storetest.First, activity.Look{Accent: "url(x)"}, nil, false); !refusedBy(err, "activity.look_colour") {
			t.Errorf("an odd colour: %v", err)
		}
		stranger := h.ada
		stranger.Activities = []int64{storetest.Second}
		if _, err := h.SaveLook(ctx, stranger, storetest.First, activity.Look{}, nil, false); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger's: %v", err)
		}
		v, err := h.Look(ctx, h.ada, storetest.First, nil, "fr")
		must(t, err)
		if v.Look.Name != first.Name || v.Look.Logo != first.Logo {
			t.Fatalf("a refusal changed the look: %+v", v.Look)
		}

		// A picture with a page after its end is a picture: the page does not stay.
		second, err := h.SaveLook(ctx, h.ada, storetest.First, activity.Look{Name: "Ada et fils", Accent: "#2f5d9b"}, append(bytes.Clone(blue), "<script>alert(1)</script>%PDF-1.7"...), false)
		must(t, err)
		kept, err := h.Logo(ctx, h.ada, storetest.First, second.Logo)
		must(t, err)
		if bytes.Contains(kept, []byte("script")) || second.Logo == first.Logo {
			t.Error("what followed the picture was kept")
		}

		_, after, err := h.PDF(ctx, h.ada, filed.ID)
		must(t, err)
		if !bytes.Equal(before, after) {
			t.Error("a filed paper changed with the look")
		}
		looks := func(id int64, name, logo string) {
			t.Helper()
			s, err := h.Document(ctx, h.ada, id)
			must(t, err)
			if l := s.Facts.Look; l.Name != name || l.Logo != logo {
				t.Errorf("%s looks as %q %.8s, want %q %.8s", s.Doc.Number, l.Name, l.Logo, name, logo)
			}
		}
		looks(filed.ID, first.Name, first.Logo)
		looks(late.ID, first.Name, first.Logo)
		_, laid, err := h.PDF(ctx, h.ada, late.ID) // laid out for the first time after the change
		must(t, err)
		draft, err := h.SaveDraft(ctx, h.ada, sale.Document{Kind: sale.Invoice, Activity: storetest.First, Customer: customer.ID, Content: services(200_00)}, "")
		must(t, err)
		looks(draft.ID, second.Name, second.Logo)
		_, now, err := h.PDF(ctx, h.ada, draft.ID)
		must(t, err)
		wears := func(b []byte) string { // the picture as the file holds it
			i := bytes.Index(b, []byte("/Subtype /Image"))
			if i < 0 {
				t.Fatal("no picture in the file")
			}
			from, to := bytes.Index(b[i:], []byte("stream\n")), bytes.Index(b[i:], []byte("endstream"))
			return string(b[i+from : i+to])
		}
		if wears(laid) != wears(before) || wears(now) == wears(before) {
			t.Error("the logo is not that of the day of validation")
		}

		// The cooperative keeps it to itself.
		mentions := coop.Default().Mentions
		mentions.LookReserved = true
		rule, err := office.RuleOf(coop.RuleMentions, "", h.ada.Today, mentions, "CA du 3 mars")
		must(t, err)
		_, err = h.SaveRule(ctx, h.system, rule)
		must(t, err)
		h.now = h.now.Add(time.Second)
		if _, err := h.SaveLook(ctx, h.ada, storetest.First, activity.Look{}, nil, true); !refusedBy(err, "office.look_reserved") {
			t.Errorf("reserved: %v", err)
		}
		if v, err := h.Look(ctx, h.ada, storetest.First, nil, "fr"); err != nil || v.May || v.Look.Logo != second.Logo {
			t.Errorf("reserved: %+v, %v", v.Look, err)
		}
		third, err := h.SaveLook(ctx, h.system, storetest.First, activity.Look{Name: second.Name, Accent: second.Accent}, nil, true)
		must(t, err)
		if third.Logo != "" || third.Width != 0 {
			t.Errorf("taken off: %+v", third)
		}
		looks(draft.ID, second.Name, "")
		if _, err := h.Logo(ctx, h.ada, storetest.First, first.Logo); err != nil {
			t.Errorf("what old papers bear is gone: %v", err)
		}

		_, err = h.SaveLook(ctx, h.system, storetest.First, activity.Look{Name: second.Name, Accent: second.Accent}, nil, false)
		must(t, err)
		rows, _, err := h.Audits(ctx, h.system, store.AuditFilter{})
		must(t, err)
		told := 0
		for _, r := range rows {
			if r.Action == "activity.look" {
				told++
				if strings.Contains(r.Detail, "iVBOR") || r.Subject != fmt.Sprintf("activity:%d", storetest.First) {
					t.Errorf("told as %+v", r)
				}
			}
		}
		if told != 3 {
			t.Errorf("told %d times, want 3: a change each", told)
		}
		h.clean(t)
	})
}
