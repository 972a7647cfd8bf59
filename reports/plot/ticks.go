package plot

import (
	"math"
	"strconv"
	"strings"
	"time"

	"sesim/reports/wording"
	"sesim/sim/unit"
)

// timeSteps are the distances that labels of virtual time may have. From a
// day on they are whole days, so that labels stand where days begin.
var timeSteps = []time.Duration{
	time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	unit.Day, 2 * unit.Day, 5 * unit.Day, 10 * unit.Day, 20 * unit.Day, 30 * unit.Day, 60 * unit.Day,
	100 * unit.Day, 200 * unit.Day, 365 * unit.Day, 730 * unit.Day, 3650 * unit.Day,
}

// maxTimeTicks is how many labels of virtual time fit under a panel.
const maxTimeTicks = 11

// timeTicks labels the virtual time from 0 to end. The x axis is in days.
func timeTicks(end time.Duration) []tick {
	return ticksOf(end, func(t, step time.Duration) string {
		if step >= unit.Day {
			return "day " + wording.Count(int64(t/unit.Day))
		}
		return spanLabel(t, step)
	})
}

// ticksBetween labels the time from a number of days before the start, which is negative,
// to the end. Where the start is not the first, ticks lie a step apart on both sides of it.
func ticksBetween(first float64, end time.Duration) []tick {
	if first >= 0 {
		return timeTicks(end)
	}
	reach := fromDays(-first)
	step := timeSteps[len(timeSteps)-1]
	for _, s := range timeSteps {
		if reach/s+end/s < maxTimeTicks {
			step = s
			break
		}
	}
	var list []tick
	for n := -(reach / step); n <= end/step; n++ {
		before, sign := max(n, -n)*step, ""
		if n < 0 {
			sign = "−"
		}
		label := sign + spanLabel(before, step)
		if step >= unit.Day {
			label = "day " + sign + wording.Count(int64(before/unit.Day))
		}
		list = append(list, tick{days(n * step), label})
	}
	return list
}

// spanTicks labels lengths of time from 0 to end. The x axis is in days.
func spanTicks(end time.Duration) []tick { return ticksOf(end, spanLabel) }

func ticksOf(end time.Duration, label func(t, step time.Duration) string) []tick {
	step := timeSteps[len(timeSteps)-1]
	for _, s := range timeSteps {
		if end/s < maxTimeTicks {
			step = s
			break
		}
	}
	var list []tick
	for t := time.Duration(0); t <= end && len(list) < maxTimeTicks; t += step {
		list = append(list, tick{days(t), label(t, step)})
	}
	return list
}

// spanLabel writes t in the unit of the step.
func spanLabel(t, step time.Duration) string {
	switch {
	case step >= unit.Day:
		return wording.Count(int64(t/unit.Day)) + " d"
	case step >= time.Hour:
		return strconv.Itoa(int(t/time.Hour)) + " h"
	case step >= time.Minute:
		return strconv.Itoa(int(t/time.Minute)) + " min"
	}
	return strconv.Itoa(int(t/time.Second)) + " s"
}

func days(d time.Duration) float64 { return float64(d) / float64(unit.Day) }

// fromDays returns a time from its place on the axis, to the second.
func fromDays(x float64) time.Duration {
	return time.Duration(x * float64(unit.Day)).Round(time.Second)
}

// niceStep returns 1, 2 or 5 times a power of ten, of which about this many
// steps reach most.
func niceStep(most float64, about int) float64 {
	rough := most / float64(about)
	power := powerBelow(rough)
	for _, m := range []float64{1, 2, 5} {
		if m*power >= rough*0.999 {
			return m * power
		}
	}
	return 10 * power
}

// powerBelow returns the largest power of ten that is not above v, which is
// positive. A logarithm would not be exact.
func powerBelow(v float64) float64 {
	_, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	power, _ := strconv.ParseFloat("1e"+exponent, 64)
	return power
}

// numberTicks labels 0 to most by a function of the value.
func numberTicks(most float64, about int, label func(float64) string) []tick {
	if !(most > 0) || math.IsInf(most, 0) {
		return []tick{{0, label(0)}}
	}
	step := niceStep(most, about)
	var list []tick
	for i := 0; float64(i)*step <= most*1.0001; i++ {
		v := float64(i) * step
		list = append(list, tick{v, label(v)})
	}
	return list
}

// twoTicks labels 0 and the largest 1, 2 or 5 times a power of ten that is
// not above most, for a panel with little height.
func twoTicks(most float64) []tick {
	list := []tick{{0, "0"}}
	if most < 1 {
		return list
	}
	power := powerBelow(most)
	for _, m := range []float64{5, 2, 1} {
		if m*power <= most {
			return append(list, tick{m * power, countLabel(m * power)})
		}
	}
	return list
}

// countLabel writes a count; millions are shortened to fit the margin.
func countLabel(v float64) string {
	if v >= 1e6 {
		return wording.Decimal(v/1e6, 3) + " M"
	}
	return wording.Decimal(v, 3)
}

// spanUnit is the unit in which an axis of spans up to most is labelled.
func spanUnit(most time.Duration) (time.Duration, string) {
	switch {
	case most >= 3*unit.Day:
		return unit.Day, "d"
	case most >= 3*time.Hour:
		return time.Hour, "h"
	case most >= 3*time.Minute:
		return time.Minute, "min"
	case 0 < most && most < 300*time.Millisecond:
		return time.Millisecond, "ms"
	}
	return time.Second, "s"
}
