package web

import (
	"fmt"
	"strings"

	"essaim/coop"
	"essaim/i18n"
)

// The rule of reminders: its levels are rows of the form, with the words that customers read.

// levelFields are the fields of a level.
var levelFields = []string{"days", "means", "title", "text", "penalties", "forty"}

var lateBasisWords = map[coop.LateBasis]string{coop.LateLegal: "rules.rm_legal", coop.LateECB: "rules.rm_ecb", coop.LateFixed: "rules.rm_fixed"}

var reminderMeansWords = map[coop.ReminderMeans]string{coop.ByMail: "rules.rm_mail", coop.ByLetter: "rules.rm_letter"}

func fillReminders(f *Form, r coop.Reminders) {
	f.Set("own", r.Own).Set("interest", string(r.Interest))
	if r.Rate != 0 {
		f.Set("rate", r.Rate)
	}
	for i, l := range r.Levels {
		at := fmt.Sprintf("levels[%d].", i)
		f.Set(at+"days", l.Days).Set(at+"means", string(l.Means)).Set(at+"title", l.Title).Set(at+"text", l.Text).Set(at+"penalties", l.Penalties).Set(at+"forty", l.Forty)
	}
}

func readReminders(f *Form) coop.Reminders {
	r := coop.Reminders{Own: f.Bool("own"), Interest: coop.LateBasis(f.Get("interest"))}
	if r.Interest == coop.LateFixed {
		r.Rate = f.Rate("rate")
	}
	f.pack("levels", levelFields)
	for _, i := range f.Rows("levels") {
		at := fmt.Sprintf("levels[%d].", i)
		l := coop.ReminderLevel{
			Days: f.Int(at+"days", 1, 365), Means: coop.ReminderMeans(f.Get(at + "means")), Title: f.Text(at+"title", 120),
			Text: strings.ReplaceAll(f.Text(at+"text", 4000), "\r\n", "\n"), Penalties: f.Bool(at + "penalties"), Forty: f.Bool(at + "forty"),
		}
		if l.Days == 0 && l.Title == "" && l.Text == "" {
			continue
		}
		r.Levels = append(r.Levels, l)
	}
	return r
}

// reminderForm is what the form of the rule shows besides its fields.
type reminderForm struct {
	Rows  []int
	Bases []Option
	Means []Option
	Known string
}

func (v *Visit) reminderForm(f *Form) *reminderForm {
	d := &reminderForm{Rows: f.openRows("levels", 0), Known: "{" + strings.Join(coop.Placeholders(), "}, {") + "}"}
	for _, b := range coop.LateBases() {
		d.Bases = append(d.Bases, Option{Value: string(b), Label: v.P.T(lateBasisWords[b])})
	}
	for _, m := range []coop.ReminderMeans{coop.ByMail, coop.ByLetter} {
		d.Means = append(d.Means, Option{Value: string(m), Label: v.P.T(reminderMeansWords[m])})
	}
	return d
}

func reminderWords(p i18n.Printer, r coop.Reminders) (words []string) {
	for _, l := range r.Levels {
		line := p.T("rules.rm_word", "days", p.T("rules.rm_after", "n", l.Days), "title", strings.TrimSuffix(strings.TrimSuffix(coop.Fill(l.Title, nil), " "), " :"), "means", p.T(reminderMeansWords[l.Means]))
		if l.Penalties || l.Forty {
			line = p.T("rules.rm_word_claims", "line", line)
		}
		words = append(words, line+".")
	}
	rate := p.T(lateBasisWords[r.Interest])
	if r.Interest == coop.LateFixed {
		rate = p.Rate(r.Rate)
	}
	words = append(words, p.T("rules.rm_word_rate", "rate", rate))
	if r.Own {
		return append(words, p.T("rules.rm_word_own"))
	}
	return append(words, p.T("rules.rm_word_team"))
}
