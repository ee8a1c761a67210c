package account_test

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"atrium/area/account"
	"atrium/base/access"
	"atrium/base/access/accesstest"
	"atrium/base/address"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/id"
	"atrium/base/job"
	"atrium/base/mail"
	"atrium/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// A world is a database with the service and what tests do in it.
type world struct {
	*testing.T
	*account.Account
	db *db.DB
}

func each(t *testing.T, fn func(w world)) {
	dbtest.Each(t, []fs.FS{access.Schema, audit.Schema, job.Schema, account.Schema}, func(t *testing.T, d *db.DB) {
		fn(world{t, account.New(d, account.Options{Jobs: job.New(d, slog.New(slog.DiscardHandler)), Contacts: nobody{}}), d})
	})
}

// nobody are the contacts of accounts that have none.
type nobody struct{}

func (nobody) BillingName(context.Context, db.Querier, id.Account) (string, error) { return "", nil }
func (nobody) NotBilling(context.Context, *db.Tx, id.Account) error                { return nil }

// user makes somebody with a login and logs them in.
func (w world) user(name string) access.Self {
	w.Helper()
	email, _ := access.ParseEmail(strings.ToLower(name) + "@example.com")
	var t access.Token
	err := w.db.WriteGlobal(w.Context(), db.Lock{}, func(tx *db.Tx) error {
		u, err := access.NewUser(w.Context(), tx, email, "", access.User{FirstName: name, LastName: "Archer", Language: "en", TimeZone: "Europe/Berlin"})
		if err != nil {
			return err
		}
		t, err = accesstest.Session(w.Context(), tx, u.ID, false, access.Actor{})
		return err
	})
	w.must(err)
	s, err := access.FindSession(w.Context(), w.db, access.DefaultLives(), t)
	w.must(err)
	return s.Self("192.0.2.1", "Firefox")
}

// open opens an account and gives the proof that its owner may see its profile.
func (w world) open(me access.Self, name string) access.To[access.Profile] {
	w.Helper()
	opened, err := w.Open(w.Context(), me, account.Fresh{Name: name, Country: "DE", TimeZone: "Europe/Berlin"})
	w.must(err)
	return w.enter(me, opened)
}

func (w world) enter(me access.Self, a id.Account) access.To[access.Profile] {
	w.Helper()
	var t access.Token
	w.must(w.db.WriteGlobal(w.Context(), db.Lock{}, func(tx *db.Tx) (err error) {
		t, err = accesstest.Session(w.Context(), tx, me.User().ID, false, me.Actor())
		return err
	}))
	_, m, err := access.FindMembership(w.Context(), w.db, access.DefaultLives(), t, a, "192.0.2.1", "Firefox")
	w.must(err)
	in, err := access.Enter[access.Profile](m, access.Change)
	w.must(err)
	return in
}

func (w world) same(what string, got, want account.Details) {
	w.Helper()
	if d := cmp.Diff(want, got); d != "" {
		w.Errorf("%s: %s", what, d)
	}
}

