package scenarios

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// audienceTable binds the keys of an [[audience]].
func (l *loader) audienceTable(a *sim.Audience) keys.Table {
	share := func(of sim.Quantity, to *unit.Share, about string) keys.Field {
		return keys.Optional(of.Key(), keys.Uncertain{Plain: keys.Share{To: to}, Of: of, To: &l.uncertain}, about)
	}
	loss := func(of sim.Quantity, to *unit.Share, per *time.Duration, about string) keys.Field {
		decay := keys.Decay{Of: to, Per: per, Gains: of != sim.Decay}
		return keys.Optional(of.Key(), keys.Uncertain{Plain: decay, Of: of, To: &l.uncertain}, about)
	}
	long := func(to *time.Duration) keys.Duration { return keys.Duration{To: to, Least: 1, Most: unit.MaxDuration} }
	return keys.Table{Fields: []keys.Field{
		keys.Required("name", keys.Name{To: &a.Name}, "unique name"),
		keys.Optional("count", keys.Count{Of: &l.audiences},
			"stands for as many audiences, of size addresses each; not with addresses").Or("one without a number"),
		keys.Optional("size", keys.Whole[int64]{To: &a.Size, Least: 1, Most: sim.MaxAddresses}, "number of addresses"),
		keys.Optional("domain", keys.Mail{To: &a.Domain, Check: keys.Domain}, "domain of the addresses").Or(`the name + ".example"`),
		keys.Optional("local", keys.LocalPart{To: &a.Local}, "text before the number in each address, not ending in a digit").
			Or(`the name + "-"`).With(simulatorNote),
		share(sim.Invalid, &a.Invalid, "share of the addresses that do not exist"),
		share(sim.HardBounce, &a.HardBounce, "share of the messages to existing addresses that bounce hard all the same"),
		share(sim.MailboxFull, &a.MailboxFull, "share of the messages to existing addresses that meet a full mailbox, which SES tries again"),
		keys.Optional("full_for", long(&a.FullFor), "how long a full mailbox stays full").Or("longer than SES tries"),
		share(sim.Complaint, &a.Complaint, "share of the delivered messages that draw a complaint"),
		share(sim.FeedbackLoop, &a.FeedbackLoop, "share of the addresses at providers that report complaints"),
		loss(sim.Decay, &a.Decay, &a.DecayPer, "share of the valid addresses that stop existing, and in what time"),
		loss(sim.Revive, &a.Revive, &a.RevivePer,
			"share of the addresses invalid at the start and still so that get a mailbox and keep it, and in what time"),
		loss(sim.Churn, &a.Churn, &a.ChurnPer,
			"share of the addresses that leave all lists without a bounce, and in what time, from when they join"),
		keys.Optional("growth", growth{&a.Growth, &l.uncertain}, "addresses that join: new ones, after the last").Or("none").With(growthNote),
		keys.Optional("contacted", long(&a.Contacted), "how long before the start the addresses had their last mail: decay counts from then").
			Or("no mail so far, decay counts from the start"),
		keys.Optional("first_contact", firstContact{&a.NotFirst},
			"false: the invalid addresses are gone from the list already, so that invalid is only the share of those that growth adds").
			Or("false with contacted, else true"),
		keys.Optional("addresses", addressList{l, &a.Addresses},
			"recipients by address, instead of size, domain and local; an address belongs to one audience, unless it is the mailbox simulator's"),
		share(sim.DeadDomain, &a.DeadDomain, "share of the addresses at domains that do not exist"),
		share(sim.TooLarge, &a.TooLarge, "share of the messages to existing addresses that bounce as too large"),
		share(sim.ContentRejected, &a.ContentRejected, "share of the messages to existing addresses that bounce for their content"),
		share(sim.AttachmentRejected, &a.AttachmentRejected, "share of the messages to existing addresses that bounce for an attachment"),
		share(sim.Undetermined, &a.Undetermined, "share of the messages to existing addresses that bounce for no known reason"),
		share(sim.BlockedIP, &a.BlockedIP,
			"share of the messages to existing addresses whose server blocks the IP address of SES, which tries again"),
		share(sim.Deferral, &a.Deferred, "share of the messages to existing addresses whose server defers them; SES tries again"),
		keys.Optional("deferral", keys.Word[string]{To: &a.Deferral, Choices: keys.Literal(ses.Deferrals()...)},
			"delayType of deferred messages").
			Or(strconv.Quote(ses.Deferrals()[0])),
		keys.Optional("deferred_for", long(&a.DeferredFor), "how long servers block and defer").Or("longer than SES tries"),
		keys.Optional("match", keys.Texts{To: &a.Match, Most: maxPatterns, Check: keys.Pattern},
			"further addresses to which programs send through \"sesim serve\", by domain, or local part and \"@\", each with one * at most; the "+
				"first audience that an address matches has it, and what it is is drawn from a hash of the address, so that the shares "+
				"hold in expectation"),
		share(sim.OutOfOffice, &a.OutOfOffice, "share of the delivered messages that draw an automatic reply"),
	}}
}

