package access

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"atrium/base/db"
)

// A span is a piece of a table of terms. Words are read from its beginning, so
// that the whole word comes before longer ones; filters from its end, newest
// first. Nobody has two terms in a filter's span.
type span struct {
	from, to string
	filter   bool
}

// beginning is the span of the terms that begin with a word.
func beginning(word string) span { return span{from: word, to: word + "\U0010ffff"} }

// only is the span of one term of a filter.
func only(term string) span { return span{term, term + " ", true} }

// mostWords is how many words are looked for; the rest is not.
const mostWords = 6

// typed are the spans that a text asks for: a word with an @ inside is the
// beginning of an address, one with an @ before it that of a domain. It is false
// for a text in which there is nothing to look for.
func typed(text string) (spans []span, ok bool) {
	var all []string
	for _, chunk := range strings.Fields(Fold(text)) {
		switch strings.IndexByte(chunk, '@') {
		case -1:
			all = append(all, words(chunk)...)
		case 0:
			all = append(all, strings.Trim(chunk, "@"))
		default:
			all = append(all, chunk)
		}
	}
	all = unique(all)
	for _, w := range all[:min(len(all), mostWords)] {
		spans = append(spans, beginning(w))
	}
	return spans, len(spans) > 0 || strings.TrimSpace(text) == ""
}

// A place is where a term of somebody stands.
type place struct {
	term string
	of   int64
}

// A mark is where a page of a search ended, in the span that was read along.
type mark struct {
	span int
	place
}

// String is the mark in an address. No term has a space in it.
func (m mark) String() string {
	return strconv.Itoa(m.span) + " " + strconv.FormatInt(m.of, 10) + " " + m.term
}

// markIn reads a mark of these spans. It is false for anything else.
func markIn(spans []span, text string) (mark, bool) {
	parts := strings.SplitN(text, " ", 3)
	if len(parts) != 3 {
		return mark{}, false
	}
	n, err := strconv.Atoi(parts[0])
	if err != nil || n < 0 || n >= len(spans) || parts[2] < spans[n].from || parts[2] > spans[n].to {
		return mark{}, false
	}
	of, err := strconv.ParseInt(parts[1], 10, 64)
	return mark{n, place{parts[2], of}}, err == nil
}

// A stretch is a part of a span: from after one place to another and with it, in
// the order of reading.
type stretch struct {
	span
	after, end place
}

func (s span) stretch() stretch {
	whole := stretch{s, place{s.from, 0}, place{s.to, 0}}
	if s.filter {
		whole.after, whole.end = whole.end, whole.after
	}
	return whole
}

// A filing is a table of terms, the column that says whose a term is, and the
// one that tells equal terms of one owner apart, if there is.
type filing struct{ table, of, twin string }

func accountFiling() filing { return filing{"account_terms", "account_id", "of_owner"} }
func userFiling() filing    { return filing{"user_terms", "user_id", ""} }

// Of a search for several words, how many terms are looked at to pick the word
// that is read along, how many of it are read first for one page, and at most.
const (
	sampled   = 20
	firstRead = 200
	mostRead  = 1000
)

// find lists who has a term in each of the spans, in the order of one of them.
// next is where to go on; "" = that was all. A page of a search for words that
// many have, but few together, may be shorter than limit, even empty.
func (f filing) find(ctx context.Context, q db.Querier, spans []span, after string, limit int) (found []int64, next string, err error) {
	var ways []stretch
	for _, s := range spans {
		ways = append(ways, s.stretch())
	}
	m, going := markIn(spans, after)
	switch {
	case going:
		ways[m.span].after = m.place
	case len(ways) > 1:
		if m.span, err = f.lead(ctx, q, ways); err != nil {
			return nil, "", err
		}
	}
	list, cut, err := f.read(ctx, q, ways, m.span, limit+1)
	if err != nil {
		return nil, "", err
	}
	switch {
	case len(list) > limit:
		list = list[:limit]
		next = mark{m.span, list[limit-1]}.String()
	case cut:
		next = mark{m.span, ways[m.span].end}.String()
	}
	for _, p := range list {
		found = append(found, p.of)
	}
	return found, next, nil
}

