// Command kernels runs a kernel a given number of times, to count the
// instructions.
//
//	kernels KERNEL TURNS
//
// The work depends only on the arguments; .ci/instructions counts it.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"sesim/cmd/internal/bench"
	"sesim/reports/benchmark"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rng"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// kernels are the kernels by name. Each does one turn and returns a number that
// depends on all of its work, so that no compiler can optimize it away.
var kernels = map[string]func() func(turn int) uint64{
	"admission": admission,
	"lists":     lists,
	"run":       wholeRun,
	// The decision as sesim bench measures it, of the model and of the rungs.
	"decision":     decision(benchmark.OneByOne),
	"rung-strings": decision(benchmark.RungTexts),
	"rung-numbers": decision(benchmark.RungNumbers),
	"rung-bits":    decision(benchmark.RungBits),
	"rung-ahead":   decision(benchmark.RungBitsAhead),
}

func main() {
	debug.SetGCPercent(-1)
	runtime.GOMAXPROCS(1)
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "kernels: %v\n", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	names := make([]string, 0, len(kernels))
	for name := range kernels {
		names = append(names, name)
	}
	slices.Sort(names)
	if len(args) != 2 || kernels[args[0]] == nil {
		return fmt.Errorf("%q: expected one of %s and a number of turns", args, strings.Join(names, ", "))
	}
	turns, err := strconv.Atoi(args[1])
	if err != nil || turns < 0 {
		return fmt.Errorf("%q is not a number of turns", args[1])
	}
	fmt.Println(work(kernels[args[0]](), turns))
	return nil
}

// work does the turns. Instructions are counted from its call to its return.
//
//go:noinline
func work(turn func(int) uint64, turns int) uint64 {
	sum := uint64(0)
	for i := range turns {
		sum += turn(i)
	}
	return sum
}

// perTurn is the number of decisions in a turn of all kernels but run.
const perTurn = 1000

// current returns the rules of the edition current.
func current() *rules.Set {
	set, err := rules.Edition("current")
	if err != nil {
		panic(err) // it ships with the program
	}
	return &set
}

// admission decides calls of one recipient at a thousand per second, which
// sometimes exceed the rate and, after a while, the quota.
func admission() func(int) uint64 {
	account := ses.NewAccount(ses.Spec{Access: ses.Production, Quota: 200_000, Rate: 900}, current(), make([]uint8, 1))
	now := time.Duration(0)
	return func(int) uint64 {
		sum := uint64(0)
		for range perTurn {
			now += time.Millisecond
			sum += uint64(account.Admit(now, ses.Call{Recipients: 1, Counted: 1}))
		}
		return sum
	}
}

// lists looks up random addresses in both lists, with one in twenty on either,
// and strikes one address in a hundred.
func lists() func(int) uint64 {
	const n = 1 << 16
	set, bits := current(), make([]uint8, n)
	account := ses.NewAccount(ses.Spec{Access: ses.Production, Quota: -1, Rate: 1}, set, bits)
	global := ses.NewGlobalList(&set.Global, bits, 1, time.Hour)
	for i := uint32(0); i < n; i += 20 {
		account.Learn(i, ses.ListBounce, ses.ListBounce)
		global.Strike(0, 0, i+1)
	}
	draws := rng.Derive(1, "kernel", "lists", "addresses").Stream()
	now := time.Duration(0)
	return func(int) uint64 {
		sum := uint64(0)
		for i := range perTurn {
			now += time.Second
			to := uint32(draws.Below(n))
			if reason, listed := account.ListSuppresses(to, ses.ListBounce); listed {
				sum += uint64(reason)
			} else if global.Suppresses(now, 0, to) {
				sum += 2
			} else if i%100 == 0 {
				_, strikes, _ := global.Strike(now, 0, to)
				sum += uint64(strikes)
			}
		}
		return sum
	}
}

// decision decides random recipients, as a subject of package bench does.
func decision(subject string) func() func(int) uint64 {
	return func() func(int) uint64 {
		const n = 1 << 16
		decide := bench.Subject(subject, n)
		draws := rng.Derive(1, "kernel", "decision", "addresses").Stream()
		numbers := make([]uint32, 64*perTurn)
		for i := range numbers {
			numbers[i] = uint32(draws.Below(n))
		}
		return func(turn int) uint64 {
			return uint64(decide(numbers[turn%64*perTurn:][:perTurn]))
		}
	}
}

// wholeRun simulates a shipped scenario.
func wholeRun() func(int) uint64 {
	config, err := scenarios.Load("purchased-list", source("purchased-list"))
	if err != nil {
		panic(err) // it ships with the program
	}
	return func(int) uint64 {
		result, err := engine.Run(*config, sim.Hooks{})
		if err != nil {
			panic(err)
		}
		return uint64(result.Events)
	}
}

func source(name string) []byte {
	text, _ := scenarios.Source(name)
	return text
}
