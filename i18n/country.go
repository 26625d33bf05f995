package i18n

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countries are the codes that ISO 3166-1 alpha-2 officially assigns: neither those of states that are no more, nor those
// reserved for unions, islands and road signs.
const countries = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
	"CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR " +
	"GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP " +
	"KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU " +
	"MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW " +
	"SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ " +
	"UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"

var countryCodes = strings.Fields(countries)

// renamed are the names that the library's tables have in an older form, or in one that nobody looks for in a list.
var renamed = map[string]map[string]string{
	"fr": {"HK": "Hong Kong", "MK": "Macédoine du Nord", "MO": "Macao", "SZ": "Eswatini"},
	"en": {"HK": "Hong Kong", "MK": "North Macedonia", "MO": "Macao", "SZ": "Eswatini", "TR": "Türkiye"},
}

// IsCountry says whether a code is one that ISO 3166-1 assigns to a country or a territory, in capitals.
func IsCountry(code string) bool {
	_, ok := slices.BinarySearch(countryCodes, code)
	return ok
}

// Country names a country by its code. What is no country is named by the code itself.
func (p Printer) Country(code string) string {
	if !IsCountry(code) {
		return code
	}
	if name, ok := renamed[p.Lang()][code]; ok {
		return name
	}
	return display.Regions(languageOf(p.Lang())).Name(language.MustParseRegion(code))
}

// Country is a code of ISO 3166-1 and its name.
type Country struct{ Code, Name string }

// Countries lists all countries by name, in the order of the language.
func (p Printer) Countries() []Country {
	if p.Lang() == "en" {
		return slices.Clone(inEnglish())
	}
	return slices.Clone(inFrench())
}

var (
	inFrench  = sync.OnceValue(func() []Country { return countriesIn("fr") })
	inEnglish = sync.OnceValue(func() []Country { return countriesIn("en") })
)

func countriesIn(lang string) []Country {
	p := For(lang)
	list := make([]Country, len(countryCodes))
	for i, code := range countryCodes {
		list[i] = Country{code, p.Country(code)}
	}
	order := collate.New(languageOf(lang))
	slices.SortFunc(list, func(a, b Country) int { return order.CompareString(a.Name, b.Name) })
	return list
}

func languageOf(lang string) language.Tag {
	if lang == "en" {
		return language.English
	}
	return language.French
}
