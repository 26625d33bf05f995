package pdf

import "testing"

// An invoice takes about 4 ms of one core, most of them to compress: go test -run ^$ -bench . ./format/pdf
func BenchmarkDocument(b *testing.B) {
	for _, name := range []string{"facture", "facture-longue", "limites"} {
		b.Run(name, func(b *testing.B) {
			p := paper(b, name)
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				out, err := Document(p)
				if err != nil {
					b.Fatal(err)
				}
				size = len(out)
			}
			b.ReportMetric(float64(size)/1000, "kB")
		})
	}
}
