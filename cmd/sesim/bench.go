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
	"sesim/sim/unit"
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
	settings  study.Settings
}

func benchCommand(s *study.System) *cobra.Command {
	var o benchOptions
	cmd := &cobra.Command{
		Use:   "bench [FILE|NAME|-]...",
		Short: "Measure the speed of decisions and runs on this machine",
		Long: `Bench measures, in about two minutes: single decisions by number of known
addresses, order of recipients and number of cores; their latency up to the
99.99th percentile; the memory per address; whole runs; and replications on all
cores beside a process for each core. For comparison, the same rounds measure a
reference implementation built from common libraries, rungs (simpler compositions,
each better than the one before, with the rules that they lack), and the cost of
memory reads alone.

With scenarios it measures only these. With --growth it simulates more and more
recipients, senders, accounts, addresses, years and rows of a trace, and says
whether any time grows faster than the work. N limits the recipients of every run;
what would take more than half of the free memory is left out. With -o it writes a
folder: bench.json, report.html, latency distributions for HdrHistogram's tools,
and charts. With --json it prints only the figures, as JSON.

How to read the figures, and their limits, is explained in the documentation of
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
	f.BoolVar(&o.force, "force", false, "replace existing figures")
	f.BoolVar(&o.quiet, "quiet", false, "show no progress")
	f.BoolVar(&o.quick, "quick", false, "measure roughly, in seconds")
	f.StringVar(&o.addresses, "addresses", "", "numbers of known addresses: `N,...`, such as 1e4,1e6")
	f.StringVar(&o.rate, "rate", "", "decisions per second of the open loop: `RATE`, such as 5M/s")
	f.IntVar(&o.rounds, "rounds", 0, "measure each figure `N` times and take the median")
	f.StringVar(&o.growth, "growth", "", "simulate more and more of each thing, up to `N` recipients (1e9 without N)")
	f.Lookup("growth").NoOptDefVal = "1e9"
	settingFlags(f, &o.settings, "scenarios")
	return cmd
}

// runBench measures and delivers the figures, also after an interrupt or a failure.
func runBench(ctx context.Context, s *study.System, names []string, o *benchOptions, command string) error {
	options, what, err := benchWhat(ctx, s, names, o)
	if err != nil {
		return err
	}
	if o.dir != "" {
		if err := s.Reserve(o.dir, bench.Mark, o.force); err != nil {
			return err
		}
	}
	options.Command, options.Version = command, study.Version
	began := time.Now()
	options.Say = func(format string, args ...any) {
		if !o.quiet {
			fmt.Fprintf(s.Err, "%4.0f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
		}
	}
	result, failed := bench.Run(ctx, options, what)
	if err := errors.Join(failed, tellBench(s, result, o)); err != nil {
		return err
	}
	if result.Report.Status == benchmark.Interrupted {
		return &study.Error{Outcome: study.Interrupted, Err: errors.New("interrupted; the figures measured so far were kept")}
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
		return errors.Join(printed, fmt.Errorf("cannot write the figures: %w", err))
	}
	if o.json || printed != nil {
		return printed
	}
	_, err = fmt.Fprintf(s.Out, "Figures, distributions and charts: %s\n", unit.Visible(o.dir))
	return err
}

func printBench(s *study.System, r *benchmark.Report, o *benchOptions) error {
	if o.json {
		return benchmark.WriteJSON(s.Out, r)
	}
	return benchmark.Write(s.Text, r)
}
