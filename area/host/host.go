package host

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/job"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/fault"
)

// Host changes the host's settings.
type Host struct {
	db       *db.DB
	mail     *mail.Mail
	settings *settings.Store
}

// Proof is of staff who may change the settings.
type Proof = access.Staff[access.ManageSettings]

// New makes it, and sees to it that what is too old is deleted.
func New(d *db.DB, j *job.Jobs, m *mail.Mail, set *settings.Store) *Host {
	h := &Host{d, m, set}
	job.Every(j, "host.retention", 24*time.Hour, h.forget)
	return h
}

// Save changes a section. It is in force at once in this process, and a second
// later in others. What is wrong with it is Invalid at its fields; version is
// that of the section the form showed: Conflict with the code settings.Changed
// if it has another by now. A section that is saved as it was stays as it was. Who
// was logged out stays so when sessions live longer from now on.
func Save[S settings.Section](ctx context.Context, in Proof, h *Host, next S, version int64) error {
	return h.change(ctx, in, settings.Row[S](), func(tx *db.Tx) (before, after map[string]any, err error) {
		was, is, err := settings.Save(ctx, tx, h.settings, next, version, in.Person().Name)
		if err != nil {
			return nil, nil, err
		}
		if until, ok := any(was).(settings.Sessions); ok {
			if err := access.KeepEnded(ctx, tx, until.Lives()); err != nil {
				return nil, nil, err
			}
		}
		return settings.Differences(was, is)
	})
}

// SetLogo changes a logo, settings.LightLogo or DarkLogo, to the PNG of a file.
// Any other file, and one that is too large, is Invalid at the field "logo".
func (h *Host) SetLogo(ctx context.Context, in Proof, name string, file []byte, version int64) error {
	logo, err := settings.ReadLogo(file)
	if err != nil {
		return err
	}
	return h.setLogo(ctx, in, name, logo, version)
}

// RemoveLogo takes a logo away.
func (h *Host) RemoveLogo(ctx context.Context, in Proof, name string, version int64) error {
	return h.setLogo(ctx, in, name, settings.Image{}, version)
}

func (h *Host) setLogo(ctx context.Context, in Proof, name string, logo settings.Image, version int64) error {
	return h.change(ctx, in, settings.Row[settings.Logos](), func(tx *db.Tx) (before, after map[string]any, err error) {
		was, is, err := settings.SaveLogo(ctx, tx, h.settings, name, logo, version, in.Person().Name)
		if err != nil {
			return nil, nil, err
		}
		return settings.Differences(was, is)
	})
}

// change runs save in a transaction with its audit row, and puts the change in
// force.
func (h *Host) change(ctx context.Context, in Proof, row string, save func(*db.Tx) (before, after map[string]any, err error)) error {
	err := h.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		before, after, err := save(tx)
		if err != nil || len(after) == 0 {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "settings.changed", Subject: row, Before: before, After: after})
	})
	if err == nil || fault.CodeOf(err) == settings.Changed {
		h.settings.Reload(context.WithoutCancel(ctx)) // if it fails, the next request reads them
	}
	return err
}

// TestMail sends a test email to the person's own address at once, and tells
// what the mail server answered, step by step: twenty an hour, then TooMany.
// Without a mail server it is Invalid.
func (h *Host) TestMail(ctx context.Context, in Proof, l mail.Letter) ([]mail.Step, error) {
	if h.settings.Current(ctx, h.db.Auto()).SMTP() == nil {
		return nil, fault.Invalidf("There is no mail server yet. Save one first.")
	}
	often := access.Limit{Name: "test-mail", Most: 20, Per: time.Hour, Public: "You have sent many test emails. Try again in %d minutes."}
	if err := often.Count(ctx, h.db, in.Person().ID.String()); err != nil {
		return nil, err
	}
	l.To, l.Kind = mail.Address{Name: in.Person().Name, Email: in.Person().Email}, "test"
	steps, err := h.mail.Try(ctx, l)
	if err != nil {
		return nil, err
	}
	last := steps[len(steps)-1]
	err = h.db.WriteGlobal(context.WithoutCancel(ctx), db.Lock{}, func(tx *db.Tx) error {
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "settings.mail-tested", Subject: in.Person().Email,
			After: map[string]any{"accepted": last.OK, "answer": last.Answer}})
	})
	return steps, err
}

const day = 24 * time.Hour

// forget deletes what is older than the host keeps.
func (h *Host) forget(ctx context.Context) error {
	keep := h.settings.Current(ctx, h.db.Auto()).Retention
	now := h.db.Clock().Now()
	if keep.ActivityKept > 0 {
		if _, err := audit.Prune(ctx, h.db, now.Add(-time.Duration(keep.ActivityKept)*day)); err != nil {
			return err
		}
	}
	if keep.BodiesKept > 0 {
		if _, err := mail.Forget(ctx, h.db, now.Add(-time.Duration(keep.BodiesKept)*day)); err != nil {
			return err
		}
	}
	return nil
}

// Now is what is in force, read afresh: for who came too late.
func (h *Host) Now(ctx context.Context) *settings.Snapshot {
	return h.settings.Current(ctx, h.db.Auto())
}
