package history

import (
	"bytes"
	"slices"
	"strings"
)

// row is a row of a CSV table.
type row struct {
	text []byte // of all fields
	ends []int
}

// field returns a field; empty if there is none of that number.
func (r *row) field(n int) []byte {
	if n < 0 || n >= len(r.ends) {
		return nil
	}
	from := 0
	if n > 0 {
		from = r.ends[n-1]
	}
	return r.text[from:r.ends[n]]
}

// row reads a row, which is not empty.
func (p *parser) row(to *row, comma byte) error {
	to.text, to.ends = to.text[:0], to.ends[:0]
	for {
		err := p.field(to, comma)
		to.ends = append(to.ends, len(to.text))
		if err != nil {
			return err
		}
		if p.i == len(p.b) {
			return nil
		}
		c := p.b[p.i]
		p.i++
		if c == '\n' {
			return nil
		}
	}
}

// field reads a field, up to the comma or line feed after it.
func (p *parser) field(to *row, comma byte) error {
	if p.i < len(p.b) && p.b[p.i] == '"' {
		if err := p.quoted(to); err != nil {
			return err
		}
		return p.afterQuote(comma)
	}
	from := p.i
	for p.i < len(p.b) && p.b[p.i] != comma && p.b[p.i] != '\n' {
		p.i++
	}
	if p.i == len(p.b) && !p.whole {
		return errMore
	}
	text := p.b[from:p.i]
	if p.i == len(p.b) || p.b[p.i] == '\n' {
		text = bytes.TrimSuffix(text, []byte("\r"))
	}
	to.text = append(to.text, text...)
	return nil
}

// afterQuote moves from a closing quote to the comma, line feed or end of input after it.
func (p *parser) afterQuote(comma byte) error {
	rest := p.b[p.i:]
	switch {
	case bytes.HasPrefix(rest, []byte("\r\n")):
		p.i++
	case len(rest) == 0 || string(rest) == "\r":
		if !p.whole {
			return errMore
		}
		p.i = len(p.b)
	case rest[0] != comma && rest[0] != '\n':
		return errSyntax
	}
	return nil
}

// quoted reads a field in quotes, up to the closing one.
func (p *parser) quoted(to *row) error {
	p.i++
	for {
		n := bytes.IndexByte(p.b[p.i:], '"')
		if n < 0 {
			p.i = len(p.b)
			return errMore
		}
		to.text = append(to.text, p.b[p.i:p.i+n]...)
		if p.i += n + 1; p.i == len(p.b) {
			if p.whole {
				return nil
			}
			return errMore
		}
		if p.b[p.i] != '"' {
			return nil
		}
		to.text = append(to.text, '"')
		p.i++
	}
}

// column is what a column of a table has.
type column uint8

const (
	eventColumn column = iota
	timeColumn
	mailTimeColumn
	messageColumn
	sourceColumn
	toColumn
	recipientColumn
	bounceTypeColumn
	bounceSubTypeColumn
	feedbackColumn
	addressColumn
	reasonColumn
	accountColumn
	attemptsColumn
	bouncesColumn
	complaintsColumn
	rejectsColumn
	eligibleColumn
	complaintEligibleColumn
	lastEventColumn
	columns
)

// columnNames are the usual names of each column, in lower case without anything but
// letters and digits; the first is its name in Options.Columns.
var columnNames = [columns][]string{
	eventColumn:         {"event", "eventtype", "notificationtype"},
	timeColumn:          {"time", "eventtimestamp", "timestamp", "eventtime", "sendtime", "sendtimestamp", "senddate", "date"},
	mailTimeColumn:      {"mailtime", "mailtimestamp"},
	messageColumn:       {"message", "messageid", "mailmessageid"},
	sourceColumn:        {"source", "mailsource", "from", "fromemailaddress"},
	toColumn:            {"to", "destination", "maildestination", "recipients"},
	recipientColumn:     {"recipient", "bouncedrecipients", "bouncedrecipient", "recipientemailaddress"},
	bounceTypeColumn:    {"bouncetype"},
	bounceSubTypeColumn: {"bouncesubtype"},
	feedbackColumn:      {"feedback", "feedbackid"},
	addressColumn:       {"emailaddress", "email", "address"},
	reasonColumn:        {"reason", "suppressionreason"},
	accountColumn:       {"account"},
	attemptsColumn:      {"deliveryattempts"},
	bouncesColumn:       {"bounces"}, complaintsColumn: {"complaints"}, rejectsColumn: {"rejects"},
	eligibleColumn: {"eligible"}, complaintEligibleColumn: {"complainteligible"},
	lastEventColumn: {"lastdeliveryevent"},
}

// table is a CSV table being read.
type table struct {
	form  form
	comma byte
	at    [columns]int // the column's number; -1: none
	row   row
}

// simple returns a name in lower case, with letters and digits only.
func simple(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		}
		return -1
	}, name)
}

