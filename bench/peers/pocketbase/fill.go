package main

import (
	"net/url"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"
)

// An order is what the database is to hold, by index.
type order struct {
	People []struct {
		Email string `json:"email"`
		Name  string `json:"name"`
	} `json:"people"`
	Accounts []struct {
		Name    string `json:"name"`
		Members []int  `json:"members"`
	} `json:"accounts"`
	Target int `json:"target"`
}

// An operation is what is asked, again and again.
type operation struct {
	Name  string `json:"name"`
	Asks  []ask  `json:"asks"`
	Shows string `json:"shows"` // what the answer must say
}

type ask struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
}

// permissions are what each member has.
var permissions = types.JSONRaw(`["accounts","billing","domains"]`)

// fill makes the schema, writes the rows into its tables, and gives what is to
// be asked as the owner of the account under load.
func fill(app core.App, o order) ([]operation, error) {
	if err := app.RunAllMigrations(); err != nil {
		return nil, err
	}
	if err := collections(app); err != nil {
		return nil, err
	}
	var account, owner string
	err := app.RunInTransaction(func(tx core.App) error {
		users, err := writePeople(tx, o)
		if err != nil {
			return err
		}
		accounts, err := writeAccounts(tx, o, users)
		if err != nil {
			return err
		}
		account, owner = accounts[o.Target], users[o.Accounts[o.Target].Members[0]]
		return nil
	})
	if err != nil {
		return nil, err
	}
	user, err := app.FindRecordById("users", owner)
	if err != nil {
		return nil, err
	}
	token, err := user.NewAuthToken()
	return operations(o, account, token), err
}

func operations(o order, account, token string) []operation {
	get := func(name, path, shows string) operation {
		return operation{name, []ask{{"GET", "/api/collections/" + path, map[string]string{"Authorization": token}}}, shows}
	}
	filter := "memberships/records?perPage=50&filter=" + url.QueryEscape("account='"+account+"'")
	return []operation{
		get("view an account under its rule", "accounts/records/"+account, o.Accounts[o.Target].Name),
		get("list members under the rule, ten, with their users", filter+"&expand=user", `"totalItems":10`),
		get("the same without users and without counting", filter+"&skipTotal=1", `"totalItems":-1`),
	}
}

// writePeople writes users without a password, since its hash would take a
// twentieth of a second for each.
func writePeople(app core.App, o order) ([]string, error) {
	var ids []string
	now := types.NowDateTime()
	for _, p := range o.People {
		id := core.GenerateDefaultRandomId()
		ids = append(ids, id)
		_, err := app.DB().Insert("users", dbx.Params{"id": id, "email": p.Email, "name": p.Name, "emailVisibility": true, "verified": true,
			"password": "", "tokenKey": security.RandomString(50), "avatar": "", "created": now, "updated": now}).Execute()
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func writeAccounts(app core.App, o order, users []string) ([]string, error) {
	var ids []string
	for _, a := range o.Accounts {
		id := core.GenerateDefaultRandomId()
		ids = append(ids, id)
		if _, err := app.DB().Insert("accounts", dbx.Params{"id": id, "name": a.Name}).Execute(); err != nil {
			return nil, err
		}
		for i, u := range a.Members {
			_, err := app.DB().Insert("memberships", dbx.Params{"id": core.GenerateDefaultRandomId(), "account": id, "user": users[u],
				"owner": i == 0, "permissions": permissions}).Execute()
			if err != nil {
				return nil, err
			}
		}
	}
	return ids, nil
}
