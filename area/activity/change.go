package activity

import (
	"encoding/json"
	"strings"

	"atrium/area/account"
	"atrium/base/access"
	"atrium/base/mail"
	"atrium/ui"
)

// A Change is what something was and is, in words. One of both is "" where
// there was nothing before, or is nothing now.
type Change struct{ Label, Before, After string }

// setOf reads the permissions in a record; permissions that are no more are not
// in it.
func setOf(text string) access.Set {
	var slugs []string
	if json.Unmarshal([]byte(text), &slugs) != nil {
		return 0
	}
	var s access.Set
	for _, slug := range slugs {
		if n, ok := access.NameFrom(slug); ok {
			s |= access.SetOf(n)
		}
	}
	return s
}

// labels names every permission of a set.
func labels(p ui.Printer, s access.Set) string {
	var all []string
	for _, n := range s.Names() {
		all = append(all, p.Word(n.Label()))
	}
	if len(all) == 0 {
		return p.T("none")
	}
	return strings.Join(all, ", ")
}

// brief names the permissions of a set, or what many of them come to.
func brief(p ui.Printer, o access.Offer, s access.Set) string {
	const few = 3
	switch {
	case s == access.Everything:
		return p.T("All Permissions")
	case s.Len() <= few:
		return labels(p, s)
	case o.Role(s) != access.Custom:
		return p.T("%s, %d of %d permissions", p.Word(o.Role(s)), s.Len(), access.Total)
	}
	return p.T("%d of %d permissions", s.Len(), access.Total)
}

func invited(p ui.Printer, e Entry) string {
	return p.T("invited %s: %s", e.Subject, brief(p, e.Offer, setOf(e.After)))
}

func permissionsChanged(p ui.Printer, e Entry) string {
	before, after := setOf(e.Before), setOf(e.After)
	given, taken := after.Without(before), before.Without(after)
	switch {
	case given != 0 && taken != 0:
		return p.T("gave %s %s and took away %s", e.Subject, brief(p, e.Offer, given), brief(p, e.Offer, taken))
	case given != 0:
		return p.T("gave %s %s", e.Subject, brief(p, e.Offer, given))
	case taken != 0:
		return p.T("took %[2]s away from %[1]s", e.Subject, brief(p, e.Offer, taken))
	}
	return p.T("saved the permissions of %s as they were", e.Subject)
}

func invitationChanged(p ui.Printer, e Entry) string {
	before, after := setOf(e.Before), setOf(e.After)
	given, taken := after.Without(before), before.Without(after)
	switch {
	case given != 0 && taken != 0:
		return p.T("added %[2]s to the invitation to %[1]s and took away %[3]s", e.Subject, brief(p, e.Offer, given), brief(p, e.Offer, taken))
	case given != 0:
		return p.T("added %[2]s to the invitation to %[1]s", e.Subject, brief(p, e.Offer, given))
	case taken != 0:
		return p.T("took %[2]s out of the invitation to %[1]s", e.Subject, brief(p, e.Offer, taken))
	}
	return p.T("saved the invitation to %s as it was", e.Subject)
}

// permissions are those before and after.
func permissions(p ui.Printer, e Entry) []Change {
	c := Change{Label: p.T("Permissions")}
	if e.Before != "" {
		c.Before = labels(p, setOf(e.Before))
	}
	if e.After != "" {
		c.After = labels(p, setOf(e.After))
	}
	return []Change{c}
}

// accepted is with which login, and which permissions came with it.
func accepted(p ui.Printer, e Entry) []Change {
	var with struct {
		Email       string
		Permissions json.RawMessage
	}
	if json.Unmarshal([]byte(e.After), &with) != nil {
		return nil
	}
	return []Change{
		{Label: p.T("Joined as"), After: with.Email},
		{Label: p.T("Permissions"), After: labels(p, setOf(string(with.Permissions)))},
	}
}

// requestSent is what somebody asked for: a permission, or access to the account.
func requestSent(p ui.Printer, e Entry) string {
	if n, ok := access.NameFrom(e.Subject); ok {
		return p.T("asked for: %s", p.Word(n.Label()))
	}
	return p.T("asked for access to the account")
}

