package contact

import (
	"strings"
	"testing"

	"atrium/base/access"
	"atrium/base/address"
	"atrium/base/mail"
	"atrium/fault"
)

func bo() Person {
	return Person{Name: "Bo", Email: access.Email{Typed: "bo@example.com"}, Address: address.Address{Country: "DE"}}
}

func TestAContactIsKeptAsItIsWritten(t *testing.T) {
	p := Person{
		Name: " Bo \n Berg ", Company: "Berg\tAS", Email: access.Email{Typed: " Bo@Exämple.com "}, Phone: "0451 123456",
		Address: address.Address{Line1: "Hafenstraße  1", Postcode: "D-23552", City: "Lübeck", Country: "DE"}, Billing: true,
	}
	got, err := p.read()
	want := "Bo Berg|Berg AS|Bo@Exämple.com|+49451123456|DE|Hafenstraße 1||23552|Lübeck||invoice|yes"
	var said []string
	for _, f := range Fields() {
		said = append(said, got.field(f))
	}
	if s := strings.Join(said, "|"); err != nil || s != want || got.Email.Key != "bo@xn--exmple-cua.com" {
		t.Errorf("%s, %q, %v", s, got.Email.Key, err)
	}
	again, err := got.read()
	if err != nil || len(again.changes(got)) > 0 {
		t.Errorf("read again it is %+v, %v", again, err)
	}
}

func TestWhatIsWrongWithAContactIsSaidAtItsField(t *testing.T) {
	for field, wrong := range map[string]func(*Person){
		"name":     func(p *Person) { p.Name = " \n" },
		"name ":    func(p *Person) { p.Name = strings.Repeat("ü", access.MostName+1) },
		"company":  func(p *Person) { p.Company = strings.Repeat("ü", mostCompany+1) },
		"email":    func(p *Person) { p.Email.Typed = "bo@" },
		"phone":    func(p *Person) { p.Phone = "call me" },
		"country":  func(p *Person) { p.Address.Country = "XX" },
		"postcode": func(p *Person) { p.Address = address.Address{Line1: "1", City: "C", Postcode: "1", Country: "DE"} },
	} {
		p := bo()
		wrong(&p)
		got, err := p.read()
		e, ok := fault.As(err)
		if !ok || len(e.Fields) != 1 || e.Fields[0].Name != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
		if p.Email.Typed != got.Email.Typed || p.Phone != got.Phone {
			t.Errorf("%s: what was typed is lost: %+v", field, got)
		}
	}
}

func TestTheOwnerIsToldOfWhatAnAddressBeginsToGet(t *testing.T) {
	of := func(key string, topics ...mail.Topic) Person {
		return Person{ID: 1, Email: access.Email{Key: key}, Topics: mail.Choice(topics)}
	}
	for i, c := range []struct {
		was, now Person
		want     string
	}{
		{Person{}, of("a", mail.General, mail.Support, mail.Product, mail.Affiliate), ""},
		{Person{}, of("a", mail.Invoice, mail.Support), "invoice"},
		{of("a"), of("a", mail.Invoice, mail.Domain), "invoice domain"},
		{of("a", mail.Invoice), of("a", mail.Invoice, mail.Domain), "domain"},
		{of("a", mail.Invoice, mail.Domain), of("a", mail.Invoice), ""},
		{of("a", mail.Invoice, mail.Domain), of("b", mail.Invoice), "invoice"},
		{of("a", mail.Invoice), of("b"), ""},
	} {
		if got := c.now.gains(c.was).String(); got != c.want {
			t.Errorf("%d: told of %q, want %q", i, got, c.want)
		}
	}
}

func TestTheAuditKeepsNoAddressesAndNumbers(t *testing.T) {
	p := bo()
	p.Phone, p.Address.Line1, p.Company, p.Topics, p.Billing = "+49451123456", "Hafenstraße 1", "Berg", mail.Choice{mail.Domain}, true
	r := p.record(p.changes(Person{}))
	if r.Name != "Bo" || r.Email != "bo@example.com" || *r.Topics != "domain" || r.Billing != "yes" || strings.Join(r.Also, " ") != "company phone country address1" {
		t.Errorf("%+v", r)
	}
	if r := p.record(nil); r.Name != "" || r.Topics != nil || r.Also != nil {
		t.Errorf("of nothing it keeps %+v", r)
	}
}
