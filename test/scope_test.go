package test

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"atrium"
	"atrium/base/db"
	"atrium/base/db/dbtest"
)

// Every statement that names a table owned by accounts names account_id, unless
// it is marked as reading across accounts. The tracer sees the same while tests
// run; this sees the statements that no test runs.
func TestEveryStatementOnAnAccountsTableNamesTheAccount(t *testing.T) {
	var owned []string
	for _, table := range db.Tables() {
		if table.Class == db.Accounts {
			owned = append(owned, table.Name)
		}
	}
	if len(owned) < 6 {
		t.Fatalf("only %v are owned by accounts", owned)
	}
	names := regexp.MustCompile(`(?i)\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:` + strings.Join(owned, "|") + `)\b`)
	seen := 0
	for _, f := range sources(t) {
		if f.test() || forTests(f.pkg) {
			continue
		}
		ast.Inspect(f.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			text, across := literals(call)
			if !names.MatchString(text) {
				return true
			}
			seen++
			if !across && !strings.Contains(text, "account_id") {
				t.Errorf("%s: a statement without account_id: %s", f.set.Position(call.Pos()), strings.Join(strings.Fields(text), " "))
			}
			return false
		})
	}
	if seen < 20 {
		t.Errorf("saw only %d statements: does this test still look in the right place?", seen)
	}
}

// Nothing that must be right relies on what one server alone knows: its locks
// by number, what it tells its listeners. Rows are passed over when another has
// locked them only where base/job takes work, from a control table.
func TestNoStatementIsBoundToOneServer(t *testing.T) {
	bound := regexp.MustCompile(`(?i)\bpg_(try_)?advisory|\bpg_notify|^\s*((UN)?LISTEN|NOTIFY)\s|\bSKIP\s+LOCKED`)
	skips := 0
	for _, f := range sources(t) {
		if f.test() || forTests(f.pkg) {
			continue
		}
		ast.Inspect(f.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				s, err := strconv.Unquote(n.Value)
				if err == nil && n.Kind == token.STRING && bound.MatchString(s) && !(f.pkg == "base/db" && s == " FOR UPDATE SKIP LOCKED") {
					t.Errorf("%s: %q is bound to one server", f.set.Position(n.Pos()), s)
				}
			case *ast.SelectorExpr:
				if n.Sel.Name == "SkipLocked" {
					skips++
					if f.pkg != "base/job" {
						t.Errorf("%s: rows are passed over by what is no queue of work", f.set.Position(n.Pos()))
					}
				}
			}
			return true
		})
	}
	if skips != 1 {
		t.Errorf("rows that are locked are passed over at %d places, not at one", skips)
	}
}

// literals joins the string literals of a call, and tells whether it reads
// across accounts.
func literals(call *ast.CallExpr) (text string, across bool) {
	ast.Inspect(call, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if s, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
				text += " " + s
			}
		case *ast.SelectorExpr:
			across = across || n.Sel.Name == "Across" || n.Sel.Name == "Replica"
		case *ast.Ident:
			across = across || n.Name == "across" || n.Name == "replica"
		case *ast.FuncLit:
			return false
		}
		return true
	})
	return text, across
}

// The schema keeps the rules that let it be sharded by account.
func TestTheSchemaCanBeSharded(t *testing.T) { dbtest.Catalogue(t, atrium.Schemas()) }
