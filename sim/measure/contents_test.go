package measure_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim/measure"
)

// filled returns a histogram with one of the first duration, two of the second, and
// so on.
func filled(t *testing.T, durations ...time.Duration) *measure.Histogram {
	t.Helper()
	var h measure.Histogram
	for i, d := range durations {
		if err := h.Record(d, int64(i+1)); err != nil {
			t.Fatal(err)
		}
	}
	return &h
}

// text returns a histogram as written by WriteHGRM.
func text(t *testing.T, h *measure.Histogram) string {
	t.Helper()
	var b bytes.Buffer
	if err := h.WriteHGRM(&b, "test"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// stored writes a histogram as JSON and reads it back.
func stored(t *testing.T, h *measure.Histogram) *measure.Histogram {
	t.Helper()
	written, err := json.Marshal(h.Contents())
	if err != nil {
		t.Fatal(err)
	}
	var c measure.Contents
	if err := json.Unmarshal(written, &c); err != nil {
		t.Fatal(err)
	}
	read, err := c.Histogram()
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// TestContents stores histograms, reads them back and compares their texts, before
// and after merging.
func TestContents(t *testing.T) {
	many := make([]time.Duration, 300)
	for i := range many {
		many[i] = time.Duration(i*i*i*i) * 7919 * time.Microsecond
	}
	for name, h := range map[string]*measure.Histogram{
		"empty": filled(t), "zeros": filled(t, 0), "one": filled(t, time.Second), "many": filled(t, many...),
		"too long": filled(t, 0, 200*24*time.Hour),
	} {
		if diff := cmp.Diff(text(t, h), text(t, stored(t, h))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		together, again := filled(t, time.Minute), filled(t, time.Minute)
		if err := together.Merge(h); err != nil {
			t.Fatal(err)
		}
		if err := again.Merge(stored(t, h)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(text(t, together), text(t, again)); diff != "" {
			t.Errorf("%s, merged (-want +got):\n%s", name, diff)
		}
	}
}

func TestContentsDamaged(t *testing.T) {
	for name, c := range map[string]measure.Contents{
		"a bucket is missing":    {Count: 3, Buckets: [][2]int64{{5, 2}}},
		"a bucket is negative":   {Count: 1, Buckets: [][2]int64{{5, 2}, {6, -1}}},
		"a duration is too long": {Count: 1, Buckets: [][2]int64{{1 << 62, 1}}},
	} {
		if _, err := c.Histogram(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestPooled checks a curve by hand, and that single stays add up to it.
func TestPooled(t *testing.T) {
	const h = time.Hour
	want := measure.Survival{Stays: 5, Censored: 2, Max: 5 * h, Steps: []measure.Step{
		{At: h, AtRisk: 5, Ended: 1, Survival: 0.8},
		{At: 2 * h, AtRisk: 4, Ended: 2, Censored: 1, Survival: 0.4},
		{At: 5 * h, AtRisk: 1, Censored: 1, Survival: 0.4},
	}}
	counted := []measure.Step{{At: 5 * h, Censored: 1}, {At: 2 * h, Ended: 2, Censored: 1}, {At: h, Ended: 1}}
	single := []measure.Step{{At: 2 * h, Ended: 1}, {At: h, Ended: 1}, {At: 2 * h, Censored: 1}, {At: 2 * h, Ended: 1}, {At: 5 * h, Censored: 1}}
	for _, steps := range [][]measure.Step{counted, measure.AddUp(single)} {
		if diff := cmp.Diff(want, measure.Pooled(steps)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if got := measure.Pooled(nil); got.Stays != 0 || got.Max != 0 {
		t.Errorf("no stays have the curve %+v", got)
	}
}
