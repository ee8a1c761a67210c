package access

// Name is one of the thirteen permissions. Its value is the bit it has in a
// Set, and is stored: never renumber, never reuse.
type Name uint8

// The thirteen, in the order people see them.
const (
	NameProfile Name = iota
	NameContacts
	NameProducts
	NameManageProducts
	NameProductSSO
	NameDomains
	NameManageDomains
	NameInvoices
	NameQuotes
	NameTickets
	NameAffiliates
	NameEmails
	NameOrders
	names // how many there are
)

// Permission is the closed set of permission types: a proof To[P] exists for
// these thirteen and, since the method is unexported, for no other type.
type Permission interface {
	Profile | Contacts | Products | ManageProducts | ProductSSO | Domains | ManageDomains |
		Invoices | Quotes | Tickets | Affiliates | Emails | Orders
	permission() Name
}

// One type per permission.
type (
	Profile        struct{} // Modify Master Account Profile
	Contacts       struct{} // View & Manage Contacts
	Products       struct{} // View Products & Services
	ManageProducts struct{} // View & Modify Product Passwords
	ProductSSO     struct{} // Perform Single Sign-On
	Domains        struct{} // View Domains
	ManageDomains  struct{} // Manage Domain Settings
	Invoices       struct{} // View & Pay Invoices
	Quotes         struct{} // View & Accept Quotes
	Tickets        struct{} // View & Open Support Tickets
	Affiliates     struct{} // View & Manage Affiliate Account
	Emails         struct{} // View Emails
	Orders         struct{} // Place New Orders/Upgrades/Cancellations
)

func (Profile) permission() Name        { return NameProfile }
func (Contacts) permission() Name       { return NameContacts }
func (Products) permission() Name       { return NameProducts }
func (ManageProducts) permission() Name { return NameManageProducts }
func (ProductSSO) permission() Name     { return NameProductSSO }
func (Domains) permission() Name        { return NameDomains }
func (ManageDomains) permission() Name  { return NameManageDomains }
func (Invoices) permission() Name       { return NameInvoices }
func (Quotes) permission() Name         { return NameQuotes }
func (Tickets) permission() Name        { return NameTickets }
func (Affiliates) permission() Name     { return NameAffiliates }
func (Emails) permission() Name         { return NameEmails }
func (Orders) permission() Name         { return NameOrders }

// NameOf gives the name of a permission type.
func NameOf[P Permission]() Name { var p P; return p.permission() }

// Text is what people read about a permission. All of it are translation keys.
type Text struct {
	Slug        string // in forms, JSON and logs
	Label       string
	Description string // stands under the label on forms
	Explanation string // longer: hints, the invitation's mail and page, access denied
	Warning     string // what may go wrong; "" where nothing much can
	Group       string // heading on forms
	Sensitive   bool   // what may go wrong is worth a second thought
}

// Text gives the words of the permission. Slugs, labels and descriptions are
// those of WHMCS, which customers and hosts' help pages know.
func (n Name) Text() Text { return texts[n] }

// Slug is how the permission is written in forms, JSON and logs.
func (n Name) Slug() string { return texts[n].Slug }

// Label is the permission's name on screens.
func (n Name) Label() string { return texts[n].Label }

// NameFrom finds a permission by its slug.
func NameFrom(slug string) (Name, bool) {
	for n, t := range texts {
		if t.Slug == slug {
			return Name(n), true
		}
	}
	return 0, false
}

// Needs gives the permission that n can't be held without.
func (n Name) Needs() (Name, bool) {
	switch n {
	case NameManageProducts, NameProductSSO:
		return NameProducts, true
	case NameManageDomains:
		return NameDomains, true
	}
	return 0, false
}

// texts is read only.
var texts = [names]Text{
	NameProfile: {"profile", "Modify Master Account Profile", "Access and modify the account profile information",
		"Change the company name, billing address and contact details of this account.",
		"Invoices and domain ownership follow these details.", "Account", true},
	NameContacts: {"contacts", "View & Manage Contacts", "Access and manage contacts",
		"See, add and remove people who receive notices about this account.",
		"New contacts get copies of invoices and domain notices.", "Account", true},
	NameProducts: {"products", "View Products & Services", "View access to products, services and addons",
		"See hosting plans, their status, renewal dates and usage.", "", "Services", false},
	NameManageProducts: {"manageproducts", "View & Modify Product Passwords", "Allow password resets and other actions",
		"See and reset the passwords of hosting control panels and servers.",
		"Full control over websites and mailboxes.", "Services", true},
	NameProductSSO: {"productsso", "Perform Single Sign-On", "Allow single sign-on into services",
		"Open the control panel with one click, without a password.",
		"Full control over websites and mailboxes.", "Services", true},
	NameDomains: {"domains", "View Domains", "View access to domain registrations",
		"See registered domains and when they expire.", "", "Domains", false},
	NameManageDomains: {"managedomains", "Manage Domain Settings", "Allow domain management eg. nameservers/whois/transfers",
		"Change nameservers, DNS, WHOIS details and transfer locks.",
		"Can take websites and email offline, or move a domain away.", "Domains", true},
	NameInvoices: {"invoices", "View & Pay Invoices", "View and payment access to invoices",
		"See, download and pay invoices.", "Can pay with saved payment methods.", "Billing", true},
	NameQuotes: {"quotes", "View & Accept Quotes", "View and acceptance permissions for quotes",
		"See our offers and accept them.", "Accepting is binding.", "Billing", true},
	NameTickets: {"tickets", "View & Open Support Tickets", "Access to open, respond and manage support tickets",
		"Read all tickets of this account, reply and open new ones.",
		"Old tickets may contain private data.", "Support", false},
	NameAffiliates: {"affiliates", "View & Manage Affiliate Account", "Access to view and request withdrawals",
		"See referral earnings and ask for a payout.", "Can request a payout.", "Billing", true},
	NameEmails: {"emails", "View Emails", "View access to account email history",
		"Read copies of every email we sent to this account.", "Some emails contain login details.", "Account", true},
	NameOrders: {"orders", "Place New Orders/Upgrades/Cancellations", "Allow placing of new orders",
		"Buy, upgrade, downgrade and cancel in the name of this account. Upgrades and cancellations also need View Products & Services.",
		"Can spend money and end services.", "Services", true},
}
