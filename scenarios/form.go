package scenarios

// form is a notation that many keys share. The JSON schema defines each once.
// Its pattern lets everything pass that is read, and refuses what is no such
// notation at all; ranges are the reader's business.
type form string

// The notations.
const (
	formDuration  form = "duration"
	formMoment    form = "moment"
	formRate      form = "rate"
	formShare     form = "share"
	formDecay     form = "decay"
	formSize      form = "size"
	formTimeOfDay form = "time_of_day"
	formName      form = "name"
	formRegion    form = "region"
	formAddress   form = "address"
	formNamed     form = "named_address"
	formDomain    form = "domain"
	formIdentity  form = "identity"
)

// forms defines the notations.
func forms() map[form]shape {
	return map[form]shape{
		formDuration:  matching(`a duration, such as "90s", "18h", "30d" or "2w"`, `\s*`+durationPattern+`\s*`),
		formMoment:    matching(`a time since the start, such as "18h" or "5d"`, `\s*`+durationPattern+`\s*`),
		formRate:      matching(`a rate, such as "14/s", "60/h" or "50000/d"`, `\s*`+numberOf(`0-9`)+`\s*/\s*[smhdw]\s*`),
		formShare:     shareShape(),
		formDecay:     matching(`a share, and the time in which it is lost, such as "2.1%/30d"`, decayPattern),
		formSize:      matching(`a size, such as "500kB" or "12MB"`, `\s*_*[0-9][0-9_]*\s*(?:MB|kB|B)`),
		formTimeOfDay: matching(`a time of the day in UTC, such as "14:00"`, `(?:[01]?[0-9]|2[0-3]):[0-5][0-9]`),
		formName:      matching(`a name: letters a-z, digits, "_" and "-"`, `[a-z0-9][a-z0-9_-]{0,63}`),
		formRegion:    matching(`a Region, such as "us-east-1"`, regionPattern),
		formAddress:   matching(`a mail address, such as "news@mail.example"`, addressPattern),
		formNamed:     matching(`a mail address, also with a name, such as "News <news@mail.example>"`, addressPattern+`|`+namePattern+`<`+addressPattern+`>`),
		formDomain:    matching(`a domain, such as "mail.example"`, domainPattern),
		formIdentity:  matching(`a domain or a mail address`, domainPattern+`|`+addressPattern),
	}
}

// The patterns are in the common part of the regular expressions of Go and of
// ECMAScript, which JSON Schema asks for.
const (
	labelPattern   = `[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?`
	domainPattern  = labelPattern + `(?:\.` + labelPattern + `)+`
	localPattern   = localChar + `+(?:\.` + localChar + `+)*`
	localChar      = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
	localNoDigit   = "[A-Za-z!#$%&'*+/=?^_`{|}~-]"
	addressPattern = localPattern + `@` + domainPattern
	namePattern    = `[^<>\x00-\x1f\x7f]*[^<>\x00-\x20\x7f][^<>\x00-\x1f\x7f]*`
)

var (
	durationPattern = `(?:` + numberOf(`0-9`) + `(?:w|d|h|ms|us|µs|ns|m|s))+`
	sharePattern    = `\s*` + numberOf(`0-9`) + `\s*%?\s*`
	decayPattern    = sharePattern + `/\s*` + durationPattern + `\s*|\s*` + numberOf(`0`) + `\s*%?\s*`
)

// numberOf returns the pattern of a decimal number of some digits, with
// underscores between them.
func numberOf(digits string) string {
	d, u := `[`+digits+`]`, `[`+digits+`_]*`
	return `(?:` + d + `(?:` + u + d + `)?|` + d + u + `\.(?:` + u + d + `)?|\.` + u + d + `)`
}

// matching is a text that matches a pattern as a whole.
func matching(about, pattern string) shape {
	return shape{"type": "string", "description": about, "pattern": `^(?:` + pattern + `)$`}
}

func shareShape() shape {
	return shape{
		"description": `a share, such as "5%" or 0.05`,
		"anyOf": []shape{
			{"type": "string", "pattern": `^(?:` + sharePattern + `)$`},
			{"type": "number", "minimum": 0, "maximum": 1},
		},
	}
}

// named refers to the definition of a notation.
func named(f form) shape { return shape{"$ref": "#/definitions/" + string(f)} }

// oneOf is a text that is one of some words.
func oneOf(words ...string) shape { return shape{"enum": words} }

// plain is a text of so many characters without control characters, but for
// line breaks where it may have several lines.
func plain(least, most int, lines bool) shape {
	s := shape{"type": "string", "maxLength": most, "pattern": `^[^\x00-\x1f\x7f-\x9f]*$`}
	if lines {
		s["pattern"] = `^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$`
	}
	if least > 0 {
		s["minLength"] = least
	}
	return s
}

// listOf is a list of at most so many values.
func listOf(item shape, most int) shape {
	return shape{"type": "array", "maxItems": most, "items": item}
}

// integer is a whole number.
func integer(least, most int64) shape {
	s := shape{"type": "integer", "minimum": least}
	if most < 1<<53 { // further ones lose their last digits in many readers
		s["maximum"] = most
	}
	return s
}

// anyOf is a value that fits one of some shapes.
func anyOf(list []shape) shape {
	if len(list) == 1 {
		return list[0]
	}
	return shape{"anyOf": list}
}
