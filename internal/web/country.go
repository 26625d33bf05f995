package web

import (
	"slices"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countries are the countries of the world by name, in each language.
var countries = map[string]func() []Option{
	"fr": sync.OnceValue(func() []Option { return countriesIn(language.French) }),
	"en": sync.OnceValue(func() []Option { return countriesIn(language.English) }),
}

func countriesIn(lang language.Tag) []Option {
	names := display.Regions(lang)
	var list []Option
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string(a) + string(b)
			r, err := language.ParseRegion(code)
			if err != nil || !r.IsCountry() || r.String() != code || r.IsPrivateUse() {
				continue
			}
			if name := names.Name(r); name != "" && name != code {
				list = append(list, Option{Value: code, Label: name})
			}
		}
	}
	order := collate.New(lang)
	slices.SortFunc(list, func(x, y Option) int { return order.CompareString(x.Label, y.Label) })
	return list
}

// Countries are the choices of a country.
func (s screen) Countries() []Option { return countries[s.P.Lang()]() }
