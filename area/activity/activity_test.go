package activity

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/settings"
	"atrium/base/settings/settingstest"
)

// subjects joins those of a list's entries.
func subjects(entries []Entry) string {
	var all []string
	for _, e := range entries {
		all = append(all, e.Subject)
	}
	return strings.Join(all, " ")
}

func (w world) sees(in access.Member, f Filter, want string) {
	w.Helper()
	list, err := w.List(w.Context(), in, f)
	w.must(err)
	if got := subjects(list.Entries); got != want {
		w.Errorf("%+v shows %q, want %q", f, got, want)
	}
	file := w.file(in, f)
	if got := subjects(file); got != want {
		w.Errorf("the file of %+v has %q, want %q", f, got, want)
	}
}

// file is all that the file would have.
func (w world) file(in access.Member, f Filter) (all []Entry) {
	w.Helper()
	w.must(w.Export(w.Context(), in, f, func(entries []Entry) error {
		if len(entries) > fileBatch {
			w.Errorf("%d entries are in memory at once", len(entries))
		}
		all = append(all, entries...)
		return nil
	}))
	return all
}

// A file goes on beyond what is in memory at once, without gaps and doubles among
// equal times, and stops when it can't be written.
func TestTheFileHasEverything(t *testing.T) {
	each(t, func(w world) {
		const all = 2*fileBatch + 7
		var rows []row
		for n := range all {
			rows = append(rows, row{action: "member.login", subject: fmt.Sprint(n), ago: time.Duration(n%3) * time.Hour})
		}
		w.add(w.ann, rows...)
		seen := map[string]bool{}
		for _, e := range w.file(w.ann, Filter{}) {
			if seen[e.Subject] {
				w.Errorf("%s is there twice", e.Subject)
			}
			seen[e.Subject] = true
		}
		if len(seen) != all {
			w.Errorf("the file has %d of %d", len(seen), all)
		}
		full, calls := errors.New("the browser has gone"), 0
		err := w.Export(w.Context(), w.ann, Filter{}, func([]Entry) error { calls++; return full })
		if !errors.Is(err, full) || calls != 1 {
			w.Errorf("after %d batches: %v", calls, err)
		}
	})
}

func TestTheOwnerSeesEverythingAndMembersTheirOwn(t *testing.T) {
	each(t, func(w world) {
		w.add(w.ann, row{action: "member.login", subject: "ann1", ago: 3 * time.Hour}, row{action: "member.removed", subject: "ann2", ago: time.Hour})
		w.add(w.bob, row{action: "member.login", subject: "bob", ago: 2 * time.Hour})
		w.add(w.ann, row{by: access.Anonymous, action: "invitation.declined", subject: "guest", ago: 4 * time.Hour},
			row{by: access.ByStaff, name: "Stan", action: "account.details", subject: "staff", ago: 5 * time.Hour})
		w.add(w.other, row{action: "member.login", subject: "elsewhere"})

		w.sees(w.ann, Filter{}, "ann2 bob ann1 guest staff")
		w.sees(w.bob, Filter{}, "bob")
		w.sees(w.other, Filter{}, "elsewhere")

		// A filter narrows what one may see and never widens it.
		w.sees(w.bob, Filter{User: w.ann.Actor().User}, "bob")
		w.sees(w.bob, Filter{Support: true}, "bob")
		list, err := w.List(w.Context(), w.bob, Filter{})
		w.must(err)
		if len(list.People) != 0 {
			w.Errorf("a member is told of %v", list.People)
		}
	})
}

func TestFilters(t *testing.T) {
	each(t, func(w world) {
		w.add(w.ann, row{action: "member.login", subject: "login"}, row{action: "invitation.sent", subject: "users", ago: 8 * day},
			row{action: "account.details", subject: "account", ago: 31 * day}, row{action: "of.the-future", subject: "unknown", ago: 100 * day})
		w.add(w.bob, row{action: "member.login", subject: "bob", ago: 7 * day}, row{action: "member.left", subject: "left", ago: 7*day + time.Second})
		w.add(w.ann, row{by: access.ByStaff, name: "Stan", action: "account.details", subject: "staff", ago: 170 * day})

		w.sees(w.ann, Filter{}, "login bob left users account unknown staff")
		w.sees(w.ann, Filter{Days: 7}, "login bob")
		w.sees(w.ann, Filter{Days: 30}, "login bob left users")
		w.sees(w.ann, Filter{Area: LogIns}, "login bob")
		w.sees(w.ann, Filter{Area: Users}, "left users")
		w.sees(w.ann, Filter{Area: Account}, "account staff")
		w.sees(w.ann, Filter{User: w.bob.Actor().User}, "bob left")
		w.sees(w.ann, Filter{User: w.bob.Actor().User, Area: LogIns, Days: 7}, "bob")
		w.sees(w.ann, Filter{Support: true}, "staff")
		w.sees(w.ann, Filter{Support: true, Days: 30}, "")
	})
}

