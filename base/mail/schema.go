package mail

import "embed"

// Schema holds the migration of the emails table.
//
//go:embed schema/*.sql
var Schema embed.FS
