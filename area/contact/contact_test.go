package contact_test

import (
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"atrium/area/contact"
	"atrium/base/access"
	"atrium/base/access/accesstest"
	"atrium/base/address"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/id"
	"atrium/base/job"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/base/settings/settingstest"
	"atrium/base/vault"
	"atrium/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// An office is the service alone, with an account that Ann owns and whose
// contacts Mia manages.
type office struct {
	*testing.T
	*contact.Contact
	db   *db.DB
	acme id.Account
	ann  access.Token
	mia  access.Token
}

func each(t *testing.T, fn func(o office)) {
	schemas := []fs.FS{access.Schema, audit.Schema, job.Schema, settings.Schema, mail.Schema, contact.Schema}
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		v, err := vault.Load(filepath.Join(t.TempDir(), "key"), true)
		if err != nil {
			t.Fatal(err)
		}
		set := settingstest.Open(t, d, v)
		m, err := mail.New(t.Context(), d, job.New(d, slog.New(slog.DiscardHandler)), v, mail.Config{Settings: set, BaseURL: "https://atrium.example"})
		if err != nil {
			t.Fatal(err)
		}
		under := func(path string) string { return "https://atrium.example" + path }
		o := office{T: t, Contact: contact.New(d, contact.Options{Mail: m, Settings: set, URL: under}), db: d}
		var ann, mia id.User
		o.ann, ann = o.person("Ann")
		o.mia, mia = o.person("Mia")
		o.write(func(tx *db.Tx) (err error) {
			o.acme, err = access.OpenAccount(t.Context(), tx, ann, access.NewAccount{Name: "Acme", Country: "DE", Language: "en", TimeZone: "UTC"})
			if err == nil {
				err = access.AddMember(t.Context(), tx, o.acme, mia, access.SetOf(access.NameContacts), "")
			}
			return err
		})
		fn(o)
	})
}

func (o office) write(fn func(tx *db.Tx) error) {
	o.Helper()
	o.must(o.db.WriteGlobal(o.Context(), db.Lock{}, fn))
}

func (o office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o office) is(err error, kind fault.Kind, code string) {
	o.Helper()
	if !fault.Is(err, kind) || fault.CodeOf(err) != code {
		o.Fatalf("got %v (kind %d, code %q), want kind %d, code %q", err, fault.KindOf(err), fault.CodeOf(err), kind, code)
	}
}

// person is somebody with a login, logged in.
func (o office) person(first string) (t access.Token, u id.User) {
	o.Helper()
	e, _ := access.ParseEmail(first + "@example.com")
	o.write(func(tx *db.Tx) error {
		made, err := access.NewUser(o.Context(), tx, e, "", access.User{FirstName: first, Language: "en", TimeZone: "UTC"})
		if err == nil {
			u = made.ID
			t, err = accesstest.Session(o.Context(), tx, u, false, made.As("192.0.2.1", ""))
		}
		return err
	})
	return t, u
}

// as is what the door hands over.
func (o office) as(t access.Token) access.To[access.Contacts] {
	o.Helper()
	_, m, err := access.FindMembership(o.Context(), o.db, access.DefaultLives(), t, o.acme, "192.0.2.1", "")
	o.must(err)
	in, err := access.Enter[access.Contacts](m, access.Change)
	o.must(err)
	return in
}

// one is a contact as a form says it.
func one(name string, topics ...mail.Topic) contact.Person {
	return contact.Person{Name: name, Email: access.Email{Typed: strings.ToLower(name) + "@example.org"}, Topics: topics, Address: address.Address{Country: "DE"}}
}

func (o office) count(sql string, args ...any) (n int64) {
	o.Helper()
	n, err := db.One(o.Context(), o.db.Across(), func(r db.Row) (n int64, err error) { err = r.Scan(&n); return n, err }, sql, args...)
	o.must(err)
	return n
}

