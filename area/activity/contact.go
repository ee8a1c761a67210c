package activity

import (
	"encoding/json"
	"slices"
	"strings"

	"atrium/area/contact"
	"atrium/ui"
)

// contactChanged is whom emails go to by a contact, before and after, and what
// else of it was changed.
func contactChanged(p ui.Printer, e Entry) []Change {
	before, after := e.contact(e.Before), e.contact(e.After)
	var all []Change
	for _, field := range []string{"name", "email", "topics", "billing"} {
		was, had := before.Value(field)
		is, has := after.Value(field)
		if !had && !has {
			continue
		}
		c := Change{Label: contact.FieldLabel(p, field)}
		if had {
			c.Before = contact.FieldText(p, field, was)
		}
		if has {
			c.After = contact.FieldText(p, field, is)
		}
		all = append(all, c)
	}
	if e.Action != "contact.changed" || len(after.Also) == 0 {
		return all
	}
	var also []string
	for _, field := range contact.Fields() {
		if slices.Contains(after.Also, field) {
			also = append(also, contact.FieldLabel(p, field))
		}
	}
	return append(all, Change{Label: p.T("Also changed"), After: strings.Join(also, ", ")})
}

// contact reads what the audit says of a contact; what it can't read is nothing.
func (e Entry) contact(text string) (r contact.Record) {
	if json.Unmarshal([]byte(text), &r) != nil {
		return contact.Record{}
	}
	return r
}
