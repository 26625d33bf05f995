package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"essaim/i18n"
	"essaim/internal/demo"
)

// essaim runs the program and returns what it printed and its exit code.
func essaim(t *testing.T, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	t.Setenv("LC_ALL", "en_GB.UTF-8")
	var out, errs bytes.Buffer
	exit = run(args, &out, &errs)
	return out.String(), errs.String(), exit
}

// TestDemo fills once and walks around: the file verifies, its FEC is clean, it is served again as it is, and nothing that
// is no demonstration is touched.
func TestDemo(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "essaim.db")
	out, errs, exit := essaim(t, "demo", "--dir", dir, "--today", "2026-11-22", "--no-serve")
	if exit != exitClean || !strings.Contains(out, "Trame & Sillon: 40 people, 30 activities") {
		t.Fatalf("%d\n%s%s", exit, out, errs)
	}
	if left, _ := filepath.Glob(file + "*filling*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	was := stat(t, file)

	t.Run("verify", func(t *testing.T) {
		if out, errs, exit := essaim(t, "verify", "--db", "sqlite:"+file); exit != exitClean {
			t.Fatalf("%d\n%s%s", exit, out, errs)
		}
	})
	t.Run("fec", func(t *testing.T) {
		for _, year := range []string{"2025", "2026"} {
			out, errs, exit := essaim(t, "fec", "export", "--db", "sqlite:"+file, "--year", year, "--out", filepath.Join(t.TempDir(), "new", "directory"))
			if exit != exitClean {
				t.Fatalf("%d\n%s%s", exit, out, errs)
			}
			name, _, _ := strings.Cut(out, "\n")
			if there, err := os.ReadDir(filepath.Dir(name)); err != nil || len(there) != 2 {
				t.Errorf("%v %v", there, err)
			}
			if out, errs, exit := essaim(t, "fec", "check", "--strict", name); exit != exitClean || out != "" {
				t.Fatalf("%d\n%s%s", exit, out, errs)
			}
		}
	})
	t.Run("list", func(t *testing.T) {
		out, errs, exit := essaim(t, "user", "list", "--db", "sqlite:"+file)
		if exit != exitClean || strings.Count(out, "\n") != 40 || !strings.Contains(out, "karim@trame-et-sillon.example") {
			t.Fatalf("%d\n%s%s", exit, out, errs)
		}
	})
	t.Run("again", func(t *testing.T) {
		out, errs, exit := essaim(t, "demo", "--dir", dir, "--no-serve")
		if exit != exitClean || !strings.Contains(out, "holds the demonstration “Trame & Sillon” already, filled until") || strings.Contains(out, "before its last day") {
			t.Fatalf("%d\n%s%s", exit, out, errs)
		}
		if out := must(t, "demo", "--dir", dir, "--no-serve", "--seed", "2", "--size", "large", "--today", "2026-11-01"); !strings.Contains(out, "do not change what it holds") || !strings.Contains(out, "is before its last day") {
			t.Error(out)
		}
		if now := stat(t, file); now.Size() != was.Size() {
			t.Errorf("the file was filled anew: %d bytes, before %d", now.Size(), was.Size())
		}
	})
	t.Run("tampered", func(t *testing.T) { tampered(t, dir) })
	t.Run("served", func(t *testing.T) { served(t, dir) })
	t.Run("refused", func(t *testing.T) {
		other := t.TempDir()
		must(t, "init", "--db", "sqlite:"+filepath.Join(other, "essaim.db"), "--name", "Autre", "--slug", "autre", "--siren", "732829320", "--street", "1 rue des Lilas",
			"--zip", "69001", "--town", "Lyon", "--admin-email", "ada@autre.example", "--admin-first", "Ada", "--admin-last", "Roux")
		out, errs, exit := essaim(t, "demo", "--dir", other, "--no-serve")
		if exit != exitUsage || !strings.Contains(errs, "Autre") {
			t.Fatalf("%d\n%s%s", exit, out, errs)
		}
	})
}

func stat(t *testing.T, name string) os.FileInfo {
	t.Helper()
	i, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func must(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, exit := essaim(t, args...)
	if exit != exitClean {
		t.Fatalf("essaim %s: %d\n%s%s", strings.Join(args, " "), exit, out, errs)
	}
	return out
}

// served starts the program on the demonstration, looks at the sign-in page and enters as everyone of the list.
func served(t *testing.T, dir string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	c := DemoCmd{Dir: dir, Addr: addr, Seed: 1, Today: "2026-11-22", Size: "small", Lang: "fr"}
	address, stop := started(t, c.Run)
	defer stop()
	page := get(t, http.DefaultClient, address+"/sign-in")
	t.Logf("first page %v after the start", time.Since(began).Round(time.Millisecond))
	p := i18n.For("fr")
	for _, login := range demo.Logins() {
		if !strings.Contains(page, login.Email) || !strings.Contains(page, p.T(login.About)) {
			t.Errorf("the sign-in page has no button for %s", login.Email)
		}
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Jar: jar}
		r, err := client.PostForm(address+"/sign-in", url.Values{"email": {login.Email}, "password": {demo.Password}})
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if r.StatusCode != http.StatusOK || r.Request.URL.Path == "/sign-in" || !strings.Contains(string(b), "Trame &amp; Sillon") {
			t.Errorf("%s ends on %s with %d", login.Email, r.Request.URL, r.StatusCode)
		}
	}
}

