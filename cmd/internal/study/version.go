package study

import "runtime/debug"

// Version is the version of the program in reports. It is a constant, so that the
// same source writes the same bytes, however it was built.
const Version = "0.1.0"

// Build identifies the source that the program was built from.
func Build() string {
	info, _ := debug.ReadBuildInfo()
	return build(info)
}

// build identifies the source of a build: the module's version or the revision,
// marked if files were changed, or "(devel)" if neither is known.
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
