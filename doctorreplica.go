package atrium

import (
	"context"
	"slices"
	"time"

	"atrium/base/db"
)

// followTime is how long a replica may take to follow to what the primary has
// when the doctor asks.
const followTime = 3 * time.Second

// replica looks at what ATRIUM_DATABASE_READ_URL names. Atrium works without it,
// so nothing here is a problem.
func (x examination) replica(ctx context.Context, primary *db.DB) {
	read := x.c.Settings.DatabaseRead
	if read == "" {
		return
	}
	const instead = "staff's searches and reports are read from the primary"
	d, err := db.Open(ctx, string(read), db.Options{Clock: clockOf(x.c), Schemas: Schemas(), Log: x.c.Log, Trace: x.c.Trace})
	if err != nil {
		x.warn("replica: %s; %s", reason(err), instead)
		return
	}
	defer d.Close()
	here, err := primary.Applied(ctx)
	there, err2 := d.Applied(ctx)
	if err != nil || err2 != nil || !slices.Equal(here, there) {
		x.warn("replica: %s has not the tables of the primary: is it a replica of it?", read)
		return
	}
	position, err := primary.Position(ctx)
	if err != nil {
		x.warn("replica: the primary does not say how far it is: %s", reason(err))
		return
	}
	x.follows(ctx, d, position)
}

// follows waits a moment for the replica to reach a position of the primary.
func (x examination) follows(ctx context.Context, d *db.DB, position string) {
	read := x.c.Settings.DatabaseRead
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		behind, standby, err := d.Behind(ctx, position)
		took := time.Since(begun).Round(10 * time.Millisecond)
		switch {
		case err != nil:
			x.warn("replica: %s does not say how far it is: %s", read, reason(err))
		case !standby:
			x.warn("replica: %s is no standby but takes writes itself: is it the primary, or a server that nothing is sent to any more?", read)
		case behind == 0:
			x.ok("replica: %s follows, within %v", read, took)
		case took >= followTime:
			x.warn("replica: %s is %d bytes behind and did not catch up in %v: staff find what was changed lately only later", read, behind, followTime)
		default:
			continue
		}
		return
	}
}
