package activity

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
)

// crowd adds members to the first account, each of whom did one thing, the last of
// them first.
func (w world) crowd(many int) []access.Member {
	w.Helper()
	var all []access.Member
	for n := range many {
		u, token := w.login(fmt.Sprintf("Zora%02d", n))
		w.write(func(tx *db.Tx) error {
			return access.AddMember(w.Context(), tx, w.ann.Account(), u, access.Everything, "")
		})
		in := w.enter(token, w.ann.Account())
		w.add(in, row{action: "member.login", subject: fmt.Sprint(n), ago: time.Duration(n) * time.Hour})
		all = append(all, in)
	}
	return all
}

func TestOfManyPeopleOneLooksForThoseToChoose(t *testing.T) {
	each(t, func(w world) {
		crowd := w.crowd(fewPeople + 5)
		w.add(w.ann, row{action: "member.login", subject: "ann", ago: 90 * time.Hour})
		chosen := func(f Filter, entries string, names ...string) {
			w.Helper()
			list, err := w.List(w.Context(), w.ann, f)
			w.must(err)
			var got, subjects []string
			for _, p := range list.People {
				got = append(got, strings.TrimSuffix(p.Name, " Archer"))
			}
			slices.Sort(got)
			for _, e := range list.Entries {
				subjects = append(subjects, e.Subject)
				if e.Email == "" {
					w.Errorf("%s has no address", e.Name)
				}
			}
			if !slices.Equal(got, names) || !list.Many {
				w.Errorf("of %+v there are to choose from %q, not %q", f, got, names)
			}
			if all := strings.Join(subjects, " "); entries != "" && all != entries {
				w.Errorf("%+v shows %q, not %q", f, all, entries)
			}
		}
		var latest []string
		for n := range fewPeople {
			latest = append(latest, fmt.Sprintf("Zora%02d", n))
		}
		chosen(Filter{}, "", latest...)
		chosen(Filter{Find: "ZORA 07"}, "7", "Zora07")
		chosen(Filter{Find: "zora07@"}, "7", "Zora07")
		chosen(Filter{Find: "zora07", Support: true}, "7", "Zora07")
		chosen(Filter{Find: "ora1", User: crowd[3].Actor().User, Days: 7}, "", "Zora10", "Zora11", "Zora12", "Zora13", "Zora14", "Zora15", "Zora16", "Zora17", "Zora18", "Zora19")
		chosen(Filter{Find: "ora2", User: crowd[21].Actor().User}, "21", "Zora20", "Zora21", "Zora22", "Zora23", "Zora24")
		chosen(Filter{Find: "nobody"}, "")
		chosen(Filter{User: crowd[24].Actor().User}, "24", "Zora24")
		chosen(Filter{User: w.ann.Actor().User, Days: 1}, "", "Ann")
		chosen(Filter{User: id.User(1)}, "")
		elsewhere, _ := w.login("Eve")
		chosen(Filter{User: elsewhere}, "") // whoever did nothing here is not named
		w.sees(w.bob, Filter{Find: "ann"}, "")
	})
}
