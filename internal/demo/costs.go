package demo

import (
	"fmt"

	"essaim/date"
	"essaim/ledger"
	"essaim/money"
)

// houseCosts plans what mutualised services buy in a month, and the subsidies that help to pay for it.
func (w *world) houseCosts(m date.Month) {
	c := w.chance
	type cost struct {
		day                      int
		account, supplier, label string
		tax                      string
		net                      money.Cents
		on                       bool
	}
	quarter := m.Number()%3 == 1
	for _, k := range []cost{
		{2, "6132", "SCI de la Soierie", "Loyer des bureaux", "D20", 980_00, true},
		{6, "614", "SCI de la Soierie", "Charges locatives", "D20", 145_00, quarter},
		{8, "6061", "Énergie Rhône", "Électricité et chauffage des bureaux", "D20", c.euros(92_00, 210_00, 10), true},
		{9, "626", "Fibre des Pentes", "Internet et téléphone", "D20", 78_00, true},
		{11, "651", "Logiciels Communs", "Outils partagés", "D20", 124_00, true},
		{12, "615", "Net et Clair", "Ménage des bureaux", "D20", c.euros(150_00, 190_00, 5_00), true},
		{13, "6064", "Papeterie de la Place", "Fournitures", "D20", c.euros(22_00, 96_00, 10), true},
		{14, "616", "Mutuelle des Bâtisseurs", "Responsabilité civile de la coopérative, trimestre", "", 690_00, quarter},
		{15, "6281", "Union Coopérer en Rhône", "Cotisation à l’union, trimestre", "", 410_00, quarter},
		{18, "6226", "Cabinet Fournel", "Commissariat aux comptes", "D20", 1450_00, m.Number() == 5 || m.Number() == 11},
		{19, "623", "Imprimerie de la Guillotière", "Programme des ateliers", "D20", 260_00, m.Number() == 1 || m.Number() == 9},
		{20, "6257", "Halle paysanne", "Accueil de l’assemblée générale", "D10", 340_00, m.Number() == 6},
		{16, "63511", "Service des impôts des entreprises", "Cotisation foncière des entreprises", "", 1180_00, m.Number() == 12},
	} {
		if !k.on {
			continue
		}
		day := open(m.First() + date.Day(k.day-1))
		w.agenda.at(day, 10, 30+k.day, func() error {
			w.bills++
			v, due, err := w.purchase(ledger.Mutual, k.account, k.supplier, k.label, fmt.Sprintf("%s-%04d", initials(k.supplier), w.bills), k.net, k.tax, w.today, 20)
			w.papers = append(w.papers, bill{accounting, v, due})
			return err
		})
	}
	grant := func(day int, label string, amount money.Cents) {
		w.agenda.at(open(m.First()+date.Day(day)), 11, 45, func() error {
			_, err := w.post(accounting, ledger.Entry{Journal: ledger.JournalBank, Ref: "SUB-" + m.String() + "-" + fmt.Sprint(day), Label: label, Lines: []ledger.Line{
				{Account: ledger.Bank, Section: ledger.Mutual, Amount: amount}, {Account: "740", Section: ledger.Mutual, Amount: -amount},
			}})
			return err
		})
	}
	if m.Number()%3 == 0 {
		grant(11, "Région, convention d’accompagnement, acompte", 11500_00)
	}
	if m.Number()%2 == 0 {
		grant(17, "Métropole, création d’activité", 5400_00)
	}
	if m.Number() == 4 || m.Number() == 10 {
		grant(20, "Fonds social européen, solde", 8800_00)
	}
}
