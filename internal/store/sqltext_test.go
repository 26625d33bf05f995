package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"essaim/internal/store"
	"essaim/internal/store/storetest"
)

// sqlText is a statement found in the source of the package.
type sqlText struct {
	at      string // file:line
	text    string
	partial bool // built with parts that only the program knows
}

var (
	statement  = regexp.MustCompile(`^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s+\S`)
	tableNamed = regexp.MustCompile(`(?i)\b(?:FROM|JOIN|UPDATE|INTO)\s+([a-z_]+)`)
)

// source collects every statement of the package: literals, sums of literals and constants, and the inserts of staged rows.
func source(t *testing.T) []sqlText {
	t.Helper()
	set := token.NewFileSet()
	var files []*ast.File
	names, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	consts := map[string]ast.Expr{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
				for _, s := range d.Specs {
					v := s.(*ast.ValueSpec)
					for i, name := range v.Names {
						if i < len(v.Values) {
							consts[name.Name] = v.Values[i]
						}
					}
				}
			}
			return true
		})
	}
	var value func(e ast.Expr) (string, bool)
	value = func(e ast.Expr) (text string, whole bool) {
		switch e := e.(type) {
		case *ast.BasicLit:
			if e.Kind == token.STRING {
				s, err := strconv.Unquote(e.Value)
				return s, err == nil
			}
		case *ast.ParenExpr:
			return value(e.X)
		case *ast.Ident:
			if c, ok := consts[e.Name]; ok {
				return value(c)
			}
		case *ast.BinaryExpr:
			if e.Op == token.ADD {
				a, whole1 := value(e.X)
				b, whole2 := value(e.Y)
				return a + b, whole1 && whole2
			}
		}
		return "", false
	}
	var all []sqlText
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if name, ok := n.Fun.(*ast.Ident); ok && name.Name == "into" && len(n.Args) == 2 {
					table, _ := value(n.Args[0])
					columns, whole := value(n.Args[1])
					marks := make([]string, strings.Count(columns, ",")+1)
					for i := range marks {
						marks[i] = "$" + strconv.Itoa(i+1)
					}
					all = append(all, sqlText{set.Position(n.Pos()).String(), "INSERT INTO " + table + " (" + columns + ") VALUES (" + strings.Join(marks, ", ") + ")", !whole})
					return false
				}
			case *ast.GenDecl:
				return n.Tok != token.CONST && n.Tok != token.IMPORT // constants are read where they are used
			case ast.Expr:
				text, whole := value(n)
				if text != "" && statement.MatchString(text) {
					all = append(all, sqlText{set.Position(n.Pos()).String(), text, !whole})
					return false
				}
				if whole {
					return false
				}
			}
			return true
		})
	}
	if len(all) < 100 {
		t.Fatalf("only %d statements found: has the way they are written changed?", len(all))
	}
	return all
}

// numbered replaces the question marks of built conditions by the numbers that follow the last.
func numbered(text string) string {
	n := 1
	for _, m := range regexp.MustCompile(`\$(\d+)`).FindAllStringSubmatch(text, -1) {
		if v, err := strconv.Atoi(m[1]); err == nil {
			n = max(n, v)
		}
	}
	for strings.Contains(text, "?") {
		n++
		text = strings.Replace(text, "?", "$"+strconv.Itoa(n), 1)
	}
	return text
}

// Every text of the package prepares on both engines. Texts that are built from parts are run by the tests of their method.
func TestEveryTextPrepares(t *testing.T) {
	texts := source(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		prepared := 0
		for _, s := range texts {
			if s.partial {
				continue
			}
			stmt, err := db.Owner().PrepareContext(ctx, numbered(s.text))
			if err != nil {
				t.Errorf("%s: %v in %s", s.at, err, s.text)
				continue
			}
			prepared++
			if err := stmt.Close(); err != nil {
				t.Error(err)
			}
		}
		if prepared < len(texts)*9/10 {
			t.Errorf("only %d of %d texts could be prepared", prepared, len(texts))
		}
	})
}

// wide are the few texts that look across cooperatives, by a word of theirs, each with its reason.
var wide = map[string]string{
	"WHERE p.login_id = $1":            "which cooperatives a login belongs to, through the wide door",
	"SELECT DISTINCT coop_id FROM job": "the sweep of jobs, through the wide door",
}

// globals are the tables that belong to no cooperative.
var globals = []string{"cooperative", "login", "credential", "session", "token", "attempt", "secret"}

// Every statement on a table of a cooperative names the cooperative, as its first parameter; sums are cast to the one type
// both engines scan alike.
func TestStatementsNameTheirCooperative(t *testing.T) {
	db := storetest.Open(t, store.Options{URL: storetest.SQLite(t)})
	tables, err := db.Tables(ctx)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, s := range source(t) {
		for _, finding := range lintText(s.text, func(name string) bool { _, ok := tables[name]; return ok }) {
			excused := false
			for word := range wide {
				if strings.Contains(s.text, word) {
					excused, used[word] = true, true
				}
			}
			if !excused {
				t.Errorf("%s: %s: %s", s.at, finding, s.text)
			}
		}
	}
	for word := range wide {
		if !used[word] {
			t.Errorf("no text holds %q: take it off the list", word)
		}
	}
}

