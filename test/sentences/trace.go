package sentences

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A Use says how a sentence is said.
type Use uint8

// The uses of a sentence.
const (
	Plain Use = 1 << iota // by T or Word
	One                   // by N, of one thing
	Other                 // by N, of several: the plural's key
)

// A Sentence is a text that can reach the printer.
type Sentence struct {
	Text  string
	Use   Use
	Where []string // "area/login/view.go:12", in order
}

// A place is what values flow into: a variable, a parameter, a field of a
// struct, or one of a function's results.
type place struct {
	object types.Object
	result int // of a function, from 1 on; 0: the object is no function
}

// A tracer goes from the printer back to where the sentences are made.
type tracer struct {
	*program
	root  string
	known []string
	flows map[place][]ast.Expr   // what flows into a place
	calls map[place][][]ast.Expr // what functions in variables are called with
	spans map[place][]place      // whole results that flow into a place: a, b := f()
	lits  map[*ast.FuncLit][]ast.Expr
	found map[string]*Sentence
	seen  map[place]Use
	done  map[ast.Expr]Use
	todo  []func()
	lost  []string
}

// Find gives the program's sentences by their text. Where it can't tell what
// reaches the printer it fails, unless the caller knows: what is named in known
// ("base/audit/read.go Subject") holds nothing that is not said elsewhere, too.
func Find(root string, known ...string) (map[string]*Sentence, error) {
	t, err := newTracer(root, known)
	if err != nil {
		return nil, err
	}
	printer := t.pkgs["atrium/ui"].Scope().Lookup("Printer").Type()
	for name, uses := range map[string][]Use{"T": {Plain}, "Word": {Plain}, "N": {0, One, Other}} {
		m, _, _ := types.LookupFieldOrMethod(printer, false, t.pkgs["atrium/ui"], name)
		for i, use := range uses {
			if use != 0 {
				t.reach(place{object: m.(*types.Func).Signature().Params().At(i)}, use)
			}
		}
	}
	return t.trace()
}

// Kinds gives the kinds of mail that the program can write, found as sentences
// are: what can be in the Kind of a mail.Letter.
func Kinds(root string) (map[string]*Sentence, error) {
	t, err := newTracer(root, nil)
	if err != nil {
		return nil, err
	}
	pkg := t.pkgs["atrium/base/mail"]
	kind, _, _ := types.LookupFieldOrMethod(pkg.Scope().Lookup("Letter").Type(), false, pkg, "Kind")
	t.reach(place{object: kind}, Plain)
	return t.trace()
}

func newTracer(root string, known []string) (*tracer, error) {
	p, err := load(root)
	if err != nil {
		return nil, err
	}
	t := &tracer{program: p, root: root, known: known, flows: map[place][]ast.Expr{}, calls: map[place][][]ast.Expr{}, spans: map[place][]place{},
		lits: map[*ast.FuncLit][]ast.Expr{}, found: map[string]*Sentence{}, seen: map[place]Use{}, done: map[ast.Expr]Use{}}
	for _, f := range p.files {
		t.read(f)
	}
	t.join()
	return t, nil
}

// trace goes back from the places that were reached for as long as there is more.
func (t *tracer) trace() (map[string]*Sentence, error) {
	for len(t.todo) > 0 {
		next := t.todo[0]
		t.todo = t.todo[1:]
		next()
	}
	if len(t.lost) > 0 {
		slices.Sort(t.lost)
		return nil, fmt.Errorf("sentences: it can't be told what is said here:\n%s", strings.Join(slices.Compact(t.lost), "\n"))
	}
	for _, s := range t.found {
		slices.Sort(s.Where)
		s.Where = slices.Compact(s.Where)
	}
	return t.found, nil
}

