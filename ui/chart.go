package ui

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// A Chart shows how often something was by month, as bars from zero; the last
// month is the present one.
type Chart struct {
	ID     string // of the heading; must be unique on the page
	Title  string
	Unit   string    // what is counted, for the table: "Log-ins"
	First  time.Time // when the first month began, in UTC
	Counts []int64   // of each month
	Empty  string    // said in place of bars when there is nothing yet
}

// The chart's grid. It is drawn as wide as its card: on a phone about as it is
// here, on a desk a third larger.
const (
	chartWidth  = 360
	chartHeight = 190
	chartTop    = 24  // above it only the value on the highest bar
	chartFloor  = 164 // below it the months
	chartLeft   = 6
)

// A bar is a month's, on the grid.
type bar struct {
	x, y, width, height string
	middle, above       string // where its month and its value stand
	month, year         string
	value               string
	now, newYear        bool // the last; the year stands below it
}

func (c Chart) total() (n int64) {
	for _, v := range c.Counts {
		n += v
	}
	return n
}

func (c Chart) month(i int) time.Time { return c.First.UTC().AddDate(0, i, 0) }

func (c Chart) bars(p Printer) []bar {
	top := c.top()
	step := float64(chartWidth-2*chartLeft) / float64(len(c.Counts))
	var all []bar
	for i, v := range c.Counts {
		x := chartLeft + float64(i)*step
		height := float64(chartFloor-chartTop) * float64(v) / float64(top)
		if v > 0 {
			height = max(height, 1.5) // little is not nothing
		}
		all = append(all, bar{
			x: grid(x + step*.14), width: grid(step * .72), y: grid(chartFloor - height), height: grid(height),
			middle: grid(x + step/2), above: grid(chartFloor - height - 5),
			month: p.narrowMonth(c.month(i)), newYear: i == 0 || c.month(i).Month() == time.January, year: c.month(i).Format("2006"), value: short(p, v), now: i == len(c.Counts)-1,
		})
	}
	return all
}

// top is the round number at which the chart ends: 1, 2 or 5 times a power of
// ten, no less than the highest bar.
func (c Chart) top() int64 {
	most := int64(1)
	for _, v := range c.Counts {
		most = max(most, v)
	}
	for ten := int64(1); ; ten *= 10 {
		for _, n := range []int64{1, 2, 5} {
			if n*ten >= most {
				return n * ten
			}
		}
	}
}

func grid(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// short writes a number so that it fits on its bar: 950, 1.2k, 38k, 2.1M.
func short(p Printer, n int64) string {
	of := func(unit int64, sign string) string {
		v := float64(n) / float64(unit)
		if v < 10 {
			return strings.Replace(strconv.FormatFloat(math.Floor(v*10)/10, 'f', -1, 64), ".", p.point(), 1) + sign
		}
		return strconv.FormatInt(n/unit, 10) + sign
	}
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10)
	case n < 1_000_000:
		return of(1000, p.T("k"))
	}
	return of(1_000_000, p.T("M"))
}

// sentence says what the bars show.
func (c Chart) sentence(p Printer) string {
	last := len(c.Counts) - 1
	best := 0
	for i, v := range c.Counts {
		if v > c.Counts[best] {
			best = i
		}
	}
	total, now, month := int(c.total()), int(c.Counts[last]), p.Month(c.month(last))
	if best == last {
		return p.T("%d since %s; %d of them so far in %s, the most of all months.", total, p.Month(c.month(0)), now, month)
	}
	return p.T("%d since %s, most in %s (%d); %d so far in %s.", total, p.Month(c.month(0)), p.Month(c.month(best)), int(c.Counts[best]), now, month)
}
