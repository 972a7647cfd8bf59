// Package proptest checks properties on random cases, the same ones in every
// run of the tests. It is for tests only.
//
// The cases come from pgregory.net/rapid, which draws from a new seed each time
// unless it is given one. A test that fails today and passes tomorrow tells
// little, so the seed is fixed here. New cases are drawn by .ci/explore, or by
//
//	go test ./sim/internal/twin -rapid.seed=0 -rapid.checks=1000
//
// The flags and environment variables of rapid have the last word.
package proptest

import (
	"flag"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// Check checks a property on as many cases as Checks says, a fifth of them with
// -short. A failure prints the smallest case found and the seed that repeats
// it.
func Check(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	rapid.Check(t, property)
}

// Checks sets on how many cases the properties of a package are checked, 100 by
// default. It is to be called by an init function of the package's tests.
func Checks(cases int) { preset("rapid.checks", "100", strconv.Itoa(cases)) }

// No file is kept of a failure: its seed repeats it, and what an earlier run
// has left must not decide whether the tests pass.
func init() {
	preset("rapid.seed", "0", "1")
	preset("rapid.nofailfile", "false", "true")
}

// preset changes a setting of rapid unless an environment variable has changed
// it. The command line is read later.
func preset(name, initial, value string) {
	if v := flag.Lookup(name).Value; v.String() == initial {
		if err := v.Set(value); err != nil {
			panic(err)
		}
	}
}

// few is up to how many values are drawn evenly.
const few = 1 << 10

// bits are sixteen tosses of a coin. Rapid prefers small integers, which would
// leave most of the choices of a case at their first value; it tosses coins
// evenly.
var bits = rapid.SliceOfN(rapid.Bool(), 16, 16)

// Draws draws the whole numbers of which a case is made. Failures shrink
// towards the least of each.
type Draws struct{ T *rapid.T }

// Int returns a number from least to most, both included; up to 1024 different
// ones are equally likely, of more the small ones are preferred. The name says
// what it is drawn for.
func (d Draws) Int(name string, least, most int64) int64 {
	if most-least >= few {
		return rapid.Int64Range(least, most).Draw(d.T, name)
	}
	u := int64(0)
	for _, bit := range bits.Draw(d.T, name) {
		u <<= 1
		if bit {
			u++
		}
	}
	return least + u%(most-least+1)
}
