// Package account is the account itself: its Home, its details, opening one, and
// what staff do with accounts: find, open, change, annotate, close and delete them.
//
// Words. An account is a customer, a person or a company; its number (10001,
// 10002, …) is how people name it on the telephone. Its details are its name,
// company, address, country, phone, language and time zone: they are the
// account's, not those of the user who looks at it. Whoever opens an account
// owns it.
//
//	active    as usual
//	inactive  a tag only
//	closed    readable within one's permissions, nothing here can be changed
//
// Tables: accounts, in base/access, which opens, closes and drops them; version
// guards details and status: who saves a form that shows an older state is shown
// the present one. account_notes, here: what staff write for each other; its audit
// is of no account, so that members never see that there are notes. A deleted
// account is gone with one transaction (dropped_accounts remembers it); the job
// account.clear clears its audit and its mails away in steps.
//
// When a login is reclaimed by whose address it has, mails of the accounts that it
// owns go to that address.
//
// Who may do what. Every member sees Home, made of the cards that the areas
// contribute and the member may see. Holders of profile see and change the
// details, but not what staff locked; when the email changes, the owner and the
// former address are told, unless they did it. Any user opens accounts, five a day. Staff who may see accounts find
// them all and read their notes; who may edit accounts opens them, changes their
// details, locks some of them and writes notes; who may close accounts changes their status and
// deletes those that nothing keeps.
package account
