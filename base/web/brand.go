package web

import (
	"fmt"
	"net/http"
	"strconv"

	"atrium/base/settings"
	"atrium/ui"
)

// Where the host's colour and logos are. Their addresses hold the colour, and a
// hash of the logo, so browsers keep them for ever and a change is seen at once.
const (
	sheetPath = "/brand.css"
	logoPath  = "/brand/"
)

const forEver = "public, max-age=31536000, immutable"

// brandFrame puts the host's name and look around the page.
func (q *Request) brandFrame(f *ui.Frame) {
	s := q.settings
	f.Brand, f.Help = s.Company.Name, s.HelpHref()
	if s.Company.Hue != settings.DefaultHue {
		f.Sheet = sheetPath + "?hue=" + strconv.Itoa(s.Company.Hue)
	}
	if light, dark := s.Logos.Light, s.Logos.Dark; light.Hash != "" {
		f.Logo = &ui.Logo{Light: logoURL(settings.LightLogo, light), Width: light.Width, Height: light.Height}
		if dark.Hash != "" {
			f.Logo.Dark = logoURL(settings.DarkLogo, dark)
		}
	}
}

func logoURL(name string, p settings.Picture) string { return logoPath + name + ".png?v=" + p.Hash }

// serveSheet answers with the stylesheet of a hue, any that can be set: a page
// of one process may ask another that does not know of the change yet.
func serveSheet(w http.ResponseWriter, r *http.Request) {
	hue, err := strconv.Atoi(r.URL.Query().Get("hue"))
	if err != nil || hue < 0 || hue > 360 {
		http.Error(w, "Not found", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", forEver)
	fmt.Fprintf(w, "@layer brand { :root { --accent-h: %d } }\n", hue)
}

// serveLogo answers with a logo that is in force.
func (r *Routes) serveLogo(w http.ResponseWriter, q *http.Request) {
	for _, name := range []string{settings.LightLogo, settings.DarkLogo} {
		if q.PathValue("logo") != name+".png" {
			continue
		}
		png, err := r.Settings.Logo(q.Context(), name, q.URL.Query().Get("v"))
		if err != nil {
			break // replaced, or the database does not answer: the name stands there
		}
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Content-Length", strconv.Itoa(len(png)))
		w.Header().Set("Cache-Control", forEver)
		w.Write(png)
		return
	}
	http.Error(w, "Not found", http.StatusNotFound)
}
