package host

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/settings"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// presetsPath is the page of the presets; each is below it by its place, counted
// from 1. Since forms name the version of the list, a place means what it meant
// when the page was drawn.
const presetsPath = "/settings/presets"

const presetsTitle = "Presets"

// presetView is the form of one preset.
type presetView struct {
	Path   string // within the staff area
	Title  string
	Name   string
	Ticked access.Set
	Offer  access.Set
	Latest settings.Change
	Err    error
}

func (s Staff) presetRoutes(in web.Door[Proof]) {
	in.Get(presetsPath, func(q *web.Request, _ Proof) (web.Reply, error) { return presetsReply(q, q.Settings(), nil), nil })
	in.Get(presetsPath+"/new", s.newPreset)
	in.Post(presetsPath+"/new", s.savePreset)
	in.Get(presetsPath+"/reset", s.askReset)
	in.Post(presetsPath+"/reset", s.resetPresets)
	in.Get(presetsPath+"/{preset}", s.preset)
	in.Post(presetsPath+"/{preset}", s.savePreset)
	in.Get(presetsPath+"/{preset}/{change}", toPresets)
	in.Post(presetsPath+"/{preset}/up", s.onPreset(func(all []settings.Preset, i int) []settings.Preset { return swapped(all, i, i-1) }))
	in.Post(presetsPath+"/{preset}/down", s.onPreset(func(all []settings.Preset, i int) []settings.Preset { return swapped(all, i, i+1) }))
	in.Post(presetsPath+"/{preset}/remove", s.onPreset(func(all []settings.Preset, i int) []settings.Preset { return slices.Delete(all, i, i+1) }))
}

func toPresets(*web.Request, Proof) (web.Reply, error) {
	return web.Redirect{To: "/staff" + presetsPath}, nil
}

// swapped has two presets in each other's place; beyond the ends there is none.
func swapped(all []settings.Preset, i, j int) []settings.Preset {
	if j >= 0 && j < len(all) {
		all[i], all[j] = all[j], all[i]
	}
	return all
}

func presetsReply(q *web.Request, set *settings.Snapshot, err error) web.Reply {
	p := q.Printer()
	return web.Page{Title: p.T("Settings: %s", p.Word(presetsTitle)), Err: err, Body: func(f ui.Frame) templ.Component { return presetsPage(f, set, err) }}
}

// placeOf is the place in the list that the path names, from 0.
func placeOf(q *web.Request, all []settings.Preset) (int, error) {
	n, err := strconv.Atoi(q.Path("preset"))
	if err != nil || n < 1 || n > len(all) || strconv.Itoa(n) != q.Path("preset") {
		return 0, web.NoPage()
	}
	return n - 1, nil
}

func (s Staff) newPreset(q *web.Request, _ Proof) (web.Reply, error) {
	return presetReply(q, presetView{}), nil
}

func (s Staff) preset(q *web.Request, _ Proof) (web.Reply, error) {
	all := q.Settings().Presets.List
	i, err := placeOf(q, all)
	if err != nil {
		return nil, err
	}
	return presetReply(q, presetView{Name: all[i].Name, Ticked: all[i].Set()}), nil
}

func presetReply(q *web.Request, v presetView) web.Reply {
	p, set := q.Printer(), q.Settings()
	v.Path, v.Title, v.Offer, v.Latest = presetsPath+"/new", p.T("Add a preset"), set.Users.Offered(), settings.Latest[settings.Presets](set)
	if at := q.Path("preset"); at != "" {
		v.Path, v.Title = presetsPath+"/"+at, p.T("Change a preset")
	}
	return web.Page{Title: p.T("Settings: %s", v.Title), Err: v.Err, Body: func(f ui.Frame) templ.Component { return presetPage(f, v) }}
}

// savePreset takes the form of a new preset or of one that is there.
func (s Staff) savePreset(q *web.Request, in Proof) (web.Reply, error) {
	form, err := q.Form("name", "perm*", "version")
	if err != nil {
		return nil, err
	}
	next := settings.Preset{Name: form.Text("name"), Permissions: form.All("perm")}
	err = s.changePresets(q, in, form, func(all []settings.Preset) ([]settings.Preset, error) {
		if q.Path("preset") == "" {
			return append(all, next), nil
		}
		i, err := placeOf(q, all)
		if err == nil {
			all[i] = next
		}
		return all, err
	})
	if onForm(err) {
		ticked, _ := access.ParseSet(next.Permissions)
		return presetReply(q, presetView{Name: next.Name, Ticked: ticked, Err: err}), nil
	}
	return s.presetsSaved(q, q.Printer().T("Saved: %s.", access.CleanName(next.Name)), err)
}

// onPreset is the target of a button that changes the list at a place.
func (s Staff) onPreset(change func(all []settings.Preset, i int) []settings.Preset) func(*web.Request, Proof) (web.Reply, error) {
	return func(q *web.Request, in Proof) (web.Reply, error) {
		form, err := q.Form("version")
		if err != nil {
			return nil, err
		}
		err = s.changePresets(q, in, form, func(all []settings.Preset) ([]settings.Preset, error) {
			i, err := placeOf(q, all)
			if err != nil {
				return nil, err
			}
			return change(all, i), nil
		})
		return s.presetsSaved(q, q.Printer().T("Saved: %s.", q.Printer().Word(presetsTitle)), err)
	}
}

// changePresets saves what change makes of the list in force. When the form shows
// another it is Conflict with the code settings.Changed: its places are others.
func (s Staff) changePresets(q *web.Request, in Proof, form web.Form, change func([]settings.Preset) ([]settings.Preset, error)) error {
	set := q.Settings()
	version := typed{form, true}.version()
	if version != settings.Latest[settings.Presets](set).Version {
		return Save(q.Context(), in, s.Host, set.Presets, -1) // which no list has
	}
	all, err := change(slices.Clone(set.Presets.List))
	if err != nil {
		return err
	}
	return Save(q.Context(), in, s.Host, settings.Presets{List: all}, version)
}

func (s Staff) presetsSaved(q *web.Request, done string, err error) (web.Reply, error) {
	switch {
	case fault.CodeOf(err) == settings.Changed || onForm(err): // a place in the list has no form of its own
		return presetsReply(q, s.Host.Now(q.Context()), err), nil
	case err != nil:
		return nil, err
	}
	return web.Done("/staff"+presetsPath, done), nil
}

func (s Staff) askReset(q *web.Request, _ Proof) (web.Reply, error) {
	p, set := q.Printer(), q.Settings()
	return web.Page{Title: p.T("Go back to the presets that come with Atrium?"), Body: func(f ui.Frame) templ.Component {
		return resetPage(f, settings.Latest[settings.Presets](set))
	}}, nil
}

func (s Staff) resetPresets(q *web.Request, in Proof) (web.Reply, error) {
	form, err := q.Form("version")
	if err != nil {
		return nil, err
	}
	err = s.changePresets(q, in, form, func([]settings.Preset) ([]settings.Preset, error) { return settings.Defaults().Presets.List, nil })
	return s.presetsSaved(q, q.Printer().T("The presets are those that come with Atrium."), err)
}
