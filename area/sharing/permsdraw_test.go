package sharing_test

import (
	"fmt"
	"strings"
	"testing"

	"atrium/area/sharing"
	"atrium/base/access"
	"atrium/fault"
	"atrium/ui"
)

// What is kept of the editor is what would be drawn anew, whatever differs: each
// view is drawn twice after all the others.
func TestAKeptEditorIsTheOneThatWouldBeDrawn(t *testing.T) {
	var kept ui.Lists
	views := editors()
	for _, lang := range []string{"en", "de"} {
		p := ui.NewPrinter(lang, nil)
		seen := map[string]int{}
		for range 2 {
			for i, v := range views {
				want := drawEditor(t, p, v)
				if got := drawEditor(t, p.Keeping(&kept), v); got != want {
					t.Errorf("%s: view %d is %s, not %s", lang, i, got, want)
				}
				if other, ok := seen[want]; ok && other != i {
					t.Errorf("views %d and %d look the same: one of them tests nothing", other, i)
				}
				seen[want] = i
			}
		}
	}
}

// editors differ in one thing each from the first.
func editors() []sharing.PermsView {
	names := access.Everything.Names()
	offer := access.NewOffer(access.Everything, access.DefaultPresets())
	first := sharing.PermsView{All: true, Offer: offer, Gives: access.Everything}
	views := []sharing.PermsView{first}
	add := func(change func(*sharing.PermsView)) {
		v := first
		change(&v)
		views = append(views, v)
	}
	add(func(v *sharing.PermsView) { v.All = false })
	add(func(v *sharing.PermsView) { v.Staff = true })
	add(func(v *sharing.PermsView) { v.Held = access.SetOf(names[0]) })
	add(func(v *sharing.PermsView) { v.Err = fault.FieldErr("perm", "", "Tick at least one permission.") })
	add(func(v *sharing.PermsView) { v.Notes = map[string]string{names[0].Slug(): "Ask us first."} })
	add(func(v *sharing.PermsView) { v.Notes = map[string]string{names[1].Slug(): "Ask us first."} })
	add(func(v *sharing.PermsView) {
		v.Offer = access.NewOffer(access.Everything, []access.Preset{{Label: "Bookkeeper", Set: access.SetOf(names[2])}})
	})
	for i, n := range names {
		add(func(v *sharing.PermsView) { v.Ticked = access.SetOf(n) })
		add(func(v *sharing.PermsView) {
			v.Gives = access.Everything.Without(access.SetOf(n))
			v.Offer = access.NewOffer(v.Gives, []access.Preset{{Label: fmt.Sprint("Preset ", i), Set: v.Gives}})
		})
	}
	return views
}

func drawEditor(t *testing.T, p ui.Printer, v sharing.PermsView) string {
	t.Helper()
	var b strings.Builder
	if err := sharing.PermsEditor(p, v).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
