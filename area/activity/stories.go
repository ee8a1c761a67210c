package activity

import "atrium/ui"

// A story is how an action is told: who did it goes before the sentence.
type story struct {
	area   Area
	say    func(p ui.Printer, e Entry) string
	detail func(p ui.Printer, e Entry) []Change // nil: the sentence says it all
}

// stories are those of all actions there ever were, since the audit keeps them.
// It is read only.
var stories = map[string]story{
	"member.login": {LogIns, func(p ui.Printer, _ Entry) string { return p.T("logged in") }, nil},

	"member.permissions": {Users, permissionsChanged, permissions},
	"member.managing":    {Users, func(p ui.Printer, e Entry) string { return p.T("let %s invite and manage users", e.Subject) }, nil},
	"member.managing-no-more": {Users, func(p ui.Printer, e Entry) string {
		return p.T("no longer lets %s invite and manage users", e.Subject)
	}, nil},
	"member.removed": {Users, func(p ui.Printer, e Entry) string { return p.T("removed the access of %s", e.Subject) }, permissions},
	"member.left":    {Users, func(p ui.Printer, _ Entry) string { return p.T("left the account") }, permissions},
	"member.associated": {Users, func(p ui.Printer, e Entry) string {
		return p.T("gave %s access at once, without an invitation", e.Subject)
	}, associated},
	"member.edited": {Users, func(p ui.Printer, e Entry) string {
		return p.T("changed the name or the email address of %s", e.Subject)
	}, edited},
	"member.password-link": {Users, func(p ui.Printer, e Entry) string { return p.T("sent %s a link to set a password", e.Subject) }, nil},
	"owner.offered":        {Users, func(p ui.Printer, e Entry) string { return p.T("offered %s to become the owner", e.Subject) }, nil},
	"owner.offer-cancelled": {Users, func(p ui.Printer, e Entry) string {
		return p.T("took back the offer to %s to become the owner", e.Subject)
	}, nil},
	"owner.offer-declined":   {Users, func(p ui.Printer, _ Entry) string { return p.T("declined to become the owner") }, nil},
	"owner.changed":          {Users, ownerChanged, handedOver},
	"invitation.sent":        {Users, invited, permissions},
	"invitation.resent":      {Users, func(p ui.Printer, e Entry) string { return p.T("sent the invitation to %s again", e.Subject) }, permissions},
	"invitation.link":        {Users, func(p ui.Printer, e Entry) string { return p.T("made a new link for the invitation to %s", e.Subject) }, permissions},
	"invitation.permissions": {Users, invitationChanged, permissions},
	"invitation.cancelled":   {Users, func(p ui.Printer, e Entry) string { return p.T("cancelled the invitation to %s", e.Subject) }, permissions},
	"invitation.cleared": {Users, func(p ui.Printer, e Entry) string {
		return p.T("took the declined invitation to %s off the list", e.Subject)
	}, permissions},
	"invitation.accepted": {Users, func(p ui.Printer, e Entry) string { return p.T("accepted the invitation to %s", e.Subject) }, accepted},
	"invitation.declined": {Users, func(p ui.Printer, e Entry) string { return p.T("declined the invitation to %s", e.Subject) }, permissions},
	"invitation.asked": {Users, func(p ui.Printer, e Entry) string {
		return p.T("asked for a new invitation in place of the one to %s", e.Subject)
	}, nil},

	"request.sent":   {Users, requestSent, nil},
	"request.sought": {Nowhere, func(p ui.Printer, e Entry) string { return p.T("asked for access to the account of %s", e.Subject) }, nil},
	"request.approved": {Users, func(p ui.Printer, e Entry) string {
		return p.T("approved the request of %s", e.Subject)
	}, associated},
	"request.declined": {Users, func(p ui.Printer, e Entry) string { return p.T("declined the request of %s", e.Subject) }, nil},

	"reach.reviewed": {Users, func(p ui.Printer, _ Entry) string { return p.T("looked through who can reach the account") }, nil},
	"reach.reminders-on": {Users, func(p ui.Printer, _ Entry) string {
		return p.T("wants to be reminded of who can reach the account")
	}, nil},
	"reach.reminders-off": {Users, func(p ui.Printer, _ Entry) string {
		return p.T("wants no reminder of who can reach the account")
	}, nil},

	"member.emails": {Users, func(p ui.Printer, _ Entry) string { return p.T("chose which emails of the account they get") }, chosenEmails},

	"account.opened":  {Account, func(p ui.Printer, _ Entry) string { return p.T("opened the account") }, opened},
	"account.details": {Account, detailsChanged, details},
	"account.locks": {Account, func(p ui.Printer, _ Entry) string {
		return p.T("set which of the account's details only support changes")
	}, locks},

	"account.rule": {Users, ruleSwitched, ruleReason},

	"contact.added":   {Account, func(p ui.Printer, e Entry) string { return p.T("added the contact %s", e.Subject) }, contactChanged},
	"contact.changed": {Account, func(p ui.Printer, e Entry) string { return p.T("changed the contact %s", e.Subject) }, contactChanged},
	"contact.removed": {Account, func(p ui.Printer, e Entry) string { return p.T("deleted the contact %s", e.Subject) }, contactChanged},

	"account.status":  {Account, becameStatus, reason},
	"account.deleted": {Office, func(p ui.Printer, e Entry) string { return p.T("deleted the account %s", e.Subject) }, deleted},

	"note.added":    {Office, func(p ui.Printer, e Entry) string { return p.T("wrote a note about the account %s", e.Subject) }, nil},
	"note.edited":   {Office, func(p ui.Printer, e Entry) string { return p.T("changed their note about the account %s", e.Subject) }, nil},
	"note.pinned":   {Office, func(p ui.Printer, e Entry) string { return p.T("pinned a note about the account %s", e.Subject) }, nil},
	"note.unpinned": {Office, func(p ui.Printer, e Entry) string { return p.T("unpinned a note about the account %s", e.Subject) }, nil},
	"note.deleted":  {Office, func(p ui.Printer, e Entry) string { return p.T("deleted their note about the account %s", e.Subject) }, nil},

	"visit.started": {Account, func(p ui.Printer, _ Entry) string { return p.T("logged in as the owner, for an hour at most") }, reason},
	"visit.ended":   {Account, func(p ui.Printer, _ Entry) string { return p.T("stopped being logged in as the owner") }, nil},
	"mail.again": {Account, func(p ui.Printer, e Entry) string {
		return p.T("had an email to %s sent again that had not arrived", e.Subject)
	}, mailAgain},
	"mail.optout": {Account, optOut, nil},
	"mail.optin":  {Account, optIn, nil},
	"mail.copied": {Account, func(p ui.Printer, e Entry) string { return p.T("sent an email to %s once more", e.Subject) }, mailAgain},
	"mail.lifted": {Office, func(p ui.Printer, e Entry) string { return p.T("let mails go to %s again", e.Subject) }, reason},
	"job.again":   {Office, func(p ui.Printer, e Entry) string { return p.T("ran failed work again: %s", e.Subject) }, jobAgain},

	"login.created":          {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("created the login") }, nil},
	"session.opened":         {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("logged in") }, nil},
	"session.ended":          {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("logged a browser out") }, nil},
	"login.disowned":         {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("said that they had not made the login") }, nil},
	"login.reclaimed":        {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("took the login from whoever had made it") }, nil},
	"browser.new":            {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("logged in with a new browser") }, nil},
	"session.proved":         {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("proved again who they are") }, nil},
	"sessions.ended":         {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("logged all other browsers out") }, nil},
	"profile.changed":        {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("changed their profile") }, nil},
	"password.forgotten":     {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("asked for a link to set a new password") }, nil},
	"password.reset":         {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("set a new password by a mailed link") }, nil},
	"password.changed":       {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("changed their password") }, nil},
	"email.asked":            {Nowhere, func(p ui.Printer, e Entry) string { return p.T("asked for a mail to confirm %s", e.Subject) }, nil},
	"email.verified":         {Nowhere, func(p ui.Printer, e Entry) string { return p.T("confirmed the email address %s", e.Subject) }, nil},
	"email.change-asked":     {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("asked to change their email address") }, nil},
	"email.change-cancelled": {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("called off the change of their email address") }, nil},
	"email.changed":          {Nowhere, func(p ui.Printer, e Entry) string { return p.T("changed their email address to %s", e.Subject) }, nil},
	"email.undone":           {Nowhere, func(p ui.Printer, e Entry) string { return p.T("put the email address %s back", e.Subject) }, nil},

	"passkey.added":   {Nowhere, func(p ui.Printer, e Entry) string { return p.T("added the passkey %s to their login", e.Subject) }, nil},
	"passkey.renamed": {Nowhere, func(p ui.Printer, e Entry) string { return p.T("renamed a passkey to %s", e.Subject) }, nil},
	"passkey.removed": {Nowhere, func(p ui.Printer, e Entry) string { return p.T("removed the passkey %s from their login", e.Subject) }, nil},
	"passkey.used":    {Nowhere, func(p ui.Printer, e Entry) string { return p.T("used the passkey %s to log in", e.Subject) }, nil},
	"passkey.copied": {Nowhere, func(p ui.Printer, e Entry) string {
		return p.T("was refused with the passkey %s, which may have been copied", e.Subject)
	}, nil},
	"two-step.replaced": {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("put another authenticator app in place of theirs") }, nil},
	"two-step.app":      {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("added an authenticator app to their two-step login") }, nil},

	"two-step.asked": {Nowhere, func(p ui.Printer, _ Entry) string {
		return p.T("gave the right password and was asked for a code")
	}, nil},
	"two-step.wrong":    {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("typed a wrong code at two-step login") }, nil},
	"two-step.began":    {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("asked for a key for an authenticator app") }, nil},
	"two-step.on":       {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("turned on two-step login") }, nil},
	"two-step.off":      {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("turned off two-step login") }, nil},
	"two-step.codes":    {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("made new recovery codes") }, nil},
	"two-step.recovery": {Nowhere, func(p ui.Printer, _ Entry) string { return p.T("used a recovery code") }, nil},

	"staff.invited": {Office, func(p ui.Printer, e Entry) string { return p.T("invited %s to the staff", e.Subject) }, nil},
	"staff.uninvited": {Office, func(p ui.Printer, e Entry) string {
		return p.T("took back the invitation of %s to the staff", e.Subject)
	}, nil},
	"staff.link":          {Office, func(p ui.Printer, e Entry) string { return p.T("sent %s a link to set a staff password", e.Subject) }, nil},
	"staff.changed":       {Office, func(p ui.Printer, e Entry) string { return p.T("changed name or role of %s", e.Subject) }, posted},
	"staff.deactivated":   {Office, func(p ui.Printer, e Entry) string { return p.T("deactivated the staff login of %s", e.Subject) }, nil},
	"staff.activated":     {Office, func(p ui.Printer, e Entry) string { return p.T("activated the staff login of %s", e.Subject) }, nil},
	"staff.browser-ended": {Office, func(p ui.Printer, e Entry) string { return p.T("logged %s out of one browser", e.Subject) }, nil},
	"staff.logged-out":    {Office, func(p ui.Printer, e Entry) string { return p.T("logged %s out everywhere", e.Subject) }, nil},

	"staff.session-ended":  {Office, func(p ui.Printer, _ Entry) string { return p.T("logged one of their browsers out of the staff area") }, nil},
	"staff.sessions-ended": {Office, func(p ui.Printer, _ Entry) string { return p.T("logged out of the staff area everywhere else") }, nil},
	"staff.language":       {Office, func(p ui.Printer, _ Entry) string { return p.T("chose the language of their staff area") }, nil},
	"settings.changed":     {Office, func(p ui.Printer, e Entry) string { return p.T("changed the settings: %s", p.Word(e.Subject)) }, nil},
	"settings.mail-tested": {Office, func(p ui.Printer, e Entry) string { return p.T("sent a test email to %s", e.Subject) }, nil},

	"staff.two-step-asked": {Office, func(p ui.Printer, _ Entry) string {
		return p.T("gave the right password and was asked for a code")
	}, nil},
	"staff.two-step-wrong":    {Office, func(p ui.Printer, _ Entry) string { return p.T("typed a wrong code at two-step login") }, nil},
	"staff.two-step-began":    {Office, func(p ui.Printer, _ Entry) string { return p.T("asked for a key for an authenticator app") }, nil},
	"staff.two-step-on":       {Office, func(p ui.Printer, _ Entry) string { return p.T("turned on two-step login") }, nil},
	"staff.two-step-replaced": {Office, func(p ui.Printer, _ Entry) string { return p.T("put another authenticator app in place of theirs") }, nil},
	"staff.browser-new":       {Office, func(p ui.Printer, _ Entry) string { return p.T("logged in with a new browser") }, nil},
	"staff.two-step-codes":    {Office, func(p ui.Printer, _ Entry) string { return p.T("made new recovery codes") }, nil},
	"staff.two-step-recovery": {Office, func(p ui.Printer, _ Entry) string { return p.T("used a recovery code") }, nil},

	"staff.two-step-reset": {Office, func(p ui.Printer, e Entry) string { return p.T("reset the two-step login of %s", e.Subject) }, reason},
	"user.created":         {Nowhere, func(p ui.Printer, e Entry) string { return p.T("created the login of %s", e.Subject) }, nil},
	"user.edited": {Users, func(p ui.Printer, e Entry) string {
		return p.T("changed the name or the email address of %s", e.Subject)
	}, edited},
	"user.password-link": {Nowhere, func(p ui.Printer, e Entry) string { return p.T("had a link to set a password mailed to %s", e.Subject) }, nil},
	"user.logged-out":    {Nowhere, func(p ui.Printer, e Entry) string { return p.T("logged %s out everywhere", e.Subject) }, nil},
	"user.deactivated":   {Users, func(p ui.Printer, e Entry) string { return p.T("deactivated the login of %s", e.Subject) }, reason},
	"user.activated":     {Users, func(p ui.Printer, e Entry) string { return p.T("activated the login of %s again", e.Subject) }, nil},
	"user.two-step-off":  {Users, func(p ui.Printer, e Entry) string { return p.T("turned off the two-step login of %s", e.Subject) }, reason},
	"user.deleted":       {Nowhere, func(p ui.Printer, e Entry) string { return p.T("deleted the login of %s", e.Subject) }, nil},

	"staff.added":    {Office, func(p ui.Printer, e Entry) string { return p.T("added %s to the staff", e.Subject) }, nil},
	"staff.password": {Office, func(p ui.Printer, _ Entry) string { return p.T("set their staff password") }, nil},
	"staff.login":    {Office, func(p ui.Printer, _ Entry) string { return p.T("logged in to the staff area") }, nil},
	"staff.logout":   {Office, func(p ui.Printer, _ Entry) string { return p.T("logged out of the staff area") }, nil},
}

// sentence tells what was done, beginning after the name of who did it.
func (e Entry) sentence(p ui.Printer) string {
	if s := stories[e.Action]; s.say != nil {
		return s.say(p, e)
	}
	return p.T("did something that has no description here") // written by a newer Atrium
}

// changes lists what there is to say beside the sentence.
func (e Entry) changes(p ui.Printer) []Change {
	if s := stories[e.Action]; s.detail != nil {
		return s.detail(p, e)
	}
	return nil
}
