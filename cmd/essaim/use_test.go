package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// TestHelpHasAnExample: every command explains itself and shows how it is used.
func TestHelpHasAnExample(t *testing.T) {
	for _, words := range []string{
		"demo", "serve", "init", "user add", "user password", "user list", "user disable", "verify", "fec check", "fec balance", "fec export", "bench",
	} {
		out, errs, exit := essaim(t, append(strings.Fields(words), "--help")...)
		if exit != exitClean || !strings.Contains(out, "Example: ") || !strings.Contains(out, "essaim "+words) {
			t.Errorf("%s: %d\n%s%s", words, exit, out, errs)
		}
	}
	if out, _, exit := essaim(t); exit != exitUsage || !strings.Contains(out, "demo") {
		t.Errorf("without a word: %d\n%s", exit, out)
	}
}

// TestWrongUse: 2, and words that say what to do.
func TestWrongUse(t *testing.T) {
	file := "sqlite:" + filepath.Join(t.TempDir(), "essaim.db")
	fresh := []string{"init", "--db", file, "--name", "Les Navettes", "--slug", "navettes", "--siren", "732829320", "--street", "1 rue des Lilas", "--zip", "69001", "--town", "Lyon",
		"--admin-email", "ada@navettes.example", "--admin-first", "Ada", "--admin-last", "Roux"}
	with := func(pairs ...string) []string {
		args := append([]string(nil), fresh...)
		for i := 0; i < len(pairs); i += 2 {
			for j := range args {
				if args[j] == pairs[i] {
					args[j+1] = pairs[i+1]
				}
			}
		}
		return args
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"dance"}, "dance"},
		{[]string{"demo", "--size", "huge"}, "size"},
		{[]string{"demo", "--today", "tomorrow"}, "2026-11-22"},
		{[]string{"demo", "--addr", "nowhere:port", "--dir", t.TempDir()}, "--addr"},
		{[]string{"serve", "--tls-cert", "x.pem"}, "--tls-key"},
		{[]string{"serve", "--tls-cert", "x.pem", "--tls-key", "y.pem"}, "x.pem"},
		{[]string{"serve", "--db", file}, "essaim init"},
		{[]string{"serve", "--db", "postgres://nobody@127.0.0.1:1/x", "--addr", "0.0.0.0:18080"}, "without encryption"},
		{[]string{"serve", "--db", "postgres://nobody@127.0.0.1:1/x", "--addr", ":18080"}, "without encryption"},
		{[]string{"verify", "--db", "books.db"}, "sqlite:FILE"},
		{[]string{"verify", "--db", file}, "essaim.db"},
		{[]string{"verify"}, "--db"},
		{[]string{"user", "list", "--db", file}, "essaim.db"},
		{[]string{"init"}, "--name"},
		{with("--siren", "732829321"), "SIREN"},
		{with("--slug", "Les Navettes"), "address"},
		{with("--admin-email", "ada"), "address"},
		{with("--zip", "6900"), "--zip: "},
		{with("--zip", "6900"), "five digits"},
		{with("--name", "  "), "--name: "},
		{with("--admin-last", " "), "--admin-last: "},
		{append(with(), "--public-url", "foo"), "--public-url: “foo” cannot be the public address"},
		{append(with(), "--lang", "xx"), "“xx” is no language"},
	} {
		out, errs, exit := essaim(t, c.args...)
		if exit != exitUsage || !strings.Contains(errs+out, c.says) {
			t.Errorf("essaim %s: %d\n%s%s", strings.Join(c.args, " "), exit, out, errs)
		}
	}
}

