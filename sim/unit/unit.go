// Package unit defines the quantities in which scenarios, rules and criteria are
// written: shares, rates and durations. All are integers, so that no decision of a
// run depends on floating-point rounding.
//
// Out of scope: money, bytes and dates.
package unit

import (
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Day is 24 hours, which every day of the virtual clock has.
const Day = 24 * time.Hour

// Share is a fraction in parts per billion, from 0 to Whole: 5 % is 50,000,000.
type Share int64

// Whole is 100 %.
const Whole Share = 1_000_000_000

// Percent is 1 %.
const Percent = Whole / 100

// Of reports whether a uniform 64-bit number u falls into the share. It is true
// for exactly that share of all numbers, to one part in 2^64.
func (s Share) Of(u uint64) bool { return u < s.Threshold() || s >= Whole }

// Threshold returns the number below which a uniform 64-bit number falls with
// probability s. For Whole it returns the largest uint64, below which all numbers
// but one fall; where that one matters, use Of.
func (s Share) Threshold() uint64 {
	switch {
	case s <= 0:
		return 0
	case s >= Whole:
		return ^uint64(0)
	}
	hi, _ := bits.Div64(uint64(s), 0, uint64(Whole))
	return hi
}

// Count returns the share s of n, rounded to the nearest integer, halves up. n must
// not be negative.
func (s Share) Count(n int64) int64 {
	hi, lo := bits.Mul64(uint64(s), uint64(n))
	lo, carry := bits.Add64(lo, uint64(Whole)/2, 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(Whole))
	return int64(q)
}

// Float returns the share as a number from 0 to 1, for display only.
func (s Share) Float() float64 { return float64(s) / float64(Whole) }

// String returns the share as a percentage with all significant digits, such as
// "5%" or "0.05%".
func (s Share) String() string { return trimmed(int64(s), 7) + "%" }

// Ratio compares part/whole with s: it returns -1 if the ratio is below s, 0 if it
// equals s, and +1 if it is above. The comparison is exact. Part and whole must not
// be negative.
func (s Share) Ratio(part, whole int64) int {
	ph, pl := bits.Mul64(uint64(part), uint64(Whole))
	wh, wl := bits.Mul64(uint64(whole), uint64(s))
	switch {
	case ph < wh || ph == wh && pl < wl:
		return -1
	case ph == wh && pl == wl:
		return 0
	}
	return 1
}

// The errors of ParseShare, ParseRate and ParseDuration wrap these.
var (
	ErrShare    = errors.New("not a share")
	ErrRate     = errors.New("not a rate")
	ErrDuration = errors.New("not a duration")
)

// ParseShare parses "5%", "0.05%" or a bare fraction such as "0.05". The value must
// be between 0 and 100 %, with at most nine decimal places as a fraction or seven as
// a percentage. The error wraps ErrShare.
func ParseShare(text string) (Share, error) {
	body, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	places := 9
	if percent {
		places = 7
	}
	v, err := decimal(strings.TrimSpace(body), places)
	switch {
	case errors.Is(err, errPlaces):
		return 0, fmt.Errorf("%q is %w: it must have at most %d decimal places", text, ErrShare, places)
	case err != nil && !errors.Is(err, strconv.ErrRange):
		return 0, fmt.Errorf("%q is %w: write a percentage such as \"5%%\" or a fraction such as 0.05", text, ErrShare)
	}
	if err != nil || v < 0 || v > int64(Whole) {
		return 0, fmt.Errorf("%q is %w: it must lie between 0%% and 100%%", text, ErrShare)
	}
	return Share(v), nil
}

// Rate is a number of events per period: 14 a second is {14, time.Second}. Both are
// positive in a valid rate.
type Rate struct {
	N   int64
	Per time.Duration
}

// At returns when the k-th event is due, counted from 0 and starting at time 0:
// k*Per/N, rounded down to the nanosecond, without drift. A result that overflows is
// the largest duration.
func (r Rate) At(k int64) time.Duration {
	hi, lo := bits.Mul64(uint64(k), uint64(r.Per))
	if hi >= uint64(r.N) {
		return time.Duration(1<<63 - 1)
	}
	q, _ := bits.Div64(hi, lo, uint64(r.N))
	if q > 1<<63-1 {
		return time.Duration(1<<63 - 1)
	}
	return time.Duration(q)
}

// PerSecond returns the rate in events a second, for display only.
func (r Rate) PerSecond() float64 {
	if r.Per == 0 {
		return 0
	}
	return float64(r.N) / r.Per.Seconds()
}

// String returns the rate in the notation of ParseRate.
func (r Rate) String() string {
	for _, p := range ratePeriods {
		switch {
		case p.d == r.Per:
			return strconv.FormatInt(r.N, 10) + "/" + p.name
		case 1000*p.d == r.Per && r.N%1000 != 0: // whole numbers have no thousandths
			return trimmed(r.N, 3) + "/" + p.name
		}
	}
	return fmt.Sprintf("%d/%s", r.N, FormatDuration(r.Per))
}

var ratePeriods = []struct {
	name string
	d    time.Duration
}{{"s", time.Second}, {"m", time.Minute}, {"h", time.Hour}, {"d", Day}, {"w", 7 * Day}}

// maxRateNumber is the largest number of a rate.
const maxRateNumber = 1_000_000_000_000

// ParseRate parses a rate such as "14/s", "60/h", "50000/d" or "0.5/s": a positive
// number with at most three decimal places, a slash and a period (s, m, h, d, w). The
// error wraps ErrRate.
func ParseRate(text string) (Rate, error) {
	number, period, found := strings.Cut(strings.TrimSpace(text), "/")
	for _, p := range ratePeriods {
		if !found || strings.TrimSpace(period) != p.name {
			continue
		}
		milli, err := decimal(strings.TrimSpace(number), 3)
		switch {
		case errors.Is(err, errPlaces):
			return Rate{}, fmt.Errorf("%q is %w: it must have at most three decimal places", text, ErrRate)
		case errors.Is(err, strconv.ErrRange) && !strings.HasPrefix(number, "-") || milli > 1000*maxRateNumber:
			return Rate{}, fmt.Errorf("%q is %w: its number must be at most %d", text, ErrRate, maxRateNumber)
		}
		if err != nil || milli <= 0 {
			break
		}
		if milli%1000 == 0 {
			return Rate{milli / 1000, p.d}, nil
		}
		return Rate{milli, p.d * 1000}, nil
	}
	return Rate{}, fmt.Errorf("%q is %w: write a positive number and a period, such as \"14/s\", \"60/h\" or \"50000/d\"", text, ErrRate)
}

var durationUnits = []struct {
	name string
	d    time.Duration
}{
	{"w", 7 * Day}, {"d", Day}, {"h", time.Hour}, {"ms", time.Millisecond},
	{"us", time.Microsecond}, {"µs", time.Microsecond}, {"ns", time.Nanosecond}, {"m", time.Minute}, {"s", time.Second},
}

// MaxDuration is the longest duration that a scenario may contain: 100 years of 365
// days. Two of them add up without overflow.
const MaxDuration = 36500 * Day

// ParseDuration parses a duration such as "90s", "18h", "30d", "2w", "1d12h" or
// "1.5h": numbers with units (w, d, h, m, s, ms, us, ns), which are added. The result
// is between 0 and MaxDuration. The error wraps ErrDuration.
func ParseDuration(text string) (time.Duration, error) {
	bad := func(why string) (time.Duration, error) {
		return 0, fmt.Errorf("%q is %w: %s", text, ErrDuration, why)
	}
	const form = `write a number and a unit, such as "90s", "18h", "30d" or "2w"`
	rest := strings.TrimSpace(text)
	if rest == "" {
		return bad(form)
	}
	if strings.HasPrefix(rest, "-") {
		return bad("it must not be negative")
	}
	var sum time.Duration
	for rest != "" {
		end := strings.IndexFunc(rest, func(c rune) bool { return (c < '0' || c > '9') && c != '.' && c != '_' })
		if end <= 0 {
			return bad(form)
		}
		nano, err := decimal(rest[:end], 9)
		unit, after := cutUnit(rest[end:])
		switch {
		case unit == 0:
			return bad(form)
		case errors.Is(err, errPlaces):
			return bad("it must have at most nine decimal places")
		case errors.Is(err, strconv.ErrRange):
			return bad("it must not be longer than 36500d")
		case err != nil:
			return bad(form)
		}
		rest = after
		hi, lo := bits.Mul64(uint64(nano), uint64(unit))
		if hi >= 1_000_000_000 {
			return bad("it must not be longer than 36500d")
		}
		part, _ := bits.Div64(hi, lo, 1_000_000_000)
		if part > uint64(MaxDuration) || sum+time.Duration(part) > MaxDuration {
			return bad("it must not be longer than 36500d")
		}
		sum += time.Duration(part)
	}
	return sum, nil
}

// cutUnit returns the unit that the text begins with, 0 if there is none, and what
// follows it.
func cutUnit(text string) (unit time.Duration, after string) {
	for _, u := range durationUnits {
		if after, ok := strings.CutPrefix(text, u.name); ok {
			return u.d, after
		}
	}
	return 0, text
}

// FormatDuration formats d in the notation of ParseDuration: "14d", "1d12h",
// "1m30s" for 90 seconds, "250ms", "0s".
func FormatDuration(d time.Duration) string {
	if d == 0 {
		return "0s"
	}
	var b strings.Builder
	if d < 0 {
		b.WriteByte('-')
		d = -d
	}
	for _, u := range []struct {
		name string
		d    time.Duration
	}{{"d", Day}, {"h", time.Hour}, {"m", time.Minute}} {
		if n := d / u.d; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, u.name)
			d -= n * u.d
		}
	}
	switch {
	case d >= time.Second:
		b.WriteString(trimmed(int64(d), 9) + "s")
	case d >= time.Millisecond:
		b.WriteString(trimmed(int64(d), 6) + "ms")
	case d >= time.Microsecond:
		b.WriteString(trimmed(int64(d), 3) + "us")
	case d > 0:
		fmt.Fprintf(&b, "%dns", int64(d))
	}
	return b.String()
}

