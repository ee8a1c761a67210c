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

// first is the first of somebody's terms that is in the span.
func (s span) first(terms string) (term string, ok bool) {
	for terms != "" {
		if term, terms, _ = strings.Cut(terms, " "); term >= s.from {
			return term, term < s.to // they are in order
		}
	}
	return "", false
}

// mostWords is how many words are looked for; the rest is not.
const mostWords = 6

// typed are the spans that a text asks for, in its order: a word with an @ inside
// is the beginning of an address, one with an @ before it that of a domain. It is
// false for a text in which there is nothing to look for.
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
	for _, w := range all {
		if s := beginning(w); w != "" && len(spans) < mostWords && !slices.Contains(spans, s) {
			spans = append(spans, s)
		}
	}
	return spans, len(spans) > 0 || strings.TrimSpace(text) == ""
}

// A place is where a term of somebody stands.
type place struct {
	term string
	of   int64
}

// start is the place before the first one that is read.
func (s span) start() place {
	if s.filter {
		return place{s.to, 0}
	}
	return place{s.from, 0}
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

// A filing is a table of terms with the lines of those who have them.
type filing[T any] struct {
	along, back reading // of a span from its beginning, and from its end
	count       string  // counts as many as are read
	scan        func() func(db.Row) (met[T], error)
}

// A reading is a statement, but for how many terms it reads: that is written into
// it, so that a plan for all values knows it.
type reading struct{ before, after string }

func (r reading) of(most int) string { return r.before + strconv.Itoa(most) + r.after }

// A met is somebody at one of their terms.
type met[T any] struct {
	place
	terms string // all of theirs, in order
	line  T
}

// mostRead is how many terms are read for one page, unless it is full before; in
// the end it may be a few more.
const mostRead = 1000

// find lists who has a term in each of the spans, in the order of one of them.
// next is where to go on; "" = that was all. A page of a search for words that
// many have, but few together, may be shorter than limit, even empty.
func (f filing[T]) find(ctx context.Context, q db.Querier, spans []span, after string, limit int) (found []T, next string, err error) {
	var w way[T]
	if m, going := markIn(spans, after); going {
		w = way[T]{mark: m, more: true}
	} else if w, err = f.lead(ctx, q, spans, limit+1); err != nil {
		return nil, "", err
	}
	for w.more && len(w.hits) <= limit && w.read < mostRead {
		if err := f.read(ctx, q, spans, &w, w.chunk(limit+1)); err != nil {
			return nil, "", err
		}
	}
	switch {
	case len(w.hits) > limit:
		w.hits = w.hits[:limit]
		next = mark{w.span, w.hits[limit-1].place}.String()
	case w.more:
		next = w.mark.String()
	}
	found = make([]T, len(w.hits))
	for i, h := range w.hits {
		found[i] = h.line
	}
	return found, next, nil
}

// A way is a span that is read along.
type way[T any] struct {
	mark          // how far it was read
	read int      // how many terms were
	more bool     // whether there may be more
	hits []met[T] // who has all words, at their first term in the span
}

// chunk is how many terms to read next, so that there are probably enough hits.
// There are few sizes, as each makes a statement of its own.
func (w *way[T]) chunk(enough int) int {
	size := enough
	for size < 16*enough && size < (enough-len(w.hits))*(1+w.read/(1+len(w.hits))) {
		size *= 4
	}
	return size
}

// read reads the next terms along a way.
func (f filing[T]) read(ctx context.Context, q db.Querier, spans []span, w *way[T], most int) error {
	s := spans[w.span]
	sql, from, to := f.along, w.place, place{s.to, 0}
	if s.filter {
		sql, from, to = f.back, place{s.from, 0}, w.place
	}
	list, err := db.All(ctx, q, f.scan(), sql.of(most), from.term, from.of, to.term, to.of)
	if err != nil {
		return err
	}
	w.read += len(list)
	if w.more = len(list) == most; w.more {
		w.place = list[most-1].place
	}
	w.hits = append(w.hits, slices.DeleteFunc(list, func(m met[T]) bool {
		first, _ := s.first(m.terms)
		return first != m.term || !m.has(spans)
	})...)
	return nil
}

// has tells whether they have a term in each of the spans.
func (m *met[T]) has(spans []span) bool {
	for _, s := range spans {
		if _, ok := s.first(m.terms); !ok {
			return false
		}
	}
	return true
}

// lead picks the way to read along, and reads its first terms: the first way that
// has no more of them, or on which every other one is a hit. When there is none it
// is the shortest, up to what is read for a page. What one types first tells more
// than what comes after it, and filters come last.
func (f filing[T]) lead(ctx context.Context, q db.Querier, spans []span, enough int) (way[T], error) {
	var all []way[T]
	for i, s := range spans {
		w := way[T]{mark: mark{i, s.start()}}
		if err := f.read(ctx, q, spans, &w, enough); err != nil {
			return w, err
		}
		if !w.more || len(spans) == 1 || 2*len(w.hits) >= enough {
			return w, nil
		}
		all = append(all, w)
	}
	best, least := 0, int64(mostRead)+1
	for i, s := range spans {
		n, err := db.One(ctx, q, scanInt, f.count, s.from, s.to)
		if err != nil {
			return all[i], err
		}
		if n < least || n == least && len(all[i].hits) > len(all[best].hits) {
			best, least = i, n
		}
	}
	return all[best], nil
}
