// Package internal holds what proves the model right and is no part of it.
// Only tests import the packages below it.
//
//	simtest   draws random scenarios, records runs, and prints a scenario as TOML
//	check     independent checkers: each replays the records of one run and
//	          reports every promise of the model that the run breaks
//	twin      a second, slow model written from the specification alone
//
// Which one to use:
//
//   - For a new rule of SES, write it in twin as well, from the specification
//     and not from the code, and let twin's theme tests draw scenarios in which
//     it decides something.
//   - For a promise that can be stated without replaying every decision ("no 24
//     hours hold more recipients than the quota"), add a checker. Checkers run
//     on shipped scenarios as well, which are too large for the twin.
//   - For a relation between two runs (same seed and same bytes, a larger quota
//     refuses no more), write a property in simtest.
//   - Random cases come through proptest.Check, beside these packages because
//     all tests use it: the same cases each time, new ones by .ci/explore. What
//     that finds becomes a case: a scenario below twin/testdata, or a row of a
//     test.
//   - A counter-example of any of them is printed as a scenario by simtest.Page
//     and runs from the command line with sesim run.
package internal
