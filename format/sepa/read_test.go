package sepa

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"essaim/fault"
)

func TestWhatIsNotAFileOfTransfersIsRefused(t *testing.T) {
	good := string(made(t, wages()))
	swap := func(old, by string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in the file", old)
		}
		return strings.Replace(good, old, by, 1)
	}
	for name, c := range map[string]struct{ file, key string }{
		"nothing":                   {"", "sepa.read_expected"},
		"a letter":                  {"Bonjour,", "sepa.read_expected"},
		"a page":                    {"<html></html>", "sepa.read_expected"},
		"another version":           {swap("pain.001.001.09", "pain.001.001.03"), "sepa.read_expected"},
		"no namespace":              {swap(` xmlns="`+namespace+`"`, ""), "sepa.read_expected"},
		"a document type":           {swap("<Document", "<!DOCTYPE Document [<!ENTITY a \"aaaa\">]><Document"), "sepa.read_doctype"},
		"an entity":                 {swap("Jurgen Gross", "&a;"), "sepa.read_xml"},
		"a style sheet":             {swap("<Document", "<?xml-stylesheet href='x'?><Document"), "sepa.read_expected"},
		"another encoding":          {swap("UTF-8", "ISO-8859-1"), "sepa.read_xml"},
		"bytes that are no text":    {swap("Jurgen", "J\xfcrgen"), "sepa.read_xml"},
		"cut short":                 {good[:len(good)/2], "sepa.read_xml"},
		"tags crossed":              {swap("</Nm>", "</Mn>"), "sepa.read_xml"},
		"a second document":         {good + good[strings.Index(good, "<Document"):], "sepa.read_expected"},
		"an address":                {swap("<Nm>Jurgen Gross</Nm>", "<Nm>Jurgen Gross</Nm><PstlAdr><Ctry>DE</Ctry></PstlAdr>"), "sepa.read_expected"},
		"another payee unseen":      {swap("</CdtrAcct>", "</CdtrAcct><UltmtCdtr><Nm>X</Nm></UltmtCdtr>"), "sepa.read_expected"},
		"text between elements":     {swap("<CdtTrfTxInf>", "<CdtTrfTxInf>x"), "sepa.read_expected"},
		"an element in a value":     {swap("Jurgen Gross", "Jurgen<b></b>Gross"), "sepa.read_expected"},
		"order":                     {swap("<PmtMtd>TRF</PmtMtd>", ""), "sepa.read_expected"},
		"cheques":                   {swap("TRF", "CHK"), "sepa.read_value"},
		"dollars":                   {swap(`"EUR"`, `"USD"`), "sepa.read_value"},
		"no currency":               {swap(` Ccy="EUR"`, ""), "sepa.read_value"},
		"two currencies":            {swap(`Ccy="EUR"`, `Ccy="EUR" Ccy="EUR"`), "sepa.read_value"},
		"an attribute":              {swap("<PmtInf>", `<PmtInf id="1">`), "sepa.read_value"},
		"an amount below zero":      {swap(">1707.41<", ">-1707.41<"), "sepa.read_value"},
		"a comma":                   {swap(">1707.41<", ">1707,41<"), "sepa.read_value"},
		"three decimals":            {swap(">1707.41<", ">1707.410<"), "sepa.read_value"},
		"a point and nothing":       {swap(">1707.41<", ">1707.<"), "sepa.read_value"},
		"nothing and a point":       {swap(">1707.41<", ">.41<"), "sepa.read_value"},
		"an amount of blanks":       {swap(">1707.41<", "> 1707.41<"), "sepa.read_value"},
		"an amount beyond all":      {swap(">1707.41<", ">99999999999999999999.00<"), "sepa.read_value"},
		"more than a file may hold": {swap(">1707.41<", ">10000000000.01<"), "sepa.read_value"},
		"a count of letters":        {swap("<NbOfTxs>3", "<NbOfTxs>trois"), "sepa.read_value"},
		"a day of ours":             {swap("2026-11-27", "27/11/2026"), "sepa.read_value"},
		"urgent":                    {swap("<Cd>SEPA</Cd>", "<Cd>URGP</Cd>"), "sepa.read_value"},
		"costs on the payee":        {swap("SLEV", "CRED"), "sepa.read_value"},
		"a transfer slipped in":     {swap("<NbOfTxs>2", "<NbOfTxs>1"), "sepa.read_count"},
		"one lost from all":         {swap("<NbOfTxs>3", "<NbOfTxs>4"), "sepa.read_count"},
		"a cent more":               {swap(">1707.41<", ">1707.42<"), "sepa.read_sum"},
		"the sum of all":            {swap("1000001707.41", "1000001707.40"), "sepa.read_sum"},
	} {
		f, err := Read(strings.NewReader(c.file))
		var e *fault.Error
		if !errors.As(err, &e) || e.Key != c.key || e.Kind != fault.Invalid || !reflect.DeepEqual(f, File{}) {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
}

// The same content in another dress: prefixes, no blanks, comments, a CDATA section, a place of the schema.
func TestAFileIsReadWhateverItsDress(t *testing.T) {
	good := string(made(t, wages()))
	want := wages().Clean()
	for name, s := range map[string]string{
		"as written":   good,
		"without ends": strings.ReplaceAll(good, "\n", ""),
		"Windows":      strings.ReplaceAll(good, "\n", "\r\n"),
		"comments":     strings.ReplaceAll(good, "<Nm>", "<!-- a --><Nm><!-- b -->"),
		"CDATA":        strings.Replace(good, "Jurgen Gross", "<![CDATA[Jurgen Gross]]>", 1),
		"characters":   strings.Replace(good, "D'Arc", "D&apos;Ar&#x63;", 1),
		"prefixes":     strings.NewReplacer("<?xml", "<?xml", "</", "</p:", "<", "<p:", "xmlns=", "xmlns:p=").Replace(good),
		"schema":       strings.Replace(good, "<Document ", `<Document xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x x.xsd" `, 1),
		"whole euros":  strings.Replace(good, "<CtrlSum>999999999.99<", "<CtrlSum>0999999999.99<", 1),
	} {
		got, err := Read(strings.NewReader(s))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\n%+v", name, err, got)
		}
	}
}

