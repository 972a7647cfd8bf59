package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// recorder writes down what it observes: a block for each moment, a line for
// each thing that happened to an account or its recipients.
type recorder struct {
	cfg    *sim.Config
	blocks []block
	rules  map[rules.ID]int // records by rule
}

var _ sim.Observer = (*recorder)(nil)

type block struct {
	at    time.Duration
	lines []line
}

// line is one thing that happened, to one recipient or to several alike.
type line struct {
	account string
	before  string   // before the recipients
	to      []string // as in people:1
	after   string
	figures string // what differs between moments that are alike otherwise
	rule    rules.ID
	one     bool // never joined with another
}

// alike reports whether two lines differ in recipients and figures only.
func (l *line) alike(m *line) bool {
	return l.account == m.account && l.before == m.before && l.after == m.after && l.rule == m.rule &&
		slices.EqualFunc(l.to, m.to, sameAudience)
}

func sameAudience(a, b string) bool {
	name, _ := split(a)
	other, _ := split(b)
	return name == other
}

func (rec *recorder) Observe(r *sim.Record) {
	if rec.rules == nil {
		rec.rules = map[rules.ID]int{}
	}
	rec.rules[r.Rule]++
	if len(rec.blocks) == 0 || rec.blocks[len(rec.blocks)-1].at != r.At {
		rec.blocks = append(rec.blocks, block{at: r.At})
	}
	b := &rec.blocks[len(rec.blocks)-1]
	l := rec.line(r)
	for i := len(b.lines) - 1; i >= 0 && !l.one && !b.lines[i].one; i-- {
		m := &b.lines[i]
		if l.account == m.account && l.before == m.before && l.after == m.after && l.figures == m.figures && l.rule == m.rule {
			m.to = append(m.to, l.to...)
			return
		}
	}
	b.lines = append(b.lines, l)
}

// line says what a record tells.
func (rec *recorder) line(r *sim.Record) line {
	l := line{account: rec.cfg.Accounts[r.Account].Name, rule: r.Rule}
	switch r.Kind {
	case sim.Refused, sim.Sent, sim.TimedOut, sim.SessionClosed:
		l.before, l.one = "sends to ", true
		for _, a := range r.Recipients {
			l.to = append(l.to, rec.address(a))
		}
		l.after, l.figures = "; "+callWord(r), "; "+meters(r)
	case sim.GaveUp:
		l.before, l.one = "gives up the mail to ", true
		for _, a := range r.Recipients {
			l.to = append(l.to, rec.address(a))
		}
		l.after = " after " + unit.Plural(int64(r.Attempt), "call", "calls") + ": " + r.Loss.String()
	case sim.Changed:
		l.before, l.one = r.Transition.Event.String()+": "+r.Transition.Why, true
	default:
		l.to = []string{rec.address(r.Address)}
		l.after, l.figures = outcomeWords(r)
	}
	return l
}

func (rec *recorder) address(a sim.Address) string {
	return fmt.Sprintf("%s:%d", rec.cfg.Audiences[a.Audience].Name, a.Number+1)
}

func callWord(r *sim.Record) string {
	switch r.Kind {
	case sim.Sent:
		return "accepted"
	case sim.TimedOut:
		return "timed out"
	case sim.SessionClosed:
		return "session closed, " + r.Error.String()
	}
	return "refused, " + r.Error.String()
}

// meters are the figures before the decision.
func meters(r *sim.Record) string {
	if r.Kind == sim.SessionClosed {
		return fmt.Sprintf("connection %d since %s", r.Connection, unit.FormatDuration(r.Started))
	}
	m := r.Meters
	text := fmt.Sprintf("used %d of %d, %g tokens", m.Used, m.Quota, float64(m.Tokens)/1000)
	if r.Reason == ses.RefusedQuota && r.Kind == sim.Refused {
		text += ", oldest leaves at " + unit.FormatDuration(m.Frees)
	}
	return text
}

// outcomeWords says what became of a recipient's mail, and the figures that
// go with it.
func outcomeWords(r *sim.Record) (words, figures string) {
	switch r.Kind {
	case sim.Delivered:
		words = "delivered"
	case sim.HardBounced:
		words = "bounced hard"
	case sim.SoftBounced:
		words = "given up"
	case sim.Delayed:
		words, figures = "delayed", ", next attempt at "+unit.FormatDuration(r.Until)
	case sim.Complained:
		words = "complained"
	case sim.AutoReplied:
		words = "replied automatically"
	case sim.Rejected:
		words = "rejected for its content"
	case sim.Simulated:
		words = "answered by the simulator as " + r.Simulator.String()
	case sim.SuppressedAccount:
		words = "suppressed by the account's list, entry for " + r.ListReason.String()
	case sim.SuppressedGlobal:
		words, figures = "suppressed by the global list", ", until "+unit.FormatDuration(r.Until)
	case sim.ListedGlobal:
		words, figures = fmt.Sprintf("on the global list, strike %d", r.Strikes), ", until "+unit.FormatDuration(r.Until)
	case sim.UnlistedGlobal:
		words = "off the global list"
	case sim.ListedAccount:
		words = "on the account's list for " + r.ListReason.String()
	case sim.UnlistedAccount:
		words = "off the account's list"
	}
	if r.Bounce != ses.NoBounce {
		words += ", " + r.Bounce.String()
	}
	if r.Met != ses.NoBounce {
		words += " after " + r.Met.String()
	}
	return " " + words, figures
}

// few is how many blocks are written out though they are alike.
const few = 8

// String writes all blocks, long runs of blocks that are alike by their first
// and last.
func (rec *recorder) String() string {
	var out strings.Builder
	for i := 0; i < len(rec.blocks); {
		last := i
		for last+1 < len(rec.blocks) && blocksAlike(&rec.blocks[last], &rec.blocks[last+1]) {
			last++
		}
		rec.blocks[i].write(&out)
		if between := last - i - 1; between > few {
			fmt.Fprintf(&out, "%14s%d more like it\n", "", between)
			i = last
			continue
		}
		i++
	}
	return out.String()
}

func blocksAlike(a, b *block) bool {
	return slices.EqualFunc(a.lines, b.lines, func(l, m line) bool { return l.alike(&m) })
}

func (b *block) write(out *strings.Builder) {
	at := unit.FormatDuration(b.at)
	for _, l := range b.lines {
		id := ""
		if l.rule != rules.None {
			id = " [" + l.rule.String() + "]"
		}
		figures := l.figures
		if l.before == "sends to " {
			fmt.Fprintf(out, "%-12s  %s %s%s%s%s%s\n", at, l.account, l.before, spans(l.to), figures, l.after, id)
		} else {
			fmt.Fprintf(out, "%-12s  %s %s%s%s%s%s\n", at, l.account, l.before, spans(l.to), l.after, figures, id)
		}
		at = ""
	}
}

// spans joins neighbours: people:1, people:2, people:3 are people:1-3.
func spans(list []string) string {
	var parts []string
	for i := 0; i < len(list); {
		name, first := split(list[i])
		j, n := i+1, first
		for ; j < len(list); j++ {
			if other, next := split(list[j]); other != name || next != n+1 {
				break
			}
			n++
		}
		part := list[i]
		if n > first {
			part += fmt.Sprintf("-%d", n)
		}
		parts = append(parts, part)
		i = j
	}
	return strings.Join(parts, ", ")
}

func split(address string) (name string, n int) {
	name, digits, _ := strings.Cut(address, ":")
	_, _ = fmt.Sscan(digits, &n) // written by us
	return name, n
}
