package study

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestPackedOutput checks that what was written to a file can be read before it is closed
// and after it, whatever its name says of it.
func TestPackedOutput(t *testing.T) {
	for _, base := range []string{"j.jsonl", "j.gz", "j.zst"} {
		name := filepath.Join(t.TempDir(), base)
		file, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		out, err := packAsNamed(file, name)
		if err != nil {
			t.Fatal(err)
		}
		want := ""
		for _, line := range []string{"one\n", "two\n"} {
			if n, err := io.WriteString(out, line); n != len(line) || err != nil {
				t.Fatalf("%s: %d, %v", base, n, err)
			}
			want += line
			if got := unpacked(t, name); got != want {
				t.Errorf("%s: %q, want %q", base, got, want)
			}
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		if got := unpacked(t, name); got != want {
			t.Errorf("%s: at the end %q, want %q", base, got, want)
		}
	}
}

// unpacked reads a file that may be compressed.
func unpacked(t *testing.T, name string) string {
	t.Helper()
	in, err := openPacked(name)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	text, err := io.ReadAll(in)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(text)
}