func TestContactsAreAddedChangedAndDeleted(t *testing.T) {
	each(t, func(o office) {
		in := o.as(o.mia)
		blank, err := o.Blank(o.Context(), in)
		o.must(err)
		if blank.Address.Country != "DE" || blank.Name != "" {
			o.Errorf("a form begins with %+v", blank)
		}
		bo, err := o.Add(o.Context(), in, one("Bo", mail.Support))
		o.must(err)
		bo.Name = "Bea"
		changed, err := o.Change(o.Context(), in, bo)
		o.must(err)
		now, err := o.Find(o.Context(), in, bo.ID)
		o.must(err)
		if changed.Name != "Bea" || now.Name != "Bea" || now.Version != 2 || now.Topics.String() != "support" {
			o.Errorf("%+v, stored %+v", changed, now)
		}

		// An older form is shown what is there, unless it says the same.
		if _, err := o.Change(o.Context(), in, bo); err != nil {
			o.Errorf("what is there already: %v", err)
		}
		bo.Name = "Bob"
		current, err := o.Change(o.Context(), in, bo)
		o.is(err, fault.Conflict, "contact.changed")
		if current.Name != "Bea" || current.Version != 2 {
			o.Errorf("the older form is shown %+v", current)
		}
		current, err = o.Remove(o.Context(), in, bo.ID, 1)
		o.is(err, fault.Conflict, "contact.changed")
		if current.Version != 2 {
			o.Errorf("the older form is shown %+v", current)
		}
		_, err = o.Remove(o.Context(), in, bo.ID, 2)
		o.must(err)
		_, err = o.Remove(o.Context(), in, bo.ID, 2)
		o.is(err, fault.NotFound, "")
		_, err = o.Change(o.Context(), in, bo)
		o.is(err, fault.NotFound, "")
		_, err = o.Find(o.Context(), in, bo.ID)
		o.is(err, fault.NotFound, "")
		if n := o.count(`SELECT count(*) FROM audit WHERE account_id = $1 AND action IN ('contact.added', 'contact.changed', 'contact.removed')`, o.acme); n != 3 {
			o.Errorf("the audit has %d rows of it", n)
		}
	})
}

func TestAnAddressIsInOneContact(t *testing.T) {
	each(t, func(o office) {
		in := o.as(o.ann)
		bo, err := o.Add(o.Context(), in, one("Bo"))
		o.must(err)
		cy, err := o.Add(o.Context(), in, one("Cy"))
		o.must(err)
		cy.Email.Typed = "BO@Example.org"
		_, err = o.Change(o.Context(), in, cy)
		o.is(err, fault.Invalid, "contact.twice")
		bo.Email.Typed = "BO@Example.org" // its own, written otherwise
		bo, err = o.Change(o.Context(), in, bo)
		o.must(err)
		if bo.Email.Typed != "BO@Example.org" || bo.Email.Key != "bo@example.org" {
			o.Errorf("%+v", bo.Email)
		}
	})
}

func TestThereIsOneBillingContactAndItGetsInvoices(t *testing.T) {
	each(t, func(o office) {
		in := o.as(o.ann)
		for _, name := range []string{"Bo", "Cy"} {
			p := one(name)
			p.Billing = true
			p, err := o.Add(o.Context(), in, p)
			o.must(err)
			if p.Topics.String() != "invoice" {
				o.Errorf("%s gets %q", name, p.Topics)
			}
		}
		list, err := o.List(o.Context(), in)
		o.must(err)
		for _, p := range list {
			if p.Billing != (p.Name == "Cy") || p.Topics.String() != "invoice" {
				o.Errorf("%+v", p)
			}
			if p.Name == "Bo" && p.Version != 2 { // so that an older form does not take the role back unseen
				o.Errorf("Bo is in version %d", p.Version)
			}
		}
	})
}

