package sentences

import (
	"go/ast"
	"go/token"
	"go/types"
)

// read notes what flows where in a file.
func (t *tracer) read(f *ast.File) {
	var around []ast.Node
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil {
			around = around[:len(around)-1]
			return true
		}
		around = append(around, n)
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok == token.ASSIGN || n.Tok == token.DEFINE || n.Tok == token.ADD_ASSIGN {
				t.assign(n.Lhs, n.Rhs)
			}
		case *ast.ValueSpec:
			var names []ast.Expr
			for _, name := range n.Names {
				names = append(names, name)
			}
			t.assign(names, n.Values)
		case *ast.RangeStmt:
			if n.Value != nil {
				t.flow(n.Value, n.X)
			} else if n.Key != nil && isText(t.info.TypeOf(n.Key)) { // of a sequence
				t.flow(n.Key, n.X)
			}
		case *ast.CompositeLit:
			t.fill(n)
		case *ast.CallExpr:
			t.call(n)
		case *ast.ReturnStmt:
			t.give(n, around)
		}
		return true
	})
}

func (t *tracer) assign(left, right []ast.Expr) {
	if len(left) == len(right) {
		for i := range left {
			t.flow(left[i], right[i])
		}
		return
	}
	if len(right) != 1 {
		return
	}
	if call, ok := ast.Unparen(right[0]).(*ast.CallExpr); ok {
		if f := t.callee(call); f != nil {
			for i := range left {
				if to, ok := t.place(left[i]); ok {
					t.spans[to] = append(t.spans[to], place{f, i + 1})
				}
			}
		}
		return
	}
	t.flow(left[0], right[0]) // v, ok := m[k]
}

func (t *tracer) flow(to, from ast.Expr) {
	if p, ok := t.place(to); ok {
		t.flows[p] = append(t.flows[p], from)
	}
}

// place is what an expression names: of m[k], s[i] and *p the whole.
func (t *tracer) place(e ast.Expr) (place, bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if v, ok := t.object(e).(*types.Var); ok {
			return place{object: v.Origin()}, true
		}
	case *ast.SelectorExpr:
		if v, ok := t.object(e.Sel).(*types.Var); ok {
			return place{object: v.Origin()}, true
		}
	case *ast.IndexExpr:
		return t.place(e.X)
	case *ast.StarExpr:
		return t.place(e.X)
	}
	return place{}, false
}

func (t *tracer) object(id *ast.Ident) types.Object {
	if o := t.info.Defs[id]; o != nil {
		return o
	}
	return t.info.Uses[id]
}

// fill notes what a literal puts into its fields. The elements of lists and
// maps flow with the whole.
func (t *tracer) fill(lit *ast.CompositeLit) {
	typ := t.info.TypeOf(lit)
	if p, ok := typ.Underlying().(*types.Pointer); ok {
		typ = p.Elem()
	}
	if named, ok := types.Unalias(typ).(*types.Named); ok {
		typ = named.Origin()
	}
	s, ok := typ.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			t.flow(kv.Key, kv.Value)
			continue
		}
		t.flows[place{object: s.Field(i).Origin()}] = append(t.flows[place{object: s.Field(i).Origin()}], e)
	}
}

// call notes what a call puts into its function's parameters, or into those of
// every method that an interface's may be.
func (t *tracer) call(call *ast.CallExpr) {
	f := t.callee(call)
	if f == nil {
		if p, ok := t.place(call.Fun); ok {
			t.calls[p] = append(t.calls[p], call.Args)
		}
		return
	}
	for _, m := range t.bodies(f) {
		t.pass(m.Signature(), call.Args)
	}
}

func (t *tracer) pass(to *types.Signature, args []ast.Expr) {
	for i, arg := range args {
		if i >= to.Params().Len() && !to.Variadic() {
			return // f(g()) of several results
		}
		p := place{object: to.Params().At(min(i, to.Params().Len()-1))}
		t.flows[p] = append(t.flows[p], arg)
	}
}

// join notes what calls of variables put into the functions that are in them.
func (t *tracer) join() {
	for p, calls := range t.calls {
		for _, f := range t.flows[p] {
			if to, ok := t.info.TypeOf(f).(*types.Signature); ok {
				for _, args := range calls {
					t.pass(to, args)
				}
			}
		}
	}
}

// callee is the function that a call calls, if it is known by name.
func (t *tracer) callee(call *ast.CallExpr) *types.Func {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var id *ast.Ident
	switch x := fun.(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return nil
	}
	f, _ := t.info.Uses[id].(*types.Func)
	if f == nil {
		return nil
	}
	return f.Origin()
}

// bodies are the functions that a call of f may run: f, or the methods of the
// module's own types that fit the interface f is of.
func (t *tracer) bodies(f *types.Func) []*types.Func {
	recv := f.Signature().Recv()
	if recv == nil {
		return []*types.Func{f}
	}
	iface, ok := recv.Type().Underlying().(*types.Interface)
	if !ok {
		return []*types.Func{f}
	}
	var all []*types.Func
	for _, pkg := range t.pkgs {
		for _, name := range pkg.Scope().Names() {
			n, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok || types.IsInterface(n.Type()) || !types.Implements(n.Type(), iface) && !types.Implements(types.NewPointer(n.Type()), iface) {
				continue
			}
			if m, _, _ := types.LookupFieldOrMethod(n.Type(), true, f.Pkg(), f.Name()); m != nil {
				all = append(all, m.(*types.Func).Origin())
			}
		}
	}
	return all
}

// give notes what a function returns.
func (t *tracer) give(ret *ast.ReturnStmt, around []ast.Node) {
	for i := len(around) - 1; i >= 0; i-- {
		switch f := around[i].(type) {
		case *ast.FuncLit:
			t.lits[f] = append(t.lits[f], ret.Results...)
			return
		case *ast.FuncDecl:
			fn := t.info.Defs[f.Name].(*types.Func)
			results := fn.Signature().Results()
			if len(ret.Results) != results.Len() {
				t.hand(fn, ret)
				return
			}
			for n, e := range ret.Results {
				t.flows[place{fn, n + 1}] = append(t.flows[place{fn, n + 1}], e)
			}
			return
		}
	}
}

// hand notes the results of `return f()` and of named results.
func (t *tracer) hand(fn *types.Func, ret *ast.ReturnStmt) {
	results := fn.Signature().Results()
	for n := range results.Len() {
		to := place{fn, n + 1}
		if len(ret.Results) == 0 {
			t.spans[to] = append(t.spans[to], place{object: results.At(n)})
		} else if call, ok := ast.Unparen(ret.Results[0]).(*ast.CallExpr); ok && t.callee(call) != nil {
			t.spans[to] = append(t.spans[to], place{t.callee(call), n + 1})
		}
	}
}

func isText(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}
