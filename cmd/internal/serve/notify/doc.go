// Package notify publishes events to topics, as Amazon SNS does: it posts them to web
// servers on this machine, signed, and puts them into queues.
//
// A web server gets nothing before it has confirmed its subscription. What it does not
// accept is posted again three times, 20 s apart; errors of the class 4xx, 429 excepted,
// end the attempts at once. Posts of one subscription follow one another, in the order of
// the events but for those that are repeated. Times are wall time.
//
// Nothing leaves the machine, except to hosts that are allowed by name: there is no proxy,
// no redirect is followed, and the address that is dialled must be one of the loopback
// interface, whatever the name says.
//
// Verifiers insist on certificates from sns.<region>.amazonaws.com. Proxy answers for
// those hosts, with certificates of an authority that the application trusts.
package notify
