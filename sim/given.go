package sim

import (
	"slices"

	"sesim/sim/rules"
)

// GivenRules returns the names of the rule parameters whose values are the user's word,
// sorted: those that the scenario sets, also by --set, a sweep or a variant, and those in
// which its edition differs from the current one. No study of assumptions varies them.
func (c *Config) GivenRules() []string {
	var names []string
	for _, p := range rules.Parameters() {
		if _, own := slices.BinarySearch(c.OwnRules, p.Name); own || p.Get(&c.Rules) != p.Default() {
			names = append(names, p.Name)
		}
	}
	return names
}

// Filled is the quota or the rate of an account in production that the scenario does
// not give: the rules fill in a figure that customers read in their own account. It is
// not varied but asked for.
type Filled struct {
	Key       string // what sets it: "account.acme.quota"
	Value     int64
	Parameter string // whose value it is: "prod.quota"
}

// Defaults returns what is Filled in with a default: neither the scenario nor its edition
// sets the parameter.
func (c *Config) Defaults() []Filled {
	given := c.GivenRules()
	return slices.DeleteFunc(slices.Clone(c.Filled), func(f Filled) bool { return slices.Contains(given, f.Parameter) })
}
