package mail

import (
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"

	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/job"
	"atrium/base/settings"
	"atrium/fault"
)

func TestNamesAreOneLineWithoutLinks(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"Acme GmbH & Co. KG", "Acme GmbH & Co. KG"},
		{"J. R. Müller-Lüdenscheidt", "J. R. Müller-Lüdenscheidt"},
		{"  Acme\r\nBcc: everyone@example.org\t\x00 ", "Acme Bcc: everyone@example.\u200borg"},
		{"Click http://evil.example/x now", "Click […] now"},
		{"HTTPS://evil", "[…]"},
		{"www.evil.example", "[…]"},
		{"go to evil.example/login?x=1", "go to […]"},
		{"evil.example:8080/login", "[…]"},
		{"evil.example?a=b", "[…]"},
		{"mailto:x@evil.example", "[…]"},
		{"Booking.com", "Booking.\u200bcom"},
		{"müller.de", "müller.\u200bde"},
		{"abc\u202egnp.exe", "abcgnp.\u200bexe"},
		{"e\u200bvil", "e\u200bvil"},
		{"=?utf-8?q?http=3A=2F=2Fevil?=", "= ?utf-8?q?http=3A=2F=2Fevil?="},
		{"\xff\xfebad", "bad"},
		{"نام\u200cخانوادگی", "نام\u200cخانوادگی"},
		{"", ""},
		{strings.Repeat("ä", 60), strings.Repeat("ä", 60)},
		{strings.Repeat("ä", 61), strings.Repeat("ä", 59) + "…"},
	} {
		got := Name(c.typed)
		if got != c.want {
			t.Errorf("Name(%q) is %q, want %q", c.typed, got, c.want)
		}
		if Name(got) != got {
			t.Errorf("Name(%q) is not its own name: %q", got, Name(got))
		}
	}
}

