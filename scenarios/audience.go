package scenarios

import (
	"slices"
	"strings"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// audience reads one [[audience]].
func (l *loader) audience(n *tree.Node, path string) {
	a := defaultAudience()
	count := l.audiences.add(l, n, path)
	l.table(n, path, schema{fields: []field{
		must("name", name{&a.Name}),
		may("count", countOf{&l.audiences}),
		may("size", whole[int64]{&a.Size, 1, sim.MaxAddresses}),
		may("domain", mail{&a.Domain, mailDomain}),
		may("local", localPart{&a.Local}),
		may("invalid", share{&a.Invalid}),
		may("hard_bounce", share{&a.HardBounce}),
		may("mailbox_full", share{&a.MailboxFull}),
		may("full_for", duration{&a.FullFor, 1, unit.MaxDuration}),
		may("complaint", share{&a.Complaint}),
		may("feedback_loop", share{&a.FeedbackLoop}),
		may("decay", decay{&a.Decay, &a.DecayPer}),
		may("addresses", addressList{&a.Addresses}),
		may("dead_domain", share{&a.DeadDomain}),
		may("message_too_large", share{&a.TooLarge}),
		may("content_rejected", share{&a.ContentRejected}),
		may("attachment_rejected", share{&a.AttachmentRejected}),
		may("undetermined", share{&a.Undetermined}),
		may("blocked_ip", share{&a.BlockedIP}),
		may("deferred", share{&a.Deferred}),
		may("deferral", word[string]{&a.Deferral, literal(ses.Deferrals()...), nil}),
		may("deferred_for", duration{&a.DeferredFor, 1, unit.MaxDuration}),
		may("out_of_office", share{&a.OutOfOffice}),
	}})
	l.checkBounces(&a, n, path)
	l.without(n, path, count, map[string]string{"addresses": "an address belongs to one audience"})
	if n.Has("addresses") {
		l.nameAudience(&a, n, path)
		l.cfg.Audiences = expand(append(l.cfg.Audiences, a), count, func(*sim.Audience, int) {}) // more than one is an error
		return
	}
	first := len(l.cfg.Audiences)
	l.cfg.Audiences = expand(append(l.cfg.Audiences, a), count, func(a *sim.Audience, i int) {
		if _, isGroup := l.audiences.counted(n); isGroup {
			a.Name = l.audiences.list[first+i]
		}
		l.finishAudience(a, n, path, first+i)
	})
}

// finishAudience completes the i-th audience, which numbers its recipients.
func (l *loader) finishAudience(a *sim.Audience, n *tree.Node, path string, i int) {
	completeAudience(a, n)
	if isSimulator(a.Domain) && !isSimulatorLocal(a.Local) && n.Has("local") {
		l.Wrong(n.Table["local"], tree.Join(path, "local"), "", `%s is not one of the simulator's mailboxes with a label: write one of %s`,
			tree.Quote(a.Local), quoteAll(simulatorLocals))
	}
	l.domains[strings.ToLower(a.Domain)] = append(l.domains[strings.ToLower(a.Domain)], i)
}

func defaultAudience() sim.Audience {
	return sim.Audience{Size: 1000, FeedbackLoop: 40 * unit.Percent}
}

// checkBounces reports shares of the messages that are more than all of them
// together.
func (l *loader) checkBounces(a *sim.Audience, n *tree.Node, path string) {
	sum, last := unit.Share(0), (*tree.Node)(nil)
	for _, part := range []struct {
		key   string
		share unit.Share
	}{
		{"hard_bounce", a.HardBounce}, {"mailbox_full", a.MailboxFull}, {"message_too_large", a.TooLarge},
		{"content_rejected", a.ContentRejected}, {"attachment_rejected", a.AttachmentRejected}, {"undetermined", a.Undetermined},
		{"blocked_ip", a.BlockedIP}, {"deferred", a.Deferred},
	} {
		sum += part.share
		if child := n.Table[part.key]; child != nil && part.share > 0 {
			last = child
		}
		if sum > unit.Whole {
			l.Wrong(last, tree.Join(path, part.key), "", "hard_bounce, mailbox_full, message_too_large, content_rejected, attachment_rejected, undetermined, blocked_ip and deferred are more than 100%% together")
			return
		}
	}
}

// completeAudience sets the defaults that depend on the name and the domain.
func completeAudience(a *sim.Audience, n *tree.Node) {
	if !n.Has("domain") {
		a.Domain = a.Name + ".example"
	}
	if n.Has("local") {
		return
	}
	a.Local = a.Name + "-"
	if isSimulator(a.Domain) {
		a.Local = mailboxOf(a.Name)
	}
}

// mailboxOf returns the mailbox of the simulator that an audience's name or
// its first word names, such as bounce or bounce-probe; success for any other.
func mailboxOf(name string) string {
	first, _, _ := strings.Cut(name, "-")
	if i := slices.Index(simulatorLocals, first+"+"); i >= 0 {
		return simulatorLocals[i]
	}
	return simulatorLocals[0]
}

// isSimulator reports whether a domain is that of the mailbox simulator.
func isSimulator(domain string) bool { return strings.EqualFold(domain, ses.SimulatorDomain) }

// simulatorLocals are the mailboxes of the simulator. What follows the plus
// is a label, which changes nothing.
var simulatorLocals = []string{"success+", "bounce+", "ooto+", "complaint+", "suppressionlist+"}

func isSimulatorLocal(local string) bool {
	for _, box := range simulatorLocals {
		if strings.HasPrefix(local, box) {
			return true
		}
	}
	return false
}

// localPart reads what stands before the number in an audience's addresses.
// It must not end in a digit, so that no two audiences share an address.
type localPart struct{ to *string }

func (t localPart) read(l *loader, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	if !ok {
		l.Wrong(n, path, "", "%s is not a text: write it in quotes", n.Show())
		return
	}
	why := badLocal(v + "0") // a number follows it
	switch {
	case v == "":
		why = "it is empty"
	case why != "":
	case len(v) > maxLocal:
		why = "it leaves no room for a number"
	case v[len(v)-1] >= '0' && v[len(v)-1] <= '9':
		why = "it ends in a digit, and a number follows it"
	}
	if why != "" {
		l.Wrong(n, path, "", "%s cannot begin an address: %s", tree.Quote(v), why)
		return
	}
	*t.to = v
}

// maxLocal leaves room for the longest number in the 64 characters of a local
// part.
const maxLocal = 54
