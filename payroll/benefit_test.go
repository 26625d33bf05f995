package payroll

import (
	"testing"

	"essaim/date"
	"essaim/money"
)

// Twenty vouchers: within the limit of 2026, beyond 60 % of the voucher, beyond the limit, and below half.
func TestMealVouchers(t *testing.T) {
	p := Law().On(nov2026)
	item := func(element string, amount money.Cents) Item {
		return Item{Element: element, Amount: amount, Base: 20_00}
	}
	for _, c := range []struct {
		value, employer money.Cents
		want            []Item
	}{
		{14_64, 7_32, []Item{item("meal_voucher_worker", 146_40), item("meal_voucher_employer", 146_40)}},
		{12_00, 8_00, []Item{item("meal_voucher_worker", 80_00), item("meal_voucher_employer", 144_00), item("meal_voucher_excess", 16_00)}},
		{14_00, 8_00, []Item{item("meal_voucher_worker", 120_00), item("meal_voucher_employer", 146_40), item("meal_voucher_excess", 13_60)}},
		{10_00, 3_00, []Item{item("meal_voucher_worker", 140_00), item("meal_voucher_excess", 60_00)}},
	} {
		got, err := p.Vouchers(20, c.value, c.employer)
		if err != nil {
			t.Fatal(err)
		}
		areItems(t, got, c.want...)
	}
	_, err := p.Vouchers(20, 10_00, 10_01)
	refused(t, "share", err, "employer", "payroll.voucher_share")
	_, err = p.Vouchers(32, 10_00, 5_00)
	refused(t, "count", err, "count", "payroll.vouchers")
}

// A subscription of 88.80: half of it free, four fifths free up to three quarters, and in proportion below half time.
func TestTransport(t *testing.T) {
	p := Law().On(nov2026)
	full := Contract{Regime: CESA, From: longAgo}
	for _, c := range []struct {
		k     Contract
		share money.Rate
		want  []Item
	}{
		{full, 500_000, []Item{{Element: "transport", Amount: 44_40, Base: 88_80, Rate: 500_000}}},
		{full, 800_000, []Item{{Element: "transport", Amount: 66_60, Base: 88_80, Rate: 750_000}, {Element: "transport_excess", Amount: 4_44}}},
		{Contract{Regime: Permanent, From: longAgo, Hours: 10_00}, 500_000, []Item{{Element: "transport", Amount: 25_37, Base: 88_80, Rate: 500_000}}}, // × 10/17.5
		{Contract{Regime: Permanent, From: longAgo, Hours: 20_00}, 500_000, []Item{{Element: "transport", Amount: 44_40, Base: 88_80, Rate: 500_000}}},
	} {
		got, err := p.Transport(c.k, 88_80, c.share)
		if err != nil {
			t.Fatal(err)
		}
		areItems(t, got, c.want...)
	}
	for share, told := range map[money.Rate]bool{500_000: false, 750_000: true} {
		items, _ := p.Transport(full, 88_80, share)
		if s, _ := paid(t, Employer{}, full, YearToDate{}, month(nov2026, items...)); noted(s, "payroll.note.unsure_transport") != told {
			t.Errorf("at %s the limit of 2026 is told as unsure: %v", share, !told)
		}
	}
	_, err := p.Transport(full, 88_80, 400_000)
	refused(t, "share", err, "share", "payroll.transport_share")
}

