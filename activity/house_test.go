package activity

import (
	"testing"

	"essaim/coop"
	"essaim/ledger"
	"essaim/money"
)

func TestHouse(t *testing.T) {
	negative := maelle()
	negative.Activity.ID, negative.Activity.Name = 43, "Atelier bois de Farid"
	for i := range negative.Balances {
		negative.Balances[i].Section = 43
	}
	negative.Balances = append(negative.Balances, ledger.Balance{Section: 43, Account: "512", Period: 11, Credit: 10_056_90})
	negative.NegativeSince = day("2026-10-19")
	old := maelle()
	old.Activity.ID, old.Activity.Name, old.Activity.Reserve = 44, "Inès formation", 0
	for i := range old.Balances {
		old.Balances[i].Section = 44
	}
	old.Open[0].Due = old.Today - 92
	calm := maelle()
	calm.Activity.Reserve = 0
	var rows []HouseRow
	for _, in := range []Input{calm, old, negative} {
		a := Build(in)
		rows = append(rows, a.Row())
	}
	h := House(rows)
	if h.Rows[0].Name != "Atelier bois de Farid" || h.Rows[1].Name != "Inès formation" || h.Rows[2].Name != "Maëlle céramique" {
		t.Errorf("%s, %s, %s", h.Rows[0].Name, h.Rows[1].Name, h.Rows[2].Name)
	}
	if h.Watch != 2 || h.Urgent != 1 {
		t.Errorf("%d to watch, %d urgent: %+v", h.Watch, h.Urgent, h.Rows[2].Alerts)
	}
	if h.Cash != 2*8_214_60-1_842_30 || h.Sales != 3*23_000_00 || h.Overdue != 3*700_00 || h.Available != 2*(1_329_43+1_400_00) {
		t.Errorf("%+v", h)
	}
	if rows[0].Name != "Maëlle céramique" || len(rows[0].People) != 1 || rows[0].Status != UnderCESA {
		t.Error("the caller's rows are left as they were")
	}
}

// The three proofs: a contribution of 100 leaves the house at nil, the bank covers what is owed.
func TestProof(t *testing.T) {
	at := func(s ledger.Section, account string, amount money.Cents) ledger.Balance {
		return ledger.Balance{Section: s, Account: account, Debit: max(amount, 0), Credit: max(-amount, 0)}
	}
	books := []ledger.Balance{
		at(10, "512", 1_200_00), at(10, "706", -1_000_00), at(10, "44571", -200_00), at(10, "186", 100_00), at(10, "181", -100_00),
		at(10, "411", 120_00), at(10, "706", -100_00), at(10, "44574", -20_00),
		at(11, "512", -50_00), at(11, "606", 50_00),
		at(ledger.Mutual, "181", 100_00), at(ledger.Mutual, "187", -100_00), at(ledger.House, "512", 500_00), at(ledger.House, "1013", -500_00),
	}
	p := Prove(books, coop.Default().Grid)
	if p.Bank != 1_650_00 || p.ToActivities != 1_100_00 || p.Owed != 200_00 || !p.Covered || p.Coverage != 1_269_231 || p.Gap != 0 || !p.Right {
		t.Errorf("%+v", p)
	}
	totals := map[string]money.Cents{}
	for _, b := range books {
		totals[b.Account] += b.Net()
	}
	whole := books
	for account, n := range totals {
		whole = append(whole, at(0, account, n))
	}
	if q := Prove(whole, coop.Default().Grid); q != p {
		t.Errorf("with the house's totals: %+v", q)
	}
	whole[0].Debit += 3_00 // an activity that differs from the house
	if q := Prove(whole, coop.Default().Grid); q.Gap != 6_00 || q.Right {
		t.Errorf("%+v", q)
	}
	if q := Prove(append(books, at(10, "181", 1)), coop.Default().Grid); q.Gap != 2 {
		t.Errorf("%+v", q)
	}
	if q := Prove(nil, coop.Default().Grid); !q.Covered || q.Coverage != money.One || !q.Right {
		t.Errorf("%+v", q)
	}
	if q := Prove([]ledger.Balance{at(ledger.House, "512", 50_00), at(ledger.House, "431", -100_00), at(ledger.House, "645", 50_00)}, coop.Default().Grid); q.Covered || q.Coverage != money.One/2 {
		t.Errorf("%+v", q)
	}
}
