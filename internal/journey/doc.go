// Package journey holds no code of the program: its tests walk through the whole of it as people do, in a real browser,
// with a real mail server, on both engines. A quote is written on a phone, signed by the customer from the letter they
// received, invoiced, read and validated by another, mailed, paid, and what can be paid has moved by the expected cents.
//
// The tests need Debian's chromium: ESSAIM_TEST_CHROMIUM names it, /usr/bin/chromium is taken otherwise, and without one
// they fail. One engine is walked through in French by day, the other in English by night, and every page they pass
// through is looked at on a phone and on a desk, one light and the other dark: what it weighs, whether it stands within
// the width of the screen, whether its words stand out from what lies behind them, whether each control has a name,
// whether the console complained. Pictures of the steps go to the directory that ESSAIM_SHOTS names, or to the artifacts
// of the test (go test -artifacts).
package journey
