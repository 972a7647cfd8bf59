package text

import (
	"bufio"
	"fmt"
	"io"

	"sesim/reports"
	"sesim/reports/wording"
)

// maxMarkdown bounds the accounts of the Markdown summary.
const maxMarkdown = 20

// WriteMarkdown writes a short summary to paste: verdicts, findings, and the
// command that repeats the run.
func WriteMarkdown(w io.Writer, r *reports.Report) error {
	b := bufio.NewWriter(w)
	s := &r.Summary
	fmt.Fprintf(b, "## %s\n\n", wording.Escape(s.Scenario))
	if s.Question != "" {
		fmt.Fprintf(b, "%s\n\n", wording.Escape(s.Question))
	}
	if len(s.Thresholds) > 0 {
		fmt.Fprintf(b, "| verdict | threshold | value |\n| --- | --- | --- |\n")
		for i := range s.Thresholds {
			t := &s.Thresholds[i]
			mark, _ := verdict(t.Verdict)
			fmt.Fprintf(b, "| %s %s | %s | %s |\n", mark, t.Verdict, wording.Escape(t.Expression), wording.Escape(wording.Value(t)))
		}
		fmt.Fprintln(b)
	}
	if s.Replications != nil {
		markdownReplications(b, r)
		return b.Flush()
	}
	ranked := wording.Ranked(r)
	if together := wording.Together(r); together != "" {
		fmt.Fprintf(b, "- %s.\n", wording.Escape(together))
	}
	for _, i := range ranked[:min(len(ranked), maxMarkdown)] {
		fmt.Fprintf(b, "- %s.\n", wording.Escape(wording.Finding(r, &s.Accounts[i])))
	}
	if more := len(ranked) - maxMarkdown; more > 0 {
		fmt.Fprintf(b, "- %s more accounts are in summary.json.\n", wording.Count(int64(more)))
	}
	for i := range s.Clients[:min(len(s.Clients), maxMarkdown)] {
		fmt.Fprintf(b, "- %s.\n", wording.Escape(wording.Client(&s.Clients[i])))
	}
	fmt.Fprintf(b, "- %s.\n", wording.Escape(wording.GlobalList(r)))
	for _, note := range wording.Notes(&r.Summary) {
		fmt.Fprintf(b, "- %s.\n", wording.Escape(note))
	}
	fmt.Fprintln(b)
	markdownFoot(b, r)
	return b.Flush()
}

// markdownReplications writes the figures of replications as a table.
func markdownReplications(b *bufio.Writer, r *reports.Report) {
	of := r.Summary.Replications
	fmt.Fprintf(b, "%s replications from seed %d, with %s confidence intervals.\n\n",
		wording.Count(int64(of.Count)), r.Summary.Seed, wording.Percent(of.Confidence))
	for _, given := range wording.Given(r.Summary.Before(), r.Summary.Uncertain, wording.EachRun) {
		fmt.Fprintf(b, "%s\n\n", wording.Escape(given))
	}
	for i := range of.Events {
		e := &of.Events[i]
		fmt.Fprintf(b, "- %s, %s: %s.\n", wording.Escape(e.Account), e.Name, wording.Happens(e, of.Count))
	}
	fmt.Fprintf(b, "\n| metric | mean | median |\n| --- | --- | --- |\n")
	owners := wording.Owners(of)
	for _, owner := range owners[:min(len(owners), maxMarkdown)] {
		for _, m := range wording.Of(of, owner) {
			kind := reports.Kind(m.Kind)
			fmt.Fprintf(b, "| %s | %s | %s |\n", wording.Escape(m.Name), wording.Estimate(kind, &m.Mean), wording.Estimate(kind, &m.Median))
		}
	}
	fmt.Fprintln(b)
	markdownFoot(b, r)
}

// markdownFoot writes what was simulated, and the command that repeats it.
func markdownFoot(b *bufio.Writer, r *reports.Report) {
	s := &r.Summary
	fmt.Fprintf(b, "%s of virtual time from %s, edition %s, %s.\n",
		wording.Span(r.End()), s.Start.Format("2006-01-02 15:04 UTC"), wording.Escape(s.Edition), s.Status)
	fmt.Fprintf(b, "Simulated by sesim %s, which is not affiliated with AWS. To repeat:\n\n    %s\n",
		wording.Escape(r.Tool), wording.Clean(wording.Command(r)))
}
