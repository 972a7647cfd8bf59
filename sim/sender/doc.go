// Package sender models the customer's program: when messages are due, which
// recipients they have, how refused calls are retried, and which addresses are
// removed after bounces and complaints. Out of scope: content and the network.
//
// Senders are open-loop: messages are due according to the traffic, regardless of
// the outcome of earlier ones. Each refused call is retried independently, with
// backoff. Delays are therefore measured from the time at which a message was due.
package sender
