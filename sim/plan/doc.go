// Package plan finds the values of a scenario's keys that keep promises: the
// smallest sending quota and rate, the highest volume, the worst list.
//
// A Question names what may be chosen (Choice: a key, a range, and which end
// is wanted) and what is promised (package criteria). Find answers it by
// simulation.
//
// # What is searched
//
// A candidate is one value for each key. All candidates are run with the same
// seeds, replication by replication (package replicate), so that they share
// their luck: their differences are causes, and for most promises each seed by
// itself is monotone in what is chosen. A candidate is judged on few runs
// first, and on more where these do not decide.
//
// The keys are chosen one after the other, in the order of the question: the
// first as near to its wanted end as can be while the others stand at their
// safe ends, the second as near as can be given the first, and so on. No key
// of the answer can be moved towards its wanted end alone.
//
// For one key the search looks at points spread over the whole range, before
// anything is concluded: where a promise is kept, broken and kept again the
// key's range is looked at more closely, and the answer says so. Between two
// neighbouring points of which one keeps the promises it bisects. Where no
// point keeps them, it goes to where they are missed by less than on either
// side, and to where a value crosses its limit: one value alone may keep a
// promise with ==. Afterwards it looks at points around what it found, on both
// sides.
//
// # How sure that is
//
// An answer has to survive. All replications of the search are run for it, and
// then fresh ones that no candidate has seen. The run that breaks a promise the
// furthest is a witness: the candidate is out, the witness joins what every
// further candidate has to stand, and the search goes on. What is left has been
// confirmed by runs that had no part in choosing it.
//
// A promise about every run (criteria.Always) is broken by one witness. A
// promise about a probability or a mean is kept where the whole confidence
// interval satisfies it, and broken where none of it does. Between the two it
// is open, and a candidate whose promise stays open is not taken: the answer
// errs on the side of the promise. Intervals are looked at several times
// while runs come in; before the last look a candidate is given up only where
// a promise is broken with a confidence of 99.9 %.
//
// # What it leaves out
//
// Promises that are kept in places, with no order, cannot be searched by
// bisection. Package plan notices what its points show, and says what it did
// not look at. It does not weigh one key against another: who wants quota and
// rate in another order asks in another order.
//
// The answer is the same on any number of cores.
package plan
