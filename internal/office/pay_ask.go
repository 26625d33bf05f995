package office

import (
	"context"
	"encoding/json"
	"slices"

	"essaim/access"
	"essaim/date"
	"essaim/fault"
	"essaim/internal/store"
	"essaim/money"
	"essaim/payroll"
)

// PayWish is what a person asks beside the fixed part: for the month that can be asked for, or each month until another (a
// standing order, practice 40).
type PayWish struct {
	Activity int64
	Month    date.Month // the one that the page spoke of: it may be over when the button is pressed
	Until    date.Month // 0: that month alone
	Kind     string
	Amount   money.Cents
}

// payShown is what the page told when it was asked, kept with the request.
type payShown struct {
	Net   money.Cents `json:"net"` // of the month, the fixed part in it
	Gross money.Cents `json:"gross"`
	Cost  money.Cents `json:"cost"`
	Cut   bool        `json:"cut,omitempty"`
}

// AskPay writes what the actor asks, in the place of what they asked before for the same months. What goes beyond the means
// is kept as it is asked: the run decides, with the money there is then.
func (o *Office) AskPay(ctx context.Context, a access.Actor, w PayWish) (r store.PayRequest, err error) {
	if err := can(a, access.AskPay, access.Subject{Person: a.Person}); err != nil {
		return r, err
	}
	if w.Amount < 0 || w.Amount > payMost {
		return r, fault.At("amount", "mypay.amount", "max", payMost)
	}
	if !slices.Contains([]string{askNet, askGross, askCost}, w.Kind) {
		return r, fault.At("kind", "mypay.kind")
	}
	again := func(tx *store.Tx, id int64) (err error) { r, err = tx.PayRequest(id); return err }
	err = o.writeOnce(ctx, a, "pay.ask", w, again, func(tx *store.Tx) (int64, error) {
		v, err := o.myPay(tx, a, PayQuestion{Activity: w.Activity, Kind: w.Kind, Amount: w.Amount, Given: true})
		if err != nil {
			return 0, err
		}
		if err := v.takes(&w); err != nil {
			return 0, err
		}
		if err := makeRoom(tx, v.Contract.ID, w); err != nil {
			return 0, err
		}
		shown, err := json.Marshal(payShown{v.Total.Net, v.Total.Gross, v.Total.Cost, v.Cut})
		if err != nil {
			return 0, err
		}
		r = store.PayRequest{Person: a.Person, Contract: v.Contract.ID, Month: w.Month, Until: w.Until, Kind: w.Kind, Amount: w.Amount, State: store.PayAsked, Body: string(shown), By: a.Person}
		if err := tx.AddPayRequest(&r); err != nil {
			return 0, err
		}
		// The log names no figure: whoever reads it may open none.
		detail := map[string]any{"month": r.Month.String()}
		if r.Until > r.Month {
			detail["until"] = r.Until.String()
		}
		return r.ID, tx.Audit(a.Person, "pay.ask", thing("person", a.Person), detail)
	})
	return r, err
}

// takes says whether the month of a wish can still be asked for, and completes it.
func (v *PayView) takes(w *PayWish) error {
	if v.Why != "" {
		return &fault.Error{Kind: fault.Conflict, Key: v.Why, Args: v.WhyArgs}
	}
	if w.Month == 0 {
		w.Month = v.Month
	}
	if w.Month != v.Month {
		return &fault.Error{Kind: fault.Conflict, Field: "month", Key: "mypay.late", Args: []any{"month", w.Month, "next", v.Month}}
	}
	last := v.Month + standingFor
	if v.Contract.End != 0 {
		last = min(last, v.Contract.End.Month())
	}
	switch {
	case w.Until == 0:
		w.Until = w.Month
	case w.Until < w.Month || w.Until > last:
		return fault.At("until", "mypay.until", "from", w.Month, "last", last)
	}
	if w.Amount == 0 && (v.Standing == nil || w.Until > w.Month) { // nothing, for once, is an answer to a standing order alone
		return fault.At("amount", "mypay.amount_none")
	}
	return nil
}

