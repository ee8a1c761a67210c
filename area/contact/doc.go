// Package contact is an account's contacts: people who get its emails without a
// login.
//
// Words. A contact is a Person with a name, an email address and the topics of
// base/mail whose emails they get. One of an account's contacts may be its
// billing contact, who gets the invoices whatever else was chosen.
//
// Table: contacts. An account has fifty at most, each address once; version
// guards a contact: who saves or deletes one that was changed meanwhile is shown
// it as it is now.
//
// Mail can't be routed away quietly: when an address begins to get invoices or
// emails about domains, the owner is mailed who did it, unless it was the owner.
// Each change is one email, and there are thirty such changes an hour at most.
//
// Of a login that was reclaimed by whose address it has, the contacts go that were
// there before: whoever made it may have added them.
//
// Who may do what. Holders of contacts see, add, change and delete them; in a
// closed account they see them. Staff who may see accounts see them in the tab
// Contacts of its record, and find the account by them; who may edit accounts
// does all that members do, and does it as the host.
package contact
