package scenarios

import (
	"maps"
	"slices"
	"strings"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// shape is a JSON schema of a value, in what its drafts 4 to 7 have in common.
type shape map[string]any

func (w whole[T]) shape(*describer) shape { return integer(w.least, w.most) }

func (m milli) shape(*describer) shape {
	return shape{"type": "number", "minimum": m.least / 1000, "maximum": m.most / 1000}
}

func (flag) shape(*describer) shape { return shape{"type": "boolean"} }

func (t text) shape(*describer) shape { return plain(t.least, t.most, t.lines) }

func (w word[T]) shape(*describer) shape {
	words := make([]string, len(w.choices))
	for i, c := range w.choices {
		words[i] = c.word
	}
	return oneOf(words...)
}

func (share) shape(*describer) shape     { return named(formShare) }
func (duration) shape(*describer) shape  { return named(formDuration) }
func (moment) shape(*describer) shape    { return named(formMoment) }
func (rate) shape(*describer) shape      { return named(formRate) }
func (decay) shape(*describer) shape     { return named(formDecay) }
func (size) shape(*describer) shape      { return named(formSize) }
func (timeOfDay) shape(*describer) shape { return named(formTimeOfDay) }
func (reference) shape(*describer) shape { return named(formName) }
func (setOf) shape(*describer) shape     { return named(formName) }
func (region) shape(*describer) shape    { return named(formRegion) }
func (recipient) shape(*describer) shape { return named(formAddress) }
func (m mail) shape(*describer) shape    { return named(m.check.form) }

// A name that is reserved is not one.
func (name) shape(*describer) shape {
	taken := oneOf(slices.Sorted(maps.Keys(reserved))...)
	return shape{"allOf": []shape{named(formName), {"not": taken}}}
}

// An instant is a date-time of TOML, which schemas know as a text.
func (instant) shape(*describer) shape {
	return shape{"type": "string", "format": "date-time"}
}

func (regions) shape(*describer) shape     { return listOf(named(formRegion), maxRegions) }
func (t texts) shape(*describer) shape     { return listOf(named(t.check.form), t.most) }
func (delegates) shape(*describer) shape   { return listOf(named(formName), sim.MaxAccounts) }
func (addressList) shape(*describer) shape { return nonEmpty(listOf(named(formAddress), maxNamed)) }

func (reasons) shape(d *describer) shape {
	return listOf(word[ses.ListReasons]{choices: listReasons}.shape(d), len(listReasons))
}

func (refusals) shape(d *describer) shape {
	return listOf(word[ses.Reason]{choices: refusalWords()}.shape(d), ses.Reasons)
}

func (website) shape(*describer) shape {
	return shape{"type": "string", "maxLength": 1000, "pattern": `^[Hh][Tt][Tt][Pp][Ss]?://[^/?#]`}
}

func (localPart) shape(*describer) shape {
	// dots stand between other characters, and the last is no digit
	const begun = localChar + `(?:\.?` + localChar + `)*`
	return shape{"type": "string", "maxLength": maxLocal, "pattern": `^(?:` + begun + `\.|(?:` + begun + `\.?)?` + localNoDigit + `)$`}
}

func (smtpPort) shape(*describer) shape { return shape{"enum": smtpPorts} }

func (traceFile) shape(*describer) shape    { return plain(1, maxFileName, false) }
func (templateName) shape(*describer) shape { return plain(1, 64, false) }

func (version) shape(*describer) shape { return shape{"enum": []int{1}} }

func (title) shape(*describer) shape {
	const edge = `[A-Za-z0-9_-]`
	return shape{"type": "string", "pattern": `^` + edge + `(?:[A-Za-z0-9_ .-]{0,62}` + edge + `)?$`}
}

func (thresholds) shape(*describer) shape {
	const side = `\s*[^\s<>=!()][^<>=!()]*`
	return listOf(shape{"type": "string", "pattern": `^` + side + `(?:<=?|>=?|==|!=)` + side + `$`}, maxThresholds)
}

func (a afterwards) shape(d *describer) shape { return a.as.shape(d) }

func (retry) shape(d *describer) shape {
	return d.table(ask(tree.NewTable(0), retry{&sim.Retry{}}.read))
}

func (s section) shape(d *describer) shape {
	return s.of(d.table(ask(tree.NewTable(0), s.entity)))
}

// of is the shape of the section where its tables are of shape item.
func (s section) of(item shape) shape {
	list := listOf(item, s.most)
	if s.least > 0 {
		list["minItems"] = s.least
	}
	return list
}

func nonEmpty(list shape) shape {
	list["minItems"] = 1
	return list
}

func (accountList) shape(d *describer) shape { return accountSection.shape(d) }

func (requestsOf) shape(d *describer) shape {
	return requestsOf{&sim.Account{}}.section().shape(d)
}

func (setsOf) shape(d *describer) shape {
	return (&setReader{to: new([]sim.ConfigurationSet)}).section().shape(d)
}

// Traffic is one of several tables, told apart by their kind.
func (traffic) shape(d *describer) shape {
	variants := make([]shape, len(kinds))
	for i, k := range kinds {
		variants[i] = d.variant("kind", k.word, ask(tableWith("kind", k.word), traffic{&sim.Traffic{}}.read))
	}
	return shape{"oneOf": variants}
}

// So are actions, and those that set a key by that key.
func (actionList) shape(d *describer) shape {
	var variants []shape
	for _, w := range doWords() {
		keys := ask(tableWith("do", w.word), (*loader).action)
		if w.is != sim.DoSet {
			variants = append(variants, d.variant("do", w.word, keys))
			continue
		}
		for i := range attributes {
			variants = append(variants, d.variant("do", w.word, keys.setting(&attributes[i])))
		}
	}
	return actionSection.of(shape{"oneOf": variants})
}

// setting narrows the keys of a set action to those that set one attribute.
func (s schema) setting(a *attribute) schema {
	narrow := schema{}
	for _, f := range s.fields {
		set := &setting{&sim.Change{}, a}
		switch f.into.(type) {
		case settable:
			f.into = settable{set}
		case newValue:
			f.into = newValue{set}
		}
		narrow.fields = append(narrow.fields, f)
	}
	return narrow
}

func (s settable) shape(*describer) shape {
	key := strings.NewReplacer("SET", `[^.]+`, ".", `\.`).Replace(s.attribute.key)
	return shape{"type": "string", "pattern": `^` + s.attribute.of + `\.[^.]+\.` + key + `$`}
}

func (v newValue) shape(d *describer) shape { return v.attribute.value(v.change).shape(d) }

func (edition) shape(*describer) shape { return oneOf(rules.Editions()...) }
