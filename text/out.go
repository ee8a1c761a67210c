package text

import (
	"context"
	"io"
	"time"

	"github.com/a-h/templ"
)

// special are the characters that HTML has other words for.
const special = `&<>"'`

// entities are those words, by character.
var entities = func() (all [256]string) {
	for _, c := range []byte(special) {
		all[c] = templ.EscapeString(string(rune(c)))
	}
	return all
}()

// An Out is a page while it is drawn. It is empty as it comes, and not safe for use
// by several goroutines.
type Out struct {
	b   []byte
	err error // the first of a component that is not of these
}

// Bytes is what was drawn. It holds until more is, or Reset.
func (o *Out) Bytes() []byte { return o.b }

// Reset empties it.
func (o *Out) Reset() { o.b, o.err = o.b[:0], nil }

// Raw writes markup.
//
//go:noinline
func (o *Out) Raw(s string) { o.b = append(o.b, s...) }

// Text writes s as HTML has it.
func (o *Out) Text(s string) {
	from := 0
	for i := range len(s) {
		if e := entities[s[i]]; e != "" {
			o.b = append(append(o.b, s[from:i]...), e...)
			from = i + 1
		}
	}
	o.b = append(o.b, s[from:]...)
}

// Write is Raw for who knows only io.Writer.
func (o *Out) Write(p []byte) (int, error) {
	o.b = append(o.b, p...)
	return len(p), nil
}

// WriteString is Raw for who knows only io.StringWriter.
func (o *Out) WriteString(s string) (int, error) {
	o.Raw(s)
	return len(s), nil
}

// Stamp writes a time as the time element has it, in UTC.
func (o *Out) Stamp(t time.Time) { o.b = t.UTC().AppendFormat(o.b, time.RFC3339) }

// Classes writes the names of a class attribute: strings, and templ.KV of a string
// and whether it is there.
func (o *Out) Classes(list ...any) {
	start := len(o.b)
	for _, c := range list {
		name, ok := c.(string)
		if kv, isKV := c.(templ.KeyValue[string, bool]); isKV {
			name, ok = kv.Key, true
			if !kv.Value {
				continue
			}
		}
		if !ok {
			panic("text: a class is a string, or templ.KV of one")
		}
		if len(o.b) > start {
			o.b = append(o.b, ' ')
		}
		o.Text(name)
	}
}

// Attributes writes attributes that were put together elsewhere.
func (o *Out) Attributes(a templ.Attributer) {
	o.keep(templ.RenderAttributes(context.Background(), o, a))
}

// Component draws any component, with children or nil.
func (o *Out) Component(c templ.Component, kids Children) {
	if c, ok := c.(Component); ok {
		c(o, kids)
		return
	}
	ctx := context.Background()
	if kids != nil {
		ctx = templ.WithChildren(ctx, Component(func(o *Out, _ Children) { kids(o) }))
	}
	o.keep(c.Render(ctx, o))
}

func (o *Out) keep(err error) {
	if o.err == nil {
		o.err = err
	}
}

// Children are what stands between the braces of a component; nil is nothing.
type Children func(*Out)

// Draw draws them.
func (c Children) Draw(o *Out) {
	if c != nil {
		c(o)
	}
}

// A Component is a templ.Component that draws itself to an Out.
type Component func(o *Out, kids Children)

// Render draws the component to w, with the children that templ put into ctx.
func (c Component) Render(ctx context.Context, w io.Writer) error {
	kids := func(o *Out) { o.Component(templ.GetChildren(ctx), nil) }
	if o, ok := w.(*Out); ok {
		c(o, kids)
		return o.err
	}
	var o Out
	c(&o, kids)
	if o.err != nil {
		return o.err
	}
	_, err := w.Write(o.b)
	return err
}
