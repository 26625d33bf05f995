package bench

import (
	"math"
	"strconv"
	"strings"
	"time"
)

func (b *bench) decimal(v float64, digits int) string {
	text := strconv.FormatFloat(v, 'f', digits, 64)
	if b.Print.Lang() == "fr" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

func (b *bench) count(v float64) string        { return b.Print.Int(int64(math.Round(v))) }
func (b *bench) millis(d time.Duration) string { return b.decimal(float64(d)/1e6, 2) }
func (b *bench) micros(d time.Duration) string { return b.Print.Int(d.Microseconds()) }
func mib(bytes int64) int64                    { return bytes >> 20 }
func gib(bytes int64) int64                    { return (bytes + 1<<29) >> 30 }
