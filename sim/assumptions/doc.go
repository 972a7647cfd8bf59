// Package assumptions varies what AWS does not publish, and finds out on which of
// it the verdicts of a scenario rest.
//
// A setting is the scenario with other values of some parameters of the rules, and
// with the same random numbers: what differs was caused by the values. There are
// two designs:
//
//	each   one parameter at a time, over its plausible range
//	joint  all parameters together, by a Latin hypercube of integers
//
// Where two neighbouring values of a parameter have different verdicts, Turn is the
// first value of three significant digits, going away from the scenario's own, that
// has another verdict. The value before it keeps the verdict. Between 0 and 1s, and
// between 0% and 0.01%, there is no value.
//
// A setting holds for a threshold if it has the same word (pass, fail or
// inconclusive) as the scenario's own setting. How many settings hold is a count of
// what was tried, not a probability: nobody knows how probable a setting is.
//
// Vocabulary: a level is the place of a value in a design, from 0; the own setting
// is the scenario as it is; a track is what becomes of one account in a setting.
package assumptions
