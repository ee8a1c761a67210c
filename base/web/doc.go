// Package web is the front of the house: routes stand behind doors, a door
// mints the proof that the handler behind it is handed, and one place turns
// replies and errors into pages.
//
// One request, one straight line:
//
//	outer     host, address, cross-origin, body limit, request id, log line
//	door      session -> membership -> proof; 404 and 403 are answered here
//	handler   form -> one call of a service -> reply
//	reply     drawn into a buffer, then sent
//	after     "last seen" is noted, once the answer is on its way
//
// A route without a door can't be written. Handlers return errors; fail answers
// them. Cookies, flashes, menus and the frame around pages are made here, so
// that areas know none of it.
package web
