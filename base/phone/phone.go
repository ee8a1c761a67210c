// Package phone reads telephone numbers as people type them, and keeps them in
// E.164: a plus sign, the country's code and the number, without anything between.
// What it knows of the world's numbers is Google's libphonenumber's.
package phone

import (
	"cmp"

	"github.com/nyaruka/phonenumbers"

	"atrium/fault"
)

// Read is the number in E.164, "+49451123456", as it is typed in a country: with
// a country's code or as one dials at home. An empty field is "". A number that
// nobody can be called by, and one with an extension, which E.164 has no room
// for, is noted at the field and given back as it is. It is a matter of length
// and country only: whether a number is in use, nobody knows better than the
// one who typed it.
func Read(wrong *fault.Fields, field, typed, country string) string {
	if typed == "" {
		return ""
	}
	n, err := phonenumbers.Parse(typed, country)
	switch {
	case err != nil || phonenumbers.IsPossibleNumberWithReason(n) != phonenumbers.IS_POSSIBLE || n.GetNationalNumber() < shortest:
		wrong.Add(field, "Enter a telephone number like %s, or leave it empty.", Example(country))
		return typed
	case n.GetExtension() != "":
		wrong.Add(field, "Enter the telephone number without an extension.")
		return typed
	}
	return phonenumbers.Format(n, phonenumbers.E164)
}

// shortest is the least number that somebody is called by from abroad: those of
// small islands have four digits.
const shortest = 1000

// Show writes a number as people read it: "+49 451 123456". What is no number
// in E.164, from before there was a rule, stays as it is.
func Show(number string) string {
	n, err := phonenumbers.Parse(number, "")
	if err != nil || phonenumbers.Format(n, phonenumbers.E164) != number {
		return number
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}

// Example is a number of a country as people write it, for hints and errors.
// Where none is known it is a German one.
func Example(country string) string {
	n := cmp.Or(phonenumbers.GetExampleNumber(country), phonenumbers.GetExampleNumber("DE"))
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}
