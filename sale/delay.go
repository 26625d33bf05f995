package sale

import (
	"essaim/coop"
	"essaim/date"
	"essaim/fault"
)

// PublicBuyer is the kind of a public body that decides how long it may take to pay.
type PublicBuyer string

// The kinds of public buyer.
const (
	Administration   PublicBuyer = ""           // the State, towns, regions, their establishments
	Hospital         PublicBuyer = "health"     // public health establishments, health service of the army
	PublicEnterprise PublicBuyer = "enterprise" // public companies
)

// PublicBuyers returns the kinds in the order forms show them.
func PublicBuyers() []PublicBuyer {
	return []PublicBuyer{Administration, Hospital, PublicEnterprise}
}

// delayLimit is the longest delay that the law leaves a buyer, from a day on.
type delayLimit struct {
	Buyer  string   `json:"buyer"`
	From   date.Day `json:"from"`
	Days   int      `json:"days"`
	Source string   `json:"source"`
}

var delayLimits = func() (list []delayLimit) { read("data/delays.json", &list); return }()

// MaxDelay returns the most days that the law leaves the customer to pay on a day, from the invoice (public buyers, from
// when they have it) or from the delivery (private persons), 0 where it counts otherwise or not at all. Companies and other
// bodies: [coop.Delay.Beyond].
func (c Customer) MaxDelay(on date.Day) int {
	buyer := string(c.Kind)
	if c.Kind == Public && c.Public != Administration {
		buyer += "/" + string(c.Public)
	}
	for _, l := range delayLimits {
		if l.Buyer == buyer && l.From <= on {
			return l.Days
		}
	}
	return 0
}

// Delay is when the invoice of a content is to be paid.
func (c Content) Delay() coop.Delay {
	return coop.Delay{Days: c.DueDays, Month: c.DueMonth, Day: c.DueDay}
}

// SetDelay changes it.
func (c *Content) SetDelay(d coop.Delay) {
	c.DueDays, c.DueMonth, c.DueDay = d.Days, d.Month, d.Day
}

// lawful refuses on a field a delay that the law does not leave to such a customer. In another country the law of the
// contract says how long.
func (c Customer) lawful(field string, d coop.Delay, on date.Day) error {
	switch c.Kind {
	case Company, NonTaxable:
		first := d.Beyond()
		switch {
		case first == 0:
			return nil
		case d.Day != 0:
			return fault.At(field, "sale.fault.due_beyond", "on", first, "due", d.Due(first), "net", coop.MaxNetDays, "month", coop.MaxMonthDays)
		case d.Month != coop.NetDays:
			return fault.At(field, "sale.fault.due_month", "max", coop.MaxMonthDays)
		case c.Kind == Company:
			return fault.At(field, "sale.fault.due_company", "max", coop.MaxNetDays)
		}
		return fault.At(field, "sale.fault.due_body", "max", coop.MaxNetDays)
	case Public:
		if most := c.MaxDelay(on); most != 0 && d.Longest() > most {
			return fault.At(field, "sale.fault.due_public", "max", most)
		}
	case Consumer:
		if most := c.MaxDelay(on); most != 0 && d.Longest() > most {
			return fault.At(field, "sale.fault.due_consumer", "max", most)
		}
	case EUCompany, Foreign:
	}
	return nil
}

// Lawful says whether a document to the customer may bear a delay on a day; to whoever it may be as long as none is chosen.
func (c Customer) Lawful(d coop.Delay, on date.Day) bool { return c.lawful("", d, on) == nil }

// checkDelay: what the document asks is lawful. A private person's days count from what was delivered: money asked before
// it is no credit, whatever the delay.
func checkDelay(d Document, f Facts) error {
	delay := d.Content.Delay()
	if f.Customer.Kind != Consumer || d.Content.Delivered == 0 || isDeposit(d) || d.Kind == Quote {
		return f.Customer.lawful("dueDays", delay, f.Today)
	}
	most := f.Customer.MaxDelay(f.Today)
	if limit := max(f.Today, d.Content.Delivered+date.Day(most)); most != 0 && delay.Due(f.Today) > limit {
		return fault.At("dueDays", "sale.fault.due_credit", "max", most, "on", d.Content.Delivered, "n", int(limit-f.Today))
	}
	return nil
}

// checkTerms: the customer's own delay is one, and the law leaves it to them.
func (c Customer) checkTerms(on date.Day) error {
	switch c.Public {
	case Administration, Hospital, PublicEnterprise:
	default:
		return fault.At("public", "sale.fault.public_kind")
	}
	if c.Terms == "" {
		return nil
	}
	d, err := coop.ParseDelay(c.Terms)
	if err != nil {
		return fault.At("terms", "coop.delay_odd")
	}
	return c.lawful("terms", d, on)
}

// Whose says where a delay comes from.
type Whose string

// Where a delay comes from, the nearest first.
const (
	OfCustomer Whose = "customer"
	OfActivity Whose = "activity"
	OfCoop     Whose = "coop"
	OfLaw      Whose = "law" // what others agreed on is more than the law leaves this customer
)

// Delay returns the delay that a document proposes, and whose it is: the customer's own, otherwise that of the activity,
// then of the cooperative, each first for private persons where it has one for them. What the law does not leave to this
// customer is passed over: « 45 jours fin de mois » of an activity is not for its town hall.
func (f Facts) Delay() (coop.Delay, Whose) {
	type proposal struct {
		code string
		of   Whose
	}
	consumer := f.Customer.Kind == Consumer
	list := []proposal{{f.Customer.Terms, OfCustomer}}
	if consumer {
		list = append(list, proposal{f.Activity.TermsConsumers, OfActivity}, proposal{f.Rules.Terms.Consumers, OfCoop})
	}
	list = append(list, proposal{f.Activity.Terms, OfActivity}, proposal{f.Rules.Terms.Delay().Code(), OfCoop})
	for _, p := range list {
		if p.code == "" {
			continue
		}
		if d, err := coop.ParseDelay(p.code); err == nil && f.Customer.Lawful(d, f.Today) {
			return d, p.of
		}
	}
	return coop.Delay{Days: min(f.Rules.Terms.DueDays, f.Customer.MaxDelay(f.Today))}, OfLaw
}

// FollowDelay gives a document whose customer has just changed the delay of the new one, unless somebody chose another than
// the one it was given.
func FollowDelay(c *Content, before, now Facts) {
	if given, _ := before.Delay(); c.Delay() == given {
		d, _ := now.Delay()
		c.SetDelay(d)
	}
}
