package activity

import (
	"errors"
	"slices"
	"strings"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/member"
	"essaim/money"
)

// The accounts of a result that one activity gives to another at the end of a year: sub-accounts of the couple 186/187 of
// their own, since what is given is no sale and bears no contribution.
const (
	ResultGiven    = "1865"
	ResultReceived = "1875"
)

// WishKind is what may become of the balance of a year (R7331-12 c. trav.; practice 15).
type WishKind string

// The kinds. To be paid comes first: it is what silence means.
const (
	WishPay       WishKind = "pay"       // variable part, over some months
	WishProfit    WishKind = "profit"    // profit-sharing, under an agreement
	WishKeep      WishKind = "keep"      // net result of the cooperative
	WishProvision WishKind = "provision" // set aside for a reason
	WishTransfer  WishKind = "transfer"  // given to an activity that the person shares
)

// WishKinds returns them in the order they are shown.
func WishKinds() []WishKind {
	return []WishKind{WishPay, WishProfit, WishKeep, WishProvision, WishTransfer}
}

// Wish is what a person chooses for a part of their balance, in employer cost.
type Wish struct {
	Kind   WishKind    `json:"kind"`
	Amount money.Cents `json:"amount"`
	Months int         `json:"months,omitempty"` // pay: over how many
	Reason string      `json:"reason,omitempty"` // provision: what for
	To     int64       `json:"to,omitempty"`     // transfer: the activity
	Saved  bool        `json:"saved,omitempty"`  // profit: to the savings plan
}

// CheckWishes tells what is wrong with choices for a balance: their sum is the balance to the cent, each kind stands once,
// at most so many months, and only what the cooperative's rule offers. profit is the most that profit-sharing may cost, 0
// without an agreement or a right.
func CheckWishes(all []Wish, balance money.Cents, months int, r coop.YearEnd, partners []int64, profit money.Cents) error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	var sum money.Cents
	seen := map[WishKind]bool{}
	for _, w := range all {
		field := string(w.Kind)
		offered := map[WishKind]bool{WishPay: true, WishProfit: profit > 0, WishKeep: r.Keep, WishProvision: r.Provision, WishTransfer: r.Transfer && len(partners) > 0}
		switch {
		case !offered[w.Kind]:
			bad(field, "activity.wish.not_offered")
		case seen[w.Kind]:
			bad(field, "activity.wish.twice")
		case w.Amount <= 0 || w.Amount > money.Max:
			bad(field, "activity.wish.amount")
		}
		seen[w.Kind] = true
		sum += w.Amount
		if w.Kind == WishPay && (w.Months < 1 || w.Months > months) {
			bad("months", "activity.wish.months", "max", months)
		}
		if w.Kind == WishProfit && profit > 0 {
			if w.Amount > profit {
				bad(field, "activity.wish.profit", "most", profit)
			}
			if w.Saved && !r.Profit.Plan {
				bad("saved", "activity.wish.saved")
			}
		}
		if w.Kind == WishProvision {
			if strings.TrimSpace(w.Reason) == "" {
				bad("reason", "activity.wish.reason")
			}
			errs = append(errs, coop.CheckText("reason", w.Reason))
		}
		if w.Kind == WishTransfer && !slices.Contains(partners, w.To) {
			bad("to", "activity.wish.to")
		}
	}
	if sum != balance {
		bad("sum", "activity.wish.sum", "sum", sum, "balance", balance, "gap", (balance - sum).Abs())
	}
	return errors.Join(errs...)
}

// fit makes choices sum to a balance that moved since they were signed: what is more is paid, what is missing comes off
// pay first, then off what is shared as profit, kept, provided and given. Profit-sharing that the limits no longer allow
// is paid.
func fit(all []Wish, balance money.Cents, months int, profit money.Cents) []Wish {
	balance = max(balance, 0)
	fitted := slices.Clone(all)
	var sum money.Cents
	for i := range fitted {
		w := &fitted[i]
		if w.Kind == WishProfit {
			w.Amount = min(w.Amount, profit)
		}
		sum += w.Amount
	}
	if sum < balance {
		if i := slices.IndexFunc(fitted, func(w Wish) bool { return w.Kind == WishPay }); i >= 0 {
			fitted[i].Amount += balance - sum
		} else {
			fitted = append(fitted, Wish{Kind: WishPay, Amount: balance - sum, Months: months})
		}
	}
	for _, k := range WishKinds() {
		for i := range fitted {
			if w := &fitted[i]; w.Kind == k && sum > balance {
				less := min(w.Amount, sum-balance)
				w.Amount, sum = w.Amount-less, sum-less
			}
		}
	}
	return slices.DeleteFunc(fitted, func(w Wish) bool { return w.Amount == 0 })
}

