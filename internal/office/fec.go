package office

import (
	"cmp"
	"io"
	"maps"
	"slices"
	"strconv"

	"essaim/fault"
	"essaim/format/fec"
	"essaim/internal/store"
	"essaim/ledger"
	"essaim/money"
)

// FECName returns the name of a fiscal year's file: SIREN, "FEC", closing day.
func FECName(set *store.Settings, y ledger.FiscalYear) string {
	return fec.FileName(set.Coop.SIREN, y.Span.End)
}

// writeFEC writes the entries of a fiscal year in the order of their validation (LPF A47 A-1), opening balances first, and
// beside them the section of each line, which the FEC has no field for.
//
// The opening entries are what the years before carry over, one for each section, so that they balance by section: they
// are read from the balances and always equal to the closing ones.
func writeFEC(tx *store.Tx, yearID int64, latin9 bool, fecTo, sectionsTo io.Writer) error {
	set, err := tx.Settings()
	if err != nil {
		return err
	}
	year, ok := set.Year(yearID)
	if !ok {
		return fault.New(fault.NotFound, "office.absent")
	}
	charset := fec.UTF8
	if latin9 {
		charset = fec.Latin9
	}
	thirds, err := tx.AllThirds()
	if err != nil {
		return err
	}
	x := fecExport{set: set, thirds: thirds, out: fec.NewWriter(fecTo, charset), side: fec.NewSideWriter(sectionsTo)}
	opening, err := openingEntries(tx, set, year)
	if err != nil {
		return err
	}
	for i := range opening {
		if err := x.entry(&opening[i]); err != nil {
			return err
		}
	}
	if err := tx.EachEntry(yearID, x.entry); err != nil {
		return err
	}
	if err := x.out.Flush(); err != nil {
		return err
	}
	return x.side.Flush()
}

type fecExport struct {
	set    *store.Settings
	thirds map[int64]ledger.Third
	out    *fec.Writer
	side   *fec.SideWriter
}

func (x *fecExport) entry(e *ledger.Entry) error {
	num := strconv.FormatInt(e.Number, 10)
	for i := range e.Lines {
		l := &e.Lines[i]
		acc, _ := x.set.Chart.Find(l.Account)
		row := fec.Line{
			JournalCode: e.Journal, JournalLib: x.set.Journals[e.Journal].Label, EcritureNum: num, EcritureDate: e.Date,
			CompteNum: l.Account, CompteLib: acc.Label, PieceRef: e.Ref, PieceDate: e.DocDate, EcritureLib: cmp.Or(l.Label, e.Label),
			Debit: l.Debit(), Credit: l.Credit(), ValidDate: e.ValidOn,
		}
		if t, ok := x.thirds[l.Third]; ok {
			row.CompAuxNum, row.CompAuxLib = t.Code, t.Name
		}
		if l.Currency != "" {
			row.Idevise, row.Montantdevise = l.Currency, money.Cents(l.Foreign)
		}
		if err := x.out.Write(&row); err != nil {
			return err
		}
		if err := x.side.Write(e.Journal, num, x.set.Sections[l.Section].Code); err != nil {
			return err
		}
	}
	return nil
}

// openingEntries makes the « à-nouveaux » of a fiscal year from what its sections carry over: an account of third parties by
// third party, and the result on the one account that the result of the whole company stands on.
func openingEntries(tx *store.Tx, set *store.Settings, year ledger.FiscalYear) ([]ledger.Entry, error) {
	all, err := tx.BalancesBySection(year.ID)
	if err != nil {
		return nil, err
	}
	thirds, err := tx.ThirdsBefore(year.Span.Start)
	if err != nil {
		return nil, err
	}
	result := ledger.ProfitOfYear
	if carriedResult(all[0]) > 0 {
		result = ledger.LossOfYear
	}
	var entries []ledger.Entry
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if id == 0 {
			continue
		}
		e := ledger.Entry{Journal: ledger.JournalOpening, Year: year.ID, Number: int64(len(entries)) + 1, Date: year.Span.Start, DocDate: year.Span.Start, ValidOn: year.Span.Start, Ref: "AN" + year.Span.Label(), Label: "À nouveaux " + set.Sections[id].Code + " " + set.Sections[id].Name}
		e.Lines = openingLines(id, all[id], thirds, result)
		if len(e.Lines) > 0 {
			entries = append(entries, e)
		}
	}
	return entries, nil
}

func openingLines(section int64, balances []ledger.Balance, thirds map[store.ThirdAccount][]store.ThirdSum, result string) (lines []ledger.Line) {
	own := carriedResult(balances)
	add := func(account string, third int64, amount money.Cents) {
		if amount != 0 {
			lines = append(lines, ledger.Line{Account: account, Section: section, Third: third, Amount: amount})
		}
	}
	for _, b := range balances {
		if b.Period != 0 {
			continue
		}
		if b.Account == ledger.ProfitOfYear || b.Account == ledger.LossOfYear {
			add(result, 0, own) // both at once: the other of the two then finds nothing
			own = 0
			continue
		}
		rest := b.Net()
		for _, t := range thirds[store.ThirdAccount{Section: section, Account: b.Account}] {
			add(b.Account, t.Third, t.Amount)
			rest -= t.Amount
		}
		add(b.Account, 0, rest)
	}
	return lines
}

// carriedResult sums what is carried over on 120 and 129.
func carriedResult(balances []ledger.Balance) (sum money.Cents) {
	for _, b := range balances {
		if b.Period == 0 && (b.Account == ledger.ProfitOfYear || b.Account == ledger.LossOfYear) {
			sum += b.Net()
		}
	}
	return sum
}
