package ledger

import (
	"embed"
	"encoding/json"

	"essaim/date"
	"essaim/money"
)

//go:embed data/*.json
var data embed.FS

// TaxCode is a dated VAT code. Law: CGI 278 to 281 octies (rates), 269 (when VAT is due), 261 and others (exemptions).
type TaxCode struct {
	Code      string     `json:"code"`
	Label     string     `json:"label"`            // message key
	Rate      money.Rate `json:"rate"`             // parts per million
	Goods     bool       `json:"goods"`            // nature: goods, otherwise services
	OnReceipt bool       `json:"onReceipt"`        // due on receipt, otherwise on delivery
	Ground    string     `json:"ground,omitempty"` // text printed for an exemption or a reverse charge, with its article
	Category  string     `json:"category"`         // EN 16931 VAT category: S, E, AE, K, G, O
	Input     bool       `json:"input,omitempty"`  // deductible VAT on purchases
	From      date.Day   `json:"from"`
	Until     date.Day   `json:"until,omitempty"`
	Source    string     `json:"source"`
}

// Taxes is the table of tax codes by code.
type Taxes map[string]TaxCode

var taxes = func() Taxes {
	var list []TaxCode
	read("data/taxes.json", &list)
	t := Taxes{}
	for _, c := range list {
		t[c.Code] = c
	}
	return t
}()

// France returns the tax codes of France.
func France() Taxes { return taxes }

// On returns the code if it is in force on a day.
func (t Taxes) On(code string, d date.Day) (TaxCode, bool) {
	c, ok := t[code]
	return c, ok && c.From <= d && (c.Until == 0 || d <= c.Until)
}

// Exempt says whether no VAT is charged under the code.
func (c TaxCode) Exempt() bool { return c.Rate == 0 }

func read(name string, into any) {
	b, err := data.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		panic("ledger: " + name + ": " + err.Error())
	}
}
