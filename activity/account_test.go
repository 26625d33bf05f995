package activity

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/i18n"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"

	"pgregory.net/rapid"
)

const section = 42

// bal is a balance of the section: positive to the debit, negative to the credit.
func bal(account string, period int, amount money.Cents) ledger.Balance {
	return ledger.Balance{Year: 1, Section: section, Account: account, Period: period, Debit: max(amount, 0), Credit: max(-amount, 0)}
}

// maelle is the account drawn in the mock: 8 214,60 € of treasury, 1 329,43 € left for pay.
func maelle() Input {
	p := Policy{Name: "Dix pour cent", Base: Collected, When: Monthly, Scales: []Scale{{Brackets: []Bracket{{Rate: 10 * money.Percent}}}}}
	return Input{
		Activity: Activity{
			ID: section, Code: "042", Name: "Maëlle céramique", Opened: day("2024-03-01"), Reserve: 1_400_00, ReserveOn: day("2026-09-03"),
			Shares: []Share{{Person: 7, From: day("2024-03-01"), Parts: 1}},
		},
		Policy: &Applied{Policy: p}, Grid: coop.Default().Grid, Available: coop.Default().Available, Year: year2026, Today: day("2026-11-22"),
		Contracts: []member.Contract{
			{ID: 1, Person: 7, Kind: member.CAPE, Start: day("2024-03-01"), End: day("2025-02-28"), Term: 1},
			{ID: 2, Person: 7, Kind: member.CESA, Start: day("2025-03-01"), FixedCost: 981_00},
		},
		LastInvoice: day("2026-11-17"),
		Turnover: []Turnover{
			{Nature: "made", Period: 3, Invoiced: 20_000_00, Collected: 16_363_00}, {Nature: "service", Period: 11, Invoiced: 3_000_00, Collected: 500_00},
		},
		Balances: []ledger.Balance{
			bal("512", 0, 3_000_00), bal("512", 5, 20_000_00), bal("512", 10, -13_185_40), bal("181", 6, -1_200_00), bal("181", 9, -400_00),
			bal("44571", 11, -1_390_20), bal("44566", 11, 346_68), bal("44574", 11, -500_00), bal("44564", 11, 12_00),
			bal(ContributionCharge, 6, 1_200_00), bal("18610", 9, 0),
			bal("401", 11, -412_80), bal("4091", 4, 55_00), bal("425", 11, -68_45), bal("431", 10, -500_00), bal("4373", 10, -82_10), bal("4421", 10, -30_00),
			bal("4191", 8, -900_00), bal("411", 11, 1_240_00), bal("706", 3, -20_000_00), bal("706", 11, -3_000_00), bal("607", 4, 5_500_00),
			bal("613", 6, 700_00), bal("6411", 6, 2_000_00), bal("6451", 6, 900_00), bal("186", 7, 39_00),
		},
		Open: []ledger.OpenItem{
			{Account: "411", Section: section, Date: day("2026-10-10"), Due: day("2026-11-10"), Amount: 486_00, Remaining: 486_00},
			{Account: "411", Section: section, Date: day("2026-10-17"), Due: day("2026-11-17"), Amount: 214_00, Remaining: 214_00},
			{Account: "411", Section: section, Date: day("2026-11-06"), Due: day("2026-12-06"), Amount: 540_00, Remaining: 540_00},
			{Account: "4191", Section: section, Date: day("2026-08-01"), Amount: -900_00, Remaining: -900_00},
		},
	}
}

func amounts(fs []Figure) map[string]money.Cents {
	m := map[string]money.Cents{}
	for _, f := range fs {
		m[f.Key] = f.Amount
	}
	return m
}

func wantAmounts(t *testing.T, fs []Figure, want map[string]money.Cents) {
	t.Helper()
	got := amounts(fs)
	for k, v := range want {
		if got[k] != v {
			t.Errorf("%s: %s, want %s", k, got[k], v)
		}
	}
	for k, v := range got {
		if _, ok := want[k]; !ok {
			t.Errorf("%s: %s, not wanted", k, v)
		}
	}
}

