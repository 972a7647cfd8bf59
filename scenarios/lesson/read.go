package lesson

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sesim/scenarios"
	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/criteria"
)

// Limits on what a lesson holds.
const (
	maxText = 4000 // characters
	maxList = 40   // controls, options, figures
	maxSet  = 40   // keys of a control or a variant
)

// own is the ID that stands for a scenario of one's own.
const own = "own"

// ErrNone is wrapped by the error for a folder without lessons.
var ErrNone = errors.New("no lessons")

// folderName is the name of a lesson's folder: a number for the order may stand before the ID.
var folderName = regexp.MustCompile(`^(?:(\d{1,4})-)?([a-z0-9][a-z0-9-]{0,63})$`)

// Patterns are the names of the files of a set of lessons.
var Patterns = []string{"moves.json", "*/*.toml"}

// Read reads the lessons in the folders of files, in the order of their numbers. dir is the
// name of the folder in messages. The error wraps ErrNone, or joins the problems of all
// lessons, each a *scenarios.Errors, or errors of files.
func Read(files fs.FS, dir string) ([]*Lesson, error) {
	if _, err := fs.Stat(files, "."); err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	folders, err := fs.Glob(files, "*/lesson.toml")
	if err != nil || len(folders) == 0 {
		return nil, fmt.Errorf("%w in %s: each is a folder in it with a lesson.toml", ErrNone, dir)
	}
	slices.SortStableFunc(folders, func(a, b string) int {
		return cmp.Or(cmp.Compare(order(a), order(b)), strings.Compare(a, b))
	})
	moves, err := readMoves(files, dir)
	errs := []error{err}
	var list []*Lesson
	for _, name := range folders {
		l, err := readFolder(files, dir, path.Dir(name))
		if err == nil && slices.ContainsFunc(list, func(other *Lesson) bool { return other.ID == l.ID }) {
			err = fmt.Errorf("%s: another lesson is called %s as well: rename one of the folders", path.Join(dir, name), l.ID)
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		l.moves = moves[l.ID]
		list = append(list, l)
	}
	return list, errors.Join(errs...)
}

// order is the number that the name of a lesson's folder begins with; without one, the last.
func order(name string) int {
	found := folderName.FindStringSubmatch(path.Dir(name))
	if found == nil || found[1] == "" {
		return 1 << 30
	}
	n, _ := strconv.Atoi(found[1]) // digits
	return n
}

func readMoves(files fs.FS, dir string) (moves map[string]map[string][]string, err error) {
	src, err := fs.ReadFile(files, "moves.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(src, &moves)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", path.Join(dir, "moves.json"), err)
	}
	return moves, err
}

func readFolder(files fs.FS, dir, folder string) (*Lesson, error) {
	at := path.Join(dir, folder)
	found := folderName.FindStringSubmatch(folder)
	if found == nil || found[2] == own {
		return nil, fmt.Errorf("%s: a lesson's folder has a name of a-z, 0-9 and hyphens, such as 1-holidays, which is not %q", at, own)
	}
	sub, err := fs.Sub(files, folder)
	if err != nil {
		return nil, err
	}
	src, err := fs.ReadFile(sub, "lesson.toml")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at, err)
	}
	l := &Lesson{ID: found[2], First: RateChart, from: &file{tree.NewReporter(path.Join(at, "lesson.toml")), nil, sub, at}}
	if root, ok := tree.Parse(l.from.Reporter, src); ok {
		l.from.root = root
		(&reader{Lesson: l, Reporter: l.from.Reporter}).read()
	}
	if err := l.from.Err(); err != nil {
		return nil, err
	}
	return l, nil
}

// reader reads one lesson.
type reader struct {
	*Lesson
	*tree.Reporter
	languages []string
	scenario  *tree.Node
	holds     []string
}

// words are the keys of the words of a lesson, those that it may lack last.
var words = []string{"title", "short", "intro", "watch", "ask", "answer", "learned", "demo"}

const optionalWords = 1

