package history

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"sesim/scenarios/compression"
	"sesim/sim/unit"
)

// The bounds of what is read.
const (
	maxPlaces   = 20
	maxNames    = 100  // of unknown keys and types
	sampled     = 1000 // records whose median time the others are compared with
	maxDistance = 3653 * 24 * time.Hour
	bombRatio   = 1000      // of decompressed to compressed bytes
	bombSize    = 100 << 30 // decompressed bytes
)

// Error is input that cannot be used. Its text has places in it, and nothing of the
// content but the account numbers and Regions between which to choose.
type Error struct {
	text   string
	Choose string // the field of Options with which to choose among the records, in lower case; "": no field would help
}

// Error names the flag that sets the field Choose.
func (e *Error) Error() string {
	if e.Choose == "" {
		return e.text
	}
	return e.text + "; choose one with --" + e.Choose
}

// decoder reads inputs one after the other.
type decoder struct {
	o      *Options
	ctx    context.Context
	own    []string // Options.OwnDomains, in lower case
	hasher *hasher
	texts  texts
	words  texts
	seen   seen
	event  event
	rec    Record
	form   form    // that the value is wrapped in
	outer  wrapper // with what it says of account and Region
	place  Place
	counts Counts
	past   past
	hold   hold
	each   func(*Record) error
	// partial: a series of metrics goes on elsewhere.
	partial bool
	scratch []byte
}

// Read passes every email event of the inputs to each, in the order in which they are
// read, and returns what else the inputs say. Records are valid during the call only. With a
// nil each they are dropped.
//
// An error of each ends Read and is returned as it is, as are errors of ctx and of
// opening and reading the inputs. An *Error is about their content: nothing that is
// known, several accounts or Regions, too many unreadable records, or input that exceeds
// a limit. The counts are valid with every error.
func Read(ctx context.Context, inputs []Input, o *Options, each func(*Record) error) (*Known, Counts, error) {
	d := newDecoder(ctx, o, each)
	known, err := d.read(inputs)
	if f, failed := errors.AsType[*consumerError](err); failed {
		err = f.error
	}
	return known, d.counts, err
}

func (d *decoder) read(inputs []Input) (*Known, error) {
	for i := range inputs {
		if err := d.input(i, &inputs[i]); err != nil {
			return nil, err
		}
	}
	if err := d.flush(); err != nil {
		return nil, err
	}
	if d.recognized() == 0 {
		return nil, &Error{text: "the inputs are empty"}
	}
	if n := d.counts.Foreign; n > 0 && len(d.counts.Forms) == 0 {
		return nil, &Error{text: fmt.Sprintf("all %s are of other accounts or Regions than the chosen one", unit.Plural(n, "record", "records"))}
	}
	if err := d.verdict(); err != nil {
		return nil, err
	}
	return d.past.known(d)
}

func newDecoder(ctx context.Context, o *Options, each func(*Record) error) *decoder {
	d := &decoder{
		o: o, ctx: ctx, hasher: newHasher(o.Key[:]), each: each,
		counts: Counts{
			Forms: map[string]int64{}, Findings: map[string]int64{}, Keys: map[string]int64{}, Types: map[string]int64{},
		},
	}
	for _, domain := range o.OwnDomains {
		d.own = append(d.own, strings.ToLower(domain))
	}
	return d
}

// input reads an input to its end.
func (d *decoder) input(number int, in *Input) error {
	file, err := in.Open()
	if err != nil {
		return fmt.Errorf("%s: %w", in.Name, err)
	}
	defer file.Close()
	d.place = Place{Input: in.Name}
	before := d.recognized()
	m := &meter{r: file, d: d, number: number}
	if err := d.content(m); err != nil {
		_, bad := errors.AsType[*Error](err)
		_, failed := errors.AsType[*consumerError](err)
		if bad || failed || d.ctx.Err() != nil {
			return err
		}
		return fmt.Errorf("%s: %w", in.Name, err)
	}
	if d.recognized() == before && m.n > 0 {
		return &Error{text: in.Name +
			": nothing in it is recognized: neither email events, nor statistics, metrics, a suppression list or an account"}
	}
	return nil
}

// recognized counts what was understood so far, whether or not it is used.
func (d *decoder) recognized() int64 {
	n := d.counts.Foreign + d.counts.Unreadable + d.counts.Findings["events without mail"] + d.counts.Findings["messages that are text"]
	for _, count := range d.counts.Forms {
		n += count
	}
	for _, count := range d.counts.Types {
		n += count
	}
	return n
}

