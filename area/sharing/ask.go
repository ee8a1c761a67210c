package sharing

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/fault"
)

// A Wish is what the form says of who asks for a permission.
type Wish struct{ Permission, Note string }

func asking() access.Limit {
	return access.Limit{Name: "ask", Most: 5, Per: 24 * time.Hour, Public: "You have asked for access five times today. Try again in %d minutes."}
}

// askedOf keeps an owner from being flooded, by however many people.
func askedOf() access.Limit {
	return access.Limit{Name: "asked-of", Most: 20, Per: 24 * time.Hour, Public: "Many people have asked for access to this account today. Try again in %d minutes."}
}

// Ask asks who may give a permission for it, and tells who owns the account. The
// same is asked for once: while it waits, it is Conflict with the code request.open, and
// for what the member holds, request.held. Five a day for each person and twenty
// for each account, beyond that TooMany. Where the host manages users it is Denied.
func (s *Sharing) Ask(ctx context.Context, in access.Member, w Wish) (access.MemberInfo, error) {
	set := s.Settings.Current(ctx, s.DB.Auto())
	if !set.Users.Managed {
		return access.MemberInfo{}, byHost(set)
	}
	var wrong fault.Fields
	n, known := access.NameFrom(w.Permission)
	if !known || !set.Offer().Set().Has(n) {
		wrong.AddCode("permission", "request.unknown", "Choose what you want to be able to do.")
	}
	note := readNote(&wrong, "note", w.Note)
	if err := wrong.Err(); err != nil {
		return access.MemberInfo{}, err
	}
	var owner access.MemberInfo
	err := s.DB.Write(ctx, in, func(tx *db.Tx) (err error) {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		m := in.Membership()
		switch {
		case m.Rights().Holds(n):
			return fault.Conflictf("You have this permission already. Reload the page.").WithCode(requestHeld)
		case m.Status() == access.Closed:
			return fault.Conflictf("This account is closed. You can read it, but nothing in it can be changed.").WithCode("closed")
		}
		me, err := access.FindUser(ctx, tx, in.Actor().User)
		if err != nil {
			return err
		}
		if err := asking().CountIn(ctx, tx, me.ID.String()); err != nil {
			return err
		}
		if owner, err = access.FindOwner(ctx, tx, in.Account()); err != nil {
			return err
		}
		return s.request(ctx, tx, in.Act(), m.Rights(), Request{By: me, For: n.Slug(), Note: note})
	})
	return owner, err
}

// request writes a request down and mails who may decide.
func (s *Sharing) request(ctx context.Context, tx *db.Tx, by access.Act, asker access.Rights, r Request) error {
	switch _, err := findOpen(ctx, tx, by.Account(), r.By.ID, r.For, tx.Now().Add(-RequestLife)); {
	case err == nil:
		return fault.Conflictf("You have asked for this already. You get an email when it is decided.").WithCode(requestOpen)
	case !fault.Is(err, fault.NotFound):
		return err
	}
	if err := askedOf().CountIn(ctx, tx, by.Account().String()); err != nil {
		return err
	}
	if err := endRequest(ctx, tx, by.Account(), r.By.ID, r.For); err != nil { // one that is too old
		return err
	}
	r.ID, r.State, r.Asked = db.NewID[requestKind](tx), Pending, tx.Now()
	if err := insertRequest(ctx, tx, by.Account(), r); err != nil {
		return err
	}
	if err := audit.Write(ctx, tx, by, audit.Entry{Action: "request.sent", Subject: r.For}); err != nil {
		return err
	}
	members, err := access.Members(ctx, tx, by.Account())
	if err != nil {
		return err
	}
	var letters []func(place) mail.Letter
	for _, m := range members {
		if mayDecide(m.Rights, m.User, r, asker) == nil {
			letters = append(letters, func(a place) mail.Letter { return a.requested(m, r) })
		}
	}
	return s.mail(ctx, tx, by, letters...)
}

// Asked finds the request for a permission of who looks that waits, NotFound if
// there is none.
func (s *Sharing) Asked(ctx context.Context, in access.Member, n access.Name) (Request, error) {
	return findOpen(ctx, s.DB.Auto(), in.Account(), in.Actor().User, n.Slug(), s.DB.Clock().Now().Add(-RequestLife))
}

// AllAsked lists the requests of who looks that wait, the latest first.
func (s *Sharing) AllAsked(ctx context.Context, in access.Member) ([]Request, error) {
	return listAsked(ctx, s.DB.Auto(), in.Account(), in.Actor().User, s.DB.Clock().Now().Add(-RequestLife))
}

// A Search is what the form says of who asks for access to an account that they
// don't belong to: its number or its owner's address.
type Search struct{ Account, Note string }

// sought is the job that asks the owner, if there is one to ask.
type sought struct {
	User  id.User `json:"user"`
	Named string  `json:"named"`
	Note  string  `json:"note"`
	IP    string  `json:"ip"`
	Agent string  `json:"agent"`
}

// Kind names the work.
func (sought) Kind() string { return "sharing.sought" }

// Seek asks who manages an account for access to it. Whether there is such an
// account is looked at by a job alone: what Seek does and answers is the same. An
// account that the user has already, named by its number, is Invalid with the code
// seek.member. Five a day, beyond that TooMany; where the host manages users it is
// Denied.
func (s *Sharing) Seek(ctx context.Context, me access.Self, w Search) error {
	set := s.Settings.Current(ctx, s.DB.Auto())
	if !set.Users.Managed {
		return byHost(set)
	}
	var wrong fault.Fields
	named, ok := access.ParseAccountName(w.Account)
	if !ok {
		wrong.AddCode("account", "seek.malformed", "Enter the number of the account, like 10482, or the email address of its owner.")
	}
	note := readNote(&wrong, "note", w.Note)
	mine, err := s.Accounts(ctx, me)
	if err != nil {
		return err
	}
	for _, a := range mine {
		if a.Account.String() == named {
			wrong.AddCode("account", "seek.member", "You have access to this account already.")
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	u := me.User()
	return s.DB.WriteGlobal(ctx, db.LockUser(u.ID), func(tx *db.Tx) error {
		if err := asking().CountIn(ctx, tx, u.ID.String()); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, me.Act(), audit.Entry{Action: "request.sought", Subject: named}); err != nil {
			return err
		}
		by := me.Actor()
		return s.Jobs.Enqueue(ctx, tx, sought{User: u.ID, Named: named, Note: note, IP: by.IP, Agent: by.Agent})
	})
}

// seek makes the request that somebody has asked for, unless nobody is to be asked,
// it waits already, or the owner has had enough of them today. Nobody is told
// which. Done again, it does nothing.
func (s *Sharing) seek(ctx context.Context, w sought) error {
	in, err := access.FindAsker(ctx, s.DB, w.User, w.Named, w.IP, w.Agent)
	if fault.Is(err, fault.NotFound) || err == nil && !s.Settings.Current(ctx, s.DB.Auto()).Users.Managed {
		return nil
	}
	if err != nil {
		return err
	}
	err = s.DB.Write(ctx, in, func(tx *db.Tx) error {
		is, err := access.IsMember(ctx, tx, in.Account(), w.User)
		if err != nil || is {
			return err
		}
		return s.request(ctx, tx, in.Act(), access.Rights{}, Request{By: in.User(), For: forAccess, Sought: w.Named, Note: w.Note})
	}, db.LockUser(w.User))
	if fault.CodeOf(err) == requestOpen || fault.Is(err, fault.TooMany) || fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
