package scenarios

import "embed"

//go:embed *.toml
var shipped embed.FS

// Default is the name of the scenario that runs where none is named.
const Default = "first-campaign"

// Entry is a scenario that ships with the program.
type Entry struct {
	Name     string
	Question string
}

// Shipped returns the scenarios that ship, by name, without the classroom's.
func Shipped() []Entry { return entries(shipped, ".") }

// Source returns the TOML of a scenario that ships, one of the classroom or
// another.
func Source(name string) ([]byte, bool) {
	if src, err := shipped.ReadFile(name + ".toml"); err == nil {
		return src, true
	}
	return lesson(name)
}
