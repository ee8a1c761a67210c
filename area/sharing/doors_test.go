package sharing_test

import "atrium/base/access"

// opens tells which of the thirteen doors let a membership in.
func opens(m access.Membership) access.Set {
	var set access.Set
	for n, enter := range map[access.Name]error{
		access.NameProfile: door[access.Profile](m), access.NameContacts: door[access.Contacts](m), access.NameProducts: door[access.Products](m),
		access.NameManageProducts: door[access.ManageProducts](m), access.NameProductSSO: door[access.ProductSSO](m), access.NameDomains: door[access.Domains](m),
		access.NameManageDomains: door[access.ManageDomains](m), access.NameInvoices: door[access.Invoices](m), access.NameQuotes: door[access.Quotes](m),
		access.NameTickets: door[access.Tickets](m), access.NameAffiliates: door[access.Affiliates](m), access.NameEmails: door[access.Emails](m),
		access.NameOrders: door[access.Orders](m),
	} {
		if enter == nil {
			set |= access.SetOf(n)
		}
	}
	return set
}

func door[P access.Permission](m access.Membership) error {
	_, err := access.Enter[P](m, access.Change)
	return err
}

// check holds the doors against the model: who is let in where, and who owns.
func (p *play) check() {
	for who := range cast {
		m, in := p.membership(who)
		h := p.holds[who]
		if want := h != nil && !p.off[who]; in != want {
			p.Fatalf("%d is let in: %v, want %v", who, in, want)
		}
		if !in {
			continue
		}
		_, manages := access.EnterManager(m, access.Change)
		_, owns := access.EnterOwner(m, access.Change)
		if got := opens(m); got != h.all() || (manages == nil) != (h.owner || h.manages) || (owns == nil) != h.owner {
			p.Fatalf("the doors let %d do %v (manages: %v, owns: %v), want %v of %+v", who, got.Slugs(), manages == nil, owns == nil, h.all().Slugs(), h)
		}
	}
	p.oneOwner()
	p.papersAreShown()
}

func (p *play) oneOwner() {
	members, err := access.Members(p.ctx, p.DB.Auto(), p.account)
	if err != nil {
		p.Fatal(err)
	}
	owners := 0
	for _, m := range members {
		if m.Owner {
			owners++
			if m.User != p.users[p.owner()].ID {
				p.Fatalf("%s owns the account, want %d", m.Email, p.owner())
			}
		}
	}
	if owners != 1 || len(members) != len(p.holds) {
		p.Fatalf("%d own the account, and %d have access, want %d", owners, len(members), len(p.holds))
	}
}

// papersAreShown sees that the list tells which pending invitations are void.
func (p *play) papersAreShown() {
	list, err := p.Invitations(p.ctx, access.AsManager(p.desk()))
	if err != nil {
		p.Fatal(err)
	}
	shown := map[access.InvitationID]bool{}
	for _, i := range list {
		shown[i.ID] = i.Void
	}
	for _, x := range p.papers {
		void, listed := shown[x.id]
		if x.pending && (!listed || void == p.stands(x)) {
			p.Fatalf("listed: %v, void: %v; %d stands for it and holds %+v: %+v", listed, void, x.by, p.holds[x.by], x)
		}
	}
}
