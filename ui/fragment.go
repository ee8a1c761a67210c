package ui

import (
	"context"
	"io"
	"strings"
	"sync"

	"github.com/a-h/templ"
)

// mostFragments is how many drawn pieces are kept at once.
const mostFragments = 64

// Once is c, drawn once for all who speak the printer's language and have the same
// key. The key is comparable and names everything else that c shows: above all
// everything about rights, and nothing about a person. Nothing in c may depend on
// the time zone. A printer that keeps no Lists draws c each time.
func (p Printer) Once(key any, c templ.Component) templ.Component {
	if p.lists == nil {
		return c
	}
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		text, err := p.lists.fragments.drawn(fragment{p.Lang(), key}, c)
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, text)
		return err
	})
}

// A fragment names a drawn piece of a page.
type fragment struct {
	lang string
	key  any
}

// fragments are drawn pieces of pages. They are dropped all at once when they
// become too many: what is shown often is soon there again.
type fragments struct {
	mu    sync.RWMutex
	texts map[fragment]string
}

func (f *fragments) drawn(k fragment, c templ.Component) (string, error) {
	f.mu.RLock()
	text, ok := f.texts[k]
	f.mu.RUnlock()
	if ok {
		return text, nil
	}
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		return "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.texts == nil || len(f.texts) >= mostFragments {
		f.texts = map[fragment]string{}
	}
	f.texts[k] = b.String()
	return b.String(), nil
}
