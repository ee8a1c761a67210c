package atrium

// Sentences are those of the invariants, for tests.
func Sentences() []string {
	var list []string
	for _, i := range invariants() {
		list = append(list, i.sentence)
	}
	return list
}
