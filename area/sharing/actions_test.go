package sharing_test

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"atrium/area/sharing"
	"atrium/base/access"
	"atrium/base/db"
)

// actions are what people do, and what the doors say after each.
func (p *play) actions() map[string]func(*rapid.T) {
	acts := map[string]func() bool{
		"grant": p.grant, "remove": p.remove, "leave": p.leave, "invite": p.invite, "amend": p.amend, "resend": p.resend, "copy link": p.copyLink,
		"cancel": p.cancel, "accept": p.accept, "decline": p.decline, "offer": p.promise, "cancel offer": p.cancelOffer, "take": p.take,
		"decline offer": p.declineOffer, "staff invite": p.staffInvite, "staff associate": p.staffAssociate, "staff grant": p.staffGrant,
		"staff remove": p.staffRemove, "make owner": p.makeOwner, "deactivate": p.deactivate, "activate": p.activate, "wait": p.wait,
		"ask": p.ask, "seek": p.seek, "approve": p.approve, "refuse": p.refuse,
	}
	all := map[string]func(*rapid.T){"": func(r *rapid.T) { p.T = r; p.check() }}
	for name, act := range acts {
		all[name] = func(r *rapid.T) {
			p.T = r
			p.clock.Add(3 * time.Minute)
			if act() {
				p.did[name]++
			}
		}
	}
	for _, often := range []string{"grant", "remove", "invite", "accept", "offer", "take", "approve"} {
		all[often+", too"] = all[often]
	}
	return all
}

func (p *play) grant() bool {
	by, whom := p.hand(), p.anyone("whom")
	all, set := p.chosen(by)
	managing := p.holds[whom] != nil && p.holds[whom].manages
	if rapid.IntRange(0, 2).Draw(p.T, "let manage") == 0 {
		managing = !managing
	}
	in, ok := p.manager(by)
	now, known := p.membershipVersion(whom)
	if !ok || !known {
		return false
	}
	_, err := p.SetPermissions(p.ctx, in, p.users[whom].ID, sharing.Grant{All: all, Perms: set.Slugs(), Managing: managing, Version: now})
	if err != nil {
		return false
	}
	h := p.holds[whom]
	p.touches(by, whom)
	p.gives(by, whole(set))
	if h.manages != managing && !p.holds[by].owner {
		p.Fatalf("%d let %d manage users", by, whom)
	}
	h.set, h.manages = whole(set), managing
	return true
}

func (p *play) membershipVersion(whom int) (int64, bool) {
	m, err := access.FindMember(p.ctx, p.DB.Auto(), p.account, p.users[whom].ID)
	return m.Version, err == nil
}

func (p *play) remove() bool {
	by, whom := p.hand(), p.anyone("whom")
	in, ok := p.manager(by)
	if !ok {
		return false
	}
	if _, err := p.Remove(p.ctx, in, p.users[whom].ID); err != nil {
		return false
	}
	p.touches(by, whom)
	p.goes(whom)
	return true
}

func (p *play) leave() bool {
	who := p.anyone("who")
	m, ok := p.membership(who)
	if !ok {
		return false
	}
	in, err := access.EnterLeaving(m, access.Change)
	if err != nil || p.Leave(p.ctx, in) != nil {
		return false
	}
	if p.holds[who] == nil || p.holds[who].owner {
		p.Fatalf("%d left, who held %+v", who, p.holds[who])
	}
	p.goes(who)
	return true
}

func (p *play) invite() bool {
	by := p.hand()
	all, set := p.chosen(by)
	in, ok := p.manager(by)
	return ok && p.invited(in, by, all, whole(set))
}

func (p *play) staffInvite() bool {
	return p.invited(access.AsManager(p.desk()), staff, false, whole(p.some("permissions")))
}

func (p *play) invited(in access.Manager, by int, all bool, set access.Set) bool {
	inv, err := p.Invite(p.ctx, in, sharing.Draft{Email: fmt.Sprintf("guest%d@example.com", len(p.papers)), All: all, Perms: set.Slugs()})
	if err != nil {
		return false
	}
	p.gives(by, set)
	p.papers = append(p.papers, &paper{id: inv.ID, set: set, by: by, pending: true, issued: p.clock.Now(), links: []access.Token{p.mailed("invitation")}, version: 1})
	return true
}

// acts ends the sequence unless by may act on an invitation: it is pending and
// gives no more than they could.
func (p *play) acts(by int, x *paper) {
	p.gives(by, x.set)
	if !x.pending {
		p.Fatalf("%d acted on an invitation that is not pending: %+v", by, x)
	}
}

