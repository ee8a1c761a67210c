package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"

	"atrium/base/mail"
)

// A bare is the mail library alone.
type bare struct {
	addr string
	mail mail.Message // what it sends
}

// loop sends n mails on so many connections, which are kept, and tells how long
// it took.
func (b bare) loop(ctx context.Context, connections, n int) (time.Duration, error) {
	began := time.Now()
	errs := make([]error, connections)
	var all sync.WaitGroup
	for i := range connections {
		all.Go(func() {
			mine := n / connections
			if i < n%connections {
				mine++
			}
			errs[i] = b.one(ctx, mine)
		})
	}
	all.Wait()
	return time.Since(began), errors.Join(errs...)
}

// one sends n mails one after the other.
func (b bare) one(ctx context.Context, n int) error {
	host, text, err := net.SplitHostPort(b.addr)
	if err != nil {
		return err
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return err
	}
	c, err := gomail.NewClient(host, gomail.WithPort(port), gomail.WithTLSPolicy(gomail.NoTLS), gomail.WithHELO("example.com"))
	if err != nil {
		return err
	}
	if err := c.DialWithContext(ctx); err != nil {
		return err
	}
	defer c.Close()
	for i := range n {
		m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
		if err := errors.Join(m.From("no-reply@example.com"), m.To(fmt.Sprintf("bob%d@example.org", i))); err != nil {
			return err
		}
		m.Subject(b.mail.Subject)
		m.SetDate()
		m.SetMessageID()
		m.SetBodyString(gomail.TypeTextPlain, b.mail.Text)
		m.AddAlternativeString(gomail.TypeTextHTML, b.mail.HTML)
		if err := c.Send(m); err != nil {
			return err
		}
	}
	return nil
}
