package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// found pages through a search and lists all hits.
func (w world) found(s AccountSearch, limit int) (all []id.Account, pages int) {
	w.t.Helper()
	for pages == 0 || s.After != "" {
		list, next, err := FindAccounts(w.t.Context(), w.DB, s, limit)
		ok(w.t, err)
		for _, l := range list {
			all = append(all, l.Account)
		}
		s.After, pages = next, pages+1
	}
	return all, pages
}

func (w world) wantFound(s AccountSearch, want ...id.Account) {
	w.t.Helper()
	for _, limit := range []int{1, 50} {
		got, _ := w.found(s, limit)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			w.t.Errorf("%+v, by %d, finds %v, not %v", s, limit, got, want)
		}
	}
}

// misfiled fails the test unless everybody is found by what they are called.
func (w world) misfiled() {
	w.t.Helper()
	if n, err := MisfiledTerms(w.t.Context(), w.Across()); err != nil || n != 0 {
		w.t.Errorf("%d are filed under other terms, %v", n, err)
	}
}

func TestEveryWordTypedBeginsATermOfTheAccount(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob := w.user("ann", ""), w.user("bob", "")
		w.do(func(tx *db.Tx) error {
			return SetEmail(t.Context(), tx, bob.ID, email(t, "Bob.Baker+web@mail.Bäckerei.example"))
		})
		for _, name := range []string{"Nordlicht Studio", "Äpfel & Birnen", "1&1 Nachbau", "100% Bio"} {
			w.open(ann, name)
		}
		w.open(bob, "Café Amsel Nordlicht")
		for text, want := range map[string][]id.Account{
			"":                              {10001, 10002, 10003, 10004, 10005},
			"10002":                         {10002},
			" #10002 ":                      {10002},
			"1000":                          {10001, 10002, 10003, 10004, 10005},
			"1":                             {10001, 10002, 10003, 10004, 10005},
			"nordLICHT":                     {10001, 10005},
			"nord stud":                     {10001},
			"stud nord":                     {10001},
			"stud nord ann":                 {10001},
			"stud nord bob":                 nil,
			"licht":                         nil,
			"äPFEL":                         {10002},
			"a\u0308pfel":                   {10002},
			"apfel":                         nil,
			"ä":                             {10002},
			"100%":                          {10001, 10002, 10003, 10004, 10005},
			"100% bio":                      {10004},
			"!?":                            nil,
			"@":                             nil,
			"ANN@example.com":               {10001, 10002, 10003, 10004},
			"ann@ex":                        {10001, 10002, 10003, 10004},
			"@example.com":                  {10001, 10002, 10003, 10004},
			"example.com":                   {10001, 10002, 10003, 10004},
			"eve@example.com":               nil,
			"bob.baker":                     {10005},
			"web@mail":                      nil,
			"bob.baker+web@mail.bäckerei":   {10005},
			"@mail.bäckerei.example":        {10005},
			"@mail.xn--bckerei-5wa.example": {10005},
			"BÄCKEREI":                      {10005},
			"bob@example.com":               nil, // former
			"=active":                       nil,
			strings.Repeat("n ", 40):        {10001, 10003, 10005},
		} {
			w.wantFound(AccountSearch{Text: text}, want...)
		}
		w.misfiled()
	})
}

func TestAWholeWordIsFoundBeforeLongerOnes(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		for _, name := range []string{"Bergmann", "Berge", "Berg", "Bergen Berg"} {
			w.open(ann, name)
		}
		if got, _ := w.found(AccountSearch{Text: "berg"}, 50); !slices.Equal(got, []id.Account{10003, 10004, 10002, 10001}) {
			t.Errorf("found in the order %v", got)
		}
		if got, _ := w.found(AccountSearch{}, 2); !slices.Equal(got, []id.Account{10004, 10003, 10002, 10001}) {
			t.Errorf("without a text in the order %v", got)
		}
	})
}

