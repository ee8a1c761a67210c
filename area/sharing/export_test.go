package sharing

// The editor of permissions, for the test that draws it.
type PermsView = permsView

var PermsEditor = permsEditor
