package sharing

import (
	"atrium/base/access"
	"atrium/base/mail"
)

// requested tells somebody who may decide what was asked for, and by whom.
func (p place) requested(m access.MemberInfo, r Request) mail.Letter {
	p = p.to(m)
	asker := who(r.By.Name(), r.By.Email)
	subject, what := p.T("%s asks for access to %s", mail.Name(r.By.Name()), p.name), p.T("%s asks for access to %s, and is no member yet.", asker, p.name)
	if n, ok := r.Permission(); ok {
		subject = p.T("%s asks for more access to %s", mail.Name(r.By.Name()), p.name)
		what = p.T("%s asks to be allowed this in %s: %s", asker, p.name, p.Word(n.Label()))
	}
	blocks := []mail.Block{mail.P(p.T("Hello %s,", mail.Name(m.FirstName))), mail.P(what)}
	if r.By.Verified.IsZero() {
		blocks = append(blocks, mail.Strong(p.T("They have not confirmed this email address: make sure that it is them.")))
	}
	if r.Note != "" {
		blocks = append(blocks, mail.P(p.T("%s wrote:", mail.Name(r.By.Name()))), mail.Quote(r.Note))
	}
	blocks = append(blocks, mail.Button(p.T("See the request"), p.link("/requests/"+r.ID.String())),
		mail.P(p.T("You decide: approve it, with other permissions if you like, or decline it. Without an answer it ends on %s.", p.Date(r.Asked.Add(RequestLife)))))
	return p.toMember(m, "request.sent", subject, blocks)
}

// approved tells who asked what they can do now.
func (p place) approved(d Decided, before access.Set, by access.Actor) mail.Letter {
	p = p.to(d.member())
	subject := p.T("You can now work in %s", p.name)
	blocks := []mail.Block{mail.P(p.T("Hello %s,", mail.Name(d.By.FirstName)))}
	if d.For == forAccess {
		blocks = append(blocks, mail.P(p.T("%s has approved your request for access to %s.", p.doer(by), p.name)), mail.P(p.T("You can now:")), mail.Items(p.labels(d.Member.Set)))
	} else {
		subject = p.T("Your request in %s was approved", p.name)
		blocks = append(blocks, mail.P(p.T("%s has approved your request in %s.", p.doer(by), p.name)), mail.P(p.T("You can now also:")), mail.Items(p.labels(d.Member.Set.Without(before))))
		if taken := before.Without(d.Member.Set); taken != 0 {
			blocks = append(blocks, mail.P(p.T("You can no longer:")), mail.Items(p.labels(taken)))
		}
	}
	blocks = append(blocks, mail.Button(p.T("Open %s", p.name), p.link("/")))
	return p.toMember(d.member(), "request.approved", subject, blocks)
}

// refused tells who asked that the answer is no. Who is no member reads nothing of
// the account but what they have called it themselves.
func (p place) refused(d Decided, by access.Actor) mail.Letter {
	p = p.to(d.member())
	subject := p.T("Your request for access was declined")
	text, writer := p.T("Your request for access to the account %s was declined.", mail.Name(d.Sought)), p.T("The owner wrote:")
	if n, ok := d.Permission(); ok {
		subject = p.T("Your request in %s was declined", p.name)
		text = p.T("%s has declined your request in %s: %s", p.doer(by), p.name, p.Word(n.Label()))
		writer = p.T("%s wrote:", p.doer(by))
	}
	blocks := []mail.Block{mail.P(p.T("Hello %s,", mail.Name(d.By.FirstName))), mail.P(text)}
	if d.Reason != "" {
		blocks = append(blocks, mail.P(writer), mail.Quote(d.Reason))
	}
	return p.toMember(d.member(), "request.declined", subject, blocks)
}

// letIn tells the owner whom somebody else has let in.
func (p place) letIn(owner access.MemberInfo, d Decided, by access.Actor) mail.Letter {
	p = p.to(owner)
	return p.toMember(owner, "request.let-in", p.T("%s can now work in %s", mail.Name(d.By.Name()), p.name), []mail.Block{
		mail.P(p.T("Hello %s,", mail.Name(owner.FirstName))),
		mail.P(p.T("%s had asked for access to %s, and %s has approved it.", who(d.By.Name(), d.By.Email), p.name, p.doer(by))),
		mail.P(p.T("They can now:")), mail.Items(p.labels(d.Member.Set)), mail.Button(p.T("User Management"), p.link("/users")),
	})
}