// The account of the mock, line by line and to the cent.
func TestAccountOfMaelle(t *testing.T) {
	a := Build(maelle())
	wantAmounts(t, a.Available.Children, map[string]money.Cents{
		"cash": 8_214_60, "vat": -1_043_52, "contribution": -486_30, "suppliers": -412_80, "expenses": -68_45, "social": -612_10,
		"fixed": -1_962_00, "deposits": -900_00, "reserve": -1_400_00,
	})
	if a.Available.Amount != 1_329_43 || a.Why != "" {
		t.Errorf("available %s, %q", a.Available.Amount, a.Why)
	}
	wantAmounts(t, a.Uses, map[string]money.Cents{"use-available": 1_329_43, "use-aside": 2_141_92, "use-promised": 3_343_25, "use-reserve": 1_400_00})
	vat, _ := a.Find("vat")
	wantAmounts(t, vat.Children, map[string]money.Cents{"vat-sales": -1_390_20, "vat-purchases": 346_68})
	c, _ := a.Find("contribution")
	wantAmounts(t, c.Children, map[string]money.Cents{"contribution-due": -1_686_30, "contribution-booked": 1_200_00})
	if got := amounts(a.Receivables); got["owed-1-30"] != 700_00 || got["owed-not-due"] != 540_00 || a.Receivable.Amount != 1_240_00 || a.Overdue.Amount != 700_00 {
		t.Error(got)
	}
	if len(a.Months) != 11 || a.Months[2].Invoiced.Amount != 20_000_00 || a.Months[2].Collected.Amount != 16_363_00 {
		t.Errorf("%d months", len(a.Months))
	}
	if r := a.Total; r.Invoiced.Amount != 23_000_00 || r.Collected.Amount != 16_863_00 || r.Purchases.Amount != -5_500_00 || r.Charges.Amount != -700_00 ||
		r.Contribution.Amount != -1_239_00 || r.Pay.Amount != -2_900_00 || r.Result.Amount != 12_661_00 {
		t.Errorf("%+v", r)
	}
	// The standard grid: 42, 43 and 44 with the VAT that waits; advances paid to suppliers count.
	if a.Reference.Amount != 8_214_60-(1_390_20-346_68+500_00-12_00+612_10)-(412_80-55_00) {
		t.Error(a.Reference.Amount)
	}
	if a.Projected.Amount != a.Reference.Amount-68_45+1_240_00-900_00 {
		t.Error(a.Projected.Amount)
	}
	if len(a.CashByMonth) != 11 || a.CashByMonth[4].In.Amount != 20_000_00 || a.CashByMonth[9].Out.Amount != -13_185_40 || a.CashByMonth[10].End.Amount != 8_214_60 || a.CashByMonth[0].End.Amount != 3_000_00 {
		t.Errorf("%+v", a.CashByMonth)
	}
	fr := i18n.For("fr")
	f, _ := a.Find("fixed")
	if got := fr.T(f.Label, f.Args...); got != "Je garde ma part fixe jusqu’à fin décembre 2026" {
		t.Error(got)
	}
	if got := fr.T(f.Note, f.NoteArgs...); got != "2 mois à 981,00\u00a0€" {
		t.Error(got)
	}
}

// What is owed to nobody yet is not set aside: an invoice that is not paid changes nothing but what customers owe.
func TestPendingVATIsNotSetAside(t *testing.T) {
	before := Build(maelle())
	in := maelle()
	in.Balances = append(in.Balances, bal("411", 11, 120_00), bal("706", 11, -100_00), bal("44574", 11, -20_00))
	in.Open = append(in.Open, ledger.OpenItem{Account: "411", Date: in.Today, Due: in.Today + 30, Amount: 120_00, Remaining: 120_00})
	in.Turnover = append(in.Turnover, Turnover{Nature: "service", Period: 11, Invoiced: 100_00})
	after := Build(in)
	if after.Available.Amount != before.Available.Amount || after.Receivable.Amount != before.Receivable.Amount+120_00 {
		t.Errorf("%s, %s", after.Available.Amount, after.Receivable.Amount)
	}
	// Paid: 120 come in, 20 are VAT, 10 are the share of the cooperative.
	in.Balances = append(in.Balances, bal("512", 11, 120_00), bal("411", 11, -120_00), bal("44574", 11, 20_00), bal("44571", 11, -20_00))
	in.Open = in.Open[:len(in.Open)-1]
	in.Turnover[len(in.Turnover)-1].Collected = 100_00
	if paid := Build(in); paid.Available.Amount != before.Available.Amount+90_00 {
		t.Errorf("%s", paid.Available.Amount)
	}
}

func TestSwitchedOffLinesAreNotTaken(t *testing.T) {
	in := maelle()
	in.Available = coop.Available{VAT: true}
	a := Build(in)
	wantAmounts(t, a.Available.Children, map[string]money.Cents{"cash": 8_214_60, "vat": -1_043_52})
	in.Policy = nil
	in.Available = coop.Default().Available
	a = Build(in)
	if _, ok := a.Find("contribution"); ok {
		t.Error("a share without a policy")
	}
}

