package sharing

import (
	"cmp"
	"context"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/ui"
)

// A place is the account that a letter is about, in the words of its language;
// in those of a member whom it is to.
type place struct {
	ui.Printer
	account id.Account
	name    string
	rules   access.Rules       // of the account
	set     *settings.Snapshot // has the name that staff have in letters, and the language of who chose none
	url     func(string) string
}

// mail writes letters about the account, in the transaction of what they tell.
func (s *Sharing) mail(ctx context.Context, tx *db.Tx, by access.Act, letters ...func(place) mail.Letter) error {
	return s.mailAbout(ctx, tx, by.Account(), letters...)
}

// mailAbout is mail where nobody acts.
func (s *Sharing) mailAbout(ctx context.Context, tx *db.Tx, account id.Account, letters ...func(place) mail.Letter) error {
	card, err := access.FindCard(ctx, tx, account)
	if err != nil {
		return err
	}
	return s.mailOf(ctx, tx, card, letters...)
}

// mailOf is mail of who has read the account's card.
func (s *Sharing) mailOf(ctx context.Context, tx *db.Tx, card access.Card, letters ...func(place) mail.Letter) error {
	set := s.Settings.Current(ctx, tx)
	at := place{ui.PrinterFor(set.Language(card.Language), card.TimeZone), card.Account(), mail.Name(card.Name), card.Rules, set, s.URL}
	for _, write := range letters {
		l := write(at)
		l.Account, l.Language = card.Account(), cmp.Or(l.Language, at.Lang())
		if err := s.Mail.Send(ctx, tx, l); err != nil {
			return err
		}
	}
	return nil
}

// to is the place in a member's language.
func (p place) to(m access.MemberInfo) place {
	p.Printer = ui.PrinterFor(p.set.Language(m.Language), m.TimeZone)
	return p
}

func (p place) link(path string) string { return p.url("/a/" + p.account.String() + path) }

func (p place) labels(set access.Set) []string {
	var list []string
	for _, n := range set.Names() {
		list = append(list, p.Word(n.Label()))
	}
	return list
}

// who names a person and their address, as in "Ann Archer (ann@example.com)".
func who(name, email string) string {
	switch {
	case name == "":
		return email
	case email == "":
		return mail.Name(name)
	}
	return mail.Name(name) + " (" + email + ")"
}

// host is how staff are called in letters.
func (p place) host() string { return mail.Name(p.set.Company.Name) }

// doer names who has done something. Of staff it is the host.
func (p place) doer(by access.Actor) string {
	if by.Kind == access.ByStaff {
		return p.host()
	}
	return mail.Name(by.Name)
}

func (p place) invitation(inv Invitation, link string) mail.Letter {
	how := p.T("The link works once, until %s. You can use a login you already have with us or create one, with any email address.", p.DateTime(inv.Expires()))
	if p.rules.On(access.InvitedRule) {
		how = p.T("The link works once, until %s, and only for you: with a login of the address %s, confirmed, which you have or create there.", p.DateTime(inv.Expires()), inv.Email.Typed)
	}
	blocks := []mail.Block{
		mail.P(p.T("Hello,")),
		mail.P(p.T("%s invites you to help manage the account %s.", who(inv.InviterName, inv.InviterEmail), p.name)),
		mail.P(p.T("You will be able to:")),
		mail.Items(p.labels(inv.Set)),
	}
	if inv.Message != "" {
		blocks = append(blocks, mail.P(p.T("%s wrote:", mail.Name(inv.InviterName))), mail.Quote(inv.Message))
	}
	blocks = append(blocks,
		mail.Secret(p.T("See the invitation"), link),
		mail.P(how),
		mail.P(p.T("You do not know %s? Ignore this email; nothing happens.", mail.Name(inv.InviterName))))
	return mail.Letter{Kind: "invitation", Ref: ref(inv.ID), Dies: inv.Expires(), To: mail.Address{Email: inv.Email.Typed},
		Subject: p.T("%s has invited you to their account", p.name), Blocks: blocks}
}

func (p place) accepted(owner access.MemberInfo, inv Invitation, u access.User) mail.Letter {
	p = p.to(owner)
	blocks := []mail.Block{
		mail.P(p.T("Hello %s,", mail.Name(owner.FirstName))),
		mail.P(p.T("%s has accepted the invitation to %s.", who(u.Name(), u.Email), p.name)),
	}
	if inv.Email.Typed != u.Email {
		blocks = append(blocks, mail.Strong(p.T("The invitation was sent to %s, and was accepted with the login %s.", inv.Email.Typed, u.Email)))
	}
	blocks = append(blocks, mail.P(p.T("They can now:")), mail.Items(p.labels(inv.Set)), mail.Button(p.T("User Management"), p.link("/users")))
	return p.toMember(owner, "invitation.accepted", p.T("%s can now work in %s", mail.Name(u.Name()), p.name), blocks)
}

