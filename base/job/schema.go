package job

import "embed"

// Schema holds the migration of the jobs table.
//
//go:embed schema/*.sql
var Schema embed.FS
