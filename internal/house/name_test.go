package house

import (
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// emptyNames say nothing about what is inside.
var emptyNames = []string{"util", "utils", "common", "helper", "helpers", "manager", "managers", "base", "misc"}

const longest = 700 // lines of a Go file

// Packages and files are named after what they hold.
func TestNamesSayWhatIsInside(t *testing.T) {
	for _, name := range house(t).files {
		switch path.Ext(name) {
		case ".go", ".html", ".css", ".sql", ".json", ".js":
		default:
			continue
		}
		for _, part := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune("/._-", r) }) {
			if slices.Contains(emptyNames, part) {
				t.Errorf("%s: « %s » does not say what is inside", name, part)
			}
		}
	}
}

// A package comment says what the room is for.
func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	for dir, p := range house(t).packages {
		name, comment := "", ""
		for _, f := range p.files {
			if f.test {
				continue
			}
			name = f.tree.Name.Name
			if f.tree.Doc != nil {
				comment += f.tree.Doc.Text()
			}
		}
		want := "Package " + name + " "
		if name == "main" {
			want = "Command " + path.Base(dir) + " "
		}
		if name != "" && !strings.HasPrefix(comment, want) {
			t.Errorf("%s: no package comment that begins with %q", dir, want)
		}
	}
}

// Files are short.
func TestFilesAreShort(t *testing.T) {
	for _, p := range house(t).packages {
		for _, f := range p.files {
			if f.lines > longest {
				t.Errorf("%s: %d lines, at most %d", f.path, f.lines, longest)
			}
		}
	}
}

// parse makes a package of one file for the tests of these tests.
func parse(t *testing.T, text string) *goPackage {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), "x.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return &goPackage{dir: "x", files: []goFile{{path: "x.go", tree: tree}}}
}