func TestMessagesKeepTheirLinesAndLoseTheirLinks(t *testing.T) {
	got := strings.Join(message("\n\nHello\tBob,\r\n\r\n\r\n\rsee https://evil.example/a?b or evil.example.\nWrite to ann@example.com\n\n"), "|")
	want := "Hello Bob,||see […] or evil.\u200bexample.|Write to ann@example.com"
	if got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// The patterns are asked word by word, and only of words that may have a link:
// they must find what they find in the whole.
func TestNoLinkIsMissedByAskingForWords(t *testing.T) {
	pieces := []string{"a", "Z", "9", "ü", "\u0345", "-", "@", " ", ".", ":", "/", "//", "://", "www", "WWW.", "mailto", "Mailto:", "http", "?", "#", "\n", "\t", "\u00a0", "\u2028", "\v", "ﬀ", "K"}
	r := rand.New(rand.NewPCG(1, 1))
	found := 0
	for range 200_000 {
		var s string
		for range 1 + r.IntN(6) {
			s += pieces[r.IntN(len(pieces))]
		}
		links, domains := linkPattern.ReplaceAllString(s, linkRemoved), domainPattern.ReplaceAllStringFunc(s, unlinked)
		if WithoutLinks(s) != links || withoutDomains(s, unlinked) != domains {
			t.Fatalf("%q is %q and %q, not %q and %q", s, WithoutLinks(s), withoutDomains(s, unlinked), links, domains)
		}
		if links != s || domains != s {
			found++
		}
	}
	if found < 1000 || mayLink("Hello, you can now do this: nothing.") {
		t.Error("this tests nothing:", found)
	}
}

func TestTextBreaksBetweenWordsAndNeverInLinks(t *testing.T) {
	long := base + "/" + strings.Repeat("x", 100)
	l := Letter{Blocks: []Block{
		P(strings.Repeat("word ", 40)),
		Strong("Only today"),
		Items([]string{strings.Repeat("item ", 30), "short"}),
		Quote(strings.Repeat("said ", 30) + "\n\nBye"),
		Button("Open it", long),
	}}.clean()
	got := writeText(l, letterhead{brand: "Acme Hosting", base: base})
	for s := range strings.SplitSeq(got, "\n") {
		if utf8.RuneCountInString(s) > textWidth && s != long {
			t.Errorf("a line of %d: %q", len(s), s)
		}
		if strings.HasSuffix(s, " ") && s != "-- " {
			t.Errorf("a space at the end of %q", s)
		}
	}
	for _, want := range []string{
		"word\n\nOnly today\n\n- item item", "\n  item", "\n- short\n\n> said said", "\n> said", "\n>\n> Bye\n\nOpen it:\n" + long + "\n\n",
		"\n\n-- \nAcme Hosting\n" + base + "\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

// rendered is a letter as an office writes it.
func rendered(t *testing.T, l Letter) (text, html string) {
	t.Helper()
	text, html, err := render(l.clean(), letterhead{brand: `Acme <&> "Hosting"`, base: base})
	if err != nil {
		t.Fatal(err)
	}
	return text, html
}

func TestEverythingIsEscaped(t *testing.T) {
	const nasty = `<script>alert("1")</script><img src=x onerror=alert(1)> & 'x'`
	_, html := rendered(t, Letter{Subject: nasty, Language: `en" onload="x`, Blocks: []Block{
		P(nasty), Strong(nasty), Items([]string{nasty}), Quote(nasty), Button(nasty, base+"/a?b=1&c=%22"), Secret(nasty, base+"/s"),
	}})
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	if doc.Find("script, img, [onload], [onerror], [src]").Length() != 0 {
		t.Errorf("not escaped:\n%s", html)
	}
	for sel, want := range map[string]string{"title": nasty, "li": nasty, "blockquote": nasty, ".card > p:first-child": `Acme <&> "Hosting"`} {
		if got := strings.TrimSpace(doc.Find(sel).Text()); got != want {
			t.Errorf("%s says %q", sel, got)
		}
	}
	button := doc.Find("a.button").First()
	if href, _ := button.Attr("href"); href != base+"/a?b=1&c=%22" || button.Text() != nasty {
		t.Errorf("the button %q leads to %q", button.Text(), href)
	}
	if lang, _ := doc.Find("html").Attr("lang"); lang != `en" onload="x` {
		t.Errorf("lang is %q", lang)
	}
	if strings.Contains(html, "http-equiv") || doc.Find("link, form, iframe").Length() != 0 {
		t.Error("a mail fetches nothing")
	}
}

func TestTheStoredBodyHasNoLinkAndTheHistorySaysSo(t *testing.T) {
	l, link := invitation().clean().hide()
	if link != secret1 {
		t.Fatal(link)
	}
	text, html := rendered(t, l)
	stored := Message{Text: text, HTML: html}
	if strings.Contains(text+html, secret1) {
		t.Error("the link is stored")
	}
	sent := reveal(stored, link)
	if strings.Contains(sent.Text+sent.HTML, hidden) || !strings.Contains(sent.Text, "\nSee the invitation:\n"+secret1+"\n") {
		t.Errorf("sent is\n%s", sent.Text)
	}
	shown := conceal(stored)
	if strings.ContainsAny(shown.Text+shown.HTML, "\x02\x03") || !strings.Contains(shown.Text, "See the invitation:\nlink removed\n") {
		t.Errorf("shown is\n%s", shown.Text)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(shown.HTML))
	if err != nil {
		t.Fatal(err)
	}
	b := doc.Find("a.button")
	if _, ok := b.Attr("href"); ok || b.Text() != "See the invitation" {
		t.Error("the button leads somewhere")
	}
	if got := doc.Find(".card a.link").Text(); got != hidden {
		t.Errorf("the history says %q", got)
	}
}

func TestNobodyCanTypeTheMarker(t *testing.T) {
	text, html := rendered(t, Letter{Subject: marker, Blocks: []Block{P(marker), Strong(marker), Items([]string{marker}), Quote(marker), Button(marker, base)}})
	if strings.Contains(text+html, marker) || strings.Contains(Name(marker), marker) {
		t.Error("somebody can")
	}
}

func TestScrubTakesTheSecretPartToo(t *testing.T) {
	token := secret1[len(base)+len("/invitation/10001."):]
	got := scrub("550 refused "+secret1+" and "+token, secret1)
	if strings.Contains(got, token) || got != "550 refused [removed] and [removed]" {
		t.Error(got)
	}
}

func TestWhatIsWrongWithALetterIsSaid(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		o := h.office("")
		send := func(change func(*Letter)) error {
			l := invitation()
			change(&l)
			return h.Write(t.Context(), of(acme), func(tx *db.Tx) error { return o.Send(t.Context(), tx, l) })
		}
		for _, email := range []string{
			"", "bob", "bob@", "@example.org", "bob@example.org\r\nBcc: eve@example.org", "bob@example.org\n", "bob @example.org",
			"bob@example.org,eve@example.org", "Bob <bob@example.org>", "<bob@example.org>", "bob@example.org> NOTIFY=NEVER", "bob@exa mple.org",
			"b\x00b@example.org", `"bob eve"@example.org`, "bob@[127.0.0.1]", "bob@example.org\u2028",
		} {
			if err := send(func(l *Letter) { l.To.Email = email }); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", email, err)
			}
		}
		for name, change := range map[string]func(*Letter){
			"another site":    func(l *Letter) { l.Blocks = []Block{Button("x", "https://evil.example/")} },
			"another like us": func(l *Letter) { l.Blocks = []Block{Button("x", base+".evil.example/")} },
			"with a log in":   func(l *Letter) { l.Blocks = []Block{Secret("x", "https://atrium.example.com@evil.example/")} },
			"script":          func(l *Letter) { l.Blocks = []Block{Button("x", "javascript:alert(1)")} },
			"malformed":       func(l *Letter) { l.Blocks = []Block{Button("x", base+"/a b\"c")} },
			"no reference":    func(l *Letter) { l.Ref = "" },
			"two secrets":     func(l *Letter) { l.Blocks = append(l.Blocks, Secret("x", base+"/y")) },
			"no subject":      func(l *Letter) { l.Subject = "\r\n" },
			"no kind":         func(l *Letter) { l.Kind = "" },
		} {
			if err := send(change); err == nil || fault.KindOf(err) != fault.Internal {
				t.Errorf("%s: %v", name, err)
			}
		}
		if list, err := List(t.Context(), h.Auto(), acme, 0, 10); err != nil || len(list) != 0 {
			t.Errorf("%d mails, %v", len(list), err)
		}
	})
}

