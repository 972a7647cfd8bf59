package rules

import "sesim/sim/unit"

// Kind is the kind of value that a Notation describes.
type Kind uint8

// The kinds of values. Package unit defines the notation of durations and shares.
const (
	Bool     Kind = iota // true or false
	Whole                // a whole number from Least to Most
	Number               // a number from Least to Most thousandths
	Duration             // a text such as "14d"
	Share                // a text such as "5%", or a number from 0 to 1
	Word                 // one of Words
	List                 // at least one and at most Most values, each as Of
	Table                // a table with some of Keys
)

// Notation describes one way to write the value of a parameter, for programs that
// complete or check scenarios without parsing them. It does not include what Assign
// checks beyond the notation, such as the range of a duration.
type Notation struct {
	Kind        Kind
	Least, Most int64
	Infinite    bool // Number: infinity is also allowed, whatever Most is
	Words       []string
	Of          *Notation
	Keys        []KeyNotation
}

// KeyNotation describes a key of a table.
type KeyNotation struct {
	Name      string
	Required  bool
	Notations []Notation // the ways to write its value
}

// binding ties a parameter to its field in a Set.
type binding struct {
	notations []Notation
	get       func(*Set) string
	set       func(*Set, any) error
}

// orWord returns a notation and, unless word is empty, the word that may be written
// instead.
func orWord(n Notation, word string) []Notation {
	if word == "" {
		return []Notation{n}
	}
	return []Notation{n, {Kind: Word, Words: []string{word}}}
}

// tableOfKeys is the notation of a table whose keys are all optional.
func tableOfKeys(keys []Parameter) Notation {
	n := Notation{Kind: Table}
	for _, k := range keys {
		n.Keys = append(n.Keys, KeyNotation{Name: k.Name, Notations: k.notations})
	}
	return n
}

// spreadNotations are the ways to write a spread.
var spreadNotations = []Notation{{Kind: Duration}, spreadTable("p95"), spreadTable("p99")}

func spreadTable(tail string) Notation {
	duration := []Notation{{Kind: Duration}}
	return Notation{Kind: Table, Keys: []KeyNotation{{"median", true, duration}, {tail, true, duration}}}
}

// maxStays is the greatest length of global.durations.
const maxStays = 100

// maxStay is the longest stay on the global list according to AWS.
const maxStay = 14 * unit.Day