func TestAnAccountHasFiftyContactsAtMost(t *testing.T) {
	each(t, func(o office) {
		in := o.as(o.mia)
		for i := range contact.Most {
			_, err := o.Add(o.Context(), in, one(fmt.Sprintf("Bo%d", i), mail.Support))
			o.must(err)
		}
		typed := one("Cy")
		got, err := o.Add(o.Context(), in, typed)
		o.is(err, fault.Conflict, "contact.full")
		if got.Name != "Cy" {
			o.Errorf("what was typed is lost: %+v", got)
		}
	})
}

func TestTheOwnerIsToldThirtyTimesAnHour(t *testing.T) {
	each(t, func(o office) {
		in := o.as(o.mia)
		for i := range 30 {
			_, err := o.Add(o.Context(), in, one(fmt.Sprintf("Bo%d", i), mail.Invoice, mail.Domain))
			o.must(err)
		}
		if n := o.count(`SELECT count(*) FROM emails WHERE account_id = $1 AND kind = 'contact.receives' AND topic = '' AND to_email = 'Ann@example.com'`, o.acme); n != 30 {
			o.Errorf("of 30 contacts the owner is told %d times", n)
		}
		_, err := o.Add(o.Context(), in, one("Cy", mail.Domain))
		o.is(err, fault.TooMany, "limit.contact-told")
		if n := o.count(`SELECT count(*) FROM contacts WHERE account_id = $1`, o.acme); n != 30 {
			o.Errorf("there are %d contacts", n)
		}
		_, err = o.Add(o.Context(), in, one("Dee", mail.Support)) // nothing to tell
		o.must(err)
		_, err = o.Add(o.Context(), o.as(o.ann), one("Eve", mail.Domain)) // the owner knows
		o.must(err)
		dbtest.Clock(o.db).Add(time.Hour)
		_, err = o.Add(o.Context(), o.as(o.mia), one("Cy", mail.Domain))
		o.must(err)
	})
}

// What a door let in a moment ago is asked again under the account's lock.
func TestWhoHasLostThePermissionChangesNothing(t *testing.T) {
	each(t, func(o office) {
		in := o.as(o.mia)
		bo, err := o.Add(o.Context(), in, one("Bo"))
		o.must(err)
		o.write(func(tx *db.Tx) error {
			return tx.ExecOne(o.Context(), `UPDATE memberships SET permissions = 0 WHERE account_id = $1 AND NOT owner`, o.acme)
		})
		_, err = o.Add(o.Context(), in, one("Cy"))
		o.is(err, fault.Conflict, "rights.changed")
		bo.Name = "Bea"
		_, err = o.Change(o.Context(), in, bo)
		o.is(err, fault.Conflict, "rights.changed")
		_, err = o.Remove(o.Context(), in, bo.ID, 1)
		o.is(err, fault.Conflict, "rights.changed")
	})
}

func TestContactsAreWhatTheAccountIsFoundBy(t *testing.T) {
	each(t, func(o office) {
		in := o.as(o.ann)
		found := func(text string) bool {
			o.Helper()
			list, _, err := access.FindAccounts(o.Context(), o.db, access.AccountSearch{Text: text}, 10)
			o.must(err)
			return len(list) == 1
		}
		bo := one("Bo")
		bo.Company = "Acme Quist"
		bo, err := o.Add(o.Context(), in, bo)
		o.must(err)
		_, err = o.Add(o.Context(), in, one("Quist"))
		o.must(err)
		if !found("bo quist") || !found("quist@example.org") || !found("example.org") {
			o.Error("a contact does not find the account")
		}
		_, err = o.Remove(o.Context(), in, bo.ID, bo.Version)
		o.must(err)
		if found("bo") || !found("quist") || !found("acme") {
			o.Error("what the deleted contact had in common with others is lost, or the rest is not")
		}
		if n, err := contact.Misfiled(o.Context(), o.db.Across()); err != nil || n != 0 {
			o.Errorf("%d, %v", n, err)
		}
	})
}
