package text

import (
	"bufio"
	"fmt"
	"io"

	"sesim/reports"
	"sesim/reports/phrase"
)

// maxMarkdown bounds the accounts of the Markdown summary.
const maxMarkdown = 20

// WriteMarkdown writes a short summary to paste: verdicts, what happened, and
// how to run it again.
func WriteMarkdown(w io.Writer, r *reports.Report) error {
	b := bufio.NewWriter(w)
	s := &r.Summary
	fmt.Fprintf(b, "## %s\n\n", phrase.Escape(s.Scenario))
	if s.Question != "" {
		fmt.Fprintf(b, "%s\n\n", phrase.Escape(s.Question))
	}
	if len(s.Thresholds) > 0 {
		fmt.Fprintf(b, "| verdict | threshold | value |\n| --- | --- | --- |\n")
		for i := range s.Thresholds {
			t := &s.Thresholds[i]
			mark, _ := verdict(t.Verdict)
			fmt.Fprintf(b, "| %s %s | %s | %s |\n", mark, t.Verdict, phrase.Escape(t.Expression), phrase.Escape(phrase.Value(t)))
		}
		fmt.Fprintln(b)
	}
	ranked := phrase.Ranked(r)
	for _, i := range ranked[:min(len(ranked), maxMarkdown)] {
		fmt.Fprintf(b, "- %s.\n", phrase.Escape(phrase.Finding(r, &s.Accounts[i])))
	}
	if more := len(ranked) - maxMarkdown; more > 0 {
		fmt.Fprintf(b, "- %s more accounts are in summary.json.\n", phrase.Count(int64(more)))
	}
	fmt.Fprintf(b, "- %s.\n\n", phrase.Escape(phrase.GlobalList(&s.GlobalList)))
	fmt.Fprintf(b, "%s of virtual time from %s, edition %s, %s.\n", phrase.Span(r.End()), s.Start.Format("2006-01-02 15:04 UTC"), phrase.Escape(s.Edition), s.Status)
	fmt.Fprintf(b, "Simulated by sesim %s, which is not affiliated with AWS:\n\n    %s\n", phrase.Escape(r.Tool), phrase.Clean(phrase.Command(r)))
	return b.Flush()
}
