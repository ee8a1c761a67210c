package staff_test

import (
	"net/url"
	"strings"
	"sync"
	"testing"

	"atrium/area/staff"
	"atrium/base/access"
	"atrium/base/access/accesstest"
	"atrium/base/db"
	"atrium/fault"
	"atrium/test/apptest"
)

// administrator is somebody on the staff who can log in, with the proof that
// says who is staff.
func (w world) administrator(first string) access.Staff[access.ManageStaff] {
	w.Helper()
	w.must(w.SetPassword(w.Context(), w.add(first+"@host.example", first), password, from("192.0.2.1")))
	email, _ := access.ParseEmail(first + "@host.example")
	p, _, err := access.FindStaffByEmail(w.Context(), w.db.Auto(), email)
	w.must(err)
	var t access.Token
	w.must(w.db.WriteGlobal(w.Context(), db.Lock{}, func(tx *db.Tx) (err error) {
		t, err = accesstest.StaffSession(w.Context(), tx, p)
		return err
	}))
	s, err := access.FindStaffSession(w.Context(), w.db, access.DefaultLives(), t)
	w.must(err)
	in, err := access.EnterStaff[access.ManageStaff](s, "192.0.2.1", "Firefox")
	w.must(err)
	return in
}

func TestOfTwoAdministratorsWhoTakeEachOthersRoleOneStays(t *testing.T) {
	each(t, func(w world) {
		for _, take := range []func(in access.Staff[access.ManageStaff], p access.StaffID) error{
			func(in access.Staff[access.ManageStaff], p access.StaffID) error {
				return w.Change(w.Context(), in, p, w.post(p), staff.Post{Name: "X", Role: access.ReadOnly})
			},
			func(in access.Staff[access.ManageStaff], p access.StaffID) error {
				return w.Deactivate(w.Context(), in, p)
			},
		} {
			w.must(w.db.WriteGlobal(w.Context(), db.Lock{}, func(tx *db.Tx) error {
				_, err := tx.Exec(w.Context(), `UPDATE staff SET disabled_at = 1`)
				return err
			}))
			two := []access.Staff[access.ManageStaff]{w.administrator("a" + rand()), w.administrator("b" + rand())}
			results := make([]error, 2)
			var group sync.WaitGroup
			for i, in := range two {
				group.Go(func() { results[i] = take(in, two[1-i].Person().ID) })
			}
			group.Wait()
			if (results[0] == nil) == (results[1] == nil) {
				t.Errorf("they are told %v and %v", results[0], results[1])
			}
			n, err := db.One(w.Context(), w.db.Auto(), func(r db.Row) (int64, error) { var n int64; err := r.Scan(&n); return n, err },
				`SELECT count(*) FROM staff WHERE role = 'administrator' AND disabled_at = 0`)
			if err != nil || n != 1 {
				t.Errorf("%d administrators are left, %v", n, err)
			}
		}
	})
}

// post is what a form shows of somebody now.
func (w world) post(p access.StaffID) staff.Post {
	now, err := access.FindStaff(w.Context(), w.db.Auto(), p)
	if err != nil {
		w.Error(err)
	}
	return staff.Post{Name: now.Name, Role: now.Role}
}

func TestWhoShowsAnOlderStateOfAColleagueChangesNothing(t *testing.T) {
	each(t, func(w world) {
		ann, bob := w.administrator("ann"), w.administrator("bob")
		seen := w.post(bob.Person().ID)
		w.must(w.Change(w.Context(), ann, bob.Person().ID, seen, staff.Post{Name: "Bob", Role: access.Billing}))
		err := w.Change(w.Context(), ann, bob.Person().ID, seen, staff.Post{Name: "Bob", Role: access.Support})
		if fault.CodeOf(err) != "staff.changed" || w.post(bob.Person().ID).Role != access.Billing {
			t.Errorf("the second is told %v", err)
		}
	})
}

func rand() string { return strings.ToLower(access.NewSecret().Reveal()[:4]) }

