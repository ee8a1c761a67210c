package atrium_test

import (
	"testing"

	"atrium"
	"atrium/base/config"
	"atrium/base/db/dbtest"
)

func TestTheDoctorLooksAtTheReplica(t *testing.T) {
	p := dbtest.NewPair(t)
	primary := p.Create("atrium")
	if err := dbtest.Reopen(t, primary, atrium.Schemas()).Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.Follows()
	read := func(from string) atrium.Config {
		return patient(t, primary, func(c *atrium.Config) { c.Settings.DatabaseRead = config.URL(from) })
	}
	wantSaid(t, read(p.Standby.URL("atrium")), atrium.OK, "?sslmode=disable follows, within")
	wantSaid(t, read(primary), atrium.Warning, "is no standby but takes writes itself")
	wantSaid(t, read(p.Standby.URL("postgres")), atrium.Warning, "has not the tables of the primary")
	wantSaid(t, read(p.Standby.URL("nosuch")), atrium.Warning, `has no database "nosuch": create it with the encoding UTF8; staff's searches and reports are read from the primary`)

	p.Standby.Pause() // what the doctor itself writes is not followed
	wantSaid(t, read(p.Standby.URL("atrium")), atrium.Warning, "bytes behind and did not catch up in 3s")
}