func TestAccountsAreFilteredByStatusCountryAndDay(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		day := w.clock.Now()
		w.open(ann, "Nordlicht")
		w.clock.Add(48 * time.Hour)
		w.open(ann, "Nordwind")
		w.open(ann, "Amsel")
		for a, set := range map[id.Account]string{10001: `status = 'closed'`, 10003: `country = 'PL'`} {
			w.exec(`UPDATE accounts SET `+set+` WHERE account_id = $1`, a)
			w.do(func(tx *db.Tx) error { return IndexAccount(t.Context(), tx, a) })
		}
		later := day.Add(24 * time.Hour)
		w.wantFound(AccountSearch{Status: Closed}, 10001)
		w.wantFound(AccountSearch{Status: Active}, 10002, 10003)
		w.wantFound(AccountSearch{Status: Inactive})
		w.wantFound(AccountSearch{Country: "DE"}, 10001, 10002)
		w.wantFound(AccountSearch{Country: "DE", Status: Active}, 10002)
		w.wantFound(AccountSearch{Since: day}, 10001, 10002, 10003)
		w.wantFound(AccountSearch{Since: later}, 10002, 10003)
		w.wantFound(AccountSearch{Since: later.AddDate(1, 0, 0)})
		w.wantFound(AccountSearch{Text: "nord", Since: later}, 10002)
		w.wantFound(AccountSearch{Text: "nord", Country: "DE"}, 10001, 10002)
		if got, _ := w.found(AccountSearch{Country: "DE"}, 1); !slices.Equal(got, []id.Account{10002, 10001}) {
			t.Errorf("a filter alone finds in the order %v", got)
		}
	})
}

func TestAccountsAreFilteredByTheirOwnersTwoStepLogin(t *testing.T) {
	eachFactory(t, func(t *testing.T, f *factory) {
		w := f.world
		bob := w.user("bob", "")
		anns, bobs := w.open(f.ann, "Nordlicht"), w.open(bob, "Nordwind")
		w.join(bobs, f.ann, Everything) // members don't count
		w.wantFound(AccountSearch{TwoStep: On}, anns)
		w.wantFound(AccountSearch{TwoStep: Off}, bobs)
		w.wantFound(AccountSearch{TwoStep: Off, Text: "nord", Country: "DE"}, bobs)
		w.wantFound(AccountSearch{Text: "off"})
		w.wantFound(AccountSearch{Text: ";off"})
		w.do(func(tx *db.Tx) error { _, err := f.two.TurnOff(t.Context(), tx, f.ann.Holder()); return err })
		w.wantFound(AccountSearch{TwoStep: On})
		w.wantFound(AccountSearch{TwoStep: Off}, anns, bobs)
		f.turnOn(bob.Holder())
		w.wantFound(AccountSearch{TwoStep: On}, bobs)
		w.misfiled()
	})
}

func TestAMarkOfAnotherSearchBeginsAnew(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		w.open(ann, "Nordlicht")
		w.open(ann, "Amsel")
		for _, after := range []string{"x", "0 1 a", "7 1 nord", "-1 1 nord", "0 x nord", "0 1 z", "1 2"} {
			w.wantFound(AccountSearch{Text: "nord", After: after}, 10001)
		}
	})
}

// In a crowd a page reads no more than a thousand terms, and what comes after
// them is on the pages after it.
func TestASearchOfManyAccountsGoesOnWhereItStopped(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		const many, limit = 1500, 50
		w.do(func(tx *db.Tx) error {
			for n := range many {
				name := fmt.Sprintf("Hosting Nr%d", n)
				if n%700 == 0 {
					name += " Kestrel"
				}
				if _, err := OpenAccount(t.Context(), tx, ann.ID, NewAccount{Name: name, Country: "DE"}); err != nil {
					return err
				}
			}
			return nil
		})
		for _, c := range []struct {
			text  string
			hits  int
			pages int
		}{{"h", many, many / limit}, {"hosting", many, many / limit}, {"hosting kes", 3, 1}, {"ann kest host", 3, 1}, {"hos an", many, many/limit + 1}, {"host eve", 0, 1}} {
			got, pages := w.found(AccountSearch{Text: c.text, Status: Active}, limit)
			slices.Sort(got)
			if len(slices.Compact(got)) != c.hits || len(got) != c.hits || pages > c.pages+2 {
				t.Errorf("%q finds %d on %d pages, not %d on %d", c.text, len(got), pages, c.hits, c.pages)
			}
		}
	})
}

func TestUsersAreFoundByWordsOfNameAndAddress(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob, eve := w.user("ann", ""), w.user("bob", ""), w.user("eve", "")
		w.open(bob, "Acme")
		w.do(func(tx *db.Tx) error {
			eve.FirstName, eve.LastName = "Ève", "Östlund Berg"
			return SetProfile(t.Context(), tx, eve)
		})
		for text, want := range map[string]string{
			"": "ann bob Ève", "a": "ann", "ÖSTL": "Ève", "berg èv": "Ève", "eve@ex": "Ève", "@example": "ann bob Ève", "com": "ann bob Ève", "!": "", "ann bob": "",
		} {
			for _, limit := range []int{1, 50} {
				var names []string
				for after, first := "", true; first || after != ""; first = false {
					list, next, err := SearchUsers(t.Context(), w.DB, text, after, limit)
					ok(t, err)
					for _, u := range list {
						first, _, _ := strings.Cut(u.Name, " ")
						names = append(names, first)
					}
					after = next
				}
				slices.Sort(names)
				if got := strings.Join(names, " "); got != want {
					t.Errorf("%q finds %q", text, got)
				}
			}
		}
		list, _, err := SearchUsers(t.Context(), w.DB, "bob", "", 50)
		if err != nil || len(list) != 1 || list[0].User != bob.ID || list[0].Name != bob.Name() || list[0].Email != bob.Email || list[0].Accounts != 1 {
			t.Errorf("found %+v, %v; not %+v", list, err, bob)
		}
		_ = ann
		w.misfiled()
	})
}

