package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is what reports name as the program that made them. It is a constant
// so that the same source writes the same bytes, however it was built.
const version = "0.1.0"

func versionCommand(s *system) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version and how it was built",
		Args:  arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			info, _ := debug.ReadBuildInfo()
			_, err := fmt.Fprintf(s.out, "sesim %s, build %s, %s %s/%s\n",
				version, build(info), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// build names the source of a build: the module's version or the revision,
// marked where files were changed, and "(devel)" where neither is known.
func build(info *debug.BuildInfo) string {
	const unknown = "(devel)"
	if info == nil {
		return unknown
	}
	if v := info.Main.Version; v != "" && v != unknown {
		return v
	}
	revision, modified := unknown, ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = ", modified"
		}
	}
	return revision + modified
}