// What each element changes on a payslip of 2 000: its gross, the net, what is taxed, the net social and what is paid.
func TestWhatEachElementCountsIn(t *testing.T) {
	e, k := Employer{Staff: 30, Accident: 20_800}, Contract{Regime: Permanent, From: longAgo, Hours: 35_00}
	salary := Item{Element: "salary", Amount: 2_000_00}
	none, _ := paid(t, e, k, YearToDate{}, month(nov2026, salary))
	rate := money.Rate(0)
	for _, c := range []struct {
		element                                 string
		base                                    money.Cents
		gross, cash, taxable, social, paid, own money.Cents // own: what the cooperative bears beside gross and contributions
	}{
		{"transport", 0, 0, 0, 0, 0, 100_00, 100_00},
		{"meal_voucher_worker", 0, 0, 0, 0, 0, -100_00, 0},
		{"meal_voucher_employer", 0, 0, 0, 0, 0, 0, 100_00},
		{"advance", 0, 0, 0, 0, 0, -100_00, 0},
		{"instalment", 0, 0, 0, 0, 0, -100_00, 0},
		{"garnishment", 0, 0, 0, 0, 0, -100_00, 0},
		{"maintenance_pension", 0, 0, 0, 0, 0, -100_00, 0},
		{"ijss", 107_18, 0, 0, 103_11, 100_00, 100_00, 0},
		{"ijss_accident", 107_18, 0, 0, 51_56, 100_00, 100_00, 0},
		{"provident", 0, 0, 0, 100_00, 100_00, 100_00, 0},
		{"settlement", 0, 0, 0, 0, 0, 100_00, 100_00},
		{"settlement_csg", 0, 0, -9_70, 0, 0, 90_30, 100_00},
		{"rupture", 0, 0, 0, 0, 0, 100_00, 100_00},
		{"profit_sharing", 0, 0, -9_70, 93_20, 0, 90_30, 0}, // taxed less the deductible 6.80; in no net social
		{"profit_saved", 0, 0, -9_70, 0, 0, 90_30, 0},
		{"profit_plan", 0, 0, 0, 0, 0, -100_00, 0},
	} {
		in := month(nov2026, salary, Item{Element: c.element, Amount: 100_00, Base: c.base})
		in.Tax = &rate
		s, _ := paid(t, e, k, YearToDate{}, in)
		a, b := s.Totals, none.Totals
		b.Paid += b.Tax
		if a.Gross-b.Gross != c.gross || a.Net-b.Net != c.cash || a.NetTaxable-b.NetTaxable != c.taxable || a.NetSocial-b.NetSocial != c.social || a.Paid-b.Paid != c.paid || a.Cost-a.Employer-b.Cost+b.Employer != c.own {
			t.Errorf("%s: gross %s, net %s, taxable %s, social %s, paid %s, own %s", c.element, a.Gross-b.Gross, a.Net-b.Net, a.NetTaxable-b.NetTaxable, a.NetSocial-b.NetSocial, a.Paid-b.Paid, a.Cost-a.Employer-b.Cost+b.Employer)
		}
	}
	// What is pay in kind bears contributions and is not paid: 2 100 as pay, less the 100.
	more, _ := paid(t, e, k, YearToDate{}, month(nov2026, Item{Element: "salary", Amount: 2_100_00}))
	for _, element := range []string{"in_kind", "meal_voucher_excess"} {
		s, _ := paid(t, e, k, YearToDate{}, month(nov2026, salary, Item{Element: element, Amount: 100_00}))
		if s.Totals.Gross != 2_100_00 || s.Totals.NetTaxable != more.Totals.NetTaxable || s.Totals.NetSocial != more.Totals.NetSocial || s.Totals.Net != more.Totals.Net-100_00 {
			t.Errorf("%s: %+v", element, s.Totals)
		}
	}
	for _, element := range []string{"back_pay", "leave_indemnity", "transport_excess", "end_of_contract"} {
		s, _ := paid(t, e, k, YearToDate{}, month(nov2026, salary, Item{Element: element, Amount: 100_00}))
		if s.Totals != more.Totals {
			t.Errorf("%s: %+v", element, s.Totals)
		}
	}
	// Back pay may be taken back: 2 100 − 100.
	if s, _ := paid(t, e, k, YearToDate{}, month(nov2026, Item{Element: "salary", Amount: 2_100_00}, Item{Element: "back_pay", Amount: -100_00})); s.Totals != none.Totals {
		t.Errorf("%+v", s.Totals)
	}
}

// An exemption from the health cover holds while its proof does.
func TestHealthExemption(t *testing.T) {
	asked := date.Of(2024, 3, 1)
	for _, c := range []struct {
		name  string
		e     Exemption
		holds bool
		key   string
	}{
		{"proof of the year", Exemption{OtherCover, asked, date.Of(2026, 1, 20), 0}, true, ""},
		{"proof of last year", Exemption{OtherCover, asked, date.Of(2025, 1, 20), 0}, false, "payroll.exemption.old_proof"},
		{"no proof", Exemption{SolidaryCover, asked, 0, 0}, false, "payroll.exemption.no_proof"},
		{"own contract until its term", Exemption{OwnContract, asked, asked, date.Of(2026, 12, 31)}, true, ""},
		{"its term passed", Exemption{OwnContract, asked, asked, date.Of(2026, 11, 15)}, false, "payroll.exemption.over"},
		{"there before", Exemption{BeforeScheme, asked, 0, 0}, true, ""},
		{"asked later", Exemption{BeforeScheme, date.Of(2026, 12, 1), 0, 0}, false, "payroll.exemption.not_asked"},
	} {
		if got, note := c.e.Holds(nov2026); got != c.holds || note.Key != c.key {
			t.Errorf("%s: %v, %q", c.name, got, note.Key)
		}
	}
	e, k := Employer{Staff: 30, Accident: 20_800}, Contract{Regime: CESA, From: longAgo, Cover: Cover{Health: 60_00, HealthEmployer: 500_000}}
	in := month(nov2026, Item{Element: "fixed_part", Amount: 1_000_00})
	with, _ := paid(t, e, k, YearToDate{}, in)
	in.NoHealth = true
	without, _ := paid(t, e, k, YearToDate{}, in)
	if a, b := amounts(with), amounts(without); a["mutuelle/salarie"] != 30_00 || b["mutuelle/salarie"] != 0 || b["mutuelle/employeur"] != 0 || b["forfait_social/employeur"] != 0 {
		t.Errorf("%v, %v", a, b)
	}
}