// associated is which permissions somebody was given at once, and why.
func associated(p ui.Printer, e Entry) []Change {
	var with struct {
		Permissions json.RawMessage
		Reason      string
	}
	if e.After == "" || json.Unmarshal([]byte(e.After), &with) != nil {
		return nil
	}
	return append([]Change{{Label: p.T("Permissions"), After: labels(p, setOf(string(with.Permissions)))}}, e.reason(p, with.Reason)...)
}

// reason is why staff did something: an internal note, for who sees the name of
// the person who wrote it.
func (e Entry) reason(p ui.Printer, text string) []Change {
	if e.Staff == 0 || text == "" {
		return nil
	}
	return []Change{{Label: p.T("Reason"), After: text}}
}

// edited is what staff changed of a login.
func edited(p ui.Printer, e Entry) []Change {
	var before, after struct{ Name, Email string }
	if json.Unmarshal([]byte(e.Before), &before) != nil || json.Unmarshal([]byte(e.After), &after) != nil {
		return nil
	}
	var changes []Change
	if after.Name != "" {
		changes = append(changes, Change{p.T("Name"), before.Name, after.Name})
	}
	if after.Email != "" {
		changes = append(changes, Change{p.T("Email address"), before.Email, after.Email})
	}
	return changes
}

// ownerChanged is staff's doing, or that of who accepts an offer.
func ownerChanged(p ui.Printer, e Entry) string {
	if e.By == access.ByUser {
		return p.T("became the owner")
	}
	return p.T("made %s the owner", e.Subject)
}

// handedOver is who owned the account, who owns it now, and what became of the
// former owner's access.
func handedOver(p ui.Printer, e Entry) []Change {
	var before, after struct{ Owner, Former, Reason string }
	if json.Unmarshal([]byte(e.Before), &before) != nil || json.Unmarshal([]byte(e.After), &after) != nil {
		return nil
	}
	former := p.T("All permissions")
	if after.Former == "removed" {
		former = p.T("No access")
	}
	return append([]Change{{p.T("Owner"), before.Owner, after.Owner}, {Label: p.T("Access of the former owner"), After: former}}, e.reason(p, after.Reason)...)
}

// opened is what the account began with.
func opened(p ui.Printer, e Entry) []Change {
	var with struct{ Name, Country, Zone, TimeZone string }
	if json.Unmarshal([]byte(e.After), &with) != nil {
		return nil
	}
	return listed(p, nil, map[string]string{"name": with.Name, "country": with.Country, "zone": with.Zone + with.TimeZone})
}

// reason is why staff did it.
func reason(p ui.Printer, e Entry) []Change {
	var with struct{ Reason string }
	if json.Unmarshal([]byte(e.After), &with) != nil || with.Reason == "" {
		return nil
	}
	return []Change{{Label: p.T("Reason"), After: with.Reason}}
}

// posted is what was changed of somebody of the staff: their name, their role.
func posted(p ui.Printer, e Entry) []Change {
	var before, after struct {
		Name string
		Role access.StaffRole
	}
	if json.Unmarshal([]byte(e.Before), &before) != nil || json.Unmarshal([]byte(e.After), &after) != nil {
		return nil
	}
	var changes []Change
	if before.Name != after.Name {
		changes = append(changes, Change{p.T("Name"), before.Name, after.Name})
	}
	if before.Role != after.Role {
		changes = append(changes, Change{p.T("Role"), p.Word(before.Role.Label()), p.Word(after.Role.Label())})
	}
	return changes
}

// becameStatus tells what the account became.
func becameStatus(p ui.Printer, e Entry) string {
	var with struct{ Status access.Status }
	if json.Unmarshal([]byte(e.After), &with) != nil {
		return p.T("changed the account's status")
	}
	switch with.Status {
	case access.Closed:
		return p.T("closed the account")
	case access.Inactive:
		return p.T("made the account inactive")
	}
	return p.T("made the account active")
}

// deleted is which account it was, and why it was deleted.
func deleted(p ui.Printer, e Entry) []Change {
	var was struct{ Name, Owner string }
	if json.Unmarshal([]byte(e.Before), &was) != nil {
		return nil
	}
	return append([]Change{{Label: p.T("Account name"), Before: was.Name}, {Label: p.T("Owner"), Before: was.Owner}}, reason(p, e)...)
}

