package sharing

import (
	"net/url"
	"strconv"
	"strings"

	"atrium/base/web"
)

// perPage is how many members or accounts a page shows, and searchFrom how many
// there are before a search is offered.
const (
	perPage    = 25
	searchFrom = 10
	mostPages  = 10_000
)

// A Part says which page of a list is asked for, and what its search says.
type Part struct {
	Query string
	Page  int // from 1
}

// skip is how many lines come before the page.
func (p Part) skip() int { return (p.Page - 1) * perPage }

// first is the same search from the beginning.
func (p Part) first() Part { return Part{p.Query, 1} }

// cut is the page of what was found.
func cut[T any](p Part, found []T) []T {
	end := min(p.skip()+perPage, len(found))
	return found[min(p.skip(), end):end]
}

// partOf reads which page of a list is asked for.
func partOf(q *web.Request) Part {
	page, _ := strconv.Atoi(q.Query("page"))
	return Part{Query: strings.TrimSpace(q.Query("q")), Page: min(max(page, 1), mostPages)}
}

// before and after lead to the pages around the one that was read, of a list of
// what was found; "" = none.
func (p Part) before() string {
	if p.Page < 2 {
		return ""
	}
	return p.at(p.Page - 1)
}

func (p Part) after(found int) string {
	if p.skip()+perPage >= found {
		return ""
	}
	return p.at(p.Page + 1)
}

func (p Part) at(page int) string {
	return "?" + url.Values{"page": {strconv.Itoa(page)}, "q": {p.Query}}.Encode()
}
