package coop

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"essaim/fault"
	"essaim/i18n"
	"essaim/money"
)

// RuleReminders is how the cooperative gets its customers to pay: value [Reminders].
const RuleReminders RuleKind = "reminders"

// Reminders say when a customer who is late hears of it, in which words, and what is claimed.
type Reminders struct {
	Levels   []ReminderLevel `json:"levels"`
	Own      bool            `json:"own"`      // entrepreneurs remind their own customers; otherwise the team alone
	Interest LateBasis       `json:"interest"` // what the terms print as the late-payment rate, as a figure
	Rate     money.Rate      `json:"rate"`     // of a fixed interest, a year; never under three times the legal rate

	Known []LateHalf `json:"-"` // the official rates of the half-years that the cooperative read itself, the oldest first
}

// ReminderLevel is one step: from friendly to formal.
type ReminderLevel struct {
	Days      int           `json:"days"`  // after the due day
	Title     string        `json:"title"` // subject of the mail, heading of the letter
	Text      string        `json:"text"`  // with placeholders between braces, see [Placeholders]
	Means     ReminderMeans `json:"means"`
	Penalties bool          `json:"penalties"` // the interest run so far is claimed
	Forty     bool          `json:"forty"`     // the 40 € are claimed
}

// ReminderMeans is how a reminder leaves.
type ReminderMeans string

// The means. Who has no mail address gets a letter whatever the level says.
const (
	ByMail   ReminderMeans = "mail"
	ByLetter ReminderMeans = "letter" // printed and posted
)

// LateBasis is what the late-payment rate of professionals is made of (Code de commerce L441-10 II).
type LateBasis string

// The bases.
const (
	LateLegal LateBasis = "legal" // three times the legal interest rate, the least that terms may say
	LateECB   LateBasis = "ecb"   // refinancing rate of the European Central Bank and ten points: where the terms say nothing
	LateFixed LateBasis = "fixed" // a rate of the terms
)

// LateBases returns the bases in the order forms show them.
func LateBases() []LateBasis { return []LateBasis{LateLegal, LateECB, LateFixed} }

// Placeholders are what a letter may hold between braces, in the language its cooperative writes to its customers in.
func Placeholders() []string {
	return []string{"client", "activité", "coopérative", "numéros", "montant", "échéance", "retard", "pénalités", "indemnité", "total", "iban", "jour"}
}

const (
	maxLevels      = 6
	maxReminderDay = 365
	maxSubject     = 120
	maxLetter      = 4000
)

// UsualReminders are what a cooperative starts with: a friendly word, a reminder, a formal notice (mise en demeure: Code civil art.
// 1344; it claims what Code de commerce L441-10 and D441-5 give).
func UsualReminders() Reminders {
	return Reminders{
		Own: true, Interest: LateLegal,
		Levels: []ReminderLevel{
			{Days: 7, Means: ByMail, Title: "Un petit rappel : {numéros}", Text: "Bonjour {client},\n\nSauf erreur de notre part, nous n’avons pas encore reçu le règlement de {montant}, attendu le {échéance} ({numéros}).\n\nIl s’agit sans doute d’un oubli : vous trouverez le détail et nos coordonnées bancaires dans la lettre jointe. Si votre paiement est déjà parti, ne tenez pas compte de ce message.\n\nMerci, et à bientôt,\n{activité}"},
			{Days: 21, Means: ByMail, Title: "Relance : {numéros}", Text: "Bonjour {client},\n\nMalgré notre premier rappel, la somme de {montant} reste à nous régler depuis le {échéance}, soit {retard} de retard ({numéros}).\n\nMerci de procéder au règlement sous huit jours, ou de nous dire ce qui l’empêche : nous trouverons une solution ensemble.\n\nCordialement,\n{activité}, {coopérative}"},
			{Days: 45, Means: ByLetter, Penalties: true, Forty: true, Title: "Mise en demeure de payer : {numéros}", Text: "{client},\n\nNos rappels sont restés sans réponse. À ce jour, {montant} nous restent dus depuis le {échéance} ({numéros}).\n\nPar la présente, nous vous mettons en demeure de régler la somme totale de {total} sous huit jours à compter de la réception de cette lettre. À défaut, nous confierons le recouvrement de cette créance à la justice, sans autre avis.\n\n{coopérative}, pour {activité}"},
		},
	}
}

func (r *Reminders) check() error {
	var errs []error
	bad := func(field, key string, args ...any) { errs = append(errs, fault.At(field, key, args...)) }
	if len(r.Levels) == 0 || len(r.Levels) > maxLevels {
		bad("levels", "coop.reminder_levels", "max", maxLevels)
	}
	if !slices.Contains(LateBases(), r.Interest) {
		bad("interest", "coop.reminder_interest")
	}
	switch {
	case r.Interest == LateFixed && (r.Rate <= 0 || r.Rate > money.One):
		bad("rate", "coop.reminder_rate")
	case r.Interest != LateFixed && r.Rate != 0:
		bad("rate", "coop.reminder_rate_alone")
	}
	before := 0
	for i, l := range r.Levels {
		at := fmt.Sprintf("levels[%d].", i)
		switch {
		case l.Days < 1 || l.Days > maxReminderDay:
			bad(at+"days", "coop.rule_range", "min", 1, "max", maxReminderDay)
		case l.Days <= before:
			bad(at+"days", "coop.reminder_order")
		}
		before = max(before, l.Days)
		if l.Means != ByMail && l.Means != ByLetter {
			bad(at+"means", "coop.reminder_means")
		}
		errs = append(errs, checkTemplate(at+"title", l.Title, maxSubject), checkTemplate(at+"text", l.Text, maxLetter))
		if strings.ContainsAny(l.Title, "\r\n") {
			bad(at+"title", "coop.reminder_one_line")
		}
	}
	return errors.Join(errs...)
}

// checkTemplate refuses a text that is empty, too long, that no paper can write, or that holds what no letter fills in.
func checkTemplate(field, text string, most int) error {
	if strings.TrimSpace(text) == "" {
		return fault.At(field, "coop.reminder_empty")
	}
	if utf8.RuneCountInString(text) > most {
		return fault.At(field, "coop.reminder_long", "max", most)
	}
	for rest := text; ; {
		i := strings.IndexAny(rest, "{}")
		if i < 0 {
			if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < 0x20 && r != '\n' && r != '\r' || r == 0x7f }) {
				return fault.At(field, "coop.text_control")
			}
			if signs := i18n.UnwrittenIn(text); signs != "" {
				return fault.At(field, "coop.text_unwritten", "signs", signs)
			}
			return nil
		}
		name, after, closed := strings.Cut(rest[i+1:], "}")
		if rest[i] == '}' || !closed {
			return fault.At(field, "coop.reminder_brace")
		}
		if !slices.Contains(Placeholders(), name) {
			return fault.At(field, "coop.reminder_unknown", "name", name, "known", "{"+strings.Join(Placeholders(), "}, {")+"}")
		}
		rest = after
	}
}

// Fill replaces the placeholders of a text by what they stand for. What is put in is never read again for placeholders.
func Fill(text string, with map[string]string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '{')
		if i < 0 {
			break
		}
		name, after, closed := strings.Cut(text[i+1:], "}")
		if !closed {
			break
		}
		b.WriteString(text[:i])
		b.WriteString(with[name])
		text = after
	}
	b.WriteString(text)
	return b.String()
}
