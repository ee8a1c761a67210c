package config_test

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"atrium/base/config"
)

// The defaults of the documentation's table.
var defaults = []config.Setting{
	{Name: "ATRIUM_LISTEN", Value: "127.0.0.1:8080", From: config.FromDefault},
	{Name: "ATRIUM_BASE_URL", Value: "http://localhost:8080", From: config.FromDefault},
	{Name: "ATRIUM_DATABASE_URL", Value: "sqlite:atrium.db", From: config.FromDefault},
	{Name: "ATRIUM_DATABASE_READ_URL", Value: "", From: config.FromDefault},
	{Name: "ATRIUM_TRUSTED_PROXIES", Value: "", From: config.FromDefault},
	{Name: "ATRIUM_LOG", Value: "info", From: config.FromDefault},
	{Name: "ATRIUM_CONFIG", Value: "", From: config.FromDefault},
	{Name: "ATRIUM_SMTP_URL", Value: "", From: config.FromDefault},
	{Name: "ATRIUM_MAIL_FROM", Value: "Atrium <no-reply@localhost>", From: config.FromDefault},
	{Name: "ATRIUM_SECRET_KEY_FILE", Value: "atrium.key", From: config.FromDefault},
	{Name: "ATRIUM_INSECURE_HTTP", Value: "false", From: config.FromDefault},
	{Name: "ATRIUM_DEV_MAIL", Value: "false", From: config.FromDefault},
}

// A program like Atrium's: commands that embed the settings, and one that doesn't.
type program struct {
	Serve struct {
		config.Settings
		Once bool
	} `cmd:""`
	Doctor struct{ config.Settings } `cmd:""`
	About  struct {
		Log int // of its own, not ours
	} `cmd:""`
}

// parse runs kong in an environment without ATRIUM_… but env's.
func parse(t *testing.T, env map[string]string, args ...string) (*program, error) {
	t.Helper()
	for _, d := range defaults {
		t.Setenv(d.Name, env[d.Name])
	}
	var p program
	k, err := kong.New(&p, kong.Exit(func(int) {}), kong.Writers(io.Discard, io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	_, err = k.Parse(args)
	return &p, err
}

// settings are what serve gets.
func settings(t *testing.T, env map[string]string, args ...string) *config.Settings {
	t.Helper()
	p, err := parse(t, env, append([]string{"serve"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	return &p.Serve.Settings
}

func write(t *testing.T, lines ...string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "atrium.conf")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNothingSetIsTheDocumentedDefaultAndValid(t *testing.T) {
	s := settings(t, nil)
	if diff := cmp.Diff(defaults, s.Sources()); diff != "" {
		t.Error(diff)
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}

func TestFlagsWinOverEnvironmentOverFileOverDefault(t *testing.T) {
	path := write(t, "# remark", "", "ATRIUM_LISTEN = :1", "ATRIUM_LOG=warn\r", "ATRIUM_BASE_URL=https://file.example", "ATRIUM_DEV_MAIL=true", "ATRIUM_SMTP_URL=")
	env := map[string]string{"ATRIUM_CONFIG": path, "ATRIUM_LISTEN": ":2", "ATRIUM_LOG": "error", "ATRIUM_INSECURE_HTTP": "yes"}
	s := settings(t, env, "--listen=:3", "--mail-from", "a@example.com")
	want := slices.Clone(defaults)
	want[0] = config.Setting{Name: "ATRIUM_LISTEN", Value: ":3", From: config.FromFlag}
	want[1] = config.Setting{Name: "ATRIUM_BASE_URL", Value: "https://file.example", From: config.FromFile}
	want[5] = config.Setting{Name: "ATRIUM_LOG", Value: "error", From: config.FromEnvironment}
	want[6] = config.Setting{Name: "ATRIUM_CONFIG", Value: path, From: config.FromEnvironment}
	want[8] = config.Setting{Name: "ATRIUM_MAIL_FROM", Value: "a@example.com", From: config.FromFlag}
	want[10] = config.Setting{Name: "ATRIUM_INSECURE_HTTP", Value: "true", From: config.FromEnvironment}
	want[11] = config.Setting{Name: "ATRIUM_DEV_MAIL", Value: "true", From: config.FromFile}
	if diff := cmp.Diff(want, s.Sources()); diff != "" {
		t.Error(diff)
	}
}

func TestTheFileIsTheFlagsBeforeTheEnvironments(t *testing.T) {
	env := map[string]string{"ATRIUM_CONFIG": write(t, "ATRIUM_LOG=warn")}
	s := settings(t, env, "--config", write(t, "ATRIUM_LOG=error"))
	if s.Log != "error" || s.Sources()[6].From != config.FromFlag {
		t.Errorf("log is %q, config from %s", s.Log, s.Sources()[6].From)
	}
}

func TestAFlagCanEmptyWhatTheEnvironmentSets(t *testing.T) {
	s := settings(t, map[string]string{"ATRIUM_SMTP_URL": "smtp://mail.example"}, "--smtp-url=")
	if s.SMTP != "" || s.SMTPURL() != nil {
		t.Errorf("SMTP is %q", string(s.SMTP))
	}
}

func TestOtherCommandsFlagsAreTheirOwn(t *testing.T) {
	p, err := parse(t, map[string]string{"ATRIUM_LOG": "warn"}, "about", "--log=3")
	if err != nil || p.About.Log != 3 {
		t.Errorf("about --log is %d, %v", p.About.Log, err)
	}
}

func TestTheFileIsReadStrictly(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"unknown name", "ATRIUM_LOG=info\nATRIUM_SMPT_URL=s3cret", `line 2: "ATRIUM_SMPT_URL" is not a setting`},
		{"lower case", "atrium_log=info", `line 1: "atrium_log" is not a setting`},
		{"flag's name", "log=info", `line 1: "log" is not a setting`},
		{"doubled", "ATRIUM_LOG=info\n\n# x\nATRIUM_LOG=info", "line 4: ATRIUM_LOG stands twice"},
		{"doubled, first empty", "ATRIUM_LOG=\nATRIUM_LOG=info", "line 2: ATRIUM_LOG stands twice"},
		{"no value", "ATRIUM_LOG", "line 1: write it as NAME=value"},
		{"no name", "=s3cret", "line 1: write it as NAME=value"},
		{"shell", "export ATRIUM_LOG=info", `line 1: "export ATRIUM_LOG" is not a setting`},
		{"quotation marks", `ATRIUM_BASE_URL="https://s3cret.example"`, "line 1: write the value of ATRIUM_BASE_URL without quotation marks"},
		{"another file", "ATRIUM_CONFIG=other", "line 1: the file can't name another file"},
		{"not a switch", "ATRIUM_DEV_MAIL=maybe", "--dev-mail"},
	} {
		path := write(t, tt.text)
		_, err := parse(t, nil, "serve", "--config", path)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v; want %q", tt.name, err, tt.want)
			continue
		}
		if strings.Contains(tt.want, "line") && !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v does not name the file", tt.name, err)
		}
		if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v shows a value", tt.name, err)
		}
	}
	missing := filepath.Join(t.TempDir(), "none")
	if _, err := parse(t, nil, "serve", "--config", missing); err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("missing file: %v", err)
	}
}

