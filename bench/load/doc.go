// Command load fills a database, starts Atrium and the floor on one core and
// keeps both busy from another. It prints what a request costs, as a table in
// Markdown. `make bench` runs it; bench/README.md says what the figures mean.
//
//	main.go      flags, and what is done
//	bench.go     a filled database, and the servers on it
//	rows.go      what is measured, and the goals
//	rounds.go    how: rounds of all rows, starts, profiles
//	staff.go     the staff area's rows
//	growth.go    one account and one user that have grown
//	calls.go     requests, and the answers they must get
//	drive.go     the load: each connection asks, reads, asks again
//	plan.go      who is a member of what
//	seed.go      the plan written, and sessions to come in by
//	changes.go   what there is to change, prepared
//	insert.go    many rows at once
//	postgres.go  a PostgreSQL of its own
//	server.go    starting a server, its CPU time and memory
//	peers.go     what people would use instead, in the same rounds
//	order.go     what a peer's database is to hold
//	peer.go      how a peer is filled, started and asked
//	offers.go    Atrium's part in that: who invites, who accepts
//	report.go    medians, the table, the machine
package main
