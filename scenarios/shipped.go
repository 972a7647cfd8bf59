package scenarios

import "embed"

//go:embed *.toml
var shipped embed.FS

// Default is the name of the scenario that runs by default.
const Default = "first-campaign"

// Entry is a shipped scenario.
type Entry struct {
	Name     string
	Question string
}

// Shipped returns the shipped scenarios, by name, without those of the classroom.
func Shipped() []Entry { return entries(shipped, ".") }

// Source returns the TOML of a shipped scenario, including those of the
// classroom.
func Source(name string) ([]byte, bool) {
	if src, err := shipped.ReadFile(name + ".toml"); err == nil {
		return src, true
	}
	return lesson(name)
}
