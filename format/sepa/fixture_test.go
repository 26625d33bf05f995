package sepa

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"essaim/coop"
	"essaim/date"
	"essaim/money"
)

// wages is a file of wages and one of refunds for the same day, as a cooperative sends them.
func wages() File {
	house := Party{Name: "Coopérative L’Essaim & Cie", IBAN: "FR76 3000 6000 0112 3456 7890 189", BIC: "agrifrpp"}
	return File{
		MessageID: "ESSAIM-2026-11-0001",
		Created:   "2026-11-23T09:30:00",
		Initiator: "Coopérative L’Essaim & Cie",
		Batches: []Batch{
			{
				ID: "SALAIRES-2026-11", Day: date.MustParse("2026-11-27"), Debtor: house, Purpose: Wages, BatchBooking: true,
				Transfers: []Transfer{
					{EndToEnd: "PAIE-2026-11-014", Amount: 170_741, Text: "Salaire de novembre 2026", Creditor: Party{
						Name: "Zoé Lœil-Châtaîgnier", IBAN: "FR14 2004 1010 0505 0001 3M02 606", BIC: "PSSTFRPPXXX"}},
					{EndToEnd: "PAIE-2026-11-015", Amount: 1, Text: "Salaire — « solde » n° 2", Creditor: Party{
						Name: "Jürgen Groß", IBAN: "DE89370400440532013000"}},
				},
			},
			{
				ID: "FRAIS-2026-11", Day: date.MustParse("2026-11-27"), Debtor: Party{Name: house.Name, IBAN: house.IBAN},
				Transfers: []Transfer{
					{EndToEnd: "NDF/2026-118", Amount: MaxAmount, Creditor: Party{Name: "D'Arc (Jeanne)", IBAN: "BE68539007547034"}},
				},
			},
		},
	}
}

// edit returns the file of wages with something changed.
func edit(change func(f *File)) File {
	f := wages()
	change(&f)
	return f
}

// made writes a file.
func made(tb testing.TB, f File) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := Write(&b, f); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// anIBAN draws an account of a country whose accounts are digits, with its right key; the first digits are told, so that
// those who pay differ from each other and from those who are paid.
func anIBAN(t *rapid.T, first string) string {
	shape := rapid.SampledFrom([]struct {
		country string
		digits  int
	}{{"FR", 23}, {"DE", 18}, {"BE", 12}, {"ES", 20}, {"RS", 18}}).Draw(t, "country")
	rest := first + rapid.StringMatching(fmt.Sprintf("[0-9]{%d}", shape.digits-len(first))).Draw(t, "account")
	for key := range 100 {
		if s := fmt.Sprintf("%s%02d%s", shape.country, key, rest); coop.ValidIBAN(s) {
			return s
		}
	}
	t.Fatal("no key")
	return ""
}

// aName draws letters, signs that are replaced and accents.
func aName(t *rapid.T, most int) string {
	s := rapid.StringOfN(rapid.SampledFrom([]rune("abcXYZ019 éÈçñœß’«»–&;()./+,?:-\u00a0\u200b")), 0, most/3, -1).Draw(t, "text")
	return "N" + s
}

// aFile draws a file that can be sent.
func aFile(t *rapid.T) File {
	bic := rapid.SampledFrom([]string{"", "AGRIFRPP", "agri fr pp 882"})
	f := File{
		MessageID: rapid.StringMatching(`[A-Za-z0-9]([A-Za-z0-9/]?[A-Za-z0-9().,'+: -]){0,16}[A-Za-z0-9]`).Draw(t, "id"),
		Created:   rapid.SampledFrom([]string{"2026-11-23T09:30:00", "2026-11-23T00:00:00Z", "2026-11-23T23:59:59+01:00"}).Draw(t, "created"),
		Initiator: aName(t, MaxName),
	}
	n := 0
	for i := range rapid.IntRange(1, 3).Draw(t, "batches") {
		b := Batch{
			ID:           fmt.Sprintf("LOT %d", i),
			Day:          date.MustParse("2026-11-23") + date.Day(rapid.IntRange(0, 300).Draw(t, "day")),
			Debtor:       Party{Name: aName(t, MaxName), IBAN: anIBAN(t, fmt.Sprint(i)), BIC: bic.Draw(t, "bic")},
			Purpose:      rapid.SampledFrom([]Purpose{AnyPurpose, Wages}).Draw(t, "purpose"),
			BatchBooking: rapid.Bool().Draw(t, "booking"),
		}
		for range rapid.IntRange(1, 5).Draw(t, "transfers") {
			n++
			tr := Transfer{
				EndToEnd: fmt.Sprintf("E2E/%d", n),
				Amount:   money.Cents(rapid.Int64Range(1, int64(MaxAmount)).Draw(t, "amount")),
				Creditor: Party{Name: aName(t, MaxName), IBAN: coop.Group(anIBAN(t, "9"), 4), BIC: bic.Draw(t, "bic")},
			}
			if rapid.Bool().Draw(t, "said") {
				tr.Text = aName(t, MaxText)
			}
			b.Transfers = append(b.Transfers, tr)
		}
		f.Batches = append(f.Batches, b)
	}
	return f
}

// between returns what stands between two texts of a file, the first time.
func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}
