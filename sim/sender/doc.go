// Package sender models the customer's program: when its messages are due,
// whom they go to, what it does about refusals, and what it learns from
// bounces. It leaves out content and the network.
//
// A sender does not wait: messages are due when its traffic says so, whatever
// became of the ones before (an open loop). A refused call is tried again on
// its own, after a wait that grows. Latency is therefore measured from the
// moment at which a message was due.
package sender
