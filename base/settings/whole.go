package settings

import (
	"context"
	"encoding/json"
	"strings"

	"atrium/base/db"
)

// Broken counts the sections that can't be read, have a secret that is not
// sealed, or a logo that is not there. There is never one.
func Broken(ctx context.Context, q db.Querier) (int64, error) {
	rows, err := listSections(ctx, q)
	if err != nil {
		return 0, err
	}
	var broken int64
	all := Defaults()
	for _, sec := range sections() {
		r, ok := rows[sec.row()]
		unsealed := r.sealed != "" && !strings.HasPrefix(r.sealed, "v1.")
		if ok && (unsealed || json.Unmarshal([]byte(r.value), sec.place(&all)) != nil) {
			broken++
		}
	}
	for name, p := range map[string]Picture{LightLogo: all.Logos.Light, DarkLogo: all.Logos.Dark} {
		if p.Hash == "" {
			continue
		}
		if _, err := findPNG(ctx, q, name, p.Hash); err != nil {
			broken++
		}
	}
	return broken, nil
}

// Sealed counts the secrets that are sealed, and those of them that the vault
// can't open: then the key file is not the one they were sealed by.
func (s *Store) Sealed(ctx context.Context) (sealed, unreadable int64, err error) {
	rows, err := listSections(ctx, s.db.Auto())
	for _, r := range rows {
		if r.sealed == "" {
			continue
		}
		sealed++
		if _, err := s.vault.Open(r.sealed, aad(r.name)); err != nil {
			unreadable++
		}
	}
	return sealed, unreadable, err
}
