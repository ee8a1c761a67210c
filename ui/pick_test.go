package ui_test

import (
	"testing"

	"atrium/fault"
	"atrium/ui"
)

func found() []ui.PickOption {
	return []ui.PickOption{
		{Value: "00000000001", Title: "Maja <Lindqvist>", Sub: "maja@example.com", Note: "Accounts: 2", Text: "Maja <Lindqvist> (maja@example.com)"},
		{Value: "new@example.com", Title: "Create new user new@example.com", Text: "new@example.com"},
	}
}

func TestAPickerWorksByButtonAndRadiosWithoutTheScript(t *testing.T) {
	f := ui.Form{Err: fault.FieldErr("find", "", "Choose somebody.")}
	d := draw(t, f.Picker(ui.Pick{Label: "Select User", Href: "/find", Typed: "ma", Chosen: "new@example.com", Found: found()}))
	if got := attr(t, d, "input[name=find]", "value"); got != "ma" {
		t.Errorf("what was typed is %q", got)
	}
	if attr(t, d, "label[for=find]", "for") == "" || attr(t, d, "input[name=find]", "aria-describedby") != "find-error" {
		t.Error("the field has no label or no error")
	}
	if got := attr(t, d, "[name=user]:checked", "value"); got != "new@example.com" {
		t.Errorf("chosen is %q", got)
	}
	if got := words(d.Find("label.opt").First()); got != "Maja <Lindqvist> maja@example.com Accounts: 2" {
		t.Errorf("the first reads %q", got)
	}
	// Enter presses the first button of a form: it must be the form's own.
	if d.Find("button").First().AttrOr("name", "") != "" || attr(t, d, "button[name=do]", "value") != "find" {
		t.Error("Enter would search and not send the form")
	}
	if fresh := draw(t, f.Picker(ui.Pick{Label: "Select User"})); fresh.Find("fieldset").Length() != 0 {
		t.Error("says that nobody was found before anything was typed")
	}
}

func TestAPickersListSaysWhatItFound(t *testing.T) {
	d := draw(t, ui.PickList(ui.Printer{}, found()))
	if d.Find("ul[role=listbox] > li[role=option]").Length() != 2 || attr(t, d, "ul", "data-said") != "2 found. Choose with the arrow keys and Enter." {
		t.Error("not a list of two that says so")
	}
	if got := attr(t, d, "li[data-value='00000000001']", "data-text"); got != "Maja <Lindqvist> (maja@example.com)" {
		t.Errorf("once chosen the field says %q", got)
	}
	if got := attr(t, draw(t, ui.PickList(ui.Printer{}, nil)), "ul", "data-said"); got == "" {
		t.Error("says nothing when nobody was found")
	}
}
