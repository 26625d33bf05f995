package ledger

import (
	"slices"
	"sort"
)

// Chart is a chart of accounts, by code.
type Chart map[string]Account

// FrenchChart returns the accounts a French cooperative starts with: about 230, from the PCG, labels ours.
func FrenchChart() []Account { return slices.Clone(chart) }

// FrenchJournals returns the journals a cooperative starts with.
func FrenchJournals() []Journal { return slices.Clone(journals) }

var (
	chart    = func() (list []Account) { read("data/chart.json", &list); return }()
	journals = func() (list []Journal) { read("data/journals.json", &list); return }()
)

// Codes returns the codes in order.
func (c Chart) Codes() []string {
	codes := make([]string, 0, len(c))
	for code := range c {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	return codes
}

// Find returns the account of a code, or of the longest code it extends: "706100" is found as 706 when the chart has
// nothing nearer, so that a sub-account bears the nature of its parent.
func (c Chart) Find(code string) (Account, bool) {
	for n := len(code); n >= 3; n-- {
		if a, ok := c[code[:n]]; ok {
			return a, n == len(code)
		}
	}
	return Account{}, false
}

// Result says whether an account is of the income statement: classes 6 and 7, and the couple 186/187 that stands for
// charges and income between activities (practice 1). Such accounts start each year at nil.
func Result(account string) bool {
	if account == "" {
		return false
	}
	return account[0] == '6' || account[0] == '7' || len(account) >= 3 && (account[:3] == InternalCharge || account[:3] == InternalIncome)
}

// Internal says whether the account is nil for the house as a whole and absent from published accounts: 181, 186, 187.
func Internal(account string) bool {
	return len(account) >= 3 && (account[:3] == Liaison || account[:3] == InternalCharge || account[:3] == InternalIncome)
}
