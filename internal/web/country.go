package web

import "essaim/i18n"

// Countries are the choices of a country, the chosen one first when it is none of today's: an old file may hold the code
// of a state that is no more, and asks for another.
func (s screen) Countries(chosen string) []Option {
	list := []Option{{Label: s.P.T("customers.country_none")}}
	if chosen != "" && !i18n.IsCountry(chosen) {
		list = append(list, Option{Value: chosen, Label: s.P.T("customers.country_gone", "code", chosen)})
	}
	for _, c := range s.P.Countries() {
		list = append(list, Option{Value: c.Code, Label: c.Name})
	}
	return list
}
