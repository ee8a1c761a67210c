package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// listenHost is the host of an address to listen on; "" is every address of
// the machine.
func listenHost(address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("%q is not an address; write it as 127.0.0.1:8080, or :8080 for all addresses of this machine", address)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", fmt.Errorf("%q is not a port; write a number up to 65535", port)
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "" && host != "localhost" {
		return "", fmt.Errorf("%q is not an address of a machine; write its IP address", host)
	}
	return host, nil
}

func parseBase(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, errors.New("write it as https://clients.example.com")
	case u.User != nil:
		return nil, errors.New("leave out the user and password")
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || strings.Contains(text, "#"):
		return nil, errors.New("leave out what follows the host: Atrium needs a host of its own")
	}
	host, err := hostPort(u)
	if err != nil {
		return nil, err
	}
	if implied := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]; strings.HasSuffix(host, implied) {
		host = strings.TrimSuffix(host, implied)
	}
	return &url.URL{Scheme: u.Scheme, Host: host}, nil
}

// hostPort is a URL's host and port as browsers write them. Its errors don't
// repeat them: where an @ is missing, they are a user and a password.
func hostPort(u *url.URL) (string, error) {
	name, port := strings.ToLower(u.Hostname()), u.Port()
	if n, err := strconv.ParseUint(port, 10, 16); port != "" && (err != nil || n == 0) || strings.HasSuffix(u.Host, ":") {
		return "", errors.New("the port is not a number from 1 to 65535")
	}
	host := name
	if strings.HasPrefix(u.Host, "[") {
		a, err := netip.ParseAddr(name)
		if err != nil || a.Zone() != "" {
			return "", errors.New("what stands in [] is not an IP address")
		}
		host = "[" + a.String() + "]"
	} else if !hostname(name) {
		return "", errors.New("the host is not a name that can be looked up; write letters beyond a to z as xn--…")
	}
	if port != "" {
		host += ":" + strings.TrimLeft(port, "0")
	}
	return host, nil
}

// hostname tells whether a name in lower case can be a host's.
func hostname(name string) bool {
	if len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" ||
			label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
	}
	return true
}

// loopback tells whether a host is this machine to itself.
func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && a.IsLoopback() && !a.Is4In6()
}

func postgres(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "postgres" && u.Opaque == ""
}

// mayBeStandby tells whether an address of PostgreSQL names several hosts and takes
// one that accepts no writes, too.
func mayBeStandby(text string) bool {
	u, err := url.Parse(text)
	if err != nil {
		return true
	}
	q := u.Query()
	several := strings.Contains(u.Host, ",") || strings.Contains(q.Get("host"), ",")
	wants := q.Get("target_session_attrs")
	return several && wants != "read-write" && wants != "primary"
}

func parseProxies(text string) ([]netip.Prefix, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var list []netip.Prefix
	for item := range strings.SplitSeq(text, ",") {
		p, err := parsePrefix(strings.TrimSpace(item))
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

func parsePrefix(item string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(item); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
	}
	p, err := netip.ParsePrefix(item)
	switch {
	case err != nil || p.Addr().Is4In6():
		return p, fmt.Errorf("%q is not an address; write 10.0.0.1 or 10.0.0.0/8, separated by commas", item)
	case p != p.Masked():
		return p, fmt.Errorf("%q is an address within a network; write %s for the network or %s for the one address", item, p.Masked(), p.Addr())
	case p.Bits() == 0:
		return p, fmt.Errorf("%q is everybody: then anyone could pretend to come from anywhere", item)
	}
	return p, nil
}

func parseLevel(text string) (slog.Level, error) {
	level, ok := map[string]slog.Level{
		"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	}[text]
	if !ok {
		return level, fmt.Errorf("%q is none of debug, info, warn and error", text)
	}
	return level, nil
}

// parseSMTP reads a mail server's address and fills in its port; nil for none.
func parseSMTP(text string) (*url.URL, error) {
	if text == "" {
		return nil, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Host == "" ||
		u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("write it as smtp://user:password@host:587 or smtps://…, with %XX for marks in the password")
	}
	if password, _ := u.User.Password(); (u.User.Username() == "") != (password == "") {
		return nil, errors.New("give both a user and a password, or neither")
	}
	host, err := hostPort(u)
	if err != nil {
		return nil, err
	}
	if u.Port() == "" {
		host += map[string]string{"smtp": ":587", "smtps": ":465"}[u.Scheme]
	}
	return &url.URL{Scheme: u.Scheme, User: u.User, Host: host}, nil
}