func (r *reader) read() {
	r.languages = languagesOf(r.from.root)
	file := keys.Text{To: &r.Scenario, Least: 1, Most: 200}
	keys.Table{Fields: []keys.Field{
		keys.Required("scenario", file, ""),
		keys.Required("account", keys.Name{To: &r.Account}, ""),
		keys.Optional("first", keys.Word[Chart]{To: &r.First, Choices: same(RateChart, QuotaChart, ListedChart, StaysChart)}, ""),
		keys.Optional("draw", keys.Word[Chart]{To: &r.Draw, Choices: same(RateChart, QuotaChart, ListedChart)}, ""),
		keys.Optional("top", keys.Whole[int64]{To: &r.Top, Least: 1, Most: 1_000_000_000}, ""),
		keys.Optional("holds", list{&r.holds}, ""),
		keys.Required("text", section(r.text), ""),
		keys.Required("option", r.tables(2, r.option), ""),
		keys.Optional("control", r.tables(0, r.control), ""),
		keys.Optional("variant", r.tables(0, r.readVariant), ""),
		keys.Optional("figure", r.tables(0, r.figure), ""),
		keys.Optional("turn", r.tables(0, r.turn), ""),
		keys.Optional("lab", r.tables(0, r.lab), ""),
	}}.Read(r.Reporter, r.from.root, "")
	r.variants = append([]variant{{holds: r.holds}}, r.variants...)
	if r.Clean() {
		r.open()
	}
	if r.Clean() {
		r.check()
	}
}

// languagesOf returns the languages that a lesson speaks: those of its texts.
func languagesOf(root *tree.Node) []string {
	if n := root.Table["text"]; n != nil && n.Kind == tree.Table {
		return n.Keys()
	}
	return nil
}

// text reads the table of words by language.
func (r *reader) text(n *tree.Node, at string) {
	if n.Kind != tree.Table || len(n.Table) == 0 {
		r.Reporter.Wrong(n, at, "", "%s has no language: begin the words of each with a header such as [text.en]", n.Show())
		return
	}
	r.Text = map[string]map[string]string{}
	for _, code := range n.Keys() {
		child, key := n.Table[code], tree.Join(at, code)
		switch {
		case !languageCode.MatchString(code):
			r.WrongKey(child, key, "", "this is not the code of a language: write two letters, such as en")
		case child.Kind != tree.Table:
			r.Reporter.Wrong(child, key, "", "%s is not a table: write [text.%s] and the words below it", child.Show(), code)
		default:
			r.Text[code] = r.said(child, key)
		}
	}
}

var languageCode = regexp.MustCompile(`^[a-z]{2}$`)

// said reads the words of a lesson in one language.
func (r *reader) said(n *tree.Node, at string) map[string]string {
	found := make([]string, len(words))
	t := keys.Table{}
	for i, word := range words {
		f := keys.Required(word, sentence(&found[i]), "")
		f.Required = i < len(words)-optionalWords
		t.Fields = append(t.Fields, f)
	}
	t.Read(r.Reporter, n, at)
	all := map[string]string{}
	for i, word := range words {
		if found[i] != "" {
			all[word] = found[i]
		}
	}
	return all
}

func sentence(to *string) keys.Text { return keys.Text{To: to, Least: 1, Most: maxText, Lines: true} }

// spoken reads the fields of a table, and its words in each of the languages.
func (r *reader) spoken(n *tree.Node, at string, to *Texts, fields ...keys.Field) {
	said := make([]string, len(r.languages))
	for i, code := range r.languages {
		fields = append(fields, keys.Required(code, sentence(&said[i]), ""))
	}
	keys.Table{Fields: fields}.Read(r.Reporter, n, at)
	*to = Texts{}
	for i, code := range r.languages {
		(*to)[code] = said[i]
	}
}

func (r *reader) option(n *tree.Node, at string) {
	o := Option{}
	r.spoken(n, at, &o.Text, keys.Required("id", keys.Name{To: &o.ID}, ""), keys.Optional("if", sentence(&o.If), ""))
	r.Options = append(r.Options, o)
}

func (r *reader) lab(n *tree.Node, at string) {
	l := Lab{}
	r.spoken(n, at, &l.Text, keys.Optional("goal", list{&l.Goal}, ""),
		keys.Optional("others", keys.Word[Others]{To: &l.Others, Choices: same(Seeds, Assumptions)}, ""),
		keys.Optional("solution", section(func(n *tree.Node, at string) { r.spoken(n, at, &l.Solution) }), ""))
	r.Labs = append(r.Labs, l)
}

