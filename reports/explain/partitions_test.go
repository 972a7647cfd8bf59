package explain_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"sesim/reports/explain"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// several is a scenario of four accounts that share nothing, two of which share an audience: on
// their lists addresses come and go, and their quotas and rates refuse calls.
func several(t *testing.T) sim.Config {
	cfg := refusing(t)
	cfg.Horizon = 26 * time.Hour
	account, audience, sender := cfg.Accounts[0], cfg.Audiences[0], cfg.Senders[0]
	cfg.Accounts, cfg.Audiences, cfg.Senders = nil, nil, nil
	for i := range 4 {
		account.Name, account.Identities = fmt.Sprintf("a%d", i), []string{fmt.Sprintf("a%d.example", i)}
		account.Quota, account.Suppression = int64(50+50*i), ses.ListReasons(i)
		audience.Name, audience.Domain = fmt.Sprintf("p%d", i), fmt.Sprintf("p%d.example", i)
		audience.Size, audience.Invalid = int64(20+10*i), unit.Whole/5*unit.Share(i)
		sender.Name, sender.From, sender.Account, sender.Audience = fmt.Sprintf("s%d", i), fmt.Sprintf("x@a%d.example", i), i, min(i, 2)
		sender.Traffic.Rate.N = int64(5 + i)
		cfg.Accounts, cfg.Audiences, cfg.Senders = append(cfg.Accounts, account), append(cfg.Audiences, audience), append(cfg.Senders, sender)
	}
	return cfg
}

// TestPartitions compares explanations of a run in partitions, each of which has a collector of
// its own and only the records that the query needs, with those of a whole run whose records go
// to one collector. Records of several partitions at the same time have no order.
func TestPartitions(t *testing.T) {
	cfg := several(t)
	var queries []explain.Query
	for _, at := range []time.Duration{time.Hour, cfg.Horizon} {
		for _, q := range []explain.Query{
			{}, {Account: "a1"}, {Sender: "s2"}, {Account: "a1", Sender: "s3"}, {Address: "p-7@p2.example"}, {Address: "p-7@p2.example", Account: "a3"},
			{Sender: "s1", Message: 3}, {Reason: "quota"}, {Only: []sim.RecordKind{sim.SuppressedGlobal, sim.Delivered}}, {From: at / 2}, {InFlight: true}, {InFlight: true, Account: "a2"},
		} {
			q.At, q.Most = at, 1<<20
			queries = append(queries, q)
			q.Together = true
			queries = append(queries, q)
		}
	}
	found := 0
	for _, q := range queries {
		apart, err := explain.Replay(engine.Run, cfg, q)
		if err != nil {
			t.Fatal(err)
		}
		var seen counter
		whole, err := explain.ReplayWith(engine.Run, cfg, q, sim.Hooks{Observer: &seen, Undivided: true})
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(inOrder(whole), inOrder(apart)); diff != "" {
			t.Fatalf("%+v: (-whole +in partitions):\n%s", q, diff)
		}
		found += len(apart.Entries)
		q.Most, q.Skip = 5, 3
		page, err := explain.Replay(engine.Run, cfg, q)
		if err != nil {
			t.Fatal(err)
		}
		end := max(0, len(apart.Entries)-q.Skip)
		if diff := gocmp.Diff(apart.Entries[max(0, end-q.Most):end], page.Entries); diff != "" {
			t.Fatalf("%+v: (-of all +page):\n%s", q, diff)
		}
	}
	if found < 1000 {
		t.Errorf("only %d entries were compared", found)
	}
}

// inOrder returns an explanation whose entries of the same time are in an order that says nothing.
func inOrder(e *explain.Explanation) *explain.Explanation {
	sorted := *e
	sorted.Entries = slices.Clone(e.Entries)
	slices.SortFunc(sorted.Entries, func(a, b explain.Entry) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Sender, b.Sender), cmp.Compare(a.Message, b.Message),
			cmp.Compare(a.Address, b.Address), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.What, b.What))
	})
	return &sorted
}
