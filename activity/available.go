package activity

import (
	"slices"

	"essaim/date"
	"essaim/member"
	"essaim/money"
)

// available builds « disponible » as named lines (practice 47), its sum read aloud: what I have, what I set aside, what
// I owe, what I keep. Ledger lines are debit less credit, so that a debt is negative by itself.
//
// The reserve is only kept as far as there is money for it: it is a choice, not a debt. What is owed beyond the money
// there is appears as one line, the advance of the cooperative, so that the rest is never below zero; the fixed part
// stays due all the same (practice 12). Without a contract that pays (CAPE, or none) all that remains is kept, and Why
// says so.
//
// It is known of today only: the account of another year tells its contribution and leaves the rest out.
func (b *builder) available(a *Account) {
	if b.Policy != nil {
		if b.PolicyFacts.Year.Start == 0 {
			b.PolicyFacts = Gather(*b.Policy, b.Activity, b.Balances, b.Turnover, b.Contracts, b.Year, b.Today)
		}
		a.Contribution = b.Policy.Policy.Due(b.PolicyFacts)
	}
	if !b.Year.Contains(b.Today) {
		return
	}
	sw := b.Input.Available
	all := func(key, label string, s selection) Figure { return b.figure(key, label, s, 0, b.last) }
	lines := []Figure{a.Cash}
	add := func(on bool, f Figure) {
		if on {
			lines = append(lines, f)
		}
	}
	add(sw.VAT, b.vat())
	if b.Policy != nil {
		add(sw.Contribution, b.contribution(a.Contribution))
	}
	add(sw.Suppliers, all("suppliers", "activity.line.suppliers", b.owed))
	add(sw.Expenses, all("expenses", "activity.line.expenses", b.expenses))
	add(sw.Social, b.social())
	if f := all("salaries", "activity.line.salaries", b.salaries); f.Amount != 0 {
		add(sw.Social, f)
	}
	fixed := b.fixed(sw.HorizonMonth)
	add(sw.FixedPay, fixed)
	deposits := all("deposits", "activity.line.deposits", b.advances)
	deposits.Note = "activity.note.deposits"
	add(sw.Deposits, deposits)
	if f := b.refunds(); f.Amount != 0 {
		add(sw.Deposits, f)
	}

	a.Pot = b.asCredit("pot", "activity.pot", b.pot, 0, b.last)
	if b.PotUntil != 0 {
		a.Pot.Note, a.Pot.NoteArgs = "activity.note.pot_until", []any{"until", b.PotUntil}
	}
	if a.Pot.Amount != 0 {
		f := all("pot-aside", "activity.line.pot", b.pot)
		f.Note, f.NoteArgs = a.Pot.Note, a.Pot.NoteArgs
		add(sw.Pot, f)
	}
	a.Refundable = b.refundable(lines)

	lines = append(lines, b.closed()...)
	var rest money.Cents
	for _, l := range lines {
		rest += l.Amount
	}
	if sw.Reserve && b.Activity.Reserve > 0 {
		kept := min(max(rest, 0), b.Activity.Reserve)
		f := Figure{Key: "reserve", Label: "activity.line.reserve", Amount: -kept, Scope: Scope{Kind: FromChoice}}
		switch {
		case kept < b.Activity.Reserve:
			f.Note, f.NoteArgs = "activity.note.reserve_short", []any{"reserve", b.Activity.Reserve}
		case b.Activity.ReserveOn != 0:
			f.Note, f.NoteArgs = "activity.note.reserve_on", []any{"on", b.Activity.ReserveOn}
		}
		lines = append(lines, f)
		rest -= kept
	}
	a.Why, a.WhyArgs = b.blocked()
	blocked := a.Why != ""
	if blocked && rest > 0 {
		lines = append(lines, Figure{Key: "kept", Label: "activity.line.kept", Amount: -rest, Scope: Scope{Kind: FromRest}})
		rest = 0
	}
	if rest < 0 {
		lines = append(lines, missing(-rest, a.Cash, fixed, sw.FixedPay && fixed.Amount < 0))
	}
	a.Available = sum("available", "activity.line.available", lines)
	a.Available.Note = "activity.note.available"
	if a.Why == "" && a.Available.Amount == 0 {
		switch {
		case a.Cash.Amount < 0:
			a.Why = "activity.why.negative"
		case rest < 0:
			a.Why = "activity.why.short"
		default:
			a.Why = "activity.why.nothing"
		}
	}
	a.Uses = uses(lines, !blocked)
}

// closed is what the year ends took of the treasury for something else than pay: what is set aside in the books, and what
// was left as net result, as far as an assembly has not assigned it yet.
func (b *builder) closed() []Figure {
	lines := nonzero(b.figure("set-aside", "activity.line.set_aside", b.aside, 0, b.last))
	results := b.figure("results", "", b.results, 0, b.last)
	if kept := min(b.Kept, -results.Amount); kept > 0 {
		lines = append(lines, Figure{Key: "result-kept", Label: "activity.line.result_kept", Amount: -kept, Scope: Scope{Kind: FromChoice}})
	}
	return lines
}

