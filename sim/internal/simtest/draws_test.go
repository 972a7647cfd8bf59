package simtest_test

import "pgregory.net/rapid"

// draws binds a drawn scenario to rapid, which shrinks it.
type draws struct{ t *rapid.T }

// bits are sixteen tosses of a coin. Rapid prefers small integers, so that an
// integer drawn by it would leave most of the choices of a scenario at their
// first value; it tosses coins evenly.
var bits = rapid.SliceOfN(rapid.Bool(), 16, 16)

// few is up to how many values are drawn evenly.
const few = 1 << 10

func (d draws) Int(name string, least, most int64) int64 {
	if most-least >= few {
		return rapid.Int64Range(least, most).Draw(d.t, name)
	}
	u := int64(0)
	for _, bit := range bits.Draw(d.t, name) {
		u <<= 1
		if bit {
			u++
		}
	}
	return least + u%(most-least+1)
}
