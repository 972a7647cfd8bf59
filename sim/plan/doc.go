// Package plan finds the values of a scenario's keys that keep promises: the
// smallest sending quota and rate, the highest volume, the worst list.
//
// A Question holds the choices (Choice: a key, a range, and the end of it that
// is wanted) and the promises (package criteria). Find answers it by
// simulation.
//
// # What is searched
//
// A candidate is one value for each key. All candidates use the same seeds,
// replication by replication (package replicate): common random numbers, so
// that a difference between candidates is an effect of their values, and for
// most promises each seed by itself is monotone in them. A candidate is tested
// on a few runs first, and on more if these do not decide.
//
// Keys are minimized in the order of the question: the first as close to its
// wanted end as possible while the others are at their safe ends, the second as
// close as possible given the first, and so on. No single
// key of the answer can be moved towards its wanted end.
//
// For one key the search first tests points spread over the whole range. If a
// promise is kept, broken and kept again along them, the range is searched more
// finely, and the answer says so. Between two neighbouring points of which one
// keeps the promises, the search bisects. If no point keeps them, it narrows in
// on local minima of the miss, and on places where a value crosses its limit,
// as a promise with == may be kept by a single value. Finally it tests points
// on both sides of what it found.
//
// # Promises that wait
//
// Promises that need many runs, and those that the candidate at the safe ends does
// not keep, wait until the others have an answer, which is then tested on them. If
// it does not keep one, either other seeds break it in other candidates, and it
// joins the search, or the choices do not move it (Apart): it is judged once and
// has no part in the answer.
//
// # Confidence
//
// An answer is tested on all replications of the search, and then on fresh ones
// that no candidate has seen. The run that breaks a promise by the largest
// margin becomes a witness: the candidate is rejected, every later candidate is
// tested on the witness too, and the search goes on. So the final answer has
// been confirmed by runs that had no part in choosing it.
//
// A promise about every run (criteria.Always) is broken by one witness. A
// promise about a probability or a mean is kept if its whole confidence
// interval satisfies it, broken if none of it does, and open in between. A
// candidate with an open promise is not accepted: the answer errs on the side
// of the promise. Intervals are tested several times while runs come in; before
// the last test a candidate is rejected only if a promise is broken with 99.9%
// confidence.
//
// # What it leaves out
//
// Bisection cannot search promises that are not monotone, kept in several
// separate ranges. The package reports where the points it tested show that, but
// for points that a monotone promise rules out. It does not weigh one key against
// another: to prefer rate over quota, name rate first.
//
// The answer is the same on any number of cores.
package plan
