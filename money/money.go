// Package money is sums of money: whole minor units (cents, yen, fils) and a
// currency. There are no floats, nothing is rounded, and what does not fit or
// mixes currencies is an error.
package money

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrCurrency says that two amounts are of different currencies.
var ErrCurrency = errors.New("money: different currencies")

// ErrOverflow says that a sum is too large to be written down.
var ErrOverflow = errors.New("money: too large")

// An Amount is so many minor units of a currency. The zero value is nothing of
// no currency.
type Amount struct {
	Minor    int64
	Currency Currency
}

// Add gives a + b.
func (a Amount) Add(b Amount) (Amount, error) {
	sum := Amount{a.Minor + b.Minor, a.Currency}
	switch {
	case a.Currency != b.Currency:
		return Amount{}, fmt.Errorf("%w: %s and %s", ErrCurrency, a.Currency, b.Currency)
	case (sum.Minor > a.Minor) != (b.Minor > 0):
		return Amount{}, ErrOverflow
	}
	return sum, nil
}

// Sub gives a - b.
func (a Amount) Sub(b Amount) (Amount, error) {
	difference := Amount{a.Minor - b.Minor, a.Currency}
	switch {
	case a.Currency != b.Currency:
		return Amount{}, fmt.Errorf("%w: %s and %s", ErrCurrency, a.Currency, b.Currency)
	case (difference.Minor < a.Minor) != (b.Minor > 0):
		return Amount{}, ErrOverflow
	}
	return difference, nil
}

// String writes the amount plainly, with all digits of its currency and without
// its code: "12.34", "-0.05", "1200" in yen.
func (a Amount) String() string {
	sign, units, fraction := a.parts()
	if fraction == "" {
		return sign + strconv.FormatUint(units, 10)
	}
	return sign + strconv.FormatUint(units, 10) + "." + fraction
}

// parts are the sign, the whole units, and the digits behind the point.
func (a Amount) parts() (sign string, units uint64, fraction string) {
	minor := uint64(a.Minor)
	if a.Minor < 0 {
		sign, minor = "-", -minor
	}
	digits := a.Currency.Digits()
	if digits == 0 {
		return sign, minor, ""
	}
	scale := pow10(digits)
	return sign, minor / scale, fmt.Sprintf("%0*d", digits, minor%scale)
}

func pow10(n int) uint64 {
	p := uint64(1)
	for range n {
		p *= 10
	}
	return p
}

// Parse reads what String writes, and fewer digits behind the point: "12",
// "12.3", "12.34". More digits than the currency has are an error, and so are
// signs but a leading minus, spaces and separators of thousands.
func Parse(text string, c Currency) (Amount, error) {
	digits, negative := strings.CutPrefix(text, "-")
	units, fraction, point := strings.Cut(digits, ".")
	if !allDigits(units) || point && !allDigits(fraction) {
		return Amount{}, fmt.Errorf("money: %q is not an amount", text)
	}
	if len(fraction) > c.Digits() {
		return Amount{}, fmt.Errorf("money: %s has %d digits behind the point, %q has more", c, c.Digits(), text)
	}
	minor, err := strconv.ParseUint(units+fraction+strings.Repeat("0", c.Digits()-len(fraction)), 10, 64)
	switch {
	case err != nil || minor > math.MaxInt64+1 || minor == math.MaxInt64+1 && !negative:
		return Amount{}, ErrOverflow
	case negative:
		minor = -minor
	}
	return Amount{int64(minor), c}, nil
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
