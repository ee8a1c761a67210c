// Package ui is the look of Atrium: the layout, the pieces pages are made of,
// the stylesheet, the script, the icons, and the Printer that words go through.
// It knows no area and makes no decision; it draws what it is given.
//
// A page is a templ component drawn inside Layout (somebody is logged in) or
// Plain (nobody need be). A form on it is a Form: the printer, and the error the
// form came back with, from which each field finds its own sentence:
//
//	templ settingsPage(f ui.Frame, v settingsView, err error) {
//		{{ form := ui.Form{P: f.P, Err: err} }}
//		@ui.Layout(f) {
//			@ui.PageHead(f.P.T("Account details"), "")
//			<form class="card" method="post" novalidate aria-labelledby="details">
//				@ui.CardHead(ui.Head{ID: "details", Title: f.P.T("Company")})
//				<div class="body stack">
//					@form.Summary()
//					@form.Field(ui.Input{Name: "name", Label: f.P.T("Name"), Value: v.Name, Autocomplete: "organization"})
//				</div>
//				<footer>
//					@ui.Submit(ui.Button{Label: f.P.T("Save changes"), Busy: f.P.T("Saving…")})
//				</footer>
//			</form>
//		}
//	}
//
// Forms carry novalidate: the server checks, and answers in our own words.
//
// Everything works without the script, which only adds comfort, and nothing is
// inline, because the content security policy is default-src 'self'. What the
// script looks for in a page:
//
//	class if-js                  shown only with the script
//	[data-perms]                 around input[name=perm]; data-needs names what one needs
//	[data-preset="a,b"]          in it, a button that ticks exactly these; "" clears
//	[data-count]                 in its form, says "%d of %d permissions chosen"
//	[data-also], data-also-not   in it, says "Also ticks %s.", "Also unticks %s."
//	[data-max]                   a TextArea's limit
//	[data-show], [data-copy]     the id of the field to show, to copy; data-done is said after
//	[data-live]                  a search that follows what is typed: the id of the list to draw anew; [data-said] tells what was found
//	[data-redraw]                around a country: drawn anew, by the form's own answer to do=country
//	[data-zone]                  a time zone to guess
//	[data-busy]                  what a button says while its form is being sent
//	[data-dismiss], [data-focus] closes its note; takes the focus at first
package ui

//go:generate go tool templ generate
