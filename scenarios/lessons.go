package scenarios

import (
	"embed"
	"strings"
)

//go:embed lessons/*.toml
var lessons embed.FS

// Lessons returns the scenarios of the classroom, by name. They ship as well,
// and run under their names; their keys that a lesson turns are all written
// out, with their defaults too.
func Lessons() []Entry { return entries(lessons, "lessons") }

// lesson returns the TOML of a scenario of the classroom.
func lesson(name string) ([]byte, bool) {
	src, err := lessons.ReadFile("lessons/" + name + ".toml")
	return src, err == nil
}

// entries lists the scenarios in a folder.
func entries(files embed.FS, dir string) []Entry {
	list, err := files.ReadDir(dir)
	if err != nil {
		return nil
	}
	all := make([]Entry, 0, len(list))
	for _, f := range list {
		if !strings.HasSuffix(f.Name(), ".toml") {
			continue
		}
		name := strings.TrimSuffix(f.Name(), ".toml")
		src, _ := Source(name)
		cfg, err := Load(f.Name(), src)
		if err != nil {
			continue
		}
		all = append(all, Entry{name, cfg.Question})
	}
	return all
}
