// Package sentences finds what the program can say: every constant text that
// reaches the printer, from wherever in the source it comes. It does not look
// for words that seem to be sentences: it begins at ui.Printer's own methods
// and goes backwards, from each argument to where its value was made.
package sentences

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A program is the module's packages with their types, tests left out.
type program struct {
	set   *token.FileSet
	info  *types.Info
	files []*ast.File
	pkgs  map[string]*types.Package
}

// listed is what `go list` tells of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
	Module                  *struct{ Path string }
}

// load reads the module in root: its own packages from their sources, and what
// they import from what the compiler kept of it.
func load(root string) (*program, error) {
	all, err := list(root)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for _, l := range all {
		exports[l.ImportPath] = l.Export
	}
	p := &program{set: token.NewFileSet(), pkgs: map[string]*types.Package{}, info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{},
	}}
	outside := importer.ForCompiler(p.set, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("sentences: nothing is known about %s", path)
		}
		return os.Open(exports[path])
	})
	check := types.Config{Importer: imports(func(path string) (*types.Package, error) {
		if own := p.pkgs[path]; own != nil {
			return own, nil
		}
		return outside.Import(path)
	})}
	for _, l := range all { // imported ones stand before who imports them
		if l.Module == nil || l.Module.Path != "atrium" {
			continue
		}
		files, err := p.parse(l)
		if err != nil {
			return nil, err
		}
		if p.pkgs[l.ImportPath], err = check.Check(l.ImportPath, p.set, files, p.info); err != nil {
			return nil, err
		}
		p.files = append(p.files, files...)
	}
	return p, nil
}

func list(root string) ([]listed, error) {
	cmd := exec.Command("go", "list", "-deps", "-export", "-json=ImportPath,Dir,Export,GoFiles,Module", "./cmd/atrium")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("sentences: go list: %w", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var l listed
		switch err := d.Decode(&l); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, l)
	}
}

func (p *program) parse(l listed) ([]*ast.File, error) {
	var files []*ast.File
	for _, name := range l.GoFiles {
		f, err := parser.ParseFile(p.set, filepath.Join(l.Dir, name), nil, 0)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// imports is a function that imports.
type imports func(path string) (*types.Package, error)

func (f imports) Import(path string) (*types.Package, error) { return f(path) }
