package host_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"atrium/base/access"
	"atrium/test/apptest"
)

// preset fills in the form of a preset: "new", or a place in the list.
func preset(p *apptest.Person, at, name string, slugs ...string) *apptest.Response {
	path := "/staff/settings/presets/" + at
	return p.Get(path).OK().Submit("form[action='"+path+"']", url.Values{"name": {name}, "perm": slugs})
}

// press presses a button of the list.
func press(p *apptest.Person, at, button string) *apptest.Response {
	return p.Get("/staff/settings/presets").OK().Submit("form[action='/staff/settings/presets/"+at+"/"+button+"']", nil)
}

// offered are the presets of the form to invite somebody, with what each ticks.
func offered(a *apptest.Account) string {
	var all []string
	a.Owner.Get(a.Path("/users")).OK().Find("[data-preset][aria-pressed]").Each(func(_ int, b *goquery.Selection) {
		all = append(all, b.Text()+"="+b.AttrOr("data-preset", ""))
	})
	return strings.Join(all, " ")
}

func TestTheHostMakesItsOwnPresets(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		acme := w.Account("Acme", "ann")
		acme.Member("bob", "products", "domains", "invoices", "quotes")
		acme.Owner.Get(acme.Path("/users")).OK().Says("Accountant")
		preset(jonas, "new", "Bookkeeper", "invoices", "quotes").Follow().Says("Saved: Bookkeeper.").Says("View & Pay Invoices, View & Accept Quotes")
		preset(jonas, "1", "Tax adviser", "products", "domains", "invoices", "quotes").SeeOther()
		for _, at := range []string{"2", "2", "2"} { // Webmaster, Developer, Full access
			press(jonas, at, "remove").SeeOther()
		}
		press(jonas, "2", "up").SeeOther()
		want := "Bookkeeper=invoices,quotes Tax adviser=products,domains,invoices,quotes"
		if got := offered(acme); got != want {
			t.Errorf("there are %q", got)
		}
		acme.Owner.Get(acme.Path("/users")).Says("Tax adviser").SaysNot("Accountant")
		jonas.Get("/staff/accounts/" + acme.Number.String() + "/users").Says("Tax adviser").SaysNot("Accountant")
		jonas.Get("/staff/accounts/" + acme.Number.String() + "/users/associate").OK().Has("[data-preset='invoices,quotes']").HasNot("[data-preset^='products,manage']")
		acme.Invite("eve@example.com", "products", "domains", "invoices", "quotes").SeeOther()
		acme.Owner.Get(acme.Path("/activity")).Says("Tax adviser, 4 of 13 permissions")
		press(jonas, "1", "down").SeeOther()
		preset(jonas, "1", "Tax adviser", "manageproducts").SeeOther()
		if got := offered(acme); got != "Tax adviser=products,manageproducts Bookkeeper=invoices,quotes" {
			t.Errorf("who may manage may view: %q", got)
		}
		acme.Owner.Get(acme.Path("/users")).Says("Custom")
		if got := audits(w, "settings.changed"); len(got) != 8 || !strings.Contains(got[7], `{"name":"Tax adviser","permissions":["products","manageproducts"]}`) {
			t.Errorf("the audit has %q", got)
		}

		press(jonas, "1", "remove").SeeOther()
		press(jonas, "1", "remove").Follow().Says("There are no presets")
		if got := offered(acme); got != "" {
			t.Errorf("there are %q", got)
		}
		acme.Invite("fay@example.com", "domains").SeeOther()
		jonas.Get("/staff/settings/presets/reset").OK().Says("Nobody's permissions change.").Submit("form[action$='/reset']", nil).Follow().Says("The presets are those that come with Atrium.")
		acme.Owner.Get(acme.Path("/users")).Says("Accountant")
		w.Holds()
	})
}

