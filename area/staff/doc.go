// Package staff is the staff's own logins: how people of the hosting company
// get one, log in and log out; and Overview, the page they begin with. What
// staff see of accounts and users belongs to those areas, which also contribute
// to Overview what needs somebody now: their mails and work that failed.
//
// Words. Staff are people of the hosting company. Their logins are a realm
// apart from users': another table, another cookie, another page. The first
// comes from `atrium staff add`, which prints a link that sets a password; no
// password is ever made for anybody.
//
//	added --SetPassword, by the link within 24 hours--> can log in
//
// Adding somebody again makes a new link and kills the former; the password and
// the sessions end when the new link is used.
//
// A visit is a person of the staff, logged in as an account's owner (Login as
// Owner), with a reason, for an hour. It stands on the staff session that began
// it, on the person's role and on the ownership, and is over on the next request
// after one of them is. What is done in it has both names.
//
// The password alone opens nothing: staff log in by two steps, and set the second
// up on the way in the first time (twostep.go). Who may say who is staff invites
// colleagues, gives them roles, deactivates them and resets a lost second step;
// nobody does so to themselves, and the last administrator stays (people.go).
//
// Tables: visits, staff, staff_sessions and staff_tokens, in base/access.
//
// Overview's charts count the audit by month. A job, staff.tally, counts each day
// once it is over, into the table tallies of base/audit.
//
// Who may do what. Whoever runs the program adds staff. Anyone with a living
// link sets that person's password. A wrong password and an address without
// login get the same answer in the same time; tries are limited as users' are.
// What staff do about their logins is in the audit of no account.
package staff
