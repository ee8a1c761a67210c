// Package login is how people come in: registering, logging in and out, a
// forgotten password, proving an email address, their own profile and the
// browsers they are logged in with.
//
// Words. A login is a user: one person, one email address, one password. It
// belongs to no account; registering opens one beside it. A session is one log
// in of one browser.
//
// Four kinds of one-time links are mailed. Opening one shows a page and changes
// nothing; the form on that page spends it.
//
//	/reset/…    60 minutes  sets a new password, ends all sessions
//	/verify/…   60 minutes  proves the address of the login, or a new one, which
//	                        becomes the login's by it; only for who is logged in
//	                        with the login
//	/undo/…     7 days      puts the former address back, ends all sessions
//
// A new link of a kind kills the one before, except that an undo link outlives
// another change: whoever took a login over can't shake its person off. A new
// password, whichever way it was set, kills links to a new address, and a new
// address kills links to a new password.
//
// Who may do what. Anyone registers, logs in, and asks for a link to set a new
// password; what is answered to the latter, and how long that takes, does not
// tell whether there is a login. The link is made and mailed by a job. Only the
// person changes their profile, and a new address or password needs the present
// password. What changes two-step login needs that the person proved in the last
// ten minutes who they are, here or by logging in: web.Door's Fresh asks for it.
//
// Staff who see accounts see every user. Who manages users creates them, changes
// their names and address, has a link to set a password mailed, logs them out,
// turns their two-step login off, never on, deactivates and activates them, and
// deletes who belongs to no account. Nobody but the person sets a password. What
// staff do to a login is in the audit of no account, and what changes who can act
// in an account also in the activity of each of the user's.
//
// Somebody may have registered with another's address. So who sets a new password
// for a login whose address was never proved is asked whether they made it, and who
// opens the link that proves it without being logged in can say that they did not.
// Of a login that another has made nothing stays, and the fact access.LoginReclaimed
// is told: what its maker gave to others in its accounts is taken back by whoever
// looks after that.
//
// Passkeys log in by themselves, which is both steps in one since the
// authenticator makes sure who uses it, or are the second step after the password.
// They are added by who has confirmed their address, so that nobody keeps a way
// into a login made with somebody else's, and putting the former address back takes
// those with it that were added since. The only second step there is can't be
// removed. Resetting a password shows them, and removes those that are ticked.
//
// A browser in which somebody has logged in, or set a new password by a mailed link,
// is known to the login by a cookie that opens nothing. Its tries are counted for
// itself alone, so that nobody locks the person out of it; a log in from one that is
// not known is mailed. A new password and logging all others out make the others
// unknown.
//
// Tables: users, sessions, browsers, passkeys and user_tokens, in base/access.
//
// Jobs: login.forgotten mails the link to set a new password; login.verify hears
// that a login was created, here or on an invitation, and mails the link that
// proves its address; login.moved hears that staff changed an address, tells the
// former one and has the new one proved; login.wanted hears that staff want
// somebody to set a password, and mails the link; login.recovery and login.browser
// hear that somebody came in by a recovery code, or with a new browser, and tell
// them; login.sweep forgets what is
// over.
//
// Mails: confirm your address, confirm your new address, a change was asked for
// and was made (to the old one, with the undo link) or undone, set a new
// password, set a password (asked for by staff), your password was changed,
// a log in from a new browser, two-step login and its recovery codes, a passkey was added, removed or refused.
package login
