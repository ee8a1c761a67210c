package main

import (
	"context"
	"errors"
	"time"
)

// A row is one thing that is measured, round by round.
type row struct {
	name    string
	server  *server
	call    call    // asked again and again
	change  change  // or this, each time another
	action  string  // what a change leaves in the audit
	floor   *row    // what it is told in; nil: it is a floor
	goal    float64 // of the ratio; 0: none
	samples []sample
	ratios  []float64 // CPU to that of the floor in the same round
}

// The goals, in CPU of the floor, on SQLite; those of PostgreSQL are of its floor.
const (
	goalJSON         = 1.5
	goalPage         = 4
	goalHome         = 5
	goalSwitch       = 5
	goalStaff        = 5 // of each page of the staff area
	goalInvite       = 3 // of the floor's durable write
	goalAccept       = 3
	goalJSONPostgres = 1.4
	goalPagePostgres = 4.5
	goalMemory       = 60e6
	goalStart        = 50 * time.Millisecond
)

// The names of some rows. The goals of two are others on PostgreSQL, where the
// rest have none.
const (
	rowJSON   = "`GET /api/v1/accounts/{account}/membership`"
	rowPage   = "`GET /a/{account}/users`: User Management, ten members"
	rowHome   = "`GET /a/{account}/`: Home"
	rowSwitch = "`GET /accounts`: Switch Account, 40 accounts"
	rowInvite = "`POST /a/{account}/users`: invite"
	rowAccept = "`POST /invite/{token}/accept`: accept"
)

// rows are all that is measured, floors first.
func (b *bench) rows(floor, atrium *server) []*row {
	in := "/a/" + b.entrance.account.String()
	at, token := atrium.address, b.entrance.token.Reveal()
	denied := get(at, in+"/emails", b.entrance.guest.Reveal())
	denied.status = 403
	read, write := b.floorRows(floor)
	rows := []*row{
		{name: rowJSON, floor: read, call: get(at, b.jsonPath(), token), goal: goalJSON},
		{name: rowPage, floor: read, call: get(at, b.pagePath(), token), goal: goalPage},
		{name: rowHome, floor: read, call: get(at, in+"/", token), goal: goalHome},
		{name: rowSwitch, floor: read, call: get(at, "/accounts", b.entrance.visitor.Reveal()), goal: goalSwitch},
		{name: "`GET /a/{account}/emails`: access denied", floor: read, call: denied},
		{name: "`GET /staff/accounts?q=baker`: staff search", floor: read, call: b.asStaff(at, "/staff/accounts?q=baker"), goal: goalStaff},
		{name: rowInvite, floor: write, change: b.invite, action: "invitation.sent", goal: goalInvite},
		{name: rowAccept, floor: write, change: b.accept, action: "invitation.accepted", goal: goalAccept},
		{name: "`POST /a/{account}/users/{user}`: change permissions", floor: write, change: b.permit, action: "member.permissions"},
		{name: "`POST /a/{account}/users/{user}/remove`: remove", floor: write, change: b.remove, action: "member.removed"},
	}
	for _, r := range rows {
		r.server = atrium
		if b.postgres != nil {
			r.goal = map[string]float64{rowJSON: goalJSONPostgres, rowPage: goalPagePostgres}[r.name]
		}
	}
	return append([]*row{read, write}, rows...)
}

// floorRows are the two floors: asking, and writing one row.
func (b *bench) floorRows(floor *server) (read, write *row) {
	ask := b.get(floor.address, b.floorPath())
	note := post(floor.address, b.floorPath(), b.entrance.token, nil, "")
	note.status = 200
	return &row{name: "floor", server: floor, call: ask}, &row{name: "floor, one row written", server: floor, call: note}
}

// measure adds a round to a row.
func (r *row) measure(ctx context.Context, b *bench, round int) error {
	s, err := r.drive(b, round)
	if err := errors.Join(err, ctx.Err()); err != nil {
		return err
	}
	unit := s.cpu
	if r.floor != nil {
		unit = r.floor.samples[round].cpu
	}
	r.samples, r.ratios = append(r.samples, s), append(r.ratios, float64(s.cpu)/float64(max(unit, 1)))
	return nil
}

// drive drives a round: of changes, a sixth is for warming up.
func (r *row) drive(b *bench, round int) (sample, error) {
	if r.change == nil {
		return drive(r.server, again(r.call), b.load)
	}
	all := b.round(r.server.address, r.change, round)
	return driveOnce(r.server, all, len(all)/6, b.load.conns)
}

// round are the changes of a round.
func (b *bench) round(at string, c change, round int) []call {
	var all []call
	for n := range b.writes {
		all = append(all, c(at, round, n))
	}
	return all
}
