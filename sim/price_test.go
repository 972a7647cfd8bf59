package sim

import (
	"testing"
	"time"
)

// TestPrice checks amounts of AWS's price list: a million recipients a la carte, and
// one and a half on the plan Pro at its price per recipient.
func TestPrice(t *testing.T) {
	year := 365 * 24 * time.Hour
	for _, c := range []struct {
		price      Price
		recipients int64
		within     time.Duration
		want       Micros
	}{
		{ListPrice, 1_000_000, year / 12, 100_000_000},
		{ListPrice, 1, time.Hour, 100},
		{Price{PerThousand: 160}, 1_500_000, year / 12, 240_000_000},
		{Price{PerThousand: 220, PlanMonth: 105_000}, 1_500_000, year / 12, 435_000_000},
		{Price{DedicatedMonth: 24_950}, 0, 10 * year, 120 * 24_950_000},
		{Price{}, 1_000_000, year, 0},
	} {
		if got := c.price.Of(c.recipients, c.within); got != c.want {
			t.Errorf("%+v for %d within %v is %d, want %d", c.price, c.recipients, c.within, got, c.want)
		}
	}
}
