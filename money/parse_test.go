package money

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAmountsAsPeopleTypeThem(t *testing.T) {
	for text, want := range map[string]Cents{
		"1234,5": 1234_50, "1234,56": 1234_56, "1234.56": 1234_56, "1234": 1234_00, ",5": 50, "5,": 5_00, "0": 0, "-0": 0,
		"1 234,56 €": 1234_56, "1\u202f234,56\u00a0€": 1234_56, "1\u2009234,56": 1234_56, "1'234.56": 1234_56, "1’234,56": 1234_56,
		"€1,234.56": 1234_56, "\u2212€1,234.56": -1234_56, "€-3": -3_00, "1.234,56": 1234_56, "1,234,567.89": 1234567_89,
		"1.234.567,8": 1234567_80, "-12.30": -12_30, "− 12,30": -12_30, "+7": 7_00, "  8,00  ": 8_00, "0,01": 1, "007": 7_00,
		"10000000000": Max, "-10000000000": -Max,
	} {
		if got, err := ParseCents(text); err != nil || got != want {
			t.Errorf("ParseCents(%q) = %s, %v; want %s", text, got, err, want)
		}
	}
}

func TestWhatIsNoAmountIsRefused(t *testing.T) {
	for text, want := range map[string]error{
		"": ErrSyntax, " ": ErrSyntax, "€": ErrSyntax, "-": ErrSyntax, ",": ErrSyntax, "douze": ErrSyntax, "1e5": ErrSyntax, "0x10": ErrSyntax,
		"NaN": ErrSyntax, "12 $": ErrSyntax, "1-2": ErrSyntax, "--1": ErrSyntax, "+-1": ErrSyntax, "1,2,3": ErrSyntax, "1,23,456.7": ErrSyntax,
		"12,345": ErrSyntax, "1.200": ErrSyntax, "1,200": ErrSyntax, // twelve hundred, or one and a fifth?
		"1.234.56": ErrSyntax, "1,234,56": ErrSyntax, ".,5": ErrSyntax, "١٢": ErrSyntax, "12€50": ErrSyntax,
		strings.Repeat("1", 65): ErrSyntax, "10000000000,01": ErrRange, "-10000000000,01": ErrRange, strings.Repeat("9", 60): ErrRange,
	} {
		if got, err := ParseCents(text); !errors.Is(err, want) || got != 0 {
			t.Errorf("ParseCents(%q) = %s, %v; want %v", text, got, err, want)
		}
	}
}

func TestQuantitiesPricesAndRates(t *testing.T) {
	for text, want := range map[string]Micro{"0,335": 335_000, "3": 3 * Unit, "-1,5": -1_500_000, "0.000001": 1, "1 000": 1000 * Unit, "1000000000": MaxMicro} {
		if got, err := ParseMicro(text); err != nil || got != want {
			t.Errorf("ParseMicro(%q) = %s, %v; want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]Rate{"5,5": 55_000, "20 %": 20 * Percent, "20\u00a0%": 20 * Percent, "2.1%": 21_000, "0": 0, "1000": 10 * One} {
		if got, err := ParseRate(text); err != nil || got != want {
			t.Errorf("ParseRate(%q) = %s, %v; want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]error{"0,0000001": ErrSyntax, "1000000000,1": ErrRange, "9000000000000": ErrRange, "x": ErrSyntax} {
		if got, err := ParseMicro(text); !errors.Is(err, want) || got != 0 {
			t.Errorf("ParseMicro(%q) = %s, %v; want %v", text, got, err, want)
		}
	}
	for text, want := range map[string]error{"-1": ErrRange, "1000,1": ErrRange, "5,55555": ErrSyntax, "%": ErrSyntax} {
		if got, err := ParseRate(text); !errors.Is(err, want) || got != 0 {
			t.Errorf("ParseRate(%q) = %s, %v; want %v", text, got, err, want)
		}
	}
}

// What the program writes for machines, it reads.
func TestWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Cents(rapid.Int64Range(-int64(Max), int64(Max)).Draw(t, "cents"))
		if got, err := ParseCents(c.String()); err != nil || got != c {
			t.Fatalf("%s is read as %s, %v", c, got, err)
		}
		m := Micro(rapid.Int64Range(-int64(MaxMicro), int64(MaxMicro)).Draw(t, "micro"))
		if got, err := ParseMicro(m.String()); err != nil || got != m {
			t.Fatalf("%s is read as %s, %v", m, got, err)
		}
		r := Rate(rapid.Int64Range(0, int64(10*One)).Draw(t, "rate"))
		if got, err := ParseRate(r.String()); err != nil || got != r {
			t.Fatalf("%s is read as %s, %v", r, got, err)
		}
	})
}

func FuzzParseCents(f *testing.F) {
	for _, text := range []string{"1 234,56 €", "-12.30", "€1,234.56", "1.200", "\u2212,5", "9999999999999999999", "1,,2", "١"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCents(text)
		if err != nil {
			if c != 0 || !errors.Is(err, ErrSyntax) && !errors.Is(err, ErrRange) {
				t.Errorf("ParseCents(%q) = %s, %v", text, c, err)
			}
			return
		}
		if c.Abs() > Max {
			t.Errorf("ParseCents(%q) = %s, out of range", text, c)
		}
		if again, err := ParseCents(c.String()); err != nil || again != c {
			t.Errorf("ParseCents(%q) = %s, which is read as %s, %v", text, c, again, err)
		}
		if m, err := ParseMicro(text); !errors.Is(err, ErrRange) && (err != nil || m != c.Micro()) {
			t.Errorf("%q is the amount %s and the quantity %s, %v", text, c, m, err)
		}
	})
}
