package store_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"essaim/fault"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// clock is a clock that a test sets.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// withClock runs a test on both engines with a clock of its own.
func withClock(t *testing.T, run func(t *testing.T, db *store.DB, c *clock)) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		c := &clock{now: storetest.Now}
		run(t, storetest.Open(t, store.Options{URL: url, Now: c.Now}), c)
	})
}

func TestJobs(t *testing.T) {
	withClock(t, func(t *testing.T, db *store.DB, c *clock) {
		coop, other := storetest.Coop(t, db), storetest.Coop(t, db)
		add := func(coop int64, kind string, in time.Duration) {
			storetest.Write(t, db, coop, func(tx *store.Tx) error {
				_, err := tx.AddJob(kind, map[string]int{"sale": 7}, c.Now().Add(in).UnixMicro())
				return err
			})
		}
		claim := func(kinds ...string) string {
			t.Helper()
			job, ok, err := db.ClaimJob(ctx, coop, time.Minute, kinds...)
			if err != nil {
				t.Fatal(err)
			}
			if ok && (job.Args != `{"sale":7}` || job.Attempt < 1) {
				t.Errorf("%+v", job)
			}
			return job.Kind
		}
		due := func() (all []int64) {
			t.Helper()
			all, err := db.CoopsWithJobs(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		equal(t, len(due()), 0)
		add(coop, "later", time.Hour)
		equal(t, len(due()), 0)
		equal(t, claim(), "")
		add(coop, "second", -time.Minute)
		add(coop, "first", -time.Hour)
		add(other, "elsewhere", 0)
		equal(t, due(), []int64{coop, other})
		equal(t, claim("second", "none"), "second")
		equal(t, claim(), "first")
		equal(t, claim(), "") // both are taken, and nothing of the other cooperative is
		equal(t, due(), []int64{other})
		if err := db.Write(ctx, coop, func(tx *store.Tx) error {
			_, err := tx.AddJob("lost", nil, 0)
			return errors.Join(err, errRefused)
		}); !errors.Is(err, errRefused) {
			t.Error(err)
		}
		equal(t, claim(), "")
		c.pass(time.Minute)
		equal(t, claim(), "first") // its holder died: the lease is over
		equal(t, claim(), "second")
		c.pass(time.Hour)
		equal(t, claim("later"), "later")
	})
}

func TestJobsThatFail(t *testing.T) {
	withClock(t, func(t *testing.T, db *store.DB, c *clock) {
		coop := storetest.Coop(t, db)
		storetest.Write(t, db, coop, func(tx *store.Tx) error { _, err := tx.AddJob("mail", nil, 0); return err })
		claim := func() (store.Job, bool) {
			t.Helper()
			job, ok, err := db.ClaimJob(ctx, coop, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			return job, ok
		}
		finish := func(job store.Job, failed error) {
			t.Helper()
			if err := db.FinishJob(ctx, coop, job, failed); err != nil {
				t.Fatal(err)
			}
		}
		state := func() string {
			row := dump(t, db)["job"][0]
			return row[strings.Index(row, " state=")+7 : strings.Index(row, " run_at=")]
		}
		long := errors.New(strings.Repeat("é", 5000))
		for i, wait := range []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 12 * time.Hour} {
			job, ok := claim()
			if !ok || job.Attempt != i+1 {
				t.Fatalf("attempt %d: %+v, %v", i+1, job, ok)
			}
			finish(job, long)
			equal(t, state(), "waiting")
			c.pass(wait - time.Microsecond)
			if _, ok := claim(); ok {
				t.Fatalf("tried again before %v", wait)
			}
			c.pass(time.Microsecond)
		}
		job, _ := claim()
		equal(t, job.Attempt, 6)
		finish(job, long)
		equal(t, state(), "failed")
		c.pass(1000 * time.Hour)
		if _, ok := claim(); ok {
			t.Error("tried again after the last attempt")
		}

		// Who lost the lease does not end the work of who has it.
		storetest.Write(t, db, coop, func(tx *store.Tx) error { _, err := tx.AddJob("mail", nil, 0); return err })
		lost, _ := claim()
		c.pass(time.Minute)
		held, ok := claim()
		if !ok || held.ID != lost.ID || held.Attempt != 2 {
			t.Fatalf("%+v, %v", held, ok)
		}
		finish(lost, nil)
		c.pass(time.Minute)
		again, ok := claim()
		if !ok || again.Attempt != 3 {
			t.Errorf("a late answer ended the job: %+v, %v", again, ok)
		}
		finish(again, nil)
		finish(again, long) // said twice
		c.pass(1000 * time.Hour)
		if job, ok := claim(); ok {
			t.Errorf("done and tried again: %+v", job)
		}
	})
}

// Eight workers share the jobs: each is done once.
func TestWorkersShareJobs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		const jobs = 40
		storetest.Write(t, db, coop, func(tx *store.Tx) error {
			for range jobs {
				if _, err := tx.AddJob("x", nil, 0); err != nil {
					return err
				}
			}
			return nil
		})
		var mu sync.Mutex
		done := map[int64]int{}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for {
					job, ok, err := db.ClaimJob(ctx, coop, time.Minute)
					if err != nil || !ok {
						if err != nil {
							t.Error(err)
						}
						return
					}
					mu.Lock()
					done[job.ID]++
					mu.Unlock()
					if err := db.FinishJob(ctx, coop, job, nil); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if len(done) != jobs {
			t.Errorf("%d jobs done", len(done))
		}
		for id, n := range done {
			if n != 1 {
				t.Errorf("job %d done %d times", id, n)
			}
		}
	})
}

