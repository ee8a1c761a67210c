// Package settingstest gives tests settings that they can change.
package settingstest

import (
	"log/slog"
	"testing"

	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/settings"
	"atrium/base/vault"
)

// Open opens the settings of a database, with nothing set from outside but the
// sender of mails.
func Open(t testing.TB, d *db.DB, v *vault.Vault) *settings.Store {
	t.Helper()
	s, err := settings.Open(t.Context(), d, v, slog.New(slog.DiscardHandler), &config.Settings{From: "Atrium <no-reply@example.com>"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Set changes a section, whoever has changed it before.
func Set[S settings.Section](t testing.TB, d *db.DB, s *settings.Store, change func(*S)) {
	t.Helper()
	now := s.Current(t.Context(), d.Auto())
	next := settings.Of[S](now.Settings)
	change(&next)
	err := d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
		_, _, err := settings.Save(t.Context(), tx, s, next, settings.Latest[S](now).Version, "Test")
		return err
	})
	if err == nil {
		err = s.Reload(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}
