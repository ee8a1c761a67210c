package db

import (
	"context"

	"atrium/base/id"
)

// Scoped is what names the account of a Write: a proof.
type Scoped interface{ Account() id.Account }

// Write runs fn in a transaction on in's account. The rows named by locks are
// locked first, then the account's, so that one account has one writer at a
// time. Account 0, which is none, is not locked.
//
// fn may run again, so it must have no effect outside the database. If it
// returns an error, nothing is kept and Write returns that error. Errors of the
// database itself are fault.Conflict for what is there already and
// fault.Unavailable for what may work later; the latter also when the COMMIT
// was not answered, and then it is not known whether it was kept.
func (d *DB) Write(ctx context.Context, in Scoped, fn func(*Tx) error, locks ...Lock) error {
	return d.transact(ctx, plan{account: in.Account(), locks: locks}, fn)
}

// WriteGlobal is Write for users, staff and settings, and for a new account,
// whose row its own insert locks.
func (d *DB) WriteGlobal(ctx context.Context, lock Lock, fn func(*Tx) error) error {
	return d.transact(ctx, plan{locks: []Lock{lock}}, fn)
}

// Read runs fn on a snapshot: all its queries see one state. A write in it
// fails. Like Write's, fn may run again.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	return d.transact(ctx, plan{readOnly: true}, fn)
}

// A plan is what a transaction begins with.
type plan struct {
	readOnly bool
	whole    bool // works on the whole database, for as long as it takes
	account  id.Account
	locks    []Lock
}

// transact attempts until it is done, hopeless or too late. A duplicate key is
// answered by one more run with ids from elsewhere, because a fresh id may have
// met another process's.
func (d *DB) transact(ctx context.Context, p plan, fn func(*Tx) error) error {
	var r retry
	duplicates := 0
	for {
		err := d.attempt(ctx, p, fn)
		switch m := meaningOf(err); {
		case err == nil:
			return nil
		case m == duplicate && duplicates == 0:
			duplicates++
			d.ids.Leap()
		case m.again() && r.wait(ctx):
			d.log.WarnContext(ctx, "transaction runs again", "try", r.tries, "error", err)
		default:
			return err
		}
	}
}

// attempt runs the transaction once.
func (d *DB) attempt(ctx context.Context, p plan, fn func(*Tx) error) (err error) {
	s, err := d.engine.begin(ctx, p)
	if err != nil {
		return translate(ctx, "BEGIN", err)
	}
	tx := &Tx{d: d, s: s, readOnly: p.readOnly, whole: p.whole}
	committing := false
	defer func() {
		if committing {
			return
		}
		if unseen := s.rollback(meaningOf(tx.broken) == readOnly); unseen != nil { // also when fn panics
			err = translate(ctx, "ROLLBACK", unseen)
		}
	}()
	if err := tx.lock(ctx, p); err != nil {
		return err
	}
	tx.now = d.clock.Now()
	err = fn(tx)
	if tx.broken != nil && (err == nil || meaningOf(tx.broken).again()) {
		return tx.broken // whatever fn made of it
	}
	if err != nil || p.readOnly {
		return err
	}
	if err := d.hook.before("COMMIT"); err != nil {
		return err
	}
	committing = true
	err = s.commit()
	if err == nil {
		err = d.hook.committed()
	}
	if err != nil {
		return translate(ctx, "COMMIT", err)
	}
	for _, fn := range tx.after {
		fn()
	}
	return nil
}
