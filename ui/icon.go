package ui

import (
	"github.com/a-h/templ"

	"atrium/text"
)

// A Glyph names an icon.
type Glyph string

// The icons there are.
const (
	IconAccount  Glyph = "account"
	IconWarning  Glyph = "warning"
	IconBin      Glyph = "bin"
	IconBuilding Glyph = "building"
	IconCheck    Glyph = "check"
	IconChevron  Glyph = "chevron"
	IconClock    Glyph = "clock"
	IconClose    Glyph = "close"
	IconCopy     Glyph = "copy"
	IconDevice   Glyph = "device"
	IconHelp     Glyph = "help"
	IconHome     Glyph = "home"
	IconInfo     Glyph = "info"
	IconKey      Glyph = "key"
	IconLock     Glyph = "lock"
	IconLogout   Glyph = "logout"
	IconMail     Glyph = "mail"
	IconMenu     Glyph = "menu"
	IconPencil   Glyph = "pencil"
	IconPerson   Glyph = "person"
	IconPlus     Glyph = "plus"
	IconSearch   Glyph = "search"
	IconSend     Glyph = "send"
	IconSettings Glyph = "settings"
	IconShield   Glyph = "shield"
	IconSwitch   Glyph = "switch"
	IconUsers    Glyph = "users"
)

// path is the icon's drawing on a 24 by 24 grid, to be stroked.
func (g Glyph) path() string {
	switch g {
	case IconAccount:
		return "M4 4h16v16H4zM12 11a2 2 0 1 0 0-4 2 2 0 0 0 0 4M8 17c0-2.5 1.5-4 4-4s4 1.5 4 4"
	case IconWarning:
		return "M12 4 2.5 20h19zM12 10v4M12 17h.01"
	case IconBin:
		return "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5"
	case IconBuilding:
		return "M4 21V5l8-2 8 2v16M9 21v-5h6v5M8 8h.01M12 8h.01M16 8h.01M8 12h.01M12 12h.01M16 12h.01"
	case IconCheck:
		return "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8 12.5l3 3 5-6"
	case IconChevron:
		return "M7 9l5 5 5-5"
	case IconClock:
		return "M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18"
	case IconClose:
		return "M6 6l12 12M18 6 6 18"
	case IconCopy:
		return "M9 9h11v11H9zM5 15H4V4h11v1"
	case IconDevice:
		return "M4 5h16v11H4zM2 20h20M9.5 16.5v3.5M14.5 16.5v3.5"
	case IconHelp:
		return "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9.5 9.5c0-3.5 5-3.3 5 0 0 2-2.5 2-2.5 4M12 16.8h.01"
	case IconHome:
		return "M3 11 12 4l9 7M5 10v9h5v-5h4v5h5v-9"
	case IconInfo:
		return "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v5M12 7.8h.01"
	case IconKey:
		return "M8 20a5 5 0 1 0 0-10 5 5 0 0 0 0 10M11.5 11.5 20 3M16 7l3 3"
	case IconLock:
		return "M5 11h14v10H5zM8 11V7.5a4 4 0 0 1 8 0V11M12 15v2"
	case IconLogout:
		return "M14 4H5v16h9M10 12h11M17 8l4 4-4 4"
	case IconMail:
		return "M3 6h18v12H3zM3 7l9 6 9-6"
	case IconMenu:
		return "M4 7h16M4 12h16M4 17h16"
	case IconPencil:
		return "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3"
	case IconPerson:
		return "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21c0-4 3.5-6 8-6s8 2 8 6"
	case IconPlus:
		return "M12 5v14M5 12h14"
	case IconSearch:
		return "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5 20 20"
	case IconSend:
		return "M21 3 3 10l7 4 4 7zM10 14 21 3"
	case IconSettings:
		return "M4 7h10M18 7h2M4 17h2M10 17h10M16 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4M8 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4"
	case IconShield:
		return "M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM9 12l2 2 4-4"
	case IconSwitch:
		return "M4 8h15M15 4l4 4-4 4M20 16H5M9 12l-4 4 4 4"
	case IconUsers:
		return "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8M2 21c0-4 3-6 7-6s7 2 7 6M16 3.5a4 4 0 0 1 0 7.4M18 15.5c2.5.8 4 2.6 4 5.5"
	}
	return ""
}

// turns tells whether the icon points somewhere, which is the other way where
// lines run from right to left.
func (g Glyph) turns() bool { return g == IconLogout || g == IconSend }

// Icon draws an icon at the size of a line of text. It is hidden from screen
// readers: the words beside it say what it means. A page has dozens.
func Icon(g Glyph) templ.Component { return templ.Raw(g.svg()) }

// DrawIcon draws an Icon.
func DrawIcon(o *text.Out, _ text.Children, g Glyph) { o.Raw(g.svg()) }

func (g Glyph) svg() string { return drawings[g] }

// drawings are the icons as pages have them. They are read only.
var drawings = func() map[Glyph]string {
	all := map[Glyph]string{}
	for _, g := range []Glyph{IconAccount, IconWarning, IconBin, IconBuilding, IconCheck, IconChevron, IconClock, IconClose, IconCopy,
		IconDevice, IconHelp, IconHome, IconInfo, IconKey, IconLock, IconLogout, IconMail, IconMenu, IconPencil, IconPerson, IconPlus,
		IconSearch, IconSend, IconSettings, IconShield, IconSwitch, IconUsers} {
		class := "ic"
		if g.turns() {
			class = "ic turns"
		}
		all[g] = `<svg class="` + class + `" width="20" height="20" viewBox="0 0 24 24" aria-hidden="true"><path d="` + g.path() + `"></path></svg>`
	}
	return all
}()