// simulatorNote describes the defaults at the mailbox simulator.
const simulatorNote = "With the domain simulator.amazonses.com, the default of `local` is `bounce+` for an audience named bounce or " +
	"bounce-…, `ooto+`, `complaint+` and `suppressionlist+` for theirs, and `success+` for all " +
	"others.\n\n`hard_bounce`, `mailbox_full`, `message_too_large`, `content_rejected`, `attachment_rejected`, " +
	"`undetermined`, `blocked_ip` and `deferred` are at most 100% together, and so are `invalid` and `dead_domain`.\n"

// growthNote describes what joins an audience.
const growthNote = "New addresses join at full hours. They stand at the end of each list and have never had mail. Each has the " +
	"audience's shares as probabilities, decays from then on if it exists, and does not revive.\n"

// firstContact reads whether nobody has written to the addresses so far.
type firstContact struct{ not *bool }

func (firstContact) Shape() keys.Shape { return keys.Flag{}.Shape() }

func (f firstContact) Read(r *tree.Reporter, n *tree.Node, path string) {
	first := !*f.not
	keys.Flag{To: &first}.Read(r, n, path)
	*f.not = !first
}

// finishContact sets what an earlier contact means for invalid addresses.
func (l *loader) finishContact(a *sim.Audience, n *tree.Node, path string) {
	first := n.Table["first_contact"]
	switch {
	case first == nil:
		a.NotFirst = n.Has("contacted")
	case n.Has("contacted") && !a.NotFirst:
		l.Wrong(first, tree.Join(path, "first_contact"), "", "contacted says that there was mail before the start: leave first_contact out")
	}
	if a.Invalid > 0 && allContacted(a) {
		l.Doubt(n.Table["invalid"], tree.Join(path, "invalid"), "", "after the first contact the invalid addresses are gone from the list: "+
			"this share is not drawn; write first_contact = true and leave out contacted if nobody has written to these addresses")
	}
}

// growth reads how an audience gains addresses.
type growth struct {
	to        *sim.Growth
	uncertain *[]sim.Uncertain
}

// table binds the keys of a growth table.
func (g growth) table() keys.Table {
	to := g.to
	rate := keys.Uncertain{Plain: keys.Rate{To: &to.Rate}, Of: sim.GrowthRate, To: g.uncertain}
	share := keys.Uncertain{Plain: keys.Decay{Of: &to.Share, Per: &to.Per, Gains: true}, Of: sim.GrowthShare, To: g.uncertain}
	return keys.Table{Fields: []keys.Field{
		keys.Optional("rate", rate, "addresses that join in a period, instead of share").Or("by share"),
		keys.Optional("share", share,
			"share of the addresses so far that joins anew, and in what time, instead of rate").Or("by rate"),
		keys.Optional("limit", keys.Whole[int64]{To: &to.Limit, Least: 1, Most: sim.MaxAddresses},
			"number of addresses at which growth ends, size included").Or("ten times size"),
	}}
}

func (g growth) Shape() keys.Shape { return keys.OneOfTables(g.Variants()) }

func (g growth) Variants() []keys.Variant {
	return growth{&sim.Growth{}, g.uncertain}.table().Variants()
}

