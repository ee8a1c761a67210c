// Package sharing is the heart of Atrium: how an account is opened to other
// people, each with their own login and just the permissions they need.
//
// Words. A member is a user with access to an account: the owner, or someone
// with a set of permissions. A manager is the owner, or a member whom the owner
// lets manage users. An invitation is an email address and permissions, turned
// into a membership by a one-time link.
//
// An invitation is pending until it is accepted, declined or cancelled; expired
// is a pending one whose link is seven days old. Resending makes a new link and
// kills the old one. Which link works, until when and for whom is decided where
// it is spent: in one guarded UPDATE beside the new membership.
//
//	pending --Accept--> accepted     a membership, in the same transaction
//	pending --Decline-> declined     kept in the list for 30 days
//	pending --Cancel--> cancelled
//
// An owner offers the account to a member, with their password, and the member has
// seven days to accept by a link that only their own login can use. At most one
// offer waits; it ends when the account gets another owner, or the member goes.
//
//	pending --TakeOwnership----> accepted    the ownership, in the same transaction
//	pending --DeclineOwnership-> declined
//	pending --CancelOffer------> cancelled
//
// An account's rules are what it asks of everybody who works in it: two-step login,
// and of who joins it, that theirs is the invited address, proved. The owner
// switches them, and needs what they ask for first. The first is decided by the
// gates of base/access, the second where an invitation is spent. Whoever is shut
// out keeps the membership, its permissions and its mails, which are about the
// account's affairs and open nothing.
//
// A request is a member's for a permission, or a user's for access to an account
// that they name by its number or its owner's address. It waits for 30 days, and ends
// when what it asks for is given otherwise, or the member goes.
//
//	pending --Approve-> approved   the permissions or the membership, in the same transaction
//	pending --Refuse--> declined
//	pending ----------> ended
//
// Seek looks at no account: it counts, and leaves the rest to a job, so that what
// it answers and does is the same whether there is such an account or not. Of an owner
// with several accounts the oldest open one is asked of which the user is no
// member; closed ones are not asked. Where the host manages users, nobody asks.
// When a login is deleted its requests are in no list any more.
//
// Tables: access_requests, access_reviews, handovers, invitations and invitation_links, in base/access, which mints the
// proof of a genuine link; memberships and user_accounts, likewise.
//
// Who may do what. Managers invite, change and remove; nobody gives a permission
// they don't hold, changes one who holds more than they do, or touches the owner
// or themselves; only the owner says who manages. An invitation stands with its
// sender, who last put something into it or has seen its link: it is void while
// they could not give what it contains. Who could not give what a request asks for does
// not decide on it. Members see who manages the account, and leave. Anyone with a
// genuine link sees its invitation; the link alone accepts nothing: a login does.
//
// Staff who manage users do what managers do, in the record of any account, and
// nobody there holds more than they. Beside that they let users in at once,
// existing or new ones, change their names and addresses, and hand an account
// over: one UPDATE takes the ownership and the next gives it, guarded by who owned
// the account when staff were asked. The host's name signs what they do.
//
// Facts heard: access.LoginReclaimed. A login has gone from whoever made it to the
// person whose address it has; then everybody else's access to the accounts that it
// owns ends, pending invitations and offers too, and it leaves those of others.
//
// Facts told: access.EmailMoved and access.PasswordWanted, for area/login, which
// mails what belongs to a login.
//
// Who can reach an account is one page for its managers: members and how they use
// their access, invitations and requests that wait, staff's visits. The owner says
// when they have looked through it; looking alone changes nothing. 90 days after that,
// or after the last reminder, sharing.remind mails the owner, unless they want none,
// take no general emails, or nobody else can reach the account. Access ends by what
// people do, never by time.
//
// Jobs: sharing.sought makes the request for access to an account, if there is one
// to ask; sharing.remind looks every hour for owners who are due.
//
// Mails: invitation, accepted (to the owner), declined and asked again (to who
// sent it), permissions changed, managing users or no longer, access removed and
// left (to both), ownership offered and declined, new owner (to both), two-step
// login needed (to who has none), rule switched off by staff (to the owner); request
// (to who may decide), approved and declined (to who asked), let in by a manager (to
// the owner); reminder of who can reach the account (to the owner, a general email).
package sharing
