package html

import (
	"io"

	"sesim/reports/plot"
)

// Sheet is a page in the form of a report: its first screen, further charts, and tables.
type Sheet struct {
	Front
	Charts   []*plot.Chart // with a picture
	Flat     []string      // findings of charts without one
	Sections []Section
}

// Section is a table with its heading. Lines of its first column are headings.
type Section struct {
	ID, Title, Note string
	Head            []string
	Rows            [][]string
}

// Add adds charts: the first one with a picture to the first screen, if there is none yet.
func (s *Sheet) Add(charts []plot.Chart) {
	for i := range charts {
		switch c := &charts[i]; {
		case !c.Drawn():
			s.Flat = append(s.Flat, c.Title)
		case s.Chart == nil:
			s.Chart = c
		default:
			s.Charts = append(s.Charts, c)
		}
	}
}

// WriteSheet writes the page.
func WriteSheet(w io.Writer, s *Sheet) error { return write(w, "sheet.tmpl", s) }
