package payroll

import (
	"slices"
	"strings"
	"testing"

	"essaim/date"
)

// What a reader is told of a rule is the law it stands on, never how whoever keeps the data read it.
func TestTextsOfASource(t *testing.T) {
	for source, want := range map[string][]Text{
		"npm modele-social 11.1.0 (2026) and 10.0.0 (2025), Urssaf":       nil,
		"practice of payroll for a pay by the month without hours":        nil,
		"L136-1-1 and L136-8 CSS, no allowance":                           {{Kind: Article, Name: "L136-1-1 CSS"}, {Kind: Article, Name: "L136-8 CSS"}},
		"L136-8 II CSS; CGI 154 quinquies":                                {{Kind: Article, Name: "L136-8 II CSS"}, {Kind: Article, Name: "CGI 154 quinquies"}},
		"D241-7 CSS; LFSS 2026; décrets 2025-887 and 2025-1446":           {{Kind: Article, Name: "D241-7 CSS"}, {Kind: Social, Name: "2026"}, {Kind: Decree, Name: "2025-887"}, {Kind: Decree, Name: "2025-1446"}},
		"arrêté of 22/12/2025, JORFTEXT000053143451":                      {{Kind: Order, On: date.Of(2025, 12, 22)}},
		"ANI of 17/11/2017, art. 1; npm modele-social 11.1.0 (2026)":      {{Kind: Agreement, On: date.Of(2017, 11, 17)}},
		"L5422-9 c. trav., as in npm modele-social 11.1.0 (2026), Urssaf": {{Kind: Article, Name: "L5422-9 c. trav."}},
		"CGI 81 19° ter; law of finance 2025":                             {{Kind: Article, Name: "CGI 81 19° ter"}, {Kind: Finance, Name: "2025"}},
		"L137-12 CSS, law 2023-270":                                       {{Kind: Article, Name: "L137-12 CSS"}, {Kind: Act, Name: "2023-270"}},
	} {
		if got := (Parameter{Source: source}).Texts(); !slices.Equal(got, want) {
			t.Errorf("%q: %+v, want %+v", source, got, want)
		}
	}
	some := 0
	for _, p := range law.all {
		for _, x := range p.Texts() {
			some++
			if strings.Contains(x.Name, " and ") || strings.Contains(x.Name, "npm") || (x.Name == "") == (x.On == 0) {
				t.Errorf("%s: %+v", p.ID, x)
			}
		}
	}
	if some < 100 {
		t.Errorf("%d texts in all", some)
	}
}

// The forfait social is due on what the employer pays of health and provident cover (L137-15 CSS), so that is what it is for.
func TestForfaitSocialIsForHealth(t *testing.T) {
	s := Payslip{Lines: []Line{{Code: "forfait_social", Part: EmployerIs, Amount: 2_40}}}
	s.Totals.Employer, s.Totals.Cost = 2_40, 2_40
	if all := Shares(s); len(all) != 1 || all[0].Code != "health" || all[0].Employer != 2_40 {
		t.Errorf("%+v", all)
	}
	for _, p := range models.Purposes {
		if p.Code == "pension" && slices.Contains(p.Lines, "forfait_social") {
			t.Error("the pension is paid by it")
		}
	}
}
