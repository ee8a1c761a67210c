package account

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

type notesView struct {
	Base   string // of the record
	Notes  []Note
	Writes bool           // whether this person may write notes
	Person access.StaffID // who this is
	Typed  string
	Older  string // "": there are no more
	Newest string // "": this is the first page
	Err    error
}

type noteView struct {
	Base string
	Note
	Err error
}

func (v noteView) path(rest string) string { return v.Base + "/notes/" + v.ID.String() + rest }

func (v noteView) version() string { return strconv.FormatInt(v.Version, 10) }

func (m NoteMark) String() string {
	if m.Pinned {
		return "p" + m.ID.String()
	}
	return m.ID.String()
}

// noteMark reads what String writes; what is none is the beginning.
func noteMark(s string) NoteMark {
	text, pinned := strings.CutPrefix(s, "p")
	if len(s) == len(NoteID(0).String()) {
		text, pinned = s, false // an id may begin so
	}
	n, ok := id.Parse[Note](text)
	if !ok {
		return NoteMark{}
	}
	return NoteMark{pinned, n}
}

func (s Staff) notes(q *web.Request, in seeing) (web.Reply, error) {
	return s.notesPage(q, in, notesView{Writes: in.Person().Role.Holds(access.NameEditAccounts)})
}

// notesPage draws the notes, with what was typed of a new one.
func (s Staff) notesPage(q *web.Request, in seeing, v notesView) (web.Reply, error) {
	after := noteMark(q.Query("after"))
	found, err := s.Account.Notes(q.Context(), in, after)
	if err != nil {
		return nil, err
	}
	v.Base, v.Notes, v.Person = recordBase(in.Account()), found.List, in.Person().ID
	if after != (NoteMark{}) {
		v.Newest = v.Base + "/notes"
	}
	if found.Next != (NoteMark{}) {
		v.Older = v.Base + "/notes?after=" + found.Next.String()
	}
	return web.Page{Title: q.Printer().T("Notes"), Err: v.Err, Body: func(f ui.Frame) templ.Component { return notesPage(f, v) }}, nil
}

func (s Staff) addNote(q *web.Request, in editing) (web.Reply, error) {
	form, err := q.Form("text")
	if err != nil {
		return nil, err
	}
	err = s.Account.AddNote(q.Context(), in, form.Raw("text"))
	if fault.Is(err, fault.Invalid) {
		return s.notesPage(q, access.ToSee(in), notesView{Writes: true, Typed: form.Raw("text"), Err: err})
	}
	if err != nil {
		return nil, err
	}
	return web.Done(recordBase(in.Account())+"/notes", q.Printer().T("The note is saved.")), nil
}

// own finds the note in the path, which this person wrote.
func (s Staff) own(q *web.Request, in editing) (Note, error) {
	n, err := web.ID[Note](q, "note")
	if err != nil {
		return Note{}, err
	}
	return s.Account.OwnNote(q.Context(), in, n)
}

func (s Staff) askEditNote(q *web.Request, in editing) (web.Reply, error) {
	n, err := s.own(q, in)
	if err != nil {
		return nil, err
	}
	return editNotePage(q, noteView{Base: recordBase(in.Account()), Note: n})
}

func editNotePage(q *web.Request, v noteView) (web.Reply, error) {
	return web.Page{Title: q.Printer().T("Edit note"), Err: v.Err, Body: func(f ui.Frame) templ.Component { return notePage(f, v) }}, nil
}

func (s Staff) editNote(q *web.Request, in editing) (web.Reply, error) {
	form, err := q.Form("text", "version")
	if err != nil {
		return nil, err
	}
	n, err := s.own(q, in)
	if err != nil {
		return nil, err
	}
	err = s.Account.EditNote(q.Context(), in, n.ID, form.Raw("text"), version(form))
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		n.Text = form.Raw("text")
		return editNotePage(q, noteView{Base: recordBase(in.Account()), Note: n, Err: err})
	}
	if err != nil {
		return nil, err
	}
	return web.Done(recordBase(in.Account())+"/notes", q.Printer().T("The note is saved.")), nil
}

func (s Staff) pinNote(q *web.Request, in editing) (web.Reply, error) {
	form, err := q.Form("pinned")
	if err != nil {
		return nil, err
	}
	n, err := web.ID[Note](q, "note")
	if err != nil {
		return nil, err
	}
	pinned, said := form.Text("pinned") == "yes", q.Printer().T("The note is no longer pinned.")
	if pinned {
		said = q.Printer().T("The note is pinned.")
	}
	if err := s.Account.PinNote(q.Context(), in, n, pinned); err != nil {
		return nil, err
	}
	return web.Done(recordBase(in.Account())+"/notes", said), nil
}

func (s Staff) askDeleteNote(q *web.Request, in editing) (web.Reply, error) {
	n, err := s.own(q, in)
	if err != nil {
		return nil, err
	}
	v := noteView{Base: recordBase(in.Account()), Note: n}
	return web.Page{Title: q.Printer().T("Delete note"), Body: func(f ui.Frame) templ.Component { return deleteNotePage(f, v) }}, nil
}

func (s Staff) deleteNote(q *web.Request, in editing) (web.Reply, error) {
	form, err := q.Form("version")
	if err != nil {
		return nil, err
	}
	n, err := web.ID[Note](q, "note")
	if err != nil {
		return nil, err
	}
	if err := s.Account.DeleteNote(q.Context(), in, n, version(form)); err != nil {
		return nil, err
	}
	return web.Done(recordBase(in.Account())+"/notes", q.Printer().T("The note is deleted.")), nil
}
