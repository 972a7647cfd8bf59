package wording

import (
	"strings"
	"time"

	"sesim/reports"
	"sesim/sim/unit"
)

// lossWords say why a client gave messages up.
var lossWords = map[string]string{
	"attempts": "after the last attempt", "dropped": "dropped by a limiter", "stopped": "the client had stopped",
	"wait": "no connection in time", "refused": "refused without a retry",
}

// Loss says why a client gave a message up, of which the summary has the word.
func Loss(word string) string { return lossWords[word] }

// Client puts the figures of a client into a sentence without a full stop.
func Client(c *reports.Client) string {
	name := "client " + Clean(c.Name)
	if c.Due == 0 {
		return name + ": no message was due"
	}
	parts := []string{calls(c)}
	if c.Lost > 0 {
		parts = append(parts, Part(c.Lost, c.Due)+" of the messages given up ("+Losses(&c.GivenUp)+")")
	} else {
		parts = append(parts, "no message given up")
	}
	if c.Delay != nil {
		half, most := Span(time.Duration(c.Delay.P50)), Span(time.Duration(c.Delay.P99))
		parts = append(parts, "half of the accepted ones within "+half+", 99% within "+most)
	}
	if open := c.Waiting + c.InFlight; open > 0 {
		parts = append(parts, Count(open)+" not settled at the end, the oldest for "+Span(time.Duration(c.Oldest.Final)))
	}
	return name + ": " + strings.Join(parts, "; ")
}

// calls says how many calls a client makes, and how fast.
func calls(c *reports.Client) string {
	text := unit.Plural(c.Calls, "call", "calls")
	if c.RefusedSession > 0 {
		text += " (" + Count(c.RefusedSession) + " on a closed session)"
	}
	if c.Rate.Mean > 0 {
		text += ", " + Decimal(c.Rate.Mean, 2) + " a second"
	}
	return text + ", at most " + Count(c.Rate.Max) + " within a second"
}

// Losses lists the reasons for which messages were given up.
func Losses(l *reports.Losses) string {
	var list []string
	for _, r := range l.Reasons() {
		if r.Count > 0 {
			list = append(list, Count(r.Count)+" "+Loss(r.Word))
		}
	}
	return strings.Join(list, ", ")
}