// Standing is what a person's contract makes of their part of a result.
type Standing string

// The standings at the end of a year.
const (
	StandsPaid  Standing = "paid"  // an entrepreneur salarié: chooses
	StandsCAPE  Standing = "cape"  // set aside whole (practice 16)
	StandsApart Standing = "apart" // no contract that shares a result: it stays
)

// StandingOf returns the standing of a person on the last day of a year: that of the contract in force, or of the last one
// that ended within the year.
func StandingOf(contracts []member.Contract, person int64, year date.FiscalYear) Standing {
	c, ok := member.InForce(contracts, person, year.End)
	if !ok {
		for _, x := range contracts {
			if x.Person == person && x.End >= year.Start && x.End <= year.End && (!ok || x.End > c.End) {
				c, ok = x, true
			}
		}
	}
	switch {
	case ok && c.Kind == member.CESA:
		return StandsPaid
	case ok && c.Kind == member.CAPE:
		return StandsCAPE
	}
	return StandsApart
}

// YearPart is a person's part of the result of an activity.
type YearPart struct {
	Activity, Person int64
	Parts            int64 // of the activity's shares
	Standing         Standing
	Signed           []Wish      // nil: silence
	Leave            money.Cents // paid leave to provide, with its charges (practice 42)
	Profit           money.Cents // the most that profit-sharing may cost

	// What [CloseYear] makes of it. Share + Received − Leave = Balance = the sum of Wishes, or of Aside.
	Share    money.Cents
	Received money.Cents // given by other activities
	Balance  money.Cents
	Wishes   []Wish      // under a CESA: what is signed, fitted to what the books say now
	Aside    money.Cents // under a CAPE
	Moved    bool        // the balance is not the one that was signed
}

// Taken is what a choice takes of it.
func (p YearPart) Taken(k WishKind) (sum money.Cents) {
	for _, w := range p.Wishes {
		if w.Kind == k {
			sum += w.Amount
		}
	}
	return sum
}

// YearRow is one activity at the end of a year.
type YearRow struct {
	Activity int64
	Base     money.Cents // turnover less charges less contribution (L7332-3 c. trav.): BASE
	Paid     money.Cents // employer cost of the year: PAID
	Balance  money.Cents // Base − Paid, the result before what the year end makes of it: BAL
	Set      money.Cents // what stands set aside already as variable part to pay, of this year or of those before
	Parts    []YearPart

	// What becomes of it: Balance + Received = Leave + Out + Profit + Provided + Given + Aside + Stays.
	Received, Leave, Out, Profit, Provided, Given, Aside, Stays money.Cents
	Kept                                                        money.Cents // of Stays, by an agreement
}

// ReadYear reads BASE, PAID and BAL of one section from its balances: accounts of the result, of pay among them. What
// entries of the year end have booked there is left out: ours is what they took of the result, received what they gave it.
func ReadYear(activity int64, balances []ledger.Balance, pay coop.Prefixes, ours []YearSum, received money.Cents) YearRow {
	r := YearRow{Activity: activity, Balance: -received}
	for _, b := range balances {
		if b.Period > 0 && ledger.Result(b.Account) {
			r.Balance -= b.Net()
			if pay.Match(b.Account) {
				r.Paid += b.Net()
			}
		}
		if strings.HasPrefix(b.Account, ledger.VariablePot) || strings.HasPrefix(b.Account, "4386") {
			r.Set -= b.Net()
		}
	}
	for _, s := range ours {
		r.Balance += s.Amount
		switch s.Kind {
		case YearVariable:
			r.Paid, r.Set = r.Paid-s.Amount, r.Set-s.Amount
		case YearLeave, YearProfit:
			r.Paid -= s.Amount
		}
	}
	r.Base = r.Balance + r.Paid
	return r
}

