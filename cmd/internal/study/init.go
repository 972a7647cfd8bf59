package study

import (
	"fmt"
	"io"

	"sesim/scenarios"
	"sesim/sim/unit"
)

// Init writes a template to a file, "" for one of its name. An existing file is
// replaced only with force.
func (s *System) Init(template, file string, force bool) error {
	src, ok := scenarios.Template(template)
	if !ok {
		var names []string
		for _, e := range scenarios.Templates() {
			names = append(names, e.Name)
		}
		told := WithHint(fmt.Sprintf("no template is called %q", template), s.Suggest(template, names))
		return Usagef("%s; sesim init --list lists them", told)
	}
	if file == "" {
		file = template + ".toml"
	}
	out, err := s.create("template", file, force)
	if err != nil {
		return err
	}
	_, err = out.Write(src)
	if err := finish(err, out); err != nil {
		return fmt.Errorf("%s was not written: %w", file, err)
	}
	if out.file == nil { // standard output
		return nil
	}
	commands := []string{"validate", "run"}
	switch doc, err := scenarios.Read(nil, file, src); {
	case template == scenarios.Served:
		commands[1] = "serve"
	case err == nil && doc.Goal != nil:
		commands = append(commands, "plan")
	}
	name := unit.Visible(file)
	text := name + " is written. Fill in your figures; then\n\n"
	for _, c := range commands {
		text += "  sesim " + c + " " + name + "\n"
	}
	_, err = io.WriteString(s.Out, text)
	return err
}
