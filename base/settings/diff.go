package settings

import (
	"encoding/json"
	"reflect"
)

// Differences are the values of a section that a change has changed, as they
// were and as they are, for the audit. Of a secret they say only "changed".
func Differences[S Section](was, is S) (before, after map[string]any, err error) {
	before, after = map[string]any{}, map[string]any{}
	old, err := values(was)
	if err != nil {
		return nil, nil, err
	}
	fresh, err := values(is)
	if err != nil {
		return nil, nil, err
	}
	for name, v := range fresh {
		if !reflect.DeepEqual(old[name], v) {
			before[name], after[name] = old[name], v
		}
	}
	if m, ok := any(is).(Mail); ok && m.Password != any(was).(Mail).Password {
		after["password"] = "changed"
	}
	return before, after, nil
}

func values(section any) (map[string]any, error) {
	b, err := json.Marshal(section)
	if err != nil {
		return nil, err
	}
	var all map[string]any
	err = json.Unmarshal(b, &all)
	return all, err
}
