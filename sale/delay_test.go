package sale

import (
	"testing"

	"essaim/coop"
	"essaim/date"
	"essaim/fault"
)

// The nearest delay wins, unless the law does not leave it to this customer.
func TestWhoseDelay(t *testing.T) {
	today := date.Of(2026, 11, 22)
	for name, c := range map[string]struct {
		kind               CustomerKind
		public             PublicBuyer
		customer, activity string
		consumers          [2]string // of the activity, of the cooperative
		coop               coop.Terms
		want               string
		whose              Whose
	}{
		"the cooperative's":                                  {kind: Company, coop: coop.Terms{DueDays: 30}, want: "30", whose: OfCoop},
		"the activity's":                                     {kind: Company, activity: "45fm", coop: coop.Terms{DueDays: 30}, want: "45fm", whose: OfActivity},
		"the customer's":                                     {kind: Company, customer: "0", activity: "45fm", coop: coop.Terms{DueDays: 30}, want: "0", whose: OfCustomer},
		"what a town hall may not be asked":                  {kind: Public, activity: "45fm", coop: coop.Terms{DueDays: 30}, want: "30", whose: OfCoop},
		"a cooperative that waits longer than a town hall":   {kind: Public, coop: coop.Terms{DueDays: 60}, want: "30", whose: OfLaw},
		"a hospital":                                         {kind: Public, public: Hospital, coop: coop.Terms{DueDays: 60}, want: "50", whose: OfLaw},
		"a public company":                                   {kind: Public, public: PublicEnterprise, coop: coop.Terms{DueDays: 60}, want: "60", whose: OfCoop},
		"private persons, as others":                         {kind: Consumer, activity: "15", coop: coop.Terms{DueDays: 30}, want: "15", whose: OfActivity},
		"private persons, as the cooperative says":           {kind: Consumer, activity: "45", consumers: [2]string{"", "0"}, coop: coop.Terms{DueDays: 30}, want: "0", whose: OfCoop},
		"private persons, as the activity says":              {kind: Consumer, consumers: [2]string{"8", "0"}, coop: coop.Terms{DueDays: 30}, want: "8", whose: OfActivity},
		"private persons never wait for the end of a month":  {kind: Consumer, customer: "", activity: "45fm", coop: coop.Terms{DueDays: 30}, want: "30", whose: OfCoop},
		"a private person of a cooperative that waits sixty": {kind: Consumer, coop: coop.Terms{DueDays: 60}, want: "50", whose: OfLaw},
		"abroad, as agreed":                                  {kind: Foreign, customer: "90", coop: coop.Terms{DueDays: 30}, want: "90", whose: OfCustomer},
	} {
		f := Facts{Today: today}
		f.Customer = Customer{Kind: c.kind, Public: c.public, Terms: c.customer}
		f.Activity.Terms, f.Activity.TermsConsumers = c.activity, c.consumers[0]
		f.Rules.Terms = c.coop
		f.Rules.Terms.Consumers = c.consumers[1]
		if d, whose := f.Delay(); d.Code() != c.want || whose != c.whose {
			t.Errorf("%s: %s of %s, want %s of %s", name, d.Code(), whose, c.want, c.whose)
		}
	}
}

// What the law does not leave to a customer is refused on the customer's own field.
func TestCustomerTerms(t *testing.T) {
	for name, c := range map[string]struct {
		kind   CustomerKind
		public PublicBuyer
		terms  string
		on     date.Day
		key    string
	}{
		"45 days end of month":                      {kind: Company, terms: "45fm"},
		"90 days":                                   {kind: Company, terms: "90", key: "sale.fault.due_company"},
		"60 days end of month":                      {kind: Company, terms: "60fm", key: "sale.fault.due_month"},
		"45 days end of month the 10th":             {kind: Company, terms: "45fm@10", key: "sale.fault.due_beyond"},
		"an association, 90 days":                   {kind: NonTaxable, terms: "90", key: "sale.fault.due_body"},
		"a town hall, 45 days":                      {kind: Public, terms: "45", key: "sale.fault.due_public"},
		"a town hall, 30 days end of month":         {kind: Public, terms: "30fm", key: "sale.fault.due_public"},
		"a hospital, 50 days":                       {kind: Public, public: Hospital, terms: "50"},
		"a hospital, 51 days":                       {kind: Public, public: Hospital, terms: "51", key: "sale.fault.due_public"},
		"a private person, 50 days":                 {kind: Consumer, terms: "50"},
		"a private person, 60 days":                 {kind: Consumer, terms: "60", key: "sale.fault.due_consumer"},
		"a private person, 60 days, the day before": {kind: Consumer, terms: "60", on: date.Of(2026, 11, 19)},
		"in Canada, 120 days":                       {kind: Foreign, terms: "120"},
		"nothing that is a delay":                   {kind: Company, terms: "bientôt", key: "coop.delay_odd"},
	} {
		on := c.on
		if on == 0 {
			on = date.Of(2026, 11, 22)
		}
		customer := Customer{Kind: c.kind, Public: c.public, Terms: c.terms, Name: "X"}
		customer.Address.Country = map[bool]string{true: "CA", false: "FR"}[c.kind == Foreign]
		key := ""
		for _, e := range fault.All(customer.Check(on)) {
			if e.Field == "terms" {
				key = e.Key
			}
		}
		if key != c.key {
			t.Errorf("%s: %q, want %q", name, key, c.key)
		}
	}
	if err := (Customer{Kind: Public, Name: "X", Public: "army"}).Check(date.Of(2026, 11, 22)); err == nil {
		t.Error("a kind of public buyer that does not exist is taken")
	}
}

// A private person's fifty days count from the delivery: what is left of them shrinks, payment on receipt always goes.
func TestConsumerDelayFromDelivery(t *testing.T) {
	today := date.Of(2026, 11, 22)
	for _, c := range []struct {
		delivered date.Day
		days      int
		stage     Stage
		ok        bool
	}{
		{today, 50, "", true}, {today, 51, "", false}, {today - 30, 20, "", true}, {today - 30, 30, "", false}, {today - 90, 0, "", true}, {today - 90, 1, "", false}, {today + 10, 60, "", true},
	} {
		d := Document{Kind: Invoice, Content: Content{Delivered: c.delivered, DueDays: c.days, Stage: c.stage}}
		if err := checkDelay(d, Facts{Today: today, Customer: Customer{Kind: Consumer}}); (err == nil) != c.ok {
			t.Errorf("delivered %s, %d days: %v", c.delivered, c.days, err)
		}
	}
}

func TestHabit(t *testing.T) {
	d := date.Of(2026, 6, 1)
	list := []Payoff{{d, d + 30, d + 33}, {d, d + 30, d + 31}, {d, d + 30, d + 200}, {d, d + 30, d + 35}, {d, d + 30, d + 34}}
	if h := HabitOf(list); h != (Habit{Invoices: 5, Days: 34, Late: 4}) {
		t.Errorf("%+v: one invoice that was forgotten moved it", h)
	}
	if h := HabitOf(nil); h != (Habit{}) {
		t.Errorf("%+v", h)
	}
}
