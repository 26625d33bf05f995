package sale

import (
	"errors"
	"fmt"

	"essaim/date"
	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// Remittance is a deposit of cheques at the bank, with its numbered slip (practice 48).
type Remittance struct {
	Items []ChequeItem `json:"items"`
	Word  string       `json:"word,omitempty"`
}

// ChequeItem is what one entry brought in cheques to one activity: a payment, or takings.
type ChequeItem struct {
	Entry    int64       `json:"entry"`
	Activity int64       `json:"activity"`
	Document string      `json:"document"` // "payment:12", "register:7"
	Date     date.Day    `json:"date"`
	Label    string      `json:"label"`
	Ref      string      `json:"ref,omitempty"`
	Amount   money.Cents `json:"amount"`
}

// Total is the amount of the slip.
func (r Remittance) Total() money.Cents {
	var sum money.Cents
	for _, it := range r.Items {
		sum += it.Amount
	}
	return sum
}

// Check tells what is wrong with a deposit.
func (r Remittance) Check(day date.Day, f RegisterFacts) error {
	var errs []error
	if err := checkDay(day, f.Today); err != nil {
		errs = append(errs, err)
	}
	if len(r.Items) == 0 {
		errs = append(errs, fault.At("items", "till.fault.cheques_none"))
	}
	if err := checkWord("word", r.Word); err != nil {
		errs = append(errs, err)
	}
	for i, it := range r.Items {
		if day != 0 && it.Date > day {
			errs = append(errs, fault.At(fmt.Sprintf("items[%d].date", i), "till.fault.cheque_later", "on", it.Date))
		}
	}
	return errors.Join(errs...)
}

// lines move the cheques of each activity to the bank.
func (r Remittance) lines() []ledger.Line {
	var all []ledger.Line
	at := map[int64]int{}
	for _, it := range r.Items {
		i, ok := at[it.Activity]
		if !ok {
			i = len(all)
			at[it.Activity] = i
			all = append(all, ledger.Line{Account: ledger.Bank, Section: it.Activity}, ledger.Line{Account: Cheques, Section: it.Activity})
		}
		all[i].Amount += it.Amount
		all[i+1].Amount -= it.Amount
	}
	return all
}
