package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
)

// own is what the names begin with that templ gives.
const own = "templ_7745c5c3_"

// plain turns what templ generated into functions that write one after the
// other. What it does not know it refuses: then templ has changed.
func (p pieces) plain(code []byte) ([]byte, error) {
	code, err := format.Source(code)
	if err != nil || !bytes.Contains(code, []byte("templruntime.GeneratedTemplate(func(")) {
		return code, err
	}
	s := string(code)
	s = regexp.MustCompile(`\n\t*if `+own+`Err != nil \{\n\t*return [^\n]*\n\t*\}`).ReplaceAllString(s, "")
	s = regexp.MustCompile(`(?s)\n(\t+)var `+own+`Var\d+ (?:string|templ\.SafeURL)\n\t+`+own+`Var\d+, `+own+`Err = (templ\.Join(?:String|URL)Errs)\((.*?)\)\n\t+_, `+own+`Err = `+own+`Buffer\.WriteString\(templ\.EscapeString\(`+own+`Var\d+\)\)`).
		ReplaceAllStringFunc(s, put)
	s = regexp.MustCompile(own+`Err = templruntime\.WriteString\(`+own+`Buffer, \d+, `).ReplaceAllString(s, "out_.Raw(")
	s = regexp.MustCompile(own+`Err = templ\.RenderAttributes\(ctx, `+own+`Buffer, `).ReplaceAllString(s, "out_.Attributes(")
	s = regexp.MustCompile(`\n\t*`+own+`Err = templ\.RenderCSSItems\([^\n]*\)`).ReplaceAllString(s, "")
	s = regexp.MustCompile(`templtext\.Put\(out_, templ\.CSSClasses\((\w+)\)\.String\(\)\)`).ReplaceAllString(s, "out_.Classes($1...)")
	if s, err = p.children(s); err != nil {
		return nil, err
	}
	if s, err = p.functions(s); err != nil {
		return nil, err
	}
	s = strings.Replace(s, "import templruntime \"github.com/a-h/templ/runtime\"\n", "import templtext \"atrium/text\"\n", 1)
	s = strings.Replace(s, "\nvar _ = templruntime.GeneratedTemplate\n", "", 1)
	s = strings.Replace(s, "//lint:file-ignore SA4006 This context is only used if a nested component is present.\n\n", "", 1)
	s = strings.ReplaceAll(s, own+"Var", "part")
	if at := strings.Index(s, own); at >= 0 {
		return nil, fmt.Errorf("templ writes what is not known here: %.200s", s[at:])
	}
	return format.Source([]byte(s))
}

// put writes a text between tags, or an address.
func put(statement string) string {
	parts := regexp.MustCompile(`(?s)\n(\t+)var .*?, ` + own + `Err = templ\.Join(String|URL)Errs\((.*)\)\n\t+_, `).FindStringSubmatch(statement)
	if parts[2] == "URL" {
		return "\n" + parts[1] + "templtext.PutURL(out_, " + parts[3] + ")"
	}
	return "\n" + parts[1] + "templtext.Put(out_, " + parts[3] + ")"
}

// Each component begins with its writer and the context. One that is a function asks
// whether somebody still waits, too.
const (
	begun  = own + "W, ctx := " + own + "Input.Writer, " + own + "Input.Context\n"
	waited = "if " + own + "CtxErr := ctx.Err(); " + own + "CtxErr != nil {\nreturn " + own + "CtxErr\n}\n"
	opened = own + "Buffer, " + own + "IsBuffer := templruntime.GetBuffer(" + own + "W)\n" +
		"if !" + own + "IsBuffer {\ndefer func() {\n" + own + "BufErr := templruntime.ReleaseBuffer(" + own + "Buffer)\n" +
		"if " + own + "Err == nil {\n" + own + "Err = " + own + "BufErr\n}\n}()\n}\nctx = templ.InitializeContext(ctx)\n"
)

// children are the components that templ makes of what stands between the braces of
// another.
func (p pieces) children(s string) (string, error) {
	first := regexp.MustCompile(`\n(\t+)(` + own + `Var\d+) := templruntime\.GeneratedTemplate\(func\([^\n]*\n`)
	for {
		at := first.FindStringSubmatchIndex(s)
		if at == nil {
			return s, nil
		}
		indent, name := s[at[2]:at[3]], s[at[4]:at[5]]
		body, rest, ok := strings.Cut(s[at[1]:], "\n"+indent+"\treturn nil\n"+indent+"})\n")
		if !ok {
			return "", fmt.Errorf("%s has no end", name)
		}
		body, ok = after(body, begun+opened)
		if !ok {
			return "", fmt.Errorf("%s begins as is not known here", name)
		}
		s = s[:at[0]] + "\n" + indent + name + " := func(out_ *templtext.Out) {\n" + body + "\n" + indent + "}\n" + rest
	}
}

// after is code without the lines it must begin with, however they are indented.
func after(code, lines string) (string, bool) {
	for line := range strings.Lines(lines) {
		first, rest, _ := strings.Cut(code, "\n")
		if strings.TrimSpace(line) != strings.TrimSpace(first) {
			return "", false
		}
		code = rest
	}
	return code, true
}