// errPlaces is the error of decimal for a number with too many decimal places;
// strconv.ErrRange is that for a number that is too large.
var errPlaces = errors.New("too many decimal places")

// decimal parses a decimal number as an integer multiple of 10^-places. It rejects
// signs other than a leading minus, exponents, NaN, Inf, and more than that many
// decimal places; underscores may separate digits, as in TOML.
func decimal(text string, places int) (int64, error) {
	if v, ok := shortDecimal(text, places); ok {
		return v, nil
	}
	return anyDecimal(text, places)
}

// maxShort is how many decimal digits an int64 always holds.
const maxShort = 18

// shortDecimal is decimal for a few digits with or without a point, as nearly all numbers
// are. It returns false for others, valid or not.
func shortDecimal(text string, places int) (v int64, ok bool) {
	if len(text) > maxShort {
		return 0, false
	}
	digits, fraction, point := 0, 0, false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '.' && !point:
			point = true
			continue
		case c < '0' || c > '9':
			return 0, false
		}
		v = v*10 + int64(text[i]-'0')
		if digits++; point {
			fraction++
		}
	}
	if digits == 0 || fraction > places || digits-fraction+places > maxShort {
		return 0, false
	}
	for ; fraction < places; fraction++ {
		v *= 10
	}
	return v, true
}

