package engine

import (
	"cmp"
	"sesim/sim"
	"sesim/sim/unit"
	"slices"
)

// part is a piece of a scenario that shares nothing with the rest: no
// audience, customer or delegate ties its accounts to others, and no action
// names things of both. Since an address belongs to one audience, parts meet
// on no suppression list either. cfg numbers accounts, audiences and senders
// anew; the slices say what their numbers are in the whole.
type part struct {
	cfg                          sim.Config
	accounts, audiences, senders []int
	sampled                      int // accounts that are in the series: the first ones
	volume                       int64
}

// whole returns a scenario as one part.
func whole(cfg *sim.Config) part {
	p := part{
		cfg: *cfg, accounts: make([]int, len(cfg.Accounts)), audiences: make([]int, len(cfg.Audiences)), senders: make([]int, len(cfg.Senders)),
		sampled: min(len(cfg.Accounts), sim.MaxSeries),
	}
	for _, list := range [...][]int{p.accounts, p.audiences, p.senders} {
		for i := range list {
			list[i] = i
		}
	}
	return p
}

// division is a scenario taken apart.
type division struct {
	cfg   *sim.Config
	parts []part
	of    []int // the part of each account, and behind them of each audience
	local []int // and its number in the part
}

// divide takes a scenario apart, in the order of each part's first account.
// Audiences that nobody writes to go with the first account.
func divide(cfg *sim.Config) *division {
	t := newTies(cfg)
	d := &division{cfg: cfg, local: make([]int, len(t.parent))}
	numbers := make(map[int]int, len(cfg.Accounts)) // of the parts, by root
	for i := range t.parent {
		k, known := numbers[t.root(i)]
		if !known {
			k = len(d.parts)
			numbers[t.root(i)] = k
			d.parts = append(d.parts, part{})
		}
		d.of = append(d.of, k)
	}
	if len(d.parts) == 1 {
		d.parts[0] = whole(cfg)
		return d
	}
	d.deal()
	return d
}

// ties joins accounts and audiences that belong together: a union-find over
// the accounts and behind them the audiences.
type ties struct {
	parent   []int
	accounts int
}

func newTies(cfg *sim.Config) *ties {
	t := &ties{make([]int, len(cfg.Accounts)+len(cfg.Audiences)), len(cfg.Accounts)}
	for i := range t.parent {
		t.parent[i] = i
	}
	for i := range cfg.Senders {
		s := &cfg.Senders[i]
		t.join(s.Account, t.audience(s.Audience))
		if s.Delegated {
			t.join(s.Account, s.Owner)
		}
	}
	customers := map[string]int{}
	for i := range cfg.Accounts {
		if name := cfg.Accounts[i].Customer; name != "" {
			if first, known := customers[name]; known {
				t.join(first, i)
			} else {
				customers[name] = i
			}
		}
	}
	for i := range cfg.Actions {
		a := &cfg.Actions[i]
		if u := audienceOf(a); u >= 0 {
			t.join(max(a.Account, 0), t.audience(u))
		}
	}
	t.adopt(cfg)
	return t
}

// adopt joins the audiences that have no account to the first account.
func (t *ties) adopt(cfg *sim.Config) {
	has := make([]bool, len(t.parent))
	for i := range cfg.Accounts {
		has[t.root(i)] = true
	}
	for u := range cfg.Audiences {
		if root := t.root(t.audience(u)); !has[root] {
			t.join(0, root)
		}
	}
}

func (t *ties) audience(u int) int { return t.accounts + u }

func (t *ties) root(i int) int {
	for t.parent[i] != i {
		t.parent[i] = t.parent[t.parent[i]]
		i = t.parent[i]
	}
	return i
}

func (t *ties) join(a, b int) { t.parent[t.root(a)] = t.root(b) }

// audienceOf returns the audience that an action is about besides its account,
// or -1.
func audienceOf(a *sim.Action) int {
	switch a.Do {
	case sim.DoSuppress, sim.DoUnsuppress, sim.DoGet, sim.DoRemoveGlobal:
		return a.Address.Audience
	case sim.DoImport:
		return a.Audience
	}
	return -1
}

