// Command pocketbase is PocketBase with accounts that are shared, as the load of
// bench/load drives it:
//
//	pocketbase fill FOLDER < order.json > operations.json
//	pocketbase serve FOLDER ADDRESS
//
// It is PocketBase as it comes, started as its own program starts it; collections and
// rules are what its console would make.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // its own tables
)

func main() {
	switch {
	case len(os.Args) == 3 && os.Args[1] == "fill":
		var o order
		fatal(json.NewDecoder(os.Stdin).Decode(&o))
		operations, err := fill(open(os.Args[2]), o)
		fatal(err)
		fatal(json.NewEncoder(os.Stdout).Encode(operations))
	case len(os.Args) == 4 && os.Args[1] == "serve":
		fatal(serve(open(os.Args[2]), os.Args[3]))
	default:
		fmt.Fprintln(os.Stderr, "pocketbase fill FOLDER, or serve FOLDER ADDRESS")
		os.Exit(2)
	}
}

// open opens the database with PocketBase's own settings of SQLite.
func open(folder string) core.App {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: folder})
	fatal(app.Bootstrap())
	return app
}

// serve leaves out that PocketBase opens a browser while nobody administers it.
func serve(app core.App, address string) error {
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil
		return e.Next()
	})
	return apis.Serve(app, apis.ServeConfig{HttpAddr: address})
}

func fatal(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
