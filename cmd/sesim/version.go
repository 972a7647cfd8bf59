package main

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/licenses"
	"sesim/cmd/internal/study"
)

func versionCommand(s *study.System) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version and how it was built",
		Args:  arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			if all {
				_, err := io.WriteString(s.Out, licenses.Text)
				return err
			}
			_, err := fmt.Fprintln(s.Out, versionLine())
			return err
		},
	}
	cmd.Flags().BoolVar(&all, "licenses", false, "print the licenses of sesim and of everything linked into it")
	return cmd
}

// versionLine is what "sesim version" and --version print.
func versionLine() string {
	return fmt.Sprintf("sesim %s, build %s, %s %s/%s", study.Version, study.Build(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