// makeRoom ends what was asked for the same months. A single month asked beside a standing order leaves it as it is: the
// last asked wins, for its month.
func makeRoom(tx *store.Tx, contract int64, w PayWish) error {
	all, err := tx.PayRequestsOf(contract)
	if err != nil {
		return err
	}
	for _, r := range all {
		standing := r.Until > r.Month
		switch {
		case r.State != store.PayAsked || r.Until < w.Month:
		case w.Until == w.Month && standing:
		case r.Month >= w.Month && r.Month <= w.Until:
			err = tx.SetPayRequest(r.ID, r.Until, store.PayReplaced)
		case r.Month < w.Month:
			err = tx.SetPayRequest(r.ID, w.Month-1, store.PayAsked)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// TakeBackPay takes a request of the actor's back from the month that can still be asked for on: a standing order stays for
// the months before.
func (o *Office) TakeBackPay(ctx context.Context, a access.Actor, activityID, id int64) (r store.PayRequest, err error) {
	if err := can(a, access.AskPay, access.Subject{Person: a.Person}); err != nil {
		return r, err
	}
	again := func(tx *store.Tx, id int64) (err error) { r, err = tx.PayRequest(id); return err }
	err = o.writeOnce(ctx, a, "pay.takeback", id, again, func(tx *store.Tx) (int64, error) {
		var err error
		if r, err = tx.PayRequest(id); fault.KindOf(err) == fault.NotFound || err == nil && r.Person != a.Person {
			return 0, notTheirs(a)
		}
		if err != nil {
			return 0, err
		}
		if r.State != store.PayAsked {
			return r.ID, nil
		}
		var v PayView
		if _, _, err := o.payOf(tx, a, activityID, &v); err != nil {
			return 0, err
		}
		switch {
		case v.Why != "":
			return 0, &fault.Error{Kind: fault.Conflict, Key: v.Why, Args: v.WhyArgs}
		case r.Until < v.Month:
			return 0, &fault.Error{Kind: fault.Conflict, Key: "mypay.late", Args: []any{"month", r.Until, "next", v.Month}}
		case r.Month < v.Month:
			r.Until = v.Month - 1
		default:
			r.State = store.PayWithdrawn
		}
		if err := tx.SetPayRequest(r.ID, r.Until, r.State); err != nil {
			return 0, err
		}
		return r.ID, tx.Audit(a.Person, "pay.takeback", thing("person", a.Person), map[string]any{"month": max(r.Month, v.Month).String()})
	})
	return r, err
}

// MySlip is one payslip, as its person reads it.
type MySlip struct {
	store.Slip
	Kind string // of the contract
}

// HasPaper says whether a payslip can be opened as a PDF.
func HasPaper(s store.Slip) bool { return s.File != "" || s.Origin == store.SlipOwn }

// MySlips are the payslips of the actor that were issued, the last first. An opening is no payslip: it carries what another
// software had issued.
func (o *Office) MySlips(ctx context.Context, a access.Actor) (all []MySlip, err error) {
	if err := can(a, access.ViewPay, access.Subject{Person: a.Person}); err != nil {
		return nil, err
	}
	err = o.read(ctx, a, func(tx *store.Tx) error {
		contracts, err := tx.ContractsOf(a.Person)
		if err != nil {
			return err
		}
		kinds := map[int64]string{}
		for _, c := range contracts {
			kinds[c.ID] = c.Kind.Label()
		}
		slips, err := tx.SlipsOf(a.Person, payroll.Begins(), a.Today.Month()+1)
		for _, s := range slips {
			if shown(s) {
				all = append(all, MySlip{s, kinds[s.Contract]})
			}
		}
		return err
	})
	return all, err
}

func shown(s store.Slip) bool {
	return s.State == store.SlipIssued && (s.Origin == store.SlipOwn || s.Origin == store.SlipSoftware) && !noPaper(&s)
}

// PaySlip opens a payslip that was issued to its person, and to those who pay or book.
func (o *Office) PaySlip(ctx context.Context, a access.Actor, id int64) (s store.Slip, err error) {
	err = o.read(ctx, a, func(tx *store.Tx) error {
		if s, err = tx.Slip(id); err != nil {
			return absent(a, access.ViewPay, err)
		}
		if err = can(a, access.ViewPay, access.Subject{Person: s.Person}); err != nil {
			return err
		}
		if !shown(s) && s.Person == a.Person {
			return notTheirs(a) // a draft is not theirs yet
		}
		return nil
	})
	if err != nil {
		s = store.Slip{}
	}
	return s, err
}

// PaySlipFile is the PDF of a payslip, under a name that says nobody's; one that is not filed yet is laid out now. What
// another software issued is its own paper.
func (o *Office) PaySlipFile(ctx context.Context, a access.Actor, id int64) (name string, body []byte, err error) {
	s, err := o.PaySlip(ctx, a, id)
	if err != nil {
		return "", nil, err
	}
	if s.File == "" && s.Origin != store.SlipOwn {
		return "", nil, fault.New(fault.NotFound, "mypay.no_file")
	}
	return o.PaySlipPDF(ctx, a, id)
}
