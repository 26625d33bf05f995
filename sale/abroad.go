package sale

import (
	"cmp"
	"slices"
	"strings"

	"essaim/date"
	"essaim/money"
)

// What other member states are told of a month: services that the customer owes the VAT of (directive 2006/112/CE art. 196;
// déclaration européenne de services) and exempt deliveries of goods (CGI art. 262 ter-I; état récapitulatif TVA), customer by
// customer, in the month in which VAT becomes chargeable over there (CGI art. 289 B: I for whom, II 3° for the month, II 5°
// for what is taken back, in the month its customer is told).

// abroadCodes are the tax codes under which another state is told of a sale, or customs prove it.
var abroadCodes = []string{taxUnionGoods, taxUnionServices, taxExportGoods}

// Abroad names those of a document, in order: "EUG EUS".
func Abroad(d Document) string {
	var list []string
	for _, code := range abroadCodes {
		if bears(d, code) {
			list = append(list, code)
		}
	}
	return strings.Join(list, " ")
}

func bears(d Document, tax string) bool {
	return slices.ContainsFunc(d.Content.Lines, func(l Line) bool { return l.Tax == tax })
}

// Leaves says whether a document sells goods that leave France without VAT: their exemption is proved by the papers of
// their transport (CGI ann. III art. 74 for exports; règlement d'exécution (UE) 282/2011 art. 45 bis within the Union).
func Leaves(d Document) bool { return bears(d, taxExportGoods) || bears(d, taxUnionGoods) }

// Statement is one of the two lists.
type Statement string

// The statements.
const (
	UnionServices Statement = "services"
	UnionGoods    Statement = "goods"
)

// Statements returns them in the order pages show them.
func Statements() []Statement { return []Statement{UnionServices, UnionGoods} }

// Tax is the code that its sales bear.
func (s Statement) Tax() string {
	if s == UnionGoods {
		return taxUnionGoods
	}
	return taxUnionServices
}

// Collected is turnover received of an invoice on a day, as it was booked: of a deposit under a nature of its own until a
// later invoice clears it, by no payment.
type CollectedOn struct {
	Day     date.Day
	Nature  string
	Net     money.Cents
	Payment int64
}

// Told is what a statement tells of one document, on the day when VAT is chargeable.
type Told struct {
	Statement Statement
	Sale      int64
	Number    string
	Activity  int64
	Customer  int64
	Day       date.Day
	Amount    money.Cents
	Back      bool     // a regularisation
	Booked    date.Day // when its revenue was; 0: a deposit, or what clears one
}

// Tell returns what the statements tell of invoices and credit notes, in all. collected holds what was received of each
// invoice.
//
// Services are chargeable when they are done, or before on what is received (directive 2006/112/CE art. 63 to 66): a deposit on
// its receipt, an invoice paid before the work is done on that payment. Goods are on the invoice, at the latest on the
// fifteenth of the month after their delivery, and not on a deposit (art. 67). A credit note counts on its day, or with its
// invoice when that comes later.
func Tell(all []Document, collected map[int64][]CollectedOn) []Told {
	byID := map[int64]Document{}
	for _, d := range all {
		byID[d.ID] = d
	}
	clearedOn := map[int64]map[date.Day]date.Day{} // of a deposit, by the day of an invoice that clears it: when that one is chargeable
	for _, d := range all {
		for _, l := range d.Content.Lines {
			if l.Deposit != 0 && d.Kind == Invoice && l.Tax == taxUnionServices {
				if clearedOn[l.Deposit] == nil {
					clearedOn[l.Deposit] = map[date.Day]date.Day{}
				}
				clearedOn[l.Deposit][d.Date] = chargeable(d, taxUnionServices)
			}
		}
	}
	var list []Told
	for _, s := range Statements() {
		for _, d := range all {
			if d.Number == "" || d.Kind == Quote || !bears(d, s.Tax()) {
				continue
			}
			add := func(day date.Day, amount money.Cents, back bool, booked date.Day) {
				if amount != 0 {
					list = append(list, Told{s, d.ID, d.Number, d.Activity, d.Customer, day, amount, back, booked})
				}
			}
			switch whole := soldUnder(d, s.Tax()); {
			case isDeposit(d) && s == UnionGoods, isDeposit(d) && d.Kind == CreditNote:
			case isDeposit(d):
				for _, c := range collected[d.ID] {
					nature, waits := strings.CutPrefix(c.Nature, depositNature(""))
					if !waits {
						continue
					}
					day := c.Day
					if on, ok := clearedOn[d.ID][c.Day]; ok && c.Payment == 0 {
						day = on
					}
					add(day, shareUnder(d, s.Tax(), nature, c.Net), c.Net < 0 && c.Payment != 0, 0)
				}
			case d.Kind == CreditNote:
				day := d.Date
				if inv, ok := byID[d.Corrects]; ok {
					day = max(day, chargeable(inv, s.Tax()))
				}
				add(day, -whole, true, d.Date)
			default:
				done, before := chargeable(d, s.Tax()), money.Cents(0)
				if s == UnionServices {
					for _, c := range collected[d.ID] {
						if part := shareUnder(d, s.Tax(), c.Nature, c.Net); c.Day < done && part != 0 {
							part = min(max(part, -before), whole-before)
							add(c.Day, part, false, d.Date)
							before += part
						}
					}
				}
				add(done, whole-before, false, d.Date)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Told) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Sale, b.Sale)) })
	return list
}

// chargeable is the day when VAT on an invoice becomes chargeable under a code, whatever was paid.
func chargeable(d Document, tax string) date.Day {
	done := cmp.Or(d.Content.Delivered, d.Date)
	if tax == taxUnionGoods {
		return min(d.Date, (done.Month()+1).First()+14)
	}
	return done
}

// soldUnder is what a document sells under a code, in the books.
func soldUnder(d Document, tax string) (net money.Cents) {
	for i, l := range d.Content.Lines {
		if l.Tax == tax && l.Deposit == 0 && i < len(d.Totals.Lines) {
			net += d.Totals.Lines[i].Net
		}
	}
	return net
}

// shareUnder is the share of an amount received under a nature that bears a code.
func shareUnder(d Document, tax, nature string, net money.Cents) money.Cents {
	var under, whole money.Cents
	for i, l := range d.Content.Lines {
		if l.Nature != nature || l.Deposit != 0 || i >= len(d.Totals.Lines) {
			continue
		}
		whole += d.Totals.Lines[i].Net
		if l.Tax == tax {
			under += d.Totals.Lines[i].Net
		}
	}
	if whole == 0 {
		return 0
	}
	return net.Share(under, whole)
}