// functions are the components themselves: each becomes a function that draws, and
// one of templ's own shape that calls it.
func (p pieces) functions(s string) (string, error) {
	head := regexp.MustCompile(`(?m)^func (\([^)]*\) )?(\w+)\(([^\n]*)\) templ\.Component \{\n\treturn templruntime\.GeneratedTemplate\(func\([^\n]*\n`)
	kids := regexp.MustCompile(`^\t\t(` + own + `Var\d+) := templ\.GetChildren\(ctx\)\n\t\tif ` + own + `Var\d+ == nil \{\n\t\t\t` + own + `Var\d+ = templ\.NopComponent\n\t\t\}\n\t\tctx = templ\.ClearChildren\(ctx\)\n`)
	var b strings.Builder
	for {
		at := head.FindStringSubmatchIndex(s)
		if at == nil {
			b.WriteString(s)
			return b.String(), nil
		}
		receiver, name, params := "", s[at[4]:at[5]], s[at[6]:at[7]]
		if at[2] >= 0 {
			receiver = s[at[2]:at[3]]
		}
		body, rest, ok := strings.Cut(s[at[1]:], "\n\t\treturn nil\n\t})\n}\n")
		if !ok {
			return "", fmt.Errorf("%s has no end", name)
		}
		if body, ok = after(body+"\n", begun+waited+opened); !ok {
			return "", fmt.Errorf("%s begins as is not known here", name)
		}
		own := kids.FindStringSubmatch(body)
		if own == nil {
			return "", fmt.Errorf("%s has children as is not known here", name)
		}
		body, err := p.calls(body[len(own[0]):], own[1])
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		names, err := namesOf(params)
		if err != nil {
			return "", err
		}
		call := drawn(name)
		if receiver != "" {
			call = strings.Fields(receiver[1:])[0] + "." + call
		}
		b.WriteString(s[:at[0]])
		fmt.Fprintf(&b, "func %s%s(%s) templ.Component {\n\treturn templtext.Component(func(out_ *templtext.Out, kids_ templtext.Children) { %s(%s) })\n}\n\n",
			receiver, name, params, call, strings.Join(append([]string{"out_", "kids_"}, names...), ", "))
		fmt.Fprintf(&b, "func %s%s(out_ *templtext.Out, kids_ templtext.Children, %s) {\n%s}\n", receiver, drawn(name), params, body)
		s = rest
	}
}

// drawn is the name of the function that draws a component.
func drawn(name string) string {
	if ast.IsExported(name) {
		return "Draw" + name
	}
	return "draw" + strings.ToUpper(name[:1]) + name[1:]
}

// namesOf are the names of parameters.
func namesOf(params string) ([]string, error) {
	e, err := parser.ParseExpr("func(" + params + ")")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range e.(*ast.FuncType).Params.List {
		for _, n := range f.Names {
			names = append(names, n.Name)
		}
	}
	return names, nil
}

// calls has a component's body call the functions that draw other components,
// where they are known, in place of making those first.
func (p pieces) calls(body, children string) (string, error) {
	call := regexp.MustCompile(`(?s)\n(\t+)` + own + `Err = (.*?)\.Render\((?:ctx|templ\.WithChildren\(ctx, (\w+)\)), ` + own + `Buffer\)`)
	var failed error
	body = call.ReplaceAllStringFunc("\n"+body, func(statement string) string {
		parts := call.FindStringSubmatch(statement)
		kids := parts[3]
		if kids == "" {
			kids = "nil"
		}
		text, err := p.call(parts[2], kids, children)
		if err != nil {
			failed = err
		}
		return "\n" + parts[1] + text
	})
	return strings.TrimPrefix(body, "\n"), failed
}

func (p pieces) call(component, kids, children string) (string, error) {
	if component == children {
		return "kids_.Draw(out_)", nil
	}
	e, err := parser.ParseExpr(component)
	if err != nil {
		return "", err
	}
	c, ok := e.(*ast.CallExpr)
	if !ok {
		return "out_.Component(" + component + ", " + kids + ")", nil
	}
	at := func(p token.Pos) int { return int(p) - 1 }
	args := strings.TrimSpace(component[at(c.Lparen)+1 : at(c.Rparen)])
	if args != "" {
		args = ", " + args
	}
	// A call that gives several arguments at once, f(g()), stays as it is.
	switch fun := c.Fun.(type) {
	case *ast.Ident:
		if n, ok := p[drawn(fun.Name)]; ok && n == len(c.Args) {
			return drawn(fun.Name) + "(out_, " + kids + args + ")", nil
		}
	case *ast.SelectorExpr:
		if n, ok := p[drawn(fun.Sel.Name)]; ok && n == len(c.Args) {
			return component[:at(fun.Sel.Pos())] + drawn(fun.Sel.Name) + "(out_, " + kids + args + ")", nil
		}
	}
	return "out_.Component(" + component + ", " + kids + ")", nil
}