// missing is what the lines lack, told by what it is for: what the treasury is below zero by, the fixed parts, and what
// remains of the debts. With fixed parts among them the cooperative advances it.
func missing(amount money.Cents, cash, fixed Figure, advance bool) Figure {
	f := Figure{Key: "missing", Label: "activity.line.missing", Amount: amount, Scope: Scope{Kind: FromRest}}
	pay := money.Cents(0)
	if advance {
		f.Label, pay = "activity.line.advance", min(amount, -fixed.Amount)
	}
	below := min(amount-pay, max(-cash.Amount, 0))
	parts := nonzero(
		Figure{Key: "missing-cash", Label: "activity.missing.cash", Amount: below, Scope: Scope{Kind: FromRest}},
		Figure{Key: "missing-debts", Label: "activity.missing.debts", Amount: amount - pay - below, Scope: Scope{Kind: FromRest}},
		Figure{Key: "missing-fixed", Label: "activity.missing.fixed", Amount: pay, Scope: Scope{Kind: FromRest}},
	)
	if len(parts) > 1 {
		return sum(f.Key, f.Label, parts)
	}
	return f
}

// vat is what is set aside for VAT: collected and due, less what purchases give back. VAT still pending counts nowhere:
// its money has not come.
func (b *builder) vat() Figure {
	all := func(key, label string, s selection) Figure { return b.figure(key, label, s, 0, b.last) }
	f := sum("vat", "activity.line.vat", nonzero(
		all("vat-sales", "activity.vat.sales", b.vatSales),
		all("vat-purchases", "activity.vat.purchases", b.vatBought),
		all("vat-declared", "activity.vat.declared", b.vatDeclared),
		all("vat-other", "activity.vat.other", b.vatOther),
	))
	if f.Amount > 0 {
		f.Label = "activity.line.vat_back"
	}
	return f
}

// contribution is what the policy makes due and no entry has booked yet, and what the minimum still adds. What is booked
// has already left the treasury through 181.
func (b *builder) contribution(c Contribution) Figure {
	due := Figure{Key: "contribution-due", Label: "activity.contribution.due", Amount: -c.Due, Scope: Scope{Kind: FromPolicy}}
	for i, st := range c.Steps {
		due.Children = append(due.Children, Figure{Key: keyed("contribution-step", i+1), Label: st.Key, Args: st.Args, Amount: -st.Amount, Scope: Scope{Kind: FromRule}})
	}
	parts := []Figure{due}
	if booked := b.figure("contribution-booked", "activity.contribution.booked", b.booked, 1, b.last); booked.Amount != 0 {
		parts = append(parts, booked)
	}
	if b.Input.Available.Minimum && c.Minimum != 0 {
		parts = append(parts, Figure{Key: "contribution-minimum", Label: "activity.contribution.minimum", Amount: -c.Minimum, Scope: Scope{Kind: FromRule}})
	}
	f := sum("contribution", "activity.line.contribution", parts)
	if f.Amount > 0 {
		f.Label = "activity.line.contribution_back"
	}
	return f
}

// social is what is owed to social bodies and to the State for the pay already made.
func (b *builder) social() Figure {
	all := func(key, label string, s selection) Figure { return b.figure(key, label, s, 0, b.last) }
	return sum("social", "activity.line.social", nonzero(
		all("social-bodies", "activity.social.bodies", b.bodies),
		all("social-withheld", "activity.social.withheld", b.withheld),
		all("social-leave", "activity.social.leave", b.leave),
		all("social-other", "activity.social.other", b.otherSocial),
	))
}

// fixed is the fixed parts to be kept until the end of the horizon: for each month what the contracts cost, less the pay
// already booked in it.
func (b *builder) fixed(months int) Figure {
	var parts []Figure
	first := b.Today.Month()
	var each money.Cents
	same := true
	for m := first; m < first+date.Month(months); m++ {
		f := b.fixedOf(m)
		if f.Amount != 0 {
			same = same && (each == 0 || each == -f.Amount)
			each = -f.Amount
			parts = append(parts, f)
		}
	}
	f := sum("fixed", "activity.line.fixed", parts, "month", first+date.Month(max(months, 1)-1))
	if len(parts) > 0 && same {
		f.Note, f.NoteArgs = "activity.note.fixed", []any{"n", len(parts), "amount", each}
	}
	return f
}