func TestNothingAPersonTypesBecomesAHeader(t *testing.T) {
	const inject = "Acme\r\nBcc: eve@example.org\r\n\r\n<b>body</b>\r\n.\r\nMAIL FROM:<eve@example.org>"
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false)
		o := h.office(box.url(), func(c *Config) { c.Settings = h.settings(inject, box.url()) })
		l := invitation()
		l.To.Name, l.Subject, l.Language = inject, inject+" has invited you", inject
		l.Blocks = []Block{P(inject), Items([]string{inject}), Quote(inject), Button(inject, base)}
		o.send(l)
		o.drain()
		o.want(Sent, 1, "")
		got := open(t, box.only())
		for name := range got.header {
			switch name {
			case "From", "To", "Subject", "Date", "Message-Id", "Mime-Version", "Content-Type", "Auto-Submitted", "Content-Language":
			default:
				t.Errorf("a header %s: %s", name, got.header.Get(name))
			}
		}
		if s := got.decoded(t, "Subject"); !strings.HasPrefix(s, "Acme Bcc: eve@example.org <b>body</b>") {
			t.Errorf("the subject is %q", s)
		}
		to, err := got.header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "bob@example.org" {
			t.Error(to, err)
		}
		if strings.Contains(got.html, "<b>") {
			t.Error("HTML gets through")
		}
	})
}

func TestAddressesBeyondASCII(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		for _, c := range []struct {
			utf8        bool
			email, came string
		}{
			{false, "bob@bücher.example", "bob@xn--bcher-kva.example"},
			{true, "bob@bücher.example", "bob@xn--bcher-kva.example"},
			{true, "jörg@bücher.example", "jörg@xn--bcher-kva.example"},
		} {
			box := newPostbox(t, false, withUTF8(c.utf8))
			o := h.office(box.url())
			l := invitation()
			l.To = Address{"Jörg 日本", c.email}
			l.Subject = "Grüße an 日本 " + strings.Repeat("lang ", 30)
			o.send(l)
			o.drain()
			p := box.only()
			if p.to != c.came || p.utf8 != (c.email[0] == 'j') {
				t.Errorf("to %s, SMTPUTF8 %v", p.to, p.utf8)
			}
			got := open(t, p)
			if s := got.decoded(t, "Subject"); s != strings.TrimSpace(l.Subject) {
				t.Errorf("the subject is %q", s)
			}
			to, err := got.header.AddressList("To")
			if err != nil || len(to) != 1 || to[0].Name != "Jörg 日本" {
				t.Errorf("to %v %v", to, err)
			}
			for s := range strings.SplitSeq(p.raw, "\r\n") {
				if len(s) > 998 {
					t.Errorf("a line of %d bytes", len(s))
				}
			}
		}
	})
}

func TestASettingThatCantWorkIsRefusedAtTheStart(t *testing.T) {
	for _, u := range []string{"http://mail.example.com", "smtp://", "smtp://mail.example.com:0", "smtp://mail.example.com:99999", "smtp://u:pw@mail.example.com/x", "smtp://mail.example.com?tls=no"} {
		_, err := newSender(parse(t, u), "x", nil)
		if err == nil || strings.Contains(err.Error(), "pw") {
			t.Errorf("%s: %v", u, err)
		}
	}
	h := house{dbtest.Open(t, dbtest.SQLite, schemas()), t, newKeys(t)}
	for _, from := range []string{"", "Atrium", "a@b, c@d"} {
		s, err := settings.Open(t.Context(), h.DB, h.keys, slog.New(slog.DiscardHandler), &config.Settings{From: from})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := New(t.Context(), h.DB, job.New(h.DB, slog.New(slog.DiscardHandler)), h.keys, Config{Settings: s}); err == nil {
			t.Errorf("%q was taken", from)
		}
	}
}
