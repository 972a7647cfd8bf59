package engine

import (
	"cmp"
	"sesim/sim"
	"sesim/sim/unit"
	"slices"
)

// partition is a piece of a scenario that shares nothing with the rest: no
// audience, customer or delegate connects its accounts with others, and no action
// names entities of both. Since an address belongs to one audience, partitions share
// no suppression list either. cfg numbers accounts, audiences and senders
// anew; the slices say what their numbers are in the whole. Instead of a sender whose mail
// goes several ways there are its routes.
type partition struct {
	cfg                          sim.Config
	accounts, audiences, senders []int
	clients                      []int
	sampled                      int // accounts that are in the series: the first ones
	openings                     int // further accounts that there is room for
	liveRoutes                   int // of a Session: how many there may be; see live
	volume                       int64
}

// unpartitioned returns a scenario as one partition.
func unpartitioned(cfg *sim.Config) partition {
	p := partition{
		cfg: *cfg, accounts: make([]int, len(cfg.Accounts)), audiences: make([]int, len(cfg.Audiences)), senders: make([]int, len(cfg.Senders)),
		clients: make([]int, len(cfg.Clients)),
		sampled: min(len(cfg.Accounts), sim.MaxSeries),
	}
	for _, list := range [...][]int{p.accounts, p.audiences, p.senders, p.clients} {
		for i := range list {
			list[i] = i
		}
	}
	p.addRoutes()
	return p
}

// division is a scenario divided into partitions.
type division struct {
	cfg        *sim.Config
	partitions []partition
	of         []int      // the partition of each account, followed by those of the audiences
	local      []int      // their numbers in it
	clients    []clientAt // by their numbers, from 1
}

// clientAt is where a client is: the partition, and its number there, from 1.
type clientAt struct{ partition, number int }

// divide divides a scenario, in the order of each partition's first account.
// Audiences that nobody writes to go with the first account.
func divide(cfg *sim.Config) *division {
	t := newUnionFind(cfg)
	d := &division{cfg: cfg, local: make([]int, len(t.parent))}
	numbers := make(map[int]int, len(cfg.Accounts)) // of the partitions, by root
	for i := range t.parent {
		k, known := numbers[t.root(i)]
		if !known {
			k = len(d.partitions)
			numbers[t.root(i)] = k
			d.partitions = append(d.partitions, partition{})
		}
		d.of = append(d.of, k)
	}
	if len(d.partitions) == 1 {
		d.partitions[0] = unpartitioned(cfg)
		return d
	}
	d.assign()
	return d
}

// unionFind joins accounts and audiences that belong together. Its elements are the
// accounts, followed by the audiences.
type unionFind struct {
	parent   []int
	accounts int
}