// A pay booked in the month is not kept a second time.
func TestFixedPartOfAMonthAlreadyPaid(t *testing.T) {
	in := maelle()
	in.Balances = append(in.Balances, bal("6411", 11, 600_00), bal("6451", 11, 181_00))
	a := Build(in)
	f, _ := a.Find("fixed")
	wantAmounts(t, f.Children, map[string]money.Cents{"fixed-2026-11": -200_00, "fixed-2026-12": -981_00})
	in.Balances = append(in.Balances, bal("6413", 11, 5_000_00))
	a = Build(in)
	if f, _ = a.Find("fixed"); f.Amount != -981_00 {
		t.Error(f.Amount)
	}
	// A contract that begins in December, and one whose pay another activity bears.
	in = maelle()
	in.Activity.Shares = append(in.Activity.Shares, Share{Person: 8, From: day("2026-12-16"), Parts: 1}, Share{Person: 9, From: day("2020-01-01"), Parts: 1})
	in.Contracts = append(in.Contracts, member.Contract{ID: 3, Person: 8, Kind: member.CESA, Start: day("2026-12-16"), FixedCost: 620_00, Activity: section},
		member.Contract{ID: 4, Person: 9, Kind: member.CESA, Start: day("2020-01-01"), FixedCost: 900_00, Activity: 99})
	a = Build(in)
	f, _ = a.Find("fixed")
	wantAmounts(t, f.Children, map[string]money.Cents{"fixed-2026-11": -981_00, "fixed-2026-12": -981_00 - 320_00})
	if f.Note != "" {
		t.Error("two months of different cost are told as alike")
	}
}

// Under CAPE nothing is paid, the page says why, and expenses can be refunded (practice 16).
func TestUnderCAPE(t *testing.T) {
	in := maelle()
	in.Contracts = []member.Contract{{ID: 1, Person: 7, Kind: member.CAPE, Start: day("2026-02-01"), End: day("2027-01-31"), Term: 1}}
	a := Build(in)
	if a.Available.Amount != 0 || a.Why != "activity.why.cape" || a.Status != UnderCAPE {
		t.Errorf("%s %q %s", a.Available.Amount, a.Why, a.Status)
	}
	kept, _ := a.Find("kept")
	if kept.Amount != -(1_329_43 + 1_962_00) {
		t.Error(kept.Amount)
	}
	if a.Refundable.Amount != 8_214_60-1_043_52-486_30-412_80-612_10-900_00 {
		t.Error(a.Refundable.Amount)
	}
	if got := i18n.For("fr").T(a.Why, a.WhyArgs...); !strings.Contains(got, "31\u00a0janv.\u00a02027") {
		t.Error(got)
	}
	in.Contracts = append(in.Contracts, member.Contract{ID: 2, Person: 7, Kind: member.CESA, Start: day("2027-02-01"), FixedCost: 500_00})
	if a = Build(in); a.Why != "activity.why.from" || a.WhyArgs[1] != day("2027-02-01") {
		t.Errorf("%q %v", a.Why, a.WhyArgs)
	}
	in.Contracts = nil
	if a = Build(in); a.Why != "activity.why.no_contract" || a.Available.Amount != 0 || a.Status != NoContract {
		t.Errorf("%q", a.Why)
	}
	// In a joint activity one person with a contract that pays is enough.
	in = maelle()
	in.Contracts = append(in.Contracts, member.Contract{ID: 3, Person: 8, Kind: member.CAPE, Start: day("2026-02-01"), End: day("2027-01-31"), Term: 1})
	in.Activity.Shares = append(in.Activity.Shares, Share{Person: 8, From: day("2026-02-01"), Parts: 1})
	if a = Build(in); a.Why != "" || a.Status != Several {
		t.Errorf("%q %s", a.Why, a.Status)
	}
}

// A negative account keeps the fixed part; the shortfall is an advance of the cooperative with its age (practice 12).
func TestNegativeAccount(t *testing.T) {
	in := maelle()
	in.Balances = append(in.Balances, bal("512", 11, -10_056_90))
	in.NegativeSince = day("2026-10-19")
	a := Build(in)
	if a.Cash.Amount != -1_842_30 || a.Available.Amount != 0 || a.Why != "activity.why.negative" {
		t.Errorf("%s %s %q", a.Cash.Amount, a.Available.Amount, a.Why)
	}
	got := amounts(a.Available.Children)
	if got["fixed"] != -1_962_00 || got["reserve"] != 0 || got["missing"] != 1_842_30+1_043_52+486_30+412_80+68_45+612_10+1_962_00+900_00 {
		t.Error(got)
	}
	missing, _ := a.Find("missing")
	if parts := amounts(missing.Children); missing.Label != "activity.line.advance" || parts["missing-cash"] != 1_842_30 || parts["missing-fixed"] != 1_962_00 || parts["missing-debts"] != missing.Amount-1_842_30-1_962_00 {
		t.Error(missing.Label, parts)
	}
	if u := a.Uses[len(a.Uses)-1]; u.Label != "activity.use.advance" || u.Amount != -missing.Amount {
		t.Errorf("%+v", u)
	}
	if len(a.Alerts) < 2 || a.Alerts[0].Key != "activity.alert.negative" || a.Alerts[0].Days != 34 || a.Alerts[0].Level != Late {
		t.Fatalf("%+v", a.Alerts)
	}
	if got := i18n.For("fr").T(a.Alerts[0].Key, a.Alerts[0].Args...); got != "Compte négatif depuis 34 jours" {
		t.Error(got)
	}
	if x := a.Alerts[1]; x.Key != "activity.alert.advance" || x.Amount != missing.Amount || x.Days != 34 {
		t.Errorf("%+v", x)
	}
	if a.Refundable.Amount != 0 {
		t.Error(a.Refundable.Amount)
	}
}

