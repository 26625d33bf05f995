package auth

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"essaim/internal/store"
)

// Whatever the rhythm of an attacker who tries as soon as it is allowed, the tries of a day stay few.
func TestPace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom([]pace{paceLogin, paceAddress, paceAsking, paceMailbox, paceCeremony}).Draw(t, "pace")
		now := int64(1_000_000_000_000)
		var a store.Attempt
		windows := int64(0)
		for tries := int64(0); ; tries++ {
			if now >= 1_000_000_000_000+24*micros(time.Hour) {
				// Free tries once a window, and one each time the wait is over.
				if most := (windows+1)*(p.free+8) + int64(24*time.Hour/p.most); tries > most {
					t.Fatalf("%d tries in a day, at most %d expected", tries, most)
				}
				break
			}
			before := a
			a = p.fail(a, now)
			if a.Failures == 1 {
				windows++
			} else if a.Failures != before.Failures+1 || a.Since != before.Since {
				t.Fatalf("%+v after %+v", a, before)
			}
			wait := time.Duration(a.Until-now) * time.Microsecond
			switch {
			case a.Failures < p.free && a.Until > now:
				t.Fatalf("wait %v after %d failures", wait, a.Failures)
			case a.Failures >= p.free && (wait < p.first || wait > p.most):
				t.Fatalf("wait %v after %d failures", wait, a.Failures)
			}
			now = max(a.Until, now) + rapid.Int64Range(1, micros(time.Minute)).Draw(t, "pause")
		}
	})
}

func TestNetworks(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.10": "192.0.2.10", "::ffff:192.0.2.10": "192.0.2.10", "2001:db8:1:2:3::4": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "unix": "unix", "": "",
	} {
		if got := network(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
