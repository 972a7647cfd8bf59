package scenarios

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/unit"
)

// numberedPeople and namedPeople are the audiences of the tests of common rows. Both have an
// address that begins another one.
var (
	numberedPeople = sim.Audience{Name: "people", Size: 120, Domain: "people.example", Local: "p-"}
	namedPeople    = sim.Audience{Name: "people", Size: 3, Addresses: []string{"Ann@b.example", "1@b.example", "ann@b.example.com"}}
)

// reading is what reading a trace came to: its rows, and the problems among them.
type reading struct {
	Rows     []sim.TraceRow
	Problems []string
	common   int // rows that readCommon read
}

// readTrace reads a whole trace with common rows, or without.
func readTrace(t *testing.T, text string, to *sim.Audience, common bool) (got reading) {
	t.Helper()
	of := &trace{
		files: pin(files{"sends.csv": text}), name: "sends.csv", end: unit.MaxDuration,
		start: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), audience: newDirectory(to),
	}
	rows, err := of.rows()
	if err != nil {
		t.Fatal(err)
	}
	defer rows.close()
	for {
		var row sim.TraceRow
		var err error
		if common && rows.readCommon(&row) {
			got.common++
		} else {
			err = rows.readAny(&row)
		}
		var bad *rowError
		switch {
		case err == nil:
			got.Rows = append(got.Rows, row)
		case errors.Is(err, io.EOF):
			return got
		case !errors.As(err, &bad):
			t.Fatal(err)
		default:
			got.Problems = append(got.Problems, bad.Error())
			if bad.last {
				return got
			}
		}
	}
}

// sameRows compares a trace read with common rows with one read without, and returns how
// many of the rows are common.
func sameRows(t *testing.T, text string) (common [2]int) {
	t.Helper()
	for i, to := range []*sim.Audience{&numberedPeople, &namedPeople} {
		got, want := readTrace(t, text, to, true), readTrace(t, text, to, false)
		common[i] = got.common
		got.common = 0
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(reading{})); diff != "" {
			t.Errorf("%.1000q, %d addresses by name: with common rows (-without +with):\n%s", text, len(to.Addresses), diff)
		}
	}
	return common
}

// TestCommonRows has rows that are common or nearly, each after a row of the same day.
func TestCommonRows(t *testing.T) {
	const (
		numbered = 1 << iota
		named
		none = 0
		both = numbered | named
	)
	for _, c := range []struct {
		row    string
		common int
	}{
		{"2026-03-02T13:00:00Z,1", both},
		{"2026-03-02T12:00:00Z,3", both},
		{"2026-03-02T23:59:59.9Z,1", both},
		{"2026-03-02T23:59:59.999999999Z,1", both},
		{"0s,1", both},
		{"86s,2", both},
		{"86.4s,1", both},
		{"086.123456789s,1", both},
		{"999999999s,1", both},
		{"2026-03-02T13:00:00Z,4", numbered},
		{"2026-03-02T13:00:00Z,120", numbered},
		{"2026-03-02T13:00:00Z,p-1@people.example", numbered},
		{"2026-03-02T13:00:00Z,p-120@people.example", numbered},
		{"2026-03-02T13:00:00Z,p-7@people.example p-8@people.example;p-9@people.example, p-10@people.example", numbered},
		{"2026-03-02T13:00:00Z,ann@b.example", named},
		{"2026-03-02T13:00:00Z,ANN@B.EXAMPLE.com ,;1@b.example", named},

		{"2026-03-02T11:59:59Z,1", none},            // before the row above
		{"2026-03-03T13:00:00Z,1", none},            // another day
		{"2026-03-02T13:00:00+00:00,1", none},       // another zone
		{"2026-03-02T13:00:00z,1", none},            // no zone
		{"2026-03-02t13:00:00Z,1", none},            // no date
		{"2026-03-02T24:00:00Z,1", none},            // no such hour
		{"2026-03-02T13:60:00Z,1", none},            // no such minute
		{"2026-03-02T13:00:60Z,1", none},            // no such second
		{"2026-03-02T1:00:00Z,1", none},             // one digit
		{"2026-03-02T13:0:00Z,1", none},             // one digit
		{"2026-03-02T13.00:00Z,1", none},            // no colon
		{"2026-03-02T13:00:00.Z,1", none},           // no fraction
		{"2026-03-02T13:00:00.1234567890Z,1", none}, // ten digits
		{"2026-03-02T13:00:00 Z,1", none},
		{"2026-03-02T13:00:00Z ,1", none},
		{"2026-03-02T13:00:00Z, 1", none},
		{"2026-03-02T13:00:00Z,1 ", none},
		{"2026-03-02T13:00:00Z,01", none},
		{"2026-03-02T13:00:00Z,0", none},
		{"2026-03-02T13:00:00Z,121", none},
		{"2026-03-02T13:00:00Z,10001", none},
		{"2026-03-02T13:00:00Z,99999999999999999999999", none},
		{"2026-03-02T13:00:00Z,", none},
		{"2026-03-02T13:00:00Z", none},
		{"2026-03-02T13:00:00Z,1,2", none},
		{`"2026-03-02T13:00:00Z",1`, none},
		{`2026-03-02T13:00:00Z,"1"`, none},
		{`2026-03-02T13:00:00Z,"p-1@people.example, p-2@people.example"`, none},
		{`2026-03-02T13:00:00Z,"ann@b.example"`, none},
		{"2026-03-02T13:00:00Z,P-1@people.example", none},
		{"2026-03-02T13:00:00Z,p-1@People.example", none},
		{"2026-03-02T13:00:00Z,p-01@people.example", none},
		{"2026-03-02T13:00:00Z,p-0@people.example", none},
		{"2026-03-02T13:00:00Z,p-121@people.example", none},
		{"2026-03-02T13:00:00Z,p-1@people.examples", none},
		{"2026-03-02T13:00:00Z,p-1@people.exampl", none},
		{"2026-03-02T13:00:00Z,p-1people.example", none},
		{"2026-03-02T13:00:00Z,p-1@people.example p-1@people.example", none},
		{"2026-03-02T13:00:00Z,p-1@people.example\u00a0p-2@people.example", none},
		{"2026-03-02T13:00:00Z,p-1@people.example\tp-2@people.example", none},
		{"2026-03-02T13:00:00Z,p-1@people.example 2", none},
		{"2026-03-02T13:00:00Z,p-1@people.example,", none},
		{"2026-03-02T13:00:00Z,;p-1@people.example", none},
		{"2026-03-02T13:00:00Z,ann@b.example\r1@b.example", none},
		{"2026-03-02T13:00:00Z,ännchen@b.example", none},
		{"2026-03-02T13:00:00Z," + strings.Repeat("a", 200) + "@b.example", none},
		{"2026-03-02T13:00:00Z," + manyPeople(50), numbered},
		{"2026-03-02T13:00:00Z," + manyPeople(51), none},
		{"1h,1", none},
		{"86,1", none},
		{"86.s,1", none},
		{"86.1234567890s,1", none},
		{"1000000000s,1", none},
		{"86ss,1", none},
		{"86s ,1", none},
		{".5s,1", none},
		{"8_6s,1", none},
	} {
		for _, end := range []string{"\n", "\r\n"} {
			got := sameRows(t, "2026-03-02T12:00:00Z,1"+end+c.row+end+strings.Repeat("\n", commonRoom))
			for i, audience := range []int{numbered, named} {
				if want := c.common&audience != 0; (got[i] == 1) != want {
					t.Errorf("%.100q%q: common with audience %d: %v, want %v", c.row, end, i, !want, want)
				}
			}
		}
	}
}