func (g growth) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		r.Wrong(n, path, "", `%s is not a table: write one such as { rate = "40/d" } or { share = "2.5%%/30d", limit = 50000 }`, n.Show())
		return
	}
	if n.Has("rate") == n.Has("share") {
		r.WrongKey(n, path, "", "write how many addresses join: either rate or share")
		return
	}
	g.table().Read(r, n, path)
}

// finishGrowth sets how many addresses an audience has at most, and reports a limit below
// its size.
func (l *loader) finishGrowth(a *sim.Audience, n *tree.Node, path string) {
	g := &a.Growth
	switch {
	case !g.Grows():
		*g = sim.Growth{}
		return
	case g.Limit == 0:
		g.Limit = min(10*a.Size, sim.MaxAddresses)
	case g.Limit < a.Size:
		at := n.Table["growth"].Table["limit"]
		l.Wrong(at, tree.Join(tree.Join(path, "growth"), "limit"), "", "%d is less than the size, %d", g.Limit, a.Size)
		g.Limit = a.Size
	}
	for i := range l.uncertain {
		if u := &l.uncertain[i]; u.Of.IsGrowth() {
			u.Limit = g.Limit
		}
	}
	g.Limit = max(a.SizeAt(l.cfg.Horizon), a.Size)
}

// audience reads one [[audience]].
func (l *loader) audience(n *tree.Node, path string) {
	a := defaultAudience()
	l.uncertain = nil
	count := l.audiences.Add(l.Reporter, n, path)
	l.audienceTable(&a).Read(l.Reporter, n, path)
	l.checkShares(&a, n, path)
	l.without(n, path, count, map[string]string{
		"addresses": "an address belongs to one audience", "match": "the first audience would have all that match",
	})
	l.checkMatch(&a, n, path)
	if n.Has("addresses") && n.Has("growth") {
		l.WrongKey(n.Table["growth"], tree.Join(path, "growth"), "", "it does not go with addresses, which are all that there are")
		a.Growth = sim.Growth{}
	}
	l.finishGrowth(&a, n, path)
	l.finishContact(&a, n, path)
	l.addUncertain(len(l.cfg.Audiences), count, n, path)
	if n.Has("addresses") {
		l.nameAudience(&a, n, path)
		l.cfg.Audiences = expand(append(l.cfg.Audiences, a), count, func(*sim.Audience, int) {}) // more than one is an error
		return
	}
	first := len(l.cfg.Audiences)
	l.cfg.Audiences = expand(append(l.cfg.Audiences, a), count, func(a *sim.Audience, i int) {
		if _, isGroup := l.audiences.Counted(n); isGroup {
			a.Name = l.audiences.List[first+i]
		}
		l.finishAudience(a, n, path, first+i)
	})
}

// maxPatterns is the maximum number of patterns of an audience.
const maxPatterns = 1000

// checkMatch reports patterns that no address gets to.
func (l *loader) checkMatch(a *sim.Audience, n *tree.Node, path string) {
	if len(a.Match) > 0 && l.matchesAll != "" {
		l.Wrong(n.Table["match"], tree.Join(path, "match"), "", "audience %s above matches every address: write it last", l.matchesAll)
	}
	if l.matchesAll == "" && slices.Contains(a.Match, "*") {
		l.matchesAll = a.Name
	}
}

// finishAudience completes the i-th audience, with numbered recipients.
func (l *loader) finishAudience(a *sim.Audience, n *tree.Node, path string, i int) {
	completeAudience(a, n)
	if isSimulator(a.Domain) && !isSimulatorLocal(a.Local) && n.Has("local") {
		l.Wrong(n.Table["local"], tree.Join(path, "local"), "", `%s is not one of the simulator's mailboxes with a label: write one of %s`,
			tree.Quote(a.Local), keys.QuoteAll(simulatorLocals))
	}
	l.domains[strings.ToLower(a.Domain)] = append(l.domains[strings.ToLower(a.Domain)], i)
}

func defaultAudience() sim.Audience {
	return sim.Audience{Size: 1000, FeedbackLoop: 40 * unit.Percent}
}

// keyShare is a share and the key that it stands under.
type keyShare struct {
	key   string
	share unit.Share
}

