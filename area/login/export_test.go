package login

// Browser is browser, for tests.
func Browser(agent string) (name, system string) { return browser(agent) }
