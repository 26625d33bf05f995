package i18n

import "testing"

// 249 codes are assigned. Each has a name of its own in both languages, and none is a code of the past or of a reserve.
func TestCountries(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		p := For(lang)
		all, names := p.Countries(), map[string]string{}
		if len(all) != 249 {
			t.Errorf("%s: %d countries", lang, len(all))
		}
		for _, c := range all {
			if c.Name == "" || c.Name == c.Code || names[c.Name] != "" {
				t.Errorf("%s: %s is named %q, as is %q", lang, c.Code, c.Name, names[c.Name])
			}
			names[c.Name] = c.Code
			if !IsCountry(c.Code) {
				t.Errorf("%s is listed, and no country", c.Code)
			}
		}
		if names["Belize"] == "" || p.Country("DE") == "" || all[0].Code != "AF" {
			t.Errorf("%s: begins with %v", lang, all[0])
		}
	}
	for _, code := range []string{"DD", "FX", "UK", "VD", "UN", "EU", "EZ", "SU", "YU", "AN", "EA", "IC", "XK", "QO", "ZZ", "fr", "", "F", "FRA"} {
		if IsCountry(code) {
			t.Errorf("%s is no country", code)
		}
		if got := For("fr").Country(code); got != code {
			t.Errorf("%s is named %s", code, got)
		}
	}
	if got := For("fr").Country("MK"); got != "Macédoine du Nord" {
		t.Errorf("MK: %s", got)
	}
}