func newUnionFind(cfg *sim.Config) *unionFind {
	t := &unionFind{make([]int, len(cfg.Accounts)+len(cfg.Audiences)), len(cfg.Accounts)}
	for i := range t.parent {
		t.parent[i] = i
	}
	first := make([]int, len(cfg.Clients)) // account of each, counted from 1
	for i := range cfg.Senders {
		s := &cfg.Senders[i]
		for _, route := range s.Routes() { // all of an audience join its accounts
			t.join(s.Account, route.Account)
			t.join(s.Account, t.audience(route.Audience))
		}
		if s.Client > 0 {
			if first[s.Client-1] > 0 {
				t.join(s.Account, first[s.Client-1]-1)
			}
			first[s.Client-1] = s.Account + 1
		}
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
func (t *unionFind) adopt(cfg *sim.Config) {
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

func (t *unionFind) audience(u int) int { return t.accounts + u }

func (t *unionFind) root(i int) int {
	for t.parent[i] != i {
		t.parent[i] = t.parent[t.parent[i]]
		i = t.parent[i]
	}
	return i
}

func (t *unionFind) join(a, b int) { t.parent[t.root(a)] = t.root(b) }

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

// assign gives each partition its accounts, audiences, senders and actions.
func (d *division) assign() {
	cfg, n := d.cfg, len(d.cfg.Accounts)
	for k := range d.partitions {
		c := &d.partitions[k].cfg
		*c = *cfg
		c.Accounts, c.Audiences, c.Senders, c.Clients, c.Actions, c.Thresholds = nil, nil, nil, nil, nil, nil
	}
	for i := range cfg.Accounts {
		p := &d.partitions[d.of[i]]
		d.local[i] = len(p.accounts)
		p.accounts, p.cfg.Accounts = append(p.accounts, i), append(p.cfg.Accounts, cfg.Accounts[i])
		if i < sim.MaxSeries {
			p.sampled++
		}
	}
	for u := range cfg.Audiences {
		p := &d.partitions[d.of[n+u]]
		d.local[n+u] = len(p.audiences)
		p.audiences, p.cfg.Audiences = append(p.audiences, u), append(p.cfg.Audiences, cfg.Audiences[u])
	}
	d.delegates()
	senders := d.senders()
	d.actions(senders)
	for k := range d.partitions {
		d.partitions[k].addRoutes()
	}
}

// delegates renumbers those that accounts let send for them. One in another
// partition does not.
func (d *division) delegates() {
	for k := range d.partitions {
		p := &d.partitions[k]
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

// senders assigns the senders and returns their numbers in their partitions.
func (d *division) senders() []int {
	local := make([]int, len(d.cfg.Senders))
	d.clients = make([]clientAt, len(d.cfg.Clients)+1)
	for i, sender := range d.cfg.Senders {
		p := &d.partitions[d.of[sender.Account]]
		local[i] = len(p.senders)
		p.volume += perDay(&sender.Traffic) * int64(sender.Recipients)
		sender.Account, sender.Audience = d.local[sender.Account], d.localAudience(sender.Audience)
		if of := sender.Accounts; of != nil {
			own := *of
			own.Of = slices.Clone(of.Of)
			for k := range own.Of {
				own.Of[k].Account = d.local[own.Of[k].Account]
			}
			sender.Accounts = &own
		}
		sender.Mixture = slices.Clone(sender.Mixture)
		for k := range sender.Mixture {
			sender.Mixture[k].Audience = d.localAudience(sender.Mixture[k].Audience)
		}
		if sender.Delegated {
			sender.Owner = d.local[sender.Owner]
		}
		if number := sender.Client; number > 0 {
			d.client(number, d.of[d.cfg.Senders[i].Account])
			sender.Client = d.clients[number].number
		}
		p.senders, p.cfg.Senders = append(p.senders, i), append(p.cfg.Senders, sender)
	}
	for number := 1; number <= len(d.cfg.Clients); number++ { // those without senders
		d.client(number, 0)
	}
	return local
}

// localAudience returns the number of an audience in its partition.
func (d *division) localAudience(u int) int { return d.local[len(d.cfg.Accounts)+u] }

// client assigns the client of a number, unless it is assigned already.
func (d *division) client(number, partition int) {
	if at := &d.clients[number]; at.number == 0 {
		p := &d.partitions[partition]
		p.clients, p.cfg.Clients = append(p.clients, number-1), append(p.cfg.Clients, d.cfg.Clients[number-1])
		*at = clientAt{partition, len(p.clients)}
	}
}

// perDay is a rough number of messages a day, by which partitions are ordered.
func perDay(t *sim.Traffic) int64 {
	if t.Rate.Per <= 0 {
		return 1
	}
	return int64(unit.Day/t.Rate.Per+1) * min(t.Rate.N, 1<<20)
}

// partitionOf returns the partition in which an action happens.
func (d *division) partitionOf(a *sim.Action) int {
	if a.Do == sim.DoSet {
		switch key := a.Change.Key; {
		case ofSender(key):
			return d.of[d.cfg.Senders[a.Change.Index].Account]
		case ofAudience(key):
			return d.of[len(d.cfg.Accounts)+a.Change.Index]
		}
		return d.of[a.Change.Index]
	}
	if a.Client > 0 {
		return d.clients[a.Client].partition
	}
	return d.of[max(a.Account, 0)]
}

// actions assigns the actions and renumbers what they name.
func (d *division) actions(senders []int) {
	n := len(d.cfg.Accounts)
	for _, a := range d.cfg.Actions {
		k := d.partitionOf(&a)
		if a.Do == sim.DoSet {
			a.Account = 0
			switch key := a.Change.Key; {
			case ofSender(key):
				a.Change.Index = senders[a.Change.Index]
			case ofAudience(key):
				a.Change.Index = d.local[n+a.Change.Index]
			default:
				a.Change.Index = d.local[a.Change.Index]
			}
		} else {
			a.Account = d.local[max(a.Account, 0)]
		}
		a.Client = d.clients[a.Client].number
		if u := audienceOf(&a); u >= 0 {
			a.Address.Audience, a.Audience = d.local[n+u], d.local[n+u]
		}
		d.partitions[k].cfg.Actions = append(d.partitions[k].cfg.Actions, a)
	}
}

// heaviestFirst returns the numbers of the partitions, those with the most mail
// first: taken in that order, they end at about the same time.
func (d *division) heaviestFirst() []int {
	order := make([]int, len(d.partitions))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(d.partitions[b].volume, d.partitions[a].volume) })
	return order
}

// Partitions returns the number of partitions of a scenario.
func Partitions(cfg *sim.Config) int {
	t, n := newUnionFind(cfg), 0
	for i, parent := range t.parent {
		if parent == i {
			n++
		}
	}
	return n
}
