package check

import (
	"math/big"

	"sesim/sim/unit"
)

// lines are the thresholds that a rate has reached, or for the pause exceeded.
type lines struct{ review, pause, immediate bool }

// lines compares a rate with its thresholds. It reaches none on less mail or
// fewer events than a decision takes.
func (c *reviews) lines(t tally, review, pause unit.Share, least int64) lines {
	if t.eligible < max(c.cfg.Rules.Rep.MinEligible, 1) || t.events < max(least, 1) {
		return lines{}
	}
	return reached(big.NewRat(t.events, t.eligible), review, pause, c.cfg.Rules.Pause.ImmediateFactor)
}

// thresholds returns what a rate at each threshold, or just above that of the pause,
// reaches.
func thresholds(review, pause unit.Share, factor int64) []lines {
	above := new(big.Rat).Add(part(pause), big.NewRat(1, 1<<62))
	list := []lines{reached(part(review), review, pause, factor), reached(above, review, pause, factor)}
	if factor > 0 {
		list = append(list, reached(times(part(pause), factor), review, pause, factor))
	}
	return list
}

// reached compares a rate with its thresholds. The factor, in thousandths,
// says which multiple of the pause threshold pauses at once; 0: none does.
func reached(rate *big.Rat, review, pause unit.Share, factor int64) lines {
	return lines{
		review:    rate.Cmp(part(review)) >= 0,
		pause:     rate.Cmp(part(pause)) > 0,
		immediate: factor > 0 && rate.Cmp(times(part(pause), factor)) >= 0,
	}
}

// part returns a share as a fraction.
func part(s unit.Share) *big.Rat { return big.NewRat(int64(s), int64(unit.Whole)) }

// times multiplies by a number of thousandths.
func times(r *big.Rat, thousandths int64) *big.Rat {
	return new(big.Rat).Mul(r, big.NewRat(thousandths, 1000))
}