func TestReadingIsBounded(t *testing.T) {
	endless := io.MultiReader(strings.NewReader(`<Document xmlns="`+namespace+`">`), blanks{})
	if _, err := Read(endless); fault.All(err) == nil || fault.All(err)[0].Key != "sepa.read_size" {
		t.Errorf("%v", err)
	}
	broken := errors.New("broken")
	if _, err := Read(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

type blanks struct{}

func (blanks) Read(b []byte) (int, error) { return copy(b, bytes.Repeat([]byte{' '}, len(b))), nil }

// Refusals about a file say the line and show no more of it than a person reads.
func TestARefusalSaysWhere(t *testing.T) {
	bad := strings.Replace(string(made(t, wages())), "<CtrlSum>1707.42<", "<CtrlSum>"+strings.Repeat("9é", 500)+"<", 1)
	_, err := Read(strings.NewReader(bad))
	all := fault.All(err)
	if len(all) != 1 || !reflect.DeepEqual(all[0].Args, []any{"line", 18, "name", "CtrlSum", "value", strings.Repeat("9é", 30) + "…"}) {
		t.Errorf("%v %v", err, all)
	}
}

// Bytes of anyone: never a panic, and what is read and right is written and read the same.
func FuzzRead(f *testing.F) {
	good := made(f, wages())
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte(`<!DOCTYPE a><a/>`))
	f.Add([]byte(`<Document xmlns="` + namespace + `"><CstmrCdtTrfInitn/></Document>`))
	f.Add(bytes.Replace(good, []byte("Jurgen"), []byte("J\xc3\xbcrgen &amp; <!-- x -->"), 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := Read(bytes.NewReader(b))
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if file.Check() != nil {
			return
		}
		again, err := Read(bytes.NewReader(made(t, file)))
		if err != nil || !reflect.DeepEqual(again, file.Clean()) {
			t.Fatalf("%v\n%+v\n%+v", err, again, file)
		}
	})
}

// A name of anyone: never a panic, and what is taken makes a file that is read back.
func FuzzLatin(f *testing.F) {
	for _, s := range []string{"Zoé", "Lœil & fils", "\xff", "e\u0301", "각", "\u202e", "<a>&"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		file := edit(func(f *File) { f.Batches[0].Transfers[0].Creditor.Name = s; f.Batches[0].Transfers[0].Text = s })
		if file.Check() != nil {
			return
		}
		if got, err := Read(bytes.NewReader(made(t, file))); err != nil || !reflect.DeepEqual(got, file.Clean()) {
			t.Fatalf("%v\n%+v", err, got)
		}
	})
}
