package keys

// Shape is a JSON schema of a value, in the common subset of drafts 4 to 7.
type Shape map[string]any

// notation is a notation that many keys share. The JSON schema defines each once.
// Its pattern accepts everything that Read accepts, and rejects text in other
// notations; Read checks ranges.
type notation string

// The notations.
const (
	notationDuration  notation = "duration"
	notationMoment    notation = "moment"
	notationInstant   notation = "date_and_time"
	notationRate      notation = "rate"
	notationShare     notation = "share"
	notationDecay     notation = "decay"
	notationSize      notation = "size"
	notationTimeOfDay notation = "time_of_day"
	notationHours     notation = "window_of_hours"
	notationTimezone  notation = "time_zone"
	notationName      notation = "name"
	notationRegion    notation = "region"
	notationAddress   notation = "address"
	notationNamed     notation = "named_address"
	notationDomain    notation = "domain"
	notationIdentity  notation = "identity"
	notationPattern   notation = "pattern"
	notationShares    notation = "distribution_of_a_share"
	notationDecays    notation = "distribution_of_a_decay"
	notationRates     notation = "distribution_of_a_rate"
)

// notations returns the definitions of all notations.
func notations() map[notation]Shape {
	return map[notation]Shape{
		notationDuration: matching(`a duration, such as "90s", "18h", "30d" or "2w"`, `\s*`+durationPattern+`\s*`),
		notationMoment: matching(`a time since the start, such as "18h" or "5d", or a date and time, such as 2026-03-04T09:00:00Z`,
			`\s*`+durationPattern+`\s*|`+instantPattern),
		notationInstant:   matching(`a date and time with its offset from UTC, such as 2026-03-02T09:00:00Z, also in quotes`, instantPattern),
		notationRate:      matching(`a rate, such as "14/s", "60/h" or "50000/d"`, `\s*`+numberOf(`0-9`)+`\s*/\s*[smhdw]\s*`),
		notationShare:     shareShape(),
		notationDecay:     matching(`a share, and the time in which it is lost or gained, such as "2.1%/30d"`, decayPattern),
		notationSize:      matching(`a size, such as "500kB" or "12MB"`, `\s*_*[0-9][0-9_]*\s*(?:MB|kB|B)`),
		notationTimeOfDay: matching(`a time of the day, such as "14:00"`, clockPattern),
		notationHours: matching(`a window of the day, such as "09:00-17:00" or, over midnight, "22:00-06:00"`,
			clockPattern+`-(?:`+clockPattern+`|24:00)`),
		notationTimezone: matching(`the name of a time zone in the IANA database, such as "Europe/Berlin"`, `[A-Za-z][A-Za-z0-9_+/-]*`),
		notationName:     matching(`a name: letters a-z, digits, "_" and "-"`, `[a-z0-9][a-z0-9_-]{0,63}`),
		notationRegion:   matching(`a Region, such as "us-east-1"`, regionPattern),
		notationAddress:  matching(`a mail address, such as "news@mail.example"`, addressPattern),
		notationNamed: matching(`a mail address, also with a name, such as "News <news@mail.example>"`,
			addressPattern+`|`+namePattern+`<`+addressPattern+`>`),
		notationDomain:   matching(`a domain, such as "mail.example"`, domainPattern),
		notationIdentity: matching(`a domain or a mail address`, domainPattern+`|`+addressPattern),
		notationPattern: matching(`a pattern of mail addresses, such as "*.example", "bounce*@" or "*"`,
			`(?:`+localPattern+`@)?(?:\*|[A-Za-z0-9*.-]*\.[A-Za-z0-9*.-]*)|`+localPattern+`@`),
		notationShares: distributionShape(distributionAbout, notationShare, true, nil),
		notationDecays: distributionShape(`a distribution of a share, with per = "30d" or, of between, the time at each end`,
			notationDecay, true, named(notationDuration)),
		notationRates: distributionShape(`{ gamma = [shape, rate], per = "h" } or { between = ["50/h", "70/h"] }, uniform`,
			notationRate, false, OneOf("s", "m", "h", "d", "w")),
	}
}

// The patterns use the common subset of the regular expressions of Go and of
// ECMAScript, which JSON Schema requires.
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
	instantPattern  = `[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})`
	durationPattern = `(?:` + numberOf(`0-9`) + `(?:w|d|h|ms|us|µs|ns|m|s))+`
	clockPattern    = `(?:[01]?[0-9]|2[0-3]):[0-5][0-9]`
	sharePattern    = `\s*` + numberOf(`0-9`) + `\s*%?\s*`
	decayPattern    = sharePattern + `/\s*` + durationPattern + `\s*|\s*` + numberOf(`0`) + `\s*%?\s*`
)

// numberOf returns the pattern of a decimal number of some digits, with
// underscores between them.
func numberOf(digits string) string {
	d, u := `[`+digits+`]`, `[`+digits+`_]*`
	return `(?:` + d + `(?:` + u + d + `)?|` + d + u + `\.(?:` + u + d + `)?|\.` + u + d + `)`
}

// matching is a text that entirely matches a pattern.
func matching(about, pattern string) Shape {
	return Shape{"type": "string", "description": about, "pattern": `^(?:` + pattern + `)$`}
}

func shareShape() Shape {
	return Shape{
		"description": `a share, such as "5%" or 0.05`,
		"anyOf": []Shape{
			{"type": "string", "pattern": `^(?:` + sharePattern + `)$`},
			{"type": "number", "minimum": 0, "maximum": 1},
		},
	}
}

// named is a reference to the definition of a notation.
func named(f notation) Shape { return Shape{"$ref": "#/definitions/" + string(f)} }

// OneOf is the shape of a text that is one of some words.
func OneOf(words ...string) Shape { return Shape{"enum": words} }

// ListOf is a list of values with a maximum length.
func ListOf(item Shape, most int) Shape {
	return Shape{"type": "array", "maxItems": most, "items": item}
}

// NonEmpty requires at least one element of a list.
func NonEmpty(list Shape) Shape {
	list["minItems"] = 1
	return list
}

// Integer is a whole number in a range.
func Integer(least, most int64) Shape {
	s := Shape{"type": "integer", "minimum": least}
	if most < 1<<53 { // many readers round larger numbers
		s["maximum"] = most
	}
	return s
}

// AnyOf is a value of one of several shapes.
func AnyOf(list []Shape) Shape {
	if len(list) == 1 {
		return list[0]
	}
	return Shape{"anyOf": list}
}
