// Package browser walks through Atrium as people do: click by click in Chromium,
// against the real program with a real mail server. At each screen worth looking
// at it looks for what axe finds, for pages that scroll sideways and for errors
// on the console, by day and by night, on a desk and on a phone, and keeps
// pictures in test/screenshots: of the phone by day and the desk by night, or all
// four in the folder that ATRIUM_SCREENSHOTS names.
package browser

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"atrium/base/config"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
	"atrium/ui"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// TestStories tells every story in one browser, each in a world of its own.
func TestStories(t *testing.T) {
	b := newBrowser(t)
	for i, it := range []struct {
		name  string
		story func(*story)
		opts  []apptest.Option
	}{
		{"register", register, nil},
		{"verify", verify, nil},
		{"invite", invite, nil},
		{"accept new", acceptNew, nil},
		{"accept as another", acceptAsAnother, nil},
		{"decline", decline, nil},
		{"switch", switchAccount, nil},
		{"manage", manage, nil},
		{"remove", remove, nil},
		{"leave", leave, nil},
		{"resend", resend, nil},
		{"cancel", cancel, nil},
		{"expired", expired, nil},
		{"denied", denied, nil},
		{"forgot", forgot, nil},
		{"profile", profile, nil},
		{"sessions", sessions, nil},
		{"two-step", twoStep, nil},
		{"staff two-step", staffTwoStep, nil},
		{"passkeys", passkeys, nil},
		{"staff people", staffPeople, nil},
		{"details", details, nil},
		{"recipients", recipients, nil},
		{"emails", emails, nil},
		{"activity", activity, nil},
		{"staff", staff, nil},
		{"login as owner", loginAsOwner, nil},
		{"settings", settings, nil},
		{"no script", noScript, nil},
		{"keyboard", keyboard, nil},
		{"many", many, nil},
		{"hand over", handOver, nil},
		{"associate", associate, nil},
		{"manage user", manageUser, nil},
		{"associate without script", associatePlain, nil},
		{"staff overview", staffOverview, nil},
		{"staff activity", staffActivity, nil},
		{"email history", emailHistory, nil},
		{"staff users", manageUsers, nil},
		{"staff accounts", staffAccounts, nil},
		{"contacts", contacts, nil},
		{"contacts without script", contactsPlain, nil},
		{"ask the owner", askOwner, nil},
		{"ask for an account", askForAccount, nil},
		{"reach", reach, nil},
		{"dev mail", devMail, []apptest.Option{apptest.WithoutMailServer(), apptest.With(func(c *config.Settings) { c.DevMail = true })}},
		{"browsers", knownBrowsers, nil},
		{"let manage", letManage, nil},
		{"access rules", accessRules, nil},
		{"only invited", onlyInvited, nil},
		{"taken by reset", takenByReset, nil},
		{"taken by verification", takenByVerification, nil},
		{"unknown passkey", unknownPasskey, nil},
	} {
		t.Run(it.name, func(t *testing.T) {
			t.Parallel()
			it.story(newStory(t, b, apptest.New(t, dbtest.SQLite, it.opts...), fmt.Sprintf("%02d", i+1)))
		})
	}
}

// TestStoriesInGerman tells those of the heart, and of emails and who gets them, once more, as who speaks German
// sees them. What people have done before a story begins they did in English.
func TestStoriesInGerman(t *testing.T) {
	b := newBrowser(t)
	for name, tell := range map[string]func(*story){
		"register": register, "invite": invite, "accept new": acceptNew, "switch": switchAccount, "manage": manage, "associate": associate,
		"contacts": contacts, "recipients": recipients, "details": details, "email history": emailHistory,
		"ask the owner": askOwner, "ask for an account": askForAccount, "reach": reach,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := apptest.New(t, dbtest.SQLite)
			s := newStory(t, b, w, "de-"+strings.ReplaceAll(name, " ", "-"))
			s.site, s.words = w.Another(apptest.Speaking("de")).URL, ui.NewPrinter("de", nil)
			tell(s)
		})
	}
}

// A story is a world and the people who come into it.
type story struct {
	*apptest.World
	t      *testing.T
	b      *browser
	number string
	site   string // where its people go to
	words  ui.Printer
}

func newStory(t *testing.T, b *browser, w *apptest.World, number string) *story {
	return &story{World: w, t: t, b: b, number: number, site: w.URL}
}

// begins is a sentence before what fills it first.
func (s *story) begins(key string) string {
	before, _, _ := strings.Cut(s.words.Word(key), "%")
	return strings.TrimSpace(before)
}

// say is a sentence in the language that the story is told in, as far as args
// fill it. What is no sentence of Atrium's stays as it is.
func (s *story) say(key string, args ...any) string {
	said := s.words.Word(key)
	if args == nil {
		return said
	}
	verbs := regexp.MustCompile(`%(\[\d+\])?[sd]`).FindAllStringIndex(said, -1)
	if len(verbs) > len(args) {
		said = said[:verbs[len(args)][0]]
	}
	return strings.TrimSpace(fmt.Sprintf(said, args...))
}