// What comes back is told apart from what is set aside: neither is ever the other with a minus sign.
func TestWhatComesBackIsNotSetAside(t *testing.T) {
	in := maelle()
	in.Balances = append(in.Balances, bal("44566", 11, 5_000_00))
	a := Build(in)
	got := amounts(a.Uses)
	if got["use-back"] >= 0 || got["use-aside"] <= 0 || got["use-promised"] <= 0 {
		t.Error(got)
	}
	if i := slices.IndexFunc(a.Uses, func(f Figure) bool { return f.Key == "use-aside" }); a.Uses[i].Label != "activity.use.aside_no_vat" {
		t.Error(a.Uses[i].Label)
	}
}

func TestReserveIsKeptAsFarAsThereIsMoney(t *testing.T) {
	in := maelle()
	in.Activity.Reserve = 3_000_00
	a := Build(in)
	got := amounts(a.Available.Children)
	if got["reserve"] != -2_729_43 || a.Available.Amount != 0 || a.Why != "activity.why.nothing" {
		t.Errorf("%v %q", got, a.Why)
	}
	if len(a.Alerts) == 0 || a.Alerts[0].Key != "activity.alert.below_reserve" || a.Alerts[0].Amount != 270_57 {
		t.Errorf("%+v", a.Alerts)
	}
}

// Last year's variable part stands apart (practice 10), and what is owed back to a customer is no pay.
func TestPotAndRefunds(t *testing.T) {
	in := maelle()
	in.Balances = append(in.Balances, bal("4286", 0, -900_00), bal("4386", 0, -300_00), bal("4286", 3, 400_00))
	in.Open = append(in.Open, ledger.OpenItem{Account: "411", Date: in.Today, Amount: -60_00, Remaining: -60_00})
	in.PotUntil = day("2026-12-15")
	a := Build(in)
	if a.Pot.Amount != 800_00 || a.Available.Amount != 1_329_43-800_00-60_00 {
		t.Errorf("%s %s", a.Pot.Amount, a.Available.Amount)
	}
	got := amounts(a.Available.Children)
	if got["pot-aside"] != -800_00 || got["refunds"] != -60_00 || got["social"] != -612_10 {
		t.Error(got)
	}
	if u := amounts(a.Uses); u["use-pot"] != 800_00 || u["use-promised"] != 3_403_25 {
		t.Error(u)
	}
	if !slices.ContainsFunc(a.Alerts, func(x Alert) bool { return x.Key == "activity.alert.pot" && x.Days == 23 }) {
		t.Errorf("%+v", a.Alerts)
	}
}

func TestNewcomerWithNothing(t *testing.T) {
	a := Build(Input{
		Activity: Activity{ID: section, Opened: day("2026-11-02"), Shares: []Share{{Person: 1, From: day("2026-11-02"), Parts: 1}}},
		Grid:     coop.Default().Grid, Available: coop.Default().Available, Year: year2026, Today: day("2026-11-22"),
		Contracts: []member.Contract{{ID: 1, Person: 1, Kind: member.CAPE, Start: day("2026-11-02"), End: day("2027-11-01"), Term: 1}},
	})
	if a.Cash.Amount != 0 || a.Available.Amount != 0 || len(a.Alerts) != 0 || a.Why != "activity.why.cape" || len(a.Uses) != 0 {
		t.Errorf("%+v", a)
	}
}

