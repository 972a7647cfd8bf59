package scenarios

import (
	"embed"
	"fmt"
	"strings"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim/client"
	"sesim/sim/unit"
)

//go:embed presets/*.toml
var presets embed.FS

// Preset is a client that bears the name of the software whose keys it has.
type Preset struct {
	Name     string
	About    string // what software it is, and in which state
	Source   string // where its keys were read
	Read     string // when, such as "2026-11"
	Compared string // with which version of the real software it was compared; empty: it rests on reading
	Differs  string // what the software does and the preset does not; empty: nothing known
	SMTP     bool   // the software sends over SMTP
	Client   client.Config
	keys     string // its keys as TOML, below [client]
	node     *tree.Node
}

// Presets returns all presets by name.
func Presets() []Preset {
	files, err := presets.ReadDir("presets")
	if err != nil {
		panic(err)
	}
	list := make([]Preset, len(files))
	for i, f := range files {
		list[i], _ = PresetNamed(strings.TrimSuffix(f.Name(), ".toml"))
	}
	return list
}

// presetNames returns the names of all presets.
func presetNames() (names []string) {
	for _, p := range Presets() {
		names = append(names, p.Name)
	}
	return names
}

// PresetNamed returns a preset by its name, and false if there is none.
func PresetNamed(name string) (Preset, bool) {
	file := "presets/" + name + ".toml"
	src, err := presets.ReadFile(file)
	if err != nil {
		return Preset{}, false
	}
	p := Preset{Name: name}
	r := tree.NewReporter(file)
	root, ok := tree.Parse(r, src)
	if ok {
		text := func(to *string) keys.Text { return keys.Text{To: to, Least: 1, Most: 1000} }
		keys.Table{Fields: []keys.Field{
			keys.Required("about", text(&p.About), ""), keys.Required("source", text(&p.Source), ""),
			keys.Required("read", text(&p.Read), ""), keys.Optional("compared", text(&p.Compared), ""),
			keys.Optional("differs", text(&p.Differs), ""),
			keys.Optional("interface", keys.Word[bool]{To: &p.SMTP, Choices: []keys.Choice[bool]{{Word: "smtp", Is: true}}}, ""),
			keys.Required("client", keys.Afterwards{}, ""),
		}}.Read(r, root, "")
		if n := root.Table["client"]; n != nil {
			p.node = n
			p.Client, _ = readClient(r, n, "client")
		}
	}
	if err := r.Err(); err != nil { // they are part of the program
		panic(err)
	}
	_, p.keys, _ = strings.Cut(string(src), "\n[client]\n")
	return p, true
}

// Standing says on what a preset rests.
func (p *Preset) Standing() string {
	if p.Compared == "" {
		return "rests on reading"
	}
	return "compared with " + p.Compared
}

// TOML returns the preset as a [[client]] of a scenario, with where it comes from.
func (p *Preset) TOML() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s.\n# Source: %s; read %s. %s.\n", p.About, p.Source, p.Read, unit.Capital(p.Standing()))
	if p.Differs != "" {
		fmt.Fprintf(&b, "# Known difference: %s.\n", p.Differs)
	}
	if p.SMTP {
		b.WriteString("# It sends over SMTP: a sender with interface = \"smtp\" has the replies and the limits on sessions of SES.\n")
	}
	fmt.Fprintf(&b, "[[client]]\nname = %q\n%s", "own-"+p.Name, p.keys)
	return b.String()
}
