package text

import (
	"bufio"
	"fmt"
	"io"
	"strings"

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
	fmt.Fprintf(b, "## %s\n\n", escape(s.Scenario))
	if s.Question != "" {
		fmt.Fprintf(b, "%s\n\n", escape(s.Question))
	}
	if len(s.Thresholds) > 0 {
		fmt.Fprintf(b, "| verdict | threshold | value |\n| --- | --- | --- |\n")
		for i := range s.Thresholds {
			t := &s.Thresholds[i]
			mark, _ := verdict(t.Verdict)
			fmt.Fprintf(b, "| %s %s | %s | %s |\n", mark, t.Verdict, escape(t.Expression), escape(phrase.Value(t)))
		}
		fmt.Fprintln(b)
	}
	ranked := phrase.Ranked(r)
	for _, i := range ranked[:min(len(ranked), maxMarkdown)] {
		fmt.Fprintf(b, "- %s.\n", escape(phrase.Finding(r, &s.Accounts[i])))
	}
	if more := len(ranked) - maxMarkdown; more > 0 {
		fmt.Fprintf(b, "- %s more accounts are in summary.json.\n", phrase.Count(int64(more)))
	}
	fmt.Fprintf(b, "- %s.\n\n", escape(phrase.GlobalList(&s.GlobalList)))
	fmt.Fprintf(b, "%s of virtual time from %s, edition %s, %s.\n", phrase.Span(r.End()), s.Start.Format("2006-01-02 15:04 UTC"), escape(s.Edition), s.Status)
	fmt.Fprintf(b, "Simulated by sesim %s, which is not affiliated with AWS:\n\n    %s\n", escape(r.Tool), phrase.Clean(phrase.Command(r)))
	return b.Flush()
}

// escape takes the meaning out of the characters that Markdown or the HTML in
// it would act on.
func escape(s string) string {
	var b strings.Builder
	for _, c := range phrase.Clean(s) {
		if strings.ContainsRune("\\`*_{}[]<>#|~&", c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}
