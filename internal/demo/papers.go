package demo

import (
	"bytes"
	"fmt"
	"strings"

	"essaim/access"
	"essaim/coop"
	"essaim/internal/office"
	"essaim/sale"
)

// housed writes beside works at a reduced rate what the law asks: which dwelling, and, on an invoice that comes from no
// quote, the certificate that its customer signed, kept with the customer's papers (practice 31). Quotes to consumers say
// where they are signed (practice 32).
func (w *world) housed(a access.Actor, c *client, kind sale.Kind, content sale.Content, origin int64) (sale.Content, error) {
	reduced := false
	for _, l := range content.Lines {
		n, _ := sale.NatureOf(l.Nature)
		reduced = reduced || n.Works && l.Tax == "S10"
	}
	if !reduced {
		if kind == sale.Quote && c.customer.Kind == sale.Consumer {
			content.Papers = &sale.Papers{Place: sale.Shop}
		}
		return content, nil
	}
	at := c.customer.Address
	papers := sale.Papers{Housing: &sale.Housing{Old: true, Address: strings.TrimSpace(at.Line1 + ", " + at.Zip + " " + at.City), Work: "improve"}}
	if kind == sale.Quote && c.customer.Kind == sale.Consumer {
		papers.Place, papers.Delay = sale.Home, "quatre semaines après l’accord"
	}
	content.Papers = &papers
	if kind != sale.Invoice || origin != 0 || c.certified {
		return content, nil
	}
	c.certified = true
	_, err := w.office.Attach(w.ctx, a, fmt.Sprintf("customer:%d", c.customer.ID), "certificate", office.Upload{Name: "Attestation TVA signée.pdf", Body: certificate(c.customer.FullName())})
	return content, err
}

// cover is the ten-year insurance of the building trades of the demonstration.
func (w *world) cover(e *enterprise) coop.Cover {
	if e.insurance != tenYears {
		return coop.Cover{}
	}
	return coop.Cover{Insurer: "Mutuelle des Bâtisseurs (fictive)", Contract: "7 045 118", Zone: "France métropolitaine", From: e.opened - 30, Until: w.opt.Today + 404}
}

// certificate is one page of PDF that says whose certificate it would be.
func certificate(name string) []byte {
	name = strings.Map(func(r rune) rune {
		if r > 126 || r < 32 || strings.ContainsRune(`()\`, r) {
			return '.'
		}
		return r
	}, plain(name))
	page := "BT /F1 16 Tf 60 760 Td (Attestation, taux reduit de TVA) Tj 0 -30 Td /F1 11 Tf (" + name + ") Tj 0 -18 Td (Logement de plus de deux ans. Exemple de la demonstration.) Tj ET"
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(page), page), "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return b.Bytes()
}
