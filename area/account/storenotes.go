package account

import (
	"context"
	"math"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
)

const noteColumns = `id, staff_id, staff_name, text, pinned, created_at, edited_at, version`

func scanNote(r db.Row) (Note, error) {
	var n Note
	err := r.Scan(&n.ID, &n.Staff, &n.Name, &n.Text, &n.Pinned, db.Time(&n.Created), db.Time(&n.Edited), &n.Version)
	return n, err
}

func listNotes(ctx context.Context, q db.Querier, account id.Account, after NoteMark, limit int) ([]Note, error) {
	if after == (NoteMark{}) {
		after = NoteMark{true, math.MaxInt64}
	}
	return db.All(ctx, q, scanNote, `SELECT `+noteColumns+` FROM account_notes
		WHERE account_id = $1 AND (pinned, id) < ($2, $3) ORDER BY pinned DESC, id DESC LIMIT $4`, account, after.Pinned, after.ID, limit)
}

func findNote(ctx context.Context, q db.Querier, account id.Account, n NoteID) (Note, error) {
	return db.One(ctx, q, scanNote, `SELECT `+noteColumns+` FROM account_notes WHERE account_id = $1 AND id = $2`, account, n)
}

func insertNote(ctx context.Context, tx *db.Tx, account id.Account, n Note) error {
	return tx.ExecOne(ctx, `INSERT INTO account_notes (account_id, id, staff_id, staff_name, text, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		account, n.ID, n.Staff, n.Name, n.Text, n.Created)
}

func updateNoteText(ctx context.Context, tx *db.Tx, account id.Account, n NoteID, by access.StaffID, text string, version int64) (int64, error) {
	return tx.Exec(ctx, `UPDATE account_notes SET text = $1, edited_at = $2, version = version + 1
		WHERE account_id = $3 AND id = $4 AND staff_id = $5 AND version = $6`, text, tx.Now(), account, n, by, version)
}

func updateNotePinned(ctx context.Context, tx *db.Tx, account id.Account, n NoteID, pinned bool) (int64, error) {
	return tx.Exec(ctx, `UPDATE account_notes SET pinned = $1 WHERE account_id = $2 AND id = $3 AND pinned <> $1`, pinned, account, n)
}

func deleteNote(ctx context.Context, tx *db.Tx, account id.Account, n NoteID, by access.StaffID, version int64) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM account_notes WHERE account_id = $1 AND id = $2 AND staff_id = $3 AND version = $4`, account, n, by, version)
}
