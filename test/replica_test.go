package test

import (
	"go/ast"
	"maps"
	"slices"
	"testing"
)

// A replica may be a little old, so it is read by what staff look for in lists
// and reports, and by nothing that decides: no door, no right, no form, no job.
// A function that is to join these shows what somebody looks at and chooses from
// by following a link to a page that the primary gives.
func TestOnlyListsAndReportsReadFromTheReplica(t *testing.T) {
	may := map[string]bool{ // to whether it does
		"base/access.SearchUsers":  false, // staff's list of users
		"base/access.FindAccounts": false, // staff's list of accounts
		"base/audit.Across":        false, // activity anywhere
		"base/audit.ByMonth":       false, // Overview's chart
		"base/mail.SearchAcross":   false, // mails of all accounts
	}
	for _, f := range sources(t) {
		if f.test() || forTests(f.pkg) {
			continue
		}
		for _, d := range f.file.Decls {
			name := f.pkg + ".(a variable)"
			if fn, ok := d.(*ast.FuncDecl); ok {
				name = f.pkg + "." + fn.Name.Name
			}
			ast.Inspect(d, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Replica" && f.pkg != "base/db" {
					if _, ok := may[name]; !ok {
						t.Errorf("%s: %s reads from the replica, and is not among those that may", f.set.Position(s.Pos()), name)
					}
					may[name] = true
				}
				return true
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(may)) {
		if !may[name] {
			t.Errorf("%s does not read from the replica any more: take it off the list", name)
		}
	}
}