// CloseYear says what becomes of every balance. What is given to another activity comes first, off one's own share and
// never off what others give, so that nobody's choice waits for another's.
//
// A balance below zero is nobody's choice: it stays with the activity, and so does the part of whoever has no contract
// that shares a result. months is how many a balance may be paid over.
func CloseYear(rows []YearRow, months int) []YearRow {
	rows = slices.Clone(rows)
	received := map[int64]money.Cents{}
	for i := range rows {
		r := &rows[i]
		r.Parts = slices.Clone(r.Parts)
		weights := make([]int64, len(r.Parts))
		for j, p := range r.Parts {
			weights[j] = p.Parts
		}
		for j, share := range money.Allocate(max(r.Balance, 0), weights) {
			p := &r.Parts[j]
			p.Share = share
			if p.Standing != StandsPaid {
				continue
			}
			left := max(share-p.Leave, 0)
			for _, w := range p.Signed {
				if w.Kind == WishTransfer {
					given := min(w.Amount, left)
					left -= given
					received[w.To] += given
				}
			}
		}
	}
	for i := range rows {
		r := &rows[i]
		r.Received = received[r.Activity]
		weights := make([]int64, len(r.Parts))
		for j, p := range r.Parts {
			weights[j] = p.Parts
		}
		in := money.Allocate(r.Received, weights)
		for j := range r.Parts {
			p := &r.Parts[j]
			p.Received = in[j]
			p.close(months)
			r.Leave += p.Leave
			r.Out += p.Taken(WishPay)
			r.Profit += p.Taken(WishProfit)
			r.Kept += p.Taken(WishKeep)
			r.Provided += p.Taken(WishProvision)
			r.Given += p.Taken(WishTransfer)
			r.Aside += p.Aside
		}
		r.Stays = r.Balance + r.Received - r.Leave - r.Out - r.Profit - r.Provided - r.Given - r.Aside
	}
	return rows
}

func (p *YearPart) close(months int) {
	p.Balance = p.Share + p.Received
	switch p.Standing {
	case StandsPaid:
		p.Balance = max(p.Balance-p.Leave, 0)
		given, rest := p.given(), []Wish(nil)
		var sum money.Cents
		for _, w := range p.Signed {
			sum += w.Amount
			if w.Kind != WishTransfer {
				rest = append(rest, w)
			}
		}
		var out money.Cents
		for _, w := range given {
			out += w.Amount
		}
		p.Wishes = append(fit(rest, p.Balance-out, months, p.Profit), given...)
		p.Moved = p.Signed != nil && sum != p.Balance
	case StandsCAPE:
		p.Aside, p.Leave = p.Balance, 0
	default:
		p.Leave = 0
	}
}

// given are the transfers, as far as one's own share bears them.
func (p *YearPart) given() (all []Wish) {
	left := max(p.Share-p.Leave, 0)
	for _, w := range p.Signed {
		if w.Kind != WishTransfer {
			continue
		}
		w.Amount = min(w.Amount, left)
		left -= w.Amount
		if w.Amount > 0 {
			all = append(all, w)
		}
	}
	return all
}

// SharesOn returns the shares of an activity at the end of a year: of those there on its last day or, of one that all
// left, of the last there.
func (a Activity) SharesOn(year date.FiscalYear) []Share {
	if now := a.Members(year.End); len(now) > 0 {
		return now
	}
	var last date.Day
	for _, s := range a.Shares {
		if s.From <= year.End && s.Until >= year.Start {
			last = max(last, s.Until)
		}
	}
	if last == 0 {
		return nil
	}
	return a.Members(last)
}

// YearKind is what an entry of the year end does.
type YearKind string

// The kinds of entries.
const (
	YearVariable  YearKind = "variable"  // 6413/4286 and 6451/4386
	YearLeave     YearKind = "leave"     // 6412/4282 and 6451/4382
	YearProfit    YearKind = "profit"    // profit-sharing and its forfait social
	YearProvision YearKind = "provision" //
	YearTransfer  YearKind = "transfer"  // 1865/1875
	YearCAPE      YearKind = "cape"      //
)

// YearKinds returns them in the order they are booked.
func YearKinds() []YearKind {
	return []YearKind{YearLeave, YearVariable, YearProfit, YearProvision, YearTransfer, YearCAPE}
}

