package email

import (
	"net/url"
	"strings"

	"atrium/base/id"
	"atrium/base/mail"
	"atrium/base/web"
	"atrium/ui"
)

// essential is how the filter's form calls mails without a topic.
const essential = "essential"

// A wish is what the filter's form says, as it was typed, and the place from
// which the list goes on. What it can't say is as if it were not said.
type wish struct{ Text, State, Topic, Since, Until, Before string }

func readWish(q *web.Request) wish {
	w := wish{Text: strings.TrimSpace(q.Query("q")), Since: q.Query("since"), Until: q.Query("until"), Before: q.Query("before")}
	for _, s := range []mail.State{mail.Queued, mail.Sent, mail.Failed, mail.Cancelled} {
		if q.Query("state") == string(s) {
			w.State = string(s)
		}
	}
	if _, ok := mail.TopicFrom(q.Query("topic")); ok || q.Query("topic") == essential {
		w.Topic = q.Query("topic")
	}
	return w
}

// filter is what mails are looked for by; days begin where p's person lives.
func (w wish) filter(p ui.Printer) mail.Filter {
	f := mail.Filter{Text: w.Text, State: mail.State(w.State), Sorted: w.Topic != ""}
	if w.Topic != essential {
		f.Topic = mail.Topic(w.Topic)
	}
	if day, ok := p.Day(w.Since); ok {
		f.Since = day
	}
	if day, ok := p.Day(w.Until); ok {
		f.Until = day.AddDate(0, 0, 1)
	}
	return f
}

func (w wish) mark() mail.Mark { return parseMark(w.Before) }

// filtered tells whether the list is not of all mails.
func (w wish) filtered() bool { return w.Text+w.State+w.Topic+w.Since+w.Until != "" }

// page is the address of the wish at base, from a place on.
func (w wish) page(base string, before mail.Mark) string {
	values := url.Values{}
	for name, value := range map[string]string{"q": w.Text, "state": w.State, "topic": w.Topic, "since": w.Since, "until": w.Until} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if before != (mail.Mark{}) {
		values.Set("before", formatMark(before))
	}
	u := url.URL{Path: base, RawQuery: values.Encode()}
	return u.String()
}

// parseMark reads what formatMark writes: "0abc…-10001".
func parseMark(s string) mail.Mark {
	text, account, _ := strings.Cut(s, "-")
	key, ok := id.Parse[mail.Message](text)
	if !ok {
		return mail.Mark{}
	}
	a, _ := id.ParseAccount(account) // "0" is none
	return mail.Mark{ID: mail.ID(key), Account: a}
}

func formatMark(m mail.Mark) string { return m.ID.String() + "-" + m.Account.String() }

func states(p ui.Printer) []ui.Option {
	return []ui.Option{
		{Label: p.T("All")}, {Value: string(mail.Queued), Label: p.T("Waiting to be sent")}, {Value: string(mail.Sent), Label: p.T("Sent")},
		{Value: string(mail.Failed), Label: p.T("Not delivered")}, {Value: string(mail.Cancelled), Label: p.T("Not sent")},
	}
}

func topics(p ui.Printer) []ui.Option {
	all := []ui.Option{{Label: p.T("All")}, {Value: essential, Label: p.T("Access and login")}}
	for _, t := range mail.Topics() {
		all = append(all, ui.Option{Value: string(t), Label: p.Word(t.Label())})
	}
	return all
}

// topic is a mail's kind in words.
func topic(p ui.Printer, t mail.Topic) string {
	if t == mail.Essential {
		return p.T("Access and login")
	}
	return p.Word(t.Label())
}
