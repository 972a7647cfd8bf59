package text

import (
	"bytes"
	"io"

	"sesim/reports"
	"sesim/reports/wording"
)

// WriteAssumptions writes what the verdicts of a report rest on, as Write does below
// the verdicts.
func WriteAssumptions(w io.Writer, r *reports.Report, style Style) error {
	p := style.printer(r)
	p.println()
	p.assumptions()
	_, err := w.Write(bytes.TrimSuffix(p.Bytes(), []byte("\n")))
	return err
}

// assumptions writes what the verdicts rest on.
func (p *printer) assumptions() {
	list := wording.Assumptions(p.r)
	if len(list) == 0 {
		return
	}
	p.wrap("", "  ", list[0]+".")
	for _, sentence := range list[1:] {
		p.wrap("  ", "    ", sentence+".")
	}
	p.println()
}
