package store_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// The file holds hashes of passwords, secrets of second factors and what people are paid: nobody else of the machine reads
// it, whatever the rights new files are given, and whatever those of a file that is there already.
func TestTheFileIsItsOwnersAlone(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	url := storetest.BareSQLite(t)
	path := strings.TrimPrefix(url, "sqlite:")
	dir := filepath.Join(t.TempDir(), "essaim-files")
	look := func(when string) {
		t.Helper()
		for _, name := range []string{path, path + "-wal", path + "-shm", dir} {
			i, err := os.Stat(name)
			if err != nil {
				t.Fatal(when, err)
			}
			if p := i.Mode().Perm(); p&0o077 != 0 || p&0o600 != 0o600 {
				t.Errorf("%s: %s has the rights %o", when, filepath.Base(name), p)
			}
		}
	}
	open := func(when string) {
		t.Helper()
		db, err := store.Open(t.Context(), store.Options{URL: url})
		if err != nil {
			t.Fatal(when, err)
		}
		storetest.Write(t, db, 0, func(tx *store.Tx) error { _, err := tx.Secret("x", 32); return err })
		files, err := store.OpenFiles(dir)
		if err != nil {
			t.Fatal(when, err)
		}
		look(when)
		if err := files.Close(); err != nil {
			t.Fatal(when, err)
		}
		if when == "while another program has it open" {
			t.Cleanup(func() { _ = db.Close() })
			return
		}
		if err := db.Close(); err != nil {
			t.Fatal(when, err)
		}
	}
	open("new")
	for name, mode := range map[string]fs.FileMode{path: 0o664, dir: 0o755} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	open("copied, with wider rights")
	open("while another program has it open")
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		if err := os.Chmod(name, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	open("with what lies beside it")
}