// YearSum is what one kind of entry takes of a person's part: the target, or what was booked.
type YearSum struct {
	Kind    YearKind
	To      int64       // transfer
	Amount  money.Cents // taken of the result
	Charges money.Cents // of which contributions
}

// Sums are what is to be booked of a part, once closed. charges says what of an amount are contributions.
func (p YearPart) Sums(charges func(YearKind, money.Cents) money.Cents) (all []YearSum) {
	add := func(k YearKind, to int64, amount money.Cents) {
		if amount > 0 {
			all = append(all, YearSum{Kind: k, To: to, Amount: amount, Charges: charges(k, amount)})
		}
	}
	add(YearLeave, 0, p.Leave)
	add(YearVariable, 0, p.Taken(WishPay))
	add(YearProfit, 0, p.Taken(WishProfit))
	add(YearProvision, 0, p.Taken(WishProvision))
	for _, w := range p.Wishes {
		if w.Kind == WishTransfer {
			add(YearTransfer, w.To, w.Amount)
		}
	}
	add(YearCAPE, 0, p.Aside)
	return all
}

// Missing is what still has to be booked for sums to be what they should: nothing when they are. What is booked of
// contributions keeps its proportion, so that a later computation with other rates moves nothing by itself.
func Missing(target, booked []YearSum) (all []YearSum) {
	type key struct {
		kind YearKind
		to   int64
	}
	was := map[key]YearSum{}
	for _, b := range booked {
		x := was[key{b.Kind, b.To}]
		x.Kind, x.To = b.Kind, b.To
		x.Amount, x.Charges = x.Amount+b.Amount, x.Charges+b.Charges
		was[key{b.Kind, b.To}] = x
	}
	diff := func(t, b YearSum) {
		d := YearSum{Kind: t.Kind, To: t.To, Amount: t.Amount - b.Amount, Charges: t.Charges - b.Charges}
		if d.Amount == 0 {
			return
		}
		if b.Amount != 0 {
			d.Charges = money.Cents(money.MulDiv(int64(b.Charges), int64(t.Amount), int64(b.Amount))) - b.Charges
		}
		all = append(all, d)
	}
	for _, t := range target {
		k := key{t.Kind, t.To}
		diff(t, was[k])
		delete(was, k)
	}
	var rest []YearSum
	for _, b := range was {
		rest = append(rest, b)
	}
	slices.SortFunc(rest, func(a, b YearSum) int {
		return slices.Compare([]int64{int64(slices.Index(YearKinds(), a.Kind)), a.To}, []int64{int64(slices.Index(YearKinds(), b.Kind)), b.To})
	})
	for _, b := range rest {
		diff(YearSum{Kind: b.Kind, To: b.To}, b)
	}
	return all
}

// Lines books a sum in the section of an activity, for a person by their third party; a negative one goes back.
func (s YearSum) Lines(section, third int64, r coop.YearEnd, label string) []ledger.Line {
	var all []ledger.Line
	add := func(account string, section, third int64, amount money.Cents) {
		if amount != 0 {
			all = append(all, ledger.Line{Account: account, Section: section, Third: third, Amount: amount, Label: label})
		}
	}
	pair := func(charge, aside string, third int64, amount money.Cents) {
		add(charge, section, 0, amount)
		add(aside, section, third, -amount)
	}
	switch s.Kind {
	case YearVariable:
		pair("6413", ledger.VariablePot, third, s.Amount-s.Charges)
		pair("6451", "4386", 0, s.Charges)
	case YearLeave:
		pair("6412", "4282", 0, s.Amount-s.Charges)
		pair("6451", "4382", 0, s.Charges)
	case YearProfit:
		pair(r.Profit.Charge, r.Profit.Aside, 0, s.Amount-s.Charges)
		pair(r.Profit.PackageCharge, r.Profit.PackageAside, 0, s.Charges)
	case YearProvision:
		pair(r.ProvisionCharge, r.ProvisionAside, 0, s.Amount)
	case YearCAPE:
		pair(r.CAPECharge, r.CAPEAside, 0, s.Amount)
	case YearTransfer:
		add(ResultGiven, section, 0, s.Amount)
		add(ResultReceived, s.To, 0, -s.Amount)
	}
	return all
}
