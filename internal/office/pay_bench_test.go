package office_test

import (
	"testing"
	"time"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// BenchmarkPayMonth runs the month of a thousand people: computed, issued with their entries, their PDFs filed.
func BenchmarkPayMonth(b *testing.B) {
	for b.Loop() {
		db := storetest.Open(b, store.Options{URL: storetest.SQLite(b)})
		p := pay(b, open(b, db), 1000)
		start := time.Now() //nolint:forbidigo // a measure of time
		p.compute(b)
		computed := time.Since(start)
		v := p.issue(b, p.officer)
		if v.Done != 1000 {
			b.Fatalf("%+v", v.Run)
		}
		b.ReportMetric(computed.Seconds(), "computed-s")
		b.ReportMetric(time.Since(start).Seconds(), "whole-s")
		start = time.Now() //nolint:forbidigo // a measure of time
		m, _ := p.rows(b)
		if m.Filed != 1000 {
			b.Fatalf("%d filed", m.Filed)
		}
		b.ReportMetric(time.Since(start).Seconds(), "page-s")
	}
}