func TestMembersSeeAsFarBackAsTheHostSays(t *testing.T) {
	each(t, func(w world) {
		w.add(w.ann, row{action: "member.login", subject: "fresh"}, row{action: "member.login", subject: "old", ago: 100 * day},
			row{action: "member.login", subject: "older", ago: 181 * day})
		w.sees(w.ann, Filter{}, "fresh old")
		settingstest.Set(w, w.db, w.settings, func(r *settings.Retention) { r.ActivityShown = 60 })
		w.sees(w.ann, Filter{}, "fresh")
		w.sees(w.ann, Filter{Days: 90}, "fresh")
		settingstest.Set(w, w.db, w.settings, func(r *settings.Retention) { r.ActivityShown = 3650 })
		w.sees(w.ann, Filter{}, "fresh old older")
	})
}

func TestPagesHaveNoGapsAndNoDoublesAmongEqualTimes(t *testing.T) {
	each(t, func(w world) {
		const all = 3*pageSize + 7
		var rows []row
		for n := range all {
			rows = append(rows, row{action: "member.login", subject: fmt.Sprint(n), ago: time.Duration(n%3) * time.Hour}) // ids and times disagree
		}
		w.add(w.ann, rows...)
		seen := map[string]bool{}
		var last audit.Mark
		pages := 0
		for at := readWish(query(nil)); ; pages++ {
			list, err := w.List(w.Context(), w.ann, at.filter())
			w.must(err)
			for _, e := range list.Entries {
				if seen[e.Subject] {
					w.Errorf("%s is there twice", e.Subject)
				}
				if m := e.Mark(); last != (audit.Mark{}) && (m.At.After(last.At) || m.At.Equal(last.At) && m.ID >= last.ID) {
					w.Errorf("%v comes after %v", m, last)
				}
				seen[e.Subject], last = true, e.Mark()
			}
			if list.Next == (audit.Mark{}) {
				break
			}
			at = readWish(query(map[string]string{"before": formatMark(list.Next)}))
		}
		if len(seen) != all || pages != 3 {
			w.Errorf("%d of %d entries were on %d full pages", len(seen), all, pages)
		}
		file := w.file(w.ann, Filter{Before: last})
		if len(file) != all {
			w.Errorf("the file has %d of %d", len(file), all)
		}
	})
}

func TestAPageThatIsJustFullHasNoNext(t *testing.T) {
	each(t, func(w world) {
		w.add(w.ann, make([]row, pageSize)...)
		list, err := w.List(w.Context(), w.ann, Filter{})
		w.must(err)
		if len(list.Entries) != pageSize || list.Next != (audit.Mark{}) {
			w.Errorf("%d entries, then %v", len(list.Entries), list.Next)
		}
	})
}

func TestWhereOthersWereIsShortenedAndStaffAreSupport(t *testing.T) {
	each(t, func(w world) {
		w.add(w.ann, row{action: "member.login", ip: "198.51.100.17"})
		w.add(w.bob, row{action: "member.login", ip: "203.0.113.9", ago: time.Hour})
		w.add(w.ann, row{by: access.ByStaff, name: "Stan Staff", action: "account.details", ip: "192.0.2.1", ago: 2 * time.Hour})
		list, err := w.List(w.Context(), w.ann, Filter{})
		w.must(err)
		mine, bobs, staffs := list.Entries[0], list.Entries[1], list.Entries[2]
		if !mine.Mine || mine.IP != "198.51.100.17" || mine.Email != "Ann@example.com" {
			w.Errorf("Ann sees of herself %+v", mine)
		}
		if bobs.Mine || bobs.IP != "203.0.113.x" || bobs.Name != "Bob Archer" || bobs.Email != "Bob@example.com" {
			w.Errorf("Ann sees of Bob %+v", bobs)
		}
		if staffs.Name+staffs.IP+staffs.Agent+staffs.Email != "" || staffs.Staff != 0 {
			w.Errorf("Ann sees of staff %+v", staffs)
		}
		own, err := w.List(w.Context(), w.bob, Filter{})
		w.must(err)
		if e := own.Entries[0]; !e.Mine || e.IP != "203.0.113.9" {
			w.Errorf("Bob sees of himself %+v", e)
		}
	})
}

func TestPeopleAreThoseWhoDidSomethingFormerMembersToo(t *testing.T) {
	each(t, func(w world) {
		w.add(w.ann, row{action: "member.login"}, row{by: access.Anonymous, action: "invitation.declined"})
		w.add(w.bob, row{action: "member.login", name: "Bob Baker", ago: time.Hour}, row{action: "member.login", ago: 2 * time.Hour})
		w.add(w.other, row{action: "member.login"})
		people := func(want ...string) {
			w.Helper()
			list, err := w.List(w.Context(), w.ann, Filter{})
			w.must(err)
			got := map[string]bool{}
			for _, p := range list.People {
				got[p.Name+" "+p.Email] = true
			}
			for _, p := range want {
				if !got[p] || len(got) != len(want) {
					w.Errorf("there are %v, want %v", got, want)
				}
			}
		}
		people("Ann Archer Ann@example.com", "Bob Baker Bob@example.com")
		w.write(func(tx *db.Tx) error {
			return access.RemoveMember(w.Context(), tx, w.bob.Account(), w.bob.Actor().User)
		})
		people("Ann Archer Ann@example.com", "Bob Baker ")
	})
}
