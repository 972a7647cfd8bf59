package scenarios

import (
	"math/big"
	"time"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/sender"
	"sesim/sim/unit"
)

const rampWord = "ramp"

// maxSteps is the maximum number of steps of a ramp before the horizon.
const maxSteps = 1000

// ramp is a ramp being read.
type ramp struct {
	from, to, step unit.Rate
	over, every    time.Duration
	factor         int64 // in thousandths
	rates          []unit.Rate
}

// fields binds the keys of a ramp.
func (p *ramp) fields() []keys.Field {
	long := func(to *time.Duration) keys.Duration {
		return keys.Duration{To: to, Least: time.Second, Most: unit.MaxDuration}
	}
	return []keys.Field{
		keys.Optional("from", keys.Rate{To: &p.from}, "rate at begin").Or("the first of rates"),
		keys.Optional("to", keys.Rate{To: &p.to}, "rate that it ends with and holds").Or("the last of rates"),
		keys.Optional("over", long(&p.over), "time in which it gets from one to the other, in a thousand equal steps").Or("by every"),
		keys.Optional("every", long(&p.every),
			"time from one step to the next, with factor, step or rates; whole days keep the local time").Or("by over"),
		keys.Optional("factor", keys.Milli{To: &p.factor, Least: 1000, Most: 1_000_000},
			"each step multiplies the rate by it, more than 1").Or("none"),
		keys.Optional("step", keys.Rate{To: &p.step}, "each step adds it to the rate").Or("none"),
		keys.Optional("rates", keys.Rates{To: &p.rates, Most: maxSteps}, "all rates in turn, instead of from and to").Or("none"),
	}
}

// steps returns the steps of the ramp, from its begin on, and sets the rate that they
// multiply, the lowest one. It reports keys that do not go together.
func (p *ramp) steps(l *loader, n *tree.Node, path string, lowest *unit.Rate) []sim.Step {
	before := len(l.Findings())
	p.check(l, n, path)
	if len(l.Findings()) > before || p.from.N == 0 && len(p.rates) == 0 || p.from.N > 0 && p.to.N == 0 {
		return nil // reported, here or with the key
	}
	rates := p.rates
	if len(rates) == 0 {
		rates = []unit.Rate{p.from, p.to}
	}
	*lowest = rates[0]
	for _, r := range rates {
		if times(r, *lowest) < 1_000_000 {
			*lowest = r
		}
	}
	list := p.list(*lowest, l.cfg.Horizon)
	if len(list) > maxSteps+1 {
		l.Wrong(n.Table["every"], tree.Join(path, "every"), "", "the ramp has more than %d steps", maxSteps)
		return nil
	}
	for _, s := range list {
		if s.Times > sender.MaxRamp {
			l.WrongKey(n, path, "", "the highest rate is more than %s times the lowest", unit.Grouped(sender.MaxRamp/1_000_000))
			return nil
		}
	}
	return list
}

// check reports keys that are missing or do not go together.
func (p *ramp) check(l *loader, n *tree.Node, path string) {
	not := func(with string, names ...string) {
		for _, key := range names {
			if n.Has(key) {
				l.WrongKey(n.Table[key], tree.Join(path, key), "", "this key does not go with %s", with)
			}
		}
	}
	switch {
	case n.Has("rates"):
		not("rates", "from", "to", "over", "factor", "step")
		if !n.Has("every") {
			l.WrongKey(n.Table["rates"], tree.Join(path, "rates"), "", `every is needed with it: how long each rate lasts, such as "1d"`)
		}
	case !n.Has("from") || !n.Has("to"):
		l.WrongKey(n, path, "", "write the rates that the ramp goes from and to, or a list of rates")
	case n.Has("over"):
		not("over", "every", "factor", "step")
	case !n.Has("every") || n.Has("factor") == n.Has("step"):
		l.WrongKey(n, path, "", "write how the rate gets there: over, or every with either factor or step")
	case p.factor == 1000:
		l.Wrong(n.Table["factor"], tree.Join(path, "factor"), "", "the rate stays the same: it must be more than 1")
	case p.from.N > 0 && p.to.N > 0 && times(p.to, p.from) <= 1_000_000:
		l.Wrong(n.Table["to"], tree.Join(path, "to"), "", "%s is not more than from, %s: only a ramp with over or rates falls", p.to, p.from)
	}
}

// list returns the steps before the horizon, from the begin of the ramp on.
func (p *ramp) list(lowest unit.Rate, horizon time.Duration) (list []sim.Step) {
	add := func(at time.Duration, times uint64) { list = append(list, sim.Step{From: at, Times: times}) }
	from, to := times(p.from, lowest), times(p.to, lowest)
	switch {
	case len(p.rates) > 0:
		for i, at := 0, time.Duration(0); i < len(p.rates) && at < horizon; i, at = i+1, at+p.every {
			add(at, times(p.rates[i], lowest))
		}
	case p.over > 0:
		const n = maxSteps
		for i := range uint64(n) { // the middle of each step lies on the straight line
			add(p.over/n*time.Duration(i), mean(from, to, 2*n-2*i-1, 2*i+1))
		}
		add(p.over, to)
	default:
		by := times(p.step, lowest)
		for at := time.Duration(0); at < horizon && len(list) <= maxSteps+1; at += p.every {
			add(at, min(from, to))
			if from >= to {
				break
			}
			if from += by; p.factor > 0 {
				from = from * uint64(p.factor) / 1000
			}
		}
	}
	return list
}

// mean returns the mean of two numbers with weights, rounded down.
func mean(a, b, wa, wb uint64) uint64 {
	x, y := new(big.Int).SetUint64(a), new(big.Int).SetUint64(b)
	x.Mul(x, new(big.Int).SetUint64(wa))
	x.Add(x, y.Mul(y, new(big.Int).SetUint64(wb)))
	return x.Quo(x, new(big.Int).SetUint64(wa+wb)).Uint64()
}

// times returns how many millionths of one rate another is, to the nearest; of more than
// a ramp may have, one more than that.
func times(r, of unit.Rate) uint64 {
	if r.N == 0 || of.N == 0 {
		return 0
	}
	top := new(big.Int).Mul(big.NewInt(r.N), big.NewInt(int64(of.Per)))
	bottom := new(big.Int).Mul(big.NewInt(of.N), big.NewInt(int64(r.Per)))
	top.Mul(top, big.NewInt(2_000_000)).Add(top, bottom)
	top.Quo(top, bottom.Lsh(bottom, 1))
	if top.Cmp(big.NewInt(sender.MaxRamp)) > 0 {
		return sender.MaxRamp + 1
	}
	return top.Uint64()
}
