package sale

import (
	"slices"
	"strings"

	"essaim/fault"
	"essaim/ledger"
	"essaim/money"
)

// A quote may leave choices to the customer. Lines of one Option are taken together or not at all; lines of one Variant are
// alternatives under the names in Option, of which exactly one is taken. What is not taken counts in no total; an invoice
// is made of what was taken alone.

// Choice is one thing the customer may take: an option, or an alternative of a variant.
type Choice struct {
	Variant string // "" for an option
	Name    string
	Chosen  bool
	Lines   []int       // of the content
	Delta   money.Cents // what taking it adds to the total with VAT; of an alternative, instead of the one taken
}

// Counts says whether a line is part of the totals.
func (l Line) Counts() bool { return l.Option == "" && l.Variant == "" || l.Chosen }

// HasChoices says whether the content leaves something to choose, or left it.
func (c Content) HasChoices() bool {
	return slices.ContainsFunc(c.Lines, func(l Line) bool { return l.Option != "" || l.Variant != "" })
}

// computeChosen is Compute of the lines that count; the others have no amount.
func computeChosen(c Content, taxes ledger.Taxes) (Totals, error) {
	part := c
	part.Lines = nil
	var at []int
	for i, l := range c.Lines {
		if _, err := l.amount(); err != nil {
			return Totals{}, lineFault(i, "price", "sale.fault.amount_large", "max", money.Max)
		}
		if l.Counts() {
			l.Option, l.Variant, l.Chosen = "", "", false
			part.Lines, at = append(part.Lines, l), append(at, i)
		}
	}
	t, err := Compute(part, taxes)
	if err != nil {
		return t, err
	}
	lines := make([]LineTotal, len(c.Lines))
	for k, i := range at {
		lines[i] = t.Lines[k]
	}
	t.Lines = lines
	return t, nil
}

// Choices returns what can be chosen, in the order of the lines, each with what it changes.
func (c Content) Choices(taxes ledger.Taxes) []Choice {
	var all []Choice
	for i, l := range c.Lines {
		if l.Option == "" && l.Variant == "" {
			continue
		}
		k := slices.IndexFunc(all, func(x Choice) bool { return x.Variant == l.Variant && x.Name == l.Option })
		if k < 0 {
			k, all = len(all), append(all, Choice{Variant: l.Variant, Name: l.Option, Chosen: l.Chosen})
		}
		all[k].Lines = append(all[k].Lines, i)
	}
	now, err := Compute(c, taxes)
	if err != nil {
		return all
	}
	for k := range all {
		x := &all[k]
		other := c.with(func(l Line) bool {
			switch {
			case x.Variant != "" && l.Variant == x.Variant:
				return l.Option == x.Name
			case x.Variant == "" && l.Variant == "" && l.Option == x.Name:
				return !x.Chosen
			}
			return l.Chosen
		})
		if t, err := Compute(other, taxes); err == nil {
			x.Delta = t.Gross - now.Gross
			if x.Variant == "" && x.Chosen {
				x.Delta = -x.Delta
			}
		}
	}
	return all
}

func (c Content) with(chosen func(Line) bool) Content {
	c.Lines = slices.Clone(c.Lines)
	for i, l := range c.Lines {
		if l.Option != "" || l.Variant != "" {
			c.Lines[i].Chosen = chosen(l)
		}
	}
	return c
}

// Choose takes the named options, and of each variant the named alternative. A name that is not offered is refused, and so
// is a variant without one.
func (c Content) Choose(options []string, variants map[string]string) (Content, error) {
	offered := func(variant, name string) bool {
		return slices.ContainsFunc(c.Lines, func(l Line) bool { return l.Variant == variant && l.Option == name })
	}
	for _, name := range options {
		if name == "" || !offered("", name) {
			return c, fault.At("option", "sale.fault.option_unknown", "name", name)
		}
	}
	for _, l := range c.Lines {
		if l.Variant != "" && !offered(l.Variant, variants[l.Variant]) {
			return c, fault.At("variant", "sale.fault.variant_open", "name", l.Variant)
		}
	}
	return c.with(func(l Line) bool {
		if l.Variant != "" {
			return variants[l.Variant] == l.Option
		}
		return slices.Contains(options, l.Option)
	}), nil
}

