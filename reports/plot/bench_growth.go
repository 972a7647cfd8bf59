package plot

import (
	"sesim/reports/benchmark"
)

// growthCostCurves returns the processor time of a recipient by the size of runs, along
// each axis of a growth.
func growthCostCurves(r *benchmark.Report) *curves {
	c := &curves{
		name: "growth-cost", title: r.GrowthVerdict(), point: "processor time of each recipient",
		caption: "Each line has runs of more and more of one thing. A level line means time in proportion to the recipients, or to the rows " +
			"of a trace; few of them pay for the setup, and many for memory that no longer fits into the caches. Both axes are logarithmic.",
		x: recipientScale, y: scale{name: "time of a recipient", log: true, label: benchmark.Span},
	}
	for _, axis := range r.GrowthAxes {
		line := curve{name: axis.Axis}
		for _, g := range r.GrowthOf(axis.Axis) {
			line.points = append(line.points, xy{float64(g.Recipients), g.NS})
		}
		if len(line.points) > 1 {
			c.add(line)
		}
	}
	return c
}
