package office_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"essaim/access"
	"essaim/coop"
	"essaim/fault"
	"essaim/internal/store/storetest"
	"essaim/member"
	"essaim/sale"
)

// The file holds the activity's customers, private persons too, and its papers.
func TestCustomerFile(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		inv := h.invoiced(t, c, 1_000_00, "2026-03-02")
		h.receive(t, c, 200_00, "2026-03-02", sale.Allocation{Invoice: inv.ID, Amount: 200_00})
		_, err := h.SaveCustomer(t.Context(), h.ada, sale.Customer{Activity: storetest.First, Kind: sale.Consumer, FirstName: "Odile", Name: "Brun", Notes: "=1+1", Address: coop.Address{Line1: "1 rue Haute", Zip: "34700", City: "Lodève", Country: "FR"}}, "")
		must(t, err)
		var b bytes.Buffer
		must(t, h.CustomerFile(t.Context(), h.ada, storetest.First, &b))
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		must(t, err)
		files := map[string]string{}
		for _, f := range z.File {
			r, err := f.Open()
			must(t, err)
			text, err := io.ReadAll(r)
			must(t, err)
			files[f.Name] = string(text)
		}
		if !strings.HasPrefix(files["documents/"+inv.Number+".pdf"], "%PDF") || !strings.Contains(files["clients.csv"], "Odile") || !strings.Contains(files["clients.csv"], "'=1+1") || !strings.Contains(files["documents.csv"], "1200,00") {
			t.Errorf("%d files\n%s\n%s", len(files), files["clients.csv"], files["documents.csv"])
		}
		if pay := files["paiements.csv"]; !strings.Contains(pay, "200,00") || !strings.Contains(pay, inv.Number) || files["relances.csv"] == "" || files["abonnements.csv"] == "" {
			t.Errorf("what became of them: %s", pay)
		}
		if err := h.CustomerFile(t.Context(), h.ada, storetest.Second, io.Discard); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another activity: %v", err)
		}
		if docs := files["documents.csv"]; !strings.Contains(docs, "Facture;"+inv.Number) || !strings.Contains(files["clients.csv"], "Entreprise") || strings.Contains(files["clients.csv"], "company") {
			t.Errorf("kinds in words: %s\n%s", files["clients.csv"], docs)
		}
		if at := z.File[0].Modified; at.Year() < 2026 {
			t.Errorf("of %v", at)
		}
		// The team makes it for who asks, also once they have no access any more; an auditor of the books does not.
		b.Reset()
		must(t, h.CustomerFile(t.Context(), h.gestionary, storetest.First, &b))
		if b.Len() < 1000 {
			t.Errorf("the team has %d bytes", b.Len())
		}
		auditor := access.Actor{Coop: h.coop, Person: 4711, Roles: []member.Role{member.Auditor}, AuditYears: []int64{storetest.Year2026}, Today: storetest.Today}
		if err := h.CustomerFile(t.Context(), auditor, storetest.First, io.Discard); fault.KindOf(err) != fault.NotFound {
			t.Errorf("an auditor: %v", err)
		}
	})
}

// A lost invoice has its duplicate with the mention, a paid one its copy; neither has the other's.
func TestCopies(t *testing.T) {
	eachDated(t, func(t *testing.T, h *dated) {
		c := h.customer(t)
		lost, paid := h.invoiced(t, c, 1_000_00, "2026-03-02"), h.invoiced(t, c, 100_00, "2026-03-02")
		h.on("2026-11-20")
		h.receive(t, c, 120_00, "2026-03-10", sale.Allocation{Invoice: paid.ID, Amount: 120_00})
		must(t, h.Lose(t.Context(), h.gestionary, lost.ID, "Liquidation judiciaire"))
		if _, b, err := h.LostPDF(t.Context(), h.ada, lost.ID); err != nil || !bytes.HasPrefix(b, []byte("%PDF")) {
			t.Errorf("duplicate: %v", err)
		}
		if _, b, err := h.PaidPDF(t.Context(), h.ada, paid.ID); err != nil || !bytes.HasPrefix(b, []byte("%PDF")) {
			t.Errorf("paid copy: %v", err)
		}
		if _, _, err := h.PaidPDF(t.Context(), h.ada, lost.ID); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a lost invoice is no paid one: %v", err)
		}
		if _, _, err := h.LostPDF(t.Context(), h.ada, paid.ID); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a paid invoice is no lost one: %v", err)
		}
		s, err := h.Document(t.Context(), h.ada, lost.ID)
		must(t, err)
		if net, vat := sale.LostParts(s.Doc); net != 1_000_00 || vat != 200_00 {
			t.Errorf("net %s, VAT %s", net, vat)
		}
		if r, err := h.Reminders(t.Context(), h.gestionary, storetest.First); err != nil || len(r.Due) != 0 {
			t.Errorf("what is lost is not asked for: %+v %v", r.Due, err)
		}
	})
}
