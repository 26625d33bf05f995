package sale

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"essaim/format/sheet"
	"essaim/i18n"
	"essaim/money"
)

// A file that says nothing of nature and VAT is told what was taken, and not that something unknown stood there.
func TestCatalogueWithoutNature(t *testing.T) {
	f := facts()
	_, told, err := ReadCatalogue([][]string{{"Désignation", "Prix"}, {"Bol", "12,50"}}, f)
	if err != nil || len(told) != 1 || len(told[0].Refused) != 0 {
		t.Fatalf("%+v %v", told, err)
	}
	var keys []string
	for _, m := range told[0].Mended {
		keys = append(keys, m.Key)
	}
	if !slices.Contains(keys, "sheet.nature_none") || slices.Contains(keys, "sheet.nature") || slices.Contains(keys, "sheet.tax") {
		t.Errorf("told %q", keys)
	}
}

// Exported and imported again, a catalogue is the same: products, groups, both modes.
func TestCatalogueRoundTrip(t *testing.T) {
	all := []Product{
		{Label: "Bol; grand, dit « =1+1 »", Reference: "B-1", Lines: []Line{line("Bol; grand, dit « =1+1 »\nsur deux lignes \"guillemets\"", "made", "G20", "1", "12.5")}},
		{Label: "-Remise", Gross: true, Lines: []Line{line("-Remise", "service", "S20", "1", "5")}},
		{Label: "Mariage", Reference: "M", Gross: true, Lines: []Line{line("Service de table", "made", "G20", "24", "31"), line("Livraison", "service", "S20", "1", "60.125")}},
	}
	rows, err := sheet.Read(sheet.Write(CatalogueRows(all)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		for j := range rows[i] {
			rows[i][j] = sheet.Plain(rows[i][j])
		}
	}
	got, told, err := ReadCatalogue(rows, facts())
	if err != nil || !reflect.DeepEqual(got, all) {
		t.Errorf("%+v\n%+v\n%v", got, all, err)
	}
	for _, r := range told {
		if len(r.Mended)+len(r.Refused) != 0 {
			t.Errorf("%+v", r)
		}
	}
}

// Each row is kept, mended or refused in words.
func TestReadCatalogueTellsEachRow(t *testing.T) {
	rows, err := sheet.Read([]byte("Ref,Label,Nature,VAT,Price,Group\nA,Bol,made,20,\"12,50\",\nB,Stage,,20 %,90,\nC,Sans prix,made,20,cher,\nA,Encore,made,20,3,\n,Une,made,20,1,Lot\n,Deux,made,20,x,Lot\n,,made,20,5,\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, told, err := ReadCatalogue(rows, facts())
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for _, p := range got {
		kept = append(kept, p.Label)
	}
	if strings.Join(kept, ",") != "Bol,Stage" || got[0].Lines[0].Price != money.Cents(12_50).Micro() || got[0].Lines[0].Tax != "G20" {
		t.Errorf("%q %+v", kept, got)
	}
	for n, want := range []string{"", "mended", "refused", "refused", "", "refused", "refused"} {
		is := ""
		switch r := told[n]; {
		case len(r.Refused) > 0:
			is = "refused"
		case len(r.Mended) > 0:
			is = "mended"
		}
		if is != want {
			t.Errorf("row %d is %q, want %q: %+v", n+2, is, want, told[n])
		}
		for _, e := range told[n].Refused {
			if !i18n.For("fr").Has(e.Key) {
				t.Errorf("no words for %s", e.Key)
			}
		}
	}
	if _, _, err := ReadCatalogue([][]string{{"x", "y"}}, facts()); err == nil {
		t.Error("a file without heads is read")
	}
}
