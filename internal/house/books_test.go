package house

import (
	"go/ast"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// written names the tables that are only ever added to: what is validated is reversed, not rewritten.
var written = []string{"entry", "entry_line", "validation", "audit"}

// rewriters are the files that may rewrite them all the same, each with its reason. There is none.
var rewriters = map[string]string{}

// rewrites finds a statement that changes or removes rows of one of those tables.
var rewrites = func() *regexp.Regexp {
	table := `(?:only\s+)?["` + "`" + `]?(?:\w+\.)?["` + "`" + `]?(` + strings.Join(written, "|") + `)\b["` + "`" + `]?`
	return regexp.MustCompile(`(?is)\b(?:` + strings.Join([]string{
		`update\s+(?:or\s+\w+\s+)?` + table,
		`delete\s+from\s+` + table,
		`truncate\s+(?:table\s+)?` + table,
		`(?:insert\s+or\s+)?replace\s+into\s+` + table,
		`insert\s+into\s+` + table + `[^;]*?\bon\s+conflict\b[^;]*?\bdo\s+update\b`,
		`merge\s+into\s+` + table,
		`drop\s+table\s+(?:if\s+exists\s+)?` + table,
	}, "|") + `)`)
}()

// Rule 3: the books are the truth. No text of SQL in the program changes or removes an entry, a line or a trace.
func TestNoEntryIsEverRewritten(t *testing.T) {
	s := house(t)
	texts := 0
	for dir, p := range s.packages {
		if !strings.HasPrefix(dir, "internal/") && !strings.HasPrefix(dir, "cmd/") {
			continue
		}
		for _, f := range p.files {
			if f.test { // tests damage a copy of the books on purpose, to see that it is found
				continue
			}
			ast.Inspect(f.tree, func(n ast.Node) bool {
				e, ok := n.(ast.Expr)
				if !ok {
					return true
				}
				text, ok := constant(e)
				if !ok {
					return true
				}
				texts++
				if found := rewrites.FindString(text); found != "" && rewriters[f.path] == "" {
					t.Errorf("%s: %q rewrites the books", s.at(n), found)
				}
				return false
			})
		}
	}
	if texts < 20 {
		t.Errorf("only %d texts looked at", texts)
	}
	var created strings.Builder
	for _, name := range s.files {
		if path.Ext(name) != ".sql" || !strings.HasPrefix(name, "internal/") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(s.root, name))
		if err != nil {
			t.Fatal(err)
		}
		created.WriteString(string(b))
		up, _, _ := strings.Cut(string(b), "-- +goose Down")
		if found := rewrites.FindString(up); found != "" && rewriters[name] == "" {
			t.Errorf("%s: %q rewrites the books", name, found)
		}
	}
	for _, table := range written {
		if !regexp.MustCompile(`CREATE TABLE ` + table + ` \(`).MatchString(created.String()) {
			t.Errorf("no migration creates the table %s: has it another name now?", table)
		}
	}
	for name := range rewriters {
		if _, err := os.Stat(filepath.Join(s.root, name)); err != nil {
			t.Errorf("exception for a file that is not there: %s", name)
		}
	}
}

// constant returns the text of a string literal or of a sum of them; what is not known beforehand stands as a space.
func constant(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, err := strconv.Unquote(e.Value)
			return text, err == nil
		}
	case *ast.ParenExpr:
		return constant(e.X)
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			left, ok1 := constant(e.X)
			right, ok2 := constant(e.Y)
			if ok1 || ok2 {
				return left + " " + right, true
			}
		}
	}
	return "", false
}

func TestRewritesAreSeen(t *testing.T) {
	for text, want := range map[string]bool{
		"UPDATE entry SET label = $2 WHERE coop_id = $1": true,
		"update only \"entry_line\" set label = ''":      true,
		"UPDATE OR IGNORE main.entry SET x = 1":          true,
		"DELETE FROM entry_line\n WHERE coop_id = $1":    true,
		"TRUNCATE entry": true,
		"INSERT OR REPLACE INTO entry VALUES ($1)":                                                        true,
		"INSERT INTO entry (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET x = 1":                         true,
		"WITH x AS (DELETE FROM audit RETURNING 1) SELECT 1":                                              true,
		"INSERT INTO entry (id) VALUES ($1)":                                                              false,
		"INSERT INTO entry (id) VALUES ($1) ON CONFLICT DO NOTHING":                                       false,
		"SELECT 1 FROM entry FOR UPDATE":                                                                  false,
		"UPDATE entry_batch SET state = 1":                                                                false,
		"DELETE FROM session WHERE id = $1":                                                               false,
		"INSERT INTO entry (id) VALUES (1); INSERT INTO a (b) VALUES (1) ON CONFLICT DO UPDATE SET b = 1": false,
	} {
		if got := rewrites.MatchString(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	e := &ast.BinaryExpr{
		X: &ast.BasicLit{Kind: token.STRING, Value: `"DELETE FROM "`}, Op: token.ADD,
		Y: &ast.BasicLit{Kind: token.STRING, Value: `"entry"`},
	}
	if text, ok := constant(e); !ok || !rewrites.MatchString(text) {
		t.Errorf("a text in two halves is not seen: %q", text)
	}
}
