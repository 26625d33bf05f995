package office

import (
	"cmp"
	"io"
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

// openingEntries makes the « à-nouveaux » of a fiscal year from what its sections carry over.
func openingEntries(tx *store.Tx, set *store.Settings, year ledger.FiscalYear) ([]ledger.Entry, error) {
	all, err := tx.BalancesBySection(year.ID)
	if err != nil {
		return nil, err
	}
	sections := make([]int64, 0, len(all))
	for id := range all {
		if id != 0 {
			sections = append(sections, id)
		}
	}
	slices.Sort(sections)
	var entries []ledger.Entry
	for _, id := range sections {
		ref := "AN" + year.Span.Label()
		e := ledger.Entry{Journal: ledger.JournalOpening, Year: year.ID, Number: int64(len(entries)) + 1, Date: year.Span.Start, DocDate: year.Span.Start, ValidOn: year.Span.Start, Ref: ref, Label: "À nouveaux " + set.Sections[id].Code + " " + set.Sections[id].Name}
		for _, b := range all[id] {
			net := b.Net()
			if b.Period != 0 || net == 0 {
				continue
			}
			account := b.Account
			if account == ledger.ProfitOfYear && net > 0 {
				account = ledger.LossOfYear
			}
			e.Lines = append(e.Lines, ledger.Line{Account: account, Section: id, Amount: net})
		}
		if len(e.Lines) > 0 {
			entries = append(entries, e)
		}
	}
	return entries, nil
}