func (p place) declined(sender access.MemberInfo, inv Invitation) mail.Letter {
	p = p.to(sender)
	return p.toMember(sender, "invitation.declined", p.T("The invitation to %s was declined", inv.Email.Typed), []mail.Block{
		mail.P(p.T("Hello %s,", mail.Name(sender.FirstName))),
		mail.P(p.T("The invitation to %s that was sent to %s was declined. Nobody got access.", p.name, inv.Email.Typed)),
		mail.Button(p.T("User Management"), p.link("/users")),
	})
}

func (p place) askedAgain(sender access.MemberInfo, inv Invitation) mail.Letter {
	p = p.to(sender)
	return p.toMember(sender, "invitation.asked", p.T("%s asks for a new invitation", inv.Email.Typed), []mail.Block{
		mail.P(p.T("Hello %s,", mail.Name(sender.FirstName))),
		mail.P(p.T("Someone with the invitation to %s that was sent to %s opened a link that no longer works, and asks for a new one.", p.name, inv.Email.Typed)),
		mail.P(p.T("If you want them to have access, send the invitation again. Otherwise there is nothing to do.")),
		mail.Button(p.T("User Management"), p.link("/users")),
	})
}

func (p place) toMember(m access.MemberInfo, kind, subject string, blocks []mail.Block) mail.Letter {
	return mail.Letter{Kind: kind, User: m.User, Language: p.Lang(), To: mail.Address{Name: m.Name(), Email: m.Email}, Subject: subject, Blocks: blocks}
}

func (p place) permissionsChanged(m access.MemberInfo, before access.Set, by access.Actor) mail.Letter {
	p = p.to(m)
	blocks := []mail.Block{
		mail.P(p.T("Hello %s,", mail.Name(m.FirstName))),
		mail.P(p.T("%s changed what you may do in %s.", p.doer(by), p.name)),
	}
	if added := m.Set.Without(before); added != 0 {
		blocks = append(blocks, mail.P(p.T("You can now also:")), mail.Items(p.labels(added)))
	}
	if taken := before.Without(m.Set); taken != 0 {
		blocks = append(blocks, mail.P(p.T("You can no longer:")), mail.Items(p.labels(taken)))
	}
	blocks = append(blocks, mail.Button(p.T("Open %s", p.name), p.link("/")))
	return p.toMember(m, "member.permissions", p.T("Your permissions in %s have changed", p.name), blocks)
}

// managing tells a member that they manage users from now on, or no longer.
func (p place) managing(m access.MemberInfo, by access.Actor) mail.Letter {
	p = p.to(m)
	subject, text := p.T("You can now manage the users of %s", p.name), p.T("%s lets you invite people to %s, and change or remove those who may do no more there than you do.", p.doer(by), p.name)
	button := mail.Button(p.T("User Management"), p.link("/users"))
	if !m.Managing {
		subject = p.T("You no longer manage the users of %s", p.name)
		text = p.T("%s no longer lets you invite people to %s. Invitations that you have sent and that nobody has accepted are void.", p.doer(by), p.name)
		button = mail.Button(p.T("Open %s", p.name), p.link("/"))
	}
	return p.toMember(m, "member.managing", subject, []mail.Block{mail.P(p.T("Hello %s,", mail.Name(m.FirstName))), mail.P(text), button})
}

func (p place) accessEnded(m access.MemberInfo, by access.Actor) mail.Letter {
	p = p.to(m)
	text := p.T("%s removed your access to %s. Your login and your other accounts stay as they are.", p.doer(by), p.name)
	if by.User == m.User {
		text = p.T("You have left %s. Your login and your other accounts stay as they are.", p.name)
	}
	return p.toMember(m, "member.removed", p.T("You no longer have access to %s", p.name), []mail.Block{
		mail.P(p.T("Hello %s,", mail.Name(m.FirstName))), mail.P(text),
	})
}

func (p place) accessEndedForOwner(owner, m access.MemberInfo, by access.Actor) mail.Letter {
	p = p.to(owner)
	text := p.T("%s removed the access of %s to %s.", p.doer(by), who(m.Name(), m.Email), p.name)
	if by.User == m.User {
		text = p.T("%s has left %s.", who(m.Name(), m.Email), p.name)
	}
	return p.toMember(owner, "member.removed", p.T("%s no longer has access to %s", mail.Name(m.Name()), p.name), []mail.Block{
		mail.P(p.T("Hello %s,", mail.Name(owner.FirstName))), mail.P(text), mail.Button(p.T("User Management"), p.link("/users")),
	})
}