// reach says that what flows into a place is said.
func (t *tracer) reach(p place, use Use) {
	if t.seen[p]&use == use {
		return
	}
	t.seen[p] |= use
	t.todo = append(t.todo, func() {
		if _, ok := p.object.(*types.Var); ok && t.left(p.object) {
			return
		}
		if f, ok := p.object.(*types.Func); ok {
			if t.pkgs[f.Pkg().Path()] == nil {
				t.lose(p.object.Pos(), "what %s gives", f.FullName())
				return
			}
			for _, m := range t.bodies(f) {
				if m != f {
					t.reach(place{m, p.result}, use)
				}
			}
		}
		if _, ok := p.object.(*types.Var); ok && len(t.flows[p]) == 0 && len(t.spans[p]) == 0 {
			t.lose(p.object.Pos(), "nothing is put into %s", p.object.Name())
		}
		for _, e := range t.flows[p] {
			t.say(e, use)
		}
		for _, from := range t.spans[p] {
			t.reach(from, use)
		}
	})
}

// say finds the sentences in an expression that reaches the printer.
func (t *tracer) say(e ast.Expr, use Use) {
	e = ast.Unparen(e)
	if t.done[e]&use == use {
		return
	}
	t.done[e] |= use
	if v := t.info.Types[e].Value; v != nil {
		t.note(e.Pos(), v, use)
		return
	}
	switch e := e.(type) {
	case *ast.Ident:
		t.name(e, e, use)
	case *ast.SelectorExpr:
		t.name(e, e.Sel, use)
	case *ast.IndexExpr:
		t.say(e.X, use)
	case *ast.SliceExpr:
		t.say(e.X, use)
	case *ast.StarExpr:
		t.say(e.X, use)
	case *ast.FuncLit:
		for _, r := range t.lits[e] {
			t.say(r, use)
		}
	case *ast.CompositeLit:
		t.elements(e, use)
	case *ast.CallExpr:
		t.result(e, use)
	default:
		t.lose(e.Pos(), "%T", e)
	}
}

func (t *tracer) note(at token.Pos, v constant.Value, use Use) {
	if v.Kind() != constant.String || constant.StringVal(v) == "" {
		return
	}
	text := constant.StringVal(v)
	if t.found[text] == nil {
		t.found[text] = &Sentence{Text: text}
	}
	t.found[text].Use |= use
	t.found[text].Where = append(t.found[text].Where, t.where(at))
}

// name follows a variable, a field or a function by its name.
func (t *tracer) name(e ast.Expr, id *ast.Ident, use Use) {
	switch o := t.object(id).(type) {
	case *types.Var:
		if t.pkgs[o.Pkg().Path()] == nil {
			t.lose(e.Pos(), "a variable of %s", o.Pkg().Path())
			return
		}
		t.reach(place{object: o.Origin()}, use)
	case *types.Func:
		t.reach(place{o.Origin(), 1}, use)
	case *types.Nil:
	default:
		t.lose(e.Pos(), "the name %s", id.Name)
	}
}

// elements follows what is in a list or a map; structs are followed by their fields.
func (t *tracer) elements(lit *ast.CompositeLit, use Use) {
	if _, ok := t.info.TypeOf(lit).Underlying().(*types.Struct); ok {
		return
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		t.say(e, use)
	}
}

// result follows what a call gives.
func (t *tracer) result(call *ast.CallExpr, use Use) {
	if t.info.Types[call.Fun].IsType() { // a conversion
		t.say(call.Args[0], use)
		return
	}
	f := t.callee(call)
	switch {
	case f == nil:
		t.called(call, use)
	case f.FullName() == "cmp.Or":
		for _, a := range call.Args {
			t.say(a, use)
		}
	default:
		t.reach(place{f, 1}, use)
	}
}

// called follows a call of a built-in function, a variable or a literal.
func (t *tracer) called(call *ast.CallExpr, use Use) {
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if _, ok := t.info.Uses[id].(*types.Builtin); ok {
			for _, a := range call.Args {
				t.say(a, use)
			}
			return
		}
	}
	t.say(call.Fun, use)
}

func (t *tracer) lose(at token.Pos, what string, args ...any) {
	t.lost = append(t.lost, t.where(at)+": "+fmt.Sprintf(what, args...))
}

// left tells whether the caller knows what is in a variable.
func (t *tracer) left(o types.Object) bool {
	file, _, _ := strings.Cut(t.where(o.Pos()), ":")
	return slices.Contains(t.known, file+" "+o.Name())
}

func (t *tracer) where(at token.Pos) string {
	p := t.set.Position(at)
	return strings.TrimPrefix(p.Filename, t.root+"/") + fmt.Sprintf(":%d", p.Line)
}
