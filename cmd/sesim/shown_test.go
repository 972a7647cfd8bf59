package main

import (
	"encoding/json"
	"fmt"
	"html"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// shown is what a page shows: its sentences, its tables and the readings of its charts.
type shown struct {
	sentences []string // the answer, what it rests on, and findings
	titles    []string // of charts
	verdicts  [][3]string
	tables    map[string][][]string // by caption, or by the text that a screen reader says; the first row is the head
	readings  map[string][][]string // by the title of the chart
	moments   [][3]string           // of timelines: seconds, event, why
}

var (
	tags      = regexp.MustCompile(`<[^>]*>`)
	codes     = regexp.MustCompile(`<code>[^<]*</code>`)
	sentences = regexp.MustCompile(`(?s)<p class="(?:answer|further|finding)">(.*?)</p>|` +
		`<ul class="answers">(.*?)</ul>|id="rests">[^<]*</h2>(.*?)</section>`)
	verdicts = regexp.MustCompile(`<li class="\w+"><span class="mark"[^>]*>.</span> <strong>([^<]*)</strong> ` +
		`<code>([^<]*)</code>(?: <span class="value">([^<]*)</span>)?`)
	figures = regexp.MustCompile(`(?s)<figure(?: data-readings="([^"]*)")?>\s*<h3>(.*?)</h3>`)
	named   = regexp.MustCompile(`(?s)aria-label="([^"]*)"><table[^>]*>(.*?)</table>|<table[^>]*><caption>([^<]*)</caption>(.*?)</table>`)
	rows    = regexp.MustCompile(`(?s)<tr[^>]*>(.*?)</tr>`)
	cells   = regexp.MustCompile(`(?s)<t[hd][^>]*>(.*?)</t[hd]>`)
	moments = regexp.MustCompile(`(?s)<tr data-at="(-?\d+)">.*?<strong>([^<]*)</strong></td><td>(.*?)(?:<details>.*?)?</td>`)
)

// plain is the text of a piece of a page.
func plain(piece string) string {
	return strings.TrimSpace(html.UnescapeString(tags.ReplaceAllString(strings.ReplaceAll(piece, "<br>", " "), "")))
}

// readPage reads a page.
func readPage(page string) *shown {
	s := &shown{tables: map[string][][]string{}, readings: map[string][][]string{}}
	for _, m := range sentences.FindAllStringSubmatch(page, -1) {
		text := codes.ReplaceAllString(strings.Join(m[1:], ""), "")
		s.sentences = append(s.sentences, plain(strings.ReplaceAll(text, "</li>", " ")))
	}
	for _, m := range verdicts.FindAllStringSubmatch(page, -1) {
		s.verdicts = append(s.verdicts, [3]string{plain(m[1]), plain(m[2]), plain(m[3])})
	}
	for _, m := range figures.FindAllStringSubmatch(page, -1) {
		s.titles = append(s.titles, plain(m[2]))
		for line := range strings.SplitSeq(plain(m[1]), "\n") {
			s.readings[plain(m[2])] = append(s.readings[plain(m[2])], strings.Split(line, "\t"))
		}
	}
	for _, m := range named.FindAllStringSubmatch(page, -1) {
		var table [][]string
		for _, row := range rows.FindAllStringSubmatch(m[2]+m[4], -1) {
			var line []string
			for _, cell := range cells.FindAllStringSubmatch(row[1], -1) {
				line = append(line, plain(cell[1]))
			}
			table = append(table, line)
		}
		s.tables[plain(m[1]+m[3])] = table
	}
	for _, m := range moments.FindAllStringSubmatch(page, -1) {
		s.moments = append(s.moments, [3]string{m[1], plain(m[2]), plain(m[3])})
	}
	return s
}

// quantity is a figure as a text has it: a value, how far the exact one may be from it, and
// its unit: %, s or none.
type quantity struct {
	text        string
	value, half float64
	unit        string
}

var (
	// names are words with digits, dates, how many a list leaves out, and the window of the
	// quota, which are no figures.
	names = regexp.MustCompile(`\b[\d,]+ more\b|\b24 hours\b|\b\d+th\b|` +
		`\b[A-Za-z_][\w.\[\]-]*\d[\w.\[\]-]*|\b\d{4}-\d\d-\d\d[T\dZ:.-]*|\b\d+(\.\d+)?e\d+\b`)
	clock  = regexp.MustCompile(`day ([−-]?\d+), (\d\d):(\d\d)(?::(\d\d))?`)
	onDay  = regexp.MustCompile(`day (\d+)(?:\.(\d))?`)
	number = regexp.MustCompile(`([-−]?)(\d[\d,]*(?:\.\d+)?)(?:[  ]?(%|(?:pp|ms|µs|ns|min|s|h|d|k|M)\b))?`)
)

var scales = map[string]float64{"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86400}

// quantities returns the figures of a text.
func quantities(text string) (list []quantity) {
	text = names.ReplaceAllString(text, "")
	text = clock.ReplaceAllStringFunc(text, func(at string) string {
		m := clock.FindStringSubmatch(at)
		var n [4]float64
		for i := range n {
			n[i], _ = strconv.ParseFloat(strings.Replace(m[i+1], "−", "-", 1), 64) // the pattern has digits only
		}
		list = append(list, quantity{at, n[0]*86400 + n[1]*3600 + n[2]*60 + n[3], 60, "s"})
		return ""
	})
	text = onDay.ReplaceAllStringFunc(text, func(at string) string {
		day, _ := strconv.ParseFloat(strings.TrimPrefix(at, "day "), 64)
		half := 0.5
		if strings.Contains(at, ".") {
			half = 0.1
		} else {
			day += half
		}
		list = append(list, quantity{at, day * 86400, half * 86400, "s"})
		return ""
	})
	end := -1
	for _, m := range number.FindAllStringSubmatchIndex(text, -1) {
		digits, unit := strings.ReplaceAll(text[m[4]:m[5]], ",", ""), ""
		if m[6] >= 0 {
			unit = text[m[6]:m[7]]
		}
		value, err := strconv.ParseFloat(digits, 64)
		if err != nil {
			continue
		}
		_, decimals, _ := strings.Cut(digits, ".")
		q := quantity{text[m[0]:m[1]], value, 0.5 * math.Pow10(-len(decimals)), unit}
		if unit == "" && decimals == "" {
			q.half = 0
		}
		if value > 0 && (unit == "%" || unit == "pp") { // of three digits and three decimals, zeros at the end are left out
			q.half = min(q.half, max(0.5*math.Pow10(int(math.Floor(math.Log10(value)))-2), 0.0005))
		}
		if m[3] > m[2] {
			q.value = -q.value
		}
		if strings.HasSuffix(text[:m[0]], "over ") && unit == "%" { // and under 100%
			q.value, q.half = (q.value+100)/2, (100-q.value)/2
		}
		if unit == "pp" {
			q.unit = "%"
		}
		if scale := map[string]float64{"k": 1e3, "M": 1e6}[unit]; scale > 0 { // at least three digits
			q.value, q.half, q.unit = q.value*scale, 0.5*scale*math.Pow10(-len(decimals)), ""
		}
		if scale, ok := scales[unit]; ok {
			q.value, q.half, q.unit = q.value*scale, q.half*scale, "s"
			if last := len(list) - 1; m[0] == end+1 && last >= 0 && list[last].unit == "s" && q.half < list[last].half {
				q.text, q.value = list[last].text+" "+q.text, q.value+list[last].value // 5 min 33 s
				list = list[:last]
			}
		}
		list, end = append(list, q), m[1]
	}
	return list
}

// is reports whether an exact value is shown as the quantity.
func (q quantity) is(exact float64) bool {
	half := q.half
	if q.unit == "%" {
		exact *= 100
	} else if half == 0 && exact != math.Trunc(exact) { // the mean of counts
		half = 0.5
	}
	return math.Abs(exact-q.value) <= half*(1+1e-9)+1e-12*math.Abs(exact)
}

// known are the figures of a document.
type known struct {
	numbers []float64
	texts   []quantity // in its texts
}

// figuresOf returns the figures of a document or of a part of it: its numbers, moments in
// seconds since the start, how many entries its lists have, sums, shares of wholes and what is
// left of them, the shares that name percentiles, and the figures in its texts.
func figuresOf(start time.Time, parts ...any) *known {
	k := &known{}
	for _, part := range parts {
		k.add(start, part)
	}
	slices.Sort(k.numbers)
	k.numbers = slices.Compact(k.numbers)
	return k
}

func (k *known) add(start time.Time, v any) {
	switch v := v.(type) {
	case float64:
		k.numbers = append(k.numbers, v)
	case string:
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			k.numbers = append(k.numbers, at.Sub(start).Seconds())
		} else {
			k.texts = append(k.texts, quantities(v)...)
		}
	case []any:
		k.numbers = append(k.numbers, float64(len(v)))
		for _, e := range v {
			k.add(start, e)
		}
	case map[string]any:
		total, numbers := 0.0, 0
		for name, e := range v {
			k.add(start, e)
			part, ok := e.(float64)
			if ok {
				total, numbers = total+part, numbers+1
			}
			switch p, found := strings.CutPrefix(name, "p"); {
			case ok && name == "percentile":
				k.numbers = append(k.numbers, part/100)
			case ok && (strings.HasPrefix(name, "ns") || strings.HasSuffix(name, "_ns")): // and how many a second
				k.numbers = append(k.numbers, part*1e-9, 1e9/part)
			case ok && name == "samples": // the largest of them stands between the last and all
				k.numbers = append(k.numbers, part, 1-0.5/part)
			case ok && found:
				k.texts = append(k.texts, quantities(p+"%")...)
			}
			for _, whole := range wholes {
				if of, isNumber := v[whole].(float64); ok && isNumber && 0 < of && part <= of {
					k.numbers = append(k.numbers, part/of, of-part)
				}
			}
		}
		if numbers == len(v) {
			k.numbers = append(k.numbers, total)
		}
	}
}

// wholes are figures of which others of the same object are parts.
var wholes = []string{"due", "accepted", "recipients", "calls", "added", "settings"}

func (k *known) has(q quantity) bool {
	return slices.ContainsFunc(k.numbers, q.is) || slices.ContainsFunc(k.texts, func(t quantity) bool {
		return t.unit == q.unit && math.Abs(t.value-q.value) <= max(t.half, q.half)
	})
}

// missing returns the figures of a text that the document does not have.
func (k *known) missing(text string) (list []quantity) {
	for _, q := range quantities(text) {
		if !k.has(q) {
			list = append(list, q)
		}
	}
	return list
}

// document reads what --json printed.
func document(t *testing.T, text string) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v: %.200s", err, text)
	}
	return doc
}

