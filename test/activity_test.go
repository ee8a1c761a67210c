package test

import (
	"encoding/csv"
	"fmt"
	"go/ast"
	"go/token"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"atrium/area/activity"
	"atrium/test/apptest"
)

// Every action that is written to the audit has its sentence. Where the action
// is in a variable, what is put into a variable, parameter or field of that name
// in the package counts.
func TestEveryActionHasItsSentence(t *testing.T) {
	byPackage := map[string][]sourceFile{}
	for _, f := range sources(t) {
		if !f.test() && !forTests(f.pkg) && !f.generated() {
			byPackage[f.pkg] = append(byPackage[f.pkg], f)
		}
	}
	found := 0
	for pkg, files := range byPackage {
		for _, e := range actionsIn(files) {
			actions := []ast.Expr{e}
			if name := nameOf(e); name != "" {
				actions = putInto(files, name)
			}
			said := 0
			for _, a := range actions {
				if text, ok := stringOf(a); ok {
					said++
					if !activity.Known(text) {
						t.Errorf("%s writes the action %q, which has no story in area/activity", pkg, text)
					}
				}
			}
			if said == 0 {
				t.Errorf("%s: an action that this test can't read", files[0].set.Position(e.Pos()))
			}
			found += said
		}
	}
	if found < 30 {
		t.Errorf("found only %d actions", found)
	}
}

// actionsIn finds what audit entries say is their action.
func actionsIn(files []sourceFile) (all []ast.Expr) {
	for _, f := range files {
		ast.Inspect(f.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			typ, ok := lit.Type.(*ast.SelectorExpr)
			if !ok || nameOf(typ.X) != "audit" || typ.Sel.Name != "Entry" {
				return true
			}
			for _, e := range lit.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok && nameOf(kv.Key) == "Action" {
					all = append(all, kv.Value)
				}
			}
			return true
		})
	}
	return all
}

// putInto finds what is assigned to the variables, passed for the parameters
// and set in the fields of this name.
func putInto(files []sourceFile, name string) (all []ast.Expr) {
	places := map[string]int{} // function or struct type -> where in its list the name stands
	inspect := func(fn func(ast.Node)) {
		for _, f := range files {
			ast.Inspect(f.file, func(n ast.Node) bool { fn(n); return true })
		}
	}
	inspect(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.FuncDecl:
			note(places, n.Name.Name, n.Type.Params, name)
		case *ast.TypeSpec:
			if s, ok := n.Type.(*ast.StructType); ok {
				note(places, n.Name.Name, s.Fields, name)
			}
		}
	})
	inspect(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if nameOf(l) == name && len(n.Rhs) == len(n.Lhs) {
					all = append(all, n.Rhs[i])
				}
			}
		case *ast.CallExpr:
			if at, ok := places[nameOf(n.Fun)]; ok && at < len(n.Args) {
				all = append(all, n.Args[at])
			}
		case *ast.CompositeLit:
			at, ok := places[nameOf(n.Type)]
			for i, e := range n.Elts {
				if kv, keyed := e.(*ast.KeyValueExpr); keyed && nameOf(kv.Key) == name && ok {
					all = append(all, kv.Value)
				} else if !keyed && ok && i == at {
					all = append(all, e)
				}
			}
		}
	})
	return all
}

// note notes at which place of the list the name stands, if it does.
func note(places map[string]int, of string, list *ast.FieldList, name string) {
	at := 0
	for _, f := range list.List {
		for _, n := range f.Names {
			if n.Name == name {
				places[of] = at
			}
			at++
		}
	}
}

// nameOf is the last part of a name, "" of what is none.
func nameOf(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Ident:
		return n.Name
	case *ast.SelectorExpr:
		return n.Sel.Name
	}
	return ""
}

