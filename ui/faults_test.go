package ui_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"atrium/fault"
	"atrium/ui"
)

func TestOnlyPublicSentencesAreSaid(t *testing.T) {
	p := ui.NewPrinter("en", nil)
	secret := errors.New("dial tcp 10.0.0.7: refused")
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{secret, "Something went wrong on our side."},
		{fault.Unavailablef("The mail server does not answer.").Because(secret), "The mail server does not answer."},
		{fmt.Errorf("accept: %w", fault.Conflictf("%s already accepted.", "Ann")), "Ann already accepted."},
		{fault.TooManyf(time.Minute, "Try again at %s.", "14:05"), "Try again at 14:05."},
		{&fault.Error{Err: secret}, "Something went wrong on our side."},
		{fault.FieldErr("email", "invite.self", "This is your own address."), "This is your own address."},
	} {
		if got := p.Fault(c.err); got != c.want {
			t.Errorf("%v: said %q, want %q", c.err, got, c.want)
		}
	}
}

func TestFieldErrorsKeepTheFormsOrder(t *testing.T) {
	p := ui.NewPrinter("en", nil)
	var fs fault.Fields
	fs.Add("email", "Enter an address like %s.", "name@example.com")
	fs.AddCode("perm", "perm.none", "Tick at least one permission, or choose All Permissions.")
	want := []ui.FieldError{
		{Name: "email", Text: "Enter an address like name@example.com."},
		{Name: "perm", Text: "Tick at least one permission, or choose All Permissions.", Code: "perm.none"},
	}
	if diff := cmp.Diff(want, p.FieldErrors(fmt.Errorf("invite: %w", fs.Err()))); diff != "" {
		t.Error(diff)
	}
	if got := p.FieldErrors(errors.New("other")); len(got) > 0 {
		t.Errorf("a plain error has fields: %v", got)
	}
}
