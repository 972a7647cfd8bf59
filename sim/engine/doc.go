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
//	refusals.go                retries that are certain to be refused
//	fastpath.go, batch.go      a fast path through send and post, and arrivals in batches
//	delivery.go                deliveries counted by the frame in which they happen
//	people.go, operations.go   people: what customers and AWS do
//	sets.go                    sets: the configuration sets, and what is done to them
//	clock.go, series.go        clock: what recurs at intervals; series: what is sampled
//	partition.go, parallel.go  independent partitions of a scenario, in parallel
//	observe.go, gather.go      records: those for an observer; the result
//
// The receiver of a method tells its room: world has the loop, calls and mail under
// way; people, sets, clock, series and records have the rest.
package engine
