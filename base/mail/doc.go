// Package mail writes letters and sees that they arrive.
//
// Send renders a Letter and puts it into the table emails in the transaction of
// what caused it; that table is also the account's email history. A request
// never waits for a mail server: a job delivers. It goes on for three days
// while the server is away or says "later" (4xx), and gives up at once when it
// says "never" (5xx). Every try carries the same Message-ID, so that a mail
// which was accepted without our hearing of it can be told as a duplicate. What
// was said at each try is in email_tries.
//
// Where staff have set how many mails may leave in a minute, they leave at an
// even pace, over all processes. Mails that somebody waits for, those with a
// one-time link and those that are Essential, go before the others.
//
// An address that is refused for good is kept as a Refusal: it gets no mails any
// more but those that somebody waits for, and one of them that is accepted lifts
// it. That an address was changed needs no lifting: the new one is another.
//
// Without a mail server mails wait as queued, and leave once one is set.
//
// A letter of an optional topic carries a link by which whom it went to switches
// the topic off for the account, without logging in. The link is made anew for
// each try and stands in no stored body, where other members read it. What is
// switched off is asked right before sending, so what waits is not sent either.
//
// A letter has one content and two renderings, plain text and HTML. A one-time
// link is a Secret block: the stored bodies hold a marker in its place, the link
// itself is sealed by the vault beside them, put in while sending, and erased
// once the server has accepted the mail or the link died: by Void or at
// Letter.Dies. A mail that was given up keeps it for as long, so that Again can
// have it sent after all. It is in no job and on no log.
//
// What people type never becomes a header or a link: Name is for their names,
// Quote for their messages, and Send takes the line breaks out of everything
// that ends in a header. A link comes from Button or Secret and leads to the
// base URL.
package mail
