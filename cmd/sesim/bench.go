package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sesim/cmd/internal/bench"
	"sesim/cmd/internal/study"
	"sesim/reports/benchmark"
	"sesim/reports/rundir"
)

// benchOptions are the flags of sesim bench.
type benchOptions struct {
	dir       string
	json      bool
	force     bool
	quiet     bool
	quick     bool
	addresses string
	rate      string
	rounds    int
	growth    string
	set       []string
}

func benchCommand(s *study.System) *cobra.Command {
	var o benchOptions
	cmd := &cobra.Command{
		Use:   "bench [FILE|NAME|-]...",
		Short: "Measure how fast this machine decides and simulates",
		Long: `Bench measures on this machine, in less than two minutes: the decision alone,
by the number of known addresses, the order of recipients and the cores; its
latency to 99.99%; the memory of an address; and whole runs. Beside it, in the
same rounds, it measures the same decisions composed of common parts, and what
memory costs that is only read.

With scenarios it measures these and nothing else. With --growth it simulates
the same account for longer and longer. With -o it leaves a folder: bench.json,
the distributions of latencies for HdrHistogram's tools, and charts. With --json
it prints the figures as JSON and nothing else.

What the figures can tell and what they cannot stands in the documentation of
package sesim/cmd/internal/bench.`,
		Example: `  sesim bench
  sesim bench --addresses 1e4,1e6 --rate 5M/s -o bench
  sesim bench mine.toml --rounds 9`,
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE: func(cmd *cobra.Command, args []string) error {
			given := append([]string{"sesim bench"}, args...)
			cmd.Flags().Visit(func(f *pflag.Flag) { given = append(given, "--"+f.Name+"="+f.Value.String()) })
			return runBench(cmd.Context(), s, args, &o, strings.Join(given, " "))
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.dir, "output", "o", "", "write figures, distributions and charts to `DIR`")
	f.BoolVar(&o.json, "json", false, "print the figures as JSON instead of text")
	f.BoolVar(&o.force, "force", false, "replace figures that are already there")
	f.BoolVar(&o.quiet, "quiet", false, "do not tell what is being measured")
	f.BoolVar(&o.quick, "quick", false, "a rough look that takes seconds")
	f.StringVar(&o.addresses, "addresses", "", "known addresses to decide among: `N,...`, such as 1e4,1e6")
	f.StringVar(&o.rate, "rate", "", "decisions a second of the open loop: `RATE`, such as 5M/s")
	f.IntVar(&o.rounds, "rounds", 0, "measure each figure `N` times and take the median")
	f.StringVar(&o.growth, "growth", "", "simulate up to `N` recipients, 1e9 where N is left out, and show time and memory")
	f.Lookup("growth").NoOptDefVal = "1e9"
	setFlag(f, &o.set, "scenarios")
	return cmd
}

// runBench measures and hands on what it measured, also after an interrupt.
func runBench(ctx context.Context, s *study.System, names []string, o *benchOptions, command string) error {
	options, what, err := benchWhat(ctx, s, names, o)
	if err != nil {
		return err
	}
	if o.dir != "" {
		if err := rundir.CheckVacancy(o.dir, bench.Mark, o.force); err != nil {
			return study.Usagef("output folder %s: %w", o.dir, err)
		}
	}
	options.Command, options.Version = command, study.Version
	began := time.Now()
	options.Say = func(format string, args ...any) {
		if !o.quiet {
			fmt.Fprintf(s.Err, "%4.0f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
		}
	}
	result, err := bench.Run(ctx, options, what)
	if err != nil {
		return err
	}
	if err := tellBench(s, result, o); err != nil {
		return err
	}
	if result.Report.Status == benchmark.Interrupted {
		return &study.Error{Outcome: study.Interrupted, Err: errors.New("interrupted; what was measured until then is told")}
	}
	return nil
}

// tellBench prints the figures and writes the folder.
func tellBench(s *study.System, result *bench.Result, o *benchOptions) error {
	printed := printBench(s, result.Report, o)
	if o.dir == "" {
		return printed
	}
	files, err := bench.Files(result)
	if err == nil {
		err = rundir.WriteFiles(o.dir, files, o.force)
	}
	if err != nil {
		return errors.Join(printed, fmt.Errorf("the figures were not written: %w", err))
	}
	if o.json || printed != nil {
		return printed
	}
	_, err = fmt.Fprintf(s.Out, "Figures, distributions and charts: %s\n", o.dir)
	return err
}

func printBench(s *study.System, r *benchmark.Report, o *benchOptions) error {
	if o.json {
		return benchmark.WriteJSON(s.Out, r)
	}
	return benchmark.Write(s.Out, r)
}
