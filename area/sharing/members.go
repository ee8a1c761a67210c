package sharing

import (
	"context"
	"slices"

	"atrium/base/access"
	"atrium/base/id"
)

// Members are a page of who has access: the owner first, then by name.
type Members struct {
	Part
	List  []access.MemberInfo
	Total int // how many have access
	Found int // of them, by the search
}

// shownMembers is how many members the card of Home lists.
const shownMembers = 5

// FirstMembers lists those that Home shows, and how many have access in all.
func (s *Sharing) FirstMembers(ctx context.Context, in access.Manager) ([]access.MemberInfo, int, error) {
	return access.MemberPage(ctx, s.DB.Auto(), in.Account(), 0, shownMembers)
}

// members reads no more than the page, unless a search is for some of them. A page
// that there is not any more is the first.
func (s *Sharing) members(ctx context.Context, account id.Account, p Part) (Members, error) {
	m, err := s.memberPage(ctx, account, p)
	if err == nil && len(m.List) == 0 && p.Page > 1 {
		return s.memberPage(ctx, account, p.first())
	}
	return m, err
}

func (s *Sharing) memberPage(ctx context.Context, account id.Account, p Part) (m Members, err error) {
	m.Part = p
	if p.Query == "" {
		m.List, m.Total, err = access.MemberPage(ctx, s.DB.Auto(), account, p.skip(), perPage)
		m.Found = m.Total
		return m, err
	}
	all, err := access.Members(ctx, s.DB.Auto(), account)
	access.SortMembers(all)
	m.Total = len(all)
	all = slices.DeleteFunc(all, func(a access.MemberInfo) bool { return !matches(p.Query, a.Name(), a.Email) })
	m.List, m.Found = cut(p, all), len(all)
	return m, err
}
