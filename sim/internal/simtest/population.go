package simtest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// domains are those of audiences: two of them are related, and one is the
// mailbox simulator's.
var domains = []string{"customers.example", "eu.customers.example", "people.example", "simulator.amazonses.com"}

// audience draws the i-th audience.
func audience(s Source, i int64, horizon time.Duration) sim.Audience {
	name := fmt.Sprintf("p%d", i)
	a := sim.Audience{
		Name:         name,
		Size:         oneOf(s, name+" size", int64(1), 2, 10, 60, 300),
		Domain:       oneOf(s, name+" domain", domains...),
		Local:        name + "-",
		Invalid:      share(s, name+" invalid"),
		FullFor:      length(s, name+" full for", day),
		Complaint:    share(s, name+" complaint"),
		FeedbackLoop: share(s, name+" feedback loop"),
		Decay:        min(share(s, name+" decay"), 99*unit.Percent), // some always remain
	}
	bounces(s, &a)
	if chance(s, name+" has dead domains", 20) {
		a.DeadDomain = min(share(s, name+" dead domain"), unit.Whole-a.Invalid)
	}
	if chance(s, name+" replies", 20) {
		a.OutOfOffice = share(s, name+" out of office")
	}
	if chance(s, name+" revives", 30) {
		a.Revive, a.RevivePer = unit.Percent+min(share(s, name+" revive"), 98*unit.Percent), oneOf(s, name+" revive per", 30*day, day, time.Hour)
	}
	if chance(s, name+" churns", 25) {
		a.Churn, a.ChurnPer = unit.Percent+min(share(s, name+" churn"), 98*unit.Percent), oneOf(s, name+" churn per", 30*day, day, time.Hour)
	}
	if chance(s, name+" grows", 25) {
		a.Growth = growth(s, name, a.Size, horizon)
	}
	if chance(s, name+" was written to", 20) {
		a.NotFirst, a.Contacted = true, oneOf(s, name+" contacted", 7*day, 0, time.Hour, 90*time.Minute, 60*day)
	}
	if a.Domain == domains[3] {
		a.Local = oneOf(s, name+" simulator", "success+", "bounce+", "ooto+", "complaint+", "suppressionlist+") + name + "-"
	}
	if a.Decay > 0 {
		a.DecayPer = oneOf(s, name+" decay per", 30*day, day, time.Hour)
	}
	if chance(s, name+" is named", 10) {
		a.Growth = sim.Growth{}
		a.Size, a.Domain, a.Local = s.Int(name+" names", 1, int64(len(named))), "", ""
		for _, form := range named[:a.Size] {
			a.Addresses = append(a.Addresses, fmt.Sprintf(form, i))
		}
	}
	return a
}

// bounces draws the shares of the attempts that bounce, which are no more
// than all of them together.
func bounces(s Source, a *sim.Audience) {
	left := unit.Whole
	draw := func(of *unit.Share, what string) {
		*of = min(share(s, a.Name+" "+what), left)
		left -= *of
	}
	draw(&a.HardBounce, "hard bounce")
	draw(&a.MailboxFull, "mailbox full")
	if chance(s, a.Name+" bounces otherwise", 20) {
		draw(&a.TooLarge, "too large")
		draw(&a.ContentRejected, "content rejected")
		draw(&a.AttachmentRejected, "attachment rejected")
		draw(&a.Undetermined, "undetermined")
	}
	if chance(s, a.Name+" is unwilling", 20) {
		draw(&a.BlockedIP, "blocked")
		draw(&a.Deferred, "deferred")
		a.DeferredFor = length(s, a.Name+" deferred for", day)
		a.Deferral = oneOf(s, a.Name+" deferral", ses.Deferrals()...)
	}
}

// named are addresses of audiences that name them one by one, with the number
// of the audience: two audiences have none in common.
var named = []string{
	"ann%d@customers.example", "bob%d@eu.customers.example", "success+%d@simulator.amazonses.com", "carol+x%d@People.example",
	"bounce+%d@simulator.amazonses.com", "news@a%d.example",
}

// own is how many of the identities are the account's own; the others are
// those of recipients.
const own = 2

// identities returns what the i-th account may have verified.
func identities(cfg *sim.Config, i int64) []string {
	list := []string{fmt.Sprintf("a%d.example", i), fmt.Sprintf("news@A%d.example", i)}
	for _, a := range cfg.Audiences {
		switch {
		case len(a.Addresses) > 0:
			list = append(list, "carol@people.example", a.Addresses[0])
		case a.Domain != domains[3]:
			list = append(list, a.Domain, a.Local+"1@"+a.Domain, a.Local+"2@"+a.Domain)
		}
	}
	return list
}