// content reads the content of an input, decompressed.
func (d *decoder) content(m *meter) error {
	b := bufio.NewReader(m)
	head, err := b.Peek(6)
	if err != nil && err != io.EOF {
		return err
	}
	if len(head) == 0 { // as marks of success are
		d.find("empty inputs")
		return nil
	}
	r, format, err := compression.NewReader(b)
	if err != nil {
		return d.bad("it begins as " + format + " does, and is not")
	}
	if format != "" {
		r = &unzip{z: r, format: format, d: d, m: m}
	} else if name := unsupported(head); name != "" {
		return &Error{text: fmt.Sprintf("%s: %s, which sesim does not read; decompress or convert it to JSON or CSV", d.place.Input, name)}
	}
	s := &source{d: d}
	s.reset(r, nil)
	return s.all()
}

// unsupported names the format of a file that begins like this; "" for text.
func unsupported(head []byte) string {
	for _, f := range []struct{ magic, name string }{
		{"BZh", "compressed by bzip2"}, {"\xfd7zXZ", "compressed by xz"},
		{"PK\x03\x04", "a ZIP archive"}, {"PAR1", "Parquet"}, {"ORC", "ORC"}, {"Obj\x01", "Avro"},
		{"\xff\xfe", "UTF-16"}, {"\xfe\xff", "UTF-16"},
	} {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return f.name
		}
	}
	return ""
}

// all reads an input to its end: a table if it does not begin as JSON does.
func (s *source) all() error {
	if err := s.fill(); err != nil {
		return s.broken(err)
	}
	if bytes.HasPrefix(s.b, []byte("\ufeff")) {
		s.i = len("\ufeff")
		s.start = s.i
	}
	c, more, err := s.look()
	if err != nil || !more {
		return s.broken(err)
	}
	of, given := forced[s.d.o.Form]
	if of == publishingForm || !given && (c == '{' || c == '[') {
		for more := true; more && err == nil; {
			more, err = s.step()
		}
		return err
	}
	return s.table(&table{form: of})
}

// meter counts the bytes of an input as they are stored, and stops when the context ends.
type meter struct {
	r      io.Reader
	d      *decoder
	number int
	n      int64
	err    error // the latest
}

func (m *meter) Read(b []byte) (int, error) {
	if err := m.d.ctx.Err(); err != nil {
		m.err = err
		return 0, err
	}
	n, err := m.r.Read(b)
	m.n, m.err = m.n+int64(n), err
	if m.d.o.Progress != nil {
		m.d.o.Progress(m.number, m.n)
	}
	return n, err
}

// unzip decompresses an input.
type unzip struct {
	z      io.Reader
	format string
	d      *decoder
	m      *meter
	n      int64
}

func (u *unzip) Read(b []byte) (int, error) {
	n, err := u.z.Read(b)
	u.n += int64(n)
	switch {
	case u.n > bombSize && u.n/bombRatio > u.m.n:
		return n, u.bad("it decompresses to over 100 GB, more than a thousand times its size")
	case err == nil, err == io.EOF, errors.Is(err, u.m.err):
		return n, err
	case errors.Is(err, io.ErrUnexpectedEOF): // cut off, as by a kill; what came before counts
		u.d.counts.Truncated++
		return n, io.EOF
	case errors.Is(err, compression.ErrWindow):
		return n, u.bad("it needs a window above 128 MiB; compress it again without --long")
	}
	return n, u.bad("damaged " + u.format + " data")
}

// bad returns an error about the place up to which the input is decompressed, which is
// beyond the records that were read.
func (u *unzip) bad(what string) error {
	return &Error{text: Place{Input: u.d.place.Input, Offset: u.n, What: what}.String()}
}

// bad returns an error about the present place.
func (d *decoder) bad(what string) error {
	p := d.place
	p.What = what
	return &Error{text: p.String()}
}

// unreadable counts a record that cannot be used.
func (d *decoder) unreadable(f flaw) { d.unreadableAt(d.place, f) }

func (d *decoder) unreadableAt(p Place, f flaw) {
	d.counts.Unreadable++
	if len(d.counts.Places) < maxPlaces {
		p.Key, p.What = f.key, f.what
		d.counts.Places = append(d.counts.Places, p)
	}
}

// String returns the place as messages name it.
func (p Place) String() string {
	key := ""
	if p.Key != "" {
		key = p.Key + ": "
	}
	record := ""
	if p.Record > 0 {
		record = fmt.Sprintf("record %d ", p.Record)
	}
	return fmt.Sprintf("%s: %sat byte %d: %s%s", p.Input, record, p.Offset, key, p.What)
}

// find counts something unusual.
func (d *decoder) find(what string) { d.counts.Findings[what]++ }

// count counts a record of a form.
func (d *decoder) count(of form) { d.counts.Forms[formNames[of]]++ }

// word returns the name of an unknown key or type for messages. One that may be content
// is "other".
func (d *decoder) word(name []byte) string {
	if len(name) == 0 || len(name) > 40 || len(d.words.known) >= maxNames {
		if s, known := d.words.known[string(name)]; known {
			return s
		}
		return "other"
	}
	for _, c := range name {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == ' ') {
			return "other"
		}
	}
	return d.words.of(name)
}

