package email

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/mail"
	"atrium/ui"
)

// found are the subjects of what a filter finds, over all pages.
func (w world) found(f mail.Filter) string {
	w.Helper()
	var all []string
	for before := (mail.Mark{}); ; {
		page, err := w.List(w.Context(), w.first, f, before)
		w.must(err)
		for _, m := range page.Emails {
			all = append(all, m.Subject)
		}
		if before = page.Next; before == (mail.Mark{}) {
			return strings.Join(all, ", ")
		}
	}
}

func TestEmailsAreFoundByWordsKindStateAndPeriod(t *testing.T) {
	each(t, func(w world) {
		clock := dbtest.Clock(w.db)
		monday := clock.Now()
		w.send(w.first, mail.Letter{Subject: "Über Ihre Rechnung 17", Topic: mail.Invoice})
		clock.Add(24 * time.Hour)
		w.send(w.first, mail.Letter{Subject: "The domain example.org expires", Topic: mail.Domain})
		w.send(w.first, mail.Letter{Subject: "Your invoice 18", Topic: mail.Invoice})
		w.send(w.first, mail.Letter{Subject: "100% of it_"})
		w.send(w.other, mail.Letter{Subject: "Your invoice elsewhere", Topic: mail.Invoice})
		w.must(w.db.Write(w.Context(), w.first, func(tx *db.Tx) error {
			_, err := tx.Exec(w.Context(), `UPDATE emails SET state = 'failed' WHERE account_id = $1 AND subject = 'Your invoice 18'`, w.first.Account())
			return err
		}))
		all := "100% of it_, Your invoice 18, The domain example.org expires, Über Ihre Rechnung 17"
		for _, c := range []struct {
			f    mail.Filter
			want string
		}{
			{mail.Filter{}, all},
			{mail.Filter{Text: "ÜBER rech"}, "Über Ihre Rechnung 17"},
			{mail.Filter{Text: "invoice 17"}, ""},
			{mail.Filter{Text: "ann@example.com"}, all},
			{mail.Filter{Text: "example.org"}, "The domain example.org expires"},
			{mail.Filter{Text: "%"}, all}, // no word
			{mail.Filter{Text: "it_"}, "100% of it_"},
			{mail.Filter{Topic: mail.Invoice, Sorted: true}, "Your invoice 18, Über Ihre Rechnung 17"},
			{mail.Filter{Sorted: true}, "100% of it_"},
			{mail.Filter{State: mail.Failed}, "Your invoice 18"},
			{mail.Filter{State: mail.Sent}, ""},
			{mail.Filter{State: mail.Queued, Topic: mail.Invoice, Sorted: true}, "Über Ihre Rechnung 17"},
			{mail.Filter{Until: monday.Add(24 * time.Hour)}, "Über Ihre Rechnung 17"},
			{mail.Filter{Since: monday.Add(24 * time.Hour)}, "100% of it_, Your invoice 18, The domain example.org expires"},
			{mail.Filter{Since: monday, Until: monday}, ""},
		} {
			if got := w.found(c.f); got != c.want {
				w.Errorf("%+v finds %q, want %q", c.f, got, c.want)
			}
		}
	})
}

// A word that few mails have costs no more than any other page: the look ends
// and says how far it came.
func TestALookForARareWordEndsAndGoesOn(t *testing.T) {
	each(t, func(w world) {
		w.send(w.first, mail.Letter{Subject: "The needle"})
		const hay = 3200
		w.must(w.db.Write(w.Context(), w.first, func(tx *db.Tx) error {
			for n := range hay {
				_, err := tx.Exec(w.Context(), `INSERT INTO emails (account_id, id, user_id, kind, topic, ref, language, to_name, to_email, subject, body_text, body_html, sealed, dies_at, message_id, state, created_at)
					SELECT account_id, id + $2, user_id, kind, topic, ref, language, to_name, to_email, $3, body_text, body_html, sealed, dies_at, message_id, 'sent', created_at + $2
					FROM emails WHERE account_id = $1 AND subject = 'The needle'`, w.first.Account(), n+1, fmt.Sprint("Hay ", n))
				if err != nil {
					return err
				}
			}
			return nil
		}))
		page, err := w.List(w.Context(), w.first, mail.Filter{Text: "needle"}, mail.Mark{})
		w.must(err)
		if len(page.Emails) != 0 || page.Looked.IsZero() || page.Next == (mail.Mark{}) {
			w.Fatalf("the first look has %d emails, to %v", len(page.Emails), page.Looked)
		}
		page, err = w.List(w.Context(), w.first, mail.Filter{Text: "needle"}, page.Next)
		w.must(err)
		if len(page.Emails) != 1 || !page.Looked.IsZero() || page.Next != (mail.Mark{}) {
			w.Errorf("the second look has %d emails, to %v", len(page.Emails), page.Looked)
		}
		posts := NewPosts(w.db, w.mail)
		across, err := mail.Filter{Text: "hay 31"}.SearchAcross(w.Context(), posts.db, mail.Mark{}, 25)
		w.must(err)
		if len(across.Emails) != 25 || across.Emails[0].AccountName != "Nordlicht" || across.Emails[0].Subject != "Hay 3199" {
			w.Errorf("across there are %d, first %+v", len(across.Emails), across.Emails[0])
		}
	})
}

func TestADayBeginsWhereThePersonLives(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	f := wish{Since: "2026-11-22", Until: "2026-11-22", Topic: essential}.filter(ui.NewPrinter("en", berlin))
	if want := time.Date(2026, 11, 21, 23, 0, 0, 0, time.UTC); !f.Since.Equal(want) || !f.Until.Equal(want.Add(24*time.Hour)) || !f.Sorted || f.Topic != "" {
		t.Errorf("%+v", f)
	}
	if f := (wish{Since: "yesterday", Until: "2026-13-01"}).filter(ui.Printer{}); f != (mail.Filter{}) {
		t.Errorf("what is no day filters: %+v", f)
	}
}

func TestImagesElsewhereAreKnown(t *testing.T) {
	for document, want := range map[string]bool{
		`<p>Hello</p>`: false, `<img src="https://example.com/a.png">`: true, `<IMG SRC=http://x/y />`: true,
		`<img src="data:image/png;base64,AA">`: false, `&lt;img src="https://x"&gt;`: false, `<img alt="x">`: false,
	} {
		if got := hasImages(document); got != want {
			t.Errorf("%s: %v", document, got)
		}
	}
}
