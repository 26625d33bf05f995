package main

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"essaim/i18n"
)

// TestServe: behind a proxy each visitor has a sign-in limit of their own, and what sign-in no longer needs goes away.
func TestServe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "essaim.db")
	must(t, "init", "--db", "sqlite:"+file, "--name", "Les Navettes", "--slug", "navettes", "--siren", "732829320", "--street", "1 rue des Lilas", "--zip", "69001", "--town", "Lyon",
		"--admin-email", "ada@navettes.example", "--admin-first", "Ada", "--admin-last", "Roux")
	links := func() (n int) {
		db, err := sql.Open("sqlite", file)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.QueryRow("SELECT count(*) FROM token").Scan(&n); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if links() != 1 {
		t.Fatal("no invitation")
	}
	later := time.Now().Add(10 * 24 * time.Hour)
	c := ServeCmd{place: place{DB: "sqlite:" + file}, Addr: "127.0.0.1:0", Proxy: true, now: func() time.Time { return later }}
	address, stop := started(t, c.Run)
	try := func(n int, from string) string {
		form := url.Values{"email": {fmt.Sprintf("nobody%d@navettes.example", n)}, "password": {"une phrase qui n’ouvre rien"}}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/sign-in", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept-Language", "fr")
		r.Header["X-Forwarded-For"] = []string{"192.0.2.1, 192.0.2." + fmt.Sprint(n), from} // what the visitor claims, then the proxy
		return body(t, http.DefaultClient, r)
	}
	limited, _, _ := strings.Cut(i18n.For("fr").T("auth.too_many", "n", 1), " :")
	for n := range 20 {
		if page := try(n, "203.0.113.7"); strings.Contains(page, limited) {
			t.Fatalf("limited at the try %d", n+1)
		}
	}
	if page := try(20, "203.0.113.7"); !strings.Contains(page, limited) {
		t.Error("tries without end from one address")
	}
	if page := try(21, "203.0.113.8"); strings.Contains(page, limited) {
		t.Error("a visitor pays for another")
	}
	stop()
	if n := links(); n != 0 {
		t.Errorf("%d links that have run out are kept", n)
	}
}
