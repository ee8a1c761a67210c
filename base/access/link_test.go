package access

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

func (w world) link(u User, kind LinkKind, life time.Duration) Token {
	w.t.Helper()
	var t Token
	w.do(func(tx *db.Tx) (err error) {
		t, err = NewLink(w.t.Context(), tx, u.ID, kind, u.Email, life)
		return err
	})
	return t
}

func (w world) undo(u User, former string) Token {
	w.t.Helper()
	var t Token
	w.do(func(tx *db.Tx) (err error) {
		t, err = NewUndo(w.t.Context(), tx, u.ID, email(w.t, former), false)
		return err
	})
	return t
}

func (w world) spend(kind LinkKind, t Token) error {
	return w.try(func(tx *db.Tx) error { _, err := SpendLink(w.t.Context(), tx, kind, t); return err })
}

func (w world) lives(kind LinkKind, t Token) bool {
	w.t.Helper()
	_, err := FindLink(w.t.Context(), w.DB, kind, t)
	if err != nil && !fault.Is(err, fault.NotFound) {
		w.t.Fatal(err)
	}
	return err == nil
}

func TestALinkLivesUntilTheInstantItExpires(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		for _, kind := range []LinkKind{Reset, Proving, Changing} {
			token := w.link(ann, kind, time.Hour)
			w.clock.Add(time.Hour - time.Microsecond)
			if !w.lives(kind, token) {
				t.Errorf("%s died early", kind)
			}
			w.clock.Add(time.Microsecond)
			if w.lives(kind, token) {
				t.Errorf("%s lives on", kind)
			}
			is(t, w.spend(kind, token), fault.NotFound, "link")
		}
	})
}

func TestALinkIsSpentOnce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		token := w.link(ann, Reset, time.Hour)
		l, err := FindLink(t.Context(), w.DB, Reset, token)
		if err != nil || l != (Link{User: ann.ID, Email: ann.Email, Expires: w.clock.Now().Add(time.Hour)}) {
			t.Errorf("found %+v, %v", l, err)
		}
		var won, lost atomic.Int64
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				switch err := w.spend(Reset, token); {
				case err == nil:
					won.Add(1)
				case fault.CodeOf(err) == "link":
					lost.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 || lost.Load() != 11 {
			t.Errorf("%d won, %d lost", won.Load(), lost.Load())
		}
	})
}

func TestANewerLinkKillsTheOneBefore(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob := w.user("ann", ""), w.user("bob", "")
		first, other, theirs := w.link(ann, Reset, time.Hour), w.link(ann, Proving, time.Hour), w.link(bob, Reset, time.Hour)
		second := w.link(ann, Reset, time.Hour)
		if w.lives(Reset, first) || !w.lives(Reset, second) || !w.lives(Proving, other) || !w.lives(Reset, theirs) {
			t.Error("the wrong one died")
		}
		w.do(func(tx *db.Tx) error { return DropLinks(t.Context(), tx, ann.ID, Reset) })
		if w.lives(Reset, second) || !w.lives(Proving, other) || !w.lives(Reset, theirs) {
			t.Error("the wrong one was dropped")
		}
	})
}

func TestALinkServesItsOwnPurposeOnly(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		token := w.link(ann, Proving, time.Hour)
		for _, kind := range []LinkKind{Reset, Changing, Undo} {
			if w.lives(kind, token) {
				t.Errorf("it serves to %s", kind)
			}
			is(t, w.spend(kind, token), fault.NotFound, "link")
		}
		is(t, w.spend(Proving, NewToken()), fault.NotFound, "link")
		ok(t, w.spend(Proving, token))
		if w.lives(Proving, w.logIn(ann, false)) {
			t.Error("a session is a link")
		}
	})
}

