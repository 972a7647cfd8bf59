// Package twin is a second, slow model of what package engine simulates, written
// from the description of Amazon SES alone. Tests run both on the same random
// scenarios and compare every decision; nothing else imports the package.
//
// The twin has no state that it keeps up to date. It has lists of what
// happened, each fact with its time and its place in the order of all facts,
// and answers every question by reading them from the beginning: what the
// quota has left by adding up calls, what the send rate allows by pouring the
// bucket again in exact fractions, whether an address is listed by following
// its entries or its bounces, how an account stands by replaying the verdicts
// on it, and its rates by sorting all of its mail into buckets again. Only what
// is the customer's changes in place: its list, its clients and their letters.
//
// What is still to happen lies in one slice, which is sorted by time at each
// step and keeps the order of insertion where times are equal. At the same
// time what was planned comes first, then the clock's duties (deaths at the
// full hour, evaluation, end of day), then arrivals by the senders' numbers.
//
// To be comparable draw by draw, the twin shares with the first model what is
// no part of SES: package sender, which is the customer; package client, its
// program, of which that package's tests have a slow model; package mailbox,
// which is what an address is and what an attempt at it draws; the keys and
// distributions of package rng; the parameters of package rules; and the
// words for reasons and states of package ses, of which it uses nothing else.
//
// It leaves out time series, histograms, fingerprints and the texts that explain
// a transition.
package twin
