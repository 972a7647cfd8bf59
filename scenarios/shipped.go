package scenarios

import (
	"embed"
	"strings"
)

//go:embed *.toml
var shipped embed.FS

// Default is the name of the scenario that runs where none is named.
const Default = "first-campaign"

// Entry is a scenario that ships with the program.
type Entry struct {
	Name     string
	Question string
}

// Shipped returns the scenarios that ship, by name.
func Shipped() []Entry {
	files, err := shipped.ReadDir(".")
	if err != nil {
		return nil
	}
	entries := make([]Entry, 0, len(files))
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), ".toml")
		src, _ := Source(name)
		cfg, err := Load(f.Name(), src)
		if err != nil {
			continue
		}
		entries = append(entries, Entry{name, cfg.Question})
	}
	return entries
}

// Source returns the TOML of a scenario that ships.
func Source(name string) ([]byte, bool) {
	src, err := shipped.ReadFile(name + ".toml")
	return src, err == nil
}
