package staff

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/job"
	"atrium/fault"
)

// Overview is how the whole is doing: work that failed, and what happened month
// by month.
type Overview struct {
	db   *db.DB
	jobs *job.Jobs
}

// NewOverview makes it and registers its job.
func NewOverview(d *db.DB, j *job.Jobs) *Overview {
	job.Every(j, "staff.tally", time.Hour, func(ctx context.Context) error { return audit.CountDays(ctx, d, charted()) })
	return &Overview{d, j}
}

// charted lists the actions that the charts count.
func charted() []string {
	return []string{"account.opened", "member.login", "invitation.sent", "invitation.accepted"}
}

// months is how many the charts show.
const months = 12

// A Year is how often things were done in each of the last twelve months in UTC,
// the present one last.
type Year struct {
	First  time.Time          // when the first month began
	Counts map[string][]int64 // of each action
}

// Year counts what the charts show.
func (o *Overview) Year(ctx context.Context, _ access.Staff[access.SeeAccounts]) (y Year, err error) {
	y.First, y.Counts, err = audit.ByMonth(ctx, o.db, charted(), months)
	return y, err
}

// Failed lists the jobs that were given up, the latest first, a hundred at most.
func (o *Overview) Failed(ctx context.Context, _ access.Staff[access.SeeAccounts]) ([]job.Failure, error) {
	return o.jobs.Failed(ctx)
}

// RunAgain gives a job that was given up its tries back. It is Conflict when the
// job has not failed, or not any more.
func (o *Overview) RunAgain(ctx context.Context, in access.Staff[access.RunJobs], key job.ID) error {
	return o.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		f, err := o.jobs.RunAgain(ctx, tx, key)
		if fault.Is(err, fault.NotFound) {
			return fault.Conflictf("This work is not among what failed any more: it was run again meanwhile.").WithCode("job.state")
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "job.again", Subject: f.Kind, Before: f.Error})
	})
}
