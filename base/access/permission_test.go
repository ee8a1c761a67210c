package access

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What customers and hosts' help pages know, word for word. The order is that
// of the bits, which are stored.
const thirteen = `
profile | Modify Master Account Profile | Access and modify the account profile information
contacts | View & Manage Contacts | Access and manage contacts
products | View Products & Services | View access to products, services and addons
manageproducts | View & Modify Product Passwords | Allow password resets and other actions
productsso | Perform Single Sign-On | Allow single sign-on into services
domains | View Domains | View access to domain registrations
managedomains | Manage Domain Settings | Allow domain management eg. nameservers/whois/transfers
invoices | View & Pay Invoices | View and payment access to invoices
quotes | View & Accept Quotes | View and acceptance permissions for quotes
tickets | View & Open Support Tickets | Access to open, respond and manage support tickets
affiliates | View & Manage Affiliate Account | Access to view and request withdrawals
emails | View Emails | View access to account email history
orders | Place New Orders/Upgrades/Cancellations | Allow placing of new orders
`

func TestTheThirteenPermissionsWordForWord(t *testing.T) {
	var b strings.Builder
	for _, n := range Everything.Names() {
		b.WriteString(n.Slug() + " | " + n.Label() + " | " + n.Text().Description + "\n")
	}
	if got := b.String(); got != strings.TrimPrefix(thirteen, "\n") {
		t.Errorf("got\n%s", got)
	}
	if Total != 13 || Everything.Len() != 13 || Everything != 0x1fff {
		t.Errorf("%d permissions, everything is %#x", Total, Everything)
	}
}

func TestEveryPermissionHasAnExplanationAndAGroup(t *testing.T) {
	for _, n := range Everything.Names() {
		if x := n.Text(); x.Explanation == "" || !slices.Contains([]string{"Account", "Services", "Domains", "Billing", "Support"}, x.Group) || x.Sensitive && x.Warning == "" {
			t.Errorf("%s: %+v", n.Slug(), x)
		}
	}
}

func TestAPermissionIsFoundByItsSlugOnly(t *testing.T) {
	for _, n := range Everything.Names() {
		if got, ok := NameFrom(n.Slug()); !ok || got != n {
			t.Errorf("%s is found as %d, %t", n.Slug(), got, ok)
		}
	}
	for _, wrong := range []string{"", "root", "Profile", "profile ", "perm", "owner", "managing"} {
		if n, ok := NameFrom(wrong); ok {
			t.Errorf("%q is found as %s", wrong, n.Slug())
		}
	}
}

func TestNamesAreThoseOfTheTypes(t *testing.T) {
	for i, n := range []Name{NameOf[Profile](), NameOf[Contacts](), NameOf[Products](), NameOf[ManageProducts](), NameOf[ProductSSO](), NameOf[Domains](),
		NameOf[ManageDomains](), NameOf[Invoices](), NameOf[Quotes](), NameOf[Tickets](), NameOf[Affiliates](), NameOf[Emails](), NameOf[Orders]()} {
		if int(n) != i {
			t.Errorf("type %d is named %s", i, n.Slug())
		}
	}
}

func TestWhoMayManageMayView(t *testing.T) {
	for _, c := range []struct{ given, want string }{
		{"", ""},
		{"manageproducts", "products,manageproducts"},
		{"productsso", "products,productsso"},
		{"managedomains", "domains,managedomains"},
		{"productsso,managedomains", "products,productsso,domains,managedomains"},
		{"products,domains", "products,domains"},
		{"orders", "orders"},
		{"profile,contacts,invoices,quotes,tickets,affiliates,emails,orders", "profile,contacts,invoices,quotes,tickets,affiliates,emails,orders"},
	} {
		if got := join(parse(t, c.given).Normal()); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.given, got, c.want)
		}
	}
}

func parse(t *testing.T, slugs string) Set {
	t.Helper()
	s, ok := ParseSet(strings.FieldsFunc(slugs, func(r rune) bool { return r == ',' }))
	if !ok {
		t.Fatalf("%q has an unknown slug", slugs)
	}
	return s
}

func join(s Set) string { return strings.Join(s.Slugs(), ",") }

func anySet() *rapid.Generator[Set] {
	return rapid.Map(rapid.Uint64Range(0, uint64(Everything)), func(n uint64) Set { return Set(n) })
}

func TestNormalOnlyAddsAndTwiceIsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySet().Draw(t, "set")
		n := s.Normal()
		if !n.Holds(s) || n.Normal() != n || !Everything.Holds(n) {
			t.Fatalf("%v becomes %v, and that %v", s.Slugs(), n.Slugs(), n.Normal().Slugs())
		}
		if added := n.Without(s); !SetOf(NameProducts, NameDomains).Holds(added) {
			t.Fatalf("%v was added to %v", added.Slugs(), s.Slugs())
		}
		for _, name := range n.Names() {
			if need, ok := name.Needs(); ok && !n.Has(need) {
				t.Fatalf("%v lacks %s", n.Slugs(), need.Slug())
			}
		}
	})
}

