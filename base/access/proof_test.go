package access

import (
	"testing"

	"atrium/base/db"
	"atrium/fault"
)

func TestAProofThatNoDoorHasMadePanics(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		for name, use := range map[string]func(){
			"To.Account":          func() { To[Invoices]{}.Account() },
			"To.Act":              func() { To[Invoices]{}.Act() },
			"To.Actor":            func() { To[Invoices]{}.Actor() },
			"To.Membership":       func() { To[Invoices]{}.Membership() },
			"To.Still":            func() { w.do(func(tx *db.Tx) error { return To[Invoices]{}.Still(t.Context(), tx) }) },
			"Member.Account":      func() { Member{}.Account() },
			"Manager.Act":         func() { Manager{}.Act() },
			"Owner.Actor":         func() { Owner{}.Actor() },
			"View of none":        func() { View[Products](To[ManageProducts]{}).Account() },
			"Self.User":           func() { Self{}.User() },
			"Self.Session":        func() { Self{}.Session() },
			"Self.Actor":          func() { Self{}.Actor() },
			"Self.Act":            func() { Self{}.Act() },
			"Staff.Person":        func() { Staff[SeeAccounts]{}.Person() },
			"Staff.Actor":         func() { Staff[SeeAccounts]{}.Actor() },
			"Invited.Account":     func() { Invited{}.Account() },
			"Invited.Act":         func() { Invited{}.Act() },
			"Invited.Actor":       func() { Invited{}.Actor() },
			"Invited.Link":        func() { Invited{}.Link() },
			"Invited.Invitation":  func() { Invited{}.Invitation() },
			"Invited.Replaced":    func() { Invited{}.Replaced() },
			"Invited.By somebody": func() { Invited{}.By(Actor{Kind: ByUser, User: 1}).Account() },
			"Write":               func() { w.Write(t.Context(), To[Invoices]{}, func(*db.Tx) error { return nil }) },
			"Enter by nobody":     func() { EnterMember(Membership{}, See) },
			"Enter by an owner of nothing": func() {
				Enter[Invoices](Membership{rights: Rights{Owner: true}}, See)
			},
		} {
			if !panics(use) {
				t.Errorf("%s of a proof made by hand does not panic", name)
			}
		}
	})
}

// A gate is Enter of one permission.
type gate struct {
	name  Name
	enter func(Membership, Use) error
}

func gateOf[P Permission]() gate {
	return gate{NameOf[P](), func(m Membership, use Use) error {
		in, err := Enter[P](m, use)
		if err == nil && (in.Account() != m.Account() || in.Actor().User != m.actor.User || in.Membership() != m) {
			return fault.Conflictf("the proof is about something else")
		}
		if err != nil && !panics(func() { in.Account() }) {
			return fault.Conflictf("a refusal with a proof")
		}
		return err
	}}
}

func gates() []gate {
	return []gate{gateOf[Profile](), gateOf[Contacts](), gateOf[Products](), gateOf[ManageProducts](), gateOf[ProductSSO](), gateOf[Domains](), gateOf[ManageDomains](),
		gateOf[Invoices](), gateOf[Quotes](), gateOf[Tickets](), gateOf[Affiliates](), gateOf[Emails](), gateOf[Orders]()}
}

func TestAPermissionOpensItsOwnGateOnly(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob := w.user("ann", ""), w.user("bob", "")
		acme := w.open(ann, "Acme")
		w.join(acme, bob, 0)
		token := w.logIn(bob, false)
		for _, only := range Everything.Names() {
			w.exec(`UPDATE memberships SET permissions = $1 WHERE account_id = $2 AND user_id = $3`, int64(SetOf(only)), acme, bob.ID)
			_, m := w.at(token, acme)
			for _, g := range gates() {
				for _, use := range []Use{See, Change} {
					err := g.enter(m, use)
					if g.name == only {
						ok(t, err)
						continue
					}
					is(t, err, fault.Denied, DeniedPrefix+g.name.Slug())
				}
			}
			w.exec(`UPDATE memberships SET permissions = $1 WHERE account_id = $2 AND user_id = $3`, int64(Everything.Without(SetOf(only))), acme, bob.ID)
			_, m = w.at(token, acme)
			for _, g := range gates() {
				if err := g.enter(m, See); (err == nil) != (g.name != only) {
					t.Errorf("with all but %s, %s answers %v", only.Slug(), g.name.Slug(), err)
				}
			}
		}
		owner := w.membership(ann, acme)
		for _, g := range gates() {
			ok(t, g.enter(owner, Change))
		}
	})
}