// Forecast: the rules of its comment, month by month.
func TestForecast(t *testing.T) {
	in := maelle()
	in.Open = append(in.Open, ledger.OpenItem{Account: "411", Due: day("2026-07-01"), Amount: 999_00, Remaining: 999_00}) // 144 days late: never
	a := Build(in)
	if len(a.Forecast) != 4 {
		t.Fatal(len(a.Forecast))
	}
	var ends []money.Cents
	for _, m := range a.Forecast {
		ends = append(ends, m.End.Amount)
	}
	nov := money.Cents(8_214_60 - 981_00)
	dec := nov + 540_00 + 700_00 - 1_043_52 - 486_30 - 412_80 - 68_45 - 612_10 - 981_00
	vat := money.Cents(500_00).Share(1_240_00, 1_240_00+999_00) // the part of the VAT that waits for what December brings
	jan := dec - 981_00 - vat
	if want := []money.Cents{nov, dec, jan, jan - 981_00}; !slices.Equal(ends, want) {
		t.Errorf("%v, want %v", ends, want)
	}
	in.Activity.Reserve = 2_700_00
	a = Build(in)
	if !slices.ContainsFunc(a.Alerts, func(x Alert) bool {
		return x.Key == "activity.alert.reserve_soon" && x.Amount == 2_700_00-(jan-981_00)
	}) {
		t.Errorf("%+v", a.Alerts)
	}
	in.Today = day("2027-01-05")
	if a = Build(in); len(a.Forecast) != 0 || len(a.Alerts) != 0 || len(a.Months) != 12 {
		t.Error("a year that is over has no forecast")
	}
}

