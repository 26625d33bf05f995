package office

import (
	"strings"

	"essaim/i18n"
	"essaim/money"
)

// What a customer is asked for is told in the currency of each invoice: euros first, with what is added to them by law
// (interest and the forty euros: C. com. art. L441-10 and D441-5), then each other currency. The euros that the books count
// stand on the pages of the house only.

// sums adds up amounts by currency.
type sums []i18n.Sum

func (s *sums) add(x i18n.Sum) {
	for i := range *s {
		if (*s)[i].Currency == x.Currency {
			(*s)[i].Amount += x.Amount
			return
		}
	}
	*s = append(*s, x)
}

// words writes them: « 1 200,00 USD », « 340,00 € et 1 200,00 USD ».
func (s sums) words(p i18n.Printer) string {
	var list []string
	for _, x := range s {
		if x.Amount != 0 {
			list = append(list, p.Sum(x))
		}
	}
	switch n := len(list); n {
	case 0:
		return p.Euros(0)
	case 1:
		return list[0]
	default:
		return p.T("office.reminder_sums", "first", strings.Join(list[:n-1], ", "), "last", list[n-1])
	}
}

// askedFor writes what some late invoices ask for, with euros that are claimed beside.
func askedFor(p i18n.Printer, items []RemindItem, more money.Cents) string {
	all := sums{{Amount: more}}
	for i := range items {
		all.add(items[i].Asked(items[i].Owed))
	}
	return all.words(p)
}

// sum writes what a letter asks for, with euros that are claimed beside.
func (r *reminderPaper) sum(p i18n.Printer, more money.Cents) string {
	all := sums{{Amount: more}}
	for i := range r.Items {
		all.add(r.Invoices[i].Asked(r.Items[i].Owed))
	}
	return all.words(p)
}
