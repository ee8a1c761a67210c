package contact

import (
	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/ui"
)

// letters writes to an account's owner, in their language.
type letters struct {
	ui.Printer
	card    access.Card
	account id.Account
	owner   access.MemberInfo
	host    string // who staff are, in letters
	url     func(path string) string
}

// receives tells that a contact's address begins to get emails of these topics.
func (w letters) receives(p, was Person, gained mail.Choice, by access.Actor) mail.Letter {
	account, contact, doer := mail.Name(w.card.Name), mail.Name(p.Name), mail.Name(by.Name)
	if by.Kind == access.ByStaff {
		doer = mail.Name(w.host)
	}
	how := w.T("%s changed the contact %s of %s.", doer, contact, account)
	switch {
	case was.ID == 0:
		how = w.T("%s added the contact %s to %s.", doer, contact, account)
	case was.Email.Key != p.Email.Key:
		how = w.T("%s changed the contact %s of %s. Before, its address was %s.", doer, contact, account, was.Email.Typed)
	}
	var topics []string
	for _, t := range gained {
		topics = append(topics, w.Word(t.Explanation()))
	}
	return mail.Letter{Account: w.account, User: w.owner.User, To: mail.Address{Name: w.owner.Name(), Email: w.owner.Email},
		Kind: "contact.receives", Language: w.Lang(), Subject: w.T("%s now gets emails of %s", contact, account), Blocks: []mail.Block{
			mail.P(w.T("Hello %s,", mail.Name(w.owner.FirstName))),
			mail.P(how),
			mail.P(w.T("From now on these emails of the account go to %s, too:", p.Email.Typed)),
			mail.Items(topics),
			mail.P(w.T("You did not expect this? Look at the account's contacts, and at who may change them.")),
			mail.Button(w.T("Contacts"), w.url(base(w.account))),
		}}
}
