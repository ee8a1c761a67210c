package ui_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"atrium/fault"
	"atrium/ui"
)

// draw renders a component to a document.
func draw(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	d, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// attr is an attribute of the one element that the selector finds.
func attr(t *testing.T, d *goquery.Document, selector, name string) string {
	t.Helper()
	found := d.Find(selector)
	if found.Length() != 1 {
		t.Fatalf("%s: %d found, want 1", selector, found.Length())
	}
	return found.AttrOr(name, "")
}

// words are an element's, with single spaces.
func words(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// controls are one of each kind of field, all called "x".
func controls(f ui.Form) map[string]templ.Component {
	return map[string]templ.Component{
		"input":    f.Field(ui.Input{Name: "x", Label: "Name & <b>more</b>", Hint: "A hint", Max: 80}),
		"password": f.Password(ui.Input{Name: "x", Label: "Name & <b>more</b>", Hint: "A hint", Autocomplete: "new-password"}),
		"textarea": f.TextArea(ui.Input{Name: "x", Label: "Name & <b>more</b>", Hint: "A hint", Max: 500}),
		"select":   f.Select(ui.Choice{Name: "x", Label: "Name & <b>more</b>", Hint: "A hint", Options: []ui.Option{{Value: "a", Label: "A"}}}),
		"checkbox": f.Checkbox(ui.Check{Name: "x", Label: "Name & <b>more</b>", Hint: "A hint", Value: "yes"}),
	}
}

func TestEveryControlHasItsLabelHintAndError(t *testing.T) {
	err := fault.FieldErr("x", "", "Enter <b>your</b> name.")
	for kind, c := range controls(ui.Form{Prefix: "p-", Err: err}) {
		t.Run(kind, func(t *testing.T) {
			d := draw(t, c)
			control := d.Find("input, select, textarea")
			id := control.AttrOr("id", "")
			if control.Length() != 1 || id != "p-x" || control.AttrOr("name", "") != "x" {
				t.Fatalf("%d controls, id %q", control.Length(), id)
			}
			label := d.Find("label")
			if label.AttrOr("for", id) != id || !strings.Contains(label.Text(), "Name & <b>more</b>") {
				t.Errorf("label %q is for %q", label.Text(), label.AttrOr("for", ""))
			}
			if control.AttrOr("aria-invalid", "") != "true" {
				t.Error("not said to be invalid")
			}
			var said []string
			for _, by := range strings.Fields(control.AttrOr("aria-describedby", "")) {
				if d.Find("#"+by).Length() != 1 {
					t.Errorf("described by %s, which is not there", by)
				}
				said = append(said, words(d.Find("#"+by)))
			}
			if len(said) < 2 || said[0] != "Enter <b>your</b> name." || said[1] != "A hint" {
				t.Errorf("described by %q", said)
			}
			if d.Find("b").Length() > 0 {
				t.Error("markup in words was not escaped")
			}
		})
	}
}

func TestWithoutErrorNothingIsInvalid(t *testing.T) {
	for kind, c := range controls(ui.Form{Err: fault.FieldErr("y", "", "Other.")}) {
		d := draw(t, c)
		if d.Find("[aria-invalid], .err, [data-bad]").Length() > 0 {
			t.Errorf("%s: an error of another field is shown", kind)
		}
		if by := d.Find("input, select, textarea").AttrOr("aria-describedby", ""); !strings.HasPrefix(by, "x-hint") {
			t.Errorf("%s: described by %q", kind, by)
		}
	}
}

func TestInputs(t *testing.T) {
	f := ui.Form{}
	d := draw(t, f.Field(ui.Input{Name: "code", Label: "Code", Value: `1"2`, InputMode: "numeric", Autocomplete: "one-time-code", Placeholder: "123456"}))
	for name, want := range map[string]string{
		"type": "text", "value": `1"2`, "inputmode": "numeric", "autocomplete": "one-time-code", "placeholder": "123456", "aria-describedby": "",
	} {
		if got := attr(t, d, "input", name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if d.Find("input[required]").Length() != 1 || d.Find("input[disabled], input[autofocus]").Length() > 0 {
		t.Error("a field is required, and neither disabled nor focused, unless told otherwise")
	}

	d = draw(t, f.Field(ui.Input{Name: "last", Label: "Last name", Optional: true}))
	if d.Find("input[required]").Length() > 0 || words(d.Find("label")) != "Last name (optional)" {
		t.Errorf("an optional field is marked: %q", words(d.Find("label")))
	}
	if got := attr(t, d, "input", "autocomplete"); got != "off" {
		t.Errorf("autocomplete is %q", got)
	}

	d = draw(t, f.Password(ui.Input{Name: "password", Label: "Password", Value: "correct horse"}))
	if _, there := d.Find("input").Attr("value"); there {
		t.Error("a password is drawn again")
	}
	if attr(t, d, "button", "type") != "button" || attr(t, d, "button", "data-show") != "password" {
		t.Error("the button that shows the password would send the form")
	}

	d = draw(t, f.TextArea(ui.Input{Name: "message", Label: "Message", Value: "</textarea><b>x", Max: 500}))
	if d.Find("textarea").Text() != "</textarea><b>x" || words(d.Find("#message-count")) != "Up to 500 characters" {
		t.Errorf("text area: %q, %q", d.Find("textarea").Text(), words(d.Find("#message-count")))
	}

	d = draw(t, f.Select(ui.Choice{Name: "zone", Label: "Time zone", Value: "b", Options: []ui.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}}))
	if attr(t, d, "option[selected]", "value") != "b" {
		t.Error("the chosen option is not selected")
	}

	d = draw(t, f.Checkbox(ui.Check{Name: "terms", Value: "yes", Label: "I agree", Checked: true}))
	if attr(t, d, "label input[checked]", "value") != "yes" {
		t.Error("the box is not ticked")
	}
}

func TestSummaryLinksToTheFields(t *testing.T) {
	var fs fault.Fields
	fs.Add("email", "Enter an <i>address</i>.")
	fs.Add("perm", "Tick at least one permission.")
	d := draw(t, ui.Form{Prefix: "i-", Err: fs.Err()}.Summary())
	if attr(t, d, "[role=alert]", "tabindex") != "-1" || words(d.Find("h2")) != "There is a problem" {
		t.Error("the summary is neither announced nor focusable")
	}
	if d.Find("p, i").Length() > 0 {
		t.Error("the first field's sentence is said twice, or not escaped")
	}
	if attr(t, d, "li:nth-child(1) a", "href") != "#i-email" || attr(t, d, "li:nth-child(2) a", "href") != "#i-perm" {
		t.Error("links lead elsewhere")
	}

	d = draw(t, ui.Form{Err: fault.Conflictf("Changed by %s.", "Ann")}.Summary())
	if words(d.Find("p")) != "Changed by Ann." || d.Find("li").Length() > 0 {
		t.Errorf("a conflict says %q", words(d.Find("[role=alert]")))
	}
	if d := draw(t, ui.Form{}.Summary()); d.Find("[role=alert]").Length() > 0 {
		t.Error("a summary without a problem")
	}
}

func TestSubmit(t *testing.T) {
	d := draw(t, ui.Submit(ui.Button{Label: "Send Invite", Busy: "Sending…", Icon: ui.IconSend}))
	if attr(t, d, "button.primary", "data-busy") != "Sending…" || d.Find("button[name], button[type]").Length() > 0 {
		t.Error("not a form's main button")
	}
	d = draw(t, ui.Submit(ui.Button{Label: "Cancel Invite", Name: "do", Value: "cancel", Tone: ui.Bad, Second: true, About: " to ann@example.com"}))
	if attr(t, d, "button.danger:not(.primary)", "value") != "cancel" || words(d.Find("button")) != "Cancel Invite to ann@example.com" {
		t.Errorf("button says %q", words(d.Find("button")))
	}
}
