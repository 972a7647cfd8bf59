package sim

import (
	"math/bits"
	"time"
)

// Price is what AWS charges for an account's mail, in thousandths of a US dollar,
// without tax. The zero value charges nothing.
type Price struct {
	PerThousand    int64 // for a thousand accepted recipients, suppressed ones included
	PlanMonth      int64 // for the plan, a month
	DedicatedMonth int64 // for dedicated IP addresses, a month
}

// ListPrice is the price by default: sending a la carte, without a plan and without
// dedicated addresses. AWS's price list of us-east-1 has it (documented); PriceRead
// is its date. The plan Essentials, the default of accounts from then on, costs 160.
var ListPrice = Price{PerThousand: 100}

// PriceRead is the date of the price list of ListPrice.
const PriceRead = "2026-07-22"

// month is what a month is in prices: a twelfth of 365 days.
const month = 730 * time.Hour

// Micros is an amount in millionths of a US dollar.
type Micros int64

// USD returns the amount in dollars.
func (m Micros) USD() float64 { return float64(m) / 1e6 }

// Of returns the price of recipients within a time, rounded down.
func (p Price) Of(recipients int64, within time.Duration) Micros {
	hi, lo := bits.Mul64(uint64(1000*(p.PlanMonth+p.DedicatedMonth)), uint64(within))
	fixed, _ := bits.Div64(hi, lo, uint64(month))
	return Micros(recipients*p.PerThousand + int64(fixed))
}
