package taxid

import "strings"

const vatNumber = "VAT number"

// vat is the rule of a country's VAT numbers, which begin with its letters.
func vat(letters, example, shapes string, check func(string) bool) rule {
	return rule{label: vatNumber, example: letters + example, shapes: shapes, letters: letters, check: check, vat: true}
}

// british are the shapes of the numbers of the United Kingdom: of companies, of
// their branches, of government and of health authorities.
const british = "#########|############|GD###|HA###"

// rules is read only.
var rules = map[string]rule{
	"AT": vat("AT", "U13585627", "U########", austria),
	"BE": {label: vatNumber, example: "BE0428759497", shapes: "##########|#########", letters: "BE", check: belgium, vat: true,
		form: func(n string) string { return "BE" + padded(n, 10) }},
	"BG": vat("BG", "175074752", "#########|##########", bulgaria),
	"CY": vat("CY", "10259033P", "########?", cyprus),
	"CZ": vat("CZ", "25123891", "########|#########|##########", czechia),
	"DE": vat("DE", "136695976", "#########", germany),
	"DK": vat("DK", "13585628", "########", denmark),
	"EE": vat("EE", "100931558", "#########", estonia),
	"EL": vat("EL", "094259216", "#########", greece),
	"ES": vat("ES", "B58378431", "*#######*", spain),
	"FI": vat("FI", "20774740", "########", finland),
	"FR": vat("FR", "40303265045", "**#########", france),
	"HR": vat("HR", "33392005961", "###########", mod11and10),
	"HU": vat("HU", "12892312", "########", hungary),
	"IE": vat("IE", "6433435F", "#######?|#######??|#?#####?", ireland),
	"IT": vat("IT", "00743110157", "###########", italy),
	"LT": vat("LT", "119511515", "#########|############", lithuania),
	"LU": vat("LU", "15027442", "########", luxembourg),
	"LV": vat("LV", "40003521600", "###########", latvia),
	"MT": vat("MT", "11679112", "########", malta),
	"NL": vat("NL", "004495445B01", "#########B##", netherlands),
	"PL": vat("PL", "8567346215", "##########", poland),
	"PT": vat("PT", "501964843", "#########", portugal),
	"RO": vat("RO", "18547290", "##|###|####|#####|######|#######|########|#########|##########", romania),
	"SE": vat("SE", "123456789701", "############", sweden),
	"SI": vat("SI", "50223054", "########", slovenia),
	"SK": vat("SK", "2022749619", "##########", slovakia),

	"GB": vat("GB", "980780684", british, unitedKingdom),
	"XI": vat("XI", "980780684", british, unitedKingdom),
	"CH": {label: vatNumber, example: "CHE-107.787.577 MWST", letters: "CHE", check: switzerland, vat: true,
		shapes: "#########|#########MWST|#########TVA|#########IVA",
		form: func(n string) string {
			return strings.TrimRight("CHE-"+n[:3]+"."+n[3:6]+"."+n[6:9]+" "+n[9:], " ")
		}},
	"NO": {label: vatNumber, example: "988077917MVA", shapes: "#########|#########MVA", letters: "NO", check: norway, vat: true,
		form: func(n string) string { return n[:9] + "MVA" }},

	"AU": {label: "ABN", example: "51824753556", shapes: "###########", check: australia},
	"BR": {label: "CNPJ or CPF", example: "11222333000181", shapes: "************##|###########", check: brazil},
	"CA": {label: "Business number", example: "123026635RT0001", shapes: "#########|#########RT####", check: canada},
	"IN": {label: "GSTIN", example: "27AAPFU0939F1ZV", shapes: "##?????####?*Z*", check: india},
	"JP": {label: "Registration number", example: "T7000012050002", shapes: "#############", letters: "T", check: japan,
		form: func(n string) string { return "T" + n }},
	"US": {label: "EIN", example: "12-3456789", shapes: "#########", form: func(n string) string { return n[:2] + "-" + n[2:] }},
	"ZA": {label: vatNumber, example: "4150123456", shapes: "4#########"},
}

func padded(n string, length int) string { return strings.Repeat("0", max(length-len(n), 0)) + n }