func (p *play) amend() bool {
	by, x := p.hand(), p.pick()
	all, set := p.chosen(by)
	in, ok := p.manager(by)
	if !ok {
		return false
	}
	if _, err := p.Amend(p.ctx, in, x.id, all, set.Slugs(), x.version); err != nil {
		return false
	}
	p.acts(by, x)
	set = whole(set)
	p.gives(by, set)
	added := set&^x.set != 0
	x.set, x.version = set, x.version+1
	if added || !p.stands(x) {
		x.by = by
	}
	return true
}

func (p *play) resend() bool {
	by, x := p.hand(), p.pick()
	in, ok := p.manager(by)
	if !ok {
		return false
	}
	if _, err := p.Resend(p.ctx, in, x.id); err != nil {
		return false
	}
	p.acts(by, x)
	if !p.stands(x) {
		x.by = by
	}
	x.issued, x.links, x.version = p.clock.Now(), append(x.links, p.mailed("invitation")), x.version+1
	return true
}

func (p *play) copyLink() bool {
	by, x := p.hand(), p.pick()
	in, ok := p.manager(by)
	if !ok {
		return false
	}
	_, link, err := p.NewLink(p.ctx, in, x.id)
	if err != nil {
		return false
	}
	p.acts(by, x)
	t, _ := access.ParseToken(inMail.FindStringSubmatch(link)[1])
	x.by, x.issued, x.links, x.version = by, p.clock.Now(), append(x.links, t), x.version+1
	return true
}

func (p *play) cancel() bool {
	by, x := p.hand(), p.pick()
	in, ok := p.manager(by)
	if !ok {
		return false
	}
	if _, err := p.Cancel(p.ctx, in, x.id); err != nil {
		return false
	}
	p.gives(by, x.set)
	x.pending = false
	return true
}

// accept is by anybody, with any link that there ever was.
func (p *play) accept() bool {
	who, x := p.guest(), p.pick()
	link := len(x.links) - 1 - min(rapid.IntRange(0, 5).Draw(p.T, "older links"), 1)
	p.membership(who) // logs in
	s, err := access.FindSession(p.ctx, p.DB, access.DefaultLives(), p.sessions[who])
	if link < 0 || err != nil {
		return false
	}
	me := s.Self("192.0.2.1", "")
	in, _, err := p.Open(p.ctx, x.links[link], me.Actor())
	if err != nil {
		p.Fatal(err)
	}
	if _, err := p.Accept(p.ctx, in, me); err != nil {
		return false
	}
	p.joins(x, link, who)
	x.version++
	return true
}

func (p *play) decline() bool {
	x := p.pick()
	in, _, err := p.Open(p.ctx, x.links[len(x.links)-1], access.Actor{Kind: access.Anonymous})
	if err != nil {
		p.Fatal(err)
	}
	if rapid.IntRange(0, 3).Draw(p.T, "declines") > 0 || p.Decline(p.ctx, in) != nil {
		return false
	}
	x.pending = false
	return true
}

func (p *play) owns(who int) (access.Owner, bool) {
	m, ok := p.membership(who)
	if !ok {
		return access.Owner{}, false
	}
	in, err := access.EnterOwner(m, access.Change)
	return in, err == nil
}

func (p *play) promise() bool {
	by, to := rapid.SampledFrom([]int{p.owner(), p.owner(), p.anyone("who")}).Draw(p.T, "by"), p.anyone("to")
	in, ok := p.owns(by)
	if !ok {
		return false
	}
	if _, err := p.OfferOwnership(p.ctx, in, p.users[to].ID); err != nil {
		return false
	}
	if !p.holds[by].owner || p.holds[to] == nil || by == to || p.offer != nil && p.now().Sub(p.offer.made) < week {
		p.Fatalf("%d offered the account to %d", by, to)
	}
	p.offer = &promise{from: by, to: to, made: p.clock.Now(), link: p.mailed("owner.offered")}
	p.offers = append(p.offers, p.offer)
	return true
}

func (p *play) cancelOffer() bool {
	by := rapid.SampledFrom([]int{p.owner(), p.anyone("who")}).Draw(p.T, "by")
	in, ok := p.owns(by)
	if !ok || p.CancelOffer(p.ctx, in) != nil {
		return false
	}
	p.offer = nil
	return true
}

