package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Both languages say the same things with the same values, in their own typography.
func TestLanguagesHaveTheSameMessages(t *testing.T) {
	for _, pair := range [][2]string{{"fr", "en"}, {"en", "fr"}} {
		here, there := catalogues[pair[0]], catalogues[pair[1]]
		for key, m := range here {
			other, ok := there[key]
			if !ok {
				t.Errorf("%s is in %s and not in %s", key, pair[0], pair[1])
				continue
			}
			if pair[0] == "fr" && !slices.Equal(placeholders(m), placeholders(other)) {
				t.Errorf("%s: %v in French, %v in English", key, placeholders(m), placeholders(other))
			}
		}
	}
	for _, area := range slices.Sorted(maps.Keys(areas(t, "fr"))) {
		if !areas(t, "en")[area] {
			t.Errorf("fr/%s has no twin in English", area)
		}
	}
}

func areas(t *testing.T, lang string) map[string]bool {
	t.Helper()
	names, err := fs.Glob(files, lang+"/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %v, %v", lang, names, err)
	}
	found := map[string]bool{}
	for _, name := range names {
		found[path.Base(name)] = true
	}
	return found
}

var placeholder = regexp.MustCompile(`\{([A-Za-z_0-9]*)\}`)

func placeholders(m message) []string {
	names := map[string]bool{}
	for _, match := range placeholder.FindAllStringSubmatch(m.Other, -1) { // "one" may leave the number out
		names[match[1]] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// clumsy finds what French typography forbids: a plain space or none where it wants one that does not break, straight
// apostrophes and quotes, dots for an ellipsis, and the exclamation mark that the house does without.
var clumsy = map[string]*regexp.Regexp{
	"a plain space before a double sign":    regexp.MustCompile(` [;:?»%€]`),
	"a plain space after «":                 regexp.MustCompile(`« `),
	"no space before a double sign":         regexp.MustCompile(`[\pL\d)][;?»]|\pL:(?:\s|$)|\d[%€]`),
	"no space after «":                      regexp.MustCompile(`«[^\x{00a0}\x{202f}]`),
	"a straight apostrophe or quote":        regexp.MustCompile(`['"]`),
	"three dots instead of …":               regexp.MustCompile(`\.\.\.`),
	"an exclamation mark":                   regexp.MustCompile(`!`),
	"a space at the end or two in a row":    regexp.MustCompile(`^\s|\s$|  `),
	"an unfinished word":                    regexp.MustCompile(`(?i)\btodo\b|\bà venir\b|\bxxx\b|lorem`),
	"a hyphen where a minus or dash is due": regexp.MustCompile(` - `),
}

func TestFrenchTypography(t *testing.T) {
	for key, m := range catalogues["fr"] {
		for _, text := range []string{m.One, m.Other} {
			for what, rule := range clumsy {
				if rule.MatchString(placeholder.ReplaceAllString(text, "x")) {
					t.Errorf("%s: %s in %q", key, what, text)
				}
			}
		}
	}
}

func TestEveryMessageSaysSomething(t *testing.T) {
	name := regexp.MustCompile(`^[a-z0-9]+([._-][a-z0-9]+)+$`)
	for lang, messages := range catalogues {
		for key, m := range messages {
			if m.One == "" || m.Other == "" {
				t.Errorf("%s: %s is empty", lang, key)
			}
			if !name.MatchString(key) {
				t.Errorf("%s: %q is no name of a message", lang, key)
			}
			if strings.Contains(m.Other, "!") {
				t.Errorf("%s: %s shouts", lang, key)
			}
			for _, text := range []string{m.One, m.Other} {
				if strings.Count(text, "{") != len(placeholder.FindAllString(text, -1)) || strings.Contains(text, "{}") {
					t.Errorf("%s: %s has a broken placeholder: %q", lang, key, text)
				}
			}
			if m.One != m.Other && !slices.Contains(placeholders(m), "n") {
				t.Errorf("%s: %s has a plural and no {n} to choose by", lang, key)
			}
		}
	}
}

// use is how the program names messages.
type use struct {
	texts map[string][]string // every constant text → where it stands
	calls []call              // those given to a function that takes a key
}

type call struct {
	at, key string
	names   []string // of the values that follow
	open    bool     // the values are given as a slice: their names are not known here
	direct  bool     // given to T, fault.New or fault.At themselves
}

// scan reads every Go file, template and table of data of the module; not tests, tools and the catalogues themselves.
func scan(t *testing.T) use {
	t.Helper()
	found := use{texts: map[string][]string{}}
	quoted := regexp.MustCompile("\"([^\"\\s]+)\"|`([^`\\s]+)`")
	set := token.NewFileSet()
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || name == "tools" || name == "docs") {
				return fs.SkipDir
			}
			return nil
		}
		switch {
		case strings.HasSuffix(name, "_test.go"):
		case path.Ext(name) == ".go":
			b, err := fs.ReadFile(root, name)
			if err != nil {
				return err
			}
			tree, err := parser.ParseFile(set, name, b, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			found.goFile(set, tree)
		case path.Ext(name) == ".json" && strings.HasPrefix(name, "i18n/"):
		case path.Ext(name) == ".html", path.Ext(name) == ".tmpl", path.Ext(name) == ".json", path.Ext(name) == ".txt" && strings.HasPrefix(name, "internal/"):
			b, err := fs.ReadFile(root, name)
			if err != nil {
				return err
			}
			for _, m := range quoted.FindAllSubmatch(b, -1) {
				text := string(m[1]) + string(m[2])
				found.texts[text] = append(found.texts[text], name)
			}
			for _, m := range templateCall.FindAllSubmatch(b, -1) {
				found.calls = append(found.calls, call{at: name, key: string(m[1]), open: true, direct: true})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// templateCall finds {{T "key"}}, {{.T "key"}}, {{$.P.T "key"}} and (T "key").
var templateCall = regexp.MustCompile(`(?:\{\{-?\s*|\(|\s|\.)T\s+"([^"]+)"`)

func (u *use) goFile(set *token.FileSet, tree *ast.File) {
	other := map[ast.Node]bool{} // texts that name something else than a message
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			other[n.Path] = true
		case *ast.BasicLit:
			if text, ok := literal(n); ok && !other[n] {
				u.texts[text] = append(u.texts[text], set.Position(n.Pos()).String())
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Audit" {
				for _, arg := range n.Args { // the name of a deed in the audit log
					other[arg] = true
				}
			}
			u.call(set, n)
		}
		return true
	})
}

func (u *use) call(set *token.FileSet, n *ast.CallExpr) {
	fun := ""
	switch f := n.Fun.(type) {
	case *ast.SelectorExpr:
		fun = f.Sel.Name
		if x, ok := f.X.(*ast.Ident); ok && x.Name == "fault" {
			fun = "fault." + fun
		}
	case *ast.Ident:
		fun = f.Name
	}
	place := slices.Index([]string{"T", "fault.New", "fault.At"}, fun)
	for i, arg := range n.Args {
		key, ok := literal(arg)
		if !ok || i > 2 {
			continue
		}
		direct := place == 0 && i == 0 || place > 0 && i == 1
		if _, known := catalogues["fr"][key]; !known && !direct {
			continue
		}
		c := call{at: set.Position(n.Pos()).String(), key: key, open: n.Ellipsis.IsValid(), direct: direct}
		for j := i + 1; j < len(n.Args); j += 2 {
			name, ok := literal(n.Args[j])
			if !ok || j+1 == len(n.Args) {
				c.open = true
			}
			c.names = append(c.names, name)
		}
		u.calls = append(u.calls, c)
	}
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

func TestEveryMessageIsUsed(t *testing.T) {
	used := scan(t)
	for key := range catalogues["fr"] {
		if len(used.texts[key]) > 0 {
			continue
		}
		family := ""
		for begin := range families {
			if strings.HasPrefix(key, begin) {
				family = begin
			}
		}
		if family == "" {
			t.Errorf("%s is used nowhere: remove it, or name the family it belongs to in family_test.go", key)
		}
	}
	for begin := range families {
		if !strings.HasSuffix(begin, ".") && !strings.HasSuffix(begin, "_") {
			t.Errorf("family %q: a family ends in a full stop or an underscore", begin)
		}
		if len(used.texts[begin]) == 0 {
			t.Errorf("family %q: no code builds it", begin)
		}
		if !slices.ContainsFunc(slices.Collect(maps.Keys(catalogues["fr"])), func(k string) bool { return strings.HasPrefix(k, begin) }) {
			t.Errorf("family %q: no message begins so", begin)
		}
	}
}

// Every key that the program names exists, with the values that its message wants.
func TestEveryKeyHasItsMessage(t *testing.T) {
	used := scan(t)
	for _, c := range used.calls {
		m, known := catalogues["fr"][c.key]
		if !known {
			t.Errorf("%s: no message %q", c.at, c.key)
			continue
		}
		if c.open || !c.direct && len(c.names) == 0 {
			continue
		}
		for _, name := range placeholders(m) {
			if !slices.Contains(c.names, name) {
				t.Errorf("%s: %s wants {%s}, given %v", c.at, c.key, name, c.names)
			}
		}
	}
	// A text that looks like a key of a known area, wherever it stands, is one.
	areas := map[string]bool{}
	for key := range catalogues["fr"] {
		area, _, _ := strings.Cut(key, ".")
		areas[area] = true
	}
	shape := regexp.MustCompile(`^[a-z0-9]+(\.[a-z0-9_-]+)+$`)
	file := regexp.MustCompile(`\.(html|tmpl|txt|css|js|json|svg|png|sql|pdf|csv|xlsx|xml|go|md|zip|db|ics)$`)
	for text, where := range used.texts {
		area, _, _ := strings.Cut(text, ".")
		if _, known := catalogues["fr"][text]; !known && areas[area] && shape.MatchString(text) && !file.MatchString(text) && notKeys[text] == "" {
			t.Errorf("%s: %q looks like a message and is none (if it is something else: notKeys in family_test.go)", where[0], text)
		}
	}
}

// The tests above see what they are meant to see.
func TestUsesAreSeen(t *testing.T) {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, "x.go", `package x
import "tax.code"
func f() {
	p.T("a.b", "who", 1, "n", 2)
	fault.New(fault.Closed, "c.d", args...)
	fault.At("field", "e.f", "x", y)
	other("g.h")
	tx.Audit(1, "i.j")
	p.T("tax." + code)
}`, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := use{texts: map[string][]string{}}
	found.goFile(set, tree)
	for _, text := range []string{"a.b", "c.d", "e.f", "g.h", "tax."} {
		if len(found.texts[text]) != 1 {
			t.Errorf("%q is not seen", text)
		}
	}
	if len(found.texts["tax.code"])+len(found.texts["i.j"]) != 0 {
		t.Error("an import or a deed of the audit log is taken for a message")
	}
	if len(found.calls) != 3 || !slices.Equal(found.calls[0].names, []string{"who", "n"}) || !found.calls[1].open || !slices.Equal(found.calls[2].names, []string{"x"}) {
		t.Errorf("%+v", found.calls)
	}
	for text, want := range map[string]string{`{{T "a.b"}}`: "a.b", `{{- .T "a.b" "n" 3}}`: "a.b", `{{$.P.T "a.b"}}`: "a.b", `{{title (T "a.b")}}`: "a.b"} {
		if m := templateCall.FindStringSubmatch(text); m == nil || m[1] != want {
			t.Errorf("%s: %v", text, m)
		}
	}
	for _, text := range []string{"Oui ?", "« non\u00a0»", "l'an", "Bravo!", "attente...", "Oui?", "20%", "Total:"} {
		seen := false
		for _, rule := range clumsy {
			seen = seen || rule.MatchString(text)
		}
		if !seen {
			t.Errorf("%q passes for French", text)
		}
	}
	for _, text := range []string{"Oui\u202f?", "«\u00a0non\u00a0»", "l’an, 20\u00a0% à 14:05", "Total\u00a0: x", "a-t-il payé\u202f?", "https://exemple.fr", "à 12\u00a0€"} {
		for what, rule := range clumsy {
			if rule.MatchString(text) {
				t.Errorf("%q: %s", text, what)
			}
		}
	}
}