func TestTermsFollowTheNamesOfOwnerAndAccount(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob := w.user("ann", ""), w.user("bob", "")
		acme, other := w.open(ann, "Acme"), w.open(bob, "Other Ann")
		w.join(other, ann, Everything)
		w.do(func(tx *db.Tx) error {
			ann.LastName = "Zimmer"
			return SetProfile(t.Context(), tx, ann)
		})
		w.wantFound(AccountSearch{Text: "zim"}, acme)
		w.do(func(tx *db.Tx) error { return SetEmail(t.Context(), tx, ann.ID, email(t, "zoe@zimmer.example")) })
		w.wantFound(AccountSearch{Text: "@zimmer.example"}, acme)
		w.wantFound(AccountSearch{Text: "ann@example.com"}, acme) // where its own mails still go
		w.wantFound(AccountSearch{Text: "ann"}, acme, other)
		w.misfiled()
		for _, account := range []id.Account{acme, other} {
			w.exec(`UPDATE accounts SET email = 'office@house.example', email_key = 'office@house.example' WHERE account_id = $1`, account)
			w.do(func(tx *db.Tx) error { return IndexAccount(t.Context(), tx, account) })
		}
		w.wantFound(AccountSearch{Text: "ann@example.com"})
		w.wantFound(AccountSearch{Text: "@house.example"}, acme, other)
		w.misfiled()
		w.exec(`UPDATE memberships SET owner = FALSE WHERE account_id = $1 AND user_id = $2`, other, bob.ID)
		w.exec(`UPDATE memberships SET owner = TRUE WHERE account_id = $1 AND user_id = $2`, other, ann.ID)
		if n, err := MisfiledTerms(t.Context(), w.Across()); err != nil || n != 1 {
			t.Errorf("of another owner %d are misfiled, %v", n, err)
		}
		w.do(func(tx *db.Tx) error { return IndexAccount(t.Context(), tx, other) })
		w.wantFound(AccountSearch{Text: "zoe@"}, acme, other)
		w.wantFound(AccountSearch{Text: "bob"})
		w.misfiled()
		w.exec(`INSERT INTO account_terms (term, account_id) VALUES ('x', 99999)`)
		w.exec(`INSERT INTO user_terms (term, user_id) VALUES ('x', 99999)`)
		if n, err := MisfiledTerms(t.Context(), w.Across()); err != nil || n != 2 {
			t.Errorf("terms of nobody: %d, %v", n, err)
		}
	})
}

func TestADatabaseWithoutTermsIsFilledInSteps(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		const many = fillAtOnce + 7
		w.do(func(tx *db.Tx) error {
			for n := range many {
				u, err := NewUser(t.Context(), tx, email(t, fmt.Sprintf("u%d@example.com", n)), "", User{FirstName: "U"})
				if err != nil {
					return err
				}
				if _, err := OpenAccount(t.Context(), tx, u.ID, NewAccount{Name: fmt.Sprintf("Acme %d", n), Country: "DE"}); err != nil {
					return err
				}
			}
			return nil
		})
		w.exec(`DELETE FROM account_terms WHERE account_id > 0`)
		w.exec(`DELETE FROM user_terms`)
		w.exec(`UPDATE user_lines SET name_key = ''`)
		w.exec(`UPDATE account_lines SET name_key = ''`)
		w.exec(`UPDATE memberships SET listed = '' WHERE account_id > 0`)
		w.exec(`UPDATE user_accounts SET listed = '' WHERE account_id > 0`)
		w.wantFound(AccountSearch{Text: "acme"})
		ok(t, FillTerms(t.Context(), w.DB))
		w.misfiled()
		w.wantLines()
		w.wantFound(AccountSearch{Text: "u500@example.com acme 500"}, 10501)
		w.exec(`DELETE FROM account_terms WHERE account_id > 0`)
		ok(t, FillTerms(t.Context(), w.DB)) // it is done once
		w.wantFound(AccountSearch{Text: "acme"})
	})
}