func TestAPresetThatIsWrongIsRefusedAndNothingTypedIsLost(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		for name, says := range map[string]string{
			"": "Enter a name.", "ACCOUNTANT": "There is a preset of this name already.", "owner": "People are called so already", "Custom": "People are called so already",
			strings.Repeat("x", 41): "Shorten the name to 40 characters.",
		} {
			page := preset(jonas, "new", name, "emails").Is(http.StatusUnprocessableEntity).Says(says)
			if page.Has("input[value=emails][checked]").HasNot("input[value=invoices][checked]").Find("#name").AttrOr("value", "") != name {
				t.Errorf("%q is lost", name)
			}
		}
		preset(jonas, "new", "Reader").Is(http.StatusUnprocessableEntity).Says("Tick at least one permission.").Has("input[name=name][value=Reader]")
		preset(jonas, "new", "Reader", "root").Is(http.StatusUnprocessableEntity).Says("One of these permissions does not exist.")
		preset(jonas, "new", "Reader", access.Everything.Slugs()...).Is(http.StatusUnprocessableEntity).Says("“Full access” has just these permissions already.")
		preset(jonas, "2", "Accountant", "emails").Is(http.StatusUnprocessableEntity).Says("There is a preset of this name already.")
		for _, at := range []string{"0", "5", "01", "x"} {
			jonas.Get("/staff/settings/presets/" + at).Is(http.StatusNotFound)
			jonas.Post("/staff/settings/presets/"+at+"/remove", url.Values{"version": {"0"}}).Is(http.StatusNotFound)
		}
		if got := audits(w, "settings.changed"); len(got) != 0 {
			t.Errorf("the audit has %q", got)
		}
		for _, slug := range access.Everything.Slugs()[:8] {
			preset(jonas, "new", "With "+slug, slug, "emails").SeeOther()
		}
		preset(jonas, "new", "One more", "orders").Is(http.StatusUnprocessableEntity).Says("There can be 12 presets.")
	})
}

func TestAHiddenPermissionNeverComesInThroughAPreset(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		acme := w.Account("Acme", "ann")
		var offer []string
		for _, s := range access.Everything.Slugs() {
			if s != "quotes" && s != "emails" {
				offer = append(offer, s)
			}
		}
		save(jonas, "/users", url.Values{"offer": offer}).SeeOther()
		preset(jonas, "new", "Bookkeeper", "invoices", "quotes").Follow().Says("Not offered, and so left out: View & Accept Quotes")
		preset(jonas, "new", "Reader", "emails").SeeOther()
		jonas.Get("/staff/settings/presets/5").OK().Says("You don't offer it: until you do, it is left out of the preset.").Has("input[value=quotes][checked]")
		got := offered(acme)
		if !strings.Contains(got, "Bookkeeper=invoices") || strings.Contains(got, "quotes") || strings.Contains(got, "emails") || strings.Contains(got, "Reader") {
			t.Errorf("there are %q", got)
		}
		acme.Invite("eve@example.com", "invoices", "quotes").Is(http.StatusUnprocessableEntity)
		page := jonas.Get("/staff/accounts/" + acme.Number.String() + "/users/associate").OK()
		page.HasNot("[data-preset*=quotes]").HasNot("[data-preset*=emails]")
		save(jonas, "/users", url.Values{"offer": access.Everything.Slugs()}).SeeOther()
		if got := offered(acme); !strings.Contains(got, "Bookkeeper=invoices,quotes") || !strings.Contains(got, "Reader=emails") {
			t.Errorf("there are %q", got)
		}
		w.Holds()
	})
}

func TestPresetsAreChangedByWhoSeesThemAsTheyAre(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		list, form := jonas.Get("/staff/settings/presets").OK(), jonas.Get("/staff/settings/presets/4").OK()
		press(jonas, "1", "remove").SeeOther()
		list.Submit("form[action$='/1/remove']", nil).Is(http.StatusConflict).Says("changed by someone else meanwhile").Says("Webmaster")
		form.Submit("form[action$='/4']", url.Values{"name": {"Mine"}, "perm": {"emails"}}).Is(http.StatusConflict).Says("changed by someone else meanwhile")
		press(jonas, "1", "remove").Follow().SaysNot("Webmaster")
	})
}
