package payroll

import (
	"crypto/sha256"
	"encoding/hex"
)

// Formulas names the formulas of this package. It changes with any of them that changes a figure, so that a payslip of
// before is not held against what it was not computed by.
const Formulas = "2"

// lawful names the data that figures stand on.
var lawful = [...]string{"data/parameters.json", "data/lines.json", "data/elements.json", "data/tax_grids.json"}

var lawHash = hashOf(lawful[:])

// LawHash is the SHA-256 of the parameters, the contribution lines, the elements and the grids: what a payslip was
// computed with, kept beside it.
func LawHash() string { return lawHash }

func hashOf(names []string) string {
	h := sha256.New()
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			panic(err) // embedded
		}
		h.Write(b) // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil))
}
