// Package taxid reads tax numbers as people type them: what they look like in
// their country and, where that is known, whether their check digits are right.
//
// It knows the VAT numbers of the European Union's countries and of Northern
// Ireland, the United Kingdom, Switzerland, Liechtenstein and Norway with their
// check digits, and of some other countries the numbers that stand on invoices.
// Its rules are those that the countries publish, as they are collected in the
// European Commission's VIES and by the projects jsvat and python-stdnum. It asks
// nobody: that a number is well formed does not say that it was given to anybody.
package taxid
