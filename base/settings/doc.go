// Package settings is what the host's people can set from the staff area, and
// what is in force of it.
//
// Settings is one typed struct of sections. A section is a struct of its own: it
// has one row in the table settings, one form in the staff area and one version,
// so that of two who change it at once the second is told. What was never saved
// has its default: an empty table is a working Atrium. To add a setting, add a
// field to its section with its default in Defaults and its rule in check.
//
// What is set by flag, environment or file (package config) wins. Snapshot has
// the values in force; its methods SMTP and Sender know the precedence, and
// FromOutside says where such a value comes from.
//
// A Store keeps one snapshot for its process and looks at the table again at
// most once a second, so that asking costs nothing. What a process saves it has
// at once; another one has it a second later. Nothing about the rights of a
// person is in here: those are read on every request.
//
// A password is write-only. It is sealed by the vault beside its section's value
// and has the type Secret, which prints as dots, whatever prints it.
//
// Logos are pictures in a table of their own: they are decoded as PNG and written
// anew by us before anything of them is kept.
package settings

import "embed"

// Schema holds the migration of the settings.
//
//go:embed schema/*.sql
var Schema embed.FS
