// Package reference takes the decisions of package engine a second time, the way
// a first version of such a program is written: every occurrence is a closure
// in a container/heap, addresses are strings, both suppression lists are maps
// of strings behind a mutex, the max send rate is a Limiter of
// golang.org/x/time/rate, and the sending quota is a slice with the time of
// each recipient that was accepted.
//
// It serves two purposes. Its counts must equal those of engine.Run, which shares
// with it the random numbers, the truth about the recipients (package mailbox)
// and the vocabulary, and no other code. And its speed is what the speed of
// engine.Run is measured against; that is why it is written as well as its parts
// allow.
//
// Gate is the decision alone, without senders, recipients and an agenda.
//
// What it leaves out: everything but one production account with one audience,
// to which any number of senders write, without retries by the sender, campaigns, requests,
// actions and automatic quota increases. New refuses a configuration that
// goes beyond that.
package reference
