package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/settings"
	"atrium/base/vault"
	"atrium/text"
	"atrium/ui"
)

// Options is what the faces stand on.
type Options struct {
	DB       *db.DB
	Vault    *vault.Vault
	Log      *slog.Logger
	Assets   *ui.Assets
	BaseURL  *url.URL       // the one address; requests for another host are refused
	Proxies  []netip.Prefix // whose X-Forwarded-For counts
	Settings *settings.Store
	// Language is spoken to everybody, whatever they have chosen: for tests that
	// look at pages in a language that nobody can choose. "": to each their own.
	Language string
	// OnLogin writes the audit row of a log in to an account.
	OnLogin func(context.Context, *db.Tx, access.Act) error
}

// Routes collects what the areas offer: routes behind doors, menu entries,
// cards of Home, and of the staff area tabs and sections of Overview. Handler turns them into the server's handler.
type Routes struct {
	Options
	rows         []Row
	entries      []entry
	cards        []card
	staffEntries []staffEntry
	tabs         []staffEntry
	actions      []staffEntry
	overview     []section
	denials      []denial
	lists        ui.Lists
	buffers      sync.Pool
	guard        *guard
}

// A Row is one route, for the tests that walk them all.
type Row struct {
	Method string
	Path   string // as net/http's mux takes it
	Door   string // "anyone", "user", "member", "leaving", "managers", "owner", a permission's slug, "staff:" and a staff permission's
	Fresh  bool   // only for who has proved lately who they are
	Most   int64  // bytes that may be sent to it, of a form with a file; 0: what a form may have
	serve  handler
}

type handler func(q *Request) (Reply, error)

// New makes an empty collection.
func New(o Options) *Routes {
	r := &Routes{Options: o, guard: newGuard()}
	r.buffers.New = func() any { return new(text.Out) }
	return r
}

// Rows lists every route.
func (r *Routes) Rows() []Row { return slices.Clone(r.rows) }

// An Entry is a line of the account's menu, or of the staff area's, or a tab of
// an account's record there.
type Entry struct {
	Group string // "" is the first, without a heading
	Label string
	Path  string // within the account, the staff area or the record
	Also  string // of a tab: what else belongs to it, likewise; "" = nothing
	Icon  ui.Glyph
	Rank  int // entries stand in this order
	// Only narrows it to some of those whom the door lets in; nil: all of them.
	Only func(access.Rights) bool
}

type entry struct {
	Entry
	allows func(access.Rights) bool
}

// A denial is what an area adds to the page that names a missing permission.
type denial func(q *Request, m access.Membership, missing access.Name) (templ.Component, error)

type card struct {
	rank   int
	allows func(access.Rights) bool
	draw   func(q *Request, m access.Membership) (templ.Component, error)
}

// Handler is everything that was collected, as one handler.
func (r *Routes) Handler() http.Handler {
	slices.SortStableFunc(r.entries, func(a, b entry) int { return a.Rank - b.Rank })
	slices.SortStableFunc(r.cards, func(a, b card) int { return a.rank - b.rank })
	slices.SortStableFunc(r.staffEntries, func(a, b staffEntry) int { return a.Rank - b.Rank })
	slices.SortStableFunc(r.tabs, func(a, b staffEntry) int { return a.Rank - b.Rank })
	slices.SortStableFunc(r.actions, func(a, b staffEntry) int { return a.Rank - b.Rank })
	slices.SortStableFunc(r.overview, func(a, b section) int { return a.rank - b.rank })
	mux := http.NewServeMux()
	for _, row := range r.rows {
		mux.Handle(row.Method+" "+exact(row.Path), r.serve(row))
	}
	mux.Handle("GET /assets/", r.Assets)
	mux.HandleFunc("GET "+sheetPath, serveSheet)
	mux.HandleFunc("GET "+logoPath+"{logo}", r.serveLogo)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", r.ready)
	mux.Handle("/", r.serve(Row{Path: "/", Door: "anyone", serve: func(*Request) (Reply, error) { return nil, errNoPage }}))
	return r.outer(mux)
}

// exact makes a path that ends in a slash mean itself and not all below it.
func exact(path string) string {
	if strings.HasSuffix(path, "/") {
		return path + "{$}"
	}
	return path
}

// ready tells whether requests can be answered. A replica that is away is told
// of and no reason to take this process out: the primary is asked instead.
func (r *Routes) ready(w http.ResponseWriter, q *http.Request) {
	if err := r.DB.Ping(q.Context()); err != nil {
		r.Log.Error("not ready", "err", err)
		http.Error(w, "database does not answer", http.StatusServiceUnavailable)
		return
	}
	w.Write([]byte("ready\n"))
	if there, answers := r.DB.Replicated(); there && !answers {
		w.Write([]byte("the replica does not answer: staff's searches and reports are read from the primary\n"))
	}
}
