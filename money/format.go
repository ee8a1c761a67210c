package money

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// noBreak keeps the number and its currency on one line.
const noBreak = "\u00a0"

// Format writes the amount for people who read the language: "1,234.50 EUR",
// "1.234,50 EUR". The currency stands as its code, which is clear in every
// language, where "$" is not.
func (a Amount) Format(l language.Tag) string {
	p := message.NewPrinter(l)
	sign, units, fraction := a.parts()
	text := p.Sprint(number.Decimal(units))
	if fraction != "" {
		text += point(p) + localDigits(p, fraction)
	}
	if sign != "" {
		text = strings.Replace(p.Sprint(number.Decimal(-1)), p.Sprint(number.Decimal(1)), text, 1)
	}
	if a.Currency == "" {
		return text
	}
	return text + noBreak + string(a.Currency)
}

// point is the language's decimal point: what stands between the digits of 1.1.
func point(p *message.Printer) string {
	return strings.Trim(p.Sprint(number.Decimal(1.1, number.Scale(1))), p.Sprint(number.Decimal(1)))
}

func localDigits(p *message.Printer, digits string) string {
	var b strings.Builder
	for _, d := range digits {
		b.WriteString(p.Sprint(number.Decimal(d - '0')))
	}
	return b.String()
}
