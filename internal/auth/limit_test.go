package auth

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"essaim/fault"
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

// Failures close, successes never do: what the package says of it, as events one after the other.
func TestFailuresCloseAndSuccessesDoNot(t *testing.T) {
	const (
		office   = home // one address for the whole cooperative
		away     = "198.51.100.7"
		password = "password" // the right one
		wrong    = "wrong password"
		failure  = "wrong password, not compared" // for what repeats: comparing takes most of the time
		code     = "code"                         // the right one, after the right password
		badCode  = "wrong code"
		in       = ""
		halfway  = "code asked"
		no       = "auth.wrong"
		noCode   = "auth.code_wrong"
		waits    = "auth.too_many"
		jean     = "jean@trame.example"
		lea      = "lea@trame.example" // has a second factor
		stranger = "%d@elsewhere.example"
	)
	type event struct {
		after time.Duration // the event before
		times int
		where string
		who   string
		does  string
		want  string
	}
	for name, events := range map[string][]event{
		"many failures at an address, then everyone comes in": {
			{0, 19, office, stranger, failure, no},
			{time.Second, 1, office, "last@elsewhere.example", wrong, no}, // the twentieth: 30 s
			{time.Second, 1, office, ada, password, waits},
			{30 * time.Second, 1, office, ada, password, in},
			{0, 3, office, jean, password, in},
			{8 * time.Second, 3, office, ada, password, in},
		},
		"a further failure closes again, for longer": {
			{0, 20, office, stranger, failure, no},
			{30 * time.Second, 3, office, ada, password, in},
			{0, 1, office, "again@elsewhere.example", wrong, no}, // the twenty-first: a minute
			{59 * time.Second, 1, office, ada, password, waits},
			{0, 1, away, ada, password, in},
			{time.Second, 3, office, ada, password, in},
			{0, 1, office, "more@elsewhere.example", wrong, no}, // two minutes
			{2*time.Minute - time.Second, 1, office, jean, password, waits},
			{time.Second, 3, office, jean, password, in},
		},
		"an account of one's own forgets nothing of the address": {
			{0, 10, office, stranger, failure, no},
			{0, 3, office, jean, password, in},
			{0, 9, office, "other" + stranger, failure, no},
			{0, 3, office, jean, password, in},
			{0, 1, office, "last@elsewhere.example", wrong, no},
			{0, 1, office, jean, password, waits},
		},
		"an hour after the first, those of an address are forgotten": {
			{0, 20, office, stranger, failure, no},
			{time.Hour, 19, office, "other" + stranger, failure, no},
			{0, 1, office, ada, password, in},
		},
		"a success forgets the failures of its login": {
			{0, 4, away, ada, wrong, no},
			{0, 1, office, ada, password, in},
			{0, 4, away, ada, wrong, no},
			{0, 1, office, ada, password, in},
			{0, 5, away, ada, wrong, no},
			{0, 1, office, ada, password, waits},
			{30 * time.Second, 3, office, ada, password, in},
			{0, 4, away, ada, wrong, no},
			{0, 1, office, ada, password, in},
		},
		"the right password alone does not, and closes nothing": {
			{0, 5, away, lea, wrong, no},
			{29 * time.Second, 1, office, lea, password, waits},
			{time.Second, 3, office, lea, password, halfway}, // and again, for the code was mislaid
			{0, 1, office, lea, badCode, noCode},
			{0, 1, office, lea, code, waits}, // the sixth failure: a minute
			{time.Minute, 1, office, lea, password, halfway},
			{0, 1, office, lea, code, in},
			{0, 4, away, lea, wrong, no},
			{0, 1, office, lea, password, halfway},
			{0, 1, office, lea, badCode, noCode},
			{0, 1, office, lea, code, waits},
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				for _, who := range []string{ada, jean, lea} {
					h.person(who, phrase)
				}
				b := h.browser(firefox)
				_, err := b.signIn(lea, phrase)
				h.must(err)
				secret, _ := b.protect()
				browsers := map[string]*browser{}
				for i, e := range events {
					for n := range e.times {
						h.later(e.after)
						who := e.who
						if strings.Contains(who, "%d") { // someone else each time
							who = fmt.Sprintf(who, n)
						}
						b := browsers[e.where+who]
						if b == nil {
							b = h.browser(firefox)
							b.address = e.where
							browsers[e.where+who] = b
						}
						got := in
						var result Result
						var err error
						switch e.does {
						case password:
							result, err = b.signIn(who, phrase)
						case failure:
							err = b.do(func(ctx context.Context) error {
								t, err := h.reserve(ctx, h.subjects(ctx, who)...)
								if err == nil {
									t.end()
									err = errWrong()
								}
								return err
							})
						case wrong:
							_, err = b.signIn(who, other)
						case code:
							err = b.second(h.code(secret, 0))
						case badCode:
							err = b.second("000000")
						}
						switch {
						case err != nil:
							got = fault.All(err)[0].Key
						case result.NeedsTOTP:
							got = halfway
						}
						if got != e.want {
							t.Fatalf("event %d (%s, %s, %s), %d: %q, want %q", i, e.where, who, e.does, n, got, e.want)
						}
					}
				}
			})
		})
	}
}

// Whoever comes while the only try that closes the address is under way waits for it, and is not refused for its success.
func TestATryUnderWayIsWaitedFor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		address := h.subject(paceAddress, "address", home)
		for range paceAddress.free {
			failed, err := h.reserve(t.Context(), address)
			h.must(err)
			failed.end()
		}
		h.later(paceAddress.first)
		for _, right := range []bool{true, false} {
			first, err := h.reserve(t.Context(), address)
			h.must(err)
			asked, answer := h.db.Statements(), make(chan error, 1)
			go func() {
				second, err := h.reserve(t.Context(), address)
				if err == nil {
					second.end()
				}
				answer <- err
			}()
			for turns := 0; turns < 10_000 || h.db.Statements() == asked; turns++ { // it has looked, and time to answer
				runtime.Gosched()
			}
			select {
			case err := <-answer:
				t.Fatalf("the second did not wait: %v", err)
			default:
			}
			if right {
				h.must(first.pardon(t.Context(), false))
			}
			first.end()
			if err := <-answer; right && err != nil || !right && fault.KindOf(err) != fault.Busy {
				t.Errorf("right %v: %v", right, err)
			}
			h.later(paceAddress.most)
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
