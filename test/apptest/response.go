package apptest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Response is what came back.
type Response struct {
	person *Person
	t      *testing.T
	Path   string
	Status int
	Header http.Header
	Body   string
}

// Is fails the test unless the status is this one.
func (r *Response) Is(status int) *Response {
	r.t.Helper()
	if r.Status != status {
		r.t.Fatalf("%s answered %d, want %d:\n%s", r.Path, r.Status, status, r.words())
	}
	return r
}

// OK fails the test unless the page is there.
func (r *Response) OK() *Response { r.t.Helper(); return r.Is(http.StatusOK) }

// SeeOther fails the test unless it is a redirect, and gives where to.
func (r *Response) SeeOther() string {
	r.t.Helper()
	r.Is(http.StatusSeeOther)
	return r.Header.Get("Location")
}

// Follow opens where a redirect leads.
func (r *Response) Follow() *Response { r.t.Helper(); return r.person.Get(r.SeeOther()) }

// Denied fails the test unless it is the page that one may not, naming this.
func (r *Response) Denied(label string) *Response {
	r.t.Helper()
	return r.Is(http.StatusForbidden).Says("Access denied").Says(label)
}

// words is the page's text, for messages.
func (r *Response) words() string {
	text := strings.Join(strings.Fields(r.Find("body").Text()), " ")
	return text[:min(len(text), 1500)]
}

// Find finds elements of the page.
func (r *Response) Find(selector string) *goquery.Selection {
	r.t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(r.Body))
	if err != nil {
		r.t.Fatal(err)
	}
	return d.Find(selector)
}

// Says fails the test unless the page's text contains the words.
func (r *Response) Says(words string) *Response {
	r.t.Helper()
	if !strings.Contains(strings.Join(strings.Fields(r.Find("html").Text()), " "), words) {
		r.t.Fatalf("%s does not say %q:\n%s", r.Path, words, r.words())
	}
	return r
}

// SaysNot fails the test if the page's text contains the words.
func (r *Response) SaysNot(words string) *Response {
	r.t.Helper()
	if strings.Contains(strings.Join(strings.Fields(r.Find("html").Text()), " "), words) {
		r.t.Fatalf("%s says %q:\n%s", r.Path, words, r.words())
	}
	return r
}

// Has fails the test unless the page has such an element.
func (r *Response) Has(selector string) *Response {
	r.t.Helper()
	if r.Find(selector).Length() == 0 {
		r.t.Fatalf("%s has no %s:\n%s", r.Path, selector, r.words())
	}
	return r
}

// HasNot fails the test if the page has such an element.
func (r *Response) HasNot(selector string) *Response {
	r.t.Helper()
	if r.Find(selector).Length() > 0 {
		r.t.Fatalf("%s has %s", r.Path, selector)
	}
	return r
}

// Submit fills in the first form that matches and sends it: every field that a
// browser would send, with the given values in place of those drawn.
func (r *Response) Submit(selector string, values url.Values) *Response {
	r.t.Helper()
	form := r.Find(selector).Not("[action='/me/verify']").First() // the banner's
	if form.Length() == 0 || goquery.NodeName(form) != "form" {
		r.t.Fatalf("%s has no form %s:\n%s", r.Path, selector, r.words())
	}
	data := fields(form)
	for name, v := range values {
		if name != "perm" && form.Find("[name='"+name+"']").Length() == 0 {
			r.t.Fatalf("the form %s of %s has no field %q", selector, r.Path, name)
		}
		data[name] = v
	}
	action := form.AttrOr("action", r.Path)
	if form.AttrOr("method", "get") == "get" {
		return r.person.Get(action + "?" + data.Encode())
	}
	return r.person.Post(action, data)
}

// fields is what a browser would send of a form nobody has touched.
func fields(form *goquery.Selection) url.Values {
	data := url.Values{}
	form.Find("input[name], select[name], textarea[name]").Not("[disabled], [name='']").Each(func(_ int, f *goquery.Selection) {
		name := f.AttrOr("name", "")
		switch kind := f.AttrOr("type", "text"); {
		case name == "": // browsers send no field without a name
		case goquery.NodeName(f) == "textarea":
			data.Add(name, strings.TrimPrefix(f.Text(), "\n"))
		case goquery.NodeName(f) == "select":
			chosen := f.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = f.Find("option").First()
			}
			data.Add(name, chosen.AttrOr("value", chosen.Text()))
		case kind == "checkbox" || kind == "radio":
			if _, on := f.Attr("checked"); on {
				data.Add(name, f.AttrOr("value", "on"))
			}
		case kind != "submit" && kind != "button":
			data.Add(name, f.AttrOr("value", ""))
		}
	})
	return data
}
