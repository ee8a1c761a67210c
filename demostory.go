package atrium

import (
	"atrium/area/account"
	"atrium/area/contact"
	"atrium/base/access"
	"atrium/base/address"
	"atrium/base/mail"
)

// tell is the year that the demo shows.
func (s *story) tell() {
	s.people = map[string]demoPerson{
		"maja": {"Maja", "Lindqvist", "maja@nordlicht-studio.example"}, "jonas": {"Jonas", "Amsel", "jonas@cafe-amsel.example"},
		"tomasz": {"Tomasz", "Wrona", "tomasz@wrona-web.example"}, "helga": {"Helga", "Brandt", "helga@stadtchor.example"},
		"deniz": {"Deniz", "Aydın", "deniz@aydin.example"}, "priya": {"Priya", "Raman", "priya@raman-accounting.example"},
		"owen": {"Owen", "Price", "owen@oldmill.example"}, "lena": {"Lena", "Hoffmann", "lena@hoffmann.example"},
		"sofia": {"Sofia", "Rossi", "sofia@rossi.example"}, "amir": {"Amir", "Haddad", "amir@haddad.example"},
		"carl": {"Carl", "Weber", "carl@weber.example"}, "nils": {"Nils", "Berg", "nils@berg.example"},
	}
	s.ago(365, 9, 0)
	s.staff("admin@host.example", "Jana Keller", access.Administrator)
	s.furnish()
	presets := s.presets()
	s.opening()
	s.sharing(presets)
	s.ago(38, 9, 20)
	s.contacts()
	s.lately(presets)
	s.ago(1, 9, 0)
	s.ask("helga", "Stadtchor Lübeck e.V.")
	s.staff("support@host.example", "Luca Moretti", access.Support)
	s.staff("billing@host.example", "Ines Duarte", access.Billing)
	s.support(presets)
	s.ago(0, 9, 58)
}

func (s *story) opening() {
	s.ago(362, 8, 12)
	s.register("maja", "Nordlicht Studio GmbH", "DE", "Europe/Berlin", true)
	s.ago(355, 15, 40)
	s.register("jonas", "Café Amsel", "DE", "Europe/Berlin", true)
	s.ago(340, 11, 5)
	s.register("tomasz", "Wrona Web", "PL", "Europe/Warsaw", true)
	s.ago(301, 19, 30)
	s.register("helga", "Stadtchor Lübeck e.V.", "DE", "Europe/Berlin", true)
	s.ago(274, 7, 55)
	s.register("deniz", "Aydın Import", "TR", "Europe/Istanbul", true)
	s.ago(250, 13, 0)
	s.register("priya", "Raman Accounting", "GB", "Europe/London", true)
	s.ago(233, 10, 20)
	s.register("owen", "Old Mill Brewery", "GB", "Europe/London", false)

	s.ago(232, 9, 0)
	s.details("maja", "Nordlicht Studio GmbH", account.Details{Company: "Nordlicht Studio GmbH", Phone: "+49 451 5550123", TaxID: "DE136695976",
		Address: address.Address{Line1: "Hafenstraße 12", City: "Lübeck", Postcode: "23552"}, Marketing: account.Consent{Given: true}})
	s.details("jonas", "Café Amsel", account.Details{Phone: "+49 4541 5550188", Address: address.Address{Line1: "Mühlenweg 3", City: "Ratzeburg", Postcode: "23909"}})
	s.details("tomasz", "Wrona Web", account.Details{Company: "Wrona Web", Address: address.Address{Line1: "ul. Długa 44", City: "Gdańsk", Postcode: "80-831"}})
	s.details("priya", "Raman Accounting", account.Details{Company: "Raman Accounting Ltd", Address: address.Address{Line1: "8 Mercer Row", City: "Bristol", Postcode: "BS1 4AA"}})
}