// settledChoices trims the names, gives each variant without a choice its first alternative, and lines of one name the same
// choice.
func settledChoices(lines []Line) []Line {
	if !slices.ContainsFunc(lines, func(l Line) bool { return l.Option != "" || l.Variant != "" || l.Chosen }) {
		return lines
	}
	lines = slices.Clone(lines)
	taken, first := map[[2]string]bool{}, map[string]string{}
	for i := range lines {
		l := &lines[i]
		l.Option, l.Variant = strings.TrimSpace(l.Option), strings.TrimSpace(l.Variant)
		if l.Variant != "" {
			if _, ok := first[l.Variant]; !ok {
				first[l.Variant] = l.Option
			}
		}
		key := [2]string{l.Variant, l.Option}
		taken[key] = taken[key] || l.Chosen
	}
	one := map[string]string{} // the alternative of a variant: the first that is taken, or the first
	for _, l := range lines {
		if _, ok := one[l.Variant]; l.Variant != "" && !ok && taken[[2]string{l.Variant, l.Option}] {
			one[l.Variant] = l.Option
		}
	}
	for i := range lines {
		l := &lines[i]
		switch {
		case l.Variant != "":
			name, ok := one[l.Variant]
			if !ok {
				name = first[l.Variant]
			}
			l.Chosen = l.Option == name
		case l.Option != "":
			l.Chosen = taken[[2]string{"", l.Option}]
		default:
			l.Chosen = false
		}
	}
	return lines
}

// Taken returns the lines that were taken, as lines like others: what an invoice of the quote is made of.
func (c Content) Taken() Content {
	var lines []Line
	for _, l := range c.Lines {
		if l.Counts() {
			l.Option, l.Variant, l.Chosen = "", "", false
			lines = append(lines, l)
		}
	}
	c.Lines = lines
	return c
}

// Taken returns the quote as what was taken of it alone, its lines and their amounts: what stages of invoicing share out.
func (d Document) Taken() Document {
	if !d.Content.HasChoices() {
		return d
	}
	of := func(t Totals) Totals {
		var lines []LineTotal
		for i, l := range d.Content.Lines {
			if l.Counts() && i < len(t.Lines) {
				lines = append(lines, t.Lines[i])
			}
		}
		t.Lines = lines
		return t
	}
	if d.Totals.Foreign != nil {
		foreign := of(*d.Totals.Foreign)
		d.Totals.Foreign = &foreign
	}
	d.Totals = of(d.Totals)
	d.Content = d.Content.Taken()
	return d
}

// Offered returns the content with nothing taken yet: a copy of a quote is offered anew.
func (c Content) Offered() Content { return c.with(func(Line) bool { return false }) }

// checkChoices: names fit, alternatives have one, there are at least two of them, and only quotes leave a choice.
func checkChoices(d Document) []error {
	var errs []error
	c := d.Content
	for i, l := range c.Lines {
		errs = append(errs, onLine(i, checkText("option", l.Option, maxRef))...)
		errs = append(errs, onLine(i, checkText("variant", l.Variant, maxRef))...)
		switch {
		case l.Option == "" && l.Variant == "":
		case d.Kind != Quote:
			errs = append(errs, lineFault(i, "option", "sale.fault.option_quote"))
		case l.Option == "":
			errs = append(errs, lineFault(i, "option", "sale.fault.variant_name", "name", l.Variant))
		}
	}
	return errs
}

// checkVariants: a choice that is offered has at least two answers. A draft may not be there yet.
func checkVariants(c Content) []error {
	var errs []error
	for i, l := range c.Lines {
		if l.Variant != "" && !slices.ContainsFunc(c.Lines, func(x Line) bool { return x.Variant == l.Variant && x.Option != l.Option }) {
			errs = append(errs, lineFault(i, "variant", "sale.fault.variant_alone", "name", l.Variant))
		}
	}
	return errs
}

func onLine(i int, errs []error) []error {
	var all []error
	for _, err := range errs {
		for _, e := range fault.All(err) {
			all = append(all, lineFault(i, e.Field, e.Key, e.Args...))
		}
	}
	return all
}