// froms are what mail comes from, with the number of the account.
var froms = []string{
	"news@a%d.example", "news+tag@a%d.EXAMPLE", "shop@eu.a%d.example", "News@a%d.example",
	"news@a%d.example", "News <news@a%d.example>", "news@a%d.example", "news@elsewhere%d.example",
}

// growth draws how an audience gains addresses.
func growth(s Source, name string, size int64, horizon time.Duration) sim.Growth {
	g := sim.Growth{Limit: size + s.Int(name+" joined", 1, 100)}
	if chance(s, name+" grows by a share", 50) {
		g.Share, g.Per = unit.Percent+min(share(s, name+" growth"), 98*unit.Percent), oneOf(s, name+" growth per", 30*day, day, time.Hour)
	} else {
		g.Rate = unit.Rate{N: s.Int(name+" joining", 1, 50), Per: oneOf(s, name+" joining per", day, time.Hour)}
	}
	g.Limit = g.At(size, horizon) // as scenarios have it
	return g
}

// sender draws the i-th sender, which makes at most the given number of calls.
func sender(s Source, cfg *sim.Config, i, calls int64) sim.Sender {
	name := fmt.Sprintf("s%d", i)
	account := s.Int(name+" account", 0, int64(len(cfg.Accounts)-1))
	to := s.Int(name+" audience", 0, int64(len(cfg.Audiences)-1))
	size := cfg.Audiences[to].Size
	recipients := min(oneOf(s, name+" recipients", int64(1), 2, 5, 50), size)
	retries := retry(s, name)
	messages := max(1, calls/recipients/int64(1+retries.Attempts))
	x := sim.Sender{
		Name:             name,
		Account:          int(account),
		From:             oneOf(s, name+" from", froms...),
		Audience:         int(to),
		Traffic:          sends(s, name, messages, cfg.Horizon, size, recipients),
		Pick:             oneOf(s, name+" pick", picks...),
		Recipients:       int(recipients),
		Interface:        oneOf(s, name+" interface", interfaces...),
		Retry:            retries,
		RemoveBounced:    chance(s, name+" removes bounced", 50),
		RemoveComplained: chance(s, name+" removes complained", 50),
	}
	if recipients < size && recipients < 50 && chance(s, name+" has one more", 20) {
		x.OneMore = unit.Share(s.Int(name+" one more", 1, 999)) * unit.Whole / 1000
	}
	x.From = fmt.Sprintf(x.From, account)
	if len(cfg.Accounts) > 1 && chance(s, name+" has several accounts", 25) {
		spreadOut(s, cfg, &x)
	}
	if t := x.Traffic.Kind; t != sim.Campaign && t != sim.Recorded && len(cfg.Audiences) > 1 && chance(s, name+" has several audiences", 25) {
		mix(s, cfg, &x)
	}
	special(s, cfg, &x)
	switch x.Traffic.Kind {
	case sim.Campaign:
		x.Pick = sim.Sequential // a campaign is the list in its order
	case sim.Recorded:
		x.Recipients, x.OneMore = 1, 0 // what the language has where the trace says it
	}
	if x.Traffic.Kind != sim.Recorded && chance(s, name+" has a calendar", 25) {
		x.Traffic.Calendar = Calendar(s, name, cfg)
	}
	if chance(s, name+" begins later", 30) {
		x.Begin = length(s, name+" begin", cfg.Horizon-1)
	}
	if x.Traffic.Kind == sim.Constant && x.Traffic.Calendar != nil && chance(s, name+" is a ramp", 40) {
		Ramp(s, name, &x.Traffic, x.Begin, cfg.Horizon)
	}
	if chance(s, name+" ends early", 30) {
		x.End = x.Begin + 1 + length(s, name+" end", cfg.Horizon)
	}
	return x
}

// mix draws among which audiences a sender divides its messages: all of them, in shares
// of which some may be nothing. None has fewer addresses than a message recipients.
func mix(s Source, cfg *sim.Config, x *sim.Sender) {
	left := unit.Whole
	for i := range cfg.Audiences {
		share := left
		if i < len(cfg.Audiences)-1 {
			share = min(share, oneOf(s, fmt.Sprintf("%s to p%d", x.Name, i), 50*unit.Percent, 20*unit.Percent, 0, 99*unit.Percent+unit.Percent/3))
		}
		left -= share
		x.Mixture = append(x.Mixture, sim.AudienceShare{Audience: i, Share: share})
		x.Recipients = int(min(int64(x.Recipients), cfg.Audiences[i].Size))
		if int64(x.Recipients) == cfg.Audiences[i].Size {
			x.OneMore = 0
		}
	}
	x.Audience = 0
}

