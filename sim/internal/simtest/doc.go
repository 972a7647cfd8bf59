// Package simtest is support for tests, and for tests only: it draws random
// scenarios, records what a run tells, and writes a scenario as TOML, so that
// a counter-example can be run again with the tool.
//
// Config takes its random numbers from a Source, an interface of one method.
// In a test that is a proptest.Draws, which shrinks failures:
//
//	proptest.Check(t, func(t *rapid.T) {
//		cfg := simtest.Config(proptest.Draws{T: t})
//		...
//		t.Fatalf("%v\n%s", err, simtest.Page(&cfg))
//	})
//
// WithClients adds clients, which replace senders' own retries.
//
// Every choice is drawn so that the least number is the plainest one. A
// failure shrinks towards one account, one audience and one sender with the
// default rules.
//
// The scenarios are small: a few accounts and addresses, and at most some
// thousands of messages. They are valid, but they are not sensible: quotas of
// zero, audiences of which nobody exists and senders that nobody verified are
// where the bugs are.
package simtest
