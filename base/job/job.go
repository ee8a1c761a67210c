package job

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// Args are what a job is about. They are kept as JSON, readable by whoever
// reads the database: ids, never secrets.
type Args interface {
	// Kind names the work, "billing.charge". It depends on the type only and
	// is never renamed while rows of it may be waiting.
	Kind() string
}

type row struct{}

// ID is the id of a job's row.
type ID = id.ID[row]

// Jobs are the work of one process on one database. On, OnLane, Every and Hear
// come before Run.
type Jobs struct {
	db      *db.DB
	log     *slog.Logger
	workers map[string]worker
	heard   map[string][]string // a fact's kind -> the kinds of its subscribers' rows
	lanes   []*lane
	claim   string        // the SQL that claims
	lease   time.Duration // how long a claim holds without being renewed
	poll    time.Duration // how often another process' work is looked for
	grace   time.Duration // how long jobs in hand may go on once Run is told to stop
}

type worker struct {
	lane  *lane
	every time.Duration // 0: not periodic
	do    func(ctx context.Context, args string) error
}

// A lane is a queue with workers of its own.
type lane struct {
	name    string
	workers int
	wake    chan struct{}
	open    func(context.Context) bool // nil: always
	pace    *pace                      // nil: as fast as it can
	again   *time.Timer                // when to look again, of a lane that must wait
}

// ringIn rings a while later. The shift alone calls it.
func (l *lane) ringIn(d time.Duration) {
	if l.again != nil {
		l.again.Stop()
	}
	l.again = time.AfterFunc(d, l.ring)
}

func (l *lane) ring() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// mainWorkers is how many jobs one process does at once, besides those of
// lanes of their own.
const mainWorkers = 8

// New makes the jobs of one process. They do nothing before Run or Drain.
func New(d *db.DB, log *slog.Logger) *Jobs {
	j := &Jobs{
		db: d, log: log,
		workers: map[string]worker{},
		heard:   map[string][]string{},
		claim:   claimSQL(d.SkipLocked()),
		lease:   30 * time.Second,
		poll:    time.Second,
		grace:   30 * time.Second,
	}
	j.lane("", mainWorkers)
	return j
}

func (j *Jobs) lane(name string, workers int) *lane {
	for _, l := range j.lanes {
		if l.name == name {
			return l
		}
	}
	l := &lane{name: name, workers: workers, wake: make(chan struct{}, 1)}
	j.lanes = append(j.lanes, l)
	return l
}

// On registers the worker of a kind. A kind has one worker: a second panics.
func On[A Args](j *Jobs, fn func(context.Context, A) error) {
	j.register(kindOf[A](), worker{lane: j.lane("", mainWorkers), do: decoded(fn)})
}

// OnLane is On for work that may be slow in numbers, such as mail: it has its
// own few workers, so that it holds up nothing else. A lane without workers
// lets its jobs wait.
func OnLane[A Args](j *Jobs, name string, workers int, fn func(context.Context, A) error) {
	j.register(kindOf[A](), worker{lane: j.lane(name, workers), do: decoded(fn)})
}

// While lets a lane's jobs wait as long as open says no: it is asked each time
// before work is looked for, in this process, and so it must be quick.
func While(j *Jobs, name string, open func(context.Context) bool) {
	j.lane(name, mainWorkers).open = open
}

// Every registers work done once in each stretch of time, whichever process
// does it, and first as soon as possible. When it fails it is tried again after
// a while, at the latest when it would be due anyway.
func Every(j *Jobs, kind string, every time.Duration, fn func(context.Context) error) {
	do := func(ctx context.Context, _ string) error { return fn(ctx) }
	j.register(kind, worker{lane: j.lane("", mainWorkers), every: every, do: do})
}

// Hear registers a subscriber of a fact. Its name is never changed while rows
// of it may be waiting.
func Hear[F Args](j *Jobs, subscriber string, fn func(ctx context.Context, fact F) error) {
	fact := kindOf[F]()
	kind := fact + ">" + subscriber
	j.register(kind, worker{lane: j.lane("", mainWorkers), do: decoded(fn)})
	j.heard[fact] = append(j.heard[fact], kind)
}

func (j *Jobs) register(kind string, w worker) {
	if _, ok := j.workers[kind]; ok {
		panic("job: two workers for " + kind)
	}
	j.workers[kind] = w
}

func kindOf[A Args]() string {
	var a A
	return a.Kind()
}

func decoded[A Args](fn func(context.Context, A) error) func(context.Context, string) error {
	return func(ctx context.Context, args string) error {
		var a A
		if err := json.Unmarshal([]byte(args), &a); err != nil {
			return Fatal(fmt.Errorf("reading the arguments: %w", err))
		}
		return fn(ctx, a)
	}
}

// An Option changes how a job is enqueued.
type Option func(*entry)

// At lets a job wait until t.
func At(t time.Time) Option { return func(e *entry) { e.due = t } }

// Unique adds nothing when a job of the same kind and key waits for its first
// attempt; the earlier of the two times then counts. One that has begun does
// not stand in the way: it may have read the state before this change.
func Unique(key string) Option { return func(e *entry) { e.key = key } }

// Enqueue asks for a job. It will be done if and only if the transaction
// commits. A kind without a worker is an error.
func (j *Jobs) Enqueue(ctx context.Context, tx *db.Tx, a Args, opts ...Option) error {
	return j.add(ctx, tx, a.Kind(), a, opts...)
}

// Tell writes a fact: one job for each of its subscribers, none when nobody
// hears it.
func (j *Jobs) Tell(ctx context.Context, tx *db.Tx, fact Args) error {
	for _, kind := range j.heard[fact.Kind()] {
		if err := j.add(ctx, tx, kind, fact); err != nil {
			return err
		}
	}
	return nil
}

func (j *Jobs) add(ctx context.Context, tx *db.Tx, kind string, a Args, opts ...Option) error {
	w, ok := j.workers[kind]
	if !ok {
		return fmt.Errorf("job: %s has no worker", kind)
	}
	args, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("job: writing the arguments of %s: %w", kind, err)
	}
	e := entry{lane: w.lane.name, kind: kind, args: string(args), due: tx.Now()}
	for _, o := range opts {
		o(&e)
	}
	if err := insertJob(ctx, tx, e); err != nil {
		return err
	}
	tx.AfterCommit(w.lane.ring)
	return nil
}

// A Failure is a job that was given up.
type Failure struct {
	ID    ID
	Kind  string
	Error string // of the last try
	At    time.Time
}

// Failed lists the jobs that were given up, latest first, at most 100.
func (j *Jobs) Failed(ctx context.Context) ([]Failure, error) {
	return listFailed(ctx, j.db.Auto())
}

// ParseID reads what ID's String writes.
func ParseID(s string) (ID, bool) { return id.Parse[row](s) }

// RunAgain gives a failed job its tries back and makes it due at once. It tells
// what had failed, and is NotFound when the job has not.
func (j *Jobs) RunAgain(ctx context.Context, tx *db.Tx, id ID) (Failure, error) {
	f, err := findFailed(ctx, tx, id)
	if err != nil {
		return f, err
	}
	if err := updateRunAgain(ctx, tx, id); err != nil {
		return f, err
	}
	for _, l := range j.lanes {
		tx.AfterCommit(l.ring)
	}
	return f, nil
}
