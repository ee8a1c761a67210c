package mail

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"atrium/base/id"
	"atrium/fault"
)

// An Address is a person's name, which may be empty, and their email.
type Address struct{ Name, Email string }

// A Letter is a mail before it is written down.
type Letter struct {
	Account  id.Account // whose history it is in; 0: nobody's
	User     id.User    // whom it is about; 0: nobody
	To       Address
	Kind     string // what it is, "invitation"; never renamed
	Topic    Topic  // whose mails it is one of; zero: Essential
	Reader   string // as who somebody gets it, see Reader.Key; "" of Essential ones, which always go
	Subject  string // one sentence; put names in through Name
	Blocks   []Block
	Language string    // of the sentences, "en"
	Ref      string    // what its one-time link belongs to, "invitation:<id>": for Void and States
	Dies     time.Time // when its one-time link ends by itself: not sent after. Zero: only by Void
}

// A Block is a piece of a letter: P, Strong, Items, Quote, Button or Secret.
type Block struct {
	kind  blockKind
	lines []string
	label string
	url   string
}

type blockKind uint8

const (
	paragraph blockKind = iota
	strong
	items
	quote
	button
	secret
)

// P is a paragraph. Put names in through Name.
func P(text string) Block { return Block{kind: paragraph, lines: []string{text}} }

// Strong is a paragraph that stands out.
func Strong(text string) Block { return Block{kind: strong, lines: []string{text}} }

// Items is a list.
func Items(list []string) Block { return Block{kind: items, lines: list} }

// Quote is what a person typed, links taken out.
func Quote(text string) Block { return Block{kind: quote, lines: message(text)} }

// Button leads to a page of ours; the link stands beneath it as text too.
func Button(label, url string) Block { return Block{kind: button, label: label, url: url} }

// Secret is a Button with a one-time link. A letter has at most one, and a Ref.
func Secret(label, url string) Block { return Block{kind: secret, label: label, url: url} }

// first is the text of a block that has one.
func (b Block) first() string { return strings.Join(b.lines, " ") }

// clean makes everything one printable line where it must be one, and takes out
// links that are not a button's.
func (l Letter) clean() Letter {
	l.To.Name = Name(l.To.Name)
	l.Subject = cut(WithoutLinks(line(l.Subject)), 200)
	blocks := make([]Block, len(l.Blocks))
	for i, b := range l.Blocks {
		list := make([]string, len(b.lines))
		for n, s := range b.lines {
			list[n] = WithoutLinks(line(s))
		}
		b.lines, b.label = list, line(b.label)
		blocks[i] = b
	}
	l.Blocks = blocks
	return l
}

// hide puts the marker where the one-time link was and gives the link.
func (l Letter) hide() (_ Letter, link string) {
	blocks := make([]Block, len(l.Blocks))
	for i, b := range l.Blocks {
		if b.kind == secret {
			link, b.url = b.url, marker
		}
		blocks[i] = b
	}
	l.Blocks = blocks
	return l, link
}

// check finds what is wrong with a letter. Only the address can be a person's
// fault.
func (l Letter) check(base string) error {
	if _, err := parseAddress(l.To); err != nil {
		return fault.Invalidf("This is not an email address.").Because(err)
	}
	if _, ok := TopicFrom(string(l.Topic)); !ok && l.Topic != Essential {
		return fmt.Errorf("mail: there is no topic %q", l.Topic)
	}
	secrets := 0
	for _, b := range l.Blocks {
		if b.kind == secret {
			secrets++
		}
		if (b.kind == button || b.kind == secret) && !leadsTo(b.url, base) {
			return fmt.Errorf("mail: the link of %q does not lead to %s", b.label, base)
		}
	}
	switch {
	case l.Kind == "" || l.Subject == "":
		return errors.New("mail: a letter needs a kind and a subject")
	case secrets > 1 || secrets == 1 && l.Ref == "":
		return errors.New("mail: a letter has one one-time link at most, and a ref with it")
	}
	return nil
}

// leadsTo tells whether link is a well-formed address at or below base.
func leadsTo(link, base string) bool {
	u, err := url.Parse(link)
	return err == nil && u.String() == link && (link == base || strings.HasPrefix(link, base+"/"))
}

// parseAddress makes an address fit for a mail server: the domain in ASCII, the
// local part as it is. It refuses everything that is not one plain address.
func parseAddress(a Address) (*netmail.Address, error) {
	p, err := netmail.ParseAddress("<" + a.Email + ">")
	if err != nil {
		return nil, err
	}
	at := strings.LastIndexByte(p.Address, '@')
	if p.Name != "" || p.Address != a.Email || line(a.Email) != a.Email || strings.ContainsAny(a.Email, ` "<>,;:\`) {
		return nil, errors.New("not one plain address")
	}
	host, err := idna.Lookup.ToASCII(p.Address[at+1:])
	if err != nil {
		return nil, err
	}
	return &netmail.Address{Name: a.Name, Address: p.Address[:at+1] + host}, nil
}
