// Package email shows members the mails that Atrium sent to their account or
// about it, and staff those of all accounts and of none.
//
// Words. An email is one mail as it was written, with what became of it: it
// waits, was sent, was given up, or was cancelled because its link died or its
// address refuses mail. Sent means that the mail server has it. A suppressed
// address is one that refused mail for good: mail.Refusal.
//
// Tables: emails and those around it, in base/mail, which writes and delivers them
// and keeps their history. One-time links are in no stored body, and the bodies shown here have
// no working links at all: their frame runs nothing, leads nowhere, and loads
// nothing but images, and those only when they were asked for.
//
// Who may do what. Holders of emails read those of the account, and have one sent
// again, to whom it went and only while they may still get it. An email of
// another account is not there, like one that never was. Staff who see accounts
// read all; who may run failed work again has a mail sent again, which is in the
// account's activity, and lets mails go to a suppressed address. One-time
// links are hidden from staff, too. Who holds the link of an optional email
// switches such emails off and on.
package email
