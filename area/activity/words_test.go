package activity

import (
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/id"
	"atrium/ui"
)

// query answers as an address does whose query says this.
func query(said map[string]string) func(string) string {
	return func(name string) string { return said[name] }
}

func english() ui.Printer { return ui.NewPrinter("en", nil) }

// told is the sentence and the changes of an entry, a line each.
func told(e Entry) string {
	lines := []string{e.sentence(english())}
	for _, c := range e.changes(english()) {
		lines = append(lines, c.Label+": "+c.Before+" > "+c.After)
	}
	return strings.Join(lines, "\n")
}

func TestActionsAreToldInPlainSentences(t *testing.T) {
	const webmaster = `["products","manageproducts","productsso","domains","managedomains","tickets"]`
	slugs := `["` + strings.Join(access.Everything.Slugs(), `","`) + `"]`
	for _, c := range []struct{ action, before, after, want string }{
		{"member.login", "", "", "logged in"},
		{"member.permissions", `["domains"]`, `["domains","emails"]`,
			"gave x@example.com View Emails\nPermissions: View Domains > View Domains, View Emails"},
		{"member.permissions", `["domains","emails"]`, `["domains"]`,
			"took View Emails away from x@example.com\nPermissions: View Domains, View Emails > View Domains"},
		{"member.permissions", `["domains"]`, `["emails"]`,
			"gave x@example.com View Emails and took away View Domains\nPermissions: View Domains > View Emails"},
		{"member.permissions", `["domains"]`, `["domains"]`,
			"saved the permissions of x@example.com as they were\nPermissions: View Domains > View Domains"},
		{"member.permissions", `[]`, `["domains"]`, "gave x@example.com View Domains\nPermissions: none > View Domains"},
		{"member.removed", `["emails"]`, "", "removed the access of x@example.com\nPermissions: View Emails > "},
		{"member.left", `["emails"]`, "", "left the account\nPermissions: View Emails > "},
		{"invitation.sent", "", `["domains"]`, "invited x@example.com: View Domains\nPermissions:  > View Domains"},
		{"invitation.permissions", `["domains"]`, `["emails"]`,
			"added View Emails to the invitation to x@example.com and took away View Domains\nPermissions: View Domains > View Emails"},
		{"invitation.asked", "", "", "asked for a new invitation in place of the one to x@example.com"},
		{"invitation.accepted", "", `{"email":"y@example.com","permissions":["domains"]}`,
			"accepted the invitation to x@example.com\nJoined as:  > y@example.com\nPermissions:  > View Domains"},
		{"account.opened", "", `{"country":"DE","name":"Nordlicht","zone":"Europe/Berlin"}`,
			"opened the account\nAccount name:  > Nordlicht\nCountry:  > Germany\nTime zone:  > Europe/Berlin"},
		{"account.opened", "", `{"Name":"Nordlicht","Country":"DE","Language":"en","TimeZone":"Europe/Berlin"}`,
			"opened the account\nAccount name:  > Nordlicht\nCountry:  > Germany\nTime zone:  > Europe/Berlin"},
		{"account.details", `{"phone":"","city":"Kiel"}`, `{"phone":"+49 451 123456","city":"Hamburg"}`,
			"changed the account's details: City, Phone\nCity: Kiel > Hamburg\nPhone: (left empty) > +49 451 123456"},
		{"contact.added", "", `{"name":"Bo","email":"bo@example.org","topics":"invoice","billing":"yes","also":["phone"]}`,
			"added the contact x@example.com\nName:  > Bo\nEmail address:  > bo@example.org\nEmails:  > Invoices\nBilling contact:  > Yes"},
		{"contact.changed", `{"topics":"","billing":"yes","also":["phone"]}`, `{"topics":"invoice domain","billing":"no","also":["address1","phone"]}`,
			"changed the contact x@example.com\nEmails: No emails > Invoices, Domains\nBilling contact: Yes > No\nAlso changed:  > Phone, Address"},
		{"contact.removed", `{"name":"Bo","email":"bo@example.org"}`, "", "deleted the contact x@example.com\nName: Bo > \nEmail address: bo@example.org > "},
		{"contact.changed", "[", "7", "changed the contact x@example.com"},
		{"password.changed", "", `{"sessions ended":2}`, "changed their password"},
		{"of.the-future", `{"a":1}`, `{"a":2}`, "did something that has no description here"},
		{"account.details", `not JSON`, `[1]`, "changed the account's details"},
	} {
		e := Entry{Offer: offer(), Record: audit.Record{Action: c.action, Subject: "x@example.com", Before: c.before, After: c.after}}
		if got := told(e); got != c.want {
			t.Errorf("%s is told\n%s\nnot\n%s", c.action, got, c.want)
		}
	}
	for set, want := range map[string]string{
		slugs: "All Permissions", webmaster: "Webmaster, 6 of 13 permissions", `["domains","emails","tickets","quotes"]`: "4 of 13 permissions",
		`["domains","no longer there"]`: "View Domains", `[]`: "none", "": "none",
	} {
		if got := brief(english(), offer(), setOf(set)); got != want {
			t.Errorf("%s in short is %q, want %q", set, got, want)
		}
	}
}

func offer() access.Offer {
	return access.NewOffer(access.Everything, access.DefaultPresets())
}

