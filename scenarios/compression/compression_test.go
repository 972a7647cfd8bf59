package compression_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"sesim/scenarios/compression"
)

// text returns a text that compresses, of about a megabyte.
func text() string {
	random := rand.New(rand.NewPCG(5, 6))
	var b strings.Builder
	for range 10_000 {
		b.WriteString(`{"eventType":"Delivery","mail":{"messageId":"`)
		for range 40 {
			b.WriteByte("0123456789abcdef"[random.IntN(16)])
		}
		b.WriteString("\"}}\n")
	}
	return b.String()
}

// packed compresses content as a file of that name, in pieces.
func packed(t testing.TB, name, content string) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := compression.NewWriter(&out, name)
	if err != nil {
		t.Fatal(err)
	}
	for len(content) > 0 {
		n := min(len(content), 50_000)
		if _, err := io.WriteString(z, content[:n]); err != nil {
			t.Fatal(err)
		}
		content = content[n:]
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestRoundTrip checks that a file has the format of its name and its content, and that the
// same content is the same file.
func TestRoundTrip(t *testing.T) {
	for name, format := range map[string]string{"a.jsonl.gz": "gzip", "a.zst": "zstd"} {
		for _, content := range []string{"", "x", text()} {
			file := packed(t, name, content)
			r, got, err := compression.NewReader(bufio.NewReader(bytes.NewReader(file)))
			if err != nil || got != format {
				t.Fatalf("%s: %q, %v", name, got, err)
			}
			if back, err := io.ReadAll(r); err != nil || string(back) != content {
				t.Errorf("%s: %d bytes of %d, %v", name, len(back), len(content), err)
			}
			if !bytes.Equal(file, packed(t, name, content)) {
				t.Errorf("%s: another file of the same content", name)
			}
			if len(content) > 1000 && len(file) > len(content)/2 {
				t.Errorf("%s: %d bytes of %d", name, len(file), len(content))
			}
		}
	}
}

// TestPlain checks that other names and contents are left as they are.
func TestPlain(t *testing.T) {
	for _, name := range []string{"-", "a.jsonl", "gz", "a.gz.jsonl", "a.xz"} {
		if z, err := compression.NewWriter(io.Discard, name); z != nil || err != nil {
			t.Errorf("%s: %v, %v", name, z, err)
		}
	}
	for _, content := range []string{"", "x", "\x1f", "text that is longer"} {
		r, format, err := compression.NewReader(bufio.NewReader(strings.NewReader(content)))
		if err != nil || format != "" {
			t.Errorf("%q: %q, %v", content, format, err)
			continue
		}
		if back, err := io.ReadAll(r); err != nil || string(back) != content {
			t.Errorf("%q: %q, %v", content, back, err)
		}
	}
}

// TestFlush checks that what was flushed can be read without the rest, whose lack shows.
func TestFlush(t *testing.T) {
	for _, name := range []string{"a.gz", "a.zst"} {
		var out bytes.Buffer
		z, err := compression.NewWriter(&out, name)
		if err != nil {
			t.Fatal(err)
		}
		want := ""
		for _, line := range []string{"one\n", "two\n", "three\n"} {
			want += line
			if _, err := io.WriteString(z, line); err != nil {
				t.Fatal(err)
			}
			if err := z.Flush(); err != nil {
				t.Fatal(err)
			}
			r, _, err := compression.NewReader(bufio.NewReader(bytes.NewReader(out.Bytes())))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); string(got) != want || !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s: %q, %v, want %q", name, got, err, want)
			}
		}
	}
}

// TestFull checks that errors of the output are returned at last by Close.
func TestFull(t *testing.T) {
	full := errors.New("no space left on device")
	for _, name := range []string{"a.gz", "a.zst"} {
		z, err := compression.NewWriter(failing{full}, name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(z, "x") // is held back
		if err := z.Close(); !errors.Is(err, full) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// BenchmarkWriter compresses a text like that of records.
func BenchmarkWriter(b *testing.B) {
	content := text()
	for _, name := range []string{"a.gz", "a.zst"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			for b.Loop() {
				size := len(packed(b, name, content))
				b.ReportMetric(float64(len(content))/float64(size), "ratio")
			}
		})
	}
}