func TestTheLastAdministratorStaysAndNobodyChangesThemselves(t *testing.T) {
	each(t, func(w world) {
		ann, bob := w.administrator("ann"), w.administrator("bob")
		for what, err := range map[string]error{
			"their own role":      w.Change(w.Context(), ann, ann.Person().ID, w.post(ann.Person().ID), staff.Post{Name: "Ann", Role: access.Support}),
			"their own login":     w.Deactivate(w.Context(), ann, ann.Person().ID),
			"their own two steps": w.ResetTwoStep(w.Context(), ann, ann.Person().ID, "because"),
		} {
			if fault.CodeOf(err) != "staff.self" {
				t.Errorf("%s: %v", what, err)
			}
		}
		w.must(w.Change(w.Context(), ann, ann.Person().ID, w.post(ann.Person().ID), staff.Post{Name: "Ann Archer", Role: access.Administrator})) // the name is one's own
		w.must(w.Change(w.Context(), ann, bob.Person().ID, w.post(bob.Person().ID), staff.Post{Name: "Bob", Role: access.Support}))
		if err := w.Deactivate(w.Context(), bob, ann.Person().ID); !fault.Is(err, fault.Denied) {
			t.Errorf("who has lost the right meanwhile: %v", err)
		}
		w.must(w.Deactivate(w.Context(), ann, bob.Person().ID))
		if err := w.Deactivate(w.Context(), ann, bob.Person().ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("twice: %v", err)
		}
		w.must(w.Activate(w.Context(), ann, bob.Person().ID))
		if _, err := w.Uninvite(w.Context(), ann, bob.Person().ID); fault.CodeOf(err) != "staff.joined" {
			t.Errorf("somebody with a password: %v", err)
		}
		if err := w.ResetTwoStep(w.Context(), ann, bob.Person().ID, " "); !fault.Is(err, fault.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		w.must(w.ResetTwoStep(w.Context(), ann, bob.Person().ID, "lost his phone"))
		if err := w.ResetTwoStep(w.Context(), ann, bob.Person().ID, "again"); fault.CodeOf(err) != access.TwoStepOff {
			t.Errorf("with nothing to reset: %v", err)
		}
	})
}

func TestAColleagueIsInvitedAndSeesWhatTheRoleAllows(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		sue := w.Staff("sue")
		page := sue.Get("/staff/people").OK().Says("(you)")
		page.Submit("form[action='/staff/people']", url.Values{"email": {"lena@"}, "name": {"Lena"}}).Is(422).Has("#email-error")
		page.Submit("form[action='/staff/people']", url.Values{"email": {sue.Email}, "name": {"Lena"}}).Is(422).Says("on the staff already")
		page.Submit("form[action='/staff/people']", url.Values{"email": {"lena@example.com"}, "name": {"Lena"}, "role": {"support"}}).Follow().Says("lena@example.com was sent a link").Says("Invited")
		first := w.Mail.Wait(t, "lena@example.com", "Your staff login").Link(t, "/staff/set-password/")
		person := sue.Get("/staff/people").Find("a:contains('Lena')").AttrOr("href", "")
		sue.Get(person).OK().Submit("form[action$='/link']", nil).Follow().Says("was sent a link")
		lena := w.Person("lena")
		lena.Get(first).Is(404)
		var second string
		for second == "" || second == first {
			second = w.Mail.Wait(t, "lena@example.com", "Your staff login").Link(t, "/staff/set-password/")
		}
		lena.Get(second).OK().Submit("main form", url.Values{"password": {apptest.Password}}).SeeOther()
		lena.LogInStaff()
		lena.Get("/staff/accounts").OK()
		lena.Get("/staff/people").Is(403)

		sue.Get(person).OK().Says("Firefox").Submit("form[action='"+person+"']", url.Values{"name": {"Lena H"}, "role": {"administrator"}}).Follow().Says("Saved.")
		lena.Get("/staff/people").OK() // on the next request
		w.Mail.Wait(t, lena.Email, "Your staff role was changed")
		sue.Get(person).Submit("form[action$='/two-step']", url.Values{"reason": {""}}).Is(422).Has("#reason-error")
		sue.Get(person).Submit("form[action$='/two-step']", url.Values{"reason": {"lost her phone"}}).Follow().Says("No two-step login yet")
		sue.Get("/staff/activity?area=office").Says("reset the two-step login of lena@example.com").Says("lost her phone").Says("Role").Says("Before: Support").Says("After: Administrator")
		lena.Get("/staff/people").SeeOther()
		lena.Key = ""
		lena.LogInStaff()
		sue.Get(person).Submit("main form[action$='/logout']", nil).Follow().Says("Nowhere.")
		lena.Get("/staff/people").SeeOther()
		sue.Get(person).Has("main a[href$='/deactivate']").HasNot("form[action$='/deactivate']")
		ask := sue.Get(person + "/deactivate").OK().Says("Deactivate Lena H's staff login?").Has("main a[href='" + person + "']")
		ask.Submit("main form", nil).Follow().Says("Deactivated")
		sue.Get(person + "/deactivate").SeeOther() // there is nothing to ask any more
		w.Unaudited(func() { ask.Submit("main form", nil).Is(409).Says("This login is deactivated already.") })
		lena.Post("/staff/login", url.Values{"email": {lena.Email}, "password": {apptest.Password}}).Is(422)
		sue.Get(person).Submit("form[action$='/activate']", nil).Follow().Says("active again")

		sue.Post("/staff/people", url.Values{"email": {"tom@example.com"}, "name": {"Tom"}, "role": {"billing"}}).SeeOther()
		tom := sue.Get("/staff/people").Find("a:contains('Tom')").AttrOr("href", "")
		sue.Get(tom).Submit("form[action$='/uninvite']", nil).Follow().SaysNot("tom@example.com Billing")
		sue.Get(tom).Is(404)
		w.Holds()
	})
}

func TestStaffAddedByTheProgramMayBeInAnyRole(t *testing.T) {
	each(t, func(w world) {
		_, err := w.Add(w.Context(), staff.Newcomer{Email: "ro@host.example", Role: access.ReadOnly})
		w.must(err)
		email, _ := access.ParseEmail("ro@host.example")
		if p, _, err := access.FindStaffByEmail(w.Context(), w.db.Auto(), email); err != nil || p.Role != access.ReadOnly {
			t.Errorf("they are %+v, %v", p, err)
		}
	})
}
