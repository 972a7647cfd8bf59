package scenarios

import (
	"errors"
	"strings"
	"testing"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
)

// FuzzLoad: no file and no override panics. What is accepted is within the
// limits of a run; what is not has problems that stand in the file, in order,
// and no more of them than may be.
func FuzzLoad(f *testing.F) {
	for _, e := range Shipped() {
		src, _ := Source(e.Name)
		f.Add(src, "seed", "5")
	}
	f.Add([]byte(base), "account.acme.quota", "-5")
	f.Add([]byte(everyKey), "sender.news.retry.on[0]", "quota")
	f.Add([]byte(further), "account.acme.configuration_set.plain.sending", "false")
	f.Add([]byte("name = \"a\r\nb\""), "rules.rep", "[[[")
	f.Add([]byte("[[account]]\nName = 1\n[account.request]\n[rules]\nrep = nan"), "start", "2026-01-01")
	f.Fuzz(func(t *testing.T, src []byte, key, value string) {
		if len(src) > 64*1024 {
			return
		}
		cfg, err := Load("x.toml", src, set(key, value))
		if err != nil {
			checkErrors(t, string(src), err)
			return
		}
		checkConfig(t, cfg)
	})
}

func checkErrors(t *testing.T, src string, err error) {
	var all *Errors
	if !errors.As(err, &all) || len(all.Problems) == 0 || len(all.Problems) > tree.MaxProblems {
		t.Fatalf("the error is %#v", err)
	}
	line := 0
	for _, p := range all.Problems {
		if p.Message == "" || strings.ContainsAny(p.String(), "\n\r\x00\x1b") {
			t.Errorf("%q is no message", p.String())
		}
		if p.File == tree.FromOverride {
			continue
		}
		if p.Line < line || p.Line > strings.Count(src, "\n")+1 {
			t.Errorf("line %d follows line %d in a file of %d", p.Line, line, strings.Count(src, "\n")+1)
		}
		line = p.Line
	}
}

func checkConfig(t *testing.T, c *sim.Config) {
	if c.Name == "" || c.Horizon <= 0 || len(c.Accounts) == 0 || len(c.Accounts) > sim.MaxAccounts || len(c.Senders) > sim.MaxSenders {
		t.Errorf("accepted: %+v", c)
	}
	total := int64(0)
	for _, a := range c.Audiences {
		total += a.Size
		if a.Size < 1 || (a.Domain == "" || a.Local == "") != (len(a.Addresses) > 0) || a.Decay > 0 && a.DecayPer <= 0 {
			t.Errorf("accepted: %+v", a)
		}
	}
	if total > sim.MaxAddresses {
		t.Errorf("%d addresses were accepted", total)
	}
	for _, s := range c.Senders {
		if s.Account < 0 || s.Account >= len(c.Accounts) || s.Audience < 0 || s.Audience >= len(c.Audiences) ||
			s.Traffic.Rate.N <= 0 || s.Traffic.Rate.Per <= 0 || s.Begin >= c.Horizon || int64(s.Recipients) > c.Audiences[s.Audience].Size {
			t.Errorf("accepted: %+v", s)
		}
	}
	for _, a := range c.Actions {
		if a.At >= c.Horizon || a.Account >= len(c.Accounts) || a.Audience >= max(1, len(c.Audiences)) || a.Address.Audience >= max(1, len(c.Audiences)) {
			t.Errorf("accepted: %+v", a)
		}
	}
	for _, threshold := range c.Thresholds {
		if _, ok := c.Metric(threshold.Metric); !ok {
			t.Errorf("a threshold on %s was accepted", threshold.Metric)
		}
	}
}
