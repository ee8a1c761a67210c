package web

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"atrium/base/access"
	"atrium/base/db"
)

// outer is what every request passes, whatever its route.
func (r *Routes) outer(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	if err := cross.AddTrustedOrigin(r.BaseURL.Scheme + "://" + r.BaseURL.Host); err != nil {
		panic(err) // config has checked the base URL
	}
	cross.SetDenyHandler(r.serve(Row{Path: "/", Door: "anyone", serve: func(q *Request) (Reply, error) {
		q.security("cross-origin request refused")
		return nil, httpError{http.StatusForbidden, "This form was sent from another site, so nothing was done."}
	}}))
	guarded, headers := cross.Handler(next), r.secureHeaders()
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path != "/healthz" && q.URL.Path != "/readyz" && q.Host != r.BaseURL.Host {
			http.Error(w, "This server does not answer for that host name.", http.StatusMisdirectedRequest)
			return
		}
		rec := &recorder{ResponseWriter: w, status: http.StatusOK, started: time.Now(), ip: r.client(q)}
		if !r.guard.allow(rec.ip, rec.started) {
			w.Header().Set("Retry-After", "1")
			http.Error(w, "Too many requests at once. Wait a second.", http.StatusTooManyRequests)
			return
		}
		maps.Copy(w.Header(), headers)
		guarded.ServeHTTP(rec, q)
	})
}

// secureHeaders are what every answer begins with. Each request gets the same
// slices: Set replaces them, and they have no room that Add could write to.
func (r *Routes) secureHeaders() http.Header {
	h := http.Header{}
	h.Set("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", sameOrigin)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cache-Control", "no-store")
	if r.secure() {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
	return h
}

const sameOrigin = "same-origin"

// noReferrer is the Referrer-Policy of an address that holds a one-time link.
// Under it browsers send forms with "Origin: null". Whether they are ours is
// then in Sec-Fetch-Site alone, which browsers don't send under http to another
// machine: there the address may go to this host, and to no other.
func (r *Routes) noReferrer() string {
	host := r.BaseURL.Hostname()
	ip, err := netip.ParseAddr(host)
	if r.secure() || host == "localhost" || err == nil && ip.IsLoopback() {
		return "no-referrer"
	}
	return sameOrigin
}

// serve answers one route: door, handler, reply, log line, and what is noted
// after the answer.
func (r *Routes) serve(row Row) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		rec := w.(*recorder) // of outer
		if hr.Body != http.NoBody {
			hr.Body = http.MaxBytesReader(rec, hr.Body, cmp.Or(row.Most, bodyLimit))
		}
		q := &Request{routes: r, w: rec, r: hr, row: &row, ip: rec.ip, now: r.DB.Clock().Now(),
			settings: r.Settings.Current(hr.Context(), r.DB.Auto())}
		q.ctx, q.read = hr.Context(), func() {}
		if q.isPage() { // it asks several things
			q.ctx, q.read = r.DB.Still(q.ctx)
			defer q.read()
		}
		defer func() {
			p := recover()
			if p == http.ErrAbortHandler && rec.sent {
				r.logLine(q, rec.status, time.Since(rec.started))
				panic(p) // the connection breaks, so that half an answer is not taken for a whole one
			}
			if p != nil {
				r.Log.Error("panic", "request", q.ID(), "route", row.Method+" "+row.Path, "panic", p, "stack", string(debug.Stack()))
				if !rec.sent {
					q.fail(fmt.Errorf("panic: %v", p))
				}
			}
			r.logLine(q, rec.status, time.Since(rec.started))
		}()
		reply, err := row.serve(q)
		if _, page := reply.(Page); !page {
			q.read()
		}
		if err == nil {
			err = reply.write(q)
		}
		if err != nil {
			q.fail(err)
		}
		q.after()
	})
}

// isPage tells whether a page is asked for, or a file.
func (q *Request) isPage() bool {
	return q.row.Method == http.MethodGet && !strings.HasPrefix(q.row.Path, "/api/")
}

// recorder keeps what is known of a request before its route, and, for the log line,
// the status and whether it was sent.
type recorder struct {
	http.ResponseWriter
	started time.Time
	ip      string
	status  int
	sent    bool
}

func (r *recorder) WriteHeader(status int) {
	r.status, r.sent = status, true
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// logLine never shows a path: one-time links stand in paths. The route says
// enough.
func (r *Routes) logLine(q *Request, status int, took time.Duration) {
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelError
	}
	if !r.Log.Enabled(q.Context(), level) {
		return
	}
	attrs := []slog.Attr{slog.String("request", q.ID()), slog.String("route", q.r.Method+" "+q.row.Path), slog.Int("status", status),
		slog.Duration("took", took), slog.String("ip", q.ip)}
	if q.session != nil {
		attrs = append(attrs, slog.String("user", q.session.User.ID.String()))
	}
	if s := q.person(); s != nil {
		attrs = append(attrs, slog.String("staff", s.Person.ID.String()))
	}
	if a := q.member.Account(); a != 0 {
		attrs = append(attrs, slog.Int64("account", int64(a)))
	}
	r.Log.LogAttrs(q.Context(), level, "request", attrs...)
}

// after notes that the session is in use, once the answer is on its way: also
// when the browser does not wait for that.
func (q *Request) after() {
	staff := q.person()
	inAccount := staff == nil && q.member.Account() != 0 && !q.member.Shut()
	switch {
	case staff != nil:
		if staff.SeenLately(q.now) {
			return
		}
	case q.session == nil, q.session.SeenLately(q.now) && (!inAccount || q.member.SeenLately(*q.session, q.now)):
		return
	}
	http.NewResponseController(q.w).Flush()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(q.Context()), 10*time.Second)
	defer cancel()
	d := q.routes.DB
	var err error
	if staff != nil {
		err = access.TouchStaffSession(ctx, d, *staff)
	} else {
		err = access.TouchSession(ctx, d, *q.session)
	}
	if err == nil && inAccount {
		err = access.Touch(ctx, d, *q.session, q.member, func(tx *db.Tx, by access.Act) error { return q.routes.OnLogin(ctx, tx, by) })
	}
	if err != nil {
		q.routes.Log.Error("last seen was not noted", "request", q.ID(), "err", err)
	}
}

// client is the browser's address: the peer's, or, when the peer is a listed
// proxy, the last one in X-Forwarded-For that is not.
func (r *Routes) client(q *http.Request) string {
	host, _, err := net.SplitHostPort(q.RemoteAddr)
	if err != nil {
		return q.RemoteAddr
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !r.trusted(ip) {
		return host
	}
	hops := strings.Split(strings.Join(q.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		next, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		ip = next.Unmap()
		if !r.trusted(ip) {
			break
		}
	}
	return ip.String()
}

func (r *Routes) trusted(ip netip.Addr) bool {
	return slices.ContainsFunc(r.Proxies, func(p netip.Prefix) bool { return p.Contains(ip.Unmap()) })
}
