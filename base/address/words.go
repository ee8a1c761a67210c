package address

// A postcodeWord is how a country calls its postcode, and what is said of it.
// All are translation keys.
type postcodeWord struct {
	label, missing string
	wrong          string // with a verb for an example
}

// The words for postcodes.
var (
	postcode = postcodeWord{"Postcode", "Enter the postcode.", "Enter a postcode like %s."}
	zip      = postcodeWord{"ZIP code", "Enter the ZIP code.", "Enter a ZIP code like %s."}
	pin      = postcodeWord{"PIN code", "Enter the PIN code.", "Enter a PIN code like %s."}
	eircode  = postcodeWord{"Eircode", "Enter the Eircode.", "Enter an Eircode like %s."}
)

// A regionWord is how a country calls its regions, and what is said of them. All
// are translation keys.
type regionWord struct{ label, missing, unlisted string }

// The words for regions.
var (
	region     = regionWord{"State or region", "Enter the state or region.", "Choose a state or region from the list."}
	state      = regionWord{"State", "Enter the state.", "Choose a state from the list."}
	province   = regionWord{"Province", "Enter the province.", "Choose a province from the list."}
	prefecture = regionWord{"Prefecture", "Enter the prefecture.", "Choose a prefecture from the list."}
	emirate    = regionWord{"Emirate", "Enter the emirate.", "Choose an emirate from the list."}
	county     = regionWord{"County", "Enter the county.", "Choose a county from the list."}
	department = regionWord{"Department", "Enter the department.", "Choose a department from the list."}
	parish     = regionWord{"Parish", "Enter the parish.", "Choose a parish from the list."}
	island     = regionWord{"Island", "Enter the island.", "Choose an island from the list."}
	district   = regionWord{"District", "Enter the district.", "Choose a district from the list."}
)
