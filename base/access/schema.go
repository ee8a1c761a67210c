package access

import "embed"

// Schema holds the migrations of users, accounts, memberships and what proves them.
//
//go:embed schema/*.sql
var Schema embed.FS
