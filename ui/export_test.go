package ui

// Icons lists every glyph, for tests.
func Icons() []Glyph {
	return []Glyph{
		IconAccount, IconBin, IconBuilding, IconCheck, IconChevron, IconClock, IconClose, IconCopy, IconDevice,
		IconHelp, IconHome, IconInfo, IconKey, IconLock, IconLogout, IconMail, IconMenu, IconPencil, IconPerson,
		IconPlus, IconSearch, IconSend, IconSettings, IconShield, IconSwitch, IconUsers, IconWarning,
	}
}
