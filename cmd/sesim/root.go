package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// system is the one doorway of the commands to the world outside.
type system struct {
	in     io.Reader
	out    *output
	err    io.Writer
	getenv func(string) string
}

// colour reports whether text on standard output may be coloured.
func (s *system) colour() bool {
	file, ok := s.out.w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd())) && s.getenv("NO_COLOR") == "" && s.getenv("TERM") != "dumb"
}

// run is the program without the process around it: it carries out a command
// line and returns the exit status. Cancelling ctx interrupts a run.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	// A panic is a broken invariant of ours. Left alone it would end the
	// process with status 2, which says that the scenario is bad.
	defer func() {
		if defect := recover(); defect != nil {
			fmt.Fprintf(stderr, "sesim: internal error, please report it: %v\n%s", defect, debug.Stack())
			code = int(exitInternal)
		}
	}()
	s := &system{in: stdin, out: &output{w: stdout}, err: stderr, getenv: os.Getenv}
	root := rootCommand(s)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	tell(stderr, err)
	if stack := errStack(err); stack != "" {
		fmt.Fprint(stderr, stack)
	}
	if s.out.err != nil {
		if !errors.Is(err, s.out.err) {
			tell(stderr, s.out.err)
		}
		return int(exitInternal)
	}
	return int(exitOf(err))
}

func rootCommand(s *system) *cobra.Command {
	root := &cobra.Command{
		Use:   "sesim",
		Short: "Simulate Amazon SES accounts",
		Long: `sesim simulates Amazon SES accounts: it reads a scenario and says when mail
would be refused, when the account would come under review or be paused, and
how long addresses that bounced stay suppressed.

Start with "sesim run", which runs the scenario ` + defaultScenario + `. "sesim scenarios"
lists what ships with it. Not affiliated with Amazon Web Services.`,
		Args:          unknownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(runCommand(s), mergeCommand(s), compareCommand(s), validateCommand(s), scenariosCommand(s), reportCommand(s),
		explainCommand(s), planCommand(s), requestCommand(s), benchCommand(s), rulesCommand(s), learnCommand(s), versionCommand(s),
		exitCodesCommand())
	return root
}
