package catalogue

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"sesim/sim"
	"sesim/sim/ses"
)

// The names that stand for those of a scenario in the list of metrics.
const (
	anyAccount = "ACCOUNT"
	anySender  = "SENDER"
	anyClient  = "CLIENT"
)

const aboutMetrics = `A threshold is a metric, a comparison (<, <=, ==, !=, >=, >) and a limit:

  thresholds = ["acme.bounce_rate.max < 5%", "acme.time_to.paused > 60d"]

A metric is the name of an account, a sender or a client, or global_list, and one
of the names below. Its kind decides how a limit is written:

  count     a whole number: 0, 1_000
  share     5%, 0.05
  duration  90s, 4h, 2d
  number    0.8, 120%, -1

A metric without data makes a threshold inconclusive, which is not a pass. The
time to an event that never came is later than the horizon: > passes and < fails
with every limit up to the horizon, and a later limit is inconclusive.

Counts are of recipients, and speak of people first. A recipient of a message
that was due is accepted, given up or waiting, however many calls were made:

  due = accepted + given_up + waiting

Mail that is refused, for whatever reason, is given up as soon as its sender does
not try again: at once where the sender has no retries. It waits if the next try
comes at or after the horizon. Mail to the mailbox simulator and mail that the
content scan rejects is accepted. What comes at or after the horizon or the end
of its sender, such as the rest of a campaign, is not due. Calls are counted
beside the people, retries included: requests are the calls, and recipients
those of all calls, so that

  recipients = accepted + refused
  accepted = delivered + hard_bounced + soft_bounced + suppressed_account
             + suppressed_global + simulator + rejected + in_flight

The counts of an account are the sums of those of its senders. Those of a client
are of messages and calls. The client that is a sender's own has the sender's name;
a metric that both have is the sender's.

refused.session counts calls that met an SMTP session that SES had closed. A client
that reconnects makes such a call again at once on a new connection, and the two are
one call; one that does not has the call among those refused.

sent_after_bounce are the accepted recipients of which SES had published a hard
bounce of mail of the same sender, at the moment of the call or before, whatever
became of the mail. Bounces by a suppression list are not among these bounces.

The delay is from when a message was due to when its call was accepted, over all
accepted calls. The rates of a sender are those that its account would have if it
sent nothing else, with its fresh starts. They are the account's where the sender
is alone on it; otherwise a scenario with more than 1,000 senders has only those
that a threshold, a promise or the precision of replications names.
`

// WriteMetrics prints the metrics that thresholds can name: the figures of a
// table, nil for those that ship, and those of events.
func WriteMetrics(w io.Writer, figures *sim.FigureTable) error {
	b := bufio.NewWriter(w)
	fmt.Fprint(b, aboutMetrics)
	rows := figures.Rows()
	section(b, "Metrics of an account", anyAccount, infos(rows.Account))
	section(b, "Metrics of a sender", anySender, infos(rows.Sender))
	section(b, "Metrics of a client", anyClient, infos(rows.Client))
	section(b, "Metrics of the global suppression list", sim.GlobalOwner, infos(rows.Global))
	fmt.Fprintf(b, "\nEvents of an account's timeline, each with two metrics:\n\n  %s.EVENT  duration  when it came first, since the start\n",
		anyAccount+".time_to")
	fmt.Fprintf(b, "  %s.EVENT    count     how often it came\n\n", anyAccount+".count")
	events := make([]string, 0)
	for e := range ses.Events() {
		events = append(events, e.String())
	}
	for line := range strings.SplitSeq(fill(strings.Join(events, ", "), 76), "\n") {
		fmt.Fprintf(b, "  %s\n", line)
	}
	return b.Flush()
}

// infos are what the rows of one part of a table say of themselves.
func infos[E any](rows []sim.Figure[E]) []sim.FigureInfo {
	list := make([]sim.FigureInfo, len(rows))
	for i := range rows {
		list[i] = rows[i].FigureInfo
	}
	return list
}

// section prints the metrics of one owner.
func section(b *bufio.Writer, title, owner string, list []sim.FigureInfo) {
	fmt.Fprintf(b, "\n%s:\n\n", title)
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, f := range list {
		unit := f.Unit
		if f.Kind.String() == unit || unit == "ratio" || unit == "seconds" {
			unit = "" // the kind says it
		}
		fmt.Fprintf(table, "  %s.%s\t%s\t%s\t%s\n", owner, f.Name, f.Kind, unit, f.Help)
	}
	_ = table.Flush() // an error of b stays in it
}

// fill breaks a text at spaces into lines of at most width characters.
func fill(text string, width int) string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return strings.Join(append(lines, line), "\n")
}
