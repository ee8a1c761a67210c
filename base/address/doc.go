// Package address knows how postal addresses are written in each country: which
// fields there are, in which order and under which names, which of them an
// address can't do without, and what postcodes look like.
//
// Its tables (countries.go, regions.go) are written from what the Universal
// Postal Union publishes on addressing and from the address data of Google's
// libaddressinput (CC-BY 4.0), against which they were compared in November
// 2026. Where the sources say little, a country has all fields and demands few:
// refusing a true address is worse than taking a wrong one.
package address
