package ui

import (
	"context"
	"io"
)

// Fragments is how many drawn pieces are kept.
func (l *Lists) Fragments() int { return len(l.fragments.texts) }

// Counted draws a text and counts how often.
func Counted(n *int, text string) func(context.Context, io.Writer) error {
	return func(_ context.Context, w io.Writer) error {
		*n++
		_, err := io.WriteString(w, text)
		return err
	}
}

// Icons lists every glyph, for tests.
func Icons() []Glyph {
	return []Glyph{
		IconAccount, IconBin, IconBuilding, IconCheck, IconChevron, IconClock, IconClose, IconCopy, IconDevice,
		IconHelp, IconHome, IconInfo, IconKey, IconLock, IconLogout, IconMail, IconMenu, IconPencil, IconPerson,
		IconPlus, IconSearch, IconSend, IconSettings, IconShield, IconSwitch, IconUsers, IconWarning,
	}
}
