package contact

// A Record is what the audit keeps of a contact: what says whom emails go to, and
// of the rest only which fields were changed.
type Record struct {
	Name    string   `json:"name,omitempty"`
	Email   string   `json:"email,omitempty"`
	Topics  *string  `json:"topics,omitempty"` // "": none
	Billing string   `json:"billing,omitempty"`
	Also    []string `json:"also,omitempty"` // Fields
}

// record is what the contact says where it was changed.
func (p Person) record(changes []Change) Record {
	var r Record
	for _, c := range changes {
		switch value := p.field(c.Field); c.Field {
		case "name":
			r.Name = value
		case "email":
			r.Email = value
		case "topics":
			r.Topics = &value
		case "billing":
			r.Billing = value
		default:
			r.Also = append(r.Also, c.Field)
		}
	}
	return r
}

// Value is what the record says of a field, if it says anything.
func (r Record) Value(field string) (value string, ok bool) {
	switch field {
	case "name":
		return r.Name, r.Name != ""
	case "email":
		return r.Email, r.Email != ""
	case "billing":
		return r.Billing, r.Billing != ""
	}
	if r.Topics == nil {
		return "", false
	}
	return *r.Topics, true
}
