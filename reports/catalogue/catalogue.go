// Package catalogue prints what the program knows: the rules of the model with
// their sources and parameters, and the metrics of thresholds.
package catalogue

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"sesim/reports/jsontext"
	"sesim/sim/rules"
)

// Rule is a rule in the printed catalogue.
type Rule struct {
	ID         string      `json:"id"`
	About      string      `json:"about"`
	Standing   string      `json:"standing"`
	Source     string      `json:"source"`
	URL        string      `json:"url,omitempty"`
	Read       string      `json:"read,omitempty"`
	Parameters []Parameter `json:"parameters"`
	Also       []string    `json:"also_reads,omitempty"` // parameters of other rules
}

// Parameter is a parameter in the printed catalogue.
type Parameter struct {
	Name     string `json:"name"`
	About    string `json:"about"`
	Default  string `json:"default"`
	Range    string `json:"range"`
	Standing string `json:"standing"`
	Reason   string `json:"reason"`
	// Plausible is what the value may be as far as is known; nil: AWS documents it.
	Plausible *Plausible `json:"plausible,omitempty"`
	// FillsIn is the key of an account in production in whose place the value stands.
	FillsIn string `json:"fills_in,omitempty"`
}

// Plausible are the values that an assumption may have, as a scenario writes them.
type Plausible struct {
	Least  string   `json:"least,omitempty"` // of a range of numbers
	Most   string   `json:"most,omitempty"`
	Values []string `json:"values,omitempty"` // that are not in the range
	words  string   // empty where they are all that a scenario may set
}

func plausible(p *rules.Plausible) *Plausible {
	if p.None() {
		return nil
	}
	of := &Plausible{words: p.Narrows()}
	if p.Ranged() {
		least, most := p.Ends()
		of.Least, of.Most = least.Text, most.Text
	}
	for _, v := range p.Settings() {
		of.Values = append(of.Values, v.Text)
	}
	return of
}

// Rules returns the rules in the order of the catalogue.
func Rules() []Rule {
	list := make([]Rule, 0, len(rules.Catalogue()))
	for _, r := range rules.Catalogue() {
		rule := Rule{
			ID: r.Name, About: r.About, Standing: r.Standing.String(), Source: r.Source, URL: r.URL, Read: r.Read,
			Parameters: []Parameter{},
		}
		for _, id := range r.Parameters {
			p := rules.ParameterOf(id)
			rule.Parameters = append(rule.Parameters, Parameter{
				p.Name, p.About, p.Default(), p.Range, p.Standing.String(), p.Source, plausible(&p.Plausible), p.FillsIn,
			})
		}
		for _, id := range r.Also {
			rule.Also = append(rule.Also, id.String())
		}
		list = append(list, rule)
	}
	return list
}

// Names returns the IDs of all rules in the order of the catalogue.
func Names() []string {
	var names []string
	for _, r := range rules.Catalogue() {
		names = append(names, r.Name)
	}
	return names
}

// WriteJSON writes all rules as JSON.
func WriteJSON(w io.Writer) error { return jsontext.WriteIndented(w, Rules()) }

// WriteList writes a line for each rule.
func WriteList(w io.Writer) error {
	b := bufio.NewWriter(w)
	width := 0
	for _, r := range Rules() {
		width = max(width, len(r.ID))
	}
	for _, r := range Rules() {
		fmt.Fprintf(b, "%-*s  %-10s  %s\n", width, r.ID, r.Standing, r.About)
	}
	return b.Flush()
}

// WriteRule writes a rule with its parameters. It returns false if the catalogue
// has no rule with the ID.
func WriteRule(w io.Writer, id string) (bool, error) {
	i := slices.IndexFunc(Rules(), func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return false, nil
	}
	b := bufio.NewWriter(w)
	Rules()[i].write(b)
	return true, b.Flush()
}

