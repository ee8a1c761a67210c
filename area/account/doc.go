// Package account is the account itself: its Home, its details, opening one,
// and the list of all accounts that staff see.
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
// Tables: accounts, in base/access, which opens them. version guards the
// details: who saves a form that shows an older state is shown the present one.
//
// Who may do what. Every member sees Home, made of the cards that the areas
// contribute and the member may see. Holders of profile see and change the
// details. Any user opens accounts, five a day. Staff who may see accounts list
// them all and change nothing.
package account
