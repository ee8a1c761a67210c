package access

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"atrium/base/db"
	"atrium/base/id"
)

// A plain account is what a search without any index looks at.
type plain struct {
	account id.Account
	terms   []string
	status  Status
	country string
}

// matches is the rule of AccountSearch, word by word.
func (p plain) matches(s AccountSearch) bool {
	for word := range strings.FieldsSeq(s.Text) {
		if !slices.ContainsFunc(p.terms, func(term string) bool { return strings.HasPrefix(term, word) }) {
			return false
		}
	}
	return (s.Status == "" || s.Status == p.status) && (s.Country == "" || s.Country == p.country)
}

// Whatever is searched for, by pages of any length: each account that matches is
// found once, and no other. There are many more accounts than are read at first for
// a page, and words that all, many, few and none of them have.
func TestASearchFindsWhatALookAtEveryAccountWould(t *testing.T) {
	const many = 260
	words := []string{"hosting", "host", "nord", "nordlicht", "amsel", "am", "kestrel", "ost", "west", "ann"}
	each(t, func(t *testing.T, w world) {
		r := rand.New(rand.NewPCG(11, 12))
		owners := []User{w.user("ann", ""), w.user("bob", ""), w.user("nora", "")}
		var all []plain
		for n := range many {
			name := []string{"hosting"}
			for range r.IntN(3) {
				name = append(name, words[r.IntN(len(words))])
			}
			owner := owners[r.IntN(len(owners))]
			p := plain{status: Active, country: []string{"DE", "PL", "FR"}[r.IntN(3)], terms: append(name, strings.ToLower(owner.FirstName), "example", "com")}
			w.do(func(tx *db.Tx) error {
				var err error
				p.account, err = OpenAccount(t.Context(), tx, owner.ID, NewAccount{Name: strings.Join(name, " "), Country: p.country})
				return err
			})
			if n%9 == 0 {
				p.status = Closed
				w.exec(`UPDATE accounts SET status = 'closed' WHERE account_id = $1`, p.account)
				w.do(func(tx *db.Tx) error { return IndexAccount(t.Context(), tx, p.account) })
			}
			p.terms = append(p.terms, p.account.String())
			all = append(all, p)
		}
		typed := append(words, "h", "n", "bob", "ex", "1", "nothing", "kes")
		for range 60 {
			var s AccountSearch
			for range 1 + r.IntN(3) {
				s.Text += typed[r.IntN(len(typed))] + " "
			}
			s.Status = []Status{"", "", Active, Closed}[r.IntN(4)]
			s.Country = []string{"", "", "PL"}[r.IntN(3)]
			var want []id.Account
			for _, p := range all {
				if p.matches(s) {
					want = append(want, p.account)
				}
			}
			limit := []int{7, 50}[r.IntN(2)]
			got, pages := w.found(s, limit)
			slices.Sort(got)
			if !slices.Equal(got, want) || pages > len(want)/limit+2 {
				t.Errorf("%s: on %d pages of %d it finds %v, not %v", fmt.Sprintf("%+v", s), pages, limit, got, want)
			}
		}
	})
}
