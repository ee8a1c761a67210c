package ui

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countryCodes are those of ISO 3166-1, two letters each.
const countryCodes = `
	AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
	CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
	FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
	JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
	MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
	PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
	TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW`

const countryLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// Lists keeps what takes long to make and is the same for all who speak a
// language. The zero Lists is empty. It is safe for use by several goroutines.
type Lists struct {
	countries sync.Map // language's code -> []Option
	names     sync.Map // language's code and country's -> name
	collators sync.Map // language's code -> *sync.Pool of *collate.Collator
	fragments fragments
}

// Keeping gives a printer that takes its lists from these, and makes each once.
func (p Printer) Keeping(l *Lists) Printer {
	p.lists = l
	return p
}

// Countries lists the countries of the world in the person's language, by name.
// Their values are the codes of ISO 3166-1: "DE". The list is everybody's: it is
// not to be changed.
func (p Printer) Countries() []Option {
	if p.lists == nil {
		return p.sortedCountries()
	}
	if all, ok := p.lists.countries.Load(p.Lang()); ok {
		return all.([]Option)
	}
	all := p.sortedCountries()
	p.lists.countries.Store(p.Lang(), all)
	return all
}

func (p Printer) sortedCountries() []Option {
	all := make([]Option, 0, 256)
	names := display.Regions(p.tag())
	for code := range strings.FieldsSeq(countryCodes) {
		all = append(all, Option{Value: code, Label: p.countryIn(names, code)})
	}
	compare := p.Comparer()
	slices.SortFunc(all, func(a, b Option) int { return compare(a.Label, b.Label) })
	for i, o := range all {
		all[i].drawn = o.html(false)
	}
	return slices.Clip(all) // who appends gets a list of their own
}

// Country is the name of the country with this code, or "" when there is none.
func (p Printer) Country(code string) string {
	if !KnownCountry(code) {
		return ""
	}
	if p.lists == nil {
		return p.countryIn(display.Regions(p.tag()), code)
	}
	key := p.Lang() + code
	if name, ok := p.lists.names.Load(key); ok {
		return name.(string)
	}
	name := p.countryIn(display.Regions(p.tag()), code)
	p.lists.names.Store(key, name)
	return name
}

// countryIn is the name of a known country.
func (p Printer) countryIn(names display.Namer, code string) string {
	if name := renamed[p.tag()][code]; name != "" {
		return name
	}
	return names.Name(language.MustParseRegion(code))
}

// KnownCountry tells whether code is one of those that Countries lists.
func KnownCountry(code string) bool {
	return len(code) == 2 && strings.Trim(code, countryLetters) == "" && strings.Contains(countryCodes, code)
}

// renamed are the names that are newer than x/text's. It is read only.
var renamed = map[language.Tag]map[string]string{
	language.English: {"MK": "North Macedonia", "SZ": "Eswatini", "TR": "Türkiye"},
	language.German:  {"MK": "Nordmazedonien", "SZ": "Eswatini"},
}
