package fec_test

import (
	"fmt"
	"os"
	"strings"

	"essaim/date"
	"essaim/format/fec"
	"essaim/i18n"
	"essaim/money"
)

// sale is an invoice of 120 € as the three lines of an entry.
func sale() []fec.Line {
	l := fec.Line{
		JournalCode: "VE", JournalLib: "Ventes", EcritureNum: "1", EcritureDate: date.MustParse("2026-03-10"),
		PieceRef: "FA2026-001", PieceDate: date.MustParse("2026-03-10"), EcritureLib: "Facture FA2026-001", ValidDate: date.MustParse("2026-03-11"),
	}
	lines := []fec.Line{l, l, l}
	for i, a := range []struct {
		num, label    string
		debit, credit money.Cents
	}{{"411000", "Clients", 120_00, 0}, {"706000", "Prestations de services", 0, 100_00}, {"445710", "TVA collectée", 0, 20_00}} {
		lines[i].CompteNum, lines[i].CompteLib, lines[i].Debit, lines[i].Credit = a.num, a.label, a.debit, a.credit
	}
	return lines
}

// file is a FEC of lines.
func file(lines []fec.Line) string {
	var b strings.Builder
	w := fec.NewWriter(&b, fec.UTF8)
	for i := range lines {
		if err := w.Write(&lines[i]); err != nil {
			panic(err)
		}
	}
	if err := w.Flush(); err != nil {
		panic(err)
	}
	return b.String()
}

func ExampleCheck() {
	name := fec.FileName("123456782", date.MustParse("2026-12-31"))
	forgotten := sale()[:2]
	summary, err := fec.Check(strings.NewReader(file(forgotten)), fec.Options{Name: name}, func(f fec.Finding) {
		fmt.Printf("%s\n", f.Append(nil, i18n.For("en")))
	})
	fmt.Println(summary.Errors, "errors", summary.Warnings, "warnings", err)
	// Output:
	// 2;Debit;entry-unbalanced;entry VE 1 does not balance: debit €120.00, credit €100.00, gap €20.00
	// 0;;total-unbalanced;the file does not balance: debit €120.00, credit €100.00, gap €20.00
	// 2 errors 0 warnings <nil>
}

func ExampleReadBalance() {
	sections := "JournalCode;EcritureNum;Ligne;Section\nVE;1;1;E0001\nVE;1;2;E0001\nVE;1;3;E0001\n"
	b, err := fec.ReadBalance(strings.NewReader(file(sale())), strings.NewReader(sections), fec.BySection)
	if err != nil {
		panic(err)
	}
	if err := b.WriteCSV(os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// Section;CompteNum;CompteLib;Debit;Credit;Solde
	// E0001;411000;Clients;120,00;0,00;120,00
	// E0001;445710;TVA collectée;0,00;20,00;-20,00
	// E0001;706000;Prestations de services;0,00;100,00;-100,00
}

func ExampleReader() {
	r, err := fec.NewReader(strings.NewReader(file(sale())))
	if err != nil {
		panic(err)
	}
	for l, err := r.Read(); err == nil; l, err = r.Read() {
		fmt.Println(l.EcritureDate, l.CompteNum, l.CompteLib, l.Debit-l.Credit)
	}
	// Output:
	// 2026-03-10 411000 Clients 120.00
	// 2026-03-10 706000 Prestations de services -100.00
	// 2026-03-10 445710 TVA collectée -20.00
}

func ExampleSideWriter() {
	var b strings.Builder
	w := fec.NewSideWriter(&b)
	for _, l := range sale() {
		if err := w.Write(l.JournalCode, l.EcritureNum, "E0001"); err != nil {
			panic(err)
		}
	}
	if err := w.Flush(); err != nil {
		panic(err)
	}
	fmt.Print(strings.ReplaceAll(b.String(), "\r\n", "\n"))
	// Output:
	// JournalCode;EcritureNum;Ligne;Section
	// VE;1;1;E0001
	// VE;1;2;E0001
	// VE;1;3;E0001
}
