package text

import (
	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim"
)

// worded are the figures that the text of a run has sentences of its own for, or
// leaves to charts and files.
var worded = sim.FigureNames{
	Account: []string{
		"due", "accepted", "given_up", "late", "refused", "delivered", "hard_bounced", "soft_bounced", "suppressed_account", "suppressed_global",
		"complaints", "bounce_rate.max", "complaint_rate.max", "quota_use.max", "cost", "delay.p99", "delay.max",
	},
	Sender: []string{"due", "accepted", "given_up", "late", "campaign_time.p50", "campaign_time.p95", "campaign_time.max"},
	Client: []string{"calls", "lost", "waiting", "oldest.max", "rate.mean", "rate.max_1s", "delay.p50", "delay.p99", "delay.max"},
	Global: []string{"added", "listed", "dwell.p50", "dwell.max"},
}

// maxFurther bounds the lines of further figures.
const maxFurther = 6

// further writes a line for each other figure, except details.
func (p *printer) further() {
	lines := p.furtherLines()
	if len(lines) == 0 {
		return
	}
	p.println()
	for _, line := range lines[:min(len(lines), maxFurther)] {
		p.wrap("  ", "    ", line)
	}
	if more := len(lines) - maxFurther; more > 0 {
		p.println("  … ", wording.Count(int64(more)), " more in figures.csv")
	}
}

func (p *printer) furtherLines() []string {
	var lines []string
	add := func(figures []reports.Figure) {
		for i := range figures {
			if f := &figures[i]; f.Info.Rank != sim.Detail {
				lines = append(lines, wording.Clean(f.Name)+": "+wording.Known(f)+" ("+f.Info.Help+")")
			}
		}
	}
	table := p.r.Table.Without(worded)
	read := p.r.Reader(table)
	for i := range p.r.Summary.Accounts {
		add(read.Account(i))
	}
	for i := range p.r.Summary.Senders {
		add(read.Sender(i))
	}
	for i := range p.r.Summary.Clients {
		add(read.Client(i))
	}
	add(read.Global())
	return lines
}
