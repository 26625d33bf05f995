package fec

import (
	"strings"

	"essaim/date"
)

// FileName returns the name that LPF A47 A-1, IX gives to the file: SIREN, « FEC », day on which the year closes.
func FileName(siren string, end date.Day) string { return siren + "FEC" + end.Compact() + ".txt" }

// SectionsName returns the name of the side file beside a FEC of that name.
func SectionsName(siren string, end date.Day) string {
	return siren + "FEC" + end.Compact() + "-sections.csv"
}

// ParseFileName takes a name apart. A file cut in parts bears their number (_1, _2…), and the text asks for no extension:
// none and .txt are taken. The day is returned whenever it can be read, even when the rest is wrong, so
// that the fiscal year can be checked; ok says that the whole name is as the law wants it.
func ParseFileName(name string) (siren string, end date.Day, ok bool) {
	const length = len("123456782FEC20261231")
	stem, extension := name, ""
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		stem, extension = name[:i], name[i:]
	}
	if cut, part, found := strings.Cut(stem, "_"); found && len(part) > 0 && len(part) < 4 && strings.Trim(part, "0123456789") == "" {
		stem = cut
	}
	if len(stem) != length || !strings.EqualFold(stem[9:12], "FEC") {
		return "", 0, false
	}
	end, err := date.ParseCompact(stem[12:])
	if err != nil {
		return stem[:9], 0, false
	}
	return stem[:9], end, validSIREN(stem[:9]) && stem[9:12] == "FEC" && (extension == "" || strings.EqualFold(extension, ".txt"))
}

// validSIREN says whether s is nine digits whose last is the key of the others (Luhn).
func validSIREN(s string) bool {
	if len(s) != 9 || s == "000000000" {
		return false
	}
	sum := 0
	for i := range len(s) {
		d := int(s[i] - '0')
		if d < 0 || d > 9 {
			return false
		}
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
