package sepa

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"essaim/coop"
	"essaim/fault"
)

var update = flag.Bool("update", false, "write testdata/wages.xml anew")

// The whole of a file, to be read with the guidelines of the bank beside it.
func TestAFileOfWagesIsWrittenAsBanksWantIt(t *testing.T) {
	got := made(t, wages())
	golden := filepath.Join("testdata", "wages.xml")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the file differs from %s:\n%s", golden, got)
	}
	if again := made(t, wages()); !bytes.Equal(got, again) {
		t.Error("the same file was written in two ways")
	}
}

// The figures of the fixture, reckoned by hand: 1 707,41 + 0,01, then 999 999 999,99, then all.
func TestCountsAndSumsAreThoseOfTheTransfers(t *testing.T) {
	s := string(made(t, wages()))
	for part, want := range map[string][2]string{
		between(s, "<GrpHdr>", "</GrpHdr>"):              {"3", "1000001707.41"},
		between(s, "SALAIRES-2026-11", "</CdtTrfTxInf>"): {"2", "1707.42"},
		between(s, "FRAIS-2026-11", "</CdtTrfTxInf>"):    {"1", "999999999.99"},
	} {
		got := [2]string{between(part, "<NbOfTxs>", "<"), between(part, "<CtrlSum>", "<")}
		if got != want {
			t.Errorf("count and sum %q, want %q", got, want)
		}
	}
}

func TestNoAddressIsEverWritten(t *testing.T) {
	if s := string(made(t, wages())); strings.Contains(s, "PstlAdr") || strings.Contains(s, "AdrLine") {
		t.Error("an address in the file")
	}
}

func TestWhatIsRefusedIsNotBegun(t *testing.T) {
	var b bytes.Buffer
	err := Write(&b, edit(func(f *File) { f.Batches[1].Transfers[0].Amount = 0 }))
	if fault.KindOf(err) != fault.Invalid || b.Len() > 0 {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
	full := errors.New("disk full")
	if err := Write(refusing{full}, wages()); !errors.Is(err, full) {
		t.Errorf("a full disk: %v", err)
	}
}

type refusing struct{ err error }

func (w refusing) Write([]byte) (int, error) { return 0, w.err }

// What is written is read back as it was cleaned, whatever the names and the accounts.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := aFile(t)
		var b bytes.Buffer
		if err := Write(&b, f); err != nil {
			t.Fatal(err)
		}
		got, err := Read(&b)
		if err != nil {
			t.Fatal(err)
		}
		if want := f.Clean(); !reflect.DeepEqual(got, want) {
			t.Fatalf("read %+v\nwrote %+v", got, want)
		}
		if !reflect.DeepEqual(got.Clean(), got) {
			t.Fatal("a clean file is cleaned further")
		}
		if err := got.Check(); err != nil {
			t.Fatal(err)
		}
	})
}

// The schema of the standard holds the golden file, the shapes that it does not have, and files drawn at random.
func TestEveryFileIsHeldAgainstTheSchema(t *testing.T) {
	files := map[string][]byte{"wages.xml": made(t, wages())}
	files["zone.xml"] = made(t, edit(func(f *File) { f.Created = "2026-11-23T09:30:00+01:00"; f.Batches = f.Batches[1:] }))
	files["longest.xml"] = made(t, edit(func(f *File) {
		f.MessageID, f.Initiator = strings.Repeat("M", MaxID), strings.Repeat("I", MaxName)
		tr := &f.Batches[0].Transfers[0]
		tr.EndToEnd, tr.Text, tr.Creditor.Name = strings.Repeat("'", MaxID), strings.Repeat("+", MaxText), strings.Repeat("é", MaxName)
	}))
	random := rapid.Custom(aFile)
	for i := range 20 {
		files[string(rune('a'+i))+".xml"] = made(t, random.Example(i))
	}
	for name, b := range files {
		if complaint := invalid(t, b); complaint != "" {
			t.Errorf("%s: %s", name, complaint)
		}
	}
	// The judge judges.
	for _, broken := range [][2]string{{"TRF", "XXX"}, {"<Amt>", "<Amount>"}, {"BE68539007547034", "be68"}, {"2026-11-27", "27/11/2026"}} {
		if invalid(t, bytes.Replace(files["wages.xml"], []byte(broken[0]), []byte(broken[1]), 1)) == "" {
			t.Errorf("%q for %q passes the schema", broken[1], broken[0])
		}
	}
}

// invalid holds a file against the schema and returns what is wrong with it.
func invalid(t *testing.T, b []byte) string {
	t.Helper()
	path, err := exec.LookPath("xmllint")
	if err != nil {
		t.Fatal("xmllint is missing: apt-get install libxml2-utils")
	}
	cmd := exec.Command(path, "--noout", "--nonet", "--schema", filepath.Join("testdata", "pain.001.001.09.xsd"), "-")
	cmd.Stdin = bytes.NewReader(b)
	if out, err := cmd.CombinedOutput(); err != nil {
		return string(out) + err.Error()
	}
	return ""
}

// Whatever a name holds, it is a name in the file and not a piece of it.
func TestAValueIsNeverMarkup(t *testing.T) {
	var x pen
	x.put("Nm", `<Nm>&amp;"]]>`)
	d := xml.NewDecoder(&x.b)
	var got struct {
		Text string `xml:",chardata"`
	}
	if err := d.Decode(&got); err != nil || got.Text != `<Nm>&amp;"]]>` {
		t.Errorf("%q, %v", got.Text, err)
	}
	if err := d.Decode(&got); !errors.Is(err, io.EOF) {
		t.Errorf("after the element: %v", err)
	}
}

// Every country of SEPA has the length of its accounts in the registry of coop, and no other country is there.
func TestTheCountriesOfSEPAAreThoseWhoseAccountsAreKnown(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "coop", "data", "iban_lengths.json"))
	if err != nil {
		t.Fatal(err)
	}
	var lengths map[string]int
	if err := json.Unmarshal(b, &lengths); err != nil {
		t.Fatal(err)
	}
	for c := range inSEPA {
		if lengths[c] == 0 {
			t.Errorf("%s: length unknown", c)
		}
	}
	if len(inSEPA) != 42 || len(lengths) != 42 {
		t.Errorf("%d countries, %d lengths", len(inSEPA), len(lengths))
	}
	// Examples of the registry of IBAN for the countries last come.
	for _, iban := range []string{"AL47212110090000000235698741", "ME25505000012345678951", "MD24AG000225100013104168", "MK07250120000058984", "RS35260005601001611379", "GI75NWBK000000007099453"} {
		if err := coop.CheckIBAN("iban", iban); err != nil {
			t.Errorf("%s: %v", iban, err)
		}
		if err := checkIBAN("iban", iban); err != nil {
			t.Errorf("%s: %v", iban, err)
		}
	}
}
