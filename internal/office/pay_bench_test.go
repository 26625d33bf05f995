package office_test

import (
	"testing"
	"time"

	"essaim/internal/office"
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
		start = time.Now() //nolint:forbidigo // a measure of time
		_, err := p.PayMonth(b.Context(), p.officer, p.month, func(v *office.PayMonthView) []*office.PayRow { return few(v, 100) })
		must(b, err)
		b.ReportMetric(time.Since(start).Seconds(), "drafts-page-s")
		start = time.Now() //nolint:forbidigo // a measure of time
		v := p.issue(b, p.officer)
		if v.Done != 1000 {
			b.Fatalf("%+v", v.Run)
		}
		b.ReportMetric(computed.Seconds(), "computed-s")
		b.ReportMetric(computed.Seconds()+time.Since(start).Seconds(), "whole-s")
		start = time.Now() //nolint:forbidigo // a measure of time
		m, err := p.PayMonth(b.Context(), p.officer, p.month, func(v *office.PayMonthView) []*office.PayRow { return few(v, 100) })
		must(b, err)
		if m.Filed != 1000 {
			b.Fatalf("%d filed", m.Filed)
		}
		b.ReportMetric(time.Since(start).Seconds(), "page-s")
	}
}

// few are the first rows of a month, as a page shows them.
func few(v *office.PayMonthView, n int) (some []*office.PayRow) {
	for i := range min(n, len(v.Rows)) {
		some = append(some, &v.Rows[i])
	}
	return some
}
