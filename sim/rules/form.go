package rules

// FormKind says what sort of value a Form is.
type FormKind uint8

// The sorts of values. The notation of durations and shares is that of
// package unit.
const (
	Bool     FormKind = iota // true or false
	Whole                    // a whole number from Least to Most
	Number                   // a number from Least to Most thousandths
	Duration                 // a text such as "14d"
	Share                    // a text such as "5%", or a number from 0 to 1
	Word                     // one of Words
	List                     // at least one and at most Most values, each as Of
	Table                    // a table with some of Keys
)

// Form describes how a parameter's value may be written, for programs that
// complete or check scenarios without reading them. It says nothing of what
// Assign checks beyond the notation, such as the range of a duration.
type Form struct {
	Kind        FormKind
	Least, Most int64
	Infinite    bool // Number: infinity as well, whatever Most is
	Words       []string
	Of          *Form
	Keys        []KeyForm
}

// KeyForm is a key of a table.
type KeyForm struct {
	Name  string
	Must  bool
	Forms []Form // the ways of writing its value
}

// binding ties a parameter to its place in a Set.
type binding struct {
	forms []Form
	get   func(*Set) string
	set   func(*Set, any) error
}

// orWord adds to a form the word, if any, that may stand instead of it.
func orWord(f Form, word string) []Form {
	if word == "" {
		return []Form{f}
	}
	return []Form{f, {Kind: Word, Words: []string{word}}}
}

// tableForm is the form of a table with keys that may all be left out.
func tableForm(keys []Parameter) Form {
	f := Form{Kind: Table}
	for _, k := range keys {
		f.Keys = append(f.Keys, KeyForm{Name: k.Name, Forms: k.forms})
	}
	return f
}

// spreadForms are the ways of writing a spread.
var spreadForms = []Form{{Kind: Duration}, spreadTable("p95"), spreadTable("p99")}

func spreadTable(tail string) Form {
	span := []Form{{Kind: Duration}}
	return Form{Kind: Table, Keys: []KeyForm{{"median", true, span}, {tail, true, span}}}
}

// maxStays is the most stays that the escalation of the global list has.
const maxStays = 100

// maxStay is the longest stay on the global list that AWS names.
const maxStay = 14 * day
