package plot

import (
	"strings"
	"testing"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
	"sesim/reports/wording"
)

// TestFlow: the branches of a flow are the counts of the summary, and each divides into
// the next without a rest; beyond some accounts their sums are drawn.
func TestFlow(t *testing.T) {
	for _, accounts := range []int{1, maxFlows, maxFlows + 1} {
		r := reporttest.Coarse(t, accounts)
		for i := range r.Summary.Accounts {
			a := &r.Summary.Accounts[i]
			a.Due, a.GivenUp, a.Waiting = a.Accepted+9, 7, 2
			a.InFlight = a.Accepted - a.Delivered - a.HardBounced - a.SoftBounced - a.SuppressedAccount - a.SuppressedGlobal - a.Simulator - a.Rejected
		}
		flows := flowsOf(r)
		if want := map[bool]int{true: accounts, false: 1}[accounts <= maxFlows]; len(flows) != want {
			t.Fatalf("%d accounts have %d flows", accounts, len(flows))
		}
		due := int64(0)
		for i := range flows {
			f := &flows[i]
			lost, ends := int64(0), int64(0)
			for _, b := range f.lost {
				lost += b.n
			}
			for _, b := range f.ends {
				ends += b.n
			}
			if lost+f.accepted != f.due || ends != f.accepted {
				t.Errorf("%s: of %d due %d are lost and %d accepted; of these %d have an outcome", f.name, f.due, lost, f.accepted, ends)
			}
			due += f.due
		}
		total := int64(0)
		for i := range r.Summary.Accounts {
			total += r.Summary.Accounts[i].Due
		}
		if due != total {
			t.Errorf("%d accounts: %d due, want %d", accounts, due, total)
		}
	}
	r := reporttest.Coarse(t, 2)
	for i, held := range []int64{0, 398} {
		a := &r.Summary.Accounts[i]
		a.Mail = reports.Mail{Due: 19600, Accepted: 19600, Delivered: 19200, HardBounced: 400 - held, SuppressedGlobal: held}
	}
	const title = "Mail is delivered to 98% of the recipients of each account; 398 of tenant-1 are on the global list"
	if got := flowPicture(r)[0].Title; got != title {
		t.Errorf("the title is %q, want %q", got, title)
	}
	r = reporttest.Coarse(t, 1)
	p := flowPicture(r)[0]
	rows := ""
	for _, row := range p.Rows {
		rows += strings.Join(row[1:3], " ") + "\n"
	}
	a := &r.Summary.Accounts[0]
	for _, want := range []string{"due " + wording.Count(a.Due), "hard bounced " + wording.Count(a.HardBounced), "on the global list " + wording.Count(a.SuppressedGlobal)} {
		if !strings.Contains(rows, want+"\n") {
			t.Errorf("%q is not in the table:\n%s", want, rows)
		}
	}
}
