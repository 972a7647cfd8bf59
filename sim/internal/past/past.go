// Package past says once more what an account's history comes to, mail by mail and in
// plain arithmetic, for the models and checks that prove the first one right.
package past

import (
	"math/big"
	"time"

	"sesim/sim/ses"
)

// Bucket is what counted towards both rates in an interval before the start.
type Bucket struct {
	Begin, End     time.Duration // negative, or 0 at the end
	Mails, Bounces int64
	Looped         int64 // mails to providers with a feedback loop
	Complaints     int64
}

// Buckets returns the buckets of a history that are not empty, oldest first: each point
// in equal parts no longer than an evaluation interval.
func Buckets(h *ses.History, interval time.Duration) []Bucket {
	list := divide(h.Before, h.Order, interval)
	for _, p := range h.Points {
		list = append(list, divide(p, ses.OrderEven, interval)...)
	}
	return list
}

func divide(p ses.HistoryPoint, order ses.Order, interval time.Duration) []Bucket {
	if p.For == 0 {
		return nil
	}
	parts := int64(1)
	for time.Duration(parts)*interval < p.For {
		parts++
	}
	list := make([]Bucket, parts)
	for i := range list {
		list[i].Begin = p.At + time.Duration(nearest(int64(p.For), int64(i), parts))
		list[i].End = p.At + time.Duration(nearest(int64(p.For), int64(i+1), parts))
	}
	mails := lay(p.Eligible, parts, func(i int64) { list[i].Mails++ })
	looped := lay(p.ComplaintEligible, parts, func(i int64) { list[i].Looped++ })
	strew(p.Bounces, mails, parts, order, func(i int64) { list[i].Bounces++ })
	strew(p.Complaints, looped, parts, order, func(i int64) { list[i].Complaints++ })
	full := list[:0]
	for _, b := range list {
		if b.Mails+b.Bounces+b.Looped+b.Complaints > 0 {
			full = append(full, b)
		}
	}
	return full
}

// nearest returns n*k/of, a half rounded up. The product of weeks and quarters of an hour
// does not fit into 64 bits.
func nearest(n, k, of int64) int64 {
	product := new(big.Int).Mul(big.NewInt(2*n), big.NewInt(k))
	product.Add(product, big.NewInt(of))
	return product.Quo(product, big.NewInt(2*of)).Int64()
}

// lay lays n mails evenly into parts, and returns the part of each.
func lay(n, parts int64, into func(part int64)) []int64 {
	of := make([]int64, n)
	part := int64(0)
	for i := range of {
		for nearest(n, part+1, parts) <= int64(i) {
			part++
		}
		of[i] = part
		into(part)
	}
	return of
}

// strew lays n events evenly on mails by an order, the first on the first of them;
// without mail into the parts.
func strew(n int64, mails []int64, parts int64, order ses.Order, into func(part int64)) {
	if len(mails) == 0 {
		lay(n, parts, into)
		return
	}
	zone := mails
	if bad := (5*n + 3) / 4; bad <= int64(len(mails)) {
		switch order {
		case ses.OrderOldest:
			zone = mails[:bad]
		case ses.OrderNewest:
			zone = mails[int64(len(mails))-bad:]
		}
	}
	for k := range n {
		into(zone[k*int64(len(zone))/n])
	}
}

// Use is recipients that count towards the quota since before the start.
type Use struct {
	At time.Duration
	N  int64
}

// Used returns the recipients of the last 24 hours, each minute's at its end. Mail lies
// evenly in a quarter of an hour, whatever the interval of evaluations.
func Used(h *ses.History) []Use {
	const minutes = 24 * 60
	var counts [minutes]int64
	known := int64(0)
	for _, b := range Buckets(h, 15*time.Minute) {
		if b.Begin < -24*time.Hour {
			continue
		}
		known += b.Mails
		first := int64((b.Begin + 24*time.Hour) / time.Minute)
		end := int64((b.End + 24*time.Hour + time.Minute - 1) / time.Minute)
		lay(b.Mails, end-first, func(i int64) { counts[first+i]++ })
	}
	if rest := h.Used - known; rest > 0 {
		lay(rest, minutes, func(i int64) { counts[i]++ })
	}
	var list []Use
	for i, n := range counts {
		if n > 0 {
			list = append(list, Use{time.Duration(i+1-minutes) * time.Minute, n})
		}
	}
	return list
}
