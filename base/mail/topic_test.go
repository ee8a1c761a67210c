package mail

import (
	"testing"

	"atrium/base/access"
	"atrium/base/db"
)

func TestEveryTopicHasItsWordsAndItsPermission(t *testing.T) {
	needs := map[access.Name]bool{}
	for _, topic := range Topics() {
		n, ok := topic.Needs()
		if found, known := TopicFrom(string(topic)); !known || found != topic || !ok || topic.Label() == "" || topic.Explanation() == "" || needs[n] {
			t.Errorf("%s: %q, %q, needs %s", topic, topic.Label(), topic.Explanation(), n.Slug())
		}
		needs[n] = true
	}
	if len(needs) != 6 || len(topicTexts) != 6 {
		t.Errorf("there are %d topics", len(needs))
	}
	if _, ok := Essential.Needs(); ok {
		t.Error("essential mails need a permission")
	}
	for _, s := range []string{"", "invoices", "security"} {
		if _, ok := TopicFrom(s); ok {
			t.Errorf("%q is a topic", s)
		}
	}
}

func TestAMailKeepsItsTopic(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		o := h.office("")
		for _, topic := range append(Topics(), Essential) {
			l := invitation()
			l.Topic = topic
			o.send(l)
			list, err := List(t.Context(), h.Auto(), acme, 0, 1)
			if err != nil || len(list) != 1 || list[0].Topic != topic {
				t.Errorf("%q: %+v %v", topic, list, err)
			}
		}
		l := invitation()
		l.Topic = "gossip"
		if err := h.Write(t.Context(), of(acme), func(tx *db.Tx) error { return o.Send(t.Context(), tx, l) }); err == nil {
			t.Error("a topic that there is not was taken")
		}
	})
}

func TestAChoiceIsKeptInOrder(t *testing.T) {
	c := ChoiceOf([]string{"domain", "gossip", "", "invoice", "domain"})
	if c.String() != "invoice domain" || !c.Has(Domain) || c.Has(Support) || c.Has(Essential) || ParseChoice(c.String()).String() != c.String() {
		t.Errorf("%q", c)
	}
	if got := c.And(General).And(Domain).And(Essential).String(); got != "general invoice domain" {
		t.Errorf("%q", got)
	}
	if ParseChoice("") != nil || ParseChoice("gossip") != nil {
		t.Error("nothing is something")
	}
}
