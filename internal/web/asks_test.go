package web_test

import (
	"strings"

	"essaim/i18n"
)

// asks says whether a refusal tells whom to ask, or who may instead: in the words of access, in either language.
func asks(text string) bool {
	for _, lang := range []string{"fr", "en"} {
		for _, key := range []string{"absent.advisor", "absent.entrepreneur", "absent.desk", "absent.accountant", "absent.payroll", "absent.manager", "absent.administrator",
			"denied.advisor", "denied.entrepreneur", "denied.desk", "denied.accountant", "denied.payroll", "denied.manager", "denied.administrator", "denied.own", "denied.own_pay", "denied.run_own_pay", "denied.author", "denied.self"} {
			if strings.Contains(text, strings.Join(strings.Fields(i18n.For(lang).T("access."+key)), " ")) {
				return true
			}
		}
	}
	return false
}