// begin recognizes a table by its first row. It returns false if that is no header.
func (t *table) begin(o *Options) (header bool) {
	for c := range t.at {
		t.at[c] = -1
	}
	names := make([]string, len(t.row.ends))
	for i := range names {
		names[i] = simple(string(t.row.field(i)))
	}
	for c, usual := range columnNames {
		if name, given := o.Columns[optionNames[c]]; given {
			t.at[c] = slices.Index(names, simple(name))
			continue
		}
		for _, name := range usual {
			if t.at[c] < 0 {
				t.at[c] = slices.Index(names, name)
			}
		}
	}
	if t.form == noForm {
		t.form = t.recognize()
	}
	if t.form == noForm {
		return !t.withoutHeader()
	}
	return true
}

// optionNames are the columns that Options.Columns may name.
var optionNames = [columns]string{
	eventColumn: "event", timeColumn: "time", mailTimeColumn: "mail_time", messageColumn: "message", sourceColumn: "source",
	toColumn: "to", recipientColumn: "recipient", bounceTypeColumn: "bounce_type", bounceSubTypeColumn: "bounce_subtype",
	feedbackColumn: "feedback",
}

// recognize returns the form of a table with these columns; noForm if there is none.
func (t *table) recognize() form {
	has := func(list ...column) bool {
		for _, c := range list {
			if t.at[c] < 0 {
				return false
			}
		}
		return true
	}
	switch {
	case has(timeColumn, attemptsColumn):
		return sesimStatisticsForm
	case has(timeColumn, eligibleColumn):
		return historyForm
	case has(messageColumn, toColumn, lastEventColumn):
		return insightsForm
	case has(eventColumn, messageColumn):
		return eventsCSVForm
	case has(addressColumn, reasonColumn):
		return suppressionCSVForm
	}
	return noForm
}

// withoutHeader reports whether the first row is an entry of a suppression list: an
// address beside its reason.
func (t *table) withoutHeader() bool {
	if len(t.row.ends) != 2 {
		return false
	}
	for i := range 2 {
		if bytes.IndexByte(t.row.field(i), '@') > 0 && reasonOf(string(t.row.field(1-i))) != noReason {
			t.form, t.at[addressColumn], t.at[reasonColumn] = suppressionCSVForm, i, 1-i
			return true
		}
	}
	return false
}

// column returns the field of a column of the row.
func (t *table) column(c column) []byte { return bytes.TrimSpace(t.row.field(t.at[c])) }

// table reads a table to its end.
func (s *source) table(t *table) error {
	for first := true; ; {
		s.start = s.i
		if more, err := s.lookRow(); err != nil || !more {
			return s.broken(err)
		}
		s.start = s.i
		s.d.place.Record, s.d.place.Offset = s.records+1, s.base+int64(s.start)
		err := s.readRow(t)
		switch {
		case err == errSyntax:
			s.d.unreadable(flaw{"", "not valid CSV"})
			if err := s.nextLine(); err != nil {
				return s.broken(err)
			}
			s.records++
			continue
		case err == errMore:
			s.d.counts.Truncated++
			return nil
		case err != nil:
			return s.broken(err)
		}
		if first {
			first = false
			if t.begin(s.d.o) {
				if t.form == noForm {
					return nil // of another kind
				}
				continue
			}
		}
		s.records++
		if err := s.evaluateRow(t); err != nil {
			return err
		}
	}
}

// lookRow skips empty lines; false at the end of the input.
func (s *source) lookRow() (bool, error) {
	for {
		for s.i < len(s.b) && (s.b[s.i] == '\n' || s.b[s.i] == '\r') {
			s.i++
		}
		if s.i < len(s.b) || s.whole {
			return s.i < len(s.b), nil
		}
		s.start = s.i
		if err := s.fill(); err != nil {
			return false, err
		}
	}
}

// readRow reads a row, again whenever the window was too small.
func (s *source) readRow(t *table) error {
	for {
		s.i = s.start
		if t.comma == 0 {
			t.comma = s.commaOf()
		}
		err := s.row(&t.row, t.comma)
		if err != errMore {
			return err
		}
		if err := s.fill(); err != nil {
			return err
		}
	}
}

// commaOf returns what separates the fields of the first line.
func (s *source) commaOf() byte {
	line, _, _ := bytes.Cut(s.b[s.start:], []byte("\n"))
	best, most := byte(','), 0
	for _, c := range []byte(",;\t") {
		if n := bytes.Count(line, []byte{c}); n > most {
			best, most = c, n
		}
	}
	return best
}

// nextLine moves past the line in which a row is not valid.
func (s *source) nextLine() error {
	for {
		if n := bytes.IndexByte(s.b[s.i:], '\n'); n >= 0 {
			s.i += n + 1
			return nil
		}
		s.i = len(s.b)
		s.start = s.i
		if s.whole {
			return nil
		}
		if err := s.fill(); err != nil {
			return err
		}
	}
}
