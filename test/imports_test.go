package test

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floor is how high a package stands. One may import what stands lower; two of
// the same floor don't know each other.
func floor(pkg string) int {
	floors := map[string]int{
		"fault": 0, "money": 0, "text": 0,
		"base/clock": 1, "base/id": 2, "base/config": 2, "base/vault": 3, "base/db": 4, "base/access": 5,
		"base/phone": 1, "base/taxid": 1, "base/audit": 6, "base/job": 6, "base/backup": 6, "base/settings": 6, "base/address": 6, "base/mail": 7, "ui": 7, "base/web": 8,
		"area/login": 10, "area/sharing": 10, "area/staff": 10, "area/account": 10, "area/host": 10, "area/contact": 10,
		"area/billing": 11, "area/email": 11, "area/activity": 11,
		"area/service": 12, "area/domain": 12, "area/catalog": 12,
		"area/order": 13, "area/quote": 13, "area/ticket": 13, "area/affiliate": 13,
		".": 20, "cmd/atrium": 30,
	}
	if n, ok := floors[pkg]; ok {
		return n
	}
	return -1
}

// forTests tells whether a package is a harness: it may import what it starts,
// and only tests may import it.
func forTests(pkg string) bool {
	return strings.HasPrefix(pkg, "test") || strings.HasSuffix(pkg, "test") || strings.HasPrefix(pkg, "bench")
}

func TestImportsGoDown(t *testing.T) {
	for _, f := range sources(t) {
		for _, i := range f.file.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case imported == "atrium":
				imported = "."
			case strings.HasPrefix(imported, "atrium/"):
				imported = strings.TrimPrefix(imported, "atrium/")
			default:
				continue
			}
			switch {
			case f.test() || forTests(f.pkg):
			case forTests(imported):
				t.Errorf("%s imports the test harness %s", f.path, imported)
			case strings.Contains(f.pkg, "/internal/") || strings.Contains(f.pkg, "/gen"):
			case floor(f.pkg) < 0 || floor(imported) < 0:
				t.Errorf("%s imports %s: one of them has no floor in this table", f.path, imported)
			case floor(imported) >= floor(f.pkg):
				t.Errorf("%s (floor %d) imports %s (floor %d): imports go down", f.path, floor(f.pkg), imported, floor(imported))
			case imported == "ui" && !strings.HasPrefix(f.pkg, "area/") && f.pkg != "base/web" && f.pkg != ".":
				t.Errorf("%s imports ui, which is for areas and base/web", f.path)
			}
		}
	}
}

func TestOnlyTheirPackagesTouchDriversAndHandlers(t *testing.T) {
	faces := []string{"client", "staff", "api", "dev"}
	for _, f := range sources(t) {
		if f.test() || forTests(f.pkg) {
			continue
		}
		for _, i := range f.file.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case imported == "database/sql" || strings.HasPrefix(imported, "database/sql/") || strings.HasPrefix(imported, "modernc.org/") || strings.HasPrefix(imported, "github.com/jackc/pgx"):
				if f.pkg != "base/db" {
					t.Errorf("%s imports %s, which is base/db's", f.path, imported)
				}
			case imported == "net/http":
				face := slices.ContainsFunc(faces, func(n string) bool { return strings.HasPrefix(path.Base(f.path), n) })
				if f.pkg != "base/web" && f.pkg != "ui" && f.pkg != "." && !(strings.HasPrefix(f.pkg, "area/") && face) && f.pkg != "cmd/atrium" {
					t.Errorf("%s imports net/http, which is for base/web and the faces", f.path)
				}
			}
		}
	}
}

func TestNothingHappensBeforeMain(t *testing.T) {
	for _, f := range sources(t) {
		for _, d := range f.file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function", f.path)
			}
		}
	}
}

// Package-level variables are read only: nothing outside their declaration
// assigns to them.
func TestNoPackageHasStateOfItsOwn(t *testing.T) {
	byPackage := map[string][]sourceFile{}
	for _, f := range sources(t) {
		if !f.test() && !forTests(f.pkg) && !f.generated() {
			byPackage[f.pkg] = append(byPackage[f.pkg], f)
		}
	}
	for pkg, files := range byPackage {
		vars := map[string]bool{}
		for _, f := range files {
			for _, d := range f.file.Decls {
				if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
					noteVars(t, f, g, vars)
				}
			}
		}
		for _, f := range files {
			ast.Inspect(f.file, func(n ast.Node) bool {
				a, ok := n.(*ast.AssignStmt)
				if !ok || a.Tok == token.DEFINE {
					return true
				}
				for _, l := range a.Lhs {
					// Shadowing a package's variable by a local one of its name would
					// show here too, and is no better.
					if id, ok := l.(*ast.Ident); ok && vars[id.Name] {
						t.Errorf("%s: package %s assigns to its variable %s", f.set.Position(a.Pos()), pkg, id.Name)
					}
				}
				return true
			})
		}
	}
}

// noteVars notes the names of package-level variables, and refuses those whose
// type is made to be changed.
func noteVars(t *testing.T, f sourceFile, g *ast.GenDecl, vars map[string]bool) {
	t.Helper()
	for _, s := range g.Specs {
		v, ok := s.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for _, n := range v.Names {
			vars[n.Name] = n.Name != "_"
		}
		if sel, ok := v.Type.(*ast.SelectorExpr); ok {
			if pkg, ok := sel.X.(*ast.Ident); ok && (pkg.Name == "sync" || pkg.Name == "atomic") {
				t.Errorf("%s: a package-level %s.%s is state", f.path, pkg.Name, sel.Sel.Name)
			}
		}
	}
}
