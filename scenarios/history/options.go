package history

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Input is something to read: a file, or standard input.
type Input struct {
	Name string // in messages
	Open func() (io.ReadCloser, error)
}

// Options are what the caller knows of the inputs.
type Options struct {
	// Key is the key of the hashes of addresses, message IDs and feedback IDs.
	Key [32]byte
	// OwnDomains are the account's verified domains, whose subdomains count with them.
	OwnDomains []string
	// Tags are the message tags that Record.Tags has.
	Tags []string
	// Account and Region select records where the inputs hold several; "" takes them
	// all and is an error with several.
	Account, Region string
	// Form is the form to take all inputs for, of Forms; "" recognizes them by content.
	Form string
	// Columns names the columns of CSV tables of events, by the names of Columns. Those not
	// named are found by their usual names.
	Columns map[string]string
	// Strict makes any unreadable record an error, else more than 1 % is, and events and
	// statistics that disagree by over 5 %.
	Strict bool
	// Progress is called now and then with the bytes read so far of an input, as they
	// are stored; nil: not wanted.
	Progress func(input int, bytes int64)
}

// Check returns an error about options that cannot be meant.
func (o *Options) Check() error {
	if _, known := forced[o.Form]; o.Form != "" && !known {
		return fmt.Errorf("form %s: must be one of %s", o.Form, strings.Join(Forms(), ", "))
	}
	for _, name := range slices.Sorted(maps.Keys(o.Columns)) {
		if !slices.Contains(Columns(), name) {
			return fmt.Errorf("column %s: must be one of %s", name, strings.Join(Columns(), ", "))
		}
		if simple(o.Columns[name]) == "" {
			return fmt.Errorf("column %s: the name of the column in the table is missing", name)
		}
	}
	for _, domain := range o.OwnDomains {
		if strings.ContainsAny(domain, "@ /") || !strings.Contains(strings.Trim(domain, "."), ".") {
			return fmt.Errorf("own domain %s: not a domain, such as acme.example", domain)
		}
	}
	return nil
}

// Forms returns the forms that inputs may be taken for, sorted.
func Forms() []string { return slices.Sorted(maps.Keys(forced)) }

// Columns returns the names of the columns of a table of events.
func Columns() []string {
	return slices.DeleteFunc(slices.Clone(optionNames[:]), func(name string) bool { return name == "" })
}

// Counts are what was read.
type Counts struct {
	// Records that were read, repeats among them; those of other accounts or Regions
	// and unreadable ones are not.
	Records int64
	// Repeats are records dropped because all of their recipients were repeats, and
	// RepeatedRecipients those dropped from records.
	Repeats, RepeatedRecipients int64
	// ByType are the records passed on.
	ByType [types]int64
	// Forms are the records by form and form by name.
	Forms map[string]int64
	// Findings count what is unusual and was read all the same, by name.
	Findings map[string]int64
	// Keys are unknown keys and Types unknown event types, by name. Names that are no
	// plain words count as "other".
	Keys, Types map[string]int64
	// Foreign are records of other accounts or Regions.
	Foreign int64
	// Unreadable records, and the places of the first of them.
	Unreadable int64
	Places     []Place
	// Truncated are inputs that end within a record.
	Truncated int64
	// First and Last are the earliest and latest time of a record.
	First, Last Moment
	// Account and Region are those of the records, "" if they name none.
	Account, Region string
}

// Place is where something is in the inputs, and what is wrong there.
type Place struct {
	Input  string
	Record int64 // from 1
	Offset int64 // of the record, in bytes after decompression
	Key    string
	What   string
}
