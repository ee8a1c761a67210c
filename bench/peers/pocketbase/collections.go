package main

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// The rules. Who is a member of an account sees it, its memberships and its
// members, and nobody else does. Rules with @collection instead of the relations
// back took more than ten seconds for the list.
const (
	viewAccount    = `memberships_via_account.user ?= @request.auth.id`
	listMembership = `account.memberships_via_account.user ?= @request.auth.id`
	viewUser       = `id = @request.auth.id || memberships_via_user.account.memberships_via_account.user ?= @request.auth.id`
)

// collections makes the schema and turns the log of requests off.
func collections(app core.App) error {
	app.Settings().Logs.MaxDays = 0
	if err := app.Save(app.Settings()); err != nil {
		return err
	}
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	accounts := core.NewBaseCollection("accounts")
	accounts.Fields.Add(&core.TextField{Name: "name", Required: true})
	if err := app.Save(accounts); err != nil {
		return err
	}
	memberships := core.NewBaseCollection("memberships")
	memberships.Fields.Add(
		&core.RelationField{Name: "account", CollectionId: accounts.Id, Required: true, MaxSelect: 1, CascadeDelete: true},
		&core.RelationField{Name: "user", CollectionId: users.Id, Required: true, MaxSelect: 1, CascadeDelete: true},
		&core.BoolField{Name: "owner"},
		&core.JSONField{Name: "permissions"},
	)
	memberships.AddIndex("membership", true, "account, user", "")
	memberships.AddIndex("membership_user", false, "user", "")
	if err := app.Save(memberships); err != nil {
		return err
	}
	accounts.ViewRule = types.Pointer(viewAccount)
	memberships.ListRule, memberships.ViewRule = types.Pointer(listMembership), types.Pointer(listMembership)
	users.ViewRule = types.Pointer(viewUser)
	for _, c := range []*core.Collection{accounts, memberships, users} {
		if err := app.Save(c); err != nil {
			return err
		}
	}
	return nil
}
