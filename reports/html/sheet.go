package html

import "io"

// Sheet is a page of tables, in the style of a report.
type Sheet struct {
	Eyebrow, Title, Lead string
	Facts                []string
	Warnings             []string
	Sections             []Section
}

// Section is a table with its heading. Lines of its first column are headings.
type Section struct {
	ID, Title, Note string
	Head            []string
	Rows            [][]string
}

// WriteSheet writes the page.
func WriteSheet(w io.Writer, s *Sheet) error { return page.ExecuteTemplate(w, "sheet.tmpl", s) }