func (r *reader) figure(n *tree.Node, at string) {
	f := Figure{}
	keys.Table{Fields: []keys.Field{
		keys.Required("name", keys.Name{To: &f.Name}, ""), keys.Required("of", sentence(&f.Of), ""),
		keys.Optional("variant", keys.Name{To: &f.Variant}, ""),
	}}.Read(r.Reporter, n, at)
	r.Figures = append(r.Figures, f)
}

func (r *reader) turn(n *tree.Node, at string) {
	t := Turn{}
	keys.Table{Fields: []keys.Field{
		keys.Required("parameter", sentence(&t.Parameter), ""), keys.Required("value", sentence(&t.Value), ""),
		keys.Required("to", keys.Name{To: &t.To}, ""),
	}}.Read(r.Reporter, n, at)
	r.Turns = append(r.Turns, t)
}

func (r *reader) readVariant(n *tree.Node, at string) {
	v := variant{path: at}
	var set []string
	keys.Table{Fields: []keys.Field{
		keys.Required("name", keys.Name{To: &v.name}, ""), keys.Required("set", list{&set}, ""),
		keys.Optional("holds", list{&v.holds}, ""),
	}}.Read(r.Reporter, n, at)
	for i, text := range set {
		key, value, ok := strings.Cut(text, "=")
		if !ok {
			r.Lesson.Wrong(tree.Element(at+".set", i), "%q is not a setting: write key=value, such as account.shop.quota=5_000", text)
		}
		v.set = append(v.set, scenarios.Override{Key: strings.TrimSpace(key), Value: strings.TrimSpace(value), Flag: "set"})
	}
	r.variants = append(r.variants, v)
}

// open reads the scenario: a file beside the lesson, or one that ships.
func (r *reader) open() {
	src, shipped := scenarios.Source(r.Scenario)
	if isFile(r.Scenario) {
		var err error
		if src, err = fs.ReadFile(r.from.files, r.Scenario); err != nil {
			r.Lesson.Wrong("scenario", "%q cannot be read: it is a file beside lesson.toml, or the name of a shipped scenario", r.Scenario)
			return
		}
	} else if !shipped {
		r.Lesson.Wrong("scenario", `no scenario %q ships: "sesim list" names those that do; a file beside it ends in .toml`, r.Scenario)
		return
	}
	r.src = src
	cfg, err := r.Load("")
	if err != nil {
		r.Lesson.Wrong("scenario", "it has problems: %v", err)
		return
	}
	r.Start, r.Horizon = cfg.Start, cfg.Horizon
	r.completeDrawing(cfg)
	r.scenario, _ = tree.Parse(tree.NewReporter(r.scenarioName()), src)
}

// completeDrawing chooses where a curve is drawn, unless the lesson says it: the chart to watch,
// or that of the listed addresses where this one has bars, with room above the quota of the
// account, or above all addresses.
func (r *reader) completeDrawing(cfg *sim.Config) {
	if r.Draw == "" {
		r.Draw = r.First
	}
	if r.Draw == StaysChart {
		r.Draw = ListedChart
	}
	if r.Top > 0 {
		return
	}
	for _, a := range cfg.Audiences {
		if r.Draw == ListedChart {
			r.Top += a.Size * 6 / 5
		}
	}
	for _, a := range cfg.Accounts {
		if r.Draw == QuotaChart && a.Name == r.Account && a.Quota > 0 {
			r.Top = a.Quota * 12 / 5
		}
	}
}

// isFile tells the file of a scenario from the name of a shipped one.
func isFile(scenario string) bool { return strings.HasSuffix(scenario, ".toml") }

// tables reads a list of tables.
func (r *reader) tables(least int, read func(n *tree.Node, path string)) keys.Value {
	return keys.Section{Least: least, Most: maxList, Entity: read, Sorts: func() []keys.Variant { return nil }}
}

// section is a value that a function reads.
type section func(n *tree.Node, path string)

func (s section) Read(_ *tree.Reporter, n *tree.Node, path string) { s(n, path) }

// Shape returns that it is a table, which is all that a lesson's reader asks for.
func (section) Shape() keys.Shape { return keys.Shape{"type": "object"} }

// list is a value that is a list of texts.
type list struct{ to *[]string }

// Read reads the texts.
func (l list) Read(r *tree.Reporter, n *tree.Node, path string) {
	items, _ := keys.Items(r, n, path, maxSet)
	for _, item := range items {
		*l.to = append(*l.to, item.Text)
	}
}

