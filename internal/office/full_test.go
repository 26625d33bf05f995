package office_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"essaim/fault"
	"essaim/internal/office"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// TestFullDisk fills the disk as the engine's page limit simulates it: the entry that does not fit is refused in words,
// the books are as they were, and everything works again once there is room.
func TestFullDisk(t *testing.T) {
	address := storetest.SQLite(t)
	db := storetest.Open(t, store.Options{URL: address})
	h := open(t, db)
	must(t, db.Close())
	small, err := store.Open(t.Context(), store.Options{URL: address, MaxPages: 220, Now: func() time.Time { return storetest.Now }})
	must(t, err)
	files, err := store.OpenFiles(t.TempDir())
	must(t, err)
	defer func() { must(t, files.Close()) }()
	o := office.New(small, files, office.Options{})
	booked := 0
	for ; booked < 100_000; booked++ {
		if _, err = o.PostDrafts(t.Context(), h.accountant, []office.EntryDraft{sold(int64(booked), "")}, ""); err != nil {
			break
		}
	}
	full(t, err)
	before := found(t, small, booked)
	if _, err = o.PostDrafts(t.Context(), h.accountant, []office.EntryDraft{sold(0, "")}, ""); err == nil {
		t.Fatal("an entry fits a full disk")
	}
	full(t, err)
	if after := found(t, small, booked); after != before {
		t.Fatalf("the chain ended at %d, now at %d", before, after)
	}
	must(t, small.Close())
	again, err := store.Open(t.Context(), store.Options{URL: address, Now: func() time.Time { return storetest.Now }})
	must(t, err)
	_, err = office.New(again, files, office.Options{}).PostDrafts(t.Context(), h.accountant, []office.EntryDraft{sold(1, "")}, "")
	must(t, err)
	found(t, again, booked+1)
	must(t, again.Close())
}

func full(t *testing.T, err error) {
	t.Helper()
	all := fault.All(err)
	if len(all) != 1 || all[0].Kind != fault.Busy || all[0].Key != "store.full" {
		t.Fatalf("a full disk is told as %v", err)
	}
}

// found verifies the books and returns where the chain ends.
func found(t *testing.T, db *store.DB, atLeast int) int64 {
	t.Helper()
	findings, err := db.Verify(context.Background())
	must(t, err)
	for _, f := range findings {
		t.Errorf("verify: %s %v", f.Key, f.Args)
	}
	var last int64
	storetest.Read(t, db, 1, func(tx *store.Tx) (err error) {
		last, err = tx.LastEntry()
		return err
	})
	if last < int64(atLeast) {
		t.Errorf("%d entries were acknowledged, the chain ends at %d", atLeast, last)
	}
	return last
}

// TestFileSizeLimit does the same with a limit of the system on the size of files, in a process of its own.
func TestFileSizeLimit(t *testing.T) {
	address := storetest.SQLite(t)
	db := storetest.Open(t, store.Options{URL: address})
	storetest.Coop(t, db)
	must(t, db.Close())
	info, err := os.Stat(strings.TrimPrefix(address, "sqlite:"))
	must(t, err)
	cmd := program(t, address, "ESSAIM_CLIENTS=1", "ESSAIM_FSIZE="+strconv.FormatInt(info.Size()+600_000, 10))
	out, err := cmd.Output()
	if err == nil {
		t.Fatal("the program went on beyond the limit")
	}
	lines := strings.Fields(string(out))
	if len(lines) < 10 {
		t.Fatalf("%d answers before the limit", len(lines))
	}
	if last := lines[len(lines)-1]; last != "store.full" {
		t.Fatalf("the limit is told as %q", last)
	}
	db = storetest.Open(t, store.Options{URL: address})
	found(t, db, int(number(t, lines[len(lines)-2])))
}

// limited sets the limit in the child, before anything is opened.
func limited() error {
	text := os.Getenv("ESSAIM_FSIZE")
	if text == "" {
		return nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return err
	}
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n})
}

// tell writes the key of a refusal on the child's standard output.
func tell(err error) {
	for _, e := range fault.All(err) {
		fmt.Println(e.Key)
	}
}
