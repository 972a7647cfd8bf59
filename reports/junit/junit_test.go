package junit_test

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
	"sesim/reports/junit"
)

// three are runs with all verdicts, with names that XML must escape, and one
// that was interrupted.
func three(t *testing.T) []*reports.Summary {
	plain, odd, part := reporttest.New(t, 1).Summary, reporttest.New(t, 1).Summary, reporttest.New(t, 1).Summary
	plain.Thresholds = append(plain.Thresholds, reports.Threshold{Expression: "acme.delay.max < 1s", Verdict: "inconclusive", Kind: "duration"})
	odd.Scenario, odd.Question, odd.Thresholds = `<a> & "b"`, "]]> \x01?", nil
	value, low, high := 0.05, 0.04, 0.06
	plain.Thresholds = append(plain.Thresholds, reports.Threshold{Expression: "acme.bounce_rate.final < 5%", Verdict: "inconclusive", Kind: "share", Value: &value,
		Judged: &reports.Judged{Low: &low, High: &high, Hits: 5, Of: 10}})
	end := reports.Seconds(36 * time.Hour)
	part.Status, part.EndSeconds = reports.Interrupted, &end
	return []*reports.Summary{&plain, &odd, &part}
}

func TestGolden(t *testing.T) {
	var b bytes.Buffer
	if err := junit.Write(&b, three(t)...); err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "junit.xml", b.String())
}

// element is any element of an XML document.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []element  `xml:",any"`
}

func (e *element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// rule is what the schema of Ant's JUnit task says of an element: its
// attributes, all of which are wanted, and its children in order; "*" may
// follow any number of times.
type rule struct {
	attrs    []string
	children []string
}

// schema follows https://github.com/windyroad/JUnit-Schema (JUnit.xsd).
var schema = map[string]rule{
	"testsuites": {nil, []string{"testsuite*"}},
	"testsuite": {[]string{"name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors", "time"},
		[]string{"properties", "testcase*", "system-out", "system-err"}},
	"properties": {nil, []string{"property*"}},
	"property":   {[]string{"name", "value"}, nil},
	"testcase":   {[]string{"name", "classname", "time"}, []string{"error*", "failure*"}},
	"error":      {[]string{"message", "type"}, nil},
	"failure":    {[]string{"message", "type"}, nil},
	"system-out": {}, "system-err": {},
}

// TestShape holds the document against that schema, and the counts of each
// suite against its test cases.
func TestShape(t *testing.T) {
	var b bytes.Buffer
	if err := junit.Write(&b, three(t)...); err != nil {
		t.Fatal(err)
	}
	var root element
	if err := xml.Unmarshal(b.Bytes(), &root); err != nil {
		t.Fatal(err)
	}
	if root.XMLName.Local != "testsuites" || len(root.Children) != 3 {
		t.Fatalf("the root is %s with %d suites", root.XMLName.Local, len(root.Children))
	}
	checkShape(t, &root)
	for i := range root.Children {
		checkCounts(t, &root.Children[i])
	}
	if got := root.Children[1].attr("name"); got != `<a> & "b"` {
		t.Errorf("the name was %q", got)
	}
}

func checkShape(t *testing.T, e *element) {
	t.Helper()
	r, known := schema[e.XMLName.Local]
	if !known {
		t.Errorf("there is no element %s", e.XMLName.Local)
	}
	var names []string
	for _, a := range e.Attrs {
		names = append(names, a.Name.Local)
	}
	if !slices.Equal(names, r.attrs) {
		t.Errorf("%s has the attributes %v, want %v", e.XMLName.Local, names, r.attrs)
	}
	at := 0
	for i := range e.Children {
		name := e.Children[i].XMLName.Local
		for at < len(r.children) && strings.TrimSuffix(r.children[at], "*") != name {
			at++
		}
		if at == len(r.children) {
			t.Errorf("%s does not belong there in %s", name, e.XMLName.Local)
		} else if !strings.HasSuffix(r.children[at], "*") {
			at++
		}
		checkShape(t, &e.Children[i])
	}
}

func checkCounts(t *testing.T, suite *element) {
	t.Helper()
	tests, failures, errors := 0, 0, 0
	for _, c := range suite.Children {
		if c.XMLName.Local != "testcase" {
			continue
		}
		tests++
		for _, fault := range c.Children {
			if fault.XMLName.Local == "error" {
				errors++
			} else {
				failures++
			}
		}
	}
	for name, want := range map[string]int{"tests": tests, "failures": failures, "errors": errors} {
		if got := suite.attr(name); got != strconv.Itoa(want) {
			t.Errorf("%s says %s=%s, and there are %d", suite.attr("name"), name, got, want)
		}
	}
	if _, err := time.Parse("2006-01-02T15:04:05", suite.attr("timestamp")); err != nil {
		t.Error(err)
	}
}