func TestNamesAreTheSameEverywhere(t *testing.T) {
	var p program
	k, err := kong.New(&p)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, flag := range k.Model.Children[0].Flags {
		if flag.Name == "once" {
			continue
		}
		name := "ATRIUM_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
		names = append(names, name)
		if !strings.Contains(flag.Help, "($"+name+").") {
			t.Errorf("the help of --%s does not name %s: %q", flag.Name, name, flag.Help)
		}
	}
	var want []string
	for _, d := range defaults {
		want = append(want, d.Name)
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
}

func TestPasswordsAreNeverPrinted(t *testing.T) {
	for _, tt := range []struct{ url, want string }{
		{"", ""},
		{"sqlite:atrium.db", "sqlite:atrium.db"},
		{"sqlite:/var/lib/a b@c/atrium.db", "sqlite:/var/lib/a b@c/atrium.db"},
		{"smtp://mail.example:587", "smtp://mail.example:587"},
		{"smtp://ann:s3cret@mail.example:587", "smtp://ann:xxxxx@mail.example:587"},
		{"smtp://ann:s3cret!%40@mail.example", "smtp://ann:xxxxx@mail.example"},
		{"postgres://ann:s3cret@db/atrium?sslmode=verify-full", "postgres://ann:xxxxx@db/atrium?sslmode=verify-full"},
		{"postgres:///atrium?host=/run&user=ann&password=s3cret", "postgres:///atrium?host=%2Frun&password=xxxxx&user=ann"},
		{"postgres://db/atrium?sslPassword=s3cret", "postgres://db/atrium?sslPassword=xxxxx"},
		{"ann:s3cret@mail.example:587", "xxxxx"},
		{"smtp://ann:12/s3cret@mail.example", "xxxxx"},
		{"smtp://ann:12?s3cret@mail.example", "xxxxx"},
		{"smtp://ann:12#s3cret@mail.example", "xxxxx"},
		{"smtp://ann:s3cret", "xxxxx"},
		{"smtp:ann:s3cret@mail.example", "xxxxx"},
	} {
		u := config.URL(tt.url)
		json, err := u.MarshalText()
		for _, got := range []string{u.String(), fmt.Sprint(u), fmt.Sprintf("%s", u), string(json)} {
			if got != tt.want || err != nil {
				t.Errorf("%q is printed as %q, want %q", tt.url, got, tt.want)
			}
		}
	}
	s := config.Settings{SMTP: "smtp://ann:s3cret@mail.example", Database: "postgres://ann:s3cret@db/a"}
	for _, got := range []string{fmt.Sprint(s), fmt.Sprintf("%+v", &s), fmt.Sprintf("%#v", s), fmt.Sprint(s.Sources())} {
		if strings.Contains(got, "s3cret") {
			t.Errorf("printed: %s", got)
		}
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "settings", s, "smtp", s.SMTP)
	if strings.Contains(log.String(), "s3cret") {
		t.Errorf("logged: %s", log.String())
	}
}

func TestEveryExportedFieldIsASetting(t *testing.T) {
	n := 0
	for _, f := range reflect.VisibleFields(reflect.TypeFor[config.Settings]()) {
		if f.IsExported() {
			n++
		}
	}
	if got := len((&config.Settings{}).Sources()); got != n || got != len(defaults) {
		t.Errorf("%d fields, %d listed, %d documented", n, got, len(defaults))
	}
}
