package ui

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A rgb is a colour in linear light, 0 to 1.
type rgb [3]float64

// oklch is a colour as the stylesheet writes it, as a screen shows it: what it
// can't show is cut off.
func oklch(l, c, hue float64) rgb {
	a, b := c*math.Cos(hue*math.Pi/180), c*math.Sin(hue*math.Pi/180)
	cube := func(x float64) float64 { return x * x * x }
	long, middle, short := cube(l+.3963377774*a+.2158037573*b), cube(l-.1055613458*a-.0638541728*b), cube(l-.0894841775*a-1.2914855480*b)
	var out rgb
	for i, v := range []float64{
		4.0767416621*long - 3.3077115913*middle + .2309699292*short,
		-1.2684380046*long + 2.6097574011*middle - .3413193965*short,
		-.0041960863*long - .7034186147*middle + 1.7076147010*short,
	} {
		out[i] = min(max(v, 0), 1)
	}
	return out
}

// contrast is WCAG's ratio.
func contrast(a, b rgb) float64 {
	light := func(c rgb) float64 { return .2126*c[0] + .7152*c[1] + .0722*c[2] + .05 }
	x, y := light(a), light(b)
	return max(x, y) / min(x, y)
}

// tokens reads a colour of the stylesheet for a hue: light, then dark.
func tokens(t *testing.T, css, name string, hue float64) [2]rgb {
	t.Helper()
	value := regexp.MustCompile(`--` + name + `: light-dark\((.+)\);`).FindStringSubmatch(css)
	if value == nil {
		t.Fatalf("there is no --%s", name)
	}
	parts := regexp.MustCompile(`#fff|oklch\((\S+)% (\S+) ([^)]+(?:\))?)\)`).FindAllStringSubmatch(value[1], -1)
	if len(parts) != 2 {
		t.Fatalf("--%s is %s", name, value[1])
	}
	var out [2]rgb
	for i, p := range parts {
		if p[0] == "#fff" {
			out[i] = rgb{1, 1, 1}
			continue
		}
		at := hue
		if !strings.HasPrefix(p[3], "var(") {
			at = float(t, p[3])
		}
		out[i] = oklch(float(t, p[1])/100, float(t, p[2]), at)
	}
	return out
}

func float(t *testing.T, s string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Whichever hue the host chooses, text in the accent colour and on it can be
// read, and what only shows by it can be seen, in light and in dark.
func TestEveryHueKeepsItsContrast(t *testing.T) {
	file, err := os.ReadFile("assets/atrium.css")
	if err != nil {
		t.Fatal(err)
	}
	css := string(file)
	for hue := range 361 {
		of := func(name string) [2]rgb { return tokens(t, css, name, float64(hue)) }
		for _, pair := range []struct {
			over, under string
			least       float64
		}{
			{"on-accent", "accent", 4.5}, {"on-accent", "accent-2", 4.5}, // buttons
			{"accent", "bg", 4.5}, {"accent", "surface", 4.5}, {"accent", "raised", 4.5}, {"accent", "tint", 4.5}, // links
			{"accent-2", "surface", 4.5}, {"accent-2", "tint", 4.5}, {"accent-2", "hover", 4.5},
			{"text", "tint", 4.5}, {"muted", "tint", 4.5}, // what is chosen
			{"accent", "well", 3}, {"accent", "hover", 3}, // focus, borders
		} {
			over, under := of(pair.over), of(pair.under)
			for i, mode := range []string{"light", "dark"} {
				if got := contrast(over[i], under[i]); got < pair.least {
					t.Errorf("hue %d, %s: %s on %s has %.2f, not %v", hue, mode, pair.over, pair.under, got, pair.least)
				}
			}
		}
	}
}

func TestContrastIsWCAGs(t *testing.T) {
	white, black := rgb{1, 1, 1}, rgb{}
	if got := contrast(white, black); got != 21 {
		t.Errorf("white on black has %v", got)
	}
	if got := contrast(oklch(1, 0, 0), oklch(.5999, 0, 0)); math.Abs(got-3.95) > .05 { // #808080
		t.Errorf("white on grey has %v", got)
	}
	if red := oklch(.62796, .25768, 29.234); math.Abs(red[0]-1) > .001 || red[1] > .001 || red[2] > .001 { // #f00
		t.Errorf("red is %v", red)
	}
}