func TestMailsFilesAndAudits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		coop := storetest.Coop(t, db)
		m := store.Mail{Sale: 5, Recipient: "a@b.example", Subject: "Facture", Word: "Bonjour", MessageID: "1.2@c"}
		storetest.Write(t, db, coop, func(tx *store.Tx) error { m.ID = 0; return tx.AddMail(&m) })
		equal(t, m.State, "queued")
		storetest.Write(t, db, coop, func(tx *store.Tx) error { return tx.SetMail(m.ID, "doubtful", "timeout") })
		m.State, m.Error = "doubtful", "timeout"
		storetest.Read(t, db, coop, func(tx *store.Tx) error {
			got, err := tx.MailByID(m.ID)
			equal(t, got, m)
			all, err2 := tx.Mails(5)
			equal(t, all, []store.Mail{m})
			none, err3 := tx.Mails(6)
			equal(t, len(none), 0)
			_, err4 := tx.MailByID(9)
			isFault(t, err4, fault.NotFound, "store.mail_unknown")
			return errors.Join(err, err2, err3)
		})
		isFault(t, db.Write(ctx, coop, func(tx *store.Tx) error { return tx.SetMail(9, "", "") }), fault.NotFound, "store.mail_unknown")

		sha := strings.Repeat("ab", 32)
		storetest.Write(t, db, coop, func(tx *store.Tx) error {
			return errors.Join(tx.AddFile(sha, "F-1.pdf", "application/pdf", 12), tx.AddFile(sha, "autre.pdf", "application/pdf", 12))
		})
		storetest.Read(t, db, coop, func(tx *store.Tx) error {
			f, err := tx.File(sha)
			equal(t, f, store.File{SHA256: sha, Name: "F-1.pdf", Media: "application/pdf", Size: 12, Created: storetest.Now.UnixMicro()})
			n := 0
			err2 := tx.EachFile(func(store.File) error { n++; return nil })
			equal(t, n, 1)
			_, err3 := tx.File("")
			isFault(t, err3, fault.NotFound, "store.file_unknown")
			return errors.Join(err, err2)
		})

		storetest.Write(t, db, coop, func(tx *store.Tx) error {
			return errors.Join(tx.Audit(1, "sale.submit", "invoice:1", map[string]int{"n": 1}), tx.Audit(2, "sale.validate", "invoice:1", nil), tx.Audit(2, "salesman", "invoice:2", nil), tx.Audit(0, "month.close", "2026", nil))
		})
		for _, c := range []struct {
			f    store.AuditFilter
			want []int64
		}{
			{store.AuditFilter{}, []int64{4, 3, 2, 1}}, {store.AuditFilter{Limit: 2}, []int64{4, 3}}, {store.AuditFilter{Before: 3}, []int64{2, 1}}, {store.AuditFilter{By: 2}, []int64{3, 2}},
			{store.AuditFilter{Subject: "invoice:1"}, []int64{2, 1}}, {store.AuditFilter{Action: "sale."}, []int64{2, 1}}, {store.AuditFilter{Action: "sale.submit"}, []int64{1}},
		} {
			storetest.Read(t, db, coop, func(tx *store.Tx) error {
				all, err := tx.Audits(c.f)
				var ids []int64
				for _, a := range all {
					ids = append(ids, a.ID)
				}
				equal(t, ids, c.want)
				if len(all) > 0 && all[len(all)-1].ID == 1 {
					equal(t, all[len(all)-1], store.AuditRow{ID: 1, At: storetest.Now.UnixMicro(), By: 1, Action: "sale.submit", Subject: "invoice:1", Detail: `{"n":1}`})
				}
				return err
			})
		}
	})
}