// heir is somebody with the link of an offer, mostly whom it is to; mostly of the one
// that stands.
func (p *play) heir() (int, *promise, access.Member, bool) {
	if len(p.offers) == 0 {
		p.Skip("no offer")
	}
	o := rapid.SampledFrom(p.offers).Draw(p.T, "offer")
	if p.offer != nil && rapid.IntRange(0, 2).Draw(p.T, "an earlier offer") < 2 {
		o = p.offer
	}
	who := rapid.SampledFrom([]int{o.to, o.to, p.anyone("heir")}).Draw(p.T, "who")
	m, ok := p.membership(who)
	if !ok {
		return who, o, access.Member{}, false
	}
	in, err := access.EnterMember(m, access.Change)
	return who, o, in, err == nil
}

func (p *play) take() bool {
	who, o, in, ok := p.heir()
	if !ok || p.TakeOwnership(p.ctx, in, o.link) != nil {
		return false
	}
	if o != p.offer || who != o.to || o.from != p.owner() || p.now().Sub(o.made) >= week {
		p.Fatalf("%d took what %+v was; %+v stands", who, o, p.offer)
	}
	p.becomesOwner(who, false)
	return true
}

func (p *play) declineOffer() bool {
	who, o, in, ok := p.heir()
	if !ok || p.DeclineOwnership(p.ctx, in, o.link) != nil {
		return false
	}
	if o != p.offer || who != o.to {
		p.Fatalf("%d declined what %+v was; %+v stands", who, o, p.offer)
	}
	p.offer = nil
	return true
}

func (p *play) staffAssociate() bool {
	whom, set := p.anyone("whom"), whole(p.some("permissions"))
	a := sharing.Association{User: p.users[whom].Email, Perms: set.Slugs(), Reason: "Asked for it"}
	if _, err := p.Associate(p.ctx, p.desk(), a); err != nil {
		return false
	}
	if p.holds[whom] != nil {
		p.Fatalf("%d had access", whom)
	}
	p.holds[whom] = &holding{set: set}
	return true
}

func (p *play) staffGrant() bool {
	whom, set := p.anyone("whom"), whole(p.some("permissions"))
	now, ok := p.membershipVersion(whom)
	if !ok || p.holds[whom].owner {
		return false
	}
	u := p.users[whom]
	if _, err := p.Manage(p.ctx, p.desk(), u.ID, sharing.Managed{First: u.FirstName, Email: u.Email, Perms: set.Slugs(), Version: now}); err != nil {
		return false
	}
	p.holds[whom].set = set
	return true
}

func (p *play) staffRemove() bool {
	whom := p.anyone("whom")
	if _, err := p.Remove(p.ctx, access.AsManager(p.desk()), p.users[whom].ID); err != nil {
		return false
	}
	p.touches(staff, whom)
	p.goes(whom)
	return true
}

func (p *play) makeOwner() bool {
	to, from := p.anyone("to"), p.owner()
	if rapid.IntRange(0, 3).Draw(p.T, "as it was drawn earlier") == 0 {
		from = p.anyone("from")
	}
	goes := rapid.Bool().Draw(p.T, "former goes")
	if _, err := p.MakeOwner(p.ctx, p.desk(), p.users[to].ID, sharing.Handover{From: p.users[from].ID, Remove: goes, Checked: true, Reason: "Sold"}); err != nil {
		return false
	}
	if from != p.owner() {
		p.Fatalf("staff took the account from %d, and it was %d's", from, p.owner())
	}
	p.becomesOwner(to, goes)
	return true
}

func (p *play) deactivate() bool {
	whom := p.anyone("whom")
	if p.off[whom] || len(p.off) > 1 {
		return false
	}
	p.do(func(tx *db.Tx) error { _, err := access.Deactivate(p.ctx, tx, p.users[whom].ID); return err })
	p.off[whom] = true
	return true
}

func (p *play) activate() bool {
	for whom := range cast {
		if p.off[whom] {
			p.do(func(tx *db.Tx) error { return access.Activate(p.ctx, tx, p.users[whom].ID) })
			delete(p.off, whom)
			delete(p.since, whom) // their sessions have ended
			return true
		}
	}
	return false
}

func (p *play) wait() bool {
	p.clock.Add(rapid.SampledFrom([]time.Duration{time.Hour, time.Hour, 5 * time.Hour, 30 * time.Hour, 3 * 24 * time.Hour, week}).Draw(p.T, "how long"))
	return true
}