var (
	first    = regexp.MustCompile(`\bcoop_id = \$1\b`)
	inserted = regexp.MustCompile(`^\s*INSERT INTO [a-z_]+ \(coop_id,`)
	bound    = regexp.MustCompile(`\bcoop_id = (?:\$1\b|[a-z]\.coop_id\b)`)
	summed   = regexp.MustCompile(`(?i)\bSUM\(`)
	cast     = regexp.MustCompile(`(?i)CAST\((?:COALESCE\()?$`)
	// The planner looks at the value bound to LIMIT or LIKE: each new one would be prepared again.
	// The planner compares what is bound with the conditions of partial indexes, with the same effect.
	kindBound = regexp.MustCompile(`(?s)\bFROM sale\b.*\bkind = [$?]`)
	replanned = regexp.MustCompile(`(?i)\b(LIMIT|LIKE) [$?]`)
	engine    = regexp.MustCompile(`(?i)\b(ILIKE|LATERAL|ANY\(|FOR UPDATE|SKIP LOCKED|GLOB|REPLACE INTO|IFNULL|NOW\(|strftime)|::`)
)

func lintText(text string, known func(string) bool) []string {
	var found []string
	scoped := 0
	for _, m := range tableNamed.FindAllStringSubmatch(text, -1) {
		name := strings.ToLower(m[1])
		switch {
		case slices.Contains(globals, name):
		case known(name):
			scoped++
		case name != "select" && name != "set" && name != "goose_db_version":
			found = append(found, "no table "+name)
		}
	}
	if scoped > 0 {
		if strings.HasPrefix(strings.TrimSpace(text), "INSERT") {
			scoped-- // its own rows bring theirs
			if !inserted.MatchString(text) {
				found = append(found, "does not begin with coop_id")
			}
			if strings.Contains(text, "SELECT") && !first.MatchString(text) {
				found = append(found, "does not name coop_id = $1")
			}
		} else if !first.MatchString(text) {
			found = append(found, "does not name coop_id = $1")
		}
		if len(found) == 0 && len(bound.FindAllString(text, -1)) < scoped {
			found = append(found, "a joined table is not bound to its cooperative")
		}
	}
	for _, at := range summed.FindAllStringIndex(text, -1) {
		if !cast.MatchString(text[:at[0]]) {
			found = append(found, "a sum is not cast")
		}
	}
	if word := engine.FindString(text); word != "" {
		found = append(found, "only one engine knows "+word)
	}
	if word := replanned.FindString(text); word != "" {
		found = append(found, "SQLite plans it anew for each value, without a cast: "+word)
	}
	if kindBound.MatchString(text) {
		found = append(found, "the kind of a document is written, not bound")
	}
	return found
}

func TestLintSeesWhatIsWrong(t *testing.T) {
	known := func(name string) bool { return name == "entry" || name == "sale" }
	for text, want := range map[string]int{
		"SELECT 1 FROM entry WHERE coop_id = $1":                                                          0,
		"SELECT 1 FROM entry WHERE id = $1":                                                               1,
		"SELECT 1 FROM entry WHERE coop_id = $2":                                                          1,
		"UPDATE sale SET x = 1":                                                                           1,
		"INSERT INTO sale (coop_id, id) VALUES ($1, $2)":                                                  0,
		"INSERT INTO sale (id, coop_id) VALUES ($1, $2)":                                                  1,
		"INSERT INTO sale (coop_id, id) SELECT coop_id, id FROM entry":                                    1,
		"SELECT SUM(x) FROM login":                                                                        1,
		"SELECT CAST(COALESCE(SUM(x), 0) AS BIGINT) FROM login":                                           0,
		"SELECT 1 FROM login LIMIT $1":                                                                    1,
		"SELECT 1 FROM login LIMIT CAST($1 AS BIGINT)":                                                    0,
		"SELECT 1 FROM login WHERE email LIKE ? AND 1 = 1":                                                1,
		"SELECT 1 FROM sale WHERE coop_id = $1 AND kind = $2":                                             1,
		"SELECT 1 FROM nowhere":                                                                           1,
		"SELECT 1 FROM entry WHERE coop_id = $1 AND label ILIKE $2":                                       1,
		"SELECT x::text FROM login":                                                                       1,
		"SELECT 1 FROM entry e JOIN sale s ON s.id = e.id WHERE e.coop_id = $1":                           1,
		"SELECT 1 FROM entry e JOIN sale s ON s.coop_id = e.coop_id AND s.id = e.id WHERE e.coop_id = $1": 0,
		"DELETE FROM entry":                                                                               1,
		"SELECT 1 FROM (SELECT id FROM sale WHERE coop_id = $1 LIMIT 5) t":                                0,
		"SELECT MAX(x), CAST(SUM(y) AS BIGINT), SUM(z) FROM entry e WHERE e.coop_id = $1":                 1,
	} {
		if got := lintText(text, known); len(got) != want {
			t.Errorf("%q: %v, want %d findings", text, got, want)
		}
	}
}
