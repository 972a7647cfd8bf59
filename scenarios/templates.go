package scenarios

import "embed"

//go:embed templates/*.toml
var templates embed.FS

// DefaultTemplate is the name of the template that is written if none is named.
const DefaultTemplate = "newsletter"

// Served is the name of the template that is served if no scenario is named.
const Served = "served"

// Templates returns the commented scenarios that a user begins with, by name.
// They do not run by name.
func Templates() []Entry { return entries(templates, "templates") }

// Template returns the TOML of a template.
func Template(name string) ([]byte, bool) {
	src, err := templates.ReadFile("templates/" + name + ".toml")
	return src, err == nil
}
