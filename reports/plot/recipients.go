package plot

import (
	"cmp"
	"fmt"
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim/unit"
)

// maxFlows is the maximum number of accounts with a flow of their own; the mail of more is
// drawn as one.
const maxFlows = 6

// branch is a part of a flow: recipients that end in the same way.
type branch struct {
	name  string
	n     int64
	color color.NRGBA
	note  string // what is to be said beside the number; "": nothing
}

// flow is what became of the recipients of an account, or of all accounts.
type flow struct {
	name                     string
	due, accepted, delivered int64
	held                     int64    // by the global list
	lost                     []branch // not accepted
	ends                     []branch // of accepted ones
}

// flowsOf returns the flows of the accounts that have mail.
func flowsOf(r *reports.Report) []flow {
	var list []flow
	all := reports.Mail{}
	for _, i := range wording.Ranked(r) {
		a := &r.Summary.Accounts[i]
		if a.Due > 0 {
			list = append(list, flowOf(wording.Clean(a.Name), &a.Mail))
			all = all.Add(&a.Mail)
		}
	}
	if len(list) > maxFlows {
		return []flow{flowOf(wording.Count(int64(len(list)))+" accounts", &all)}
	}
	return list
}

func flowOf(name string, m *reports.Mail) flow {
	f := flow{name: name, due: m.Due, accepted: m.Accepted, delivered: m.Delivered, held: m.SuppressedGlobal}
	f.lost = append(refusedBranches(m), branch{name: "waiting for a retry", n: m.Waiting, color: faint})
	f.ends = []branch{
		{"delivered", m.Delivered, green, complaintsNote(m)}, {name: "hard bounced", n: m.HardBounced, color: vermillion},
		{name: "soft bounced", n: m.SoftBounced, color: orange}, {name: "on the account's list", n: m.SuppressedAccount, color: purple},
		{name: "on the global list", n: m.SuppressedGlobal, color: ink}, {name: "to the mailbox simulator", n: m.Simulator, color: sky},
		{name: "rejected by the content scan", n: m.Rejected, color: soft}, {name: "in flight at the end", n: m.InFlight, color: faint},
	}
	none := func(b branch) bool { return b.n == 0 }
	f.lost, f.ends = slices.DeleteFunc(f.lost, none), slices.DeleteFunc(f.ends, none)
	return f
}

// refusedBranches are the recipients that were given up: by reason, unless calls were
// tried again, when a recipient may have been refused several times.
func refusedBranches(m *reports.Mail) []branch {
	if m.Refused.Total() != m.GivenUp {
		return []branch{{name: "given up", n: m.GivenUp, color: soft}}
	}
	var list []branch
	for _, reason := range m.Refused.Reasons() {
		list = append(list, branch{name: "refused: " + reason.Word, n: reason.Count, color: soft})
	}
	return list
}

// complaintsNote says how many of the delivered mails were complained about; "" if none.
func complaintsNote(m *reports.Mail) string {
	if m.Complaints == 0 {
		return ""
	}
	return unit.Plural(m.Complaints, "complaint", "complaints")
}

// The sizes of a flow, in points.
const (
	flowTall  = vg.Length(150) // all recipients of the account that has most
	flowGap   = vg.Length(26)  // between accounts
	branchGap = vg.Length(7)
	labelGap  = vg.Length(15) // between the baselines of labels
	flowHead  = vg.Length(20)
)

// flowChart draws them.
type flowChart struct {
	flows []flow
	scale vg.Length // of a recipient
}

// flowPicture draws the flows of a run, or of the first replication; nil without mail.
func flowPicture(r *reports.Report) []picture {
	c := &flowChart{flows: flowsOf(r)}
	if len(c.flows) == 0 {
		return nil
	}
	most := int64(0)
	for i := range c.flows {
		most = max(most, c.flows[i].due)
	}
	c.scale = flowTall / vg.Length(most)
	if len(c.flows) > 2 {
		c.scale = 90 / vg.Length(most)
	}
	p := picture{subtitle: flowSubtitle(r), height: c.height(), draw: c.draw}
	p.Name, p.Title = "flow", c.title()
	p.Alt = "Flow of recipients from due to their outcome. " + p.Title + "."
	p.Caption = "The height of a band is its number of recipients. What is due is accepted, given up, or waits; " +
		"what is accepted is delivered, bounces, or is held back by a list."
	p.Columns = []string{"account", "recipients", "number", "of those due"}
	for i := range c.flows {
		p.Rows = append(p.Rows, c.flows[i].rows()...)
	}
	p.Rows = p.Rows[:min(len(p.Rows), maxRows)]
	return []picture{p}
}

func flowSubtitle(r *reports.Report) string {
	s := fmt.Sprintf("%s  ·  seed %d", wording.Clean(r.Summary.Scenario), r.Summary.Seed)
	if r.Summary.Replications != nil {
		s += ", the first replication"
	}
	return s + "  ·  the height of a band is a number of recipients"
}

// mostHeld says how many recipients of which account the global list held back most of; "" if it
// held back none.
func (c *flowChart) mostHeld() string {
	most := slices.MaxFunc(c.flows, func(a, b flow) int { return cmp.Compare(a.held, b.held) })
	if most.held == 0 {
		return ""
	}
	return fmt.Sprintf("; %s of %s are on the global list", wording.Count(most.held), most.name)
}

