package access

import (
	"strconv"
	"strings"
)

// In is a list of values for IN (…), as places $1, $2 … and arguments. It is
// padded with its last value to a multiple of ten, so that lists of all lengths
// make few statements.
func In[T any](list []T) (places string, args []any) {
	var all []string
	for i := range (len(list) + 9) / 10 * 10 {
		all = append(all, "$"+strconv.Itoa(i+1))
		args = append(args, list[min(i, len(list)-1)])
	}
	return strings.Join(all, ", "), args
}
