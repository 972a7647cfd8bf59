// Package engine runs a sim.Config. It wires the service (package ses), the
// recipients (mailbox) and the customer (sender) to a virtual clock; package
// sim says what goes in and what comes out, and follows a recipient through
// the code.
//
//	run.go                     the loop
//	world.go                   the state of a run
//	send.go, calls.go          a call to send, its refusal and its retries
//	identities.go              what identities say of a sender's mail
//	post.go                    the way of an accepted recipient
//	handle.go                  what happens to it later
//	fastpath.go, batch.go      a fast path through send and post, and arrivals in batches
//	people.go, operations.go   what customers and AWS do
//	sets.go                    what customers do to configuration sets
//	clock.go, series.go        what comes back at intervals, and what is sampled
//	partition.go, parallel.go  independent partitions of a scenario, in parallel
//	observe.go, gather.go      records for an observer, and the result
package engine