// title counts what arrives and what most of the rest meets.
func (c *flowChart) title() string {
	if len(c.flows) > 1 {
		share := func(f *flow) float64 { return float64(f.delivered) / float64(f.due) }
		order := slices.Clone(c.flows)
		slices.SortStableFunc(order, func(a, b flow) int { return cmp.Compare(share(&b), share(&a)) })
		best, worst := &order[0], &order[len(order)-1]
		most, least := wording.Ratio(best.delivered, best.due), wording.Ratio(worst.delivered, worst.due)
		if most == least {
			return fmt.Sprintf("Mail is delivered to %s of the recipients of each account", most) + c.mostHeld()
		}
		return fmt.Sprintf("Mail is delivered to %s of the recipients of %s and to %s of those of %s", most, best.name, least, worst.name) + c.mostHeld()
	}
	f := &c.flows[0]
	rest := slices.Concat(f.lost, f.ends)
	if f.delivered > 0 {
		rest = slices.Delete(rest, len(f.lost), len(f.lost)+1) // the first of the ends
	}
	title := fmt.Sprintf("%s: mail is delivered to %s of %s",
		f.name, wording.Count(f.delivered), unit.Plural(f.due, "recipient", "recipients"))
	if len(rest) > 0 {
		most := slices.MaxFunc(rest, func(a, b branch) int { return int(a.n - b.n) })
		title += fmt.Sprintf("; %s %s", wording.Count(most.n), most.name)
	}
	return title
}

func (f *flow) rows() [][]string {
	rows := [][]string{{f.name, "due", wording.Count(f.due), wording.Ratio(f.due, f.due)}}
	for _, b := range slices.Concat(f.lost, []branch{{name: "accepted", n: f.accepted}}, f.ends) {
		rows = append(rows, []string{f.name, strings.TrimSuffix(b.name+", "+b.note, ", "), wording.Count(b.n), wording.Ratio(b.n, f.due)})
	}
	return rows
}

// size is the height of so many recipients.
func (c *flowChart) size(n int64) vg.Length { return max(1, vg.Length(vg.Length(n)*c.scale)) }

// stack is the height of branches with their gaps and labels.
func (c *flowChart) stack(list []branch) vg.Length {
	height := vg.Length(0)
	for _, b := range list {
		height += max(c.size(b.n)+branchGap, labelGap)
	}
	return height
}

// tall is the height of a flow without its head.
func (c *flowChart) tall(f *flow) vg.Length {
	return max(c.size(f.due), c.stack(f.lost)+max(c.size(f.accepted), c.stack(f.ends)))
}

func (c *flowChart) height() vg.Length {
	height := marginTop + 16
	for i := range c.flows {
		height += flowHead + c.tall(&c.flows[i]) + flowGap
	}
	return height
}

func (c *flowChart) draw(s *sheet) {
	top := c.height() - marginTop - 4
	for i := range c.flows {
		f := &c.flows[i]
		c.drawFlow(s, f, top)
		top -= flowHead + c.tall(f) + flowGap
	}
}

// barWidth is that of the bars at which a flow divides.
const barWidth = vg.Length(6)

func (c *flowChart) drawFlow(s *sheet, f *flow, top vg.Length) {
	left, room := sideGap+4, s.width-2*sideGap
	middle, right := left+vg.Length(0.3*room), left+vg.Length(0.56*room)
	head := noteText
	head.bold = true
	s.text(head, left, top-10, 0, head.fit(f.name+": "+wording.Count(f.due)+" due", middle-left+120))
	top -= flowHead
	s.fillRect(ink, left, top-c.size(f.due), left+barWidth, top)
	from, to := top, top
	for _, b := range f.lost {
		s.ribbon(tint(b.color, 0x90), left+barWidth, from, middle, to, c.size(b.n))
		s.branchLabel(b, f.due, middle, to-halved(c.size(b.n)))
		from, to = from-c.size(b.n), to-max(c.size(b.n)+branchGap, labelGap)
	}
	if f.accepted == 0 {
		return
	}
	s.ribbon(tint(blue, 0x80), left+barWidth, from, middle, to, c.size(f.accepted))
	s.fillRect(blue, middle, to-c.size(f.accepted), middle+barWidth, to)
	label := noteText.fit("accepted "+wording.Count(f.accepted), middle-left)
	s.text(noteText, left+barWidth+8, to-min(c.size(f.accepted)/2, 40)-3.5, 0, label)
	from = to
	for _, b := range f.ends {
		s.ribbon(tint(b.color, 0xA8), middle+barWidth, from, right, to, c.size(b.n))
		s.branchLabel(b, f.due, right, to-halved(c.size(b.n)))
		from, to = from-c.size(b.n), to-max(c.size(b.n)+branchGap, labelGap)
	}
}

// branchLabel names a branch at its end, with its number and as much else as there is room for.
func (s *sheet) branchLabel(b branch, due int64, x, y vg.Length) {
	text := b.name + " " + wording.Count(b.n)
	for _, more := range []string{" (" + wording.Ratio(b.n, due) + ")", strings.TrimSuffix(", "+b.note, ", ")} {
		if wide*noteText.width(text+more) < s.width-x-14-sideGap {
			text += more
		}
	}
	s.text(noteText, x+barWidth+6, y-3.5, 0, noteText.fit(text, (s.width-x-14-sideGap)/wide))
}

// ribbon draws a band from one bar to the next, by its upper edges.
func (s *sheet) ribbon(c color.Color, x0, y0, x1, y1, size vg.Length) {
	var path vg.Path
	bend := halved(x1 - x0)
	path.Move(vg.Point{X: x0, Y: y0})
	path.CubeTo(vg.Point{X: x0 + bend, Y: y0}, vg.Point{X: x1 - bend, Y: y1}, vg.Point{X: x1, Y: y1})
	path.Line(vg.Point{X: x1, Y: y1 - size})
	path.CubeTo(vg.Point{X: x1 - bend, Y: y1 - size}, vg.Point{X: x0 + bend, Y: y0 - size}, vg.Point{X: x0, Y: y0 - size})
	path.Close()
	s.SetColor(c)
	s.Fill(path)
}