func (s *story) sharing(presets map[string]access.Set) {
	s.ago(230, 9, 30)
	s.invite("maja", "Nordlicht Studio GmbH", "tomasz@wrona-web.example", "Hello Tomasz, please look after our servers.", presets["Webmaster"])
	s.ago(230, 12, 10)
	s.accept("tomasz", "Europe/Warsaw")
	s.ago(221, 14, 0)
	s.invite("maja", "Nordlicht Studio GmbH", "priya@raman-accounting.example", "", presets["Accountant"])
	s.ago(220, 8, 45)
	s.accept("priya", "Europe/London")
	s.ago(205, 16, 20)
	s.invite("jonas", "Café Amsel", "tomasz@wrona-web.example", "", presets["Webmaster"])
	s.ago(204, 7, 50)
	s.accept("tomasz", "Europe/Warsaw")
	s.ago(200, 11, 0)
	s.invite("maja", "Nordlicht Studio GmbH", "carl@weber.example", "For the photos of the new site.", access.SetOf(access.NameProducts, access.NameTickets))
	s.ago(199, 9, 15)
	s.accept("carl", "Europe/Berlin") // and never came
	s.ago(198, 10, 0)
	s.invite("jonas", "Café Amsel", "sofia@rossi.example", "Welcome to the team!", access.Everything)
	s.ago(197, 18, 35)
	s.accept("sofia", "Europe/Rome")
	s.ago(190, 9, 15)
	s.trust("jonas", "Café Amsel", "sofia")
	s.ago(180, 11, 15)
	s.invite("jonas", "Café Amsel", "priya@raman-accounting.example", "", presets["Accountant"])
	s.ago(179, 9, 5)
	s.accept("priya", "Europe/London")
	s.ago(161, 20, 0)
	s.invite("helga", "Stadtchor Lübeck e.V.", "tomasz@wrona-web.example", "", presets["Webmaster"])
	s.ago(160, 9, 40)
	s.accept("tomasz", "Europe/Warsaw")
	s.ago(150, 17, 30)
	s.invite("helga", "Stadtchor Lübeck e.V.", "amir@haddad.example", "Amir keeps our address up to date.", presets["Office"])
	s.ago(149, 18, 0)
	s.accept("amir", "Europe/Berlin")
	s.ago(133, 9, 0)
	s.invite("maja", "Nordlicht Studio GmbH", "lena@hoffmann.example", "", presets["Developer"])
	s.ago(131, 21, 10)
	s.accept("lena", "Europe/Berlin")
	s.ago(120, 10, 30)
	s.invite("helga", "Stadtchor Lübeck e.V.", "maja@nordlicht-studio.example", "", access.SetOf(access.NameDomains, access.NameEmails))
	s.ago(119, 8, 20)
	s.accept("maja", "Europe/Berlin")
	s.ago(102, 13, 45)
	s.invite("maja", "Nordlicht Studio GmbH", "nils@berg.example", "", presets["Developer"])
	s.ago(101, 9, 0)
	s.accept("nils", "Europe/Oslo")
	s.ago(90, 15, 0)
	s.invite("deniz", "Aydın Import", "tomasz@wrona-web.example", "", presets["Webmaster"])
	s.ago(89, 8, 0)
	s.accept("tomasz", "Europe/Warsaw")
	s.ago(61, 9, 12)
	s.invite("maja", "Nordlicht Studio GmbH", "deniz@aydin.example", "", access.SetOf(access.NameDomains))
	s.ago(60, 10, 2)
	s.accept("deniz", "Europe/Istanbul")
	s.ago(55, 10, 30)
	s.change("maja", "Nordlicht Studio GmbH", "deniz", access.SetOf(access.NameDomains, access.NameEmails))
	s.ago(40, 16, 48)
	s.remove("maja", "Nordlicht Studio GmbH", "nils")
}

