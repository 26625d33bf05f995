package slips

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"essaim/date"
	"essaim/fault"
)

// MaxBytes is the largest file taken in, in bytes.
const MaxBytes = 50 << 20

// Slip is what the file holds of one person.
type Slip struct {
	Person int      // index among the people
	Ranges [][2]int // first and last page of each stretch, from 1; a person with two contracts has two
}

// Parted is a file whose pages have been given to people.
type Parted struct {
	Pages int
	Slips []Slip // in the order of the people; those without a page are missing
	Aside []int  // pages, from 1, that were given to nobody

	d *document
}

// PDF writes the pages of a slip, an index of Slips, as a document of their own.
func (p *Parted) PDF(slip int) (b []byte, err error) {
	defer caught(&err)
	var pages []int
	for _, r := range p.Slips[slip].Ranges {
		for i := r[0]; i <= r[1]; i++ {
			pages = append(pages, i-1)
		}
	}
	b, err = p.d.extract(pages)
	if err == nil && p.d.spent() { // a picture or a letter may be missing
		err = errMuch
	}
	if err != nil {
		return nil, refusal(err)
	}
	return b, nil
}

// caught makes a refusal of a panic: whatever a file from outside does, the others of the month go on.
func caught(err *error) {
	if r := recover(); r != nil {
		*err = fault.New(fault.Invalid, "slips.broken").Wrap(fmt.Errorf("reading a PDF: %v", r))
	}
}

// refusal says in words why a file cannot be read.
func refusal(err error) error {
	key := "slips.broken"
	switch {
	case errors.Is(err, errNoPDF):
		key = "slips.no_pdf"
	case errors.Is(err, errEncrypted):
		key = "slips.encrypted"
	case errors.Is(err, errPages):
		return fault.New(fault.Invalid, "slips.pages", "max", MaxPages)
	case errors.Is(err, errMuch):
		key = "slips.much"
	}
	return fault.New(fault.Invalid, key).Wrap(err)
}

// Split gives the pages of a file to people. month is the one that each payslip must name; 0: any. Its refusals are about the whole
// file, and then nothing is returned; or about pages[n] and people[i]: a page of nobody or of two people, a payslip that does not
// name the month, a person without a page. Then the rest is returned beside them, and the caller decides whether it is filed.
func Split(b []byte, people []Person, month date.Month) (parted *Parted, err error) {
	defer caught(&err)
	if len(b) > MaxBytes {
		return nil, fault.New(fault.Invalid, "slips.large", "max", MaxBytes>>20)
	}
	d, err := open(b)
	if err != nil {
		return nil, refusal(err)
	}
	known := gather(people)
	pages := make([]identity, len(d.pages))
	unread := make([]bool, len(d.pages))
	for i := range d.pages {
		lines, err := d.lines(i)
		if d.spent() { // and what was left out might have said whose a page is
			return nil, refusal(errMuch)
		}
		pages[i] = known.identify(lines)
		unread[i] = err != nil || pages[i].looked > maxLooked
	}
	parted = &Parted{Pages: len(pages), d: d}
	owners, errs := assign(pages, unread, people)
	errs = append(errs, parted.collect(owners, pages, people, month)...)
	return parted, errors.Join(errs...)
}

// spent says whether the file, and not one page of it, holds more than is read.
func (d *document) spent() bool {
	return d.values < 0 || d.work < 0 || d.reach < 0 || d.decoded > maxDecoded
}

const nobody = -1

// assign says whose each page is, and tells the pages that are nobody's.
func assign(pages []identity, unread []bool, people []Person) ([]int, []error) {
	signatories := others(pages, people)
	owners := make([]int, len(pages))
	var errs []error
	for i, x := range pages {
		at := fmt.Sprintf("pages[%d]", i+1)
		owners[i] = nobody
		who := x.strong()
		if len(who) == 0 && len(x.strangers)+len(x.unknown) == 0 {
			who = slices.DeleteFunc(slices.Clone(x.byName), func(p int) bool { return signatories[p] })
		}
		switch {
		case unread[i]:
			errs = append(errs, fault.At(at, "slips.page_unread", "page", i+1))
		case len(who) > 0 && len(x.strangers) > 0:
			errs = append(errs, fault.At(at, "slips.page_also", "page", i+1, "name", people[who[0]].Name(), "found", some(x.strangers)))
		case len(x.byNIR) > 0 && len(x.byMatricule) > 0 && !overlap(x.byNIR, x.byMatricule), len(who) > 1 && len(common(x)) != 1:
			names := make([]string, len(who))
			for j, p := range who {
				names[j] = people[p].Name()
			}
			errs = append(errs, fault.At(at, "slips.page_two", "page", i+1, "names", some(names)))
		case len(who) > 1:
			owners[i] = common(x)[0]
		case len(who) == 1:
			owners[i] = who[0]
		case len(x.strangers)+len(x.unknown) > 0:
			errs = append(errs, fault.At(at, "slips.page_stranger", "page", i+1, "found", some(append(slices.Clone(x.strangers), x.unknown...))))
		case follows(pages, owners, i):
			owners[i] = owners[i-1]
		case x.blank:
			errs = append(errs, fault.At(at, "slips.page_blank", "page", i+1))
		default:
			errs = append(errs, fault.At(at, "slips.page_nobody", "page", i+1))
		}
	}
	return owners, errs
}

