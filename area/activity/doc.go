// Package activity shows who did what in an account, when and from where; and to
// staff what was done in all accounts and outside them.
//
// Words. An entry is a row of the audit as one who may read it sees it: a
// sentence, and before and after in words. Each action has one story, in
// stories.go; a test walks the source for actions that have none.
//
// Tables: audit, in base/audit, which is written by the services in the
// transaction of what they do, and never changed.
//
// Who may do what. The owner sees what everybody did, members what they did
// themselves. Addresses of others are shortened: enough to tell home from
// abroad, too little to find a house. Staff are "Support", without name and
// address. Staff who see accounts see everything: names of staff, whole
// addresses, and what was done in no account, e.g. a log in. Nobody changes
// anything here.
package activity
