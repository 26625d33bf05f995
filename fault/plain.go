package fault

import (
	"strings"
	"unicode/utf8"
)

// Plain says whether what someone gives is a text: valid UTF-8, without the control characters that no keyboard makes.
// Tabs and ends of lines pass.
func Plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r >= 0x7f && r < 0xa0
	})
}
