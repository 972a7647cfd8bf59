// Package junit writes the verdicts on thresholds as JUnit XML, the form in
// which build servers and pull requests show tests: each scenario is a suite,
// each threshold a test case.
//
// There is no standard of the form. What is written here fits the strictest
// schema in use, that of Ant's JUnit task, and with it the readers of Jenkins,
// GitLab and GitHub. A threshold that failed is a failure of the type fail; one
// without data is a failure of the type inconclusive, since it must not pass. A
// run that was interrupted has one more test case, with an error.
//
// Times are zero and the host is "localhost": the same run gives the same
// bytes. The time stamp is the start of the virtual clock.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim/criteria"
)

type suites struct {
	XMLName xml.Name `xml:"testsuites"`
	Suites  []suite  `xml:"testsuite"`
}

type suite struct {
	Name       string     `xml:"name,attr"`
	Package    string     `xml:"package,attr"`
	ID         int        `xml:"id,attr"`
	Timestamp  string     `xml:"timestamp,attr"`
	Hostname   string     `xml:"hostname,attr"`
	Tests      int        `xml:"tests,attr"`
	Failures   int        `xml:"failures,attr"`
	Errors     int        `xml:"errors,attr"`
	Time       string     `xml:"time,attr"`
	Properties []property `xml:"properties>property"`
	Cases      []testcase `xml:"testcase"`
	Out        string     `xml:"system-out"`
	Err        string     `xml:"system-err"`
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type testcase struct {
	Name      string `xml:"name,attr"`
	ClassName string `xml:"classname,attr"`
	Time      string `xml:"time,attr"`
	Error     *fault `xml:"error,omitempty"`
	Failure   *fault `xml:"failure,omitempty"`
}

// fault is why a test case did not pass.
type fault struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

const (
	noTime = "0"
	class  = "sesim."
)

// Write writes the verdicts of some runs, in their order.
func Write(w io.Writer, runs ...*reports.Summary) error {
	all := suites{}
	for i, s := range runs {
		all.Suites = append(all.Suites, suiteOf(i, s))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func suiteOf(id int, s *reports.Summary) suite {
	t := suite{
		Name: s.Scenario, Package: "sesim", ID: id, Hostname: "localhost", Time: noTime,
		Timestamp: s.Start.UTC().Format("2006-01-02T15:04:05"),
		Properties: []property{
			{"seed", fmt.Sprint(s.Seed)}, {"edition", s.Edition}, {"status", s.Status}, {"fingerprint", s.Fingerprint},
		},
		Out: s.Question,
	}
	for i := range s.Thresholds {
		c := caseOf(s.Scenario, &s.Thresholds[i])
		if c.Failure != nil {
			t.Failures++
		}
		t.Cases = append(t.Cases, c)
	}
	if s.Status == reports.Interrupted {
		t.Errors++
		t.Cases = append(t.Cases, interrupted(s))
	}
	if s.Status == reports.Failed {
		t.Errors++
		const why = "the run came to no result"
		t.Cases = append(t.Cases, testcase{Name: "the run comes to a result", ClassName: class + s.Scenario, Time: noTime, Error: &fault{why, s.Status, why}})
	}
	t.Tests = len(t.Cases)
	return t
}

func caseOf(scenario string, t *reports.Threshold) testcase {
	c := testcase{Name: t.Expression, ClassName: class + scenario, Time: noTime}
	switch t.Verdict {
	case criteria.Pass.String():
	case criteria.Inconclusive.String():
		c.Failure = inconclusive(t)
	default:
		c.Failure = &fault{"the value is " + wording.Value(t), t.Verdict, "Wanted: " + t.Expression}
	}
	return c
}

// inconclusive says why a threshold stayed open: for lack of data or, over
// replications, because the interval does not decide.
func inconclusive(t *reports.Threshold) *fault {
	if t.Value == nil {
		return &fault{"there is no data to judge by", t.Verdict, "There is no value for this metric, so the threshold is neither kept nor broken. It must not pass."}
	}
	return &fault{"open: " + wording.Value(t), t.Verdict, "The interval lies on both sides of the limit, or some replications have no data; more replications may decide. Wanted: " + t.Expression}
}

// interrupted is the test case that says that the verdicts are those of a part
// of the run.
func interrupted(s *reports.Summary) testcase {
	why := "interrupted; the verdicts are of what was simulated until then"
	switch {
	case s.Replications != nil:
		why = fmt.Sprintf("interrupted after %s replications; the verdicts are of these", wording.Count(int64(s.Replications.Count)))
	case s.EndSeconds != nil:
		why = fmt.Sprintf("interrupted after %s of %s; the verdicts are of that time", wording.Span(time.Duration(*s.EndSeconds)), wording.Span(time.Duration(s.HorizonSeconds)))
	}
	return testcase{Name: "the run is complete", ClassName: class + s.Scenario, Time: noTime, Error: &fault{why, reports.Interrupted, why}}
}
