package ui

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

func drawn(t *testing.T, c Chart) *goquery.Document {
	t.Helper()
	var b strings.Builder
	if err := BarChart(Printer{}, c).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	d, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAChartSaysInWordsAndNumbersWhatItsBarsShow(t *testing.T) {
	c := Chart{ID: "c", Title: "Log-ins", Unit: "Log-ins", First: time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC), Counts: []int64{3, 0, 1500, 12}}
	d := drawn(t, c)
	const says = "1,515 since December 2025, most in February 2026 (1,500); 12 so far in March 2026."
	if got := d.Find("svg desc").Text(); got != says || d.Find("p.sub").Text() != says {
		t.Errorf("it says %q", got)
	}
	if name, _ := d.Find("svg[role=img]").Attr("aria-labelledby"); name != "c-title c-says" || d.Find("#c-title").Text() != "Log-ins by month" {
		t.Errorf("the image is named by %q", name)
	}
	var rows []string
	d.Find("table tbody tr").Each(func(_ int, s *goquery.Selection) {
		rows = append(rows, strings.Join(strings.Fields(s.Find("th").Text()), " ")+" "+s.Find("td").Text())
	})
	if got := strings.Join(rows, "|"); got != "December 2025 3|January 2026 0|February 2026 1,500|March 2026 (so far) 12" {
		t.Errorf("the table has %s", got)
	}
	var values []string
	d.Find("svg .v").Each(func(_ int, s *goquery.Selection) { values = append(values, s.Text()) })
	if got := strings.Join(values, " "); got != "3 0 1.5k 12" {
		t.Errorf("on the bars stands %s", got)
	}
	if d.Find("rect").Length() != 4 || d.Find("rect.now").Length() != 1 || d.Find("[style]").Length() > 0 {
		t.Error("not one bar a month, the last one marked, without inline styles")
	}
}

func TestBarsStandOnZeroAndEndBelowTheTop(t *testing.T) {
	for _, counts := range [][]int64{{0, 1}, {7, 3}, {200, 200}, {123456, 1}, {0, 2_100_000}} {
		c := Chart{Counts: counts, First: time.Unix(0, 0)}
		if top := c.top(); top < max(counts[0], counts[1]) || top > 3*max(counts[0], counts[1]) {
			t.Errorf("%v end at %d", counts, top)
		}
		for i, b := range c.bars(Printer{}) {
			if (b.height == "0") != (counts[i] == 0) || strings.HasPrefix(b.y, "-") {
				t.Errorf("%v: %+v", counts, b)
			}
		}
	}
}

func TestAnEmptyChartSaysWhatWillBeThere(t *testing.T) {
	d := drawn(t, Chart{ID: "c", Counts: make([]int64, 12), Empty: "The first one will be here."})
	if d.Find("svg, table").Length() > 0 || !strings.Contains(d.Text(), "The first one will be here.") {
		t.Error(d.Html())
	}
}
