package main

import (
	"net/http"
	"testing"
)

// BenchmarkStaff answers the staff area's pages among 100,000 accounts and users.
func BenchmarkStaff(b *testing.B) {
	e := &bench{}
	h := opened(b, func(url string) {
		p, err := newStaffPlan(100_000)
		if err != nil {
			b.Fatal(err)
		}
		if e.entrance, err = seed(b.Context(), url, p); err != nil {
			b.Fatal(err)
		}
		if e.entrance.staff, err = seedStaff(b.Context(), url); err != nil {
			b.Fatal(err)
		}
	})
	for _, page := range e.staffPages() {
		b.Run(page.name, func(b *testing.B) {
			answer(b, h, page.path, &http.Cookie{Name: "atrium_staff", Value: e.entrance.staff.Reveal()})
		})
	}
}
