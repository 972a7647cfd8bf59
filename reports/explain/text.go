package explain

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Write writes the explanation as text.
func (e *Explanation) Write(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "%s at %s, seed %d\n", e.Scenario, e.At, e.Seed)
	for _, s := range e.Accounts {
		fmt.Fprintf(b, "\n%s: %s, %s (%s)\n", s.Account, s.Access, s.Status, s.Enforcement)
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
	if left := e.Matched - int64(len(e.Entries)); left > 0 {
		fmt.Fprintf(b, "\nThe latest %d of %d:\n", len(e.Entries), e.Matched)
	}
	for i := range e.Entries {
		e.Entries[i].write(b)
	}
	return b.Flush()
}

func (e *Entry) write(b io.Writer) {
	who := e.Account
	if e.Sender != "" {
		who += fmt.Sprintf(", %s, message %d", e.Sender, e.Message)
	}
	if e.Address != "" {
		who += ", " + e.Address
	}
	fmt.Fprintf(b, "\n%s  %s\n  %s\n", e.Clock, who, e.What)
	for _, f := range e.Figures {
		fmt.Fprintf(b, "    %s\n", f)
	}
	if e.Standing == "" {
		return
	}
	fmt.Fprintf(b, "  %s: %s\n  %s: %s", e.Rule, e.About, e.Standing, e.Source)
	if e.URL != "" {
		fmt.Fprintf(b, ", %s", e.URL)
	}
	fmt.Fprintln(b)
}
