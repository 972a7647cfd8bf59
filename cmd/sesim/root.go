package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
	"sesim/cmd/internal/terminal"
)

// newSystem returns the access to this process.
func newSystem(stdin io.Reader, stdout, stderr io.Writer) *study.System {
	began := time.Now()
	out, columns := study.NewOutput(stdout), terminal.Columns(stdout)
	return &study.System{
		In: stdin, Out: out, Err: stderr, Getenv: os.Getenv,
		Text: terminal.Set(out, columns), Columns: columns,
		Clock:   func() time.Duration { return time.Since(began) },
		Colour:  terminal.Colour(stdout, os.Getenv),
		Suggest: func(word string, names []string) string { return hint(word, names, "") },
	}
}

// run executes a command line and returns the exit status. Cancelling ctx
// interrupts a run.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	// A panic is a bug. Unhandled, it would end the
	// process with status 2, which says that the scenario is bad.
	defer func() {
		if defect := recover(); defect != nil {
			fmt.Fprintf(stderr, "sesim: internal error, please report it: %v\n%s", defect, debug.Stack())
			code = int(exitInternal)
		}
	}()
	s := newSystem(stdin, stdout, stderr)
	defer func() { tell(stderr, args, s.Close()) }()
	root := rootCommand(s)
	root.SetArgs(args)
	var wrong error
	refuseStrays(root, &wrong)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = wrong
	}
	_ = s.Text.Flush() // an error stays in s.Out
	tell(stderr, args, err)
	if stack := defectStack(err); stack != "" {
		fmt.Fprint(stderr, stack)
	}
	if lost := s.Out.Err(); lost != nil {
		if !errors.Is(err, lost) {
			tell(stderr, args, lost)
		}
		return int(exitInternal)
	}
	return int(exitOf(err))
}

func rootCommand(s *study.System) *cobra.Command {
	root := &cobra.Command{
		Use:   "sesim",
		Short: "Simulate Amazon SES accounts",
		Long: `sesim simulates Amazon SES accounts: it reads a scenario and reports when mail
would be refused, when the account would come under review or be paused, and
how long bounced addresses stay suppressed.

Start with "sesim run", which runs the scenario ` + defaultScenario + `. "sesim scenarios"
lists the shipped scenarios. Not affiliated with Amazon Web Services.

The reference:

` + topicList(),
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, args []string) error {
			if err := checkEmpty(cmd, args); err != nil {
				return err
			}
			return study.CheckLimits()
		},
		Version:       versionLine(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetIn(s.In)
	root.SetOut(s.Text)
	root.SetErr(s.Err)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		initCommand(s), runCommand(s), mergeCommand(s), compareCommand(s), validateCommand(s), scenariosCommand(s), reportCommand(s),
		explainCommand(s), planCommand(s), requestCommand(s), historyCommand(s), calibrateCommand(s), backtestCommand(s), benchCommand(s),
		rulesCommand(s), clientsCommand(s), learnCommand(s),
		serveCommand(s), callsCommand(s), clockCommand(s), actCommand(s), faultsCommand(s), versionCommand(s),
	)
	root.SetHelpCommand(helpCommand(s))
	root.SetVersionTemplate("{{.Version}}\n")
	strictCompletion(root)
	return root
}