// spreadOut draws how a sender uses all accounts, beginning with its own. Some of them
// have verified its identity, unless it is one that nobody has.
func spreadOut(s Source, cfg *sim.Config, x *sim.Sender) {
	of, left := &sim.Accounts{}, unit.Whole
	if chance(s, x.Name+" fails over", 60) {
		of.Check, left = oneOf(s, x.Name+" check", 15*time.Minute, time.Minute, 5*time.Hour+time.Second), 0
	}
	n := len(cfg.Accounts)
	for k := range n {
		i := (x.Account + k) % n
		share := left
		if k < n-1 {
			share = min(share, oneOf(s, fmt.Sprintf("%s through a%d", x.Name, i), 50*unit.Percent, 20*unit.Percent, 0))
		}
		left -= share
		of.Of = append(of.Of, sim.SenderAccount{Account: i, Share: share})
		domain := fmt.Sprintf("a%d.example", x.Account)
		if a := &cfg.Accounts[i]; k > 0 && chance(s, x.Name+" is verified at "+a.Name, 80) && !slices.Contains(a.Identities, domain) {
			a.Identities = append(a.Identities, domain)
		}
	}
	x.Accounts = of
}

// special draws what few senders have: further identities, an authorization,
// a configuration set, a size, bad content, a throttled port.
func special(s Source, cfg *sim.Config, x *sim.Sender) {
	if chance(s, x.Name+" names more identities", 15) {
		for range s.Int(x.Name+" further identities", 1, 3) {
			x.Checked = append(x.Checked, oneOf(s, x.Name+" identity", addresses(identities(cfg, int64(x.Account)))...))
		}
	}
	owner := int(s.Int(x.Name+" owner", 0, int64(len(cfg.Accounts)-1)))
	if owner != x.Account && x.Accounts == nil && chance(s, x.Name+" is delegated", 30) {
		x.Delegated, x.Owner, x.From = true, owner, fmt.Sprintf("news@a%d.example", owner)
	}
	if sets := cfg.Accounts[x.Account].Sets; len(sets) > 0 && x.Accounts == nil {
		x.Set = int(s.Int(x.Name+" set", 0, int64(len(sets))))
	}
	if chance(s, x.Name+" is large", 10) {
		x.Size = oneOf(s, x.Name+" size", int64(10<<20), 10<<20+1, 40<<20, 40<<20+1)
	}
	if chance(s, x.Name+" has bad content", 10) {
		x.Rejected = share(s, x.Name+" rejected")
	}
	if chance(s, x.Name+" has malformed recipients", 10) {
		x.Malformed = share(s, x.Name+" malformed")
	}
	if x.Interface == sim.SMTP {
		throughSMTP(s, x)
	}
}

// throughSMTP draws what only SMTP has: a throttled port, old credentials, and
// a MAIL FROM without the name that From may have.
func throughSMTP(s Source, x *sim.Sender) {
	x.Throttled25 = chance(s, x.Name+" is behind port 25", 30)
	x.SigV2 = chance(s, x.Name+" has old credentials", 30)
	nameBare(x)
}

// nameBare names From without a name as well, as MAIL FROM does.
func nameBare(x *sim.Sender) {
	if bare := ses.BareAddress(x.From); bare != x.From && len(x.Checked) == 0 {
		x.Checked = []string{bare}
	}
}

// addresses returns those of the identities that are no domains.
func addresses(identities []string) []string {
	return slices.DeleteFunc(identities, func(name string) bool { return !strings.Contains(name, "@") })
}

// retry draws what a sender does about refused calls.
func retry(s Source, name string) sim.Retry {
	attempts := s.Int(name+" retries", 0, 8)
	if attempts == 0 {
		return sim.Retry{}
	}
	r := sim.Retry{
		First:    oneOf(s, name+" first wait", time.Second, time.Millisecond, time.Minute, time.Hour),
		Factor:   oneOf(s, name+" wait factor", int64(2000), 1000, 1500, 10_000),
		Attempts: int(attempts),
	}
	r.Cap = r.First * time.Duration(oneOf(s, name+" cap", int64(1), 10, 1000))
	on := s.Int(name+" retries on", 1, 1<<ses.Reasons-1)
	for reason := range r.On {
		r.On[reason] = on>>reason&1 != 0
	}
	return r
}
