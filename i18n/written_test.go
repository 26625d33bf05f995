package i18n

import "testing"

func TestUnwritten(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "",
		"Café Œuvre, 1 234,50 €":   "",
		"e\u0301te\u0301":          "", // composed
		"Ελένη Жанна Nguyễn Ŝ":     "",
		"ﬁn 12 ㎡, 4 ℃":             "", // a form of known letters
		"deux\r\nlignes\tet\u200b": "",
		"✔️ fait":                  "",
		"日本 Kintsugi":              "日 本",
		"سلام":                     "س ل ا م",
		"Atelier 🎨 couleurs 🎨":     "🎨",
		"👩‍🎨":                      "👩 🎨",
		"x\u0302":                  "◌\u0302",
		"\uf8ff":                   "U+F8FF",
		"一二三四五六七八九十":               "一 二 三 四 五 六 七 八 …",
	} {
		if got := UnwrittenIn(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
