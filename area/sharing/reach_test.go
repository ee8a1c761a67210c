package sharing_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"atrium/area/sharing"
	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/mail"
	"atrium/test/apptest"
)

func TestThePageSaysWhoCanReachTheAccountAndWhatToLookAtFirst(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "domains")
		bob.Get(acme.Path("/")).OK()
		bob.TurnOnTwoStep()
		never := w.Crowd("nan", 1)[0]
		acme.Join(never, "emails") // and opens nothing
		stan := w.Staff("stan")
		stan.Get("/staff/accounts/"+acme.Number.String()+"/visit").OK().Submit("main form", url.Values{"reason": {"A look at the bill"}}).SeeOther()
		acme.Invite("cyd@example.com", "tickets").SeeOther()

		w.Clock.Add(89 * 24 * time.Hour)
		acme.Owner.LogIn()
		acme.Owner.Get(acme.Path("/users")).OK().Has("a[href='" + acme.Path("/users/reach") + "']")
		page := acme.Owner.Get(acme.Path("/users/reach")).OK().Says("cyd@example.com").Says("Expired on").Says("One invitation was not taken up in seven days.").
			Says("Support logged in as the owner").SaysNot("A look at the bill").Says("60 minutes at most").
			Says("2 members have no two-step login.").SaysNot("were not here").Says("Opened the account").Says("From Ann Owner").Says("Never used")
		if first := strings.TrimSpace(page.Find("tbody tr .ttl").Last().Text()); first != "Bob Member" {
			t.Errorf("the last is %s", first)
		}
		w.Clock.Add(24 * time.Hour)
		acme.Owner.LogIn()
		page = acme.Owner.Get(acme.Path("/users/reach")).OK().Says("2 members were not here for 90 days or more.").Says("Not used for 90 days")
		if first := strings.TrimSpace(page.Find("tbody tr .ttl").First().Text()); first != "Nan1 Crowd" {
			t.Errorf("the first to look at is %s", first)
		}
		href, _ := page.Find("tr:contains('Nan1 Crowd') a[href$='/remove']").Attr("href")
		acme.Owner.Get(href).OK().Submit("main form.card", nil).SeeOther()
		acme.Owner.Get(acme.Path("/users/reach")).OK().SaysNot("Nan1 Crowd")
	})
}

func TestOnlyTheOwnerNotesAReviewAndStopsReminders(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		mia := acme.Member("mia", "domains")
		w.Exec(`UPDATE memberships SET manages = TRUE WHERE account_id = $1 AND NOT owner`, acme.Number)
		path := acme.Path("/users/reach")
		mia.Get(path).OK().HasNot("form[action$='/checked']").Says("The owner has not yet noted")
		mia.Post(path+"/checked", nil).Is(http.StatusForbidden)
		mia.Post(path+"/reminders", url.Values{"remind": {"no"}}).Is(http.StatusForbidden)
		acme.Owner.Get(path).OK().Submit("form[action$='/checked']", nil).Follow().Says("Noted: you have looked through").Says("Last by Ann Owner on")
		acme.Owner.Get(path).OK().Submit("form[action$='/reminders']", nil).Follow().Says("You get no reminder of this any more.").Says("The owner gets no reminder.").
			Submit("form[action$='/reminders']", nil).Follow().Says("You are reminded of this every three months.").Has("button:contains('Stop the reminders')")
		acme.Owner.Get(acme.Path("/activity")).OK().Says("looked through who can reach the account").Says("wants no reminder of who can reach the account")
	})
}

// Two hundred members cost as many statements as two.
func TestTheListIsReadInAFewStatementsHoweverManyMembers(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			var ran int
			d := dbtest.Reopen(t, dbtest.Migrated(t, engine, officeSchemas()), officeSchemas(), func(o *db.Options) { o.Trace = func(string, bool) { ran++ } })
			o := newOffice(t, d)
			count := func(members int) int {
				t.Helper()
				in := o.as(o.ann)
				ran = 0
				r, err := o.Reach(t.Context(), in, strings.Compare)
				ok(t, err)
				if len(r.Members) != members {
					t.Fatalf("%d members are listed, want %d", len(r.Members), members)
				}
				return ran
			}
			two := count(2)
			o.do(func(tx *db.Tx) error {
				for i := range 198 {
					e, _ := access.ParseEmail(fmt.Sprintf("m%d@example.com", i))
					u, err := access.NewUser(t.Context(), tx, e, "", access.User{FirstName: "M", Language: "en", TimeZone: "UTC"})
					if err == nil {
						err = access.AddMember(t.Context(), tx, o.acme, u.ID, access.SetOf(access.NameDomains), "")
					}
					if err != nil {
						return err
					}
				}
				return nil
			})
			if n := count(200); n != two || n > 6 {
				t.Errorf("%d statements for two hundred members, %d for two", n, two)
			}
		})
	}
}

// reminders counts those written so far.
func (o office) reminders() int64 {
	o.t.Helper()
	n, err := db.One(o.t.Context(), o.DB.Across(), func(r db.Row) (n int64, err error) { err = r.Scan(&n); return n, err },
		`SELECT count(*) FROM emails WHERE kind = 'reach.reminder' AND topic = 'general'`)
	ok(o.t, err)
	return n
}

func (o office) members() int {
	o.t.Helper()
	all, err := access.Members(o.t.Context(), o.DB.Auto(), o.acme)
	ok(o.t, err)
	return len(all)
}

