package keys

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sesim/sim/unit"
)

// Reference returns the reference page in Markdown: an introduction, the
// notations, and a chapter for each table, beginning with root, the keys outside
// all tables.
func Reference(introduction string, root Table) string {
	p := &page{}
	p.WriteString(strings.TrimSpace(introduction) + "\n\n## Notations\n\n| Notation | Written as |\n|---|---|\n")
	defined := notations()
	for _, n := range slices.Sorted(maps.Keys(defined)) {
		p.row(n.String(), fmt.Sprint(defined[n]["description"]))
	}
	p.WriteString("\n## Outside all tables\n\n")
	p.keys(root.Fields)
	p.chapters("", root)
	return p.String()
}

// String returns the name of the notation in words.
func (n notation) String() string { return strings.ReplaceAll(string(n), "_", " ") }

// page is the reference page being written.
type page struct{ strings.Builder }

// row writes a row of a table.
func (p *page) row(cells ...string) {
	for i := range cells {
		cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
	}
	p.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// keys writes a table of keys, followed by their notes.
func (p *page) keys(fields []Field) {
	p.WriteString("| Key | Value | Meaning | Default |\n|---|---|---|---|\n")
	for _, f := range fields {
		standard := f.standard()
		if f.Required {
			standard = "required"
		}
		p.row("`"+f.Key+"`", valueWords(f.Value), f.About, standard)
	}
	p.WriteString("\n")
	for _, f := range fields {
		if f.note != "" {
			p.WriteString(strings.TrimSpace(f.note) + "\n\n")
		}
	}
}

// chapters writes the chapters of the tables below a table with the given path.
func (p *page) chapters(path string, t Table) {
	for _, f := range t.Fields {
		v, ok := f.Value.(Tabled)
		if !ok || len(v.Variants()) == 0 {
			continue
		}
		below := strings.TrimPrefix(path+"."+f.Key, ".")
		heading := "[" + below + "]"
		if f.Value.Shape()["type"] == "array" {
			heading = "[" + heading + "]"
		}
		p.WriteString("## `" + heading + "`\n\n" + sentence(f.About) + "\n\n")
		p.sorts(below, v.Variants())
	}
}

// sorts writes the keys of a table with several sorts: first the common keys,
// then those of each sort.
func (p *page) sorts(path string, sorts []Variant) {
	if len(sorts) == 1 {
		p.keys(sorts[0].Table.Fields)
		p.chapters(path, sorts[0].Table)
		return
	}
	common := sorts[0].Table.Fields
	for _, v := range sorts {
		common = slices.DeleteFunc(slices.Clone(common), func(f Field) bool { return v.Table.field(f.Key).About != f.About })
	}
	p.keys(common)
	var tables Table // of all sorts, each once
	for _, v := range sorts {
		for _, f := range v.Table.Fields {
			if tables.field(f.Key).Key == "" {
				tables.Fields = append(tables.Fields, f)
			}
		}
	}
	defer p.chapters(path, tables)
	for len(sorts) > 0 {
		v := sorts[0]
		cases := 1
		for cases < len(sorts) && sorts[cases].Word == v.Word {
			cases++
		}
		p.WriteString(fmt.Sprintf("### `%s = %q`\n\n%s\n\n", v.Key, v.Word, sentence(v.About)))
		if own := ownKeys(sorts[:cases], common); len(own) > 0 {
			p.keys(own)
		}
		sorts = sorts[cases:]
	}
}

// ownKeys returns the keys of the cases of a sort of table that not all sorts
// have. Those that differ between the cases are named after their case.
func ownKeys(cases []Variant, common []Field) []Field {
	var list []Field
	for i, v := range cases {
		for _, f := range v.Table.Fields {
			differs := slices.ContainsFunc(cases, func(other Variant) bool { return other.Table.field(f.Key).About != f.About })
			switch {
			case slices.ContainsFunc(common, func(c Field) bool { return c.Key == f.Key }):
			case differs:
				f.Key += "` of `" + v.Case
				list = append(list, f)
			case i == 0:
				list = append(list, f)
			}
		}
	}
	return list
}

// field returns the key of that name, or an empty one.
func (t Table) field(key string) Field {
	i := slices.IndexFunc(t.Fields, func(f Field) bool { return f.Key == key })
	if i < 0 {
		return Field{}
	}
	return t.Fields[i]
}

// sentence turns a description into a sentence.
func sentence(words string) string {
	if words == "" {
		return ""
	}
	return unit.Capital(words) + "."
}

// valueWords describes the notation of a value.
func valueWords(v Value) string {
	words := v.Shape().words()
	if r, ok := v.(Ranged); ok && r.Range() != "" {
		words += ", " + r.Range()
	}
	return words
}

// words describes the values that a shape accepts.
func (s Shape) words() string {
	for _, several := range []string{"anyOf", "allOf"} {
		if list, ok := s[several].([]Shape); ok {
			return s.alternatives(list)
		}
	}
	if ref, ok := s["$ref"].(string); ok {
		return notation(ref[strings.LastIndexByte(ref, '/')+1:]).String()
	}
	if s["enum"] != nil {
		return enumWords(s["enum"])
	}
	switch s["type"] {
	case "array":
		item, _ := s["items"].(Shape)
		if item["type"] == "object" || item["oneOf"] != nil {
			return "tables" + atMost(s["maxItems"], "")
		}
		if item["enum"] != nil {
			return "list of " + item.words()
		}
		return "list of " + plural(item.words()) + atMost(s["maxItems"], "")
	case "string":
		if s["format"] != nil {
			return "date and time"
		}
		return "text" + atMost(s["maxLength"], " characters")
	case "integer":
		return "whole number" + between(s["minimum"], s["maximum"])
	case "number":
		return "number" + between(s["minimum"], s["maximum"])
	case "boolean":
		return "true or false"
	case nil:
		if s["oneOf"] == nil {
			return "values"
		}
	}
	return "table"
}

// plural returns the plural of a notation, such as identities.
func plural(words string) string {
	end := strings.IndexAny(words, " ,")
	if end < 0 {
		end = len(words)
	}
	word, rest := words[:end], words[end:]
	switch {
	case strings.HasSuffix(word, "y"):
		return strings.TrimSuffix(word, "y") + "ies" + rest
	case strings.HasSuffix(word, "s"):
		return word + "es" + rest
	}
	return word + "s" + rest
}

// alternatives joins the descriptions of several shapes; exclusions are left out.
func (s Shape) alternatives(list []Shape) string {
	var words []string
	for _, one := range list {
		if one["not"] == nil && !slices.Contains(words, one.words()) {
			words = append(words, one.words())
		}
	}
	return strings.Join(words, " or ")
}

// enumWords lists the values of an enumeration.
func enumWords(values any) string {
	if list, ok := values.([]string); ok {
		return QuoteAll(list)
	}
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(values), "[]"), " ", ", ")
}

func atMost(most any, of string) string {
	if most == nil {
		return ""
	}
	return ", at most " + grouped(most) + of
}

func between(least, most any) string {
	switch {
	case least == nil:
		return ""
	case most == nil:
		return ", at least " + grouped(least)
	}
	return ", " + grouped(least) + " to " + grouped(most)
}

// grouped formats a limit of a shape, an int or an int64.
func grouped(limit any) string {
	if n, ok := limit.(int); ok {
		return unit.Grouped(int64(n))
	}
	return unit.Grouped(limit.(int64))
}
