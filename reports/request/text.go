package request

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"sesim/reports/wording"
	"sesim/sim/unit"
)

// Write writes the draft as Markdown.
func (d *Draft) Write(w io.Writer) error {
	b := bufio.NewWriter(w)
	d.head(b)
	for _, a := range d.Answers {
		fmt.Fprintf(b, "## %s\n\n%s\n\n", a.Question, paragraphs(a.Text))
	}
	d.command(b)
	d.objections(b)
	d.rests(b)
	fmt.Fprintf(b, "Drafted by sesim %s, which is not affiliated with AWS, from scenario %s, seed %d. To repeat:\n\n    %s\n",
		wording.Escape(d.Tool), wording.Escape(d.Scenario), d.seed, wording.Clean(d.Replay))
	return b.Flush()
}

// rests writes what quota and rate rest on. It is for the sender, not for AWS.
func (d *Draft) rests(w io.Writer) {
	if d.Plan == nil || len(d.Plan.Rests) == 0 {
		return
	}
	fmt.Fprint(w, "## What quota and rate rest on\n\nThis is not sent.\n\n")
	for _, sentence := range d.Plan.Rests {
		fmt.Fprintf(w, "- %s.\n", wording.Escape(sentence))
	}
	fmt.Fprintln(w)
}

func (d *Draft) head(w io.Writer) {
	fmt.Fprintf(w, "# Request for production access: %s, %s\n\n", wording.Escape(d.Account), d.Region)
	switch {
	case d.Production:
		fmt.Fprintf(w, "**Nothing to request but an increase**: %s has production access from the start. Request a larger quota or rate "+
			"through Service Quotas: <%s>. What follows may help to justify it.\n\n", wording.Escape(d.Account), increase)
	case d.Ready && len(d.Concerns) == 0:
		fmt.Fprint(w, "Ready to review and submit.\n\n")
	case d.Ready:
		fmt.Fprintf(w, "Complete. A reviewer may have %s: see the end.\n\n", plural(len(d.Concerns), "concern", "concerns"))
	default:
		fmt.Fprintf(w, "**Not ready**: %s to fill in.\n\n", plural(len(d.Blanks), "blank", "blanks"))
	}
	for _, b := range d.Blanks {
		fmt.Fprintf(w, "- [ ] %s (`%s`)\n", wording.Escape(b.What), b.Key)
	}
	for _, p := range d.Problems {
		fmt.Fprintf(w, "- [ ] %s: %s\n", p.Field, wording.Escape(p.Why))
	}
	if len(d.Blanks)+len(d.Problems) > 0 {
		fmt.Fprintln(w)
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// paragraphs returns a text of several lines as Markdown, blanks in bold.
func paragraphs(text string) string {
	var list []string
	for line := range strings.Lines(visible(text)) {
		list = append(list, wording.Escape(strings.TrimRight(line, "\n")))
	}
	escaped := strings.Join(list, "\n")
	return strings.NewReplacer(`\[FILL IN:`, `**[FILL IN:`).Replace(closed(escaped))
}

// closed ends the bold of each blank.
func closed(text string) string {
	const open = `\[FILL IN:`
	parts := strings.Split(text, open)
	for i := 1; i < len(parts); i++ {
		parts[i] = strings.Replace(parts[i], `\]`, "]**", 1)
	}
	return strings.Join(parts, open)
}

func (d *Draft) command(w io.Writer) {
	text := d.Command()
	fence := strings.Repeat("`", max(3, longestRun(text, '`')+1))
	fmt.Fprintf(w, "## The command\n\n%ssh\n%s\n%s\n\n", fence, text, fence)
	fmt.Fprint(w, "The API has called UseCaseDescription deprecated and optional since August 2024, but has no other field for "+
		"these answers. AWS may ask for them in the support case.\n\n")
	if len(d.Regions) > 0 {
		fmt.Fprintf(w, "Production access is granted for one Region at a time. Repeat the command for: %s.\n\n", strings.Join(d.Regions, ", "))
	}
	fmt.Fprint(w, "The API has no field for quota and rate: they are in the description. "+
		"AWS's guide misspells two values: its PROMOTIONAL and JP are MARKETING and JA in the API.\n\n")
}

// longestRun returns the length of the longest run of c.
func longestRun(text string, c byte) int {
	longest, run := 0, 0
	for i := range len(text) {
		if text[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

func (d *Draft) objections(w io.Writer) {
	if len(d.Concerns) == 0 {
		return
	}
	fmt.Fprint(w, "## Concerns that a reviewer may have\n\n")
	for _, s := range d.Concerns {
		fmt.Fprintf(w, "- **%s.** %s. Advice: %s.", wording.Escape(unit.Capital(s.Matter)), wording.Escape(s.Evidence), wording.Escape(s.Advice))
		if s.URL != "" {
			fmt.Fprintf(w, " <%s>", s.URL)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
}
