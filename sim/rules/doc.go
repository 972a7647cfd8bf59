// Package rules is the catalogue of what the model knows about SES: every
// rule with its source and standing, every parameter with its default and
// range, and the editions, which are named sets of parameters.
//
// A rule is a statement that can decide something in a run: refuse a call,
// suppress a recipient, change an account's state. It is documented by AWS,
// observed in real traffic, or assumed by us because AWS does not publish it.
// What is assumed can be set. The package decides nothing itself: packages
// ses and mailbox act on a Set, and name the rule when they do.
package rules