// addressHash returns the hash of an address.
func (d *decoder) addressHash(text []byte) uint64 {
	d.scratch = appendAddress(d.scratch[:0], text)
	return d.hasher.of(d.scratch)
}

// accept uses an event.
func (d *decoder) accept(e *event) error {
	if key := e.missing(); key != "" {
		d.unreadable(flaw{key, "missing"})
		return nil
	}
	if e.account == "" {
		e.account = d.outer.account
	}
	if e.region == "" {
		e.region = d.outer.region
	}
	if d.outer.account != "" && d.outer.account != e.account || d.outer.region != "" && d.outer.region != e.region {
		d.find("accounts or Regions other than EventBridge says")
	}
	if foreign, err := d.foreign(e); foreign || err != nil {
		return err
	}
	of := d.form
	switch {
	case of != noForm:
	case e.notification:
		of = notificationForm
	default:
		of = publishingForm
	}
	d.count(of)
	d.counts.Records++
	d.record(e)
	if !d.admit(&d.rec) {
		d.counts.Repeats++
		return nil
	}
	return d.judge(&d.rec)
}

// foreign reports whether an event is of an account or Region that is not wanted, and
// counts it.
func (d *decoder) foreign(e *event) (bool, error) {
	c := &d.counts
	switch {
	case d.o.Account != "" && e.account != "" && e.account != d.o.Account, d.o.Region != "" && e.region != "" && e.region != d.o.Region:
		c.Foreign++
		return true, nil
	case c.Account == "":
		c.Account = e.account
	case e.account != "" && e.account != c.Account:
		return false, several("accounts", c.Account, e.account)
	}
	switch {
	case c.Region == "":
		c.Region = e.region
	case e.region != "" && e.region != c.Region:
		return false, several("Regions", c.Region, e.region)
	}
	return false, nil
}

// several returns an error about records among which the caller has to choose. Names that
// are none of AWS's or sesim's may be content and are not shown.
func several(what string, names ...string) error {
	for i, name := range names {
		if strings.ContainsFunc(name, func(r rune) bool { return r != '-' && r != '_' && (r > 'z' || simple(string(r)) == "") }) {
			names[i] = "another"
		}
	}
	text := fmt.Sprintf("the records are of several %s, %s", what, strings.Join(names, " and "))
	return &Error{text, strings.ToLower(strings.TrimSuffix(what, "s"))}
}

// hold keeps the first records until their median time is known.
type hold struct {
	records []Record
	places  []Place
	known   bool
	median  Moment
}

// judge passes a record on unless its times are far from those of the others.
func (d *decoder) judge(r *Record) error {
	if d.hold.known {
		return d.pass(r, d.place)
	}
	c := *r
	c.Recipients, c.Tags = slices.Clone(r.Recipients), slices.Clone(r.Tags)
	d.hold.records, d.hold.places = append(d.hold.records, c), append(d.hold.places, d.place)
	if len(d.hold.records) < sampled {
		return nil
	}
	return d.flush()
}

// flush passes on what is held.
func (d *decoder) flush() error {
	h := &d.hold
	if h.known || len(h.records) == 0 {
		return nil
	}
	times := make([]Moment, len(h.records))
	for i := range h.records {
		times[i] = h.records[i].Time
	}
	h.median, h.known = medianOf(times), true
	for i := range h.records {
		if err := d.pass(&h.records[i], h.places[i]); err != nil {
			return err
		}
	}
	h.records, h.places = nil, nil
	return nil
}

// consumerError is an error of the function that takes the records.
type consumerError struct{ error }

// pass hands a record to the caller.
func (d *decoder) pass(r *Record, from Place) error {
	for _, at := range []Moment{r.Time, r.MailTime} {
		if distance := time.Duration(at - d.hold.median); distance > maxDistance || distance < -maxDistance {
			d.unreadableAt(from, flaw{"timestamp", "over ten years from the other records"})
			return nil
		}
	}
	c := &d.counts
	c.ByType[r.Type]++
	if c.First == 0 || r.Time < c.First {
		c.First = r.Time
	}
	c.Last = max(c.Last, r.Time)
	d.past.addRecord(r)
	if d.each == nil {
		return nil
	}
	if err := d.each(r); err != nil {
		return &consumerError{err}
	}
	return nil
}

// verdict returns an error if too much was unreadable.
func (d *decoder) verdict() error {
	c := &d.counts
	total := c.Unreadable
	for _, n := range c.Forms {
		total += n
	}
	if c.Unreadable == 0 || !d.o.Strict && c.Unreadable*100 <= total {
		return nil
	}
	lines := []string{fmt.Sprintf("%d of %d records are unreadable; the first of them:", c.Unreadable, total)}
	for _, p := range c.Places {
		lines = append(lines, p.String())
	}
	return &Error{text: strings.Join(lines, "\n")}
}