// manyPeople are so many recipients of a row.
func manyPeople(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("p-%d@people.example", i+1)
	}
	return strings.Join(list, ";")
}

// TestCommonRowsOfManyDays has rows over blocks, days, zones and leap days, with a problem
// now and then.
func TestCommonRowsOfManyDays(t *testing.T) {
	for _, zone := range []string{"Z", "+05:45", "-00:00"} {
		var text strings.Builder
		text.WriteString("time,recipients\n")
		at := time.Date(2027, 12, 31, 0, 0, 0, 0, time.UTC)
		for i := range 20_000 {
			at = at.Add(time.Duration(i%7) * 12345678901)
			text.WriteString(at.Format("2006-01-02T15:04:05.999999999") + zone)
			switch {
			case i%1013 == 0:
				text.WriteString(",nobody@people.example\n")
			case i%97 == 0:
				text.WriteString(" , 2\n\n")
			case i%3 == 0:
				fmt.Fprintf(&text, ",p-%d@people.example\r\n", i%120+1)
			case i%3 == 1:
				text.WriteString(",ann@b.example 1@b.example\n")
			default:
				text.WriteString(",1\n")
			}
		}
		if common := sameRows(t, text.String()); common[0] < 12_990 || common[1] < 12_990 {
			t.Errorf("zone %s: only %v rows of 20000 are common", zone, common)
		}
	}
}

// FuzzCommonRows: with common rows a trace is what it is without.
func FuzzCommonRows(f *testing.F) {
	const row = "2026-03-02T12:00:00Z,1\n"
	f.Add(row + row)
	f.Add(row + "2026-03-02T12:00:00.5Z,p-1@people.example p-2@people.example\r\n" + row)
	f.Add(row + "2026-03-02T12:00:00Z,Ann@b.example,1@b.example\n2026-03-02T13:00:00Z,\"1\"\n2026-03-02T13:00:00Z,3")
	f.Add("0s,1\n1.5s,p-1@people.example\n007s,2\n1m,1\n86400.000000001s,1\n" + row)
	f.Add("2026-03-02T12:00:00.25+01:00,1\n2026-03-02T15:00:00+01:00,2\n2026-03-03T00:00:00-24:00,1\n")
	f.Fuzz(func(t *testing.T, text string) { sameRows(t, text) })
}
