package activity

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"atrium/base/audit"
	"atrium/base/id"
)

// What the fields of the filter say beside persons, areas and days.
const (
	all     = "all"
	support = "support"
	usual   = "30" // days
)

// A wish is what the filter's form says. What it can't say is as if it were
// not said: the worst that a mistyped address does is to show more.
type wish struct{ Person, Find, Area, Period, Before string }

// readWish reads it from an address.
func readWish(query func(name string) string) wish {
	w := wish{Person: all, Find: strings.TrimSpace(query("find")), Area: all}
	if _, ok := id.Parse[id.UserKind](query("person")); ok || query("person") == support {
		w.Person = query("person")
	}
	if a := Area(query("area")); a == LogIns || a == Users || a == Account {
		w.Area = string(a)
	}
	w.Period = period(query)
	if _, ok := parseMark(query("before")); ok {
		w.Before = query("before")
	}
	return w
}

func period(query func(name string) string) string {
	if p := query("period"); p == "7" || p == "90" || p == all {
		return p
	}
	return usual
}

// whose is the wish with the person whose entries there are.
func (w wish) whose(c Choice) wish {
	switch {
	case c.User != 0:
		w.Person = c.User.String()
	case w.Person != support:
		w.Person = all
	}
	return w
}

func (w wish) filter() Filter {
	f := Filter{Support: w.Person == support, Find: w.Find}
	f.User, _ = id.Parse[id.UserKind](w.Person) // "all" and "support" are nobody's id
	f.Days, _ = strconv.Atoi(w.Period)          // "all" is no number: from the beginning
	f.Before, _ = parseMark(w.Before)
	if w.Area != all {
		f.Area = Area(w.Area)
	}
	return f
}

// query is the wish as a page's address says it, from a mark on.
func (w wish) query(before string) string {
	v := url.Values{"person": {w.Person}, "area": {w.Area}, "period": {w.Period}}
	if w.Find != "" {
		v.Set("find", w.Find)
	}
	if before != "" {
		v.Set("before", before)
	}
	return "?" + v.Encode()
}

// formatMark writes a mark into an address: "1795871100000000-0abc…-10001".
func formatMark(m audit.Mark) string {
	return strconv.FormatInt(m.At.UnixMicro(), 10) + "-" + m.ID.String() + "-" + m.Account.String()
}

func parseMark(s string) (audit.Mark, bool) {
	micros, rest, _ := strings.Cut(s, "-")
	key, account, _ := strings.Cut(rest, "-")
	at, err := strconv.ParseInt(micros, 10, 64)
	var m audit.Mark
	if err != nil || at <= 0 || m.ID.UnmarshalText([]byte(key)) != nil {
		return audit.Mark{}, false
	}
	m.At = time.UnixMicro(at)
	m.Account, _ = id.ParseAccount(account) // "0" is none
	return m, true
}
