package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/study"
)

func versionCommand(s *study.System) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version and how it was built",
		Args:  arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(s.Out, versionLine())
			return err
		},
	}
}

// versionLine is what "sesim version" and --version print.
func versionLine() string {
	return fmt.Sprintf("sesim %s, build %s, %s %s/%s", study.Version, study.Build(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
