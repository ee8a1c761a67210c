package money

import "strings"

// A Currency is a code of ISO 4217, in capitals: "EUR".
type Currency string

// The currencies of ISO 4217 that are paid in, by their digits behind the point.
const (
	twoDigits = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP " +
		"CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR " +
		"JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN " +
		"NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP " +
		"SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG"
	noDigits    = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
	threeDigits = "BHD IQD JOD KWD LYD OMR TND"
)

// ParseCurrency reads a code: one of ISO 4217, in capitals.
func ParseCurrency(code string) (Currency, bool) {
	known := len(code) == 3 && !strings.Contains(code, " ") &&
		(strings.Contains(twoDigits, code) || strings.Contains(noDigits, code) || strings.Contains(threeDigits, code))
	if !known {
		return "", false
	}
	return Currency(code), true
}

// Digits is how many digits stand behind the point: two for a euro's cents,
// none for yen. A currency that ParseCurrency doesn't know has two.
func (c Currency) Digits() int {
	switch {
	case len(c) == 3 && strings.Contains(noDigits, string(c)):
		return 0
	case len(c) == 3 && strings.Contains(threeDigits, string(c)):
		return 3
	}
	return 2
}
