package house

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// forbiddenImports touch the world, or hold state behind one's back. A name that ends in "/" stands for all below it.
var forbiddenImports = []string{
	"os", "os/", "net", "net/", "io/ioutil", "database/", "math/rand", "math/rand/", "crypto/rand", "syscall", "log", "log/",
	"runtime", "runtime/", "unsafe", "plugin", "expvar", "testing", "testing/", "path/filepath", "golang.org/x/sys/",
}

// allowedImports are exceptions to the list above: they compute and touch nothing.
var allowedImports = []string{"net/url", "net/netip", "net/mail", "net/textproto"}

// pureLibraries are the modules of others that a pure package may use: bytes in, bytes out.
var pureLibraries = []string{
	"codeberg.org/go-pdf/fpdf", "golang.org/x/image", "golang.org/x/text", "github.com/pdfcpu/pdfcpu", "github.com/xuri/excelize/v2",
	"github.com/arran4/golang-ical", "github.com/boombuler/barcode",
}

// forbiddenNames are functions and variables of packages that are otherwise welcome.
var forbiddenNames = map[string][]string{
	"time": {
		"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker", "AfterFunc", "Local", "LoadLocation",
	},
	"fmt":           {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
	"html/template": {"ParseFiles", "ParseGlob"},
	"text/template": {"ParseFiles", "ParseGlob"},
}

// Rule 1: a top-level package is pure. No disk, socket, clock, randomness, goroutine or mutable global.
func TestTopLevelPackagesArePure(t *testing.T) {
	s := house(t)
	checked := 0
	for dir, p := range s.packages {
		if !pure(dir) {
			continue
		}
		checked++
		for _, problem := range impurities(p) {
			t.Errorf("%s: %s", s.at(problem.node), problem.what)
		}
	}
	if checked < 8 {
		t.Errorf("only %d pure packages found", checked)
	}
}

type impurity struct {
	node ast.Node
	what string
}

// impurities lists what in a package's code, tests apart, is not pure.
func impurities(p *goPackage) []impurity {
	var found []impurity
	tell := func(n ast.Node, what string) { found = append(found, impurity{n, what}) }
	globals := packageVariables(p)
	for _, f := range p.files {
		if f.test {
			continue
		}
		imports := map[string]string{} // local name → path
		for _, spec := range f.tree.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			switch {
			case forbidden(name):
				tell(spec, "imports "+name+", which touches the world")
			case strings.Contains(strings.Split(name, "/")[0], ".") && !slices.ContainsFunc(pureLibraries, func(m string) bool {
				return name == m || strings.HasPrefix(name, m+"/")
			}):
				tell(spec, "imports "+name+", a library not known to be pure")
			}
			local := path.Base(name)
			if spec.Name != nil {
				local = spec.Name.Name
			}
			imports[local] = name
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				tell(n, "starts a goroutine")
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Obj == nil && slices.Contains(forbiddenNames[imports[x.Name]], n.Sel.Name) {
					tell(n, "uses "+x.Name+"."+n.Sel.Name)
				}
			case *ast.CallExpr:
				name, ok := n.Fun.(*ast.Ident)
				if !ok || name.Obj != nil {
					break
				}
				switch name.Name {
				case "print", "println":
					tell(n, "prints")
				case "delete", "clear", "copy":
					if len(n.Args) > 0 && isGlobal(n.Args[0], globals, imports) {
						tell(n, "changes a variable of a package")
					}
				}
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					if n.Tok != token.DEFINE && isGlobal(left, globals, imports) {
						tell(n, "changes a variable of a package")
					}
				}
			case *ast.IncDecStmt:
				if isGlobal(n.X, globals, imports) {
					tell(n, "changes a variable of a package")
				}
			case *ast.UnaryExpr:
				if n.Op == token.AND && isGlobal(n.X, globals, imports) {
					tell(n, "takes the address of a variable of a package, which could then be changed")
				}
			}
			return true
		})
	}
	return found
}

func forbidden(name string) bool {
	if slices.Contains(allowedImports, name) {
		return false
	}
	return slices.ContainsFunc(forbiddenImports, func(f string) bool {
		return name == f || strings.HasSuffix(f, "/") && strings.HasPrefix(name, f)
	})
}

// packageVariables returns the names declared by var at the top of the package's files.
func packageVariables(p *goPackage) map[string]*ast.ValueSpec {
	vars := map[string]*ast.ValueSpec{}
	for _, f := range p.files {
		if f.test {
			continue
		}
		for _, decl := range f.tree.Decls {
			if g, ok := decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
				for _, spec := range g.Specs {
					for _, name := range spec.(*ast.ValueSpec).Names {
						vars[name.Name] = spec.(*ast.ValueSpec)
					}
				}
			}
		}
	}
	return vars
}

// isGlobal says whether the place that an expression names belongs to a variable of this package or of another.
func isGlobal(e ast.Expr, globals map[string]*ast.ValueSpec, imports map[string]string) bool {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.SelectorExpr:
			if id, ok := x.X.(*ast.Ident); ok && id.Obj == nil && imports[id.Name] != "" {
				return true
			}
			e = x.X
		case *ast.Ident:
			spec, ok := globals[x.Name]
			// The parser resolves names within a file: a local of the same name has another declaration.
			return ok && (x.Obj == nil || x.Obj.Decl == spec)
		default:
			return false
		}
	}
}

// What a package offers to others may not be something that they can change: an exported variable is an error value or
// nothing. (A table is handed out by a function.)
func TestPurePackagesExportNoVariables(t *testing.T) {
	s := house(t)
	for dir, p := range s.packages {
		if !pure(dir) {
			continue
		}
		for name, spec := range packageVariables(p) {
			if ast.IsExported(name) && !strings.HasPrefix(name, "Err") {
				t.Errorf("%s: %s.%s is a variable that anyone can change", s.at(spec), dir, name)
			}
		}
	}
}

// The rules above see what they are meant to see.
func TestImpuritiesAreSeen(t *testing.T) {
	for name, want := range map[string]int{
		"import \"os\"":                                           1,
		"import \"net/http\"":                                     1,
		"import \"net/url\"":                                      0,
		"import r \"math/rand/v2\"":                               1,
		"import \"example.org/x\"":                                1,
		"import \"time\"\nvar t = time.Now":                       1,
		"import clock \"time\"\nfunc f() { clock.Sleep(1) }":      1,
		"import \"time\"\nvar d = time.Hour":                      0,
		"func f() { go f() }":                                     1,
		"var n int\nfunc f() { n++ }":                             1,
		"var n int\nfunc f() { n := 1; n++; _ = n }":              0,
		"var m = map[int]int{}\nfunc f() { m[1] = 2 }":            1,
		"var m = map[int]int{}\nfunc f() { delete(m, 1) }":        1,
		"var m = map[int]int{}\nfunc f() int { return m[1] }":     0,
		"var s struct{ a []int }\nfunc f() { (s.a)[0] = 1 }":      1,
		"var s = []int{1}\nfunc f() *int { return &s[0] }":        1,
		"import \"essaim/coop\"\nfunc f() { coop.Default = 1 }":   1,
		"var n int\nfunc f(n int) { n = 2; func() { n = 3 }() }":  0,
		"func f() { println(1) }":                                 1,
		"import \"fmt\"\nfunc f() { fmt.Println(1) }":             1,
		"import \"fmt\"\nfunc f() string { return fmt.Sprint() }": 0,
	} {
		p := parse(t, "package x\n"+name)
		if got := impurities(p); len(got) != want {
			t.Errorf("%q: %d impurities, want %d: %v", name, len(got), want, got)
		}
	}
}
