package web_test

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"testing"

	"essaim/internal/office"
	"essaim/internal/web/webtest"
)

func aPDF(word string) office.Upload {
	return office.Upload{Name: "Convention " + word + ".pdf", Body: []byte("%PDF-1.4\n" + word + "\nstartxref\n0\n%%EOF")}
}

func aPNG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type sent struct{ field, name, kind, body string }

// withFiles writes a form as browsers do when it brings files.
func withFiles(t *testing.T, parts ...sent) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		h := textproto.MIMEHeader{}
		disposition := `form-data; name="` + p.field + `"`
		if p.kind != "" {
			disposition += `; filename="` + p.name + `"`
			h.Set("Content-Type", p.kind)
		}
		h.Set("Content-Disposition", disposition)
		part, err := w.CreatePart(h)
		if err == nil {
			_, err = part.Write([]byte(p.body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

func TestPiecesOfADocument(t *testing.T) {
	w := newWalk(t)
	c := w.As("maelle")
	id := w.newDraft()
	page := "/" + w.Coop.Slug + "/sales/" + strconv.FormatInt(id, 10)
	at := "/" + w.Coop.Slug + "/attachments"
	to := "/" + w.Coop.Slug + "/attached/sale:" + strconv.FormatInt(id, 10)
	subject := "sale:" + strconv.FormatInt(id, 10)
	post := func(parts ...sent) (int, string, http.Header) {
		t.Helper()
		p := func() *webtest.Page { body, kind := withFiles(t, parts...); return c.Upload(to, body, kind) }()
		return p.Status, p.Body, p.Header
	}
	base := []sent{{field: "kind", body: "photo"}, {field: "back", body: page}}
	// A page that calls itself a photo is refused; the good one beside it is kept, and the choice too.
	status, body, _ := post(append(base, sent{"file", "chantier.png", "image/png", string(aPNG(t))}, sent{"file", "x.jpg", "image/jpeg", "<svg onload=alert(1)>"})...)
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "ni une photo") || !strings.Contains(body, "chantier.png") || !strings.Contains(body, `value="photo" selected`) {
		t.Fatalf("%d %s", status, body)
	}
	if status, body, _ = post(base...); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Choisir un fichier") {
		t.Errorf("%d", status)
	}
	if status, body, _ = post(append(base, sent{"file", "x.pdf", "application/pdf", "%PDF-" + strings.Repeat("x", 11<<20)})...); status != http.StatusUnprocessableEntity || !strings.Contains(body, "10 Mo") {
		t.Errorf("%d: a file too large", status)
	}
	pdf := aPDF("de formation")
	status, _, head := post(append(base, sent{"file", pdf.Name, "application/pdf", string(pdf.Body)})...)
	if status != http.StatusSeeOther || head.Get("Location") != page {
		t.Errorf("%d %v", status, head)
	}
	shown := c.Get(page).Body
	for _, want := range []string{"chantier.png", "Convention de formation.pdf", `capture="environment"`, "multipart/form-data"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the document does not show %q", want)
		}
	}
	got, err := w.Office.Attachments(t.Context(), w.Actor("maelle"), subject)
	if err != nil || len(got.Pieces) != 2 {
		t.Fatal(got, err)
	}
	for i, want := range []struct{ kind, disposition string }{{"image/png", "inline"}, {"application/pdf", "attachment"}} {
		r := c.Get(at + "/" + strconv.FormatInt(got.Pieces[i].ID, 10))
		if r.Header.Get("Content-Type") != want.kind || !strings.HasPrefix(r.Header.Get("Content-Disposition"), want.disposition) ||
			!strings.Contains(r.Header.Get("Content-Security-Policy"), "sandbox") || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%v", r.Header)
		}
	}
	// Another activity's people do not learn that it exists; nothing leads elsewhere.
	if r := w.As("malo").Get(at + "/" + strconv.FormatInt(got.Pieces[0].ID, 10)); r.Status != http.StatusNotFound {
		t.Errorf("a stranger: %d", r.Status)
	}
	base[1].body = "https://example.org/" + w.Coop.Slug
	if _, _, head := post(append(base, sent{"file", "y.png", "image/png", string(aPNG(t))})...); head.Get("Location") != to {
		t.Errorf("sent to %s", head.Get("Location"))
	}
}
