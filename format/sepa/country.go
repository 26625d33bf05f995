package sepa

import (
	"embed"
	"encoding/json"
)

//go:embed data/countries.json
var data embed.FS

// inSEPA holds the beginnings of the IBAN of banks that can be within the geographical scope of SEPA. (That a bank of that
// country takes part is for the bank of the payer to know, and accounts of New Caledonia, Polynesia, Wallis and Futuna begin
// with FR as well.)
var inSEPA = func() map[string]bool {
	var list struct {
		Countries []string `json:"countries"`
	}
	b, err := data.ReadFile("data/countries.json")
	if err == nil {
		err = json.Unmarshal(b, &list)
	}
	if err != nil {
		panic("sepa: countries.json: " + err.Error())
	}
	m := map[string]bool{}
	for _, c := range list.Countries {
		m[c] = true
	}
	return m
}()