// at returns a part of a document by its path, nil where there is none.
func at(v any, path string) any {
	for key := range strings.SplitSeq(path, ".") {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}

// list returns a list of a document.
func list(v any, path string) []any {
	l, _ := at(v, path).([]any)
	return l
}

// exact returns the figures that a cell should show: paths of an object, apart by spaces; of
// a/b the ratio.
func exact(object any, paths string) (values []float64, err error) {
	for path := range strings.FieldsSeq(paths) {
		part, whole, ratio := strings.Cut(path, "/")
		v, err := sum(object, part)
		if err != nil {
			return nil, err
		}
		if ratio {
			of, err := sum(object, whole)
			if err != nil {
				return nil, err
			}
			v /= of
		}
		values = append(values, v)
	}
	return values, nil
}

// sum returns a number, or the sum of those of an object.
func sum(object any, path string) (float64, error) {
	switch v := at(object, path).(type) {
	case float64:
		return v, nil
	case map[string]any:
		total := 0.0
		for _, e := range v {
			n, ok := e.(float64)
			if !ok {
				return 0, fmt.Errorf("%s is no number", path)
			}
			total += n
		}
		return total, nil
	case nil:
		return 0, nil // left out where it is 0
	}
	return 0, fmt.Errorf("%s is no number", path)
}
