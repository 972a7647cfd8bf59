package past_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/internal/past"
	"sesim/sim/internal/simtest"
	"sesim/sim/proptest"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestBucketsAgree compares the buckets of random histories with those of the model, and
// the recipients of the last 24 hours with its quota's.
func TestBucketsAgree(t *testing.T) {
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	proptest.Check(t, func(t *rapid.T) {
		h := simtest.History(proptest.Draws{T: t}, "past")
		simtest.WithPoints(proptest.Draws{T: t}, "past", h)
		interval := set.Rep.EvalInterval
		want := past.Buckets(h, interval)
		i := 0
		for b := range h.Buckets(interval) {
			got := past.Bucket{
				Begin: b.At, End: b.End(), Mails: b.Eligible, Bounces: b.Bounces, Looped: b.ComplaintEligible, Complaints: b.Complaints,
			}
			if i >= len(want) || got != want[i] {
				t.Fatalf("bucket %d of %+v is %+v, want of %+v", i, h, got, want)
			}
			i++
		}
		if i != len(want) {
			t.Fatalf("%d buckets of %+v, want %d", i, h, len(want))
		}
		a := ses.NewAccount(ses.Spec{Access: ses.Production, Quota: -1, Rate: 1, History: h}, &set, nil)
		uses := past.Used(h)
		for now := time.Duration(0); now < 25*time.Hour; now += 37 * time.Minute {
			n := int64(0)
			for _, u := range uses {
				if u.At+24*time.Hour > now {
					n += u.N
				}
			}
			if got := a.QuotaUsed(now); got != n {
				t.Fatalf("at %v %d are used of %+v, want %d", now, got, h, n)
			}
		}
	})
}
