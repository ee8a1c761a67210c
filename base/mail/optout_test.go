package mail

import (
	"strings"
	"testing"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/fault"
)

// subscription opens the link of a mail's header.
func (o *office) subscription(p parcel) Subscription {
	o.t.Helper()
	link := strings.Trim(open(o.t, p).header.Get("List-Unsubscribe"), "<>")
	token, ok := strings.CutPrefix(link, base+OptOutPath)
	if !ok {
		o.t.Fatalf("the link is %q", link)
	}
	s, err := o.OpenSubscription(token, access.Actor{IP: "192.0.2.7"})
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

func (o *office) write(fn func(*db.Tx) (bool, error)) bool {
	o.t.Helper()
	var changed bool
	err := o.db.Write(o.t.Context(), of(acme), func(tx *db.Tx) (err error) {
		changed, err = fn(tx)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return changed
}

func TestMailsOfOptionalTopicsAreSwitchedOffByTheirLink(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false)
		o := h.office(box.url())
		o.send(notice("Bob@example.org"))
		o.drain()
		if got := open(t, box.only()).header.Get("List-Unsubscribe-Post"); got != "List-Unsubscribe=One-Click" {
			t.Errorf("List-Unsubscribe-Post is %q", got)
		}
		s := o.subscription(box.only())
		if s.Account != acme || s.Email != "Bob@example.org" || s.Topic != General || s.Act().Account() != acme || s.Act().Actor().Email != s.Email || s.Act().Actor().IP != "192.0.2.7" {
			t.Errorf("it is about %+v", s)
		}
		if strings.Contains(h.columns(), OptOutPath) {
			t.Error("the link is stored where others read it")
		}

		o.send(notice("bob@EXAMPLE.org")) // waits while it is switched off
		out := func(tx *db.Tx) (bool, error) { return OptOut(t.Context(), tx, s) }
		if !o.write(out) || o.write(out) {
			t.Error("it is not switched off once")
		}
		o.drain()
		if m := o.latest(); m.State != Cancelled || m.Why != Unwanted || m.Attempts != 0 || len(box.mails()) != 1 {
			t.Errorf("after that: %+v", m)
		}
		for _, l := range []Letter{
			{Topic: Invoice}, {Topic: Essential}, {Topic: Product}, // others of the same account
			{Topic: General, Ref: "service:1", Blocks: []Block{Secret("See it", base+"/once")}}, // somebody asked for it
		} {
			l.Account, l.To, l.Kind, l.Subject = acme, Address{Email: "bob@example.org"}, "test", "Hello"
			o.send(l)
			o.drain()
			if m := o.latest(); m.State != Sent {
				t.Errorf("%+v: %+v", l, m.Delivery)
			}
		}
		o.send(notice("cat@example.org"))
		o.drain()
		if m := o.latest(); m.State != Sent {
			t.Errorf("others suffer: %+v", m.Delivery)
		}
		on := func(tx *db.Tx) (bool, error) { return OptIn(t.Context(), tx, s) }
		if !o.write(on) || o.write(on) {
			t.Error("it is not switched on once")
		}
		o.send(notice("bob@example.org"))
		o.drain()
		if m := o.latest(); m.State != Sent {
			t.Errorf("after switching on: %+v", m.Delivery)
		}
	})
}

func TestOnlyOptionalMailsHaveTheLink(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false)
		o := h.office(box.url())
		want := map[string]bool{}
		for _, topic := range append(Topics(), Essential) {
			l := notice("bob@example.org")
			l.Topic, l.Subject = topic, "About "+string(topic)
			o.send(l)
			want[l.Subject] = topic.Optional()
		}
		l := invitation()
		l.Topic = General
		o.send(l)
		want[l.Subject] = false
		o.drain()
		list := box.mails()
		if len(list) != len(want) {
			t.Fatalf("%d mails", len(list))
		}
		for _, p := range list {
			m := open(t, p)
			if got := m.header.Get("List-Unsubscribe") != ""; got != want[m.decoded(t, "Subject")] || got != (m.header.Get("List-Unsubscribe-Post") != "") {
				t.Errorf("%s has the link: %v", m.decoded(t, "Subject"), got)
			}
		}
	})
}

func TestALinkThatWeHaveNotMadeIsNone(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		o := h.office("")
		other, err := o.vault.Seal([]byte(`{"account":10001,"email":"bob@example.org","topic":"general"}`), "something else")
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{"", "v1", "v1.a.b", other} {
			if _, err := o.OpenSubscription(token, access.Actor{}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%q: %v", token, err)
			}
		}
	})
}
