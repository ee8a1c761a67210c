package mail

import "atrium/base/access"

// A Topic is a kind of mail that people may choose to get: members within what
// their permissions allow, contacts as they are told. It is stored: never rename.
type Topic string

// Essential mails have no topic: links to log in, invitations, changes of who may
// do what. They go to whom they concern, always.
const Essential Topic = ""

// The topics.
const (
	General   Topic = "general"
	Invoice   Topic = "invoice"
	Support   Topic = "support"
	Product   Topic = "product"
	Domain    Topic = "domain"
	Affiliate Topic = "affiliate"
)

// Topics lists the topics in the order people see them.
func Topics() []Topic { return []Topic{General, Invoice, Support, Product, Domain, Affiliate} }

// TopicFrom finds a topic by what is stored, and never Essential.
func TopicFrom(s string) (Topic, bool) {
	_, ok := topicTexts[Topic(s)]
	return Topic(s), ok
}

// Label is the topic's name on screens, a translation key.
func (t Topic) Label() string { return topicTexts[t].label }

// Explanation is which mails these are, a translation key.
func (t Topic) Explanation() string { return topicTexts[t].explanation }

// Needs is the permission without which no member gets mails of the topic: the
// one of the pages that say the same. Of General it is that of the history of
// emails, where they can be read afterwards. An Essential mail needs none.
func (t Topic) Needs() (_ access.Name, ok bool) {
	text, ok := topicTexts[t]
	return text.needs, ok
}

type topicText struct {
	label, explanation string
	needs              access.Name
}

// topicTexts is read only.
var topicTexts = map[Topic]topicText{
	General:   {"General", "News and notices about the account as a whole.", access.NameEmails},
	Invoice:   {"Invoices", "Invoices, receipts and reminders to pay.", access.NameInvoices},
	Support:   {"Support", "Answers to support tickets.", access.NameTickets},
	Product:   {"Products & services", "Login details, renewals and changes of products and services.", access.NameProducts},
	Domain:    {"Domains", "Domains that expire, are renewed or transferred.", access.NameDomains},
	Affiliate: {"Affiliates", "Commissions and payouts of the affiliate program.", access.NameAffiliates},
}
