package ui

import (
	"strconv"

	"github.com/a-h/templ"

	"atrium/text"
)

// A Form draws the fields of one form. Err is what came back when it was sent:
// each field finds its own sentence in it.
type Form struct {
	P   Printer
	Err error
	// Prefix goes before the fields' ids. Two forms on a page that both have an
	// "email" need different ones.
	Prefix string
}

// An Input is a field to type in.
type Input struct {
	Name, Label, Value  string
	Hint                string // below the field; may be empty
	Type                string // "" = text
	Autocomplete        string // the HTML token, e.g. "given-name"; "" = off
	InputMode           string // e.g. "numeric"; may be empty
	Placeholder         string // only ever an example
	Max                 int    // of a TextArea, in characters: what is left is counted; 0 = no limit
	Rows                int    // of a TextArea; 0 = 4
	Optional            bool   // marked so; the others are required
	Disabled, AutoFocus bool
	Fixed               bool // shown and sent along, not to be changed
}

// A Choice is a field to choose from a list.
type Choice struct {
	Name, Label, Value string
	Hint               string
	None               string // the first line, for none of the options; "" = there is none
	Options            []Option
	Autocomplete       string
	Optional           bool
	// Zone marks the time zone's list: the script preselects the browser's zone
	// when Value is empty.
	Zone bool
}

// An Option is one line of a Choice.
type Option struct {
	Value, Label string
	drawn        string // of lists that are kept: see Lists
}

// options draws the lines of a Choice. The world's countries are 250 of them, so
// theirs are drawn once.
func options(in Choice) templ.Component {
	return text.Component(func(o *text.Out, _ text.Children) {
		if in.None != "" {
			o.Raw(Option{Label: in.None}.html(in.Value == ""))
		}
		for _, line := range in.Options {
			selected := line.Value == in.Value
			if line.drawn == "" || selected {
				o.Raw(line.html(selected))
			} else {
				o.Raw(line.drawn)
			}
		}
	})
}

func (o Option) html(selected bool) string {
	mark := ""
	if selected {
		mark = " selected"
	}
	return `<option value="` + text.Escape(o.Value) + `"` + mark + `>` + text.Escape(o.Label) + `</option>`
}

// A Check is a box to tick.
type Check struct {
	Name, Value, Label string
	Hint               string
	Checked, Disabled  bool
}

// A Button sends a form.
type Button struct {
	Label       string
	Busy        string // said while the answer is awaited; "" = Label stays
	Icon        Glyph
	Name, Value string // sent along when pressed; may be empty
	Tone        Tone   // Bad for what takes something away
	Second      bool   // not the form's main button
	Small       bool
	About       string // hidden words that name the row: " of Ann Archer"
}

// id is the id of the field's control.
func (f Form) id(name string) string { return f.Prefix + name }

// errorOf is the sentence about the field, or "".
func (f Form) errorOf(name string) string {
	for _, e := range f.P.FieldErrors(f.Err) {
		if e.Name == name {
			return e.Text
		}
	}
	return ""
}

// general is the sentence about the form as a whole, or "" when the fields'
// own sentences say it all.
func (f Form) general() string {
	if len(f.P.FieldErrors(f.Err)) > 0 && f.P.Fault(f.Err) == f.P.FieldErrors(f.Err)[0].Text {
		return ""
	}
	return f.P.Fault(f.Err)
}

// describedBy names what explains the field: its error first, then its hint
// and its counter.
func (f Form) describedBy(name, hint string, max int) string {
	by := ""
	add := func(on bool, suffix string) {
		if on && by != "" {
			by += " "
		}
		if on {
			by += f.id(name) + suffix
		}
	}
	add(f.errorOf(name) != "", "-error")
	add(hint != "", "-hint")
	add(max > 0, "-count")
	return by
}

func (i Input) kind() string {
	if i.Type == "" {
		return "text"
	}
	return i.Type
}

func (i Input) autocomplete() string {
	if i.Autocomplete == "" {
		return "off"
	}
	return i.Autocomplete
}

func (i Input) rows() string {
	if i.Rows == 0 {
		return "4"
	}
	return strconv.Itoa(i.Rows)
}

func (b Button) class() string {
	class := "btn"
	if !b.Second {
		class += " primary"
	}
	if b.Tone == Bad {
		class += " danger"
	}
	if b.Small {
		class += " sm"
	}
	return class
}

// described are the attributes that tie a control to its error and hint.
func (f Form) described(name, hint string, max int) templ.OrderedAttributes {
	var a templ.OrderedAttributes
	if f.errorOf(name) != "" {
		a = append(a, templ.KeyValue[string, any]{Key: "aria-invalid", Value: "true"})
	}
	if by := f.describedBy(name, hint, max); by != "" {
		a = append(a, templ.KeyValue[string, any]{Key: "aria-describedby", Value: by})
	}
	return a
}

// attrs are the attributes that every Input has; max is what its counter allows.
func (f Form) attrs(in Input, max int) templ.OrderedAttributes {
	a := templ.OrderedAttributes{
		{Key: "id", Value: f.id(in.Name)},
		{Key: "name", Value: in.Name},
		{Key: "autocomplete", Value: in.autocomplete()},
		{Key: "required", Value: !in.Optional},
		{Key: "disabled", Value: in.Disabled},
		{Key: "autofocus", Value: in.AutoFocus},
	}
	if in.Fixed {
		a = append(a, templ.KeyValue[string, any]{Key: "readonly", Value: true})
	}
	if in.InputMode != "" {
		a = append(a, templ.KeyValue[string, any]{Key: "inputmode", Value: in.InputMode})
	}
	if in.Placeholder != "" {
		a = append(a, templ.KeyValue[string, any]{Key: "placeholder", Value: in.Placeholder})
	}
	return append(a, f.described(in.Name, in.Hint, max)...)
}
