package i18n

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// elided makes « de » and « que » at the end of a French text « d’ » and « qu’ » where the word that follows asks it:
// « Achats d’octobre », « Contrat d’Awa ». The catalogues write the whole word before their placeholders.
func elided(text []byte, word string) []byte {
	for _, w := range [...]string{"de ", "De ", "que ", "Que "} {
		if !bytes.HasSuffix(text, []byte(w)) {
			continue
		}
		before, _ := utf8.DecodeLastRune(text[:len(text)-len(w)])
		if len(text) > len(w) && (unicode.IsLetter(before) || unicode.IsDigit(before)) || !opensWithVowel(word) {
			return text // « code » ends in no « de »
		}
		return append(text[:len(text)-len("e ")], "’"...)
	}
	return text
}

// aspirated are the beginnings of words that open with an h and are not elided before: of common words, and of the names
// that French took from elsewhere.
var aspirated = []string{
	"ha", "hériss", "hernie", "héron", "héros", "hers", "heurt", "hibou", "hideu", "hiérarch", "hiss", "hobby", "hockey", "holl", "homard",
	"hong", "hont", "hoqu", "hors", "hotte", "hou", "hublot", "huit", "hurl", "huss", "hutte",
}

// mute are those of them that open with a mute h all the same.
var mute = []string{"habi", "hadri", "halein", "halluc", "halog", "haltèr", "hameç", "harmon"}

// opensWithVowel says whether a word is heard from its vowel: « octobre », « Élise », « Yves », « Hélène », but « Hassan »,
// « Yasmine », « onze ».
func opensWithVowel(word string) bool {
	word = strings.ToLower(word)
	first, size := utf8.DecodeRuneInString(word)
	rest := word[size:]
	switch {
	case strings.ContainsRune("aàâäeéèêëiîïoôöœuùûüæ", first):
		return !begins(word, []string{"onz", "oui", "uhlan", "ulul"})
	case first == 'y':
		second, _ := utf8.DecodeRuneInString(rest)
		return unicode.IsLetter(second) && !strings.ContainsRune("aàâeéèêiîoôuùû", second)
	case first == 'h':
		second, _ := utf8.DecodeRuneInString(rest)
		if !strings.ContainsRune("aàâeéèêëiîïoôœuùûy", second) {
			return false
		}
		return begins(word, mute) || !begins(word, aspirated)
	}
	return false
}

func begins(word string, list []string) bool {
	for _, w := range list {
		if strings.HasPrefix(word, w) {
			return true
		}
	}
	return false
}
