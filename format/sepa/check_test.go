package sepa

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"essaim/date"
	"essaim/fault"
	"essaim/i18n"
)

// told lists the refusals within err as "field key", in order.
func told(err error) []string {
	var list []string
	for _, e := range fault.All(err) {
		list = append(list, e.Field+" "+e.Key)
	}
	return list
}

func TestEachThingWrongIsToldOnItsField(t *testing.T) {
	tr := func(change func(tr *Transfer)) func(f *File) {
		return func(f *File) { change(&f.Batches[0].Transfers[1]) }
	}
	const second = "batches[0].transfers[1]."
	for name, c := range map[string]struct {
		change func(f *File)
		want   string // "field key", or empty when it is right
	}{
		"as it is":                       {func(*File) {}, ""},
		"no message id":                  {func(f *File) { f.MessageID = " " }, "message_id sepa.id_missing"},
		"accent in a reference":          {func(f *File) { f.MessageID = "PAIÉ" }, "message_id sepa.id_char"},
		"tab in a reference":             {func(f *File) { f.MessageID = "A\tB" }, "message_id sepa.id_char"},
		"ampersand in a reference":       {func(f *File) { f.MessageID = "A&B" }, "message_id sepa.id_char"},
		"36 characters":                  {func(f *File) { f.MessageID = strings.Repeat("M", 36) }, "message_id sepa.too_long"},
		"35 characters":                  {func(f *File) { f.MessageID = strings.Repeat("M", 35) }, ""},
		"slash first":                    {func(f *File) { f.MessageID = "/A" }, "message_id sepa.id_slash"},
		"slash last":                     {func(f *File) { f.MessageID = "A/" }, "message_id sepa.id_slash"},
		"two slashes":                    {func(f *File) { f.MessageID = "A//B" }, "message_id sepa.id_slash"},
		"space last":                     {func(f *File) { f.MessageID = "A " }, "message_id sepa.id_slash"},
		"slashes apart":                  {func(f *File) { f.MessageID = "A/B/C" }, ""},
		"no initiator":                   {func(f *File) { f.Initiator = "" }, "initiator sepa.name_missing"},
		"a day for a moment":             {func(f *File) { f.Created = "2026-11-23" }, "created sepa.created"},
		"fractions of a second":          {func(f *File) { f.Created = "2026-11-23T09:30:00.5" }, "created sepa.created"},
		"the 30th of February":           {func(f *File) { f.Created = "2026-02-30T09:30:00" }, "created sepa.created"},
		"a zone that is none":            {func(f *File) { f.Created = "2026-11-23T09:30:00+15:00" }, "created sepa.created"},
		"another century":                {func(f *File) { f.Created = "1926-11-23T09:30:00" }, "created sepa.created"},
		"UTC":                            {func(f *File) { f.Created = "2026-11-23T09:30:00Z" }, ""},
		"no batch":                       {func(f *File) { f.Batches = nil }, "batches sepa.empty"},
		"no transfer":                    {func(f *File) { f.Batches[0].Transfers = nil }, "batches[0].transfers sepa.empty"},
		"no batch id":                    {func(f *File) { f.Batches[1].ID = "" }, "batches[1].id sepa.id_missing"},
		"batch id twice":                 {func(f *File) { f.Batches[1].ID = f.Batches[0].ID }, "batches[1].id sepa.batch_twice"},
		"account, day and purpose twice": {func(f *File) { f.Batches[1].Purpose = Wages }, "batches[1].debtor.iban sepa.account_twice"},
		"another day":                    {func(f *File) { f.Batches[1].Purpose = Wages; f.Batches[1].Day++ }, ""},
		"a purpose of others":            {func(f *File) { f.Batches[1].Purpose = "SUPP" }, "batches[1].purpose sepa.purpose"},
		"the day before":                 {func(f *File) { f.Batches[1].Day = date.MustParse("2026-11-22") }, "batches[1].day sepa.day_past"},
		"the same day":                   {func(f *File) { f.Batches[1].Day = date.MustParse("2026-11-23") }, ""},
		"no day":                         {func(f *File) { f.Batches[1].Day = 0 }, "batches[1].day sepa.day_past"},
		"a year on":                      {func(f *File) { f.Batches[1].Day = date.MustParse("2027-11-23") }, ""},
		"a year mistyped":                {func(f *File) { f.Batches[1].Day = date.MustParse("2027-11-24") }, "batches[1].day sepa.day_far"},
		"no payer":                       {func(f *File) { f.Batches[1].Debtor.Name = "" }, "batches[1].debtor.name sepa.name_missing"},
		"no account to pay from":         {func(f *File) { f.Batches[1].Debtor.IBAN = "" }, "batches[1].debtor.iban coop.iban_missing"},
		"a bank that is none":            {func(f *File) { f.Batches[1].Debtor.BIC = "AGRIFRP" }, "batches[1].debtor.bic coop.bic_shape"},
		"no reference":                   {tr(func(tr *Transfer) { tr.EndToEnd = "" }), second + "end_to_end sepa.id_missing"},
		"reference twice in a batch":     {tr(func(tr *Transfer) { tr.EndToEnd = "PAIE-2026-11-014" }), second + "end_to_end sepa.reference_twice"},
		"reference twice in the file":    {func(f *File) { f.Batches[1].Transfers[0].EndToEnd = "PAIE-2026-11-014" }, "batches[1].transfers[0].end_to_end sepa.reference_twice"},
		"nothing to pay":                 {tr(func(tr *Transfer) { tr.Amount = 0 }), second + "amount sepa.amount_low"},
		"less than nothing":              {tr(func(tr *Transfer) { tr.Amount = -1 }), second + "amount sepa.amount_low"},
		"a billion":                      {tr(func(tr *Transfer) { tr.Amount = 100_000_000_000 }), second + "amount sepa.amount_high"},
		"no name":                        {tr(func(tr *Transfer) { tr.Creditor.Name = "\u00a0" }), second + "name sepa.name_missing"},
		"another alphabet":               {tr(func(tr *Transfer) { tr.Creditor.Name = "Ελένη" }), second + "name sepa.char"},
		"71 letters once written":        {tr(func(tr *Transfer) { tr.Creditor.Name = strings.Repeat("a", 69) + "œ" }), second + "name sepa.too_long"},
		"70 letters of two bytes":        {tr(func(tr *Transfer) { tr.Creditor.Name = strings.Repeat("é", 70) }), ""},
		"a key that is wrong":            {tr(func(tr *Transfer) { tr.Creditor.IBAN = "DE88370400440532013000" }), second + "iban coop.iban_key"},
		"a digit short":                  {tr(func(tr *Transfer) { tr.Creditor.IBAN = "DE8937040044053201300" }), second + "iban coop.iban_length"},
		"the United States have no IBAN": {tr(func(tr *Transfer) { tr.Creditor.IBAN = "US64SVBKUS6S3300958879" }), second + "iban sepa.country"},
		"Morocco is outside":             {tr(func(tr *Transfer) { tr.Creditor.IBAN = "MA64011519000001205000534921" }), second + "iban sepa.country"},
		"Switzerland is inside":          {tr(func(tr *Transfer) { tr.Creditor.IBAN = "CH93 0076 2011 6238 5295 7" }), ""},
		"the account that pays":          {tr(func(tr *Transfer) { tr.Creditor.IBAN = "fr7630006000011234567890189" }), second + "iban sepa.own_account"},
		"a BIC of nine":                  {tr(func(tr *Transfer) { tr.Creditor.BIC = "COBADEFFX" }), second + "bic coop.bic_shape"},
		"a picture in the text":          {tr(func(tr *Transfer) { tr.Text = "Bravo 🎉" }), second + "text sepa.char"},
		"141 characters":                 {tr(func(tr *Transfer) { tr.Text = strings.Repeat("a", 141) }), second + "text sepa.too_long"},
		"140 characters and blanks":      {tr(func(tr *Transfer) { tr.Text = " " + strings.Repeat("é", 140) + " " }), ""},
		"more than a file holds":         {func(f *File) { f.Batches[0].Transfers = make([]Transfer, MaxTransfer) }, "batches sepa.too_many"},
		"more batches than a file holds": {func(f *File) { f.Batches = make([]Batch, MaxTransfer+1) }, "batches sepa.too_many"},
	} {
		got := strings.Join(told(edit(c.change).Check()), ", ")
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestAllThatIsWrongIsToldAtOnce(t *testing.T) {
	f := wages()
	f.MessageID = "//"
	f.Batches[0].Debtor.BIC = "X"
	f.Batches[0].Transfers[0].Amount = 0
	f.Batches[0].Transfers[0].Creditor.Name = ""
	f.Batches[1].Transfers[0].Creditor.IBAN = "BE68539007547035"
	want := []string{
		"message_id sepa.id_slash", "batches[0].debtor.bic coop.bic_shape", "batches[0].transfers[0].amount sepa.amount_low",
		"batches[0].transfers[0].name sepa.name_missing", "batches[1].transfers[0].iban coop.iban_key",
	}
	if got := told(f.Check()); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := told((File{}).Check()); len(got) != 4 { // message_id, initiator, created, batches
		t.Errorf("an empty file: %q", got)
	}
}

// A file as large as can be is checked, and its sum does not leave an int64.
func TestTheLargestFile(t *testing.T) {
	f := wages()
	f.Batches = f.Batches[1:]
	one := f.Batches[0].Transfers[0]
	f.Batches[0].Transfers = nil
	for i := range MaxTransfer {
		one.EndToEnd = "T" + strings.Repeat("0", 20) + "/" + strconv.Itoa(i)
		one.Text = strings.Repeat("a", MaxText)
		one.Creditor.Name = strings.Repeat("b", MaxName)
		one.Creditor.BIC = "AGRIFRPPXXX"
		f.Batches[0].Transfers = append(f.Batches[0].Transfers, one)
	}
	b := made(t, f)
	if len(b) > MaxBytes {
		t.Errorf("%d bytes, more than is read", len(b))
	}
	if got := between(string(b), "<CtrlSum>", "<"); got != "19999999999800.00" {
		t.Errorf("sum %s", got)
	}
}

// The refusals are sentences in both languages, with their values in them.
func TestRefusalsAreSentences(t *testing.T) {
	f := wages()
	f.Batches[0].Transfers[0].Creditor.IBAN = "MA64011519000001205000534921"
	f.Batches[0].Transfers[0].Text = "10 % de…"
	f.Batches[0].Transfers[1].EndToEnd = "n°1"
	for lang, want := range map[string][]string{"fr": {"(MA)", "« % »", "« ° »"}, "en": {"(MA)", "“%”", "“°”"}} {
		p := i18n.For(lang)
		var said []string
		for _, e := range fault.All(f.Check()) {
			said = append(said, strings.ReplaceAll(p.Fault(e), "\u00a0", " "))
		}
		all := strings.Join(said, "\n")
		if len(said) != 3 || strings.Contains(all, "{") {
			t.Errorf("%s", all)
		}
		for _, w := range want {
			if !strings.Contains(all, w) {
				t.Errorf("%s: %q is not in\n%s", lang, w, all)
			}
		}
	}
}
