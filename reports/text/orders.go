package text

import (
	"fmt"
	"strings"
	"time"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim/unit"
)

// orders says what comes of the run in each order of the mail before the start.
func (p *printer) orders() {
	list := p.r.Summary.HistoryOrders
	if len(list) == 0 {
		return
	}
	p.println("When the bad mail before the start was sent is not known; all other figures take it as even.")
	for i := range list {
		o := &list[i]
		var parts []string
		for k := range o.Accounts {
			parts = append(parts, p.inOrder(&o.Accounts[k]))
		}
		passed := 0
		for _, v := range o.Verdicts {
			if v == "pass" {
				passed++
			}
		}
		if n := len(o.Verdicts); n > 0 {
			parts = append(parts, fmt.Sprintf("%d of %d thresholds pass", passed, n))
		}
		p.wrap(fmt.Sprintf("  %-8s", o.Order), "          ", strings.Join(parts, "; "))
	}
	p.println()
}

// inOrder says how an account does in an order.
func (p *printer) inOrder(a *reports.OrderAccount) string {
	s := wording.Clean(a.Account) + " bounce rate " + belowText(a.BounceBelow)
	if c := a.ComplaintBelow; c == nil || c.Seconds > 0 {
		s += ", complaint rate " + belowText(c)
	}
	if a.First != nil {
		s += ", " + a.First.Event.String() + " " + wording.On(p.r.Offset(a.First.At))
	}
	return s
}

func belowText(b *reports.RateBelow) string {
	switch {
	case b == nil:
		return "not below the review threshold by the end"
	case b.Seconds == 0:
		return "below the review threshold from the start"
	}
	return fmt.Sprintf("below the review threshold after %s and %s",
		wording.Span(time.Duration(b.Seconds)), unit.Plural(b.Mails, "mail", "mails"))
}
