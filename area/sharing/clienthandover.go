package sharing

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

func (c Client) handover(q *web.Request, in access.Owner) (web.Reply, error) {
	return c.handoverPage(q, in, "", nil)
}

// handoverPage is the form that offers the account to somebody, or the offer that waits.
func (c Client) handoverPage(q *web.Request, in access.Owner, chosen string, err error) (web.Reply, error) {
	v := handoverView{Base: base(in.Account()), Account: in.Membership().AccountName(), Chosen: chosen, Host: hostTransfers(q.Settings()), Err: err}
	members, e := c.Sharing.Others(q.Context(), in)
	if e != nil {
		return nil, e
	}
	v.Members, v.Shuts = members, in.Membership().AsksTwoStep()
	if v.Offer, e = c.Sharing.Offer(q.Context(), in); e != nil && !fault.Is(e, fault.NotFound) {
		return nil, e
	}
	for _, m := range members {
		if m.User == v.Offer.To {
			v.To = m
		}
	}
	return web.Page{Title: q.Printer().T("Hand the account over"), Err: err, Body: func(f ui.Frame) templ.Component { return handoverPage(f, v) }}, nil
}

func (c Client) offerOwnership(q *web.Request, in access.Owner) (web.Reply, error) {
	form, err := q.Form("user")
	if err != nil {
		return nil, err
	}
	to, _ := id.Parse[id.UserKind](form.Text("user")) // none is nobody, whom the service refuses
	m, err := c.Sharing.OfferOwnership(q.Context(), in, to)
	if onForm(err) || fault.Is(err, fault.Unavailable) || fault.CodeOf(err) == offerPending {
		return c.handoverPage(q, in, form.Text("user"), err)
	}
	if err != nil {
		return nil, err
	}
	return web.Done(base(in.Account())+"/handover", q.Printer().T("%s was asked by email to become the owner. Until they accept, nothing changes.", m.Name())), nil
}

func (c Client) cancelOffer(q *web.Request, in access.Owner) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	err := c.Sharing.CancelOffer(q.Context(), in)
	if fault.CodeOf(err) == offerGone {
		return c.handoverPage(q, in, "", err)
	}
	if err != nil {
		return nil, err
	}
	return web.Done(base(in.Account())+"/handover", q.Printer().T("The offer is cancelled. Its link no longer works.")), nil
}

// offerLink is the link in the path; what can't be one finds nothing.
func offerLink(q *web.Request) access.Token {
	t, _ := access.ParseToken(q.Path("token"))
	return t
}

func (c Client) offer(q *web.Request, in access.Member) (web.Reply, error) {
	o, err := c.Sharing.OfferTo(q.Context(), in, offerLink(q))
	if fault.CodeOf(err) == offerGone {
		return c.deadOffer(q, in, http.StatusGone, err), nil
	}
	if err != nil {
		return nil, err
	}
	owner, err := c.Sharing.Owner(q.Context(), in)
	if err != nil {
		return nil, err
	}
	v := offerView{Path: base(in.Account()) + "/handover/" + q.Path("token"), Account: in.Membership().AccountName(), Owner: owner, Offer: o}
	return web.Page{Title: q.Printer().T("Become the owner of %s?", v.Account), Body: func(f ui.Frame) templ.Component { return offerPage(f, v) }}, nil
}

func (c Client) deadOffer(q *web.Request, in access.Member, status int, err error) web.Reply {
	v := offerView{Path: base(in.Account()) + "/", Account: in.Membership().AccountName(), Err: err}
	return web.Page{Title: q.Printer().T("This offer no longer stands"), Status: status, Err: err, Body: func(f ui.Frame) templ.Component { return deadOfferPage(f, v) }}
}

func (c Client) takeOwnership(q *web.Request, in access.Member) (web.Reply, error) {
	return c.answer(q, in, c.Sharing.TakeOwnership, web.Done(base(in.Account())+"/users", q.Printer().T("You are now the owner of %s.", in.Membership().AccountName())))
}

func (c Client) declineOwnership(q *web.Request, in access.Member) (web.Reply, error) {
	return c.answer(q, in, c.Sharing.DeclineOwnership, web.Done(base(in.Account())+"/", q.Printer().T("You have declined. %s stays with its owner.", in.Membership().AccountName())))
}

// answer answers an offer, and shows what has become of it to who came too late.
func (c Client) answer(q *web.Request, in access.Member, do func(context.Context, access.Member, access.Token) error, then web.Reply) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	err := do(q.Context(), in, offerLink(q))
	if code := fault.CodeOf(err); code == offerGone || code == access.OwnerChanged {
		return c.deadOffer(q, in, http.StatusConflict, err), nil
	}
	return then, err
}
