package access

import "atrium/base/id"

// Addressee is an act on an account by whom one of its mails went to, and who is
// known by nothing but the link in it: base/mail makes it once it has opened
// that link, for what the link is about and nothing else.
func Addressee(account id.Account, email string, from Actor) Act {
	return Act{account: account, actor: Actor{Kind: Anonymous, Name: email, Email: email, IP: from.IP, Agent: from.Agent}}
}
