package keys

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/unit"
)

// Duration reads "90s", "18h" or "30d". A Least of 1 means longer than 0s.
type Duration struct {
	To          *time.Duration
	Least, Most time.Duration
}

func (d Duration) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, ok := readDuration(r, n, path)
	switch {
	case !ok:
	case v < d.Least && d.Least == 1:
		r.Wrong(n, path, "", "%s is not longer than 0s", n.Show())
	case v < d.Least:
		r.Wrong(n, path, "", "%s is not at least %s", n.Show(), unit.FormatDuration(d.Least))
	case v > d.Most:
		r.Wrong(n, path, "", "%s is not at most %s", n.Show(), unit.FormatDuration(d.Most))
	default:
		*d.To = v
	}
}

func (Duration) Shape() Shape { return named(notationDuration) }

func (d Duration) Range() string {
	least, most := strconv.Quote(unit.FormatDuration(d.Least)), strconv.Quote(unit.FormatDuration(d.Most))
	switch {
	case d.Least > 1 && d.Most < unit.MaxDuration:
		return least + " to " + most
	case d.Least > 1:
		return "at least " + least
	case d.Most < unit.MaxDuration:
		return "at most " + most
	}
	return ""
}

func (d Duration) Default() string {
	if *d.To < d.Least {
		return ""
	}
	return strconv.Quote(unit.FormatDuration(*d.To))
}

// Seconds reads a duration of whole seconds, the API's resolution.
type Seconds struct{ Duration }

func (s Seconds) Read(r *tree.Reporter, n *tree.Node, path string) {
	text, _ := n.Value.(string)
	if v, err := unit.ParseDuration(text); err == nil && v%time.Second != 0 {
		r.Wrong(n, path, "", "%s is not a whole number of seconds", n.Show())
		return
	}
	s.Duration.Read(r, n, path)
}

func (s Seconds) Range() string { return s.Duration.Range() + " in whole seconds" }

// readDuration returns the value of n as a duration, or reports why it is not
// one.
func readDuration(r *tree.Reporter, n *tree.Node, path string) (time.Duration, bool) {
	v, isText := n.Value.(string)
	if !isText {
		r.Wrong(n, path, "", `%s is not a duration: write a number and a unit in quotes, such as "90s", "18h" or "30d"`, n.Show())
		return 0, false
	}
	d, err := unit.ParseDuration(v)
	if err != nil {
		r.Wrong(n, path, "", "%v", err)
		return 0, false
	}
	return d, true
}

// Rate reads "14/s", "60/h" or "50000/d".
type Rate struct{ To *unit.Rate }

func (t Rate) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, isText := n.Value.(string)
	if !isText {
		r.Wrong(n, path, "", `%s is not a rate: write a number and a period in quotes, such as "14/s", "60/h" or "50000/d"`, n.Show())
		return
	}
	parsed, err := unit.ParseRate(v)
	switch {
	case err != nil:
		r.Wrong(n, path, "", "%v", err)
	case parsed.PerSecond() > sim.MaxRate:
		r.Wrong(n, path, "", "%s is not at most %d/s", n.Show(), sim.MaxRate)
	default:
		*t.To = parsed
	}
}

func (Rate) Shape() Shape { return named(notationRate) }

// Share reads "5%" or 0.05.
type Share struct{ To *unit.Share }

func (s Share) Read(r *tree.Reporter, n *tree.Node, path string) {
	if v, ok := readShare(r, n, path); ok {
		*s.To = v
	}
}

func (Share) Shape() Shape { return named(notationShare) }

func (s Share) Default() string { return strconv.Quote(s.To.String()) }

// readShare returns the value of n as a share, or reports why it is not one.
func readShare(r *tree.Reporter, n *tree.Node, path string) (unit.Share, bool) {
	const example = `%s is not a share: write a percentage such as "5%%" or a fraction such as 0.05`
	var v unit.Share
	var err error
	switch value := n.Value.(type) {
	case string:
		v, err = unit.ParseShare(value)
	case float64:
		v, err = unit.ParseShare(strconv.FormatFloat(value, 'f', -1, 64))
	case int64:
		v = unit.Share(value) * unit.Whole
		if value != 0 && value != 1 {
			r.Wrong(n, path, "", example, n.Show())
			return 0, false
		}
	default:
		if isDistribution(n) {
			notUncertain(r, n, path)
			return 0, false
		}
		r.Wrong(n, path, "", example, n.Show())
		return 0, false
	}
	if err != nil {
		r.Wrong(n, path, "", "%v", err)
		return 0, false
	}
	return v, true
}

