package study

import (
	"runtime/debug"
	"testing"
)

func TestBuild(t *testing.T) {
	set := func(pairs ...string) *debug.BuildInfo {
		info := &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}
		for i := 0; i < len(pairs); i += 2 {
			info.Settings = append(info.Settings, debug.BuildSetting{Key: pairs[i], Value: pairs[i+1]})
		}
		return info
	}
	for _, c := range []struct {
		info *debug.BuildInfo
		want string
	}{
		{nil, "(devel)"},
		{set(), "(devel)"},
		{set("vcs.revision", "abc", "vcs.modified", "false"), "abc"},
		{set("vcs.revision", "abc", "vcs.modified", "true"), "abc, modified"},
		{&debug.BuildInfo{Main: debug.Module{Version: "v0.1.0"}}, "v0.1.0"},
	} {
		if got := build(c.info); got != c.want {
			t.Errorf("build is %q, want %q", got, c.want)
		}
	}
}
