package sharing_test

import (
	"time"

	"pgregory.net/rapid"

	"atrium/area/sharing"
	"atrium/base/access"
	"atrium/base/db"
)

// A plea is a request: of a member for a permission, or for access.
type plea struct {
	id       sharing.RequestID
	who      int
	access   bool
	set      access.Set // that was asked for
	asked    time.Time
	answered bool
}

// noted finds the request that somebody has just made.
func (p *play) noted(who int, forAccess bool, set access.Set) bool {
	list, err := p.Requests(p.ctx, access.AsManager(p.desk()))
	if err != nil {
		p.Fatal(err)
	}
	for _, r := range list {
		if r.By.ID == p.users[who].ID && (r.For == "") == forAccess && r.Set() == set && r.Asked.Equal(p.clock.Now()) {
			p.pleas = append(p.pleas, &plea{id: r.ID, who: who, access: forAccess, set: set, asked: p.clock.Now()})
			return true
		}
	}
	return false
}

func (p *play) ask() bool {
	who := p.anyone("who")
	n := rapid.SampledFrom([]access.Name{access.NameManageProducts, access.NameDomains, access.NameInvoices, access.NameEmails}).Draw(p.T, "permission")
	m, ok := p.membership(who)
	if !ok {
		return false
	}
	in, err := access.EnterMember(m, access.Change)
	if err != nil {
		return false
	}
	if _, err := p.Ask(p.ctx, in, sharing.Wish{Permission: n.Slug()}); err != nil {
		return false
	}
	return p.noted(who, false, whole(access.SetOf(n)))
}

// seek is somebody who asks for access to the account by its number.
func (p *play) seek() bool {
	who := p.guest()
	p.membership(who) // logs in
	s, err := access.FindSession(p.ctx, p.DB, access.DefaultLives(), p.sessions[who])
	if err != nil || p.Seek(p.ctx, s.Self("192.0.2.1", ""), sharing.Search{Account: p.account.String()}) != nil {
		return false
	}
	p.do(func(tx *db.Tx) error {
		_, err := tx.Exec(p.ctx, `DELETE FROM jobs WHERE kind <> 'sharing.sought'`)
		return err
	})
	if err := p.Jobs.Drain(p.ctx); err != nil {
		p.Fatal(err)
	}
	return p.noted(who, true, 0)
}

// plea is one of the requests, mostly one that waits.
func (p *play) plea() *plea {
	var of []*plea
	for _, x := range p.pleas {
		of = append(of, x)
		if !x.answered {
			of = append(of, x, x, x)
		}
	}
	if len(of) == 0 {
		p.Skip("no request")
	}
	return of[rapid.IntRange(0, len(of)-1).Draw(p.T, "request")]
}

// answers ends the sequence unless by may answer the request, which waits.
func (p *play) answers(by int, x *plea) {
	p.gives(by, x.set|p.holds[x.who].all())
	if h := p.holds[x.who]; by == x.who || x.answered || p.now().Sub(x.asked) >= 30*24*time.Hour || h != nil && h.manages && !p.holds[by].owner {
		p.Fatalf("%d answered %+v of %d, who holds %+v", by, x, x.who, h)
	}
}

func (p *play) approve() bool {
	by, x := p.hand(), p.plea()
	all, set := p.chosen(by)
	if h := p.holds[x.who]; h != nil && !all {
		set |= h.set | x.set
	}
	in, ok := p.manager(by)
	version, _ := p.membershipVersion(x.who)
	if !ok {
		return false
	}
	if _, err := p.Approve(p.ctx, in, x.id, sharing.Approval{All: all, Perms: set.Slugs(), Version: version}); err != nil {
		return false
	}
	p.answers(by, x)
	p.gives(by, whole(set))
	h := p.holds[x.who]
	if x.access != (h == nil) || p.off[x.who] && x.access {
		p.Fatalf("%d let %d in, who holds %+v", by, x.who, h)
	}
	x.answered = true
	if h == nil {
		h = &holding{}
		p.holds[x.who] = h
	} else {
		p.touches(by, x.who)
	}
	h.set = whole(set)
	return true
}

func (p *play) refuse() bool {
	by, x := p.hand(), p.plea()
	in, ok := p.manager(by)
	if !ok {
		return false
	}
	if _, err := p.Refuse(p.ctx, in, x.id, ""); err != nil {
		return false
	}
	p.answers(by, x)
	x.answered = true
	return true
}
