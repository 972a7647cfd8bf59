package measure

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// TestLogDecodes writes two intervals and reads them back with the library and
// with a decoder written from the format's description.
func TestLogDecodes(t *testing.T) {
	var first, second Histogram
	for _, d := range []time.Duration{0, 0, 1, 7, 999, 12_345_678} {
		if err := first.Record(d, 3); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	base := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	err := WriteLog(&b, base, "two intervals\nof a test", []Interval{
		{Start: 1500 * time.Millisecond, End: 2 * time.Second, Tag: "first", Times: &first},
		{Start: 2 * time.Second, End: 3 * time.Second, Tag: "second", Times: &second},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "#[two intervals of a test]\n#[Histogram log format version 1.3]\n#[StartTime: 1772442000 ") {
		t.Errorf("the log begins with\n%s", b.String())
	}
	reader := hdrhistogram.NewHistogramLogReader(bytes.NewReader(b.Bytes()))
	h, err := reader.NextIntervalHistogram()
	if err != nil || h.Tag() != "first" || h.TotalCount() != 18 || h.ValueAtPercentile(10) != 0 || !h.ValuesAreEquivalent(h.Max(), 12_345_678) {
		t.Fatalf("the library reads %v, %v", h, err)
	}
	if h.StartTimeMs() != base.UnixMilli()+1500 {
		t.Errorf("the interval begins at %d", h.StartTimeMs())
	}
	if h, err = reader.NextIntervalHistogram(); err != nil || h.Tag() != "second" || h.TotalCount() != 0 {
		t.Errorf("the library reads %v, %v", h, err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	checkLine(t, lines[len(lines)-2], map[int]int64{0: 6, 1: 3, 7: 3, 999: 3})
}

// checkLine decodes a line by the description of the format: a tag, start and
// length in seconds, the longest in milliseconds, and in base64 a cookie, a
// length and a zlib stream of header and zigzag counts.
func checkLine(t *testing.T, line string, counts map[int]int64) {
	t.Helper()
	fields := strings.Split(line, ",")
	if len(fields) != 5 || fields[0] != "Tag=first" || fields[1] != "1.500000" || fields[2] != "0.500000" {
		t.Fatalf("the line is %q", line)
	}
	if longest, err := strconv.ParseFloat(fields[3], 64); err != nil || longest < 12.34 || longest > 12.36 {
		t.Errorf("the longest is %s ms: %v", fields[3], err)
	}
	raw, err := base64.StdEncoding.DecodeString(fields[4])
	if err != nil {
		t.Fatal(err)
	}
	if cookie := binary.BigEndian.Uint32(raw); cookie != 0x1c849314 {
		t.Errorf("the cookie is %#x, not that of the compressed encoding V2", cookie)
	}
	if length := binary.BigEndian.Uint32(raw[4:]); int(length) != len(raw)-8 {
		t.Errorf("the length is %d of %d", length, len(raw)-8)
	}
	z, err := zlib.NewReader(bytes.NewReader(raw[8:]))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if cookie := binary.BigEndian.Uint32(plain); cookie != 0x1c849313 {
		t.Errorf("the inner cookie is %#x, not that of V2", cookie)
	}
	const header = 40
	at := 0
	for payload := plain[header : header+int(binary.BigEndian.Uint32(plain[4:]))]; len(payload) > 0; {
		v, n := binary.Varint(payload) // zigzag, as LEB128 with nine bytes at most
		payload = payload[n:]
		if v < 0 {
			at += int(-v)
			continue
		}
		if want, known := counts[at]; known && v != want {
			t.Errorf("%d times %d ns, want %d", v, at, want)
		} else if known {
			delete(counts, at)
		}
		at++
	}
	if len(counts) > 0 {
		t.Errorf("not found: %v", counts)
	}
}

func TestLogRefusesTags(t *testing.T) {
	for _, tag := range []string{"a b", "a,b", "a\nb"} {
		err := WriteLog(io.Discard, time.Unix(0, 0), "", []Interval{{Tag: tag, Times: &Histogram{}}})
		if !errors.Is(err, ErrTag) {
			t.Errorf("%q: %v", tag, err)
		}
	}
}

func TestAbove(t *testing.T) {
	var h Histogram
	if h.Above(0) != 0 {
		t.Error("an empty histogram has something above 0")
	}
	for _, d := range []time.Duration{0, 5, 100, 100_000} {
		if err := h.Record(d, 2); err != nil {
			t.Fatal(err)
		}
	}
	for d, want := range map[time.Duration]int64{0: 6, 5: 4, 99: 4, 100: 2, 50_000: 2, 200_000: 0} {
		if got := h.Above(d); got != want {
			t.Errorf("%d above %d ns, want %d", got, d, want)
		}
	}
}