// WriteAll prints all rules with their sources and parameters.
func WriteAll(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprint(b, aboutRules)
	for i, r := range Rules() {
		if i > 0 {
			fmt.Fprintln(b)
		}
		r.write(b)
	}
	return b.Flush()
}

const aboutRules = `The rules of the model, each with its standing: documented by AWS, observed in
real traffic, or assumed. A scenario sets their parameters under [rules], all
of them by its edition: edition = "classic", or one by its name:

  [rules]
  rep.window_eligible = 20_000

`

// write prints a rule.
func (r *Rule) write(b *bufio.Writer) {
	fmt.Fprintf(b, "%s: %s\n\n", r.ID, r.About)
	fmt.Fprintf(b, "%s by %s\n", r.Standing, r.Source)
	if r.URL != "" {
		fmt.Fprintln(b, r.URL)
	}
	if r.Read != "" {
		fmt.Fprintf(b, "as of %s\n", r.Read)
	}
	for _, p := range r.Parameters {
		fmt.Fprintf(b, "\n%s = %s\n  %s\n", p.Name, p.Default, p.About)
		fmt.Fprintf(b, "  range      %s\n", p.Range)
		if p.Plausible != nil && p.Plausible.words != "" {
			fmt.Fprintf(b, "  plausible  %s\n", p.Plausible.words)
		}
		fmt.Fprintf(b, "  default    %s: %s\n", p.Standing, p.Reason)
		if p.FillsIn != "" {
			fmt.Fprintf(b, "  fills in   account.NAME.%s of an account in production, whose customer can read it there: set it\n", p.FillsIn)
		}
	}
	if len(r.Also) > 0 {
		fmt.Fprintf(b, "\nIts decisions may also read %s.\n", strings.Join(r.Also, ", "))
	}
}

// Diff is the difference of two editions.
type Diff struct {
	Editions   [2]Edition   `json:"editions"`
	Parameters []Difference `json:"parameters"` // by name
}

// Edition is an edition with its description.
type Edition struct {
	Name  string `json:"name"`
	About string `json:"about"`
}

// Difference is a parameter in which two editions differ.
type Difference struct {
	Name   string    `json:"name"`
	About  string    `json:"about"`
	Values [2]string `json:"values"` // in the order of the editions
}

// DiffOf compares two editions. It returns an error if one does not exist.
func DiffOf(a, b string) (*Diff, error) {
	d := &Diff{Parameters: []Difference{}}
	var sets [2]rules.Set
	for i, name := range []string{a, b} {
		set, err := rules.Edition(name)
		if err != nil {
			return nil, err
		}
		sets[i], d.Editions[i] = set, Edition{name, rules.AboutEdition(name)}
	}
	for _, p := range rules.Parameters() {
		if values := [2]string{p.Get(&sets[0]), p.Get(&sets[1])}; values[0] != values[1] {
			d.Parameters = append(d.Parameters, Difference{p.Name, p.About, values})
		}
	}
	return d, nil
}

// WriteJSON writes the difference as JSON.
func (d *Diff) WriteJSON(w io.Writer) error { return jsontext.WriteIndented(w, d) }

// Write writes the difference as text.
func (d *Diff) Write(w io.Writer) error {
	out := bufio.NewWriter(w)
	for _, e := range d.Editions {
		fmt.Fprintf(out, "%s: %s\n", e.Name, e.About)
	}
	fmt.Fprintln(out)
	a, b := d.Editions[0].Name, d.Editions[1].Name
	for _, p := range d.Parameters {
		fmt.Fprintf(out, "%s\n  %s  %s\n  %s  %s\n", p.Name, pad(a, b), p.Values[0], pad(b, a), p.Values[1])
	}
	if len(d.Parameters) == 0 {
		fmt.Fprintln(out, "The editions have the same parameters.")
	}
	return out.Flush()
}

// pad pads a name to the length of the other one.
func pad(name, other string) string {
	return name + strings.Repeat(" ", max(0, len(other)-len(name)))
}
