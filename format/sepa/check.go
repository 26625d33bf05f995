package sepa

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
)

// Check tells all that keeps the file from being sent, at once, each refusal on its field: "message_id", "created",
// "initiator", "batches[0].day", "batches[0].debtor.iban", "batches[0].transfers[3].amount", "….name", "….iban"…
func (f File) Check() error {
	var errs []error
	add := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	add(checkID("message_id", f.MessageID))
	add(checkText("initiator", f.Initiator, MaxName, "sepa.name_missing"))
	made, err := created(f.Created)
	add(err)
	switch {
	case len(f.Batches) == 0:
		add(fault.At("batches", "sepa.empty"))
	case max(f.Count(), len(f.Batches)) > MaxTransfer:
		add(fault.At("batches", "sepa.too_many", "max", MaxTransfer))
		return errors.Join(errs...)
	}
	seen := met{batch: map[string]bool{}, account: map[string]bool{}, transfer: map[string]bool{}}
	for i, b := range f.Batches {
		add(fault.Prefix(fmt.Sprintf("batches[%d]", i), b.check(made, seen)))
	}
	return errors.Join(errs...)
}

// met is what a file may not have twice.
type met struct{ batch, account, transfer map[string]bool }

// first says whether it meets a value for the first time.
func first(seen map[string]bool, s string) bool {
	if seen[s] {
		return false
	}
	seen[s] = true
	return true
}

// check tells what is wrong with a batch of a file made on a day, zero when that day is itself wrong.
func (b Batch) check(made date.Day, seen met) error {
	var errs []error
	add := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	if err := checkID("id", b.ID); err != nil {
		add(err)
	} else if !first(seen.batch, b.ID) {
		add(fault.At("id", "sepa.batch_twice"))
	}
	if made != 0 {
		switch {
		case b.Day < made:
			add(fault.At("day", "sepa.day_past", "day", b.Day, "made", made))
		case b.Day > made.AddMonths(12): // a year mistyped
			add(fault.At("day", "sepa.day_far", "day", b.Day))
		}
	}
	if b.Purpose != AnyPurpose && b.Purpose != Wages {
		add(fault.At("purpose", "sepa.purpose"))
	}
	add(fault.Prefix("debtor", b.Debtor.Check()))
	// Two batches of one account, day and purpose would be booked and answered for as two things where there is one.
	if !first(seen.account, fmt.Sprint(account(b.Debtor.IBAN), b.Day, b.Purpose)) {
		add(fault.At("debtor.iban", "sepa.account_twice", "day", b.Day))
	}
	if len(b.Transfers) == 0 {
		add(fault.At("transfers", "sepa.empty"))
	}
	for i, t := range b.Transfers {
		if err := t.check(b.Debtor, seen); err != nil {
			add(fault.Prefix(fmt.Sprintf("transfers[%d]", i), err))
		}
	}
	return errors.Join(errs...)
}

func (t Transfer) check(debtor Party, seen met) error {
	var errs []error
	if err := checkID("end_to_end", t.EndToEnd); err != nil {
		errs = append(errs, err)
	} else if !first(seen.transfer, t.EndToEnd) {
		errs = append(errs, fault.At("end_to_end", "sepa.reference_twice"))
	}
	switch {
	case t.Amount <= 0:
		errs = append(errs, fault.At("amount", "sepa.amount_low"))
	case t.Amount > MaxAmount:
		errs = append(errs, fault.At("amount", "sepa.amount_high", "max", MaxAmount))
	}
	if err := t.Creditor.Check(); err != nil {
		errs = append(errs, err)
	} else if account(t.Creditor.IBAN) == account(debtor.IBAN) {
		errs = append(errs, fault.At("iban", "sepa.own_account"))
	}
	if err := checkText("text", t.Text, MaxText, ""); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Check tells what keeps a holder and their account from being paid, on "name", "iban" and "bic". It can be asked when an account
// is recorded, so that nobody learns on payday that theirs cannot be reached.
func (p Party) Check() error {
	errs := []error{checkText("name", p.Name, MaxName, "sepa.name_missing"), checkIBAN("iban", p.IBAN)}
	if account(p.BIC) != "" {
		errs = append(errs, coop.CheckBIC("bic", p.BIC))
	}
	return errors.Join(errs...)
}

// checkIBAN tells that an account is out of reach of SEPA before anything else: its length and key would not help.
func checkIBAN(field, iban string) error {
	wrong, s := coop.CheckIBAN(field, iban), account(iban)
	if len(s) < 2 || inSEPA[s[:2]] || !capitals(s[:2]) {
		return wrong
	}
	return fault.At(field, "sepa.country", "country", s[:2])
}

func capitals(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0
}

// checkID checks a reference. It is written as it stands, because it is looked for as it stands when the bank answers; the
// slashes are a rule of the scheme, which keeps them for itself (EPC132-08).
func checkID(field, s string) error {
	switch foreign := strings.IndexFunc(s, func(r rune) bool { return !written(r) }); {
	case strings.TrimSpace(s) == "":
		return fault.At(field, "sepa.id_missing")
	case foreign >= 0:
		return fault.At(field, "sepa.id_char", "char", sign(s[foreign:]))
	case len(s) > MaxID:
		return fault.At(field, "sepa.too_long", "max", MaxID, "n", len(s))
	case strings.Trim(s, "/ ") != s || strings.Contains(s, "//"):
		return fault.At(field, "sepa.id_slash")
	}
	return nil
}

// sign is the first character of s, as [Latin] tells one.
func sign(s string) string {
	for _, r := range s {
		_, foreign := Latin(string(r))
		return cmp.Or(foreign, string(r))
	}
	return ""
}

// checkText checks what is written in the letters of SEPA; missing is the key that refuses an empty one, "" when it may be.
func checkText(field, s string, most int, missing string) error {
	text, foreign := Latin(s)
	switch {
	case foreign != "":
		return fault.At(field, "sepa.char", "char", foreign)
	case text == "" && missing != "":
		return fault.At(field, missing)
	case len(text) > most:
		return fault.At(field, "sepa.too_long", "max", most, "n", len(text))
	}
	return nil
}

// created checks when the file was made and returns the day of it.
func created(s string) (date.Day, error) {
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04:05Z", "2006-01-02T15:04:05-07:00"} {
		t, err := time.Parse(layout, s)
		if err != nil || len(s) != len(layout) || t.Year() < 2000 || t.Year() > 9990 {
			continue
		}
		if _, offset := t.Zone(); max(offset, -offset) <= 14*3600 { // the most that the schema takes
			return date.FromTime(t), nil
		}
	}
	return 0, fault.At("created", "sepa.created")
}
