//go:build !faults

package db

// hook does nothing: only builds with the tag "faults" can fail on purpose.
type hook struct{}

func (hook) init()               {}
func (hook) before(string) error { return nil }
func (hook) committed() error    { return nil }