func stringOf(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// did is what the page says was done, a line for each entry: who, and what.
func did(r *apptest.Response) string {
	var all []string
	rows := r.OK().Find("main tbody tr")
	for i := range rows.Length() {
		cells := rows.Eq(i).Find("td")
		cells.Find("details").Remove()
		all = append(all, strings.Join(strings.Fields(cells.Find(".ttl").Text()+" "+cells.Eq(1).Text()), " "))
	}
	return strings.Join(all, "\n")
}

func says(t *testing.T, r *apptest.Response, want ...string) {
	t.Helper()
	if got := did(r); got != strings.Join(want, "\n") {
		t.Errorf("%s says\n%s\nnot\n%s", r.Path, got, strings.Join(want, "\n"))
	}
}

// The owner reads what happened in the account, a member what they did, and
// nobody what happened elsewhere.
func TestActivityTellsWhatHappenedInTheAccount(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, other := w.Account("Acme", "ann"), w.Account("Other", "sam")
		step := func() { w.Clock.Add(time.Minute) }
		noteLogin(t, acme)
		step()
		bob := acme.Member("bob", "domains")
		step()
		user, _ := acme.Owner.Get(acme.Path("/users")).Find("td a[href*='/users/']:not([href$='/remove'])").First().Attr("href")
		acme.Owner.Get(user).OK().Submit("main form", url.Values{"access": {"choose"}, "perm": {"domains", "emails"}}).SeeOther()
		step()
		acme.Owner.Get(acme.Path("/profile")).OK().Submit("main form", url.Values{"company": {"<b>Kiel</b>"}, "phone": {"+49 451 123456"}}).SeeOther()
		step()
		acme.Owner.Get(user+"/remove").OK().Submit("main form", nil).SeeOther()

		page := acme.Owner.Get(acme.Path("/activity"))
		anns := func(what string) string { return "Ann Owner (you) " + what }
		says(t, page,
			anns("removed the access of bob@example.com"),
			anns("changed the account's details: Company, Phone"),
			anns("gave bob@example.com View Emails"),
			"Bob Member accepted the invitation to bob@example.com",
			anns("invited bob@example.com: View Domains"),
			anns("logged in"),
			anns("opened the account"))
		page.Says("ann@example.com").Says("Before: (left empty)").Says("After: <b>Kiel</b>").HasNot("main dd b").SaysNot("Sam").SaysNot("[")
		page.Has("nav a[href='" + acme.Path("/activity") + "'][aria-current=page]")
		says(t, other.Owner.Get(other.Path("/activity")), "Sam Owner (you) opened the account")

		// The form narrows it, and so does the file.
		says(t, page.Submit("main form", url.Values{"area": {"account"}}), anns("changed the account's details: Company, Phone"), anns("opened the account"))
		former := page.Find("#person option:contains('no longer a member')").AttrOr("value", "")
		bobs := page.Submit("main form", url.Values{"person": {former}})
		says(t, bobs, "Bob Member accepted the invitation to bob@example.com")
		link := bobs.Find("main a[download]").AttrOr("href", "")
		file := acme.Owner.Get(link).OK()
		if got := file.Header.Get("Content-Disposition"); got != fmt.Sprintf(`attachment; filename="activity-%s.csv"`, acme.Number) {
			t.Errorf("the file is %s", got)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Body, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 2 || rows[1][1] != "Bob Member" || rows[1][6] != "127.0.0.x" || file.Header.Get("Content-Type") != "text/csv; charset=utf-8; header=present" {
			t.Errorf("the file of what Bob did is %q, %v, %v", rows, err, file.Header)
		}
		page.Submit("main form", url.Values{"person": {"support"}}).Says("Nothing happened in this period.")

		// Bob sees nothing here any more; as a member again he sees his own.
		bob.Get(acme.Path("/activity")).Is(404)
		bob.Get(acme.Path("/activity.csv")).Is(404)
		step()
		acme.Join(bob, "tickets")
		step()
		mine := bob.Get(acme.Path("/activity?person=support&period=all")).HasNot("#person")
		says(t, mine, "Bob Member (you) accepted the invitation to bob@example.com", "Bob Member (you) accepted the invitation to bob@example.com")
		mine.Says("127.0.0.1")
		bob.Get(acme.Path("/activity.csv")).OK().SaysNot("Ann")
	})
}

// noteLogin has the owner log in to the account, which is noted after the page
// was sent.
func noteLogin(t *testing.T, a *apptest.Account) {
	t.Helper()
	for range 1000 {
		if strings.Contains(did(a.Owner.Get(a.Path("/activity"))), "logged in") {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("the log in was not noted")
}
