package study

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sesim/scenarios/history"
	"sesim/sim/unit"
)

// History reads logs and answers of AWS's, writes the points of an account's past to
// standard output, and says on standard error what was read.
func (s *System) History(ctx context.Context, names []string, o *LogOptions) error {
	if err := s.claimStream("standard output", toWrite, s.Out.w, stdoutPath); err != nil {
		return err
	}
	logs, err := s.FindLogs(ctx, names, o)
	if err != nil {
		return err
	}
	known, counts, err := s.Read(ctx, logs, o.Progress, nil)
	if err != nil {
		return err
	}
	s.TellRead(logs, &counts, known)
	if len(known.Points) == 0 {
		return nil
	}
	return history.Write(s.Out, known.Points)
}

// TellRead says on standard error what was read.
func (s *System) TellRead(l *Logs, c *history.Counts, k *history.Known) {
	for _, line := range slices.Concat(l.told(), told(c), k.Notes, stateKeys(k)) {
		fmt.Fprintf(s.Err, "sesim: %s\n", unit.Visible(line))
	}
}

// told names the files that were not read.
func (l *Logs) told() []string {
	var lines []string
	for _, name := range l.Repeated {
		lines = append(lines, name+": left out, an earlier file has the same content")
	}
	return lines
}

// told says what was read, in a line for each kind of fact.
func told(c *history.Counts) []string {
	lines := []string{"read: " + counted(c.Forms)}
	if c.Records > 0 {
		lines[0] += fmt.Sprintf("; from %s to %s", c.First.Time().Format(time.RFC3339), c.Last.Time().Format(time.RFC3339))
	}
	for _, part := range []struct {
		what string
		n    int64
	}{
		{"repeats dropped", c.Repeats}, {"records of other accounts or Regions", c.Foreign}, {"inputs that end within a record", c.Truncated},
	} {
		if part.n > 0 {
			lines = append(lines, fmt.Sprintf("%s: %s", part.what, unit.Grouped(part.n)))
		}
	}
	for _, part := range []struct {
		what string
		list map[string]int64
	}{{"unusual", c.Findings}, {"unknown keys", c.Keys}, {"unknown types", c.Types}} {
		if len(part.list) > 0 {
			lines = append(lines, part.what+": "+counted(part.list))
		}
	}
	if c.Unreadable > 0 {
		lines = append(lines, fmt.Sprintf("unreadable records: %s", unit.Grouped(c.Unreadable)))
		for _, p := range c.Places {
			lines = append(lines, p.String())
		}
	}
	return lines
}

// counted writes counts in the order of their names.
func counted(list map[string]int64) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(list)) {
		parts = append(parts, name+" "+unit.Grouped(list[name]))
	}
	return strings.Join(parts, ", ")
}

// stateKeys says what is known beside the points, as keys of the scenario.
func stateKeys(k *history.Known) []string {
	var keys []string
	if k.Used >= 0 {
		keys = append(keys, fmt.Sprintf("used_24h = %.0f", k.Used))
	}
	if status := k.Status(); status != "" {
		keys = append(keys, fmt.Sprintf("status = %q", status))
	}
	if k.Suppressed != nil {
		keys = append(keys, fmt.Sprintf("listed = { bounce = %d, complaint = %d }", k.Listed.Bounce, k.Listed.Complaint))
	}
	if len(keys) == 0 {
		return nil
	}
	return []string{"for [account.history]: " + strings.Join(keys, "; ")}
}