// anyDecimal is decimal for every text.
func anyDecimal(text string, places int) (int64, error) {
	if strings.ContainsAny(text, "eEpPxX/+ ") || strings.HasPrefix(text, "_") || strings.HasSuffix(text, "_") {
		return 0, strconv.ErrSyntax
	}
	clean := strings.ReplaceAll(text, "_", "")
	if clean == "" || clean == "." || clean == "-" || clean == "-." {
		return 0, strconv.ErrSyntax
	}
	for i, c := range clean {
		if (c < '0' || c > '9') && c != '.' && (c != '-' || i > 0) {
			return 0, strconv.ErrSyntax
		}
	}
	const most = 40 // digits before the point, and after it
	switch whole, fraction, _ := strings.Cut(clean, "."); {
	case len(whole) > most:
		return 0, strconv.ErrRange
	case len(fraction) > most:
		return 0, errPlaces
	}
	r, ok := new(big.Rat).SetString(clean)
	if !ok {
		return 0, strconv.ErrSyntax
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	r.Mul(r, new(big.Rat).SetInt(scale))
	switch {
	case !r.IsInt():
		return 0, errPlaces
	case !r.Num().IsInt64():
		return 0, strconv.ErrRange
	}
	return r.Num().Int64(), nil
}

// Grouped writes a whole number with thousands separators: 12,345.
func Grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// trimmed formats v*10^-places without trailing zeros.
func trimmed(v int64, places int) string {
	sign := ""
	if v < 0 {
		sign, v = "-", -v
	}
	s := strconv.FormatInt(v, 10)
	if len(s) <= places {
		s = strings.Repeat("0", places-len(s)+1) + s
	}
	whole, frac := s[:len(s)-places], strings.TrimRight(s[len(s)-places:], "0")
	if frac == "" {
		return sign + whole
	}
	return sign + whole + "." + frac
}

// Spread is a distribution of durations: log-normal with the given median and upper
// quantile, or constant if the upper quantile is not above the median.
type Spread struct {
	Median time.Duration
	Upper  time.Duration // the quantile that Tail names
	Tail   int64         // 95 or 99, percent
}

// Constant reports whether the spread is one fixed duration.
func (s Spread) Constant() bool { return s.Upper <= s.Median }

// Plural writes a count with its noun: "1 recipient", "12,345 recipients".
func Plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Grouped(n) + " " + many
}

// Capital begins a text with a capital letter.
func Capital(text string) string {
	_, n := utf8.DecodeRuneInString(text)
	return strings.ToUpper(text[:n]) + text[n:]
}