// Confidence reads the confidence of intervals, from 50% to 99.9%.
type Confidence struct{ To *float64 }

// Limits of a confidence.
const (
	minConfidence = unit.Whole / 2
	maxConfidence = unit.Whole / 1000 * 999
)

func (c Confidence) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, ok := readShare(r, n, path)
	switch {
	case !ok:
	case v < minConfidence || v > maxConfidence:
		r.Wrong(n, path, "", "%s is not from %v to %v", n.Show(), minConfidence, maxConfidence)
	default:
		*c.To = v.Float()
	}
}

func (Confidence) Shape() Shape { return named(notationShare) }

func (Confidence) Range() string { return fmt.Sprintf("%q to %q", minConfidence, maxConfidence) }

func (c Confidence) Default() string { return fmt.Sprintf("\"%g%%\"", *c.To*100) }

// Decay reads "2.1%/30d": a share, and the time in which that share is lost; or, with
// Gains, gained.
type Decay struct {
	Of    *unit.Share
	Per   *time.Duration
	Gains bool
}

// minDecayPer is the shortest period of a decay: addresses decay over months.
const minDecayPer = time.Hour

func (d Decay) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, isText := n.Value.(string)
	part, per, found := strings.Cut(v, "/")
	lost, err := unit.ParseShare(part)
	if !isText || err != nil || !found && lost > 0 {
		r.Wrong(n, path, "", `%s is not a decay: write a share and a duration, such as "2.1%%/30d"`, n.Show())
		return
	}
	if !found {
		*d.Of, *d.Per = 0, 0
		return
	}
	if lost > sim.MaxLoss {
		if d.Gains {
			r.Wrong(n, path, "", "%s is more than %s", n.Show(), sim.MaxLoss)
			return
		}
		r.Wrong(n, path, "", "%s loses more than %s: for addresses that do not exist at all there is invalid", n.Show(), sim.MaxLoss)
		return
	}
	in, err := unit.ParseDuration(per)
	if err != nil || in < minDecayPer {
		r.Wrong(n, path, "", `%s is not a decay: the time after the "/" is not a duration of at least %s, such as "30d"`,
			n.Show(), unit.FormatDuration(minDecayPer))
		return
	}
	*d.Of, *d.Per = lost, in
}

func (Decay) Shape() Shape { return named(notationDecay) }

func (Decay) Range() string {
	return fmt.Sprintf("at most %q, in at least %q", sim.MaxLoss, unit.FormatDuration(minDecayPer))
}

func (d Decay) Default() string { return strconv.Quote(d.Of.String()) }

// Size reads the size of a message in bytes, such as "500kB" or "12MB".
type Size struct{ To *int64 }

// maxSize is the maximum size of a message in a scenario: far more than SES
// accepts.
const maxSize = 1 << 30

// sizeUnits are the units of sizes. "B" comes last, since the others end in it.
// AWS counts in powers of two.
var sizeUnits = []Choice[uint64]{{"MB", 1 << 20}, {"kB", 1 << 10}, {"B", 1}}

func (s Size) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, _ := n.Value.(string)
	for _, unit := range sizeUnits {
		digits, ok := strings.CutSuffix(v, unit.Word)
		if !ok {
			continue
		}
		number, err := strconv.ParseUint(strings.ReplaceAll(strings.TrimSpace(digits), "_", ""), 10, 64)
		switch {
		case err != nil && !errors.Is(err, strconv.ErrRange):
		case err != nil || number > maxSize/unit.Is:
			r.Wrong(n, path, "", "%s is not at most %dMB", n.Show(), maxSize>>20)
			return
		case number == 0:
			r.Wrong(n, path, "", "%s is not at least 1B", n.Show())
			return
		default:
			*s.To = int64(number * unit.Is)
			return
		}
		break
	}
	r.Wrong(n, path, "", `%s is not a size: write a whole number and B, kB or MB in quotes, such as "500kB" or "12MB"`, n.Show())
}

func (Size) Shape() Shape { return named(notationSize) }

func (Size) Range() string { return fmt.Sprintf(`"1B" to "%dMB"`, maxSize>>20) }
