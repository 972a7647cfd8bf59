// Package rungs takes the decision of package bench in the ways that an engineer
// tries after a first version (package reference), each rung of the ladder better
// than the one below:
//
//	Texts    addresses are strings; one map holds both suppression lists
//	Numbers  the same with numbers instead of strings
//	Bits     the same behind a bit set: only listed addresses are looked up
//
// On all rungs the max send rate is a generic cell rate algorithm on one integer,
// and the sending quota a ring of the times at which the latest recipients were
// accepted. Both are exact: for calls to one recipient, the verdicts are those of
// package ses, which the tests of package bench compare one by one.
//
// What the rungs lack is listed in Lacks. They share no code with package ses
// except its vocabulary.
package rungs

// Lacks returns the rules and figures of package ses that no rung has.
func Lacks() []string {
	return []string{
		"the debt of calls to several recipients",
		"the peak use of the quota",
		"strikes that lengthen the stays",
		"the compact window (they take 8 bytes for each unit of quota, the model 3 to 5 for each recipient of the last 24 hours)",
	}
}
