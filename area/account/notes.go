package account

import (
	"context"
	"embed"
	"strings"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// Schema holds the migration of notes.
//
//go:embed schema/*.sql
var Schema embed.FS

// MostNote is how long a note may be, in characters.
const MostNote = 4000

// NoteID is the id of a note within its account.
type NoteID = id.ID[Note]

// A Note is what somebody of the staff wrote about an account for the others. It
// is never shown to the account's members, and neither is that it exists: the
// audit of notes is of no account.
type Note struct {
	ID      NoteID
	Staff   access.StaffID // who wrote it
	Name    string         // theirs, when they did
	Text    string
	Pinned  bool
	Created time.Time
	Edited  time.Time // zero: never
	Version int64
}

// A NoteMark is a place in the order of notes: the pinned ones, then the others,
// of each the newest first.
type NoteMark struct {
	Pinned bool
	ID     NoteID
}

// Notes is one page of an account's notes, and where the next begins.
type Notes struct {
	List []Note
	Next NoteMark // zero: there are no more
}

const notesAtOnce = 30

// Notes lists the account's notes after a mark; the zero one is the beginning.
func (a *Account) Notes(ctx context.Context, in access.StaffOn[access.SeeAccounts], after NoteMark) (Notes, error) {
	list, err := listNotes(ctx, a.db.Auto(), in.Account(), after, notesAtOnce+1)
	if err != nil || len(list) <= notesAtOnce {
		return Notes{List: list}, err
	}
	last := list[notesAtOnce-1]
	return Notes{list[:notesAtOnce], NoteMark{last.Pinned, last.ID}}, nil
}

// AddNote writes a note.
func (a *Account) AddNote(ctx context.Context, in access.StaffOn[access.EditAccounts], text string) error {
	text, err := noteText(text)
	if err != nil {
		return err
	}
	return a.noting(ctx, in, "note.added", func(tx *db.Tx) error {
		if _, err := access.FindCard(ctx, tx, in.Account()); err != nil {
			return err
		}
		return insertNote(ctx, tx, in.Account(), Note{ID: db.NewID[Note](tx), Staff: in.Person().ID, Name: in.Person().Name, Text: text, Created: tx.Now()})
	})
}

// OwnNote finds a note to be changed, NotFound unless this person wrote it.
func (a *Account) OwnNote(ctx context.Context, in access.StaffOn[access.EditAccounts], n NoteID) (Note, error) {
	note, err := findNote(ctx, a.db.Auto(), in.Account(), n)
	if err == nil && note.Staff != in.Person().ID {
		return Note{}, fault.NotFoundf("Only the person who wrote a note can change it.")
	}
	return note, err
}

// EditNote changes the text of one's own note, in the version that was seen:
// Conflict otherwise, NotFound if it is gone.
func (a *Account) EditNote(ctx context.Context, in access.StaffOn[access.EditAccounts], n NoteID, text string, version int64) error {
	text, err := noteText(text)
	if err != nil {
		return err
	}
	return a.noting(ctx, in, "note.edited", func(tx *db.Tx) error {
		changed, err := updateNoteText(ctx, tx, in.Account(), n, in.Person().ID, text, version)
		return changedNote(ctx, tx, in.Account(), n, changed, err)
	})
}

// PinNote puts a note, of anybody, before the others, or back among them. It is
// Conflict when it is so already.
func (a *Account) PinNote(ctx context.Context, in access.StaffOn[access.EditAccounts], n NoteID, pinned bool) error {
	action := "note.unpinned"
	if pinned {
		action = "note.pinned"
	}
	return a.noting(ctx, in, action, func(tx *db.Tx) error {
		changed, err := updateNotePinned(ctx, tx, in.Account(), n, pinned)
		return changedNote(ctx, tx, in.Account(), n, changed, err)
	})
}

// DeleteNote deletes one's own note, in the version that was seen: Conflict
// otherwise.
func (a *Account) DeleteNote(ctx context.Context, in access.StaffOn[access.EditAccounts], n NoteID, version int64) error {
	return a.noting(ctx, in, "note.deleted", func(tx *db.Tx) error {
		changed, err := deleteNote(ctx, tx, in.Account(), n, in.Person().ID, version)
		return changedNote(ctx, tx, in.Account(), n, changed, err)
	})
}

// noting writes to the notes and says so in the audit of no account, by the
// account's number: its members read their own account's audit.
func (a *Account) noting(ctx context.Context, in access.StaffOn[access.EditAccounts], action string, fn func(*db.Tx) error) error {
	return a.db.Write(ctx, in, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: action, Subject: in.Account().String()})
	})
}

func noteText(text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	switch n := len([]rune(text)); {
	case n == 0:
		return "", fault.FieldErr("text", "note.empty", "Write something.")
	case n > MostNote:
		return "", fault.FieldErr("text", "note.long", "Shorten the note to %d characters.", MostNote)
	}
	return text, nil
}

// changedNote tells of a note that was not changed why: it is not there
// (NotFound), or not as it was seen (Conflict).
func changedNote(ctx context.Context, tx *db.Tx, account id.Account, n NoteID, changed int64, err error) error {
	if err != nil || changed > 0 {
		return err
	}
	if _, err := findNote(ctx, tx, account, n); err != nil {
		return err
	}
	return fault.Conflictf("This note was changed meanwhile, or is not yours. Reload the page.").WithCode("note.changed")
}
