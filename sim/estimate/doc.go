// Package estimate estimates what a log of email events tells about an account: the
// quality of its lists, the shares of bounces and complaints, its traffic, and the
// representative volume behind its rates, each with an interval.
//
// A Log takes one Event for each recipient, in any order. It keeps integers only: 16
// bytes for each address and sender, and counts for each five minutes of a sender. What
// depends on the order of events or on the hashes of addresses is not kept, so neither
// influences an estimate. Estimates are floats, computed from sums in order of time or
// name, and quantiles come from package fixed, which is the same on every processor.
//
// What a log cannot tell is not estimated: such an Estimate is not identifiable and says
// why. The package assumes nothing about Amazon SES besides what package ses says.
//
// For predictions there are intervals of draws, their scores, and simple rivals.
//
// Vocabulary: a slot is an interval of five minutes, the resolution of times of
// addresses. A burst is mail of one sender without a gap of an hour. The cut is when the
// log ends, the age of a message the time from it to the cut. A first contact is an
// address's first message ever, not only the first in the log.
package estimate
