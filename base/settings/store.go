package settings

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/vault"
	"atrium/fault"
)

// every is how old a snapshot may be.
const every = time.Second

// A Store keeps the settings of one process. It may be used by several
// goroutines.
type Store struct {
	db      *db.DB
	vault   *vault.Vault // nil: what is sealed stays so
	log     *slog.Logger
	outside outside

	snapshot atomic.Pointer[taken]
	reading  sync.Mutex
}

// taken is a snapshot and when it was taken.
type taken struct {
	Snapshot
	at time.Time
}

// Open reads the settings for the first time. c is what is set from outside,
// already checked.
func Open(ctx context.Context, d *db.DB, v *vault.Vault, log *slog.Logger, c *config.Settings) (*Store, error) {
	s := &Store{db: d, vault: v, log: log, outside: outsideOf(c)}
	s.snapshot.Store(&taken{Snapshot: Snapshot{Settings: Defaults(), outside: s.outside, offer: Defaults().offer()}})
	return s, s.Reload(ctx)
}

// Current is what is in force: at most a second old, but while somebody else reads
// them anew it does not wait for that; and at once what this process has saved. q is how it looks when it must: the transaction in hand, or
// db.DB's Auto. While the database does not answer, it is what was last known.
func (s *Store) Current(ctx context.Context, q db.Querier) *Snapshot {
	t, now := s.snapshot.Load(), s.db.Clock().Now()
	if age := now.Sub(t.at); age >= 0 && age < every || !s.reading.TryLock() {
		return &t.Snapshot
	}
	defer s.reading.Unlock()
	if err := s.read(ctx, q); err != nil {
		s.log.ErrorContext(ctx, "the settings can't be read; those last known stay in force", "err", err)
		s.snapshot.Store(&taken{t.Snapshot, now})
	}
	return &s.snapshot.Load().Snapshot
}

// Reload reads the settings now. Call it when a change has been committed.
func (s *Store) Reload(ctx context.Context) error {
	s.reading.Lock()
	defer s.reading.Unlock()
	return s.read(ctx, s.db.Auto())
}

// read takes a snapshot.
func (s *Store) read(ctx context.Context, q db.Querier) error {
	now := s.db.Clock().Now()
	rows, err := listSections(ctx, q)
	if err != nil {
		return err
	}
	next := &taken{Snapshot{Settings: Defaults(), changes: map[string]Change{}, outside: s.outside}, now}
	for _, sec := range sections() {
		r, ok := rows[sec.row()]
		if !ok {
			continue
		}
		if err := s.decode(ctx, sec, r, &next.Settings); err != nil {
			return err
		}
		next.changes[sec.row()] = r.Change
	}
	next.offer = next.Settings.offer()
	s.snapshot.Store(next)
	return nil
}

// aad ties a sealed secret to its row.
func aad(row string) string { return "settings/" + row }

// Save writes a section, made whole, in the transaction of its audit row, and
// gives it as it was and as it is. What is wrong with it is Invalid at the
// form's fields. What changes nothing is not written. version is that of the section that the form showed: if it has
// another now, Conflict with the code Changed. by names who does it. It is in
// force once Reload was called after the commit.
func Save[S Section](ctx context.Context, tx *db.Tx, s *Store, next S, version int64, by string) (was, is S, err error) {
	was, now, err := stored[S](ctx, tx, s)
	if err != nil {
		return was, next, err
	}
	if now != version {
		return was, next, changed()
	}
	if m, ok := any(&next).(*Mail); ok {
		m.keep(any(was).(Mail))
	}
	var o outcome
	is = next.check(&o).(S)
	if err := o.Err(); err != nil {
		return was, is, err
	}
	if reflect.DeepEqual(was, is) {
		return was, is, nil
	}
	value, err := json.Marshal(is)
	if err != nil {
		return was, is, err
	}
	sealed := ""
	if m, ok := any(is).(Mail); ok && m.Password != "" {
		if sealed, err = s.vault.Seal([]byte(m.Password.Reveal()), aad(is.row())); err != nil {
			return was, is, err
		}
	}
	ok, err := upsertSection(ctx, tx, row{name: is.row(), value: string(value), sealed: sealed, Change: Change{version, tx.Now(), by}})
	if err == nil && !ok {
		err = changed()
	}
	return was, is, err
}

// stored is a section as it is in the database, and its version.
func stored[S Section](ctx context.Context, q db.Querier, s *Store) (S, int64, error) {
	all := Defaults()
	rows, err := listSections(ctx, q)
	r, ok := rows[Row[S]()]
	if err == nil && ok {
		var sec S
		err = s.decode(ctx, sec, r, &all)
	}
	return Of[S](all), r.Version, err
}

// decode puts a row into its section.
func (s *Store) decode(ctx context.Context, sec section, r row, into *Settings) error {
	if err := json.Unmarshal([]byte(r.value), sec.place(into)); err != nil {
		return fmt.Errorf("the settings %q are not readable: %w", r.name, err)
	}
	if r.sealed == "" || s.vault == nil {
		return nil
	}
	secret, err := s.vault.Open(r.sealed, aad(r.name))
	if err != nil { // the mail server will say that it lacks
		s.log.ErrorContext(ctx, "the mail server's password can't be unsealed; enter it again in the settings", "err", err)
	}
	into.Mail.Password = Secret(secret)
	return nil
}

// Changed is the code of a section that somebody else changed meanwhile.
const Changed = "settings.changed"

func changed() error {
	return fault.Conflictf("These settings were changed by someone else meanwhile. They are shown as they are now; nothing of yours was saved.").WithCode(Changed)
}
