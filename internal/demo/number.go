package demo

import (
	"fmt"
	"strconv"
	"strings"

	"essaim/coop"
	"essaim/payroll"
)

// siren returns the n-th SIREN of the demonstration, n from 1 and below a million: a right key, and two zeros at the head, which
// no register gives.
func siren(n int) string {
	return keyed(fmt.Sprintf("00%06d", n), coop.ValidSIREN)
}

// siret returns the SIRET of the seat behind a SIREN.
func siret(siren string) string { return keyed(siren+"0001", coop.ValidSIRET) }

// keyed adds the one digit that makes a number right.
func keyed(digits string, right func(string) bool) string {
	for key := range 10 {
		if s := digits + strconv.Itoa(key); right(s) {
			return s
		}
	}
	return digits + "0" // never: one digit in ten always fits
}

// iban returns a French IBAN with a right key, of a bank that is not one.
func iban(account int) string {
	rest := fmt.Sprintf("99999%05d%011d%02d", 1, account, 17)
	for key := 2; key < 99; key++ {
		if s := fmt.Sprintf("FR%02d%s", key, rest); coop.ValidIBAN(s) {
			return s
		}
	}
	return ""
}

// plain writes a name as addresses do: « Maëlle » is "maelle".
func plain(s string) string {
	s = strings.NewReplacer("œ", "oe", "é", "e", "è", "e", "ê", "e", "ë", "e", "à", "a", "â", "a", "ä", "a", "ç", "c", "ï", "i", "î", "i", "ô", "o", "ö", "o", "ü", "u", "û", "u", "ù", "u", "É", "e", "Î", "i", "È", "e").Replace(s)
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(s) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
			dash = false
		} else if !dash && b.Len() > 0 {
			b.WriteByte('-')
			dash = true
		}
	}
	return strings.Trim(b.String(), "-")
}

// nir returns a social security number with a right key, of nobody: the order number 999 of a town that is none.
func nir(n int, woman bool) string {
	sex := 1
	if woman {
		sex = 2
	}
	body := fmt.Sprintf("%d%02d%02d99990%03d", sex, 60+n%39, 1+n%12, n%1000)
	for key := 1; key <= 97; key++ {
		if s := fmt.Sprintf("%s%02d", body, key); payroll.ValidNIR(s) {
			return s
		}
	}
	return ""
}
