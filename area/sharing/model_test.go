package sharing_test

import (
	"time"

	"pgregory.net/rapid"

	"atrium/base/access"
)

// A model is what one account must be like, told without the product's code: who
// holds what, and by whose hand. Each thing that the product lets somebody do is
// held against it; what may not have happened ends the sequence.
type model struct {
	*rapid.T
	holds  map[int]*holding // who has access
	papers []*paper
	offer  *promise // that waits
	offers []*promise
	off    map[int]bool
	now    func() time.Time
}

// staff is the hand of the host's people.
const staff = -1

type holding struct {
	owner, manages bool
	set            access.Set
}

// A paper is an invitation. by stands for it: who has last put something into it,
// or has seen its link, or has taken it over when nobody stood for it any more.
type paper struct {
	id      access.InvitationID
	set     access.Set
	by      int
	pending bool
	taker   int
	issued  time.Time
	links   []access.Token // the last is the one that works
	version int64
}

type promise struct {
	from, to int
	made     time.Time
	link     access.Token
}

const week = 7 * 24 * time.Hour

func (h *holding) all() access.Set {
	if h == nil {
		return 0
	}
	if h.owner {
		return access.Everything
	}
	return h.set
}

// whole adds what a permission can't be held without.
func whole(s access.Set) access.Set {
	if s.Has(access.NameManageProducts) || s.Has(access.NameProductSSO) {
		s |= access.SetOf(access.NameProducts)
	}
	if s.Has(access.NameManageDomains) {
		s |= access.SetOf(access.NameDomains)
	}
	return s
}

func (m *model) owner() int {
	for p, h := range m.holds {
		if h.owner {
			return p
		}
	}
	return staff
}

// canGive tells whether somebody may give the set now.
func (m *model) canGive(by int, set access.Set) bool {
	if by == staff {
		return true
	}
	h := m.holds[by]
	return h != nil && (h.owner || h.manages) && set&^h.all() == 0
}

// gives ends the sequence unless by may give the set.
func (m *model) gives(by int, set access.Set) {
	if !m.canGive(by, set) {
		m.Fatalf("%d gave %v, and holds %+v", by, set.Slugs(), m.holds[by])
	}
}

// touches ends the sequence unless by may change whom: not the owner, not
// themselves, nobody who holds more or manages, unless the owner does it or staff.
func (m *model) touches(by, whom int) {
	h := m.holds[whom]
	m.gives(by, h.all())
	if h == nil || h.owner || by == whom || h.manages && by != staff && !m.holds[by].owner {
		m.Fatalf("%d changed %d, who holds %+v", by, whom, h)
	}
}

// stands tells whether an invitation can be accepted as far as its sender goes.
func (m *model) stands(p *paper) bool { return m.canGive(p.by, p.set) && !m.off[p.by] }

// joins has somebody accept by a link.
func (m *model) joins(p *paper, link, who int) {
	switch {
	case m.holds[who] != nil && !p.pending && p.taker == who:
		return // the same click again
	case m.holds[who] != nil, !p.pending, link != len(p.links)-1, m.now().Sub(p.issued) >= week, m.off[who]:
		m.Fatalf("%d, who holds %+v, accepted %+v by link %d", who, m.holds[who], p, link)
	case !m.stands(p):
		m.Fatalf("%d accepted what %d, who holds %+v, could not give: %+v", who, p.by, m.holds[p.by], p)
	}
	p.pending, p.taker = false, who
	m.holds[who] = &holding{set: whole(p.set)}
}

func (m *model) goes(who int) {
	delete(m.holds, who)
	if m.offer != nil && m.offer.to == who {
		m.offer = nil
	}
}

// becomesOwner hands the account over.
func (m *model) becomesOwner(who int, formerGoes bool) {
	former := m.owner()
	if m.holds[who] == nil || who == former || m.off[who] {
		m.Fatalf("%d, who holds %+v, became the owner", who, m.holds[who])
	}
	m.holds[former] = &holding{set: access.Everything}
	m.holds[who] = &holding{owner: true}
	m.offer = nil
	for _, p := range m.papers {
		if p.pending && p.by == former {
			p.by = who
		}
	}
	if formerGoes {
		m.goes(former)
	}
}