// TestInitAndUsers opens a cooperative and lets people in and out of it.
func TestInitAndUsers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "essaim.db")
	db := "sqlite:" + file
	fresh := []string{"init", "--db", db, "--name", "Les Navettes", "--slug", "navettes", "--siren", "732 829 320 00074", "--street", "1 rue des Lilas", "--zip", "69001", "--town", "Lyon",
		"--admin-email", "Ada@Navettes.example", "--admin-first", "Ada", "--admin-last", "Roux", "--public-url", "https://gestion.navettes.example"}
	if out := must(t, fresh...); !strings.Contains(out, "https://gestion.navettes.example/") {
		t.Fatalf("no link: %s", out)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"user", "add", "x@navettes.example", "--first", "X", "--last", "Y", "--roles", ""}, "--roles: Give at least one role"},
		{[]string{"user", "add", "x@navettes.example", "--first", "X", "--last", "Y", "--roles", " , "}, "--roles: Give at least one role"},
		{[]string{"user", "add", "x@navettes.example", "--first", " ", "--last", "Y", "--roles", "advisor"}, "--first: "},
		{[]string{"user", "add", "x@navettes.example", "--first", "X", "--last", "Y", "--roles", "advisor", "--public-url", "foo"}, "--public-url: “foo” cannot be"},
		{[]string{"fec", "export", "--coop", "zzz", "--out", t.TempDir()}, "No cooperative “zzz”: give one of these with --coop: navettes"},
		{[]string{"user", "list", "--coop", "zzz"}, "No cooperative “zzz”"},
	} {
		if out, errs, exit := essaim(t, append(c.args, "--db", db)...); exit != exitUsage || !strings.Contains(errs, c.says) {
			t.Errorf("essaim %s: %d\n%s%s", strings.Join(c.args, " "), exit, out, errs)
		}
	}
	for _, taken := range []string{"api", "password"} { // the program's own addresses
		if _, errs, exit := essaim(t, append(slices.Clone(fresh), "--slug", taken)...); exit != exitUsage || !strings.Contains(errs, taken) {
			t.Errorf("--slug %s: %d %s", taken, exit, errs)
		}
	}
	out, errs, exit := essaim(t, fresh...)
	if exit != exitUsage || !strings.Contains(errs, "navettes") {
		t.Fatalf("a second one of the same name: %d\n%s%s", exit, out, errs)
	}
	list := must(t, "user", "list", "--db", db)
	if !strings.Contains(list, "Ada Roux") || !strings.Contains(list, "invited") {
		t.Fatal(list)
	}

	secret := filepath.Join(t.TempDir(), "secret")
	write := func(text string) {
		if err := os.WriteFile(secret, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("motdepasse\n")
	if _, errs, exit := essaim(t, "user", "add", "--db", db, "lea@navettes.example", "--first", "Léa", "--last", "Blin", "--roles", "gestionnaire", "--password-file", secret); exit != exitUsage || errs == "" {
		t.Fatalf("a password that everyone tries: %d %s", exit, errs)
	}
	write("barque genou torchis lune\nand nothing else\n")
	must(t, "user", "add", "--db", db, "lea@navettes.example", "--first", "Léa", "--last", "Blin", "--roles", "gestionnaire,advisor", "--password-file", secret)
	if list = must(t, "user", "list", "--db", db); !strings.Contains(list, "Léa Blin") || !strings.Contains(list, "access open") {
		t.Fatal(list)
	}
	if _, errs, exit := essaim(t, "user", "add", "--db", db, "paul@navettes.example", "--first", "Paul", "--last", "Petit", "--roles", "auditor"); exit != exitUsage || errs == "" {
		t.Fatalf("an auditor for ever: %d %s", exit, errs)
	}
	if _, errs, exit := essaim(t, "user", "add", "--db", db, "paul@navettes.example", "--first", "Paul", "--last", "Petit", "--roles", "emperor"); exit != exitUsage || !strings.Contains(errs, "emperor") {
		t.Fatalf("an unknown role: %d %s", exit, errs)
	}

	if out := must(t, "user", "password", "--db", db, "lea@navettes.example"); !strings.Contains(out, "http://localhost:8080/") {
		t.Fatalf("no link: %s", out)
	}
	for _, last := range [][]string{{"user", "disable", "--db", db, "ada@navettes.example"}, {"user", "add", "--db", db, "ada@navettes.example", "--roles", "advisor"}} {
		if _, errs, exit := essaim(t, last...); exit != exitUsage || !strings.Contains(errs, "administer") {
			t.Errorf("%v: the last administrator may go: %d %s", last, exit, errs)
		}
	}
	must(t, "user", "disable", "--db", db, "lea@navettes.example")
	if list = must(t, "user", "list", "--db", db); !strings.Contains(list, "access closed") {
		t.Fatal(list)
	}
	if out, errs, exit := essaim(t, "user", "password", "--db", db, "lea@navettes.example"); exit != exitUsage || !strings.Contains(errs, "--enable") {
		t.Errorf("a link that opens nothing: %d\n%s%s", exit, out, errs)
	}
	if out := must(t, "user", "add", "--db", db, "lea@navettes.example", "--roles", "advisor"); !strings.Contains(out, "--enable") {
		t.Errorf("roles behind a closed door: %s", out)
	}
	must(t, "user", "disable", "--db", db, "--enable", "lea@navettes.example")
	if _, _, exit := essaim(t, "user", "disable", "--db", db, "nobody@navettes.example"); exit != exitUsage {
		t.Fatal(exit)
	}
	must(t, "verify", "--db", db)

	for option, c := range map[string]struct{ value, says string }{
		"--smtp":       {"ftp://x", "mail server"},
		"--public-url": {"http://gestion.navettes.example", "begins with https://"},
		"--files":      {file, "cannot be made"},
	} {
		if out, errs, exit := essaim(t, "serve", "--db", db, "--addr", "127.0.0.1:0", option, c.value); exit != exitUsage || !strings.Contains(errs, c.says) {
			t.Errorf("serve %s %s: %d\n%s%s", option, c.value, exit, out, errs)
		}
	}

	// An export that cannot be written whole leaves what was there.
	books := filepath.Join(t.TempDir(), "books")
	must(t, "fec", "export", "--db", db, "--out", books)
	there, err := os.ReadDir(books)
	if err != nil || len(there) != 2 {
		t.Fatal(there, err)
	}
	if err := os.Mkdir(filepath.Join(books, there[0].Name()+".part"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, errs, exit := essaim(t, "fec", "export", "--db", db, "--out", books); exit != exitFound || !strings.Contains(errs, "has not changed") {
		t.Errorf("%d %s", exit, errs)
	}
	if _, errs, exit := essaim(t, "fec", "export", "--db", db, "--out", filepath.Join(books, there[0].Name())); exit != exitUsage || !strings.Contains(errs, "cannot be made") {
		t.Errorf("%d %s", exit, errs)
	}
}

// TestNoCooperative: a database that holds none is not verified as if all were well, and not served; the words and the
// exit code are the same on both engines, and nothing is left beside it.
func TestNoCooperative(t *testing.T) {
	here := t.TempDir()
	t.Chdir(here)
	for engine, url := range map[string]string{"sqlite": storetest.SQLite(t), "postgres": storetest.Postgres(t)} {
		db, err := store.Open(t.Context(), store.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		for _, words := range []string{"verify", "serve --addr 127.0.0.1:0", "user list", "fec export"} {
			out, errs, exit := essaim(t, append(strings.Fields(words), "--db", url)...)
			if exit != exitUsage || out != "" || !strings.Contains(errs, shown(url)+" holds no cooperative: essaim init opens one, essaim demo fills one to try.") {
				t.Errorf("%s, %s: %d\n%s%s", engine, words, exit, out, errs)
			}
		}
	}
	if _, errs, exit := essaim(t, "serve", "--db", "mysql://x"); exit != exitUsage || !strings.Contains(errs, "sqlite:FILE") {
		t.Errorf("%d %s", exit, errs)
	}
	if err := os.Remove("files"); err != nil && !os.IsNotExist(err) { // of fec export and user list, empty
		t.Error(err)
	}
	if left, err := os.ReadDir(here); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