// started runs a command that serves until it is told to stop, and returns the address that it says it answers at.
func started(t *testing.T, run func(context.Context, io.Writer) (int, error)) (address string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	out, in := io.Pipe()
	go func() {
		_, err := run(ctx, in)
		_ = in.CloseWithError(err) // the reader is told
		ended <- err
	}()
	address = announced(t, out)
	go func() { _, _ = io.Copy(io.Discard, out) }() // the rest of what it says
	return address, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// announced reads the address that the program says it answers at.
func announced(t *testing.T, r io.Reader) string {
	t.Helper()
	var said []byte
	b := make([]byte, 256)
	for {
		n, err := r.Read(b)
		said = append(said, b[:n]...)
		if i := bytes.Index(said, []byte("http://")); i >= 0 {
			if j := bytes.IndexAny(said[i:], " \n"); j > 0 {
				return string(said[i : i+j])
			}
		}
		if err != nil {
			t.Fatalf("%v after %q", err, said)
		}
	}
}

func get(t *testing.T, c *http.Client, address string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return body(t, c, r)
}

// body sends a request and reads the whole answer.
func body(t *testing.T, c *http.Client, q *http.Request) string {
	t.Helper()
	r, err := c.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r.Body)
	if err := errors.Join(err, r.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestCutFillingIsBegunAgain: what a cut filling left is thrown away, and its name never stands for a whole one.
func TestCutFillingIsBegunAgain(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"essaim.db.filling": "half", "essaim.db.filling-wal": "half"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := DemoCmd{Dir: dir, Size: "small", Seed: 1, NoServe: true, Today: "2026-11-22"}
	if exit, err := c.Run(ctx, io.Discard); err == nil || exit != exitFound {
		t.Fatalf("a filling that was told to stop: %d, %v", exit, err)
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		t.Errorf("left behind: %s", f.Name())
	}
}

var beforeDigests = regexp.MustCompile(`\b8\d\d documents were validated before there were digests`)

// tampered alters copies of a filled cooperative, each in one place, and looks for what verify says of it.
func tampered(t *testing.T, dir string) {
	books := filepath.Join(t.TempDir(), "essaim.db")
	restore := func() {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(dir, "essaim.db"))
		if err == nil {
			err = os.WriteFile(books, b, 0o600)
		}
		if err == nil {
			err = errors.Join(os.RemoveAll(filepath.Join(filepath.Dir(books), "essaim-files")), os.CopyFS(filepath.Join(filepath.Dir(books), "essaim-files"), os.DirFS(filepath.Join(dir, "essaim-files"))))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	alter := func(statement string) {
		t.Helper()
		db, err := sql.Open("sqlite", books)
		if err != nil {
			t.Fatal(err)
		}
		done, err := db.Exec(statement)
		if err != nil {
			t.Fatal(statement, err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			t.Fatalf("%s: %d rows, %v", statement, n, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	finds := func(what string, says ...string) {
		t.Helper()
		out, errs, exit := essaim(t, "verify", "--db", "sqlite:"+books)
		if exit != exitFound || errs != "" {
			t.Errorf("%s: %d\n%s%s", what, exit, out, errs)
		}
		for _, s := range says {
			if !strings.Contains(out, s) {
				t.Errorf("%s: nothing says %q in\n%s", what, s, out)
			}
		}
	}
	for some := range slices.Chunk(tampering, 12) {
		restore()
		var says []string
		for _, c := range some {
			alter(c.statement)
			says = append(says, c.says)
		}
		finds(some[0].statement+" …", says...)
	}

	// Documents that were validated before there were digests bear none: they are counted, and compared with the books.
	restore()
	alter("DELETE FROM validation")
	alter("DELETE FROM chain WHERE name = 'validation'")
	if out, errs, exit := essaim(t, "verify", "--db", "sqlite:"+books); exit != exitClean || !beforeDigests.MatchString(out) {
		t.Errorf("no digests: %d\n%s%s", exit, out, errs)
	}
	var says []string
	for _, c := range bare {
		alter(c.statement)
		says = append(says, c.says)
	}
	finds("documents without a digest", says...)

	restore()
	filed, err := filepath.Glob(filepath.Join(filepath.Dir(books), "essaim-files", "??", "??", "*"))
	if err != nil || len(filed) == 0 {
		t.Fatal(filed, err)
	}
	if err := os.WriteFile(filed[0], []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	finds("a file that was changed", "has changed since it was filed")
	if err := os.Remove(filed[0]); err != nil {
		t.Fatal(err)
	}
	finds("a file that was removed", "is missing in the directory")
	if err := os.RemoveAll(filepath.Join(filepath.Dir(books), "essaim-files")); err != nil {
		t.Fatal(err)
	}
	if out, errs, exit := essaim(t, "verify", "--db", "sqlite:"+books); exit != exitClean || !strings.Contains(out, "Documents not read") {
		t.Errorf("no directory of documents: %d\n%s%s", exit, out, errs)
	}
	if _, errs, exit := essaim(t, "verify", "--db", "sqlite:"+books, "--files", filepath.Join(filepath.Dir(books), "nowhere")); exit != exitUsage || !strings.Contains(errs, "nowhere") {
		t.Errorf("a directory that is not there: %d %s", exit, errs)
	}
}
