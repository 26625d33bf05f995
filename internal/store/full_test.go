package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"essaim/fault"
	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// A full disk, simulated by the engine's page limit: whoever is refused is told so, whoever was answered has their entry,
// and the books stay clean, also when the server is started again with room on the disk.
func TestFullDisk(t *testing.T) {
	url := storetest.SQLite(t)
	db := storetest.Open(t, store.Options{URL: url})
	coop := storetest.Coop(t, db)
	_, third := customer(t, db, coop, storetest.First, "Durand")
	var pages int64
	if err := db.Owner().QueryRowContext(ctx, `PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	full, err := store.Open(ctx, store.Options{URL: url, MaxPages: pages + 20, Now: func() time.Time { return storetest.Now }})
	if err != nil {
		t.Fatal(err)
	}
	label := strings.Repeat("é", 200)
	var mu sync.Mutex
	accepted := map[string]bool{}
	refused := 0
	post := func(name string) error {
		// Half of them write directly too, so that the limit is met under a savepoint as well.
		err := full.Write(ctx, coop, func(tx *store.Tx) error {
			if strings.HasSuffix(name, "1") {
				if err := tx.AddFile(fmt.Sprintf("%064s", name), strings.Repeat("x", 2000), "", 0); err != nil {
					return err
				}
			}
			e := invoice(storetest.First, third, "2026-11-20", label)
			e.Ref = name
			return tx.Post(e)
		})
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			accepted[name] = true
			return nil
		}
		if fault.KindOf(err) != fault.Busy || !store.IsFault(err, "store.full") {
			t.Errorf("%s: %v", name, err)
		}
		refused++
		return err
	}
	var wg sync.WaitGroup
	for c := range 4 {
		wg.Go(func() {
			for i := range 100 {
				_ = post(fmt.Sprint(c, "-", i)) // told above
			}
		})
	}
	wg.Wait()
	if len(accepted) == 0 || refused == 0 {
		t.Fatalf("%d accepted, %d refused", len(accepted), refused)
	}
	before := dump(t, full)
	for i := range 3 {
		if post(fmt.Sprint("full", i)) == nil {
			t.Error("there was room after all")
		}
	}
	same(t, dump(t, full), before)
	clean(t, full)
	if err := full.Close(); err != nil {
		t.Fatal(err)
	}

	again := storetest.Open(t, store.Options{URL: url})
	clean(t, again)
	storetest.Read(t, again, coop, func(tx *store.Tx) error {
		all, err := tx.Entries(store.JournalFilter{Year: storetest.Year2026, From: 1, To: storetest.Today, Limit: 1000})
		for _, e := range all {
			if !accepted[e.Ref] {
				t.Errorf("%s was refused and stands in the books", e.Ref)
			}
			delete(accepted, e.Ref)
		}
		return err
	})
	for ref := range accepted {
		t.Errorf("%s was accepted and is not in the books", ref)
	}
	storetest.Write(t, again, coop, func(tx *store.Tx) error {
		return tx.Post(invoice(storetest.First, third, "2026-11-20", "room again"))
	})
	clean(t, again)
}

// Files are found by what they hold, never overwritten, and told when the disk has changed them.
func TestFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "files")
	f, err := store.OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	sha, err := f.Put([]byte("une facture"))
	if err != nil || len(sha) != 64 {
		t.Fatal(sha, err)
	}
	name := filepath.Join(dir, sha[:2], sha[2:4], sha)
	was, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, text := range []string{"une facture", "une autre", ""} {
				if _, err := f.Put([]byte(text)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if is, err := os.Stat(name); err != nil || !os.SameFile(was, is) {
		t.Errorf("the file was written again: %v", err)
	}
	if b, err := f.Get(sha); err != nil || string(b) != "une facture" || !f.Has(sha) {
		t.Errorf("%q, %v", b, err)
	}
	kept := 0
	if err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			kept++
		}
		return err
	}); err != nil || kept != 3 {
		t.Errorf("%d files, %v", kept, err)
	}
	for _, bad := range []string{"", "../../../etc/passwd", strings.Repeat("0", 64), sha[:63], sha + "0", strings.Repeat("z", 64)} {
		if _, err := f.Get(bad); fault.KindOf(err) != fault.NotFound || f.Has(bad) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if err := os.WriteFile(name, []byte("une FACTURE"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Get(sha); err == nil || fault.KindOf(err) != fault.Internal {
		t.Errorf("a damaged file is served: %v", err)
	}
	// Put repairs it: what stands there is not that content.
	if _, err := f.Put([]byte("une facture")); err != nil {
		t.Error(err)
	}
	if b, err := f.Get(sha); err != nil || string(b) != "une facture" {
		t.Errorf("%q, %v", b, err)
	}
}

// A file that cannot be written leaves nothing behind and is told as a full disk.
func TestFileThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	f, err := store.OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	sha, err := f.Put([]byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, sha[:2], sha[2:4], sha)); err != nil {
		t.Fatal(err)
	}
	// A directory stands where the file would go: the renaming fails.
	if err := os.Mkdir(filepath.Join(dir, sha[:2], sha[2:4], sha), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Put([]byte("x")); fault.KindOf(err) != fault.Busy || !store.IsFault(err, "store.full") {
		t.Error(err)
	}
	left, err := os.ReadDir(filepath.Join(dir, sha[:2], sha[2:4]))
	if err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
}
