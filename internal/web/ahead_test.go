package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"essaim/internal/web/webtest"
	"essaim/money"
	"essaim/sale"
)

// What came ahead of any invoice is told to who recorded it; its activity makes the deposit invoice of it without a quote,
// prefilled, and once validated it is paid.
func TestDepositOfWhatCameAhead(t *testing.T) {
	s := newStudio(t)
	jean := s.as("jean")
	p, err := s.Office.Receive(t.Context(), jean, sale.Payment{Customer: s.odile.ID, Date: jean.Today - 2, Amount: 240_00, Excess: 240_00, Means: sale.Transfer}, "")
	s.must(err)
	theirs := place + "/customers/" + fmt.Sprint(s.odile.ID)
	s.As("jean").Get(place+"/payments/"+fmt.Sprint(p.ID)).Want(t, 200, "CGI, art. 269-2", "Odile Martin").Without(t, "sans devis")

	b := s.As("maelle")
	quick := salesPath(webtest.Ceramique) + "/quick?ahead=1&customer=" + fmt.Sprint(s.odile.ID)
	if page := b.Get(theirs).Want(t, 200, "Reçu d’avance 240,00 €", "Facture d’acompte de 240,00 €, sans devis"); !strings.Contains(page.Body, strings.ReplaceAll(quick, "&", "&amp;")) {
		t.Errorf("no way to %s", quick)
	}
	form := b.Get(quick).Want(t, 200, "Payée par ce qui est reçu d’avance, 240,00 €")
	fill := typed(form, "submit", nil)
	if fill.Get("lines[0].price") != "240,00" || strings.ReplaceAll(fill.Get("lines[0].label"), "\u00a0", " ") != "Acompte reçu le 20 nov. 2026" || fill.Get("advance") != "asked" || fill.Get("useAdvance") != "1" || fill.Get("customer") != fmt.Sprint(s.odile.ID) {
		t.Fatalf("%v", fill)
	}
	fill.Set("lines[0].label", "Acompte reçu le 20 nov. 2026 : service de table")
	r := b.Post(salesPath(webtest.Ceramique)+"/new", fill)
	id := s.documents(sale.Invoice)[0].ID
	sheet, err := s.Office.Document(t.Context(), jean, id)
	s.must(err)
	d := sheet.Doc
	if r.Location == "" || !d.Content.UseAdvance || d.Content.Stage != sale.Deposit {
		t.Fatalf("%d %s %+v", r.Status, r.Text(), d.Content)
	}
	// Sent back and sent again by the whole form, it still is.
	d, err = s.Office.Return(t.Context(), jean, d.ID, "Pour quoi ?", 0)
	s.must(err)
	edit := place + "/sales/" + fmt.Sprint(d.ID) + "/edit"
	full := b.Get(edit).Want(t, 200, "Payée par ce qui est reçu d’avance")
	b.Post(edit, typed(full, "submit", url.Values{"note": {"Service de six"}}))
	d, err = s.Office.Validate(t.Context(), jean, d.ID, 0)
	s.must(err)
	if d.Paid != 240_00 || sale.Remaining(d) != 0 {
		t.Errorf("paid %v", d.Paid)
	}
	b.Get(theirs).Want(t, 200).Without(t, "sans devis")
}

// An agreement recorded by hand asks what was taken, of each variant one, and keeps what was ticked when it is refused.
func TestAcceptByHandAsksWhatWasTaken(t *testing.T) {
	s := newStudio(t)
	d := s.save(sale.Quote, s.company, "Vaisselle", 1000_00)
	line := d.Content.Lines[0]
	for _, x := range [][3]string{{"", "Livret", "Livret"}, {"Terre", "blanche", "Terre blanche"}, {"Terre", "noire", "Terre noire"}} {
		l := line
		l.Variant, l.Option, l.Label, l.Price = x[0], x[1], x[2], money.Cents(50_00).Micro()
		d.Content.Lines = append(d.Content.Lines, l)
	}
	d, err := s.Office.SaveDraft(t.Context(), s.as("maelle"), d, "")
	s.must(err)
	d = s.submit(d)
	b, at := s.As("maelle"), place+"/sales/"+fmt.Sprint(d.ID)
	b.Get(at).Want(t, 200, "Options prises par le client", "Livret", "noire")
	what := url.Values{"name": {"Odile Brun"}, "option": {"Livret"}, "variant[0].choice": {"Terre"}}
	p := b.Post(at+"/accept", what).Want(t, 422, "Terre")
	if !strings.Contains(p.Body, `value="Livret" checked`) {
		t.Error("what was ticked is lost")
	}
	what.Set("variant[0].name", "noire")
	b.Post(at+"/accept", what)
	b.Get(at).Want(t, 200, "Odile Brun")
	sheet, err := s.Office.Document(t.Context(), s.as("maelle"), d.ID)
	s.must(err)
	if sheet.Doc.Status != sale.Accepted || sheet.Doc.Totals.Gross != 1320_00 {
		t.Errorf("%s %v", sheet.Doc.Status, sheet.Doc.Totals.Gross)
	}
}
