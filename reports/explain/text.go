package explain

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"sesim/reports"
	"sesim/reports/wording"
)

// Write writes the explanation as text.
func (e *Explanation) Write(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "%s at %s, seed %d\n", e.Scenario, e.At, e.Seed)
	if uncertain := wording.Uncertain(e.Uncertain, wording.Means); uncertain != "" {
		fmt.Fprintf(b, "%s.\n", wording.Clean(uncertain))
	}
	for _, s := range e.Accounts {
		fmt.Fprintf(b, "\n%s: %s, %s (%s)\n", s.Account, s.Access, s.Status, s.Enforcement)
		if s.Before != "" {
			fmt.Fprintf(b, "  before      %s\n", s.Before)
		}
		fmt.Fprintf(b, "  quota       %s\n", s.Quota)
		fmt.Fprintf(b, "  bounces     %s; %s\n", s.Bounces, s.BounceStatus)
		fmt.Fprintf(b, "  complaints  %s; %s\n", s.Complaints, s.ComplaintRate)
		fmt.Fprintf(b, "  list        %s\n", s.List)
		fmt.Fprintf(b, "  GetAccount  %s\n", s.GetAccount.line())
	}
	if e.Address != nil {
		fmt.Fprintf(b, "\n%s: %s\n", e.Address.Address, strings.Join(e.Address.Lists, "; "))
	}
	if len(e.Entries) == 0 {
		fmt.Fprintf(b, "\nNothing to explain up to this moment.\n")
	}
	if e.Of > int64(len(e.Entries)) {
		fmt.Fprintf(b, "\nThe latest %d of %s entries:\n", len(e.Entries), wording.Count(e.Of))
	}
	for i := range e.Entries {
		e.Entries[i].write(b)
	}
	return b.Flush()
}

// Write writes the entry as text, after an empty line.
func (e *Entry) Write(w io.Writer) error {
	b := bufio.NewWriter(w)
	e.write(b)
	return b.Flush()
}

func (e *Entry) write(b io.Writer) {
	who := e.Account
	if e.Sender != "" {
		who += ", " + e.Sender
	}
	fmt.Fprintf(b, "\n%s  %s%s\n  %s\n", e.Clock, who, e.about(), e.What)
	for _, f := range e.Figures {
		fmt.Fprintf(b, "    %s\n", f)
	}
	if e.First != nil {
		fmt.Fprintf(b, "  the last of %s alike; the first: %s%s\n", wording.Count(e.Count), e.First.Clock, e.First.about())
	}
	if e.Standing == "" {
		return
	}
	fmt.Fprintf(b, "  %s: %s\n  %s: %s", e.Rule, e.About, e.Standing, e.Source)
	if e.URL != "" {
		fmt.Fprintf(b, ", %s", e.URL)
	}
	fmt.Fprintln(b)
	for i, read := range reports.Unpublished(e.Reads) {
		head := "  rests on "
		if i > 0 {
			head = "           "
		}
		fmt.Fprintf(b, "%s%s\n", head, wording.Read(&read))
	}
}

// about returns what the record was about, to be added to a text.
func (m *Moment) about() string {
	var text string
	if m.Message > 0 {
		text = fmt.Sprintf(", message %d", m.Message)
	}
	if m.Address != "" {
		text += ", " + m.Address
	}
	return text
}
