package settings

import (
	"slices"

	"atrium/base/access"
)

// Presets are what the forms of permissions offer to begin with, and what people
// who have just these permissions are called.
type Presets struct {
	List []Preset `json:"list"` // in the forms' order
}

// A Preset is a name for permissions, by slug.
type Preset struct {
	Name        string   `json:"name"` // of those that come with Atrium it is a translation key
	Permissions []string `json:"permissions"`
}

// Set is its permissions, also those that are hidden.
func (p Preset) Set() access.Set {
	set, _ := access.ParseSet(p.Permissions)
	return set
}

// presetsOf is how presets are set.
func presetsOf(all []access.Preset) Presets {
	p := Presets{List: []Preset{}}
	for _, preset := range all {
		p.List = append(p.List, Preset{preset.Label, preset.Set.Slugs()})
	}
	return p
}

// offer is the permissions that are not hidden, with the presets.
func (s Settings) offer() access.Offer {
	var presets []access.Preset
	for _, p := range s.Presets.List {
		presets = append(presets, access.Preset{Label: p.Name, Set: p.Set()})
	}
	return access.NewOffer(s.Users.Offered(), presets)
}

const (
	mostPresets = 12 // more are no help
	mostPreset  = 40 // characters
)

// check names the fields of the one preset that was changed: the others were
// right already.
func (p Presets) check(o *outcome) section {
	checked := Presets{List: []Preset{}}
	for _, preset := range p.List {
		checked.List = append(checked.List, preset.check(o, checked.List))
	}
	if len(p.List) > mostPresets {
		o.Add("name", "There can be %d presets. Remove one first.", mostPresets)
	}
	return checked
}

// check makes a preset whole. before are those that stand before it.
func (p Preset) check(o *outcome, before []Preset) Preset {
	p.Name = access.CleanName(p.Name)
	switch key := access.Fold(p.Name); {
	case key == "":
		o.Add("name", "Enter a name.")
	case len([]rune(p.Name)) > mostPreset:
		o.Add("name", "Shorten the name to %d characters.", mostPreset)
	case key == access.Fold(access.OwnerRole) || key == access.Fold(access.Custom):
		o.Add("name", "People are called so already whose permissions are no preset. Choose another name.")
	case slices.ContainsFunc(before, func(other Preset) bool { return access.Fold(other.Name) == key }):
		o.Add("name", "There is a preset of this name already.")
	}
	set, ok := access.ParseSet(p.Permissions)
	set = set.Normal()
	switch same := slices.IndexFunc(before, func(other Preset) bool { return other.Set() == set }); {
	case !ok:
		o.Add("perm", "One of these permissions does not exist. Reload the page.")
	case set == 0:
		o.Add("perm", "Tick at least one permission.")
	case same >= 0:
		o.Add("perm", "“%s” has just these permissions already.", before[same].Name)
	}
	p.Permissions = set.Slugs()
	return p
}
