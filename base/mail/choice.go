package mail

import (
	"slices"
	"strings"
)

// A Choice is the topics that somebody gets, in the order of Topics. It is stored
// as their names with spaces between.
type Choice []Topic

// ChoiceOf makes a choice of what a form says; what is no topic is not in it.
func ChoiceOf(names []string) Choice {
	var c Choice
	for _, t := range Topics() {
		if slices.Contains(names, string(t)) {
			c = append(c, t)
		}
	}
	return c
}

// ParseChoice reads what String writes.
func ParseChoice(s string) Choice { return ChoiceOf(strings.Fields(s)) }

// String is the choice as it is stored.
func (c Choice) String() string {
	var names []string
	for _, t := range c {
		names = append(names, string(t))
	}
	return strings.Join(names, " ")
}

// Has tells whether the topic is in the choice.
func (c Choice) Has(t Topic) bool { return slices.Contains(c, t) }

// And is the choice with one more topic.
func (c Choice) And(t Topic) Choice { return ParseChoice(c.String() + " " + string(t)) }