// deal gives each part its accounts, audiences, senders and actions.
func (d *division) deal() {
	cfg, n := d.cfg, len(d.cfg.Accounts)
	for k := range d.parts {
		c := &d.parts[k].cfg
		*c = *cfg
		c.Accounts, c.Audiences, c.Senders, c.Actions, c.Thresholds = nil, nil, nil, nil, nil
	}
	for i := range cfg.Accounts {
		p := &d.parts[d.of[i]]
		d.local[i] = len(p.accounts)
		p.accounts, p.cfg.Accounts = append(p.accounts, i), append(p.cfg.Accounts, cfg.Accounts[i])
		if i < sim.MaxSeries {
			p.sampled++
		}
	}
	for u := range cfg.Audiences {
		p := &d.parts[d.of[n+u]]
		d.local[n+u] = len(p.audiences)
		p.audiences, p.cfg.Audiences = append(p.audiences, u), append(p.cfg.Audiences, cfg.Audiences[u])
	}
	d.delegates()
	senders := d.senders()
	d.actions(senders)
}

// delegates renumbers those that accounts let send for them. One in another
// part does not.
func (d *division) delegates() {
	for k := range d.parts {
		p := &d.parts[k]
		for i := range p.cfg.Accounts {
			a := &p.cfg.Accounts[i]
			given := a.Delegates
			a.Delegates = nil
			for _, other := range given {
				if d.of[other] == k {
					a.Delegates = append(a.Delegates, d.local[other])
				}
			}
		}
	}
}

// senders deals the senders out and returns their numbers in their parts.
func (d *division) senders() []int {
	local := make([]int, len(d.cfg.Senders))
	for i, sender := range d.cfg.Senders {
		p := &d.parts[d.of[sender.Account]]
		local[i] = len(p.senders)
		p.volume += perDay(&sender.Traffic) * int64(sender.Recipients)
		sender.Account, sender.Audience = d.local[sender.Account], d.local[len(d.cfg.Accounts)+sender.Audience]
		if sender.Delegated {
			sender.Owner = d.local[sender.Owner]
		}
		p.senders, p.cfg.Senders = append(p.senders, i), append(p.cfg.Senders, sender)
	}
	return local
}

// perDay is a rough number of messages a day, by which work is dealt out.
func perDay(t *sim.Traffic) int64 {
	if t.Rate.Per <= 0 {
		return 1
	}
	return int64(unit.Day/t.Rate.Per+1) * min(t.Rate.N, 1<<20)
}

// partOf returns the part in which an action happens.
func (d *division) partOf(a *sim.Action) int {
	if a.Do == sim.DoSet {
		switch a.Change.Key {
		case sim.KeySenderOnBounce, sim.KeySenderRate:
			return d.of[d.cfg.Senders[a.Change.Index].Account]
		case sim.KeyAudienceMailboxFull, sim.KeyAudienceComplaint, sim.KeyAudienceHardBounce:
			return d.of[len(d.cfg.Accounts)+a.Change.Index]
		}
		return d.of[a.Change.Index]
	}
	return d.of[max(a.Account, 0)]
}

// actions deals the actions out and renumbers what they name.
func (d *division) actions(senders []int) {
	n := len(d.cfg.Accounts)
	for _, a := range d.cfg.Actions {
		k := d.partOf(&a)
		if a.Do == sim.DoSet {
			a.Account = 0
			switch a.Change.Key {
			case sim.KeySenderOnBounce, sim.KeySenderRate:
				a.Change.Index = senders[a.Change.Index]
			case sim.KeyAudienceMailboxFull, sim.KeyAudienceComplaint, sim.KeyAudienceHardBounce:
				a.Change.Index = d.local[n+a.Change.Index]
			default:
				a.Change.Index = d.local[a.Change.Index]
			}
		} else {
			a.Account = d.local[max(a.Account, 0)]
		}
		if u := audienceOf(&a); u >= 0 {
			a.Address.Audience, a.Audience = d.local[n+u], d.local[n+u]
		}
		d.parts[k].cfg.Actions = append(d.parts[k].cfg.Actions, a)
	}
}

// initial returns the parts whose events enter their event lists at the start,
// in the order in which those of the undivided scenario would enter its one
// list: requests by account, then actions.
func (d *division) initial() []int {
	var order []int
	for i := range d.cfg.Accounts {
		for n := range d.cfg.Accounts[i].Requests {
			for range requesters(d.cfg, i, &d.cfg.Accounts[i].Requests[n]) {
				order = append(order, d.of[i])
			}
		}
	}
	for i := range d.cfg.Actions {
		order = append(order, d.partOf(&d.cfg.Actions[i]))
	}
	return order
}

// heaviestFirst returns the numbers of the parts, those with the most mail
// first: dealt out in that order, they end at about the same time.
func (d *division) heaviestFirst() []int {
	order := make([]int, len(d.parts))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(d.parts[b].volume, d.parts[a].volume) })
	return order
}