func TestAlerts(t *testing.T) {
	keys := func(a Account) (ks []string) {
		for _, x := range a.Alerts {
			ks = append(ks, string(x.Level)+" "+i18n.For("fr").T(x.Key, x.Args...))
		}
		return ks
	}
	capeTo := func(end string) func(*Input) {
		return func(in *Input) {
			in.Contracts = []member.Contract{{ID: 1, Person: 7, Kind: member.CAPE, Start: day("2026-01-01"), End: day(end), Term: 1}}
		}
	}
	for name, c := range map[string]struct {
		change func(*Input)
		want   []string
	}{
		"nothing to say":       {func(*Input) {}, nil},
		"cape ends in 21 days": {capeTo("2026-12-13"), []string{"late CAPE finit dans 21 jours, sans suite prévue"}},
		"cape ends in 60 days": {capeTo("2027-01-21"), []string{"wait CAPE finit dans 60 jours, sans suite prévue"}},
		"cape ends in 61 days": {capeTo("2027-01-22"), nil},
		"contract over for 22 days": {func(in *Input) {
			in.Contracts = []member.Contract{{ID: 1, Person: 7, Kind: member.CESA, Start: day("2025-01-01"), End: day("2026-10-31")}}
		}, []string{"late Contrat fini depuis 22 jours, sans suite"}},
		"cape over for a day":    {capeTo("2026-11-21"), []string{"late CAPE finie depuis 1 jour, sans suite"}},
		"unpaid for 92 days":     {func(in *Input) { in.Open[0].Due, in.Open[0].Remaining = in.Today-92, 4_200_00 }, []string{"wait Impayé de 92 jours, 4\u202f200,00\u00a0€"}},
		"unpaid for 60 days":     {func(in *Input) { in.Open[0].Due = in.Today - 60 }, nil},
		"no invoice for 90 days": {func(in *Input) { in.LastInvoice = in.Today - 90 }, []string{"wait Pas de facture depuis 90 jours"}},
		"never an invoice":       {func(in *Input) { in.LastInvoice, in.Activity.Opened = 0, in.Today-100 }, []string{"wait Aucune facture en 100 jours"}},
		"opened after the last":  {func(in *Input) { in.LastInvoice, in.Activity.Opened = in.Today-200, in.Today-10 }, nil},
		"closed":                 {func(in *Input) { in.LastInvoice, in.Activity.Closed = in.Today-90, in.Today-1 }, nil},
		"cape with a CESA behind": {func(in *Input) {
			capeTo("2026-12-13")(in)
			in.Contracts = append(in.Contracts, member.Contract{ID: 2, Person: 7, Kind: member.CESA, Start: day("2026-12-14")})
		}, nil},
	} {
		in := maelle()
		in.Activity.Reserve = 0
		in.Contracts[1].FixedCost = 0
		c.change(&in)
		if got := keys(Build(in)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestNegativeSince(t *testing.T) {
	d := day("2026-03-01")
	ms := func(xs ...money.Cents) (out []Movement) {
		for i, x := range xs {
			out = append(out, Movement{d + date.Day(i/2), x}) // two a day
		}
		return out
	}
	for _, c := range []struct {
		opening money.Cents
		ms      []Movement
		want    date.Day
	}{
		{0, nil, 0},
		{-1, nil, year2026.Start},
		{-1, ms(0, 1), 0},
		{-5, ms(1, 1), year2026.Start},
		{5, ms(-6, 1, -1, 0), d + 1},           // day 0 ends at 0, day 1 at −1
		{5, ms(-10, 0, 20, 0, -20, 0), d + 2},  // back above in between
		{5, ms(-10, 10, -10, 0, 0, 0), d + 1},  // within a day it does not count
		{5, ms(-10, 0, 1, 0, -1, 0, 1, 1), d},  // still the same stretch
		{5, ms(-10, 0, 1, 0, -1, 0, 10, 0), 0}, // over
	} {
		if got := NegativeSince(c.opening, year2026.Start, c.ms); got != c.want {
			t.Errorf("%d %v: %s, want %s", c.opening, c.ms, got, c.want)
		}
	}
}

// Every key names one figure, every label and note stands in both languages, and Find finds each.
func TestFiguresHaveKeysAndWords(t *testing.T) {
	variants := []Input{maelle()}
	for _, change := range []func(*Input){
		func(in *Input) { in.Contracts = nil },
		func(in *Input) {
			in.Balances = append(in.Balances, bal("512", 11, -20_000_00), bal("4286", 0, -5_00), bal("421", 2, -5_00))
		},
		func(in *Input) {
			in.Balances = append(in.Balances, bal("44566", 2, 9_000_00), bal(ContributionCharge, 2, 9_000_00))
			in.PotUntil = in.Today
		},
		func(in *Input) {
			in.Open = append(in.Open, ledger.OpenItem{Account: "411", Date: 9, Remaining: -5})
			in.Policy.Policy.MinYear = 9_000_00
		},
		func(in *Input) { in.Activity.Reserve = 9_999_99 },
	} {
		in := maelle()
		change(&in)
		variants = append(variants, in)
	}
	for n, in := range variants {
		a := Build(in)
		seen := map[string]bool{}
		each(&a, func(f Figure) {
			if seen[f.Key] || f.Key == "" {
				t.Errorf("%d: two figures have the key %q", n, f.Key)
			}
			seen[f.Key] = true
			if g, ok := a.Find(f.Key); !ok || g.Amount != f.Amount {
				t.Errorf("%d: %s is not found", n, f.Key)
			}
			words(t, f.Label, f.Args)
			words(t, f.Note, f.NoteArgs)
		})
		for _, s := range a.Contribution.Steps {
			words(t, s.Key, s.Args)
		}
		for _, x := range a.Alerts {
			words(t, x.Key, x.Args)
			if _, ok := a.Find(x.Figure); !ok && x.Figure != "" {
				t.Errorf("%s speaks of %q", x.Key, x.Figure)
			}
		}
		words(t, a.Why, a.WhyArgs)
		words(t, a.Status.Label(), nil)
		if _, ok := a.Find("nothing"); ok {
			t.Error("found what is not there")
		}
	}
}

func words(t *testing.T, key string, args []any) {
	t.Helper()
	for _, lang := range []string{"fr", "en"} {
		p := i18n.For(lang)
		if text := p.T(key, args...); key != "" && (!p.Has(key) || strings.ContainsAny(text, "{}")) {
			t.Errorf("%s: %s: %s", lang, key, text)
		}
	}
}

// each calls fn with every figure of an account once.
func each(a *Account, fn func(Figure)) {
	var walk func(fs ...Figure)
	walk = func(fs ...Figure) {
		for _, f := range fs {
			fn(f)
			walk(f.Children...)
		}
	}
	walk(a.Reference, a.Projected, a.Receivable, a.Overdue, a.Available, a.Refundable, a.Pot)
	walk(a.Uses...)
	for _, r := range append([]MonthRow{a.Total}, a.Months...) {
		walk(r.Collected, r.Result)
	}
	for _, m := range append(slices.Clone(a.CashByMonth), a.Forecast...) {
		walk(m.In, m.Out, m.End)
	}
}

// Whatever the books hold: every figure of the ledger is the sum of the balances its scope selects, every sum is the
// sum of its children, what is left for pay is never below zero, uses sum to the treasury, months to the year.
func TestEveryFigureOpens(t *testing.T) {
	accounts := []string{
		"512", "530", "181", "186", "1861", "187", "101", "120", "401", "4091", "4081", "411", "4191", "416", "421", "425", "427", "4282", "4286", "4287", "431",
		"4373", "4382", "4386", "4387", "4411", "4421", "444", "4452", "44551", "44562", "44564", "44566", "44567", "44571", "44574", "44583", "44586", "44587",
		"447", "467", "601", "607", "611", "625", "631", "633", "635", "6411", "645", "681", "701", "706", "709", "74", "758",
	}
	rapid.Check(t, func(t *rapid.T) {
		in := maelle()
		in.Balances, in.Open = nil, nil
		var halves []NettedLine
		for range rapid.IntRange(0, 60).Draw(t, "balances") {
			in.Balances = append(in.Balances, ledger.Balance{
				Section: rapid.SampledFrom([]int64{section, section, section, 7}).Draw(t, "section"), Account: rapid.SampledFrom(accounts).Draw(t, "account"),
				Period: rapid.IntRange(0, 12).Draw(t, "period"),
				Debit:  money.Cents(rapid.Int64Range(0, 900_000).Draw(t, "debit")), Credit: money.Cents(rapid.Int64Range(0, 900_000).Draw(t, "credit")),
			})
		}
		for entry := range rapid.IntRange(0, 5).Draw(t, "netted") {
			period, undone := rapid.IntRange(1, 12).Draw(t, "netted in"), rapid.Bool().Draw(t, "undone")
			for range rapid.IntRange(1, 3).Draw(t, "netted lines") {
				l := NettedLine{Entry: int64(entry), Account: rapid.SampledFrom([]string{"512", "530", "5112", "181", "627"}).Draw(t, "netted account"), Period: period, Undone: undone, Amount: money.Cents(rapid.Int64Range(-9_000, 9_000).Draw(t, "netted amount"))}
				in.Netted = append(in.Netted, l)
				in.Balances = append(in.Balances, ledger.Balance{Section: section, Account: l.Account, Period: period, Debit: max(l.Amount, 0), Credit: max(-l.Amount, 0)})
				if undone { // its other half
					l.Entry, l.Amount = l.Entry+100, -l.Amount
					in.Balances = append(in.Balances, ledger.Balance{Section: section, Account: l.Account, Period: period, Debit: max(l.Amount, 0), Credit: max(-l.Amount, 0)})
					halves = append(halves, l)
				}
			}
		}
		in.Netted = append(in.Netted, halves...)
		for range rapid.IntRange(0, 10).Draw(t, "items") {
			in.Open = append(in.Open, ledger.OpenItem{
				Account: rapid.SampledFrom([]string{"411", "4117", "416", "4191"}).Draw(t, "item"), Date: in.Today - 5,
				Due: in.Today + date.Day(rapid.IntRange(-200, 100).Draw(t, "due")), Remaining: money.Cents(rapid.Int64Range(-90_000, 500_000).Draw(t, "remaining")),
			})
		}
		in.Activity.Reserve = money.Cents(rapid.Int64Range(0, 300_000).Draw(t, "reserve"))
		if rapid.Bool().Draw(t, "cape") {
			in.Contracts = []member.Contract{{ID: 1, Person: 7, Kind: member.CAPE, Start: day("2026-02-01"), End: day("2027-01-31"), Term: 1}}
		}
		if rapid.Bool().Draw(t, "short grid") {
			in.Grid.Taxes = coop.Prefixes{In: []string{"431", "44"}, Out: []string{"4421"}}
		}
		a := Build(in)
		each(&a, func(f Figure) { opens(t, in, f) })
		if a.Available.Amount < 0 || a.Refundable.Amount < 0 {
			t.Fatalf("below zero: %s, %s", a.Available.Amount, a.Refundable.Amount)
		}
		if a.Why != "" && a.Available.Amount != 0 || a.Why == "" && a.Available.Amount == 0 {
			t.Fatalf("%s and %q", a.Available.Amount, a.Why)
		}
		var used money.Cents
		for _, u := range a.Uses {
			used += u.Amount
		}
		if used != a.Cash.Amount {
			t.Fatalf("uses sum to %s, the treasury is %s", used, a.Cash.Amount)
		}
		var year MonthRow
		for _, m := range a.Months {
			year.Result.Amount += m.Result.Amount
			year.Invoiced.Amount += m.Invoiced.Amount
			year.Collected.Amount += m.Collected.Amount
		}
		if year.Result.Amount != a.Total.Result.Amount || year.Invoiced.Amount != a.Total.Invoiced.Amount || year.Collected.Amount != a.Total.Collected.Amount {
			t.Fatalf("months sum to %s, the year is %s", year.Result.Amount, a.Total.Result.Amount)
		}
		if n := len(a.CashByMonth); n > 0 && a.CashByMonth[n-1].End.Amount != a.Cash.Amount {
			t.Fatalf("the last month ends at %s, the treasury is %s", a.CashByMonth[n-1].End.Amount, a.Cash.Amount)
		}
	})
}

func opens(t *rapid.T, in Input, f Figure) {
	var want money.Cents
	switch f.Scope.Kind {
	case FromLedger:
		for _, b := range in.Balances {
			if b.Section != section {
				continue
			}
			if f.Scope.MatchesLine(b.Account, b.Debit, b.Period) && b.Debit > 0 {
				want += b.Debit
			}
			if f.Scope.MatchesLine(b.Account, -b.Credit, b.Period) && b.Credit > 0 {
				want -= b.Credit
			}
		}
		if f.Scope.Side != BothSides { // each entry that moves money around counts what it brings
			nets := map[int64]money.Cents{}
			for _, l := range in.Netted {
				if f.Scope.MatchesLine(l.Account, l.Amount, l.Period) {
					want -= l.Amount
				}
				if either := (Scope{Kind: FromLedger, Accounts: f.Scope.Accounts, FromPeriod: f.Scope.FromPeriod, ToPeriod: f.Scope.ToPeriod}); either.MatchesLine(l.Account, l.Amount, l.Period) && !l.Undone {
					nets[l.Entry] += l.Amount
				}
			}
			for _, net := range nets {
				if (net > 0) == (f.Scope.Side == DebitSide) {
					want += net
				}
			}
		}
	case FromOpen:
		for _, it := range in.Open {
			if f.Scope.MatchesItem(it) {
				want += it.Remaining
			}
		}
	case FromReceipts:
		for _, r := range in.Turnover {
			if r.Period >= f.Scope.FromPeriod && r.Period <= f.Scope.ToPeriod {
				want += r.Collected
			}
		}
	case FromSum, FromPolicy:
		for _, c := range f.Children {
			want += c.Amount
		}
	case FromPay, FromRule, FromChoice, FromRest, FromEstimate:
		return
	default:
		t.Fatalf("%s: no such scope %q", f.Key, f.Scope.Kind)
	}
	if f.Scope.Credit {
		want = -want
	}
	if want != f.Amount {
		t.Fatalf("%s says %s, what it opens sums to %s", f.Key, f.Amount, want)
	}
	if f.Scope.Kind != FromSum && f.Scope.Kind != FromPolicy && len(f.Children) > 0 {
		t.Fatalf("%s has both a scope and children", f.Key)
	}
}

// Her words only (practice E).
func TestEntrepreneursWords(t *testing.T) {
	forbidden := []string{"lettr", "analytique", "journa", "débit", "crédit", "échéancier", "écriture", "compte 4", "compte 5", "liaison", "imput", "exercice", "bg-", "bt-", "code compt", "!"}
	a := Build(maelle())
	fr := i18n.For("fr")
	check := func(key, text string) {
		for _, w := range forbidden {
			if strings.Contains(strings.ToLower(text), w) {
				t.Errorf("%s says %q", key, w)
			}
		}
	}
	each(&a, func(f Figure) { check(f.Label, fr.T(f.Label)+" "+fr.T(f.Note)) })
	for key := range messages(t) {
		check(key, fr.T(key))
	}
	for _, key := range []string{"cash", "vat", "contribution", "suppliers", "expenses", "social", "fixed", "deposits", "reserve"} {
		if text := fr.T("activity.line." + key); !strings.HasPrefix(text, "J’") && !strings.HasPrefix(text, "Je ") {
			t.Errorf("%q is not said in the first person", text)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	in := maelle()
	in.Balances = nil
	for account := range strings.FieldsSeq("181 1861 401 411 4191 421 425 431 4372 4373 4375 4421 44551 44566 44571 44574 512 601 604 606 6135 616 618 622 6251 6256 626 627 6411 6412 6413 6451 6452 6453 6475 701 706 707") {
		for p := range 13 {
			in.Balances = append(in.Balances, bal(account, p, money.Cents(1000*p+7)))
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = Build(in)
	}
	b.ReportMetric(float64(len(in.Balances)), "balances")
}

func ExampleBuild() {
	a := Build(maelle())
	fr := i18n.For("fr")
	for _, line := range a.Available.Children {
		fmt.Println(fr.T(line.Label, line.Args...), strings.ReplaceAll(fr.Amount(line.Amount), "\u202f", " "))
	}
	fmt.Println(fr.T(a.Available.Label), strings.ReplaceAll(fr.Amount(a.Available.Amount), "\u202f", " "))
	// Output:
	// J’ai sur mon compte 8 214,60
	// Je mets de côté pour la TVA −1 043,52
	// Je verse ma part à la coopérative −486,30
	// Je dois à mes fournisseurs −412,80
	// Je me rembourse mes frais avancés −68,45
	// Je dois les cotisations de mes dernières paies −612,10
	// Je garde ma part fixe jusqu’à fin décembre 2026 −1 962,00
	// Je garde les acomptes reçus −900,00
	// Je garde ma réserve −1 400,00
	// Il reste pour ma paie 1 329,43
}
