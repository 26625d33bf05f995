package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const module = "essaim"

// goPackage is one directory of Go files of the module.
type goPackage struct {
	dir   string // "sale", "format/fec"; "" is the top of the module
	files []goFile
}

type goFile struct {
	path  string
	test  bool
	lines int
	tree  *ast.File
}

// source is the module, read once for all tests.
type source struct {
	root     string
	set      *token.FileSet
	packages map[string]*goPackage
	files    []string // every file of the repository, tracked or about to be, slash-separated
}

var read = sync.OnceValues(func() (*source, error) {
	root, err := filepath.Abs("../..")
	if err != nil {
		return nil, err
	}
	s := &source{root: root, set: token.NewFileSet(), packages: map[string]*goPackage{}}
	if s.files, err = repositoryFiles(root); err != nil {
		return nil, err
	}
	for _, name := range s.files {
		if path.Ext(name) != ".go" || strings.Contains("/"+name, "/testdata/") || strings.HasPrefix(name, "tools/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return nil, err
		}
		tree, err := parser.ParseFile(s.set, name, text, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		dir := strings.TrimSuffix(path.Dir(name), ".")
		if s.packages[dir] == nil {
			s.packages[dir] = &goPackage{dir: dir}
		}
		s.packages[dir].files = append(s.packages[dir].files, goFile{
			path: name, test: strings.HasSuffix(name, "_test.go"), lines: bytes.Count(text, []byte("\n")), tree: tree,
		})
	}
	return s, nil
})

// house returns the module's source, or fails the test.
func house(t *testing.T) *source {
	t.Helper()
	s, err := read()
	if err != nil {
		t.Fatal(err)
	}
	if len(s.packages) < 10 {
		t.Fatalf("only %d packages found under %s: this test reads nothing", len(s.packages), s.root)
	}
	return s
}

// at names a place in the source.
func (s *source) at(n ast.Node) string {
	p := s.set.Position(n.Pos())
	return p.String()
}

// repositoryFiles lists what git would hold; in an unpacked archive without git, whatever is there.
func repositoryFiles(root string) ([]string, error) {
	// The clone may belong to another user than the one who tests; that is no danger to a listing.
	git := exec.Command("git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	git.Dir = root
	if out, err := git.Output(); err == nil && len(out) > 0 {
		var names []string
		for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
			if info, err := os.Lstat(filepath.Join(root, name)); err == nil && info.Mode().IsRegular() { // not one just deleted
				names = append(names, name)
			}
		}
		return names, nil
	}
	var names []string
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == ".build") {
			return fs.SkipDir
		}
		if d.Type().IsRegular() {
			names = append(names, name)
		}
		return nil
	})
	return names, err
}
