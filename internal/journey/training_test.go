package journey

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"essaim/coop"
	"essaim/date"
	"essaim/internal/office"
	"essaim/internal/store/storetest"
	"essaim/internal/web/webtest"
	"essaim/sale"
)

// A training sold, as the trainer and the team walk it. The cooperative wants the agreement before an invoice goes to the
// desk and only warns of attendance sheets: the invoice stops, the way to mend it is one link away, and what was warned of
// is told to the reader. The training is exempt by the attestation of the cooperative, and the invoice says so.
func TestTrainingWithItsPapers(t *testing.T) {
	h := open(t, storetest.SQLite(t))
	ctx := t.Context()
	system, err := h.office.System(ctx, h.Coop.ID)
	must(t, err)
	vat := coop.Default().VAT
	vat.TrainingNumber, vat.TrainingFrom = "84 69 01234 69", date.MustParse("2025-01-01")
	rule, err := office.RuleOf(coop.RuleVAT, "", date.MustParse("2025-01-01"), vat, "Attestation 3511 du 12 décembre 2024")
	must(t, err)
	_, err = h.office.SaveRule(ctx, system, rule)
	must(t, err)
	act, err := h.office.Activity(ctx, system, webtest.Ceramique)
	must(t, err)
	act.Natures, act.Tax, act.Gross = []string{"training"}, "XFORM", false
	_, err = h.office.SaveActivity(ctx, system, act)
	must(t, err)
	_, err = h.office.SaveCustomer(ctx, system, sale.Customer{
		Activity: webtest.Ceramique, Kind: sale.Company, Name: "Brindille d’Orge", SIREN: "732829320", Email: "compta@brindille.example",
		Address: coop.Address{Line1: "2 rue des Tanneurs", Zip: "69001", City: "Lyon", Country: "FR"},
	}, "")
	must(t, err)

	// The cooperative's choice: one paper blocks, the other warns.
	nadia := h.device(t, "Nadia", laptop)
	nadia.signIn("nadia")
	nadia.open(path("/rules/new/gates"))
	nadia.choose("agreement", "block")
	nadia.choose("attendance", "warn")
	nadia.write("from", "22/11/2026")
	nadia.write("decision", "CA du 3 novembre 2026")
	nadia.look("training-01-choice")
	nadia.follow(`form[data-main] button.go`)
	nadia.look("training-02-chosen")

	// The trainer's invoice, on a phone.
	maelle := h.device(t, "Maëlle", phone)
	maelle.signIn("maelle")
	maelle.open(path("/a/%d/sales/new?kind=invoice", webtest.Ceramique))
	maelle.write("customerName", "Brindille d’Orge")
	maelle.write("lines[0].label", "Formation « Tourner et émailler », deux jours, six personnes")
	maelle.write("lines[0].price", "980")
	maelle.write("delivered", "20/11/2026")
	maelle.says(maelle.words("sale.gates.agreement"))
	maelle.look("training-03-invoice")
	maelle.expect("422")
	if status := maelle.send(`button[name=do][value=submit]`); status != 422 {
		t.Errorf("without its agreement: %d", status)
	}
	maelle.says(maelle.words("sale.gate.agreement"))
	maelle.holds(map[string]string{"lines[0].label": "Formation « Tourner et émailler », deux jours, six personnes", "lines[0].price": "980", "delivered": "20/11/2026"})
	maelle.look("training-04-stopped")

	// One link leads to where the paper is joined, and back.
	maelle.follow(`main a[href*="/attached/"][href*="kind=agreement"]`)
	maelle.holds(map[string]string{"kind": "agreement"})
	maelle.look("training-05-join")
	maelle.attach("file", "Convention de formation.pdf")
	maelle.follow(`form[enctype] button.b`)
	maelle.look("training-06-joined")
	maelle.says(maelle.words("sale.gates.attendance"))
	if words := maelle.text("main"); strings.Contains(words, maelle.words("sale.gates.agreement")) {
		t.Errorf("the agreement is still asked for: %s", words)
	}
	maelle.follow(`button[name=do][value=submit]`)
	maelle.look("training-07-sent")
	invoice := eval[string](maelle, `location.pathname`)

	// The desk is told of what was warned, sees the paper, and validates.
	jean := h.device(t, "Jean", laptop)
	jean.signIn("jean")
	jean.open(path("/desk"))
	jean.says(jean.words("sale.gates.attendance"))
	jean.says("Convention de formation.pdf")
	jean.look("training-08-desk")
	jean.follow(`button[formaction$="/validate"]`)
	jean.says("F-2026-0001")
	jean.look("training-09-validated")

	// It left by itself, without VAT, and says why.
	letter := read(t, h.smtp.Await(1)[0])
	words := letter.pdf(t, "F-2026-0001.pdf")
	for _, want := range []string{"F-2026-0001", "Tourner et émailler", "980,00", "261-4-4°", "Brindille d’Orge"} {
		if !strings.Contains(words, want) {
			t.Errorf("the invoice does not say %q:\n%s", want, words)
		}
	}
	if strings.Contains(words, "196,00") || strings.Contains(words, "1 176,00") {
		t.Errorf("VAT on an exempt training:\n%s", words)
	}
	maelle.open(invoice)
	maelle.says("261-4-4")
	maelle.look("training-10-invoice")
	h.clean(t)
}

// attach puts a document into a field for files, as when one chooses it among one's own.
func (p *tab) attach(name, file string) {
	p.t.Helper()
	where := filepath.Join(p.t.TempDir(), file)
	must(p.t, os.WriteFile(where, []byte("%PDF-1.4\nsigned\nstartxref\n0\n%%EOF"), 0o600))
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		found, err := cdp.Call(ctx, target, runtime.Evaluate, runtime.EvaluateParams{Expression: `document.querySelector('input[type=file][name=` + name + `]')`})
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, target, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{where}, ObjectID: found.Result.ObjectID})
		return err
	}))
}