// some writes a few of several things that were found.
func some(all []string) string {
	const most = 5
	if len(all) > most {
		return strings.Join(all[:most], ", ") + "…"
	}
	return strings.Join(all, ", ")
}

func overlap(a, b []int) bool {
	return slices.ContainsFunc(a, func(p int) bool { return slices.Contains(b, p) })
}

// common is who all the evidence of a page agrees on: two contracts of one number of the social security are told apart by the
// matricule, two people of one matricule by the number or the name.
func common(x identity) []int {
	var out []int
	for _, p := range x.strong() {
		ok := true
		for _, list := range [][]int{x.byNIR, x.byMatricule, x.byName} {
			ok = ok && (len(list) == 0 || slices.Contains(list, p))
		}
		if ok {
			out = append(out, p)
		}
	}
	return out
}

// others are the people whose names stand on payslips that are surely someone else's: who signs for the cooperative is named on every
// one, and their name alone says nothing.
func others(pages []identity, people []Person) map[int]bool {
	out := map[int]bool{}
	for _, x := range pages {
		strong := x.strong()
		if len(strong) == 0 {
			continue
		}
		for _, p := range x.byName {
			if !slices.ContainsFunc(strong, func(q int) bool { return p == q || people[p].called(people[q]) }) {
				out[p] = true
			}
		}
	}
	return out
}

// follows says whether a page that has no number of anyone is the next of the payslip before: it says that it is, by its own number.
func follows(pages []identity, owners []int, i int) bool {
	if i == 0 || owners[i-1] == nobody || len(pages[i].byName) > 0 && !slices.Contains(pages[i].byName, owners[i-1]) {
		return false
	}
	before, here := pages[i-1], pages[i]
	if here.page < 2 || before.of != 0 && here.of != 0 && before.of != here.of {
		return false
	}
	return before.page == here.page-1 || before.page == 0 && here.page == 2
}

// collect makes the slips and tells the people without one, and those whose pages do not name the month.
func (p *Parted) collect(owners []int, pages []identity, people []Person, month date.Month) []error {
	var errs []error
	ranges := make([][][2]int, len(people))
	for i, who := range owners {
		if who == nobody {
			p.Aside = append(p.Aside, i+1)
			continue
		}
		r := ranges[who]
		if i > 0 && owners[i-1] == who && pages[i].page != 1 {
			r[len(r)-1][1] = i + 1
			continue
		}
		ranges[who] = append(r, [2]int{i + 1, i + 1})
	}
	for who, all := range ranges {
		if len(all) == 0 {
			errs = append(errs, fault.At(fmt.Sprintf("people[%d]", who), "slips.person_none", "name", people[who].Name()))
			continue
		}
		var good [][2]int
		for _, r := range all {
			if names(pages[r[0]-1:r[1]], month) {
				good = append(good, r)
				continue
			}
			errs = append(errs, fault.At(fmt.Sprintf("pages[%d]", r[0]), "slips.other_month", "page", r[0], "name", people[who].Name(), "month", month))
			for i := r[0]; i <= r[1]; i++ {
				p.Aside = append(p.Aside, i)
			}
		}
		if len(good) > 0 {
			p.Slips = append(p.Slips, Slip{who, good})
		}
	}
	slices.Sort(p.Aside)
	return errs
}

// names says whether some pages are about the month: they say so, or speak of it and do not say that they are about another.
func names(pages []identity, month date.Month) bool {
	var periods, spoken []date.Month
	for _, x := range pages {
		periods, spoken = append(periods, x.periods...), append(spoken, x.months...)
	}
	if len(periods) == 0 {
		periods = spoken
	}
	return month == 0 || slices.Contains(periods, month)
}
