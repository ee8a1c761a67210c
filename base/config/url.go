package config

import (
	"fmt"
	"io"
	"net/url"
	"strings"
)

// A URL is an address that may hold a password. However it is printed, the
// password is not shown; string(u) is the whole of it.
type URL string

const masked = "xxxxx" // what url.Redacted writes

// String is the address without its password: all of it hidden where one can't
// tell what is a password.
func (u URL) String() string {
	if u == "" || strings.HasPrefix(string(u), "sqlite:") {
		return string(u)
	}
	parsed, err := url.Parse(string(u))
	if err != nil || parsed.Opaque != "" || strings.Contains(parsed.Path+parsed.RawQuery+parsed.Fragment, "@") {
		return masked
	}
	query := parsed.Query()
	for name := range query {
		if strings.Contains(strings.ToLower(name), "password") {
			query.Set(name, masked)
			parsed.RawQuery = query.Encode()
		}
	}
	return parsed.Redacted()
}

// Format prints String, whatever the verb.
func (u URL) Format(s fmt.State, _ rune) { io.WriteString(s, u.String()) }

// MarshalText is String, for logs in JSON.
func (u URL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }
