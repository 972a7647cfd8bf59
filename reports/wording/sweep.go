package wording

import (
	"fmt"

	"sesim/reports"
)

// SweepNotes explains the figures of cells with several replications, and says what the
// scenario brings along and what of it is not known exactly.
func SweepNotes(s *reports.Sweep) []string {
	least, most := replications(s)
	if most < 2 {
		return Given(s.Before, s.Uncertain, AllMeans)
	}
	many := Count(int64(most))
	if least < most {
		many = Count(int64(least)) + " to " + many
	}
	note := fmt.Sprintf("Each cell has %s replications; figures are means or shares over them, with %s confidence intervals.",
		many, Percent(s.Confidence))
	return append([]string{note}, Given(s.Before, s.Uncertain, EachRun)...)
}

// replications returns the smallest and the largest number of replications of the cells
// that have any.
func replications(s *reports.Sweep) (least, most int) {
	for i := range s.Cells {
		if n := s.Cells[i].Replications; n > 0 { // a cell that failed may have none
			if least == 0 || n < least {
				least = n
			}
			most = max(most, n)
		}
	}
	return least, most
}