func (w world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// audited gives the account's audit rows with this action: subject, before, after.
func (w world) audited(a id.Account, action string) [][3]string {
	w.Helper()
	rows, err := db.All(w.Context(), w.db.Auto(), func(r db.Row) ([3]string, error) {
		var s [3]string
		err := r.Scan(&s[0], &s[1], &s[2])
		return s, err
	}, `SELECT subject, before, after FROM audit WHERE account_id = $1 AND action = $2 ORDER BY id`, a, action)
	w.must(err)
	return rows
}

// full is what a complete form says.
func full(version int64) account.Details {
	return account.Details{
		Name: "Nordlicht Studio", Company: "Nordlicht Studio GmbH", Email: access.Email{Typed: "ann@example.com", Key: "ann@example.com"},
		Address: address.Address{Line1: "Hafenstraße 12", City: "Hamburg", Postcode: "20457", Country: "DE"}, Phone: "+4940123456", TaxID: "DE136695976",
		Language: "en", TimeZone: "Europe/Berlin", Topics: mail.Choice(mail.Topics()), Version: version,
	}
}

func TestWhoOpensAnAccountOwnsIt(t *testing.T) {
	each(t, func(w world) {
		ann := w.user("Ann")
		in := w.open(ann, " Nordlicht \t Studio ")
		if !in.Membership().Rights().Owner || in.Membership().AccountName() != "Nordlicht Studio" {
			w.Errorf("Ann is %+v of %q", in.Membership().Rights(), in.Membership().AccountName())
		}
		d, err := w.Details(w.Context(), in)
		w.must(err)
		w.same("it begins as", d, account.Details{Name: "Nordlicht Studio", Email: access.Email{Typed: "ann@example.com", Key: "ann@example.com"},
			Address: address.Address{Country: "DE"}, Language: "en", TimeZone: "Europe/Berlin", Topics: mail.Choice(mail.Topics()), Version: 1})
		want := [3]string{"Nordlicht Studio", "", `{"country":"DE","name":"Nordlicht Studio","zone":"Europe/Berlin"}`}
		if got := w.audited(in.Account(), "account.opened"); len(got) != 1 || got[0] != want {
			w.Errorf("its audit begins with %v", got)
		}
	})
}

func TestAnAccountNeedsANameACountryAndATimeZone(t *testing.T) {
	each(t, func(w world) {
		_, err := w.Open(w.Context(), w.user("Ann"), account.Fresh{Name: " \n ", Country: "XX", TimeZone: "Local"})
		if got := fields(err); got != "name country zone" {
			w.Errorf("wrong are %q", got)
		}
		_, err = w.Open(w.Context(), w.user("Bob"), account.Fresh{Name: strings.Repeat("ä", 81), Country: "DE", TimeZone: "UTC"})
		if got := fields(err); got != "name" {
			w.Errorf("wrong are %q", got)
		}
	})
}

func TestNobodyOpensMoreThanFiveAccountsADay(t *testing.T) {
	each(t, func(w world) {
		ann, bob := w.user("Ann"), w.user("Bob")
		n := account.Fresh{Name: "One of many", Country: "DE", TimeZone: "UTC"}
		for range 5 {
			_, err := w.Open(w.Context(), ann, n)
			w.must(err)
		}
		_, err := w.Open(w.Context(), ann, n)
		if e, ok := fault.As(err); !ok || e.Kind != fault.TooMany || e.Error() != "You have opened five accounts today. Try again tomorrow." {
			w.Errorf("the sixth: %v", err)
		}
		_, err = w.Open(w.Context(), bob, n)
		w.must(err)
		dbtest.Clock(w.db).Add(24 * time.Hour)
		_, err = w.Open(w.Context(), ann, n)
		w.must(err)
		all, err := access.AccountsOf(w.Context(), w.db, ann.User().ID)
		w.must(err)
		if len(all) != 6 {
			w.Errorf("Ann has %d accounts", len(all))
		}
	})
}

func TestDetailsAreChangedWithBeforeAndAfter(t *testing.T) {
	each(t, func(w world) {
		in := w.open(w.user("Ann"), "Nordlicht")
		other := w.open(w.user("Bob"), "Amsel")
		typed := full(1)
		typed.Address.City, typed.Phone, typed.TaxID = "  Ham\nburg ", "(040) 123-456", "de 136 695 976"
		_, err := w.Change(w.Context(), in, typed)
		w.must(err)
		got, err := w.Details(w.Context(), in)
		w.must(err)
		want := full(2)
		want.Address.City = "Ham burg"
		w.same("stored is", got, want)
		rows := w.audited(in.Account(), "account.details")
		before := `{"address1":"","city":"","company":"","name":"Nordlicht","phone":"","postcode":"","tax":""}`
		after := `{"address1":"Hafenstraße 12","city":"Ham burg","company":"Nordlicht Studio GmbH","name":"Nordlicht Studio","phone":"+4940123456","postcode":"20457","tax":"DE136695976"}`
		if len(rows) != 1 || rows[0] != [3]string{"Nordlicht Studio", before, after} {
			w.Errorf("the audit says %v", rows)
		}
		if d, err := w.Details(w.Context(), other); err != nil || d.Name != "Amsel" || d.Version != 1 {
			w.Errorf("another account became %+v, %v", d, err)
		}
	})
}

func TestWhoSavesAnOlderStateIsShownThePresentOne(t *testing.T) {
	each(t, func(w world) {
		ann := w.user("Ann")
		in := w.open(ann, "Nordlicht")
		first := full(1)
		_, err := w.Change(w.Context(), in, first)
		w.must(err)
		late := full(1)
		late.Address.City = "Lübeck"
		now, err := w.Change(w.Context(), w.enter(ann, in.Account()), late)
		if !fault.Is(err, fault.Conflict) || fault.CodeOf(err) != "account.changed" {
			w.Errorf("the second is told %v", err)
		}
		w.same("the present state", now, full(2))
		d, err := w.Details(w.Context(), in)
		w.must(err)
		w.same("stored is", d, full(2))
		if _, err := w.Change(w.Context(), in, first); err != nil {
			w.Errorf("sending the same form twice: %v", err)
		}
		if rows := w.audited(in.Account(), "account.details"); len(rows) != 1 {
			w.Errorf("the audit has %d rows", len(rows))
		}
	})
}

func TestWrongDetailsAreSaidFieldByField(t *testing.T) {
	each(t, func(w world) {
		in := w.open(w.user("Ann"), "Nordlicht")
		long := strings.Repeat("x", 200)
		_, err := w.Change(w.Context(), in, account.Details{Name: long, Company: long, Email: access.Email{Typed: "nobody"},
			Address: address.Address{Line1: long, Line2: long, City: long, Region: long, Postcode: long, Country: "DE"},
			Phone:   "call me", TaxID: "DE136695977", Language: "tlh", TimeZone: "Mars/Olympus", Version: 1})
		if got := fields(err); got != "name company email phone address1 address2 postcode city region tax language zone" {
			w.Errorf("wrong are %q", got)
		}
		if _, err := w.Change(w.Context(), in, account.Details{Version: 1}); fields(err) != "name email country zone" {
			w.Errorf("of an empty form wrong are %q", fields(err))
		}
	})
}

func TestOnlyHoldersOfProfileSeeTheDetails(t *testing.T) {
	each(t, func(w world) {
		in := w.open(w.user("Ann"), "Nordlicht")
		bob := w.user("Bob")
		w.must(w.db.Write(w.Context(), in, func(tx *db.Tx) error {
			return access.AddMember(w.Context(), tx, in.Account(), bob.User().ID, access.Everything.Without(access.SetOf(access.NameProfile)), "bob@example.com")
		}, db.LockUser(bob.User().ID)))
		var token access.Token
		w.must(w.db.WriteGlobal(w.Context(), db.Lock{}, func(tx *db.Tx) (err error) {
			token, err = accesstest.Session(w.Context(), tx, bob.User().ID, false, bob.Actor())
			return err
		}))
		_, m, err := access.FindMembership(w.Context(), w.db, access.DefaultLives(), token, in.Account(), "", "")
		w.must(err)
		if _, err := access.Enter[access.Profile](m, access.See); !fault.Is(err, fault.Denied) {
			w.Errorf("Bob is told %v", err)
		}
	})
}

func TestStaffSeeOfAnAccountWhatIsInTheList(t *testing.T) {
	each(t, func(w world) {
		ann, bob := w.user("Ann"), w.user("Bob")
		w.open(ann, "Nordlicht Studio")
		amsel := w.open(bob, "Café Amsel")
		staff := w.staff()
		w.must(w.db.Write(w.Context(), amsel, func(tx *db.Tx) error {
			return access.AddMember(w.Context(), tx, amsel.Account(), ann.User().ID, access.Everything, "")
		}, db.LockUser(ann.User().ID)))
		found, err := w.All(w.Context(), staff, access.AccountSearch{Text: "café"})
		w.must(err)
		want := access.Line{Account: 10002, Name: "Café Amsel", Status: access.Active, Created: w.db.Clock().Now(),
			Owner: "Bob Archer", Email: "bob@example.com", Members: 2}
		if len(found.Accounts) != 1 || found.Accounts[0] != want {
			w.Errorf("staff see %+v", found.Accounts)
		}
	})
}

func TestStaffPageThroughAllAccounts(t *testing.T) {
	each(t, func(w world) {
		const all = 120
		w.must(w.db.WriteGlobal(w.Context(), db.Lock{}, func(tx *db.Tx) error {
			for n := range all {
				email, _ := access.ParseEmail(fmt.Sprintf("u%d@example.com", n))
				u, err := access.NewUser(w.Context(), tx, email, "", access.User{FirstName: "U"})
				if err != nil {
					return err
				}
				if _, err := access.OpenAccount(w.Context(), tx, u.ID, access.NewAccount{Name: "Account"}); err != nil {
					return err
				}
			}
			return nil
		}))
		for _, text := range []string{"", "acc"} {
			var pages, seen int
			before := map[id.Account]bool{}
			for s := (access.AccountSearch{Text: text}); pages == 0 || s.After != ""; pages++ {
				found, err := w.All(w.Context(), w.staff(), s)
				w.must(err)
				for _, a := range found.Accounts {
					if before[a.Account] {
						w.Errorf("%s is there twice", a.Account)
					}
					before[a.Account] = true
				}
				seen += len(found.Accounts)
				s.After = found.Next
			}
			if pages != 5 || seen != all {
				w.Errorf("searching %q: %d accounts on %d pages", text, seen, pages)
			}
		}
	})
}

// staff is the proof of somebody on the staff.
func (w world) staff() access.Staff[access.SeeAccounts] {
	w.Helper()
	email, _ := access.ParseEmail("sue@host.example")
	var t access.Token
	w.must(w.db.WriteGlobal(w.Context(), db.Lock{}, func(tx *db.Tx) error {
		p, _, err := access.AddStaff(w.Context(), tx, email, "Sue", access.Administrator)
		if err != nil {
			return err
		}
		t, err = accesstest.StaffSession(w.Context(), tx, p)
		return err
	}))
	s, err := access.FindStaffSession(w.Context(), w.db, access.DefaultLives(), t)
	w.must(err)
	in, err := access.EnterStaff[access.SeeAccounts](s, "", "")
	w.must(err)
	return in
}

// fields names what is wrong, in order.
func fields(err error) string {
	e, ok := fault.As(err)
	if !ok || e.Kind != fault.Invalid {
		return fmt.Sprint(err)
	}
	var names []string
	for _, f := range e.Fields {
		names = append(names, f.Name)
	}
	return strings.Join(names, " ")
}
