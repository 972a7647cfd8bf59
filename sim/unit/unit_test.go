package unit

import (
	"errors"
	"math"
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"90s": 90 * time.Second, "18h": 18 * time.Hour, "30d": 30 * Day, "2w": 14 * Day,
		"1d12h": 36 * time.Hour, "1.5h": 90 * time.Minute, "0s": 0, "250ms": 250 * time.Millisecond,
		"1_000s": 1000 * time.Second, "36500d": MaxDuration, "7us": 7 * time.Microsecond, "1m1ms": time.Minute + time.Millisecond,
	} {
		got, err := ParseDuration(text)
		if err != nil || got != want {
			t.Errorf("ParseDuration(%q) = %v, %v; want %v", text, got, err, want)
		}
		if back, err := ParseDuration(FormatDuration(want)); err != nil || back != want {
			t.Errorf("FormatDuration(%v) = %q, which reads back as %v, %v", want, FormatDuration(want), back, err)
		}
	}
	for _, text := range []string{"", "forever", "30", "-1d", "d", "1x", "1e3s", "36500d1ns", "99999999999999d", "NaNs", "1..5h", "_1s", "1 d"} {
		if got, err := ParseDuration(text); !errors.Is(err, ErrDuration) {
			t.Errorf("ParseDuration(%q) = %v, %v; want ErrDuration", text, got, err)
		}
	}
}

func TestParseShare(t *testing.T) {
	for text, want := range map[string]Share{
		"5%": 5 * Percent, "0.05": 5 * Percent, "0%": 0, "100%": Whole, "1": Whole, "0.0000001%": 1, "2.1%": 21 * Whole / 1000,
	} {
		got, err := ParseShare(text)
		if err != nil || got != want {
			t.Errorf("ParseShare(%q) = %d, %v; want %d", text, got, err, want)
		}
		if back, err := ParseShare(want.String()); err != nil || back != want {
			t.Errorf("%d prints as %q, which reads back as %d, %v", want, want, back, err)
		}
	}
	for _, text := range []string{"", "%", "-1%", "101%", "1.1", "nan", "inf", "5 percent", "1e-3", "0.00000001%"} {
		if got, err := ParseShare(text); !errors.Is(err, ErrShare) {
			t.Errorf("ParseShare(%q) = %d, %v; want ErrShare", text, got, err)
		}
	}
}

func TestParseRate(t *testing.T) {
	for text, want := range map[string]Rate{
		"14/s": {14, time.Second}, "60/h": {60, time.Hour}, "50000/d": {50000, Day}, "50_000/d": {50000, Day},
		"0.5/s": {500, 1000 * time.Second}, "3/w": {3, 7 * Day},
	} {
		if got, err := ParseRate(text); err != nil || got != want {
			t.Errorf("ParseRate(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "14", "14/", "/s", "0/s", "-1/s", "14/y", "x/s", "1e9/s"} {
		if got, err := ParseRate(text); !errors.Is(err, ErrRate) {
			t.Errorf("ParseRate(%q) = %v, %v; want ErrRate", text, got, err)
		}
	}
}

func TestRateAtDoesNotDrift(t *testing.T) {
	r := Rate{14, time.Second}
	if got := r.At(14 * 86400 * 3650); got != 3650*Day {
		t.Errorf("the send after ten years of 14/s is due at %v, want %v", got, 3650*Day)
	}
	if got := r.At(1); got != 71428571 {
		t.Errorf("the second send of 14/s is due at %d ns, want 71428571", got)
	}
	if got := (Rate{1, Day}).At(math.MaxInt64); got != math.MaxInt64 {
		t.Errorf("a send beyond the clock is due at %d, want the largest time", got)
	}
}

func TestShareExactComparisons(t *testing.T) {
	s := 5 * Percent
	for _, c := range []struct {
		part, whole int64
		want        int
	}{{499, 10_000, -1}, {500, 10_000, 0}, {501, 10_000, 1}, {0, 0, 0}, {1, 0, 1}, {1 << 40, 20 << 40, 0}} {
		if got := s.Ratio(c.part, c.whole); got != c.want {
			t.Errorf("%d of %d against 5%% = %d, want %d", c.part, c.whole, got, c.want)
		}
	}
	if got := (6 * Percent).Count(20_000); got != 1200 {
		t.Errorf("6%% of 20,000 = %d, want 1200", got)
	}
	if !Whole.Of(math.MaxUint64) || Share(0).Of(0) {
		t.Error("the whole must hold every number, and nothing must hold none")
	}
	if got := (50 * Percent).Threshold(); got != 1<<63 {
		t.Errorf("half of all numbers lie below %d, want 2^63", got)
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 999: "999", 1000: "1,000", -999: "-999", -1000: "-1,000", 12_345_678: "12,345,678",
		math.MinInt64: "-9,223,372,036,854,775,808", math.MaxInt64: "9,223,372,036,854,775,807",
	} {
		if got := Grouped(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

func TestPlural(t *testing.T) {
	for n, want := range map[int64]string{0: "0 addresses", 1: "1 address", 2: "2 addresses", 12345: "12,345 addresses"} {
		if got := Plural(n, "address", "addresses"); got != want {
			t.Errorf("Plural(%d) = %q, want %q", n, got, want)
		}
	}
}

// TestShortDecimal compares the short way to read a number with the one for all: every text
// of at most five characters, and long numbers around the limits.
func TestShortDecimal(t *testing.T) {
	texts := []string{""}
	for n := 0; n < len(texts) && len(texts[n]) < 5; n++ {
		for _, c := range "019.-_e" {
			texts = append(texts, texts[n]+string(c))
		}
	}
	nines := "999999999999999999999"
	for n := range nines {
		texts = append(texts, nines[:n], nines[:n]+".5", "0."+nines[:n], "00"+nines[:n]+".25")
	}
	taken := 0
	for _, text := range texts {
		for _, places := range []int{0, 3, 9} {
			got, ok := shortDecimal(text, places)
			if !ok {
				continue
			}
			taken++
			if want, err := anyDecimal(text, places); err != nil || got != want {
				t.Errorf("%q with %d places: %d, want %d, %v", text, places, got, want, err)
			}
		}
	}
	if taken < 1000 {
		t.Errorf("%d texts were read the short way, want most numbers", taken)
	}
}

func TestCapital(t *testing.T) {
	for text, want := range map[string]string{"a word": "A word", "X": "X", "1 word": "1 word", "über": "Über", "": ""} {
		if got := Capital(text); got != want {
			t.Errorf("Capital(%q) = %q, want %q", text, got, want)
		}
	}
}