// addressShares are the shares of the addresses that nobody reaches.
func addressShares(a *sim.Audience) []keyShare {
	return []keyShare{{"invalid", a.Invalid}, {"dead_domain", a.DeadDomain}}
}

// messageShares are the shares of the messages that bounce, each in one way.
func messageShares(a *sim.Audience) []keyShare {
	return []keyShare{
		{"hard_bounce", a.HardBounce}, {"mailbox_full", a.MailboxFull}, {"message_too_large", a.TooLarge},
		{"content_rejected", a.ContentRejected}, {"attachment_rejected", a.AttachmentRejected}, {"undetermined", a.Undetermined},
		{"blocked_ip", a.BlockedIP}, {"deferred", a.Deferred},
	}
}

// tooMuch returns the key with which shares exceed 100% in total, and what is wrong
// then, or nothing.
func tooMuch(parts []keyShare) (key, why string) {
	sum := unit.Share(0)
	for _, part := range parts {
		if sum += part.share; sum > unit.Whole && key == "" {
			key = part.key
		}
	}
	if key == "" {
		return "", ""
	}
	names := make([]string, len(parts))
	for i, part := range parts {
		names[i] = part.key
	}
	last := len(names) - 1
	return key, strings.Join(names[:last], ", ") + " and " + names[last] + " are more than 100% together"
}

// checkShares reports shares of the addresses or of the messages that exceed 100% in
// total.
func (l *loader) checkShares(a *sim.Audience, n *tree.Node, path string) {
	for _, parts := range [][]keyShare{addressShares(a), messageShares(a)} {
		if key, why := tooMuch(parts); key != "" {
			l.Wrong(n.Table[key], tree.Join(path, key), "", "%s", why)
		}
	}
}

// summed are the shares that actions set and that are at most the whole with others.
var summed = map[sim.Key]func(*sim.Audience) *unit.Share{
	sim.KeyAudienceHardBounce:  func(a *sim.Audience) *unit.Share { return &a.HardBounce },
	sim.KeyAudienceMailboxFull: func(a *sim.Audience) *unit.Share { return &a.MailboxFull },
	sim.KeyAudienceInvalid:     func(a *sim.Audience) *unit.Share { return &a.Invalid },
}

// checkChanges reports actions that set a share of the messages or of the addresses so that
// all exceed 100% in total.
func (l *loader) checkChanges() {
	order := make([]int, len(l.cfg.Actions))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(l.cfg.Actions[i].At, l.cfg.Actions[j].At) })
	changed := map[int]*sim.Audience{}
	for _, i := range order {
		c := &l.cfg.Actions[i].Change
		shares := messageShares
		if c.Key == sim.KeyAudienceInvalid {
			shares = addressShares
		}
		if l.cfg.Actions[i].Do != sim.DoSet || summed[c.Key] == nil {
			continue
		}
		if changed[c.Index] == nil {
			now := l.cfg.Audiences[c.Index]
			changed[c.Index] = &now
		}
		now := changed[c.Index]
		*summed[c.Key](now) = c.Share
		if _, why := tooMuch(shares(now)); why != "" {
			n := l.root.Table["action"].List[i]
			l.Wrong(n.Table["value"], tree.Join(tree.Element("action", i), "value"), "", "%s from then on: audience %s", why, now.Name)
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

// mailboxOf returns the mailbox of the simulator that matches an audience's name or
// its first word, such as bounce or bounce-probe; success for other names.
func mailboxOf(name string) string {
	first, _, _ := strings.Cut(name, "-")
	if i := slices.Index(simulatorLocals, first+"+"); i >= 0 {
		return simulatorLocals[i]
	}
	return simulatorLocals[0]
}

// isSimulator reports whether a domain is the mailbox simulator's.
func isSimulator(domain string) bool { return strings.EqualFold(domain, ses.SimulatorDomain) }

// simulatorLocals are the mailboxes of the simulator. The text after the plus is a
// label, which has no effect.
var simulatorLocals = []string{"success+", "bounce+", "ooto+", "complaint+", "suppressionlist+"}

func isSimulatorLocal(local string) bool {
	for _, box := range simulatorLocals {
		if strings.HasPrefix(local, box) {
			return true
		}
	}
	return false
}