// fixedOf is what is left to pay of a month's fixed parts.
func (b *builder) fixedOf(m date.Month) Figure {
	cost := b.fixedCost(m)
	f := Figure{Key: "fixed-" + m.String(), Label: "activity.line.fixed_month", Args: []any{"month", m}, Amount: -cost, Scope: Scope{Kind: FromPay}}
	if cost != 0 && b.Year.Contains(max(m.First(), b.Year.Start)) && m >= b.Year.Start.Month() {
		p := b.Year.Period(m.First())
		if paid := min(max(b.net(b.pay, p, p), 0), cost); paid > 0 {
			f.Amount += paid
			f.Note, f.NoteArgs = "activity.note.fixed_paid", []any{"amount", paid}
		}
	}
	return f
}

// fixedCost is what the fixed parts borne by this activity cost in a month; a month begun or ended counts by its days.
func (b *builder) fixedCost(m date.Month) (cost money.Cents) {
	days := int64(m.Last()-m.First()) + 1
	for _, c := range b.Activity.Borne(b.Contracts) {
		if c.Kind != member.CESA {
			continue
		}
		from, to := max(c.Start, m.First()), m.Last()
		if c.End != 0 {
			to = min(to, c.End)
		}
		if n := int64(to-from) + 1; n > 0 {
			cost += money.Cents(money.MulDiv(int64(c.FixedCost), n, days))
		}
	}
	return cost
}

// refunds is what is owed back to customers: credit notes on invoices already paid.
func (b *builder) refunds() Figure {
	return b.items("refunds", "activity.line.refunds", CreditSide, 0, 0)
}

// refundable is the cash that expenses may be refunded from: what remains once the others are paid, before expenses,
// fixed parts and reserve, never below zero.
func (b *builder) refundable(lines []Figure) Figure {
	var parts []Figure
	var rest money.Cents
	for _, l := range lines {
		if l.Key != "expenses" && l.Key != "fixed" {
			parts = append(parts, under("refundable-", l))
			rest += l.Amount
		}
	}
	if rest < 0 {
		parts = append(parts, Figure{Key: "refundable-missing", Label: "activity.line.missing", Amount: -rest, Scope: Scope{Kind: FromRest}})
	}
	return sum("refundable", "activity.refundable", parts)
}

// blocked says why no pay is possible whatever the money: nobody has a contract that pays.
func (b *builder) blocked() (string, []any) {
	var test *member.Contract
	contracts := b.Activity.Borne(b.Contracts)
	for _, c := range member.Running(contracts, b.Today) {
		if c.Kind != member.CAPE {
			return "", nil
		}
		test = &c
	}
	next, planned := member.Next(contracts, member.CESA, b.Today)
	switch {
	case planned:
		return "activity.why.from", []any{"from", next.Start}
	case test != nil:
		return "activity.why.cape", []any{"until", test.End}
	}
	return "activity.why.no_contract", nil
}

// uses groups the lines of « disponible »: they sum to the treasury. What comes back (VAT recovered, a share given back)
// is told apart: it lessens no debt to another. Where no pay is possible none is spoken of.
func uses(lines []Figure, pays bool) []Figure {
	group := func(key, label string, takes func(Figure) bool, keys ...string) Figure {
		var parts []Figure
		for _, l := range lines {
			if slices.Contains(keys, l.Key) && takes(l) {
				parts = append(parts, turned("used-", l))
			}
		}
		return sum(key, label, parts)
	}
	debt := func(f Figure) bool { return f.Amount < 0 }
	back := func(f Figure) bool { return f.Amount > 0 }
	every := func(f Figure) bool { return f.Amount != 0 }
	aside, promised := []string{"vat", "contribution", "social"}, []string{"suppliers", "expenses", "salaries", "fixed", "deposits", "refunds"}
	label := "activity.use.aside"
	if !slices.ContainsFunc(lines, func(f Figure) bool { return f.Key == "vat" && debt(f) }) {
		label = "activity.use.aside_no_vat"
	}
	out := []Figure{
		sum("use-available", "activity.use.available", mapped(lines, func(f Figure) Figure { return under("use-available-", f) })),
		group("use-aside", label, debt, aside...),
		group("use-promised", "activity.use.promised", debt, promised...),
		group("use-back", "activity.use.back", back, slices.Concat(aside, promised)...),
		group("use-pot", "activity.use.pot", every, "pot-aside"),
		group("use-reserve", "activity.use.reserve", every, "reserve"),
		group("use-kept", "activity.use.kept", every, "set-aside", "result-kept", "kept"),
		group("use-missing", "activity.use.missing", every, "missing"),
	}
	if lack, ok := find(lines, "missing"); ok && lack.Label == "activity.line.advance" {
		out[len(out)-1].Label = "activity.use.advance"
	}
	return slices.DeleteFunc(out, func(f Figure) bool { return len(f.Children) == 0 || f.Key == "use-available" && !pays })
}

func nonzero(fs ...Figure) []Figure {
	return slices.DeleteFunc(fs, func(f Figure) bool { return f.Amount == 0 })
}