// Whoever gives what they hold, made whole, gives nothing they lack.
func TestPartsOfAWholeSetMadeWholeStayWithinIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		held := anySet().Draw(t, "held").Normal()
		part := held & anySet().Draw(t, "part")
		if !held.Holds(part.Normal()) {
			t.Fatalf("%v holds %v, but not %v", held.Slugs(), part.Slugs(), part.Normal().Slugs())
		}
	})
}

func TestBitsThatAreNoPermissionAreDropped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if s := Set(rapid.Uint64().Draw(t, "bits")); !Everything.Holds(s.Normal()) {
			t.Fatalf("%#x becomes %#x", s, s.Normal())
		}
	})
}

func TestASetSurvivesItsSlugs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySet().Draw(t, "set")
		slugs := s.Slugs()
		if got, ok := ParseSet(slugs); !ok || got != s {
			t.Fatalf("%#x becomes %v, and that %#x, %t", s, slugs, got, ok)
		}
		if SetOf(s.Names()...) != s || len(slugs) != s.Len() || len(s.Names()) != s.Len() || !slices.IsSorted(s.Names()) {
			t.Fatalf("%#x lists %v", s, s.Names())
		}
		other := anySet().Draw(t, "other")
		if s.Without(other)|s&other != s || s.Holds(other) != (other.Without(s) == 0) {
			t.Fatalf("%v without %v is %v", slugs, other.Slugs(), s.Without(other).Slugs())
		}
	})
}

func TestAnUnknownSlugSpoilsTheSet(t *testing.T) {
	for _, slugs := range [][]string{{"root"}, {"domains", ""}, {"domains", "Domains"}} {
		if s, ok := ParseSet(slugs); ok || s != 0 {
			t.Errorf("%v is read as %v, %t", slugs, s.Slugs(), ok)
		}
	}
	if s, ok := ParseSet([]string{"domains", "domains"}); !ok || s != SetOf(NameDomains) {
		t.Errorf("twice the same: %v, %t", s.Slugs(), ok)
	}
}

func TestThePresets(t *testing.T) {
	want := []struct{ label, slugs string }{
		{"Accountant", "products,domains,invoices,quotes"},
		{"Webmaster", "products,manageproducts,productsso,domains,managedomains,tickets"},
		{"Developer", "products,manageproducts,productsso,domains,tickets"},
		{"Full access", join(Everything)},
	}
	o := NewOffer(Everything, DefaultPresets())
	for i, p := range DefaultPresets() {
		if p.Label != want[i].label || join(p.Set) != want[i].slugs || p.Set.Normal() != p.Set {
			t.Errorf("%s: %s", p.Label, join(p.Set))
		}
		if o.Role(p.Set) != p.Label || o.RoleOf(Rights{Set: p.Set}) != p.Label || o.RoleOf(Rights{Owner: true, Set: p.Set}) != "Owner" {
			t.Errorf("the role of %s", p.Label)
		}
		for _, n := range p.Set.Names() {
			if other := p.Set.Without(SetOf(n)); o.Role(other) == p.Label {
				t.Errorf("%s less %s is still called so", p.Label, n.Slug())
			}
		}
	}
	if len(DefaultPresets()) != len(want) || o.Role(0) != "Custom" || o.Role(SetOf(NameEmails)) != "Custom" {
		t.Errorf("%d presets", len(DefaultPresets()))
	}
}

func TestAHiddenPermissionIsInNoPreset(t *testing.T) {
	mine := []Preset{{"Reader", SetOf(NameEmails)}, {"Bookkeeper", SetOf(NameEmails, NameInvoices)}}
	o := NewOffer(Everything.Without(SetOf(NameEmails)), mine)
	if all := o.Presets(); len(all) != 1 || all[0] != (Preset{"Bookkeeper", SetOf(NameInvoices)}) {
		t.Errorf("there are %v", all)
	}
	if mine[1].Set != SetOf(NameEmails, NameInvoices) || o.Role(SetOf(NameEmails, NameInvoices)) != "Bookkeeper" || o.Role(SetOf(NameEmails)) != Custom || o.Len() != 12 {
		t.Error("what it leaves and what it calls people")
	}
}

func TestRightsAreWhatTheOwnerOrTheSetHolds(t *testing.T) {
	owner, manager, member := Rights{Owner: true}, Rights{Managing: true, Set: SetOf(NameEmails)}, Rights{Set: SetOf(NameEmails)}
	if !owner.Manages() || !manager.Manages() || member.Manages() {
		t.Error("who manages users")
	}
	if owner.Permissions() != Everything || manager.Permissions() != SetOf(NameEmails) {
		t.Error("what they hold")
	}
	for _, n := range Everything.Names() {
		if !owner.Holds(n) || manager.Holds(n) != (n == NameEmails) || member.Holds(n) != (n == NameEmails) {
			t.Errorf("who holds %s", n.Slug())
		}
	}
}

func TestASensitivePermissionIsWarnedOf(t *testing.T) {
	for _, n := range Everything.Names() {
		if SetOf(n).Warns() != n.Text().Sensitive {
			t.Errorf("%s warns: %t", n.Slug(), SetOf(n).Warns())
		}
	}
	if Set(0).Warns() {
		t.Error("nothing warns")
	}
}
