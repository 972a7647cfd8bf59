// Package rules is the catalogue of what the model knows about SES: the rules with
// their sources and standings, the parameters with their defaults and ranges, and
// the editions, which are named sets of parameters. Of a parameter that is not
// documented it says what it may be as far as anybody outside AWS knows: its plausible
// values.
//
// A rule is a statement that can decide something in a run: refuse a call, suppress
// a recipient, change the state of an account. Its standing says whether AWS
// documents it, it was observed in real traffic, or it is assumed because AWS does
// not publish it. Assumptions can be changed by parameters. The package contains no
// logic: packages ses and mailbox apply a Set and name the rule that decided.
package rules