// read reads one of several ways until there is enough, to the end of what is
// read for one page, and shortens it to that: then cut is true.
func (f filing) read(ctx context.Context, q db.Querier, ways []stretch, lead, enough int) (list []place, cut bool, err error) {
	if len(ways) == 1 {
		list, err = f.along(ctx, q, ways, lead, enough)
		return list, false, err
	}
	whole := ways[lead]
	for _, most := range []int{firstRead, mostRead} {
		ways[lead] = whole
		ends, err := f.shorten(ctx, q, ways[lead:lead+1], most)
		if err != nil {
			return nil, false, err
		}
		cut = ends[0]
		if list, err = f.along(ctx, q, ways, lead, enough); err != nil || len(list) >= enough || !cut {
			return list, cut, err
		}
	}
	return list, cut, nil
}

// lead picks the way to read along: one with hardly any terms, or the one of
// whose first terms most are of somebody who has all words. When these say
// nothing it is one that is read in one page, or else any; words before filters,
// the longest first.
func (f filing) lead(ctx context.Context, q db.Querier, ways []stretch) (int, error) {
	samples, err := f.sample(ctx, q, ways)
	if err != nil {
		return 0, err
	}
	weigh := func(i int) int { return samples[i].hits }
	if !slices.ContainsFunc(samples, func(s sample) bool { return s.hits > 0 || s.terms < sampled }) {
		cut, err := f.shorten(ctx, q, slices.Clone(ways), mostRead)
		if err != nil {
			return 0, err
		}
		weigh = func(i int) int {
			if cut[i] {
				return 0
			}
			return 1
		}
	}
	rank := func(i int) (int, int) {
		first, second := weigh(i), len(ways[i].from)
		if samples[i].terms < sampled {
			first = sampled + 1
		}
		if !ways[i].filter {
			second += 1 << 10
		}
		return first, second
	}
	best := 0
	for i := range ways {
		a1, a2 := rank(i)
		b1, b2 := rank(best)
		if a1 > b1 || a1 == b1 && a2 > b2 {
			best = i
		}
	}
	return best, nil
}

// A sample is how many terms a way has, up to sampled, and how many of them are
// of somebody who has a term in all ways.
type sample struct{ way, terms, hits int }

// sample takes one of each of the ways.
func (f filing) sample(ctx context.Context, q db.Querier, ways []stretch) ([]sample, error) {
	b := asking{filing: f}
	for i, w := range ways {
		if i > 0 {
			b.add(` UNION ALL `)
		}
		b.add(`SELECT `, strconv.Itoa(i), `, count(*), COALESCE(sum(CASE WHEN TRUE`)
		b.others(ways, i)
		b.add(` THEN 1 ELSE 0 END), 0) FROM (SELECT t.term, t.`, f.of, ` FROM `, f.table, ` t WHERE `, b.within(w),
			order(w, "t."+f.of), ` LIMIT `, strconv.Itoa(sampled), `) t`)
	}
	samples, err := db.All(ctx, q, func(r db.Row) (sample, error) {
		var s sample
		err := r.Scan(&s.way, &s.terms, &s.hits)
		return s, err
	}, b.sql.String(), b.args...)
	slices.SortFunc(samples, func(x, y sample) int { return x.way - y.way })
	return samples, err
}

// others adds that somebody has a term in the other ways, too.
func (b *asking) others(ways []stretch, than int) {
	for i, w := range ways {
		if i != than {
			b.add(` AND EXISTS (SELECT 1 FROM `, b.table, ` e WHERE e.`, b.of, ` = t.`, b.of, ` AND e.term >= `, b.arg(w.from), ` AND e.term < `, b.arg(w.to), `)`)
		}
	}
}

