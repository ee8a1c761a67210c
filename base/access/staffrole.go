package access

// StaffRole is what a person of the staff is.
type StaffRole string

// The roles. They are stored.
const (
	Administrator StaffRole = "administrator"
	Billing       StaffRole = "billing"
	Support       StaffRole = "support"
	ReadOnly      StaffRole = "read-only"
)

// StaffRoles lists the roles in the order people see them.
func StaffRoles() []StaffRole { return []StaffRole{Administrator, Billing, Support, ReadOnly} }

// StaffRoleFrom finds a role by what is stored.
func StaffRoleFrom(s string) (StaffRole, bool) {
	_, ok := roleTexts[StaffRole(s)]
	return StaffRole(s), ok
}

// Label is the role's name on screens, a translation key.
func (r StaffRole) Label() string { return roleTexts[r].label }

// Description is what the role is for, a translation key.
func (r StaffRole) Description() string { return roleTexts[r].description }

// Holds tells whether the role includes a staff permission.
func (r StaffRole) Holds(n StaffName) bool { return roleTexts[r].set&(1<<n) != 0 }

// StaffName is one of the staff permissions. It is not stored.
type StaffName uint8

// The staff permissions.
const (
	NameOwnLogin StaffName = iota
	NameSeeAccounts
	NameEditAccounts
	NameCloseAccounts
	NameManageUsers
	NameLoginAsOwner
	NameRunJobs
	NameManageSettings
	NameManageStaff
	staffNames // how many there are
)

// StaffPermission is the closed set of what staff may do.
type StaffPermission interface {
	OwnLogin | SeeAccounts | EditAccounts | CloseAccounts | ManageUsers | LoginAsOwner | RunJobs | ManageSettings | ManageStaff
	staffPermission() StaffName
}

// One type per staff permission.
type (
	OwnLogin       struct{} // look after one's own staff login
	SeeAccounts    struct{} // see all accounts, users, emails and activity
	EditAccounts   struct{} // open accounts, change their details, write notes
	CloseAccounts  struct{} // make accounts inactive or closed, open them again, delete them
	ManageUsers    struct{} // say who may use an account, and look after users' logins
	LoginAsOwner   struct{} // look at an account as its owner does
	RunJobs        struct{} // run again what failed
	ManageSettings struct{} // change the host's settings
	ManageStaff    struct{} // say who is staff, and in which role
)

func (OwnLogin) staffPermission() StaffName       { return NameOwnLogin }
func (SeeAccounts) staffPermission() StaffName    { return NameSeeAccounts }
func (EditAccounts) staffPermission() StaffName   { return NameEditAccounts }
func (CloseAccounts) staffPermission() StaffName  { return NameCloseAccounts }
func (ManageUsers) staffPermission() StaffName    { return NameManageUsers }
func (LoginAsOwner) staffPermission() StaffName   { return NameLoginAsOwner }
func (RunJobs) staffPermission() StaffName        { return NameRunJobs }
func (ManageSettings) staffPermission() StaffName { return NameManageSettings }
func (ManageStaff) staffPermission() StaffName    { return NameManageStaff }

// StaffNameOf gives the name of a staff permission's type.
func StaffNameOf[R StaffPermission]() StaffName { var r R; return r.staffPermission() }

// Slug names the permission in logs and tests.
func (n StaffName) Slug() string { return staffTexts[n].slug }

// Label is what the permission allows, a translation key: "See accounts, …".
func (n StaffName) Label() string { return staffTexts[n].label }

// StaffNameFrom finds a staff permission by its slug.
func StaffNameFrom(slug string) (StaffName, bool) {
	for n, t := range staffTexts {
		if t.slug == slug {
			return StaffName(n), true
		}
	}
	return 0, false
}

// staffTexts is read only.
var staffTexts = [staffNames]struct{ slug, label string }{
	NameOwnLogin:       {"own-login", "Look after their own login"},
	NameSeeAccounts:    {"see-accounts", "See accounts, users, emails and activity"},
	NameEditAccounts:   {"edit-accounts", "Open accounts, change their details, write notes"},
	NameCloseAccounts:  {"close-accounts", "Close and delete accounts"},
	NameManageUsers:    {"manage-users", "Manage the users of accounts and their logins"},
	NameLoginAsOwner:   {"login-as-owner", "Log in as an account's owner"},
	NameRunJobs:        {"run-jobs", "Run failed work again"},
	NameManageSettings: {"manage-settings", "Change the settings"},
	NameManageStaff:    {"manage-staff", "Manage staff"},
}

type roleText struct {
	label, description string
	set                uint16 // of 1<<StaffName
}

// roleTexts is read only. Every role looks after its own login and sees.
var roleTexts = map[StaffRole]roleText{
	Administrator: {"Administrator", "May do everything, also change settings and say who is staff.", 1<<staffNames - 1},
	Billing: {"Billing", "Sees everything, opens accounts, changes their details, closes and deletes them.",
		seeing | 1<<NameEditAccounts | 1<<NameCloseAccounts},
	Support: {"Support", "Sees everything, opens accounts, changes their details, manages their users, logs in as their owners, runs failed work again.",
		seeing | 1<<NameEditAccounts | 1<<NameManageUsers | 1<<NameLoginAsOwner | 1<<NameRunJobs},
	ReadOnly: {"Read-only", "Sees everything and changes nothing.", seeing},
}

const seeing = 1<<NameOwnLogin | 1<<NameSeeAccounts
