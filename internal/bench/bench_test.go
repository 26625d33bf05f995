package bench

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"essaim/fault"
	"essaim/format/fec"
	"essaim/i18n"
)

func TestOnePartThatIsNone(t *testing.T) {
	var out strings.Builder
	err := Run(t.Context(), &out, Options{Only: []string{"nothing"}, Print: i18n.For("en")})
	if fault.KindOf(err) != fault.Invalid || out.Len() > 0 {
		t.Fatalf("%v, written %q", err, out.String())
	}
}

func TestRatioIsThatOfPairs(t *testing.T) {
	rates := func(all ...float64) (m []measured) {
		for _, r := range all {
			m = append(m, measured{rate: r})
		}
		return m
	}
	// A neighbour halves the last pair: the ratio of each pair stays.
	if got := ratio(rates(500, 510, 240), rates(1000, 1000, 500)); got != 0.5 {
		t.Errorf("ratio %v", got)
	}
	if m := median(rates(3, 1, 2)); m.rate != 2 {
		t.Errorf("median %v", m.rate)
	}
}

// What is summed for the comparison is a FEC that the program itself finds nothing to say against, and both files hold the
// same entries.
func TestGeneratedYearIsSound(t *testing.T) {
	file, journal, lines, err := books(t.TempDir(), 3)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	s, err := fec.Check(f, fec.Options{Name: filepath.Base(file)}, func(found fec.Finding) { t.Errorf("%+v", found) })
	if err != nil || s.Lines != lines {
		t.Fatalf("%d lines of %d: %v", s.Lines, lines, err)
	}
	b, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(b), " EUR\n"); n != lines {
		t.Errorf("the journal has %d lines, the FEC %d", n, lines)
	}
}

// The floor numbers without a gap, refuses what does not balance, and is asked as the program is.
func TestFloor(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Floor(ctx, addr, filepath.Join(t.TempDir(), "floor.db")) }()
	for {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			_ = c.Close() // it listens
			break
		}
	}
	f := fixture{sections: []string{"001", "002"}, thirds: []string{"C1", "C2"}}
	for name, a := range map[string]struct {
		ask   ask
		units int
	}{"entry": {f.entry("http://"+addr+"/entry", "a", false), 1}, "bulk": {f.bulk("http://"+addr+"/bulk", "b"), bulkSize}} {
		m, err := run(ctx, target{ask: a.ask, units: a.units, pid: os.Getpid()}, 4, 50*time.Millisecond)
		if err != nil || m.rate <= 0 || m.p99 < m.p50 {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
	wrong := func(int, int) (string, []byte, string) {
		return "http://" + addr + "/entry", []byte(`{"date":"2026-11-22","ref":"x","lines":[{"account":"467","debit":1}]}`), ""
	}
	if _, err := run(ctx, target{ask: wrong, units: 1}, 1, time.Millisecond); err == nil || !strings.Contains(err.Error(), "422") {
		t.Errorf("an entry that does not balance: %v", err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
