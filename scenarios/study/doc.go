// Package study reads the parts of a scenario that ask for several runs, and
// provides a configuration for each run: replications, the cells of a sweep, and
// the candidates for a goal.
//
// It knows only the tables replications, [sweep] and [goal]. A Source, implemented
// by package scenarios, loads the scenario with the values that a study sets in
// its tree. Each cell and each candidate is loaded as if the file had its values:
// first to check it before anything is run, and again to run it.
//
// # Vocabulary
//
// An axis is a swept or chosen key with its values. A sweep combines all values of
// its keys, except that the keys of a zip are stepped together. A cell is a
// combination that meets all constraints.
package study