// contacts are those who get emails without a login.
func (s *story) contacts() {
	s.contact("maja", "Nordlicht Studio GmbH", contact.Person{Name: "Buchhaltung", Company: "Nordlicht Studio GmbH", Email: access.Email{Typed: "buchhaltung@nordlicht-studio.example"},
		Phone: "0451 5550124", Address: address.Address{Line1: "Hafenstraße 12", Postcode: "23552", City: "Lübeck", Country: "DE"}, Topics: mail.Choice{mail.Invoice}, Billing: true})
	s.contact("maja", "Nordlicht Studio GmbH", contact.Person{Name: "Ada Kowalska", Company: "Kowalska Domains", Email: access.Email{Typed: "ada@kowalska.example"},
		Phone: "+48 58 555 01 77", Address: address.Address{Country: "PL"}, Topics: mail.Choice{mail.Product, mail.Domain}})
	s.contact("jonas", "Café Amsel", contact.Person{Name: "Steuerbüro Kranz", Email: access.Email{Typed: "post@kranz-steuer.example"}, Address: address.Address{Country: "DE"}, Topics: mail.Choice{mail.Invoice}})
	s.contact("helga", "Stadtchor Lübeck e.V.", contact.Person{Name: "Vorstand", Email: access.Email{Typed: "vorstand@stadtchor.example"}, Address: address.Address{Country: "DE"},
		Topics: mail.Choice{mail.General, mail.Domain}})
}

// contact has somebody add a contact.
func (s *story) contact(by, accountName string, p contact.Person) {
	_, m := s.visit(by, accountName)
	if s.err != nil {
		return
	}
	in, err := access.Enter[access.Contacts](m, access.Change)
	s.try(err)
	_, err = s.persons.Add(s.ctx, in, p)
	s.try(err)
}

// A round is who logs in to an account every so many days, from so many days
// ago on.
type round struct {
	who, account string
	every, since int
}

func rounds() []round {
	return []round{
		{"maja", "Nordlicht Studio GmbH", 3, 361}, {"tomasz", "Nordlicht Studio GmbH", 4, 229}, {"priya", "Nordlicht Studio GmbH", 10, 219},
		{"lena", "Nordlicht Studio GmbH", 6, 130}, {"jonas", "Café Amsel", 7, 354}, {"sofia", "Café Amsel", 5, 196}, {"tomasz", "Café Amsel", 9, 203},
		{"helga", "Stadtchor Lübeck e.V.", 8, 300}, {"amir", "Stadtchor Lübeck e.V.", 12, 148}, {"deniz", "Aydın Import", 11, 273},
		{"priya", "Raman Accounting", 6, 249}, {"tomasz", "Wrona Web", 5, 339},
	}
}

// everyday plays the log-ins of the days before so many days ago that were not
// played yet.
func (s *story) everyday(until int) {
	for ; s.played > until; s.played-- {
		for i, r := range rounds() {
			if day := s.played; s.err == nil && day <= r.since && day%r.every == 0 {
				s.turn(day, 21+i/5, (day*7+i)%60)
				s.visit(r.who, r.account)
			}
		}
	}
}

func (s *story) lately(presets map[string]access.Set) {
	s.ago(11, 9, 0)
	s.invite("maja", "Nordlicht Studio GmbH", "office@old-agency.example", "", access.Everything)
	s.ago(6, 15, 30)
	s.invite("maja", "Nordlicht Studio GmbH", "consultant@hill.example", "", access.SetOf(access.NameInvoices, access.NameQuotes))
	s.ago(5, 8, 10)
	s.decline("consultant@hill.example")
	s.ago(2, 10, 45)
	s.invite("maja", "Nordlicht Studio GmbH", "katrin@freelance.example", "Hi Katrin, this is the account we talked about.", presets["Developer"])
	s.ago(2, 16, 5)
	s.seek("owen", "Old Mill Brewery", "maja@nordlicht-studio.example", "We share the new shop with you. I would like to see its domain.")
	s.ago(1, 14, 30)
	s.want("deniz", "Nordlicht Studio GmbH", access.NameProducts, "I want to see when the plan of our shop ends.")
	s.ago(1, 17, 20)
	s.invite("jonas", "Café Amsel", "buchhaltung@cafe-amsel.example", "", presets["Accountant"])
}