// owner is what the door of the owner hands over.
func (o office) owner(t access.Token) access.Owner {
	o.t.Helper()
	_, m, err := access.FindMembership(o.t.Context(), o.DB, access.Lives{User: access.Life{Idle: 1 << 60, Most: 1 << 60}}, t, o.acme, "192.0.2.1", "")
	ok(o.t, err)
	in, err := access.EnterOwner(m, access.Change)
	ok(o.t, err)
	return in
}

// Years go by, an hour or a quarter at a time: a reminder every ninety days, and
// nobody is gone.
func TestYearsOfRemindersTakeNobodysAccess(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		ctx := t.Context()
		o.invite(o.ann, "bob@example.com", "domains")
		for quarter := range int64(12) {
			o.clock.Add(90*24*time.Hour - time.Hour)
			for range 2 {
				ok(t, o.Jobs.Drain(ctx))
			}
			if n := o.reminders(); n != quarter {
				t.Fatalf("an hour too early there are %d reminders, want %d", n, quarter)
			}
			o.clock.Add(time.Hour)
			for range 2 {
				ok(t, o.Jobs.Drain(ctx))
			}
			if n := o.reminders(); n != quarter+1 {
				t.Fatalf("after %d quarters there are %d reminders", quarter+1, n)
			}
		}
		if n := o.members(); n != 2 {
			t.Errorf("%d members are left of 2", n)
		}
		if list, err := o.Invitations(ctx, o.manager(o.ann)); err != nil || len(list) != 1 {
			t.Errorf("of the invitations are left: %v, %v", list, err)
		}
	})
}

// manager is as, for who was logged in long ago.
func (o office) manager(t access.Token) access.Manager {
	o.t.Helper()
	_, m, err := access.FindMembership(o.t.Context(), o.DB, access.Lives{User: access.Life{Idle: 1 << 60, Most: 1 << 60}}, t, o.acme, "192.0.2.1", "")
	ok(o.t, err)
	in, err := access.EnterManager(m, access.Change)
	ok(o.t, err)
	return in
}

func TestAReviewPutsTheReminderOffAndOwnersCanStopIt(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		ctx := t.Context()
		want := func(n int64) {
			t.Helper()
			ok(t, o.Jobs.Drain(ctx))
			if got := o.reminders(); got != n {
				t.Fatalf("there are %d reminders, want %d", got, n)
			}
		}
		o.clock.Add(80 * 24 * time.Hour)
		ok(t, o.Reviewed(ctx, o.owner(o.ann)))
		o.clock.Add(89 * 24 * time.Hour)
		want(0)
		o.clock.Add(24 * time.Hour)
		want(1)
		ok(t, o.SetReminders(ctx, o.owner(o.ann), false))
		o.clock.Add(200 * 24 * time.Hour)
		want(1)
		ok(t, o.SetReminders(ctx, o.owner(o.ann), true))
		o.clock.Add(time.Hour)
		want(2)
		r, err := o.Mail.MemberReader(ctx, o.DB.Auto(), o.acme, o.owner(o.ann).Actor().User)
		ok(t, err)
		o.do(func(tx *db.Tx) error { return mail.Choose(ctx, tx, o.acme, r, mail.Choice{mail.Invoice}) })
		o.clock.Add(100 * 24 * time.Hour)
		want(2)
	})
}

func TestWhoseAccountNobodyElseReachesIsNotReminded(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		ctx := t.Context()
		_, err := o.Remove(ctx, o.as(o.ann), o.user(o.mia))
		ok(t, err)
		o.clock.Add(100 * 24 * time.Hour)
		ok(t, o.Jobs.Drain(ctx))
		if n := o.reminders(); n != 0 {
			t.Errorf("there are %d reminders", n)
		}
	})
}

// Two processes look at the same time, and one is stopped in between: each owner gets
// one mail.
func TestEachOwnerIsRemindedOnce(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			url := dbtest.Migrated(t, engine, officeSchemas())
			o := newOffice(t, dbtest.Reopen(t, url, officeSchemas()))
			var accounts int64 = 250
			o.do(func(tx *db.Tx) error {
				for i := range accounts - 1 {
					a, err := access.OpenAccount(t.Context(), tx, o.user(o.ann), access.NewAccount{Name: fmt.Sprint("Shop ", i), Language: "en", TimeZone: "UTC"})
					if err == nil {
						err = access.AddMember(t.Context(), tx, a, o.user(o.mia), access.SetOf(access.NameDomains), "")
					}
					if err != nil {
						return err
					}
				}
				return nil
			})
			o.clock.Add(90 * 24 * time.Hour)
			same := func(opt *db.Options) { opt.Clock = o.clock }
			second := newSharing(t, dbtest.Reopen(t, url, officeSchemas(), same))
			ctx, stop := context.WithCancel(t.Context())
			begun := 0
			third := newSharing(t, dbtest.Reopen(t, url, officeSchemas(), same, func(opt *db.Options) {
				opt.Trace = func(sql string, _ bool) {
					if strings.Contains(sql, "INSERT INTO access_reviews") {
						if begun++; begun == 120 {
							stop()
						}
					}
				}
			}))
			if err := third.Remind(ctx); err == nil {
				t.Fatal("it was not stopped")
			}
			if n := o.reminders(); n < 100 || n >= accounts {
				t.Fatalf("%d were reminded before the stop", n)
			}
			var wg sync.WaitGroup
			for _, s := range []*sharing.Sharing{o.Sharing, second} {
				wg.Go(func() {
					if err := s.Remind(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if n := o.reminders(); n != accounts {
				t.Errorf("%d reminders of %d accounts", n, accounts)
			}
		})
	}
}
