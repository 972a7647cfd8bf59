// Package forecast foresees what a run takes without making it: how many calls there
// will be, retries included, what the run holds at its fullest, and what both cost.
// Everything is a count that follows from the scenario, times a cost from one table
// (cost.go), which a test compares with the heap. Nothing is measured here.
//
// Calls are foreseen as quantities that flow through an account's limits in steps
// (flow.go): what quota and maximum send rate refuse comes back after the sender's
// wait, until it is accepted or given up. Accounts that are alike are followed once.
//
// Not foreseen: what AWS does about an account (reviews, pauses, automatic increases),
// and refusals of calls that happen to coincide although quota and rate allow as many
// in a step.
//
// Vocabulary: a demand is when a sender's messages are due, a stream the demands of
// several senders alike, a flow the calls of one account.
package forecast
