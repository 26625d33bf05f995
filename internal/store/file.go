package store

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"essaim/fault"
)

// Files keeps documents on disk under the SHA-256 of their content: "ab/cd/abcd…". A file is written and synced, and its
// directory too, before the row that names it; it is never overwritten, unless the disk has changed it and the same content
// comes again. What a crash leaves between the two is a file that no row names, which harms nobody.
type Files struct{ root *os.Root }

// OpenFiles opens the directory of files and makes it when it is missing.
func OpenFiles(dir string) (*Files, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("directory of files: %w", err)
	}
	if err := narrow(dir); err != nil { // one that was copied, for instance
		return nil, fmt.Errorf("directory of files: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("directory of files: %w", err)
	}
	return &Files{root}, nil
}

// Close lets the directory go.
func (f *Files) Close() error { return f.root.Close() }

func place(sha string) (dir, name string, err error) {
	if b, err := hex.DecodeString(sha); err != nil || len(b) != sha256.Size {
		return "", "", fault.New(fault.NotFound, "store.file_unknown")
	}
	return sha[:2] + "/" + sha[2:4], sha, nil
}

// Put keeps a content and returns its SHA-256 in hexadecimal. It returns when the content is on disk for good.
func (f *Files) Put(b []byte) (sha string, err error) {
	sum := sha256.Sum256(b)
	sha = hex.EncodeToString(sum[:])
	dir, name, err := place(sha)
	if err != nil {
		return "", err
	}
	if old, err := f.root.ReadFile(path.Join(dir, name)); err == nil && bytes.Equal(old, b) {
		return sha, nil
	}
	if err := f.write(dir, name, b); err != nil {
		// The usual reason is a full disk; whatever it is, nothing names the file and the person can try again.
		return "", fault.New(fault.Busy, "store.full").Wrap(fmt.Errorf("file %s: %w", sha, err))
	}
	return sha, nil
}

func (f *Files) write(dir, name string, b []byte) (err error) {
	if err := f.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp := path.Join(dir, "."+rand.Text())
	w, err := f.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	if err == nil {
		err = w.Sync()
	}
	if err = errors.Join(err, w.Close()); err == nil {
		err = f.root.Rename(temp, path.Join(dir, name))
	}
	if err != nil {
		return errors.Join(err, f.root.Remove(temp))
	}
	for _, d := range []string{dir, path.Dir(dir), "."} { // the names themselves must survive a crash
		if err := f.syncDir(d); err != nil {
			return err
		}
	}
	return nil
}

func (f *Files) syncDir(name string) error {
	d, err := f.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Get returns a content. It is compared with its SHA-256: a file damaged on disk is told, not served.
func (f *Files) Get(sha string) ([]byte, error) {
	dir, name, err := place(sha)
	if err != nil {
		return nil, err
	}
	b, err := f.root.ReadFile(path.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "store.file_unknown").Wrap(err)
	}
	if err != nil {
		return nil, fmt.Errorf("file %s: %w", sha, err)
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != sha {
		return nil, fmt.Errorf("file %s: its content has changed on disk", sha)
	}
	return b, nil
}

// Has says whether a content is kept.
func (f *Files) Has(sha string) bool {
	dir, name, err := place(sha)
	if err != nil {
		return false
	}
	_, err = f.root.Stat(path.Join(dir, name))
	return err == nil
}

// File names a content kept for a cooperative.
type File struct {
	SHA256  string
	Name    string
	Media   string // MIME type
	Size    int64  // bytes
	Created int64  // microseconds UTC
}

// AddFile names a content that [Files.Put] keeps; the same content keeps its first name.
func (tx *Tx) AddFile(sha, name, media string, size int64) error {
	_, err := tx.exec(`INSERT INTO file (coop_id, sha256, name, media, size, created) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (coop_id, sha256) DO NOTHING`,
		tx.coop, sha, name, media, size, tx.now)
	return err
}

// File returns what a content is called.
func (tx *Tx) File(sha string) (File, error) {
	f := File{SHA256: sha}
	found, err := tx.one(`SELECT name, media, size, created FROM file WHERE coop_id = $1 AND sha256 = $2`, []any{tx.coop, sha}, &f.Name, &f.Media, &f.Size, &f.Created)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "store.file_unknown")
	}
	return f, err
}

// EachFile calls each with every content of the cooperative, in the order of their SHA-256: for backup and verify.
func (tx *Tx) EachFile(each func(File) error) error {
	return tx.rows(`SELECT sha256, name, media, size, created FROM file WHERE coop_id = $1 ORDER BY sha256`, []any{tx.coop}, func(scan func(...any) error) error {
		var f File
		if err := scan(&f.SHA256, &f.Name, &f.Media, &f.Size, &f.Created); err != nil {
			return err
		}
		return each(f)
	})
}