func (p place) ownerNow(m, former access.MemberInfo, by access.Actor) mail.Letter {
	p = p.to(m)
	how := p.T("%s made you the owner of %s. Before, it was %s.", p.host(), p.name, who(former.Name(), former.Email))
	if by.Kind == access.ByUser {
		how = p.T("You have accepted the ownership of %s. Before, its owner was %s.", p.name, who(former.Name(), former.Email))
	}
	return p.toMember(m, "owner.new", p.T("You are now the owner of %s", p.name), []mail.Block{
		mail.P(p.T("Hello %s,", mail.Name(m.FirstName))),
		mail.P(how),
		mail.P(p.T("You can do everything there, and say who else may. Invitations that are still pending are in your name now.")),
		mail.P(p.T("Is this a mistake? Tell us.")),
		mail.Button(p.T("User Management"), p.link("/users")),
	})
}

func (p place) ownerNoLonger(former, m access.MemberInfo, removed bool, by access.Actor) mail.Letter {
	p = p.to(former)
	how := p.T("%s made %s the owner of %s. You are no longer its owner.", p.host(), who(m.Name(), m.Email), p.name)
	if by.Kind == access.ByUser {
		how = p.T("%s has accepted the ownership of %s. You are no longer its owner.", who(m.Name(), m.Email), p.name)
	}
	rest := p.T("You keep all permissions. Who may use the account is for its owner to say.")
	if removed {
		rest = p.T("You no longer have access to this account. Your login and your other accounts stay as they are.")
	}
	return p.toMember(former, "owner.former", p.T("You are no longer the owner of %s", p.name), []mail.Block{
		mail.P(p.T("Hello %s,", mail.Name(former.FirstName))), mail.P(how), mail.P(rest), mail.P(p.T("Is this a mistake? Tell us.")),
	})
}

// offered asks whether somebody wants to own the account, which is shut to them
// until they have two-step login.
func (p place) offered(m access.MemberInfo, o Offer, by access.Actor, shut bool, link string) mail.Letter {
	p = p.to(m)
	blocks := []mail.Block{
		mail.P(p.T("Hello %s,", mail.Name(m.FirstName))),
		mail.P(p.T("%s wants to hand the account %s over to you.", who(by.Name, by.Email), p.name)),
		mail.P(p.T("Its owner has every permission, says who else may use it, and answers for what is ordered and owed.")),
	}
	if shut {
		blocks = append(blocks, mail.P(p.T("The account asks for two-step login, and your login has none yet. The link leads you to set it up first; that takes a minute.")))
	}
	l := p.toMember(m, "owner.offered", p.T("%s wants to make you the owner of %s", mail.Name(by.Name), p.name), append(blocks,
		mail.Secret(p.T("See what this means, and accept or decline"), link),
		mail.P(p.T("The link works once, until %s, and only for your own login.", p.DateTime(o.Expires()))),
		mail.P(p.T("You do not want this? Ignore this email; nothing changes.")),
	))
	l.Ref, l.Dies = offerRef(o.ID), o.Expires()
	return l
}

func (p place) offerDeclined(owner access.MemberInfo, by access.Actor) mail.Letter {
	p = p.to(owner)
	return p.toMember(owner, "owner.declined", p.T("%s does not want to own %s", mail.Name(by.Name), p.name), []mail.Block{
		mail.P(p.T("Hello %s,", mail.Name(owner.FirstName))),
		mail.P(p.T("%s has declined to become the owner of %s. It stays yours.", who(by.Name, by.Email), p.name)),
		mail.Button(p.T("User Management"), p.link("/users")),
	})
}

func (p place) needsTwoStep(m access.MemberInfo, by access.Actor) mail.Letter {
	p = p.to(m)
	return p.toMember(m, "rule.two-step", p.T("%s asks for two-step login", p.name), []mail.Block{
		mail.P(p.T("Hello %s,", mail.Name(m.FirstName))),
		mail.P(p.T("From now on, everybody who works in %s logs in by two steps: %s has switched that on. Your login %s does not do that yet, so the account is closed to you until it does.", p.name, p.doer(by), m.Email)),
		mail.P(p.T("Setting it up takes a minute and an authenticator app on your phone. What you may do in the account stays as it is; your other accounts don't change.")),
		mail.Button(p.T("Set up two-step login"), p.link("/")),
	})
}

func (p place) ruleLifted(owner access.MemberInfo, rule access.Rule) mail.Letter {
	p = p.to(owner)
	text := p.T("%s switched off that everybody who works in %s needs two-step login.", p.host(), p.name)
	if rule == access.InvitedRule {
		text = p.T("%s switched off that invitations to %s are accepted only with the invited email address.", p.host(), p.name)
	}
	return p.toMember(owner, "rule.lifted", p.T("An access rule of %s was switched off", p.name), []mail.Block{
		mail.P(p.T("Hello %s,", mail.Name(owner.FirstName))),
		mail.P(text),
		mail.P(p.T("Is this a mistake? Tell us.")),
		mail.Button(p.T("Access rules"), p.link(rulesPath)),
	})
}
