package i18n

// families are the beginnings of keys that the program completes while it runs: T("sale.kind." + kind). A key that begins with
// one of them counts as used. Each line says what completes it; the test wants the beginning to stand as a text of its
// own in some Go file or template, so that a family dies with the code that builds it.
var families = map[string]string{
	"office.mail_subject.":  "kind of the document that is mailed",
	"office.mail_text.":     "kind of the document that is mailed",
	"books.journal_name.":   "code of a journal that the program keeps",
	"setup.gap.":            "what the cooperative has not filled in",
	"setup.gap_about.":      "what the cooperative has not filled in",
	"sale.gate.":            "control before submission",
	"sale.gates.":           "control before submission, its title",
	"rules.series.":         "kind of a document that is numbered",
	"rules.reset.":          "when a count begins again",
	"desk.kind.":            "kind of a document",
	"desk.kinds.":           "kind of documents",
	"desk.of.":              "kind of the document and its activity",
	"desk.why.":             "reason of the trust rules, with its own key",
	"payments.means.":       "means of a payment",
	"payments.late_filter.": "days of lateness that the filter asks for, or all",
	"audit.action.":         "deed in the audit log",
	"audit.group.":          "beginning of deeds, as the filter of the log offers them",
	"audit.subject.":        "sort of what a deed bears on",
	"audit.kind.":           "sort of a rule or of a third party, as the log holds it",
	"rules.base.":           "base of a contribution",
	"rules.when.":           "moment when a contribution is taken",
	"attachment.kind.":      "kind of a piece attached",
	"papers.place.":         "where a quote is signed",
	"papers.work.":          "nature of works in a dwelling",
	"sale.waiver.":          "exception to the right of withdrawal",
	"search.kind.":          "kind of a document found",
	"run.kind.":             "kind of a run",
	"verify.chain.":         "name of a chain",
	"verify.what.":          "what of a document differs",
	"verify.part.":          "part of a document that cannot be read",
	"verify.draft.":         "kind of a draft",
	"cmd.head.":             "name of a chain",
	"remind.pause.":         "reason of a pause",
}

// notKeys look like keys of the catalogues and are something else.
var notKeys = map[string]string{"activity.save": "an action of the log", "activity.reserve": "an action of the log", "attachment.add": "an action of the log", "attachment.remove": "an action of the log"}