func details(p ui.Printer, e Entry) []Change {
	var before, after map[string]string
	if json.Unmarshal([]byte(e.Before), &before) != nil || json.Unmarshal([]byte(e.After), &after) != nil {
		return nil
	}
	return listed(p, before, after)
}

// listed puts an account's details into words, in the order of the form.
func listed(p ui.Printer, before, after map[string]string) []Change {
	var all []Change
	for _, field := range account.Fields() {
		is, ok := after[field]
		if !ok {
			continue
		}
		c := Change{Label: account.FieldLabel(p, field), After: account.FieldText(p, field, is)}
		if was, ok := before[field]; ok {
			c.Before = account.FieldText(p, field, was)
		}
		all = append(all, c)
	}
	return all
}

// locks are the fields that only staff changed before, and after.
func locks(p ui.Printer, e Entry) []Change {
	named := func(text string) string {
		var stored string
		if json.Unmarshal([]byte(text), &stored) != nil {
			return ""
		}
		var all []string
		for _, l := range account.LocksOf(strings.Fields(stored)) {
			all = append(all, account.LockLabel(p, l))
		}
		if len(all) == 0 {
			return p.T("none")
		}
		return strings.Join(all, ", ")
	}
	return []Change{{Label: p.T("Locked fields"), Before: named(e.Before), After: named(e.After)}}
}

// chosenEmails are the kinds of emails that a member got before, and gets.
func chosenEmails(p ui.Printer, e Entry) []Change {
	var before, after string
	if json.Unmarshal([]byte(e.Before), &before) != nil || json.Unmarshal([]byte(e.After), &after) != nil {
		return nil
	}
	return []Change{{Label: p.T("Emails"), Before: account.FieldText(p, "topics", before), After: account.FieldText(p, "topics", after)}}
}

func detailsChanged(p ui.Printer, e Entry) string {
	var fields []string
	for _, c := range details(p, e) {
		fields = append(fields, c.Label)
	}
	if len(fields) == 0 {
		return p.T("changed the account's details")
	}
	return p.T("changed the account's details: %s", strings.Join(fields, ", "))
}

// mailAgain is which mail it was, and why it had not arrived.
func mailAgain(p ui.Printer, e Entry) []Change {
	var m struct{ Subject, Answer string }
	if json.Unmarshal([]byte(e.After), &m) != nil {
		return nil
	}
	all := []Change{{Label: p.T("Subject"), After: m.Subject}}
	if m.Answer != "" {
		all = append(all, Change{Label: p.T("The mail server had answered"), After: m.Answer})
	}
	return all
}

// jobAgain is why the work had failed.
func jobAgain(p ui.Printer, e Entry) []Change {
	var why string
	if json.Unmarshal([]byte(e.Before), &why) != nil {
		return nil
	}
	return []Change{{Label: p.T("It had failed with"), Before: why}}
}

// optOut and optIn tell of which emails somebody has switched off or on.
func optOut(p ui.Printer, e Entry) string {
	return p.T("switched emails off by the link in one: %s", topic(p, e))
}

func optIn(p ui.Printer, e Entry) string {
	return p.T("switched emails on again by the link in one: %s", topic(p, e))
}

func topic(p ui.Printer, e Entry) string {
	var after struct{ Topic mail.Topic }
	if json.Unmarshal([]byte(e.After), &after) != nil {
		return ""
	}
	return p.Word(after.Topic.Label())
}

// ruleSwitched is which of the account's rules was switched on or off.
func ruleSwitched(p ui.Printer, e Entry) string {
	var now struct{ On bool }
	if json.Unmarshal([]byte(e.After), &now) != nil {
		return p.T("changed the account's access rules")
	}
	switch access.Rule(e.Subject) {
	case access.TwoStepRule:
		if now.On {
			return p.T("switched on that everybody who works in the account needs two-step login")
		}
		return p.T("switched off that everybody who works in the account needs two-step login")
	case access.InvitedRule:
		if now.On {
			return p.T("switched on that invitations are accepted only with the invited email address")
		}
		return p.T("switched off that invitations are accepted only with the invited email address")
	}
	return p.T("changed the account's access rules")
}

// ruleReason is why staff switched it.
func ruleReason(p ui.Printer, e Entry) []Change {
	var with struct{ Reason string }
	if json.Unmarshal([]byte(e.After), &with) != nil {
		return nil
	}
	return e.reason(p, with.Reason)
}
