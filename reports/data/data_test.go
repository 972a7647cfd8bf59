package data_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sesim/reports"
	"sesim/reports/data"
	"sesim/reports/internal/reporttest"
	"sesim/sim/measure"
	"sesim/sim/proptest"
)

func TestSummaryGolden(t *testing.T) {
	var b bytes.Buffer
	if err := data.WriteSummary(&b, &reporttest.New(t, 2).Summary); err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "summary.json", b.String())
}

// TestCurvesGolden pins the form of the tables on a few rows.
func TestCurvesGolden(t *testing.T) {
	r := reporttest.New(t, 1)
	r.Dwell.Steps = r.Dwell.Steps[:5]
	r.Series.Times = r.Series.Times[:2]
	for i := range r.Series.Columns {
		r.Series.Columns[i].Values = r.Series.Columns[i].Values[:2]
	}
	var b bytes.Buffer
	for _, err := range []error{
		data.WriteSeries(&b, r.Summary.Start, &r.Series), data.WriteDwell(&b, &r.Dwell), data.WriteDelays(&b, r.Delays),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	reporttest.Golden(t, "tables.csv", b.String())
}

func TestSummaryReadsBack(t *testing.T) {
	want := reporttest.New(t, 3).Summary
	var b bytes.Buffer
	if err := data.WriteSummary(&b, &want); err != nil {
		t.Fatal(err)
	}
	got, err := data.ReadSummary(&b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
}

func TestOtherVersion(t *testing.T) {
	if _, err := data.ReadSummary(strings.NewReader(`{"version": 2}`)); !errors.Is(err, data.ErrVersion) {
		t.Errorf("error is %v, want ErrVersion", err)
	}
}

// names are texts as an account's name might be: rarely well-behaved. CSV
// readers turn a carriage return and a line feed into one, so there is none.
var names = rapid.StringMatching(`[=+@'\-a-z,"\n \t<>&é]{0,8}`)

// TestSeriesReadsBack writes random tables and reads them again.
func TestSeriesReadsBack(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		start := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "start"), 0).UTC()
		var want measure.Table
		at := time.Duration(0)
		for range rapid.IntRange(1, 5).Draw(t, "instants") {
			want.Times = append(want.Times, at)
			at += time.Duration(rapid.Int64Range(1, 1e15).Draw(t, "step"))
		}
		accounts := rapid.SliceOfNDistinct(names, 1, 4, rapid.ID[string]).Draw(t, "accounts")
		for _, a := range accounts {
			c := measure.Column{Account: a, Metric: "quota"}
			for range want.Times {
				c.Values = append(c.Values, rapid.Float64().Draw(t, "value"))
			}
			want.Columns = append(want.Columns, c)
		}
		var b bytes.Buffer
		if err := data.WriteSeries(&b, start, &want); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		got, err := data.ReadSeries(&b, start)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
			t.Fatalf("table (-want +got):\n%s\nas\n%s", diff, text)
		}
	})
}

// TestFormulas checks that no name begins a field in a way that spreadsheets
// take for a formula.
func TestFormulas(t *testing.T) {
	for _, name := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", `=HYPERLINK("http://x","y")`} {
		var b bytes.Buffer
		err := data.WriteDelays(&b, []reports.Delay{{Account: name, Calls: 1, Spectrum: []measure.Quantile{{Q: 1}}}})
		if err != nil {
			t.Fatal(err)
		}
		row := strings.Split(b.String(), "\n")[1]
		if field := strings.TrimPrefix(row, `"`); field[0] != '\'' {
			t.Errorf("the name %q begins the row %q", name, row)
		}
	}
}

func TestCurvesReadBack(t *testing.T) {
	r := reporttest.New(t, 2)
	var dwell, delays bytes.Buffer
	if err := data.WriteDwell(&dwell, &r.Dwell); err != nil {
		t.Fatal(err)
	}
	if err := data.WriteDelays(&delays, r.Delays); err != nil {
		t.Fatal(err)
	}
	gotDwell, err := data.ReadDwell(&dwell)
	if err != nil {
		t.Fatal(err)
	}
	gotDelays, err := data.ReadDelays(&delays)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.Dwell, gotDwell); diff != "" {
		t.Errorf("dwell (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(r.Delays, gotDelays); diff != "" {
		t.Errorf("delays (-want +got):\n%s", diff)
	}
}

// TestDamage reads tables that WriteX never writes, and wants an error that
// names the line.
func TestDamage(t *testing.T) {
	series := func(s string) error {
		_, err := data.ReadSeries(strings.NewReader(s), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
		return err
	}
	dwell := func(s string) error { _, err := data.ReadDwell(strings.NewReader(s)); return err }
	delays := func(s string) error { _, err := data.ReadDelays(strings.NewReader(s)); return err }
	for _, c := range []struct {
		name, text, want string
		read             func(string) error
	}{
		{"empty", "", "empty file", series},
		{"other columns", "a,b\n", "wrong number of fields", series},
		{"other names", "a,b,c,d\n", "line 1: the columns are a,b,c,d, not time,account,metric,value", series},
		{"no time", "time,account,metric,value\nnoon,a,m,1\n", `line 2: "noon" is not a time`, series},
		{"no number", "time,account,metric,value\n2026-03-02T09:00:00Z,a,m,inf\n", `line 2: "inf" is not a number`, series},
		{"time goes back", "time,account,metric,value\n2026-03-02T09:00:00Z,a,m,1\n2026-03-02T08:00:00Z,a,m,1\n", "line 3: the time", series},
		{"foreign time", "time,account,metric,value\n2026-03-02T09:00:00Z,a,m,1\n2026-03-02T10:00:00Z,a,n,1\n", "line 3: the time", series},
		{"too short", "time,account,metric,value\n2026-03-02T09:00:00Z,a,m,1\n2026-03-02T10:00:00Z,a,m,1\n2026-03-02T09:00:00Z,a,n,1\n", `n of "a" has values at 1 of 2 instants`, series},
		{"negative count", "seconds,at_risk,ended,censored,survival\n1,-1,0,0,1\n", `line 2: "-1" is not a count`, dwell},
		{"lengths fall", "seconds,at_risk,ended,censored,survival\n2,1,0,0,1\n1,1,0,0,1\n", "line 3: 1 seconds", dwell},
		{"no seconds", "account,quantile,seconds,calls\na,0,1e9,1\n", "line 2: \"1e9\" is not a number of seconds", delays},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.read(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want one with %q", err, c.want)
			}
		})
	}
}
