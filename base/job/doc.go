// Package job does work outside the transaction that asked for it: now, later,
// again until it succeeds, or every so often.
//
// A job is asked for inside a transaction and nowhere else, so it is there
// exactly when what caused it is. Its arguments are a small struct, kept as
// JSON; its worker is a function registered with On before Run. A fact is a job
// that others hear: Tell writes one row for each subscriber registered with
// Hear.
//
// There is no scheduler and no leader. Every process looks for due rows, and
// whoever claims one moves its run_at into the future: that is the lease. Long
// work renews it; a process that dies lets it run out, and the row is due
// again. A claim counts attempt up, and what is written at the end names that
// attempt, so a worker that was taken for dead can't finish somebody else's
// claim. Work is therefore done at least once: every worker must be safe to
// repeat, and what leaves the process carries a key that makes it so.
//
// A worker whose last step is a transaction can end its job in it, by Done, which
// claims the next one for it, too.
//
// A worker that fails is tried again, later and later, for about a day; then
// the row stays as failed, with its error, until somebody runs it again. What a
// worker returns goes into the row: never put a secret into an error.
//
// Periodic work is a row that never goes away: once in effect, however many
// processes run.
//
// When something is due is decided by the database's clock; how long a worker
// has been running, and when to look again, by real time.
package job
