package scenarios

import (
	"embed"
	"path"
	"strings"
)

//go:embed lessons/*.toml
var lessons embed.FS

// Lessons returns the scenarios of the classroom, by name. They are shipped too
// and run by name. The keys that a lesson changes are all written out, even with
// default values.
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
		src, err := files.ReadFile(path.Join(dir, f.Name()))
		if err != nil {
			continue
		}
		cfg, err := Load(f.Name(), src)
		if err != nil {
			continue
		}
		all = append(all, Entry{strings.TrimSuffix(f.Name(), ".toml"), cfg.Question})
	}
	return all
}
