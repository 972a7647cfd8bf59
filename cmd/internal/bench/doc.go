// Package bench measures, for sesim bench, how fast this machine decides and
// simulates. It is the only part of the program beside package main that reads
// the clock.
package bench