// Shape returns that it is a list.
func (list) Shape() keys.Shape { return keys.Shape{"type": "array"} }

// same returns words that are their own values.
func same[T ~string](words ...T) []keys.Choice[T] {
	choices := make([]keys.Choice[T], len(words))
	for i, w := range words {
		choices[i] = keys.Choice[T]{Word: string(w), Is: w}
	}
	return choices
}

// check reports what does not fit together.
func (r *reader) check() {
	configs := map[string]*sim.Config{}
	for _, v := range r.variants {
		cfg, err := r.Load(v.name)
		if err != nil {
			r.Lesson.Wrong(v.path+".set", "the scenario cannot be read with it: %v", err)
			return
		}
		configs[v.name] = cfg
		for i, c := range v.holds {
			r.criterion(cfg, c, tree.Element(strings.TrimPrefix(v.path+".holds", "."), i))
		}
	}
	cfg := configs[""]
	if !slices.ContainsFunc(cfg.Accounts, func(a sim.Account) bool { return a.Name == r.Account }) {
		r.Lesson.Wrong("account", "the scenario has no account %q", r.Account)
	}
	r.checkControls()
	r.checkOptions(cfg)
	for i, lab := range r.Labs {
		for j, c := range lab.Goal {
			r.criterion(cfg, c, tree.Element(tree.Element("lab", i)+".goal", j))
		}
	}
	for i, f := range r.Figures {
		of := configs[f.Variant]
		at := tree.Element("figure", i)
		switch _, known := (&Outcome{of, nil}).known(f.Of); {
		case of == nil:
			r.Lesson.Wrong(at+".variant", "there is no [[variant]] with the name %q", f.Variant)
		case !known:
			r.Lesson.Wrong(at+".of", `there is no metric %q: "sesim help metrics" lists them`, f.Of)
		}
	}
	r.checkPlaces()
}

// criterion reports what is wrong with a criterion about runs of a scenario.
func (r *reader) criterion(cfg *sim.Config, text, at string) {
	if _, err := criteria.Parse(text, (&Outcome{cfg, nil}).Kind); err != nil {
		r.Lesson.Wrong(at, `%v; write one such as "%s.refused.quota == 0"; "sesim help metrics" lists the metrics`, err, r.Account)
	}
}

func (r *reader) checkOptions(cfg *sim.Config) {
	for i, o := range r.Options {
		at := tree.Element("option", i)
		last := i == len(r.Options)-1
		switch {
		case o.If != "":
			r.criterion(cfg, o.If, at+".if")
		case !last:
			r.Lesson.Wrong(at, "the key if is missing: only the last option, which is right if no other is, has none")
		}
		if last && o.If != "" {
			r.Lesson.Wrong(at+".if", "the last option is right if no other is: leave its key if out")
		}
		if slices.IndexFunc(r.Options, func(other Option) bool { return other.ID == o.ID }) < i {
			r.Lesson.Wrong(at+".id", "another option has the id %q", o.ID)
		}
	}
	for i, t := range r.Turns {
		if !slices.ContainsFunc(r.Options, func(o Option) bool { return o.ID == t.To }) {
			r.Lesson.Wrong(tree.Element("turn", i)+".to", "no option has the id %q", t.To)
		}
	}
}

// place is where a text has a figure.
var place = regexp.MustCompile(`\{\w+\}`)

// checkPlaces reports places for figures that there are none of.
func (r *reader) checkPlaces() {
	check := func(text, at string) {
		for _, found := range place.FindAllString(text, -1) {
			name := strings.Trim(found, "{}")
			if !slices.ContainsFunc(r.Figures, func(f Figure) bool { return f.Name == name }) {
				r.Lesson.Wrong(at, "%s is no figure of the lesson: add a [[figure]] with the name %q", found, name)
			}
		}
	}
	for code, said := range r.Text {
		for key, text := range said {
			check(text, "text."+code+"."+key)
		}
	}
	for i, lab := range r.Labs {
		for code, text := range lab.Text {
			check(text, tree.Element("lab", i)+"."+code)
		}
		for code, text := range lab.Solution {
			check(text, tree.Element("lab", i)+".solution."+code)
		}
	}
}
