package study

import (
	"strings"
	"testing"
)

// Limits that leave too little are internal errors that say what to raise; those
// that leave enough, or are not known, are none.
func TestLimits(t *testing.T) {
	const gigabyte = 1 << 30
	for _, c := range []struct {
		name string
		l    limits
		used int64
		want string // in the message; "" for none
	}{
		{"unknown", limits{}, gigabyte, ""},
		{"few files", limits{files: 15}, 0, "only 15 files may be open at a time, and a run needs 16: raise ulimit -n"},
		{"enough files", limits{files: 16}, 0, ""},
		{"little address space", limits{address: gigabyte + 256<<20 - 1}, gigabyte, "leaves 255 MB, and a run needs at least 256 MB: raise ulimit -v"},
		{"less than is in use", limits{address: gigabyte - 1}, gigabyte, "leaves 0 MB"},
		{"enough address space", limits{address: gigabyte + 256<<20}, gigabyte, ""},
		{"unknown use", limits{address: 1}, 0, ""},
	} {
		err := c.l.checkFiles()
		if err == nil && c.l.address > 0 {
			err = c.l.checkAddress(c.used)
		}
		if (err == nil) != (c.want == "") || err != nil && (OutcomeOf(err) != Internal || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
