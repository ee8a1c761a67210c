package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/a-h/templ/generator"
	"github.com/a-h/templ/parser/v2"
)

const page = `package page

templ Page(v View) {
	@Frame(v.Title) {
		<p class={ "lead", templ.KV("own", v.Own) }>{ v.Name }</p>
		@v.Extra
		@Both(pair())
	}
}

templ Frame(title string) {
	<h1>{ title }</h1>
	<main>{ children... }</main>
	<a href={ v.Href } { v.Attrs... }>on</a>
}

templ (v View) Both(a, b string) {
}
`

func generated(t *testing.T) []byte {
	t.Helper()
	tree, err := parser.ParseString(page)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := generator.Generate(tree, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestComponentsBecomeFunctionsThatDraw(t *testing.T) {
	code, err := pieces{"DrawFrame": 1, "DrawBoth": 2}.plain(generated(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"func DrawPage(out_ *templtext.Out, kids_ templtext.Children, v View) {",
		"{ DrawPage(out_, kids_, v) })",
		"DrawFrame(out_, part2, v.Title)",
		"var part3 = []any{\"lead\", templ.KV(\"own\", v.Own)}",
		"out_.Classes(part3...)",
		"templtext.Put(out_, v.Name)",
		"out_.Component(v.Extra, nil)",
		"out_.Component(Both(pair()), nil)", // two arguments by one call
		"kids_.Draw(out_)",
		"templtext.PutURL(out_, v.Href)",
		"out_.Attributes(v.Attrs)",
		"func (v View) DrawBoth(out_ *templtext.Out, kids_ templtext.Children, a, b string) {",
		"{ v.DrawBoth(out_, kids_, a, b) })",
	} {
		if !strings.Contains(string(code), want) {
			t.Errorf("there is no %s", want)
		}
	}
	for _, gone := range []string{own, "templruntime", "ctx"} {
		if strings.Contains(string(code), gone) {
			t.Errorf("there is still %s", gone)
		}
	}
	if t.Failed() {
		t.Logf("%s", code)
	}
}

func TestWhatTemplDidNotWriteBeforeIsRefused(t *testing.T) {
	for _, change := range [][2]string{
		{"templ.GetChildren(ctx)", "templ.Children(ctx)"},
		{own + "Input.Writer", own + "Input.Out"},
		{"templ.RenderAttributes(", "templ.WriteAttributes("},
		{"\treturn nil\n", "\treturn done\n"},
	} {
		code := strings.ReplaceAll(string(generated(t)), change[0], change[1])
		if plain, err := (pieces{}).plain([]byte(code)); err == nil {
			t.Errorf("with %s it is\n%s", change[1], plain)
		}
	}
}