func TestAddressesAreShortened(t *testing.T) {
	for ip, want := range map[string]string{
		"203.0.113.9": "203.0.113.x", "::ffff:203.0.113.9": "203.0.113.x", "2001:db8:12:3456::1": "2001:db8:12:x",
		"2001:db8::1": "2001:db8:0:x", "fe80::1%eth0": "fe80:0:0:x", "": "", "somewhere": "",
	} {
		if got := shorten(ip); got != want {
			t.Errorf("%q is shortened to %q, want %q", ip, got, want)
		}
	}
}

func TestWhatTheFilterCannotSayIsNotSaid(t *testing.T) {
	bob := id.User(77)
	for _, c := range []struct {
		said map[string]string
		want Filter
	}{
		{nil, Filter{Days: 30}},
		{map[string]string{"person": "all", "area": "all", "period": "all"}, Filter{}},
		{map[string]string{"person": bob.String(), "area": "users", "period": "7"}, Filter{User: bob, Area: Users, Days: 7}},
		{map[string]string{"person": "support", "area": "logins", "period": "90"}, Filter{Support: true, Area: LogIns, Days: 90}},
		{map[string]string{"person": "' OR 1=1", "area": "nowhere", "period": "-5", "before": "yesterday"}, Filter{Days: 30}},
		{map[string]string{"period": "30", "before": "-5-00000000001"}, Filter{Days: 30}},
		{map[string]string{"period": "all", "before": "1795871100000000-00000000001"}, Filter{Before: audit.Mark{At: time.UnixMicro(1795871100000000), ID: 1}}},
	} {
		if got := readWish(query(c.said)).filter(); got != c.want {
			t.Errorf("%v asks for %+v, want %+v", c.said, got, c.want)
		}
	}
}

// sample is one entry of each sort, with what people may type to do harm.
func sample() []Entry {
	at := time.Date(2026, 11, 27, 13, 5, 9, 999, time.UTC)
	return []Entry{
		{Mine: true, Email: "ann@example.com", Record: audit.Record{At: at, By: access.ByUser, Name: `=HYPERLINK("http://evil","Ann")`,
			IP: "198.51.100.17", Agent: firefox, Action: "member.login"}},
		{Record: audit.Record{At: at, By: access.ByUser, Name: "Bob <b>Bäcker</b>", IP: "203.0.113.x", Agent: firefox, Action: "account.details",
			Before: `{"name":"=1+1","phone":""}`, After: `{"name":"<script>","phone":"+49 451 123456"}`}},
		{Record: audit.Record{At: at, By: access.Anonymous, Name: "", IP: "2001:db8:12:x", Action: "invitation.declined", Subject: "@x\r\ny", Before: `["emails"]`}},
		{Record: audit.Record{At: at, By: access.ByStaff, Action: "invitation.sent", Subject: "x@example.com", After: `["domains","emails"]`}},
		{Record: audit.Record{At: at, By: access.BySystem, Name: "jobs", Action: "of.the-future"}},
	}
}

func TestTheFileByteForByte(t *testing.T) {
	var got strings.Builder
	if err := newSheet(&got, english(), false).add(sample()); err != nil {
		t.Fatal(err)
	}
	want := "\xef\xbb\xbf" +
		"Time (UTC),Who,Email,What,Before,After,Address,Browser\r\n" +
		`2026-11-27 13:05:09,"'=HYPERLINK(""http://evil"",""Ann"")",ann@example.com,logged in,,,198.51.100.17,Firefox on Linux` + "\r\n" +
		`2026-11-27 13:05:09,Bob <b>Bäcker</b>,,"changed the account's details: Account name, Phone",Account name: =1+1; Phone: (left empty),Account name: <script>; Phone: +49 451 123456,203.0.113.x,Firefox on Linux` + "\r\n" +
		"2026-11-27 13:05:09,Not logged in,,\"declined the invitation to @x\r\ny\",Permissions: View Emails,,2001:db8:12:x,Unknown browser\r\n" +
		`2026-11-27 13:05:09,Support,,"invited x@example.com: View Domains, View Emails",,"Permissions: View Domains, View Emails",,` + "\r\n" +
		`2026-11-27 13:05:09,Done by itself,,did something that has no description here,,,,` + "\r\n"
	if got := got.String(); got != want {
		t.Errorf("the file is\n%q\nnot\n%q", got, want)
	}
}

func TestNoCellOfTheFileIsAFormula(t *testing.T) {
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(1)": "'@SUM(1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1", "＝1": "'＝1", "＠x": "'＠x",
		"": "", "Ann": "Ann", "a=b": "a=b", "Ärzte": "Ärzte", "'=1": "'=1",
	} {
		if got := harmless(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
}

func TestNothingThatPeopleTypedIsMarkup(t *testing.T) {
	var b strings.Builder
	f := ui.Frame{P: english(), Now: time.Date(2026, 11, 27, 15, 6, 0, 0, time.UTC)}
	if err := table(f, sample(), false).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, wrong := range []string{"<script", "<b>", `{"`, `["`} {
		if strings.Contains(page, wrong) {
			t.Errorf("%q is in\n%s", wrong, page)
		}
	}
	for _, part := range []string{"Bob &lt;b&gt;Bäcker&lt;/b&gt;", "Before: =1+1", "After: &lt;script&gt;", "(you)", "Support", "2 hours ago", "27 Nov 2026, 13:05 (UTC)", "Firefox on Linux"} {
		if !strings.Contains(page, part) {
			t.Errorf("%q is not in\n%s", part, page)
		}
	}
}