// shorten ends each of the ways after most terms, and says which were longer.
func (f filing) shorten(ctx context.Context, q db.Querier, ways []stretch, most int) (cut []bool, err error) {
	b := asking{filing: f}
	for i, w := range ways {
		if i > 0 {
			b.add(` UNION ALL `)
		}
		b.add(`SELECT `, strconv.Itoa(i), `, c.term, c.`, f.of, ` FROM (SELECT t.term, t.`, f.of, ` FROM `, f.table, ` t WHERE `, b.within(w),
			order(w, "t."+f.of), ` LIMIT 1 OFFSET `, strconv.Itoa(most-1), `) c`)
	}
	type end struct {
		way int
		place
	}
	ends, err := db.All(ctx, q, func(r db.Row) (end, error) {
		var e end
		err := r.Scan(&e.way, &e.term, &e.of)
		return e, err
	}, b.sql.String(), b.args...)
	cut = make([]bool, len(ways))
	for _, e := range ends {
		cut[e.way], ways[e.way].end = true, e.place
	}
	return cut, err
}

// along reads one of the ways, and of each who has a term in all of them the
// first term in it. The only way there is, it reads from its beginning by more
// terms and leaves out whoever came before: that is cheaper than to ask of each
// whether they did. An account that is called like its owner has them twice.
func (f filing) along(ctx context.Context, q db.Querier, ways []stretch, lead, limit int) ([]place, error) {
	if w := ways[lead]; len(ways) == 1 && !w.filter && w.after == w.span.stretch().after {
		most := 2 * limit
		list, err := f.terms(ctx, q, ways, lead, most, false)
		if err != nil {
			return nil, err
		}
		all := len(list) < most
		if list = firsts(list); all || len(list) >= limit {
			return list[:min(len(list), limit)], nil
		}
	}
	return f.terms(ctx, q, ways, lead, limit, !ways[lead].filter)
}

// firsts leaves out whoever was there before.
func firsts(list []place) []place {
	seen := make(map[int64]bool, len(list))
	return slices.DeleteFunc(list, func(p place) bool {
		before := seen[p.of]
		seen[p.of] = true
		return before
	})
}

// terms reads terms of one of the ways that are of somebody who has a term in all
// of them; with once only the first of each.
func (f filing) terms(ctx context.Context, q db.Querier, ways []stretch, lead, limit int, once bool) ([]place, error) {
	b := asking{filing: f}
	w := ways[lead]
	b.add(`SELECT t.term, t.`, f.of, ` FROM `, f.table, ` t WHERE `, b.within(w))
	if once {
		b.add(` AND NOT EXISTS (SELECT 1 FROM `, f.table, ` e WHERE e.`, f.of, ` = t.`, f.of, ` AND e.term >= `, b.arg(w.from), ` AND `, f.earlier(), `)`)
	}
	b.others(ways, lead)
	b.add(order(w, "t."+f.of), ` LIMIT `, strconv.Itoa(limit))
	return db.All(ctx, q, scanPlace, b.sql.String(), b.args...)
}

func scanPlace(r db.Row) (place, error) {
	var p place
	err := r.Scan(&p.term, &p.of)
	return p, err
}

// earlier compares a term e with a term t of the same one.
func (f filing) earlier() string {
	if f.twin == "" {
		return `e.term < t.term`
	}
	return `(e.term, e.` + f.twin + `) < (t.term, t.` + f.twin + `)`
}

func order(w stretch, of string) string {
	if w.filter {
		return ` ORDER BY t.term DESC, ` + of + ` DESC`
	}
	return ` ORDER BY t.term, ` + of
}

// An asking is a statement that is being put together.
type asking struct {
	filing
	sql  strings.Builder
	args []any
}

func (b *asking) add(parts ...string) { b.sql.WriteString(strings.Join(parts, "")) }

func (b *asking) arg(v any) string {
	b.args = append(b.args, v)
	return "$" + strconv.Itoa(len(b.args))
}

// within names both ends as pairs, so that either database reads no more of the
// index than this.
func (b *asking) within(w stretch) string {
	from, to := ` > `, ` <= `
	if w.filter {
		from, to = ` < `, ` >= `
	}
	at := `(t.term, t.` + b.of + `)`
	return at + from + `(` + b.arg(w.after.term) + `, ` + b.arg(w.after.of) + `) AND ` + at + to + `(` + b.arg(w.end.term) + `, ` + b.arg(w.end.of) + `)`
}