func TestUndoLinksLiveBesideEachOther(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		first := w.undo(ann, "one@example.com")
		w.clock.Add(time.Hour)
		second := w.undo(ann, "two@example.com")
		w.clock.Add(time.Hour)
		third := w.undo(ann, "three@example.com")
		if !w.lives(Undo, first) || !w.lives(Undo, second) || !w.lives(Undo, third) {
			t.Fatal("one has died")
		}
		l, err := FindLink(t.Context(), w.DB, Undo, second)
		ok(t, err)
		w.do(func(tx *db.Tx) error { return DropUndo(t.Context(), tx, l) })
		if !w.lives(Undo, first) || w.lives(Undo, second) || w.lives(Undo, third) {
			t.Error("the later ones would bring back what was undone")
		}
		w.clock.Add(UndoLife - 2*time.Hour - time.Microsecond)
		if !w.lives(Undo, first) {
			t.Error("it died early")
		}
		w.clock.Add(time.Microsecond)
		if w.lives(Undo, first) {
			t.Error("it lives on")
		}
	})
}

func TestAnAddressThatCanBePutBackIsNobodyElses(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		w.undo(ann, "former@example.com")
		free := func(address string, u id.User) error {
			return w.try(func(tx *db.Tx) error { return FreeEmail(t.Context(), tx, email(t, address), u) })
		}
		is(t, free("FORMER@example.com", 0), fault.Invalid, KnownEmail)
		is(t, free("Ann@example.com", 0), fault.Invalid, KnownEmail)
		ok(t, free("former@example.com", ann.ID))
		ok(t, free("ann@example.com", ann.ID))
		ok(t, free("bob@example.com", 0))
		is(t, w.try(func(tx *db.Tx) error {
			_, err := NewUser(t.Context(), tx, email(t, "former@example.com"), "", User{FirstName: "Eve"})
			return err
		}), fault.Invalid, KnownEmail)
		w.clock.Add(UndoLife)
		ok(t, free("former@example.com", 0))
	})
}

func TestTheLivingLinkOfAUserIsFound(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		find := func() error {
			_, err := FindLinkOf(t.Context(), w.Auto(), ann.ID, Changing, w.clock.Now())
			return err
		}
		is(t, find(), fault.NotFound, "")
		w.link(ann, Reset, time.Hour)
		is(t, find(), fault.NotFound, "")
		w.link(ann, Changing, time.Hour)
		ok(t, find())
		w.clock.Add(time.Hour)
		is(t, find(), fault.NotFound, "")
	})
}

func TestAnInvitationsEarlierLinksStayGenuine(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		acme, other := w.open(ann, "Acme"), w.open(ann, "Other")
		const invitation = InvitationID(7)
		for _, a := range []id.Account{acme, other} {
			w.exec(`INSERT INTO invitations (account_id, id, email, email_key, permissions, state, invited_by, inviter_name, inviter_email, created_at, issued_at)
				VALUES ($1, $2, 'x', 'x', 1, 'pending', 1, '', '', 1, 1)`, a, invitation)
		}
		link := func(a id.Account) (token Token) {
			w.do(func(tx *db.Tx) (err error) {
				token, err = RenewInvitationLink(t.Context(), tx, a, invitation)
				return err
			})
			return token
		}
		first, theirs := link(acme), link(other)
		w.clock.Add(time.Hour)
		second := link(acme)
		guest := Actor{Kind: Anonymous, IP: "192.0.2.9"}
		for _, c := range []struct {
			token    Token
			account  id.Account
			replaced bool
		}{{first, acme, true}, {second, acme, false}, {theirs, other, false}} {
			in, err := FindInvited(t.Context(), w.Auto(), c.token, guest)
			ok(t, err)
			if in.Account() != c.account || in.Invitation() != invitation || in.Link() != c.token.Hash() || in.Replaced().IsZero() == c.replaced || in.Actor() != guest {
				t.Errorf("found %+v", in)
			}
			if c.replaced && in.Replaced() != w.clock.Now() {
				t.Errorf("replaced at %v", in.Replaced())
			}
			if by := in.By(ann.As("", "")); by.Actor().User != ann.ID || in.Actor() != guest || by.Link() != in.Link() {
				t.Errorf("by Ann: %+v", by)
			}
		}
		moved, _ := ParseToken("10002" + first.Reveal()[len("10001"):])
		for _, wrong := range []Token{NewToken(), NewAccountToken(acme), moved, {}} {
			in, err := FindInvited(t.Context(), w.Auto(), wrong, guest)
			is(t, err, fault.NotFound, "")
			if !panics(func() { in.Account() }) {
				t.Error("a proof beside a refusal")
			}
		}
	})
}