func TestManagersAndOwnersHaveGatesOfTheirOwn(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, mia, bob := w.user("ann", ""), w.user("mia", ""), w.user("bob", "")
		acme := w.open(ann, "Acme")
		w.join(acme, mia, SetOf(NameEmails))
		w.join(acme, bob, Everything)
		w.exec(`UPDATE memberships SET manages = TRUE WHERE account_id = $1 AND user_id = $2`, acme, mia.ID)
		for _, c := range []struct {
			who            User
			manager, owner bool
		}{{ann, true, true}, {mia, true, false}, {bob, false, false}} {
			m := w.membership(c.who, acme)
			in, err := EnterMember(m, Change)
			ok(t, err)
			if in.Actor().User != c.who.ID || in.Act().Account() != acme || in.Actor().IP != "192.0.2.1" || in.Actor().Agent != "Firefox" {
				t.Errorf("%s acts as %+v", c.who.FirstName, in.Act())
			}
			manager, err := EnterManager(m, Change)
			if c.manager {
				ok(t, err)
			} else {
				is(t, err, fault.Denied, "managers")
			}
			if panics(func() { manager.Account() }) == c.manager {
				t.Errorf("%s: a proof beside %v", c.who.FirstName, err)
			}
			owner, err := EnterOwner(m, Change)
			if c.owner {
				ok(t, err)
			} else {
				is(t, err, fault.Denied, "owner")
			}
			if panics(func() { owner.Account() }) == c.owner {
				t.Errorf("%s: a proof beside %v", c.who.FirstName, err)
			}
		}
	})
}

func TestInAClosedAccountNothingChangesButPayingAndTickets(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		acme := w.open(ann, "Acme")
		token := w.logIn(ann, false)
		for _, status := range []Status{Inactive, Active, Closed} {
			w.exec(`UPDATE accounts SET status = $1 WHERE account_id = $2`, string(status), acme)
			_, m := w.at(token, acme)
			for _, g := range gates() {
				ok(t, g.enter(m, See))
				if err := g.enter(m, Change); status == Closed && g.name != NameInvoices && g.name != NameTickets {
					is(t, err, fault.Conflict, "closed")
				} else {
					ok(t, err)
				}
			}
			_, err := EnterMember(m, Change)
			ok(t, err) // one may leave
			manager, err := EnterManager(m, Change)
			owner, err2 := EnterOwner(m, Change)
			if status != Closed {
				ok(t, err)
				ok(t, err2)
				continue
			}
			is(t, err, fault.Conflict, "closed")
			is(t, err2, fault.Conflict, "closed")
			if !panics(func() { manager.Account() }) || !panics(func() { owner.Account() }) {
				t.Error("a proof beside a refusal")
			}
			_, err = EnterManager(m, See)
			ok(t, err)
			_, err = EnterOwner(m, See)
			ok(t, err)
		}
	})
}

func TestManagingProvesItsOwnViewOnly(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		m := w.membership(ann, w.open(ann, "Acme"))
		passwords, err := Enter[ManageProducts](m, Change)
		ok(t, err)
		sso, err := Enter[ProductSSO](m, Change)
		ok(t, err)
		domains, err := Enter[ManageDomains](m, Change)
		ok(t, err)
		if View[Products](passwords).Act() != passwords.Act() || View[Products](sso).Act() != sso.Act() || View[Domains](domains).Act() != domains.Act() {
			t.Error("the view is about something else")
		}
		for name, wrong := range map[string]func(){
			"domains by managing products": func() { View[Domains](passwords) },
			"products by managing domains": func() { View[Products](domains) },
			"invoices by single sign-on":   func() { View[Invoices](sso) },
			"managing by managing":         func() { View[ManageProducts](passwords) },
		} {
			if !panics(wrong) {
				t.Errorf("%s does not panic", name)
			}
		}
	})
}

func TestWhatWasDecidedOnRightsThatChangedIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob := w.user("ann", ""), w.user("bob", "")
		acme := w.open(ann, "Acme")
		w.join(acme, bob, SetOf(NameEmails))
		token := w.logIn(bob, false)
		still := func(in Member) error {
			return w.Write(t.Context(), in, func(tx *db.Tx) error { return in.Still(t.Context(), tx) })
		}
		for name, change := range map[string]string{
			"fewer permissions": `UPDATE memberships SET permissions = 0 WHERE account_id = $1 AND user_id = $2`,
			"more permissions":  `UPDATE memberships SET permissions = 8191 WHERE account_id = $1 AND user_id = $2`,
			"managing":          `UPDATE memberships SET manages = TRUE WHERE account_id = $1 AND user_id = $2`,
			"closed":            `UPDATE accounts SET status = 'closed' WHERE account_id = $1 AND CAST($2 AS BIGINT) <> 0`,
			"removed":           `DELETE FROM memberships WHERE account_id = $1 AND user_id = $2`,
		} {
			_, m := w.at(token, acme)
			in, err := EnterMember(m, Change)
			ok(t, err)
			ok(t, still(in))
			w.exec(change, acme, bob.ID)
			if err := still(in); !fault.Is(err, fault.Conflict) || fault.CodeOf(err) != "rights.changed" {
				t.Errorf("%s: %v", name, err)
			}
			w.exec(`UPDATE accounts SET status = 'active' WHERE account_id = $1`, acme)
			w.exec(`INSERT INTO memberships (account_id, user_id, permissions, joined_at) VALUES ($1, $2, $3, 1)
				ON CONFLICT (account_id, user_id) DO UPDATE SET permissions = $3, manages = FALSE`, acme, bob.ID, int64(SetOf(NameEmails)))
		}
	})
}
