package sharing_test

import (
	"fmt"
	"slices"
	"testing"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/test/apptest"
)

// texts are what a selector finds on a page.
func texts(page *apptest.Response, selector string) []string {
	var all []string
	for _, found := range page.Find(selector).EachIter() {
		all = append(all, found.Text())
	}
	return all
}

// next follows a link to another page of a list, which must be there.
func next(t *testing.T, p *apptest.Person, page *apptest.Response, path, rel string) *apptest.Response {
	t.Helper()
	href, ok := page.Find(".pager a[rel=" + rel + "]").Attr("href")
	if !ok {
		t.Fatalf("there is no page %s", rel)
	}
	return p.Get(path + href).OK()
}

// crowded adds members, and accounts that the owner was invited to, one each.
func crowded(t *testing.T, w *apptest.World, acme *apptest.Account, many int) {
	t.Helper()
	err := w.App.DB.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
		ann, err := access.FindOwner(t.Context(), tx, acme.Number)
		for n := range many {
			if err != nil {
				return err
			}
			email, _ := access.ParseEmail(fmt.Sprintf("member%d@example.com", n))
			u, e := access.NewUser(t.Context(), tx, email, "", access.User{FirstName: fmt.Sprintf("Zora %d", n), Language: "en", TimeZone: "UTC"})
			if e != nil {
				return e
			}
			if err = access.AddMember(t.Context(), tx, acme.Number, u.ID, access.Everything, ""); err != nil {
				return err
			}
			account, e := access.OpenAccount(t.Context(), tx, u.ID, access.NewAccount{Name: fmt.Sprintf("Zürich %d", n), Country: "CH", Language: "en", TimeZone: "UTC"})
			if e != nil {
				return e
			}
			err = access.AddMember(t.Context(), tx, account, ann.User, access.Everything, "")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestUserManagementHasPagesAndASearch(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		crowded(t, w, acme, 60)
		for who, path := range map[*apptest.Person]string{acme.Owner: acme.Path("/users"), w.Staff("sue"): "/staff/accounts/" + acme.Number.String() + "/users"} {
			first := who.Get(path).OK().Says("61").HasNot("a[rel=prev]")
			second := next(t, who, first, path, "next")
			third := next(t, who, second, path, "next")
			third.HasNot("a[rel=next]")
			var names []string
			for _, page := range []*apptest.Response{first, second, third} {
				names = append(names, texts(page, "#users tbody .who .ttl")...)
			}
			if len(names) != 61 || len(slices.Compact(slices.Clone(names))) != 61 {
				t.Errorf("%d members are listed: %q", len(names), names)
			}
			if again := next(t, who, second, path, "prev"); !slices.Equal(texts(again, "#users .ttl"), texts(first, "#users .ttl")) {
				t.Error("back on the first page others are listed")
			}
			for _, beyond := range []string{"?page=4", "?page=0", "?page=-1", "?page=x", "?page=99999999999999999999"} {
				if got := texts(who.Get(path+beyond).OK(), "#users .ttl"); !slices.Equal(got, texts(first, "#users .ttl")) {
					t.Errorf("%s lists %q", beyond, got)
				}
			}
			found := who.Get(path + "?q=ZORA+1").OK().HasNot(".pager")
			if got := texts(found, "#users tbody .who .ttl"); len(got) != 11 {
				t.Errorf("found %q", got)
			}
			if got := texts(next(t, who, who.Get(path+"?q=zora").OK(), path, "next"), "#users tbody .who .ttl"); len(got) != 25 {
				t.Errorf("found on the second page: %q", got)
			}
			if got := texts(who.Get(path+"?q=member59@").OK(), "#users tbody .who .ttl"); len(got) != 1 {
				t.Errorf("found by address: %q", got)
			}
		}
		acme.Owner.Get(acme.Path("/")).OK().Says("61")
		if got := texts(acme.Owner.Get(acme.Path("/")), "section[aria-labelledby=h-people] .ttl"); len(got) != 5 {
			t.Errorf("Home lists %q", got)
		}
	})
}

func TestSwitchAccountHasPagesAndASearch(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		crowded(t, w, acme, 30)
		ann := acme.Owner
		first := ann.Get("/accounts").OK().Says("31")
		second := next(t, ann, first, "/accounts", "next").HasNot("a[rel=next]")
		names := append(texts(first, "#accounts a.go"), texts(second, "#accounts a.go")...)
		want := []string{"Acme"}
		for n := range 30 {
			want = append(want, fmt.Sprintf("Zürich %d", n))
		}
		if !slices.Equal(names, want) {
			t.Errorf("listed %q", names)
		}
		if again := next(t, ann, second, "/accounts", "prev"); !slices.Equal(texts(again, "#accounts a.go"), want[:25]) {
			t.Error("back on the first page others are listed")
		}
		number := acme.Number.String()
		for text, want := range map[string][]string{
			"acme": {"Acme"}, "zurich+29": {"Zürich 29"}, "29+ZÜR": {"Zürich 29"}, "%23" + number: {"Acme"}, number: {"Acme"}, "nowhere": nil, "zürich+%29": nil,
			"rich+2": {"Zürich 2", "Zürich 12", "Zürich 20", "Zürich 21", "Zürich 22", "Zürich 23", "Zürich 24", "Zürich 25", "Zürich 26", "Zürich 27", "Zürich 28", "Zürich 29"},
		} {
			if got := texts(ann.Get("/accounts?q="+text).OK(), "#accounts a.go"); !slices.Equal(got, want) {
				t.Errorf("%s finds %q, not %q", text, got, want)
			}
		}
		if got := texts(next(t, ann, ann.Get("/accounts?q=rich").OK(), "/accounts", "next"), "#accounts a.go"); len(got) != 5 {
			t.Errorf("found on the second page: %q", got)
		}
		if got := texts(w.Account("Other", "eve").Owner.Get("/accounts?q=acme").OK(), "#accounts a.go"); len(got) != 0 {
			t.Errorf("somebody else finds %q", got)
		}
	})
}
