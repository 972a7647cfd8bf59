package sim_test

import (
	"go/parser"
	"go/token"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLayoutRules shows that each rule of TestLayout can fail, and that what
// lies just inside it passes. Each case is one file.
func TestLayoutRules(t *testing.T) {
	for _, c := range []struct {
		name, path, src string
		want            []string
	}{
		{"downward import", "cmd/sesim/a.go", `// Command sesim x.
package main; import "sesim/sim/ses"`, nil},
		{"scenarios and reports never meet", "scenarios/a.go", `// Package scenarios x.
package scenarios; import "sesim/reports"`, []string{"scenarios/a.go: scenarios must not import reports"}},
		{"nor in tests", "reports/text/a_test.go", `package text; import "sesim/scenarios"`,
			[]string{"reports/text/a_test.go: reports/text must not import scenarios"}},
		{"upward import", "sim/a.go", `// Package sim x.
package sim; import "sesim/scenarios"`, []string{"sim/a.go: sim must not import scenarios"}},
		{"the engine knows nothing of ours", "sim/des/a.go", `// Package des x.
package des; import "sesim/sim/unit"`, []string{"sim/des/a.go: sim/des must not import sim/unit"}},
		{"an external test imports its package", "sim/des/a_test.go", `package des_test; import "sesim/sim/des"`, nil},
		{"parts of the model do not meet", "sim/mailbox/a.go", `// Package mailbox x.
package mailbox; import "sesim/sim/ses"`, []string{"sim/mailbox/a.go: sim/mailbox must not import sim/ses"}},
		{"support for tests in a test", "sim/a_test.go", `package sim_test; import "sesim/sim/internal/check"`, nil},
		{"support for tests in the product", "sim/a.go", `// Package sim x.
package sim; import "sesim/sim/internal/check"`, []string{"sim/a.go: sim/internal/check serves tests only"}},
		{"support for tests in support for tests", "sim/internal/a/a.go", `// Package a x.
package a; import "sesim/sim/internal/check"`, nil},
		{"the contract does not know the engine", "sim/a.go", `// Package sim x.
package sim; import "sesim/sim/engine"`, []string{"sim/a.go: sim must not import sim/engine: package sim is all it needs"}},
		{"nor do reports", "reports/text/a.go", `// Package text x.
package text; import "sesim/sim/engine"`, []string{"reports/text/a.go: reports/text must not import sim/engine: package sim is all it needs"}},
		{"nor scenarios", "scenarios/a.go", `// Package scenarios x.
package scenarios; import "sesim/sim/engine"`, []string{"scenarios/a.go: scenarios must not import sim/engine: package sim is all it needs"}},
		{"replications run the engine", "sim/replicate/a.go", `// Package replicate x.
package replicate; import "sesim/sim/engine"`, nil},
		{"tests run the engine", "scenarios/a_test.go", `package scenarios_test; import "sesim/sim/engine"`, nil},
		{"a folder outside the layout", "tools/a.go", `// Package tools x.
package tools; import "sesim/sim"`, []string{"tools/a.go: tools must not import sim"}},

		{"a library at its door", "scenarios/internal/tree/a.go", `// Package tree x.
package tree; import "github.com/BurntSushi/toml"`, nil},
		{"a library at another door", "reports/a.go", `// Package reports x.
package reports; import "github.com/BurntSushi/toml"`,
			[]string{"reports/a.go: github.com/BurntSushi/toml may be imported in scenarios/internal/tree only"}},
		{"a package of a library", "reports/text/a.go", `// Package text x.
package text; import "gonum.org/v1/plot/vg"`,
			[]string{"reports/text/a.go: gonum.org/v1/plot/vg may be imported in reports/plot only"}},
		{"a test library in a test", "reports/a_test.go", `package reports; import "pgregory.net/rapid"`, nil},
		{"a test library in a folder for tests", "reports/internal/reporttest/a.go", `// Package reporttest x.
package reporttest; import "github.com/google/go-cmp/cmp"`, nil},
		{"a test library outside tests", "reports/a.go", `// Package reports x.
package reports; import "github.com/google/go-cmp/cmp"`,
			[]string{"reports/a.go: github.com/google/go-cmp/cmp may be imported in *_test.go only"}},
		{"a library with a door, in a test", "sim/fixed/a_test.go", `package fixed; import "gonum.org/v1/gonum/stat/distuv"`, nil},
		{"the same outside tests", "sim/fixed/a.go", `// Package fixed x.
package fixed; import "gonum.org/v1/gonum/stat/distuv"`,
			[]string{"sim/fixed/a.go: gonum.org/v1/gonum/stat/distuv may be imported in sim/replicate only"}},
		{"a library without a door", "cmd/sesim/a.go", `// Command sesim x.
package main; import "github.com/spf13/viper"`,
			[]string{"cmd/sesim/a.go: github.com/spf13/viper has no door; add it to the table or do without"}},

		{"the environment", "sim/ses/a.go", `// Package ses x.
package ses; import "os"; var v = os.Getenv("V")`, []string{"sim/ses/a.go: the core must not import os"}},
		{"the log", "sim/ses/a.go", `// Package ses x.
package ses; import l "log/slog"`, []string{"sim/ses/a.go: the core must not import l log/slog"}},
		{"the clock as a value", "sim/a.go", `// Package sim x.
package sim; import clock "time"; var now = clock.Now`, []string{"sim/a.go: the core must not use time.Now"}},
		{"the clock without its name", "sim/a.go", `// Package sim x.
package sim; import . "time"; var now = Now()`, []string{"sim/a.go: the core must not import . time"}},
		{"durations", "sim/a.go", `// Package sim x.
package sim; import "time"; const d = 3 * time.Second`, nil},
		{"a goroutine", "reports/plot/a.go", `// Package plot x.
package plot; func f() { go f() }`, []string{"reports/plot/a.go: a goroutine of its own: its panic would end the process; see package sim/workers"}},
		{"a goroutine of a group", "sim/engine/a.go", `// Package engine x.
package engine; import "sync"; func f(w *sync.WaitGroup) { w.Go(func() {}) }`,
			[]string{"sim/engine/a.go: a goroutine of its own: its panic would end the process; see package sim/workers"}},
		{"a goroutine whose panic is caught", "sim/replicate/run.go", `// Package replicate x.
package replicate; func f() { go f() }`, nil},
		{"a goroutine in a test", "sim/engine/a_test.go", `package engine; func f() { go f() }`, nil},
		{"the clock in tests and outside the core", "sim/a_test.go", `package sim; import "time"; var now = time.Now()`, nil},
		{"the global random source", "sim/rng/a.go", `// Package rng x.
package rng; import "math/rand/v2"; var n = rand.IntN(6)`, []string{"sim/rng/a.go: the core must not use math/rand/v2.IntN"}},
		{"a seeded random source", "sim/rng/a.go", `// Package rng x.
package rng; import "math/rand/v2"; var r = rand.New(rand.NewPCG(1, 2))`, nil},
		{"the same in a test", "cmd/sesim/a_test.go", `package main; import "math/rand"; var n = rand.Intn(6)`,
			[]string{"cmd/sesim/a_test.go: tests must not use math/rand.Intn"}},
		{"a property on new cases each time", "sim/des/a_test.go", `package des; import "pgregory.net/rapid"; var check = rapid.Check`,
			[]string{"sim/des/a_test.go: tests must not use pgregory.net/rapid.Check"}},
		{"a property on fixed cases", "sim/des/a_test.go",
			`package des; import ("pgregory.net/rapid"; "sesim/sim/proptest"); var check, numbers = proptest.Check, rapid.Int()`, nil},
		{"a property outside tests", "sim/a.go", `// Package sim x.
package sim; import "sesim/sim/proptest"`, []string{"sim/a.go: sim/proptest serves tests only"}},

		{"a package without a doc comment", "reports/a.go", `package reports`,
			[]string{`reports: the package has no doc comment that begins with "Package" or, for a command, "Command"`}},
		{"a comment about something else", "reports/a.go", `// Some words.
package reports`,
			[]string{`reports: the package has no doc comment that begins with "Package" or, for a command, "Command"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			file, err := parser.ParseFile(token.NewFileSet(), c.path, c.src, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, problems([]source{{c.path, file}})); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTopLevelRule(t *testing.T) {
	got := strays([]string{".ci", ".git", "LICENSE", "cmd", "notes.txt", "sesim", "sim"})
	if want := []string{"notes.txt", "sesim"}; !slices.Equal(got, want) {
		t.Errorf("strays are %v, want %v", got, want)
	}
}
