// Package junit writes the verdicts on thresholds as JUnit XML, the test report
// format of build servers and pull requests: each scenario is a suite, each
// threshold a test case.
//
// The format has no standard. The output satisfies the strictest schema in use,
// that of Ant's JUnit task, and is readable by Jenkins, GitLab and GitHub. A
// threshold that failed is a failure of type fail; one without data is a failure
// of type inconclusive, since it must not pass. An interrupted run has an
// additional test case, with an error.
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
	"sesim/sim/unit"
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

// fault is the reason why a test case did not pass.
type fault struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

const (
	noTime = "0"
	class  = "sesim."
)

// Write writes the verdicts of runs, in order.
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
		t.Cases = append(t.Cases, errorCase(s, "the run has a result", "the run has no result", s.Status))
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
		c.Failure = &fault{"the value is " + wording.Value(t), t.Verdict, "Expected: " + t.Expression}
	}
	return c
}

// inconclusive says why a threshold has no verdict: there is no data or, over
// replications, its confidence interval contains the limit.
func inconclusive(t *reports.Threshold) *fault {
	if t.Value == nil {
		return &fault{"no data", t.Verdict, "The metric has no value, so the threshold is neither met nor missed. It must not pass."}
	}
	const why = "The confidence interval contains the limit, or some replications have no data; more replications may decide. Expected: "
	return &fault{"inconclusive: " + wording.Value(t), t.Verdict, why + t.Expression}
}

// interrupted is the test case that says that the verdicts are those of a part
// of the run.
func interrupted(s *reports.Summary) testcase {
	why := "interrupted; the verdicts cover the time simulated"
	switch {
	case s.Replications != nil:
		n := unit.Plural(int64(s.Replications.Count), "replication", "replications")
		why = fmt.Sprintf("interrupted after %s; the verdicts cover only these", n)
	case s.EndSeconds != nil:
		end, horizon := time.Duration(*s.EndSeconds), time.Duration(s.HorizonSeconds)
		why = fmt.Sprintf("interrupted after %s of %s; the verdicts cover only that time", wording.Span(end), wording.Span(horizon))
	}
	return errorCase(s, "the run is complete", why, reports.Interrupted)
}

// errorCase is a test case about the run itself that ended in an error.
func errorCase(s *reports.Summary, name, why, status string) testcase {
	return testcase{Name: name, ClassName: class + s.Scenario, Time: noTime, Error: &fault{why, status, why}}
}
