package config

import (
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// BeforeResolve is kong's hook: it fills in what the command line leaves open,
// from the environment, then from the file. An empty value is none.
func (s *Settings) BeforeResolve(ctx *kong.Context) error {
	s.from = map[string]Source{}
	known := map[string]string{} // flag -> name
	names := map[string]bool{}
	for _, f := range fields() {
		known[f.flag] = f.name
		names[f.name] = true
	}
	path := os.Getenv("ATRIUM_CONFIG")
	for _, p := range ctx.Path {
		if p.Flag == nil || known[p.Flag.Name] == "" {
			continue
		}
		s.from[known[p.Flag.Name]] = FromFlag
		if p.Flag.Name == "config" {
			path = ctx.Value(p).String()
		}
	}
	file := map[string]string{}
	if path != "" {
		var err error
		if file, err = readFile(path, names); err != nil {
			return err
		}
	}
	ctx.AddResolver(kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		name := known[flag.Name]
		if value := os.Getenv(name); name != "" && value != "" {
			s.from[name] = FromEnvironment
			return value, nil
		}
		if value := file[name]; value != "" {
			s.from[name] = FromFile
			return value, nil
		}
		return nil, nil
	}))
	return nil
}

// readFile reads lines of NAME=value; empty lines and those that begin with #
// are skipped. Errors name the line and never show a value.
func readFile(path string, names map[string]bool) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("can't read the configuration file: %w", err)
	}
	values := map[string]string{}
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, err := parseLine(line, names)
		if err == nil && hasKey(values, name) {
			err = fmt.Errorf("%s stands twice", name)
		}
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, i+1, err)
		}
		values[name] = value
	}
	return values, nil
}

func hasKey(m map[string]string, key string) bool { _, ok := m[key]; return ok }

func parseLine(line string, names map[string]bool) (name, value string, err error) {
	name, value, ok := strings.Cut(line, "=")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch {
	case !ok || name == "":
		return "", "", fmt.Errorf("write it as NAME=value")
	case name == "ATRIUM_CONFIG":
		return "", "", fmt.Errorf("the file can't name another file")
	case !names[name]:
		return "", "", fmt.Errorf("%q is not a setting; atrium config lists them", name)
	case quoted(value):
		return "", "", fmt.Errorf("write the value of %s without quotation marks", name)
	}
	return name, value, nil
}

func quoted(s string) bool {
	return len(s) > 1 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0]
}
