package office_test

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"essaim/access"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
	"essaim/member"
)

// TestMain lets this test binary be the program that is killed: see child.
func TestMain(m *testing.M) {
	if address := os.Getenv("ESSAIM_KILLED"); address != "" {
		if err := child(address); err != nil {
			tell(err)
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if raced { // what the command line says still wins
		if err := flag.Set("rapid.checks", "15"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	os.Exit(m.Run())
}

// child books entries from several clients until it is killed, and writes the id of each on its standard output once it
// is acknowledged. ESSAIM_CLIENTS says how many, ESSAIM_ENTRIES after how many it stops by itself (0: never).
func child(address string) error {
	if err := limited(); err != nil {
		return err
	}
	ctx := context.Background()
	db, err := store.Open(ctx, store.Options{URL: address, Now: func() time.Time { return storetest.Now }})
	if err != nil {
		return err
	}
	files, err := store.OpenFiles(os.Getenv("ESSAIM_FILES"))
	if err != nil {
		return err
	}
	o := office.New(db, files, office.Options{})
	a := access.Actor{Coop: 1, Person: storetest.Reader, Roles: []member.Role{member.Accountant}, Today: storetest.Today}
	clients, _ := strconv.Atoi(os.Getenv("ESSAIM_CLIENTS")) // set by the test
	most, _ := strconv.Atoi(os.Getenv("ESSAIM_ENTRIES"))
	var one sync.Mutex
	var wait sync.WaitGroup
	var failed error
	for c := range clients {
		wait.Go(func() {
			for k := 0; most == 0 || k < most; k++ {
				done, err := o.PostDrafts(ctx, a, []office.EntryDraft{sold(int64(c*1_000_000+k), "")}, "")
				one.Lock()
				if err != nil {
					failed = err
				} else {
					fmt.Fprintf(os.Stdout, "%d\n", done[0].ID)
				}
				stop := failed != nil
				one.Unlock()
				if stop {
					return
				}
			}
		})
	}
	wait.Wait()
	return failed
}

// program prepares the child on a store that holds a cooperative.
func program(t *testing.T, address string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append([]string{"ESSAIM_KILLED=" + address, "ESSAIM_FILES=" + t.TempDir()}, env...)...)
	return cmd
}

// TestKilled kills the program under load, again and again: nothing that was acknowledged is lost, and the books are
// right whatever was under way.
func TestKilled(t *testing.T) {
	rounds := map[string]int{"sqlite": 60, "postgres": 12}
	if raced {
		rounds = map[string]int{"sqlite": 8, "postgres": 4}
	}
	storetest.EachURL(t, func(t *testing.T, address string) {
		db, err := store.Open(t.Context(), store.Options{URL: address, Now: func() time.Time { return storetest.Now }, Pool: 4})
		must(t, err)
		storetest.Coop(t, db)
		must(t, db.Close())
		var last int64
		for round := range rounds[strings.TrimPrefix(filepath.Base(t.Name()), "TestKilled/")] {
			cmd := program(t, address, "ESSAIM_CLIENTS=8")
			out, err := cmd.StdoutPipe()
			must(t, err)
			var told bytes.Buffer
			cmd.Stderr = &told
			must(t, cmd.Start())
			// The kill comes after a number of answers that differs each time: before a commit, within one, after one.
			r := bufio.NewReader(out)
			for range 1 + round*7%41 {
				line, err := r.ReadString('\n')
				if err != nil {
					t.Fatalf("round %d: the program stopped by itself: %s", round, told.String())
				}
				last = max(last, number(t, line))
			}
			must(t, cmd.Process.Kill())
			rest, err := io.ReadAll(r) // answers already on their way count too
			must(t, err)
			for _, line := range strings.SplitAfter(string(rest), "\n") {
				if strings.HasSuffix(line, "\n") {
					last = max(last, number(t, line))
				}
			}
			_ = cmd.Wait() // killed, as asked
		}
		db, err = store.Open(t.Context(), store.Options{URL: address, Now: func() time.Time { return storetest.Now }, Pool: 4})
		must(t, err)
		t.Cleanup(func() { must(t, db.Close()) })
		storetest.Read(t, db, 1, func(tx *store.Tx) error {
			kept, err := tx.LastEntry()
			if kept < last {
				t.Errorf("entry %d was acknowledged, the chain ends at %d", last, kept)
			}
			return err
		})
		found, err := db.Verify(t.Context())
		must(t, err)
		for _, f := range found {
			t.Errorf("verify: %s %v", f.Key, f.Args)
		}
	})
}

func number(t *testing.T, line string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
	must(t, err)
	return n
}

// TestEachAnswerFollowsASync looks at the system calls of the program: between two answers to one client there is a sync
// of the write-ahead log, and the writer's synchronous is FULL.
func TestEachAnswerFollowsASync(t *testing.T) {
	tracer, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("this test needs strace: run scripts/test, which installs it")
	}
	address := storetest.SQLite(t)
	db := storetest.Open(t, store.Options{URL: address})
	storetest.Coop(t, db)
	must(t, db.Close())
	trace := filepath.Join(t.TempDir(), "trace")
	const entries = 25
	cmd := program(t, address, "ESSAIM_CLIENTS=1", "ESSAIM_ENTRIES="+strconv.Itoa(entries))
	cmd.Args = append([]string{tracer, "-f", "-qq", "-e", "trace=fsync,fdatasync,write", "-o", trace}, cmd.Path)
	cmd.Path = tracer
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	calls, err := os.ReadFile(trace)
	must(t, err)
	answers, synced := 0, false
	for line := range strings.Lines(string(calls)) {
		switch {
		case strings.Contains(line, "fsync(") || strings.Contains(line, "fdatasync(") || strings.Contains(line, "fdatasync resumed") || strings.Contains(line, "fsync resumed"):
			synced = true
		case strings.Contains(line, "write(1,"):
			answers++
			if !synced {
				t.Fatalf("answer %d was given without a sync since the one before", answers)
			}
			synced = false
		}
	}
	if answers != entries {
		t.Fatalf("%d answers seen of %d", answers, entries)
	}
}
