package simtest_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/internal/simtest"
	"sesim/sim/proptest"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestReadsNameWhatDecides runs random scenarios with two values of each parameter, and
// with common random numbers: the first record that differs names the parameter, in one
// of the two runs.
func TestReadsNameWhatDecides(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(proptest.Draws{T: t})
		_, records := taped(t, cfg)
		for id := range rules.ParameterID(len(rules.Parameters())) {
			other := cfg
			if !simtest.Another(proptest.Draws{T: t}, &other.Rules, id) {
				continue
			}
			_, others := taped(t, other)
			namesCause(t, id, &cfg, &other, records, others)
		}
	})
}

// namesCause compares the records of two runs, up to the first that differs. The order of
// records of the same moment is not compared: a request at the moment of an answer comes
// after it, and so after what others do then.
func namesCause(t *rapid.T, id rules.ParameterID, cfg, other *sim.Config, a, b []sim.Record) {
	for len(a) > 0 || len(b) > 0 {
		var first [2][]sim.Record
		first[0], first[1], a, b = moment(a, b)
		onlyA, onlyB := lacking(first[0], first[1]), lacking(first[1], first[0])
		if len(onlyA) == 0 && len(onlyB) == 0 {
			continue
		}
		var reads rules.Reads
		var text string
		for _, list := range [2][]sim.Record{onlyA, onlyB} {
			if len(list) > 0 {
				reads = reads.And(list[0].Reads)
				text += fmt.Sprintf("%+v\n", list[0])
			}
		}
		if p := rules.ParameterOf(id); !reads.Has(id) {
			t.Fatalf("%s is %s or %s, and what differs first does not name it:\n%s%s", id, p.Get(&cfg.Rules), p.Get(&other.Rules), text, simtest.Page(cfg))
		}
		return
	}
}

// moment cuts the records of the earliest moment off both lists.
func moment(a, b []sim.Record) (headA, headB, restA, restB []sim.Record) {
	at := time.Duration(math.MaxInt64)
	for _, list := range [2][]sim.Record{a, b} {
		if len(list) > 0 {
			at = min(at, list[0].At)
		}
	}
	cut := func(list []sim.Record) int {
		if n := slices.IndexFunc(list, func(r sim.Record) bool { return r.At > at }); n >= 0 {
			return n
		}
		return len(list)
	}
	return a[:cut(a)], b[:cut(b)], a[cut(a):], b[cut(b):]
}

// lacking returns the records that another list of the same moment lacks.
func lacking(list, other []sim.Record) (only []sim.Record) {
	other = slices.Clone(other)
	for i := range list {
		same := slices.IndexFunc(other, func(r sim.Record) bool { return reflect.DeepEqual(decided(list[i]), decided(r)) })
		if same < 0 {
			only = append(only, list[i])
		} else {
			other = slices.Delete(other, same, same+1)
		}
	}
	return only
}

// decided returns a record with what its decision read and gave, and without the figures
// beside it.
func decided(r sim.Record) sim.Record {
	m := r.Meters
	switch {
	case r.Kind != sim.Refused:
	case r.Reason == ses.RefusedRate:
		r.Meters = ses.Meters{Tokens: m.Tokens, MaxRate: m.MaxRate}
	case r.Reason == ses.RefusedQuota:
		r.Meters = ses.Meters{Used: m.Used, Quota: m.Quota, Frees: m.Frees}
	default:
		r.Meters = ses.Meters{}
	}
	r.Reads, r.Transition.Reads = rules.Reads{}, rules.Reads{}
	return r
}

// beside are parameters that any record about a call or a recipient may name, whatever
// its rule: whom a message is for, and whether mail to the recipient counts.
var beside = []rules.ParameterID{
	rules.ParamEventPublishDelay, rules.ParamRepVerifiedAddressesCount, rules.ParamSandboxRecipientLabels,
}

// TestReadsAreOfTheRule wants every decision to name parameters of its rule alone, as the
// catalogue lists them.
func TestReadsAreOfTheRule(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(proptest.Draws{T: t})
		_, records := taped(t, cfg)
		for i := range records {
			r := &records[i]
			known := slices.Concat(rules.Of(r.Rule).Parameters, rules.Of(r.Rule).Also)
			if r.Kind != sim.Changed {
				known = append(known, beside...)
			}
			if r.Kind == sim.Sent { // by the limits, whose rules are those of refusals
				known = append(known, slices.Concat(rules.Of(rules.RateBucket).Parameters, rules.Of(rules.QuotaRolling).Parameters)...)
			}
			if r.Reads.Without(known...) != (rules.Reads{}) {
				t.Fatalf("%s names %v:\n%+v\n%s", r.Rule, slices.Collect(r.Reads.All()), *r, simtest.Page(&cfg))
			}
		}
	})
}
