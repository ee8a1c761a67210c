// Command floor is what Atrium is measured against: the least that answers
// whether somebody logged in is a member of an account, and the least that writes
// something down. One prepared query, one JSON document; one prepared INSERT.
package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"flag"
	"log"
	"net/http"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "modernc.org/sqlite"
)

const query = `SELECT m.user_id, m.owner, m.permissions FROM sessions s
	JOIN memberships m ON m.account_id = $2 AND m.user_id = s.user_id WHERE s.token_hash = $1`

type answer struct {
	User        int64 `json:"user"`
	Owner       bool  `json:"owner"`
	Permissions int64 `json:"permissions"`
}

// find asks the database; open gives it for one of the two.
type find func(ctx context.Context, hash string, account int64, to ...any) error

func openSQLite(path string) find {
	d, err := sql.Open("sqlite", "file:"+path+"?_query_only=1")
	fatal(err)
	d.SetMaxOpenConns(4)
	d.SetMaxIdleConns(4)
	s, err := d.Prepare(query)
	fatal(err)
	return func(_ context.Context, hash string, account int64, to ...any) error {
		return s.QueryRow(hash, account).Scan(to...) // a context that can end would cost a goroutine
	}
}

func openPostgres(url string) find {
	pool, err := pgxpool.New(context.Background(), url) // prepares by itself
	fatal(err)
	return func(ctx context.Context, hash string, account int64, to ...any) error {
		return pool.QueryRow(ctx, query, hash, account).Scan(to...)
	}
}

func main() {
	listen, url := flag.String("listen", "127.0.0.1:0", "address"), flag.String("database", "", "sqlite:FILE or postgres://…")
	flag.Parse()
	path, isFile := strings.CutPrefix(*url, "sqlite:")
	ask, keep := openPostgres, notePostgres
	if isFile {
		ask, keep = openSQLite, noteSQLite
	}
	find, note := ask(path), keep(path)
	handle("GET", func(ctx context.Context, hash string, account int64) (any, error) {
		var a answer
		err := find(ctx, hash, account, &a.User, &a.Owner, &a.Permissions)
		return a, err
	})
	handle("POST", func(ctx context.Context, hash string, account int64) (any, error) {
		return struct{}{}, note(ctx, hash, account)
	})
	log.Fatal(http.ListenAndServe(*listen, nil))
}

// handle answers with what do finds for the session of the cookie and the account
// in the path.
func handle(method string, do func(ctx context.Context, hash string, account int64) (any, error)) {
	http.HandleFunc(method+" /accounts/{account}/membership", func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie("atrium")
		account, wrong := strconv.ParseInt(r.PathValue("account"), 10, 64)
		if err != nil || wrong != nil {
			http.NotFound(w, r)
			return
		}
		hash := sha256.Sum256([]byte(cookie.Value))
		a, err := do(r.Context(), hex.EncodeToString(hash[:]), account)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(a)
	})
}

func fatal(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
