package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// openClassroom runs sesim learn and returns its address. The test ends with
// its clean end.
func openClassroom(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	done := make(chan int, 1)
	var stderr bytes.Buffer
	go func() {
		done <- run(ctx, append([]string{"learn", "--no-open"}, args...), strings.NewReader(""), write, &stderr)
		_ = write.Close()
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case code := <-done:
			if code != 0 {
				t.Errorf("exit status %d after an interrupt, want 0: %s", code, &stderr)
			}
		case <-time.After(10 * time.Second):
			t.Error("the classroom did not close")
		}
	})
	said := make([]byte, 200)
	n, err := read.Read(said)
	if err != nil {
		t.Fatalf("%v: %s", err, &stderr)
	}
	go func() { _, _ = io.Copy(io.Discard, read) }()
	address := regexp.MustCompile(`http://\S+/`).Find(said[:n])
	if address == nil {
		t.Fatalf("no address in %q", said[:n])
	}
	return string(address)
}

// What the page is told of a run is what sesim run --json prints for the
// scenario that the page hands on, every figure and the fingerprint.
func TestClassroomIsTheCommandLine(t *testing.T) {
	address := openClassroom(t)
	for _, base := range []string{"lesson-sandbox", "lesson-neighbour"} {
		body := `{"base":"` + base + `","set":[{"key":"seed","value":"3"}]}`
		r, err := http.NewRequest(http.MethodPost, address+"api/run", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Sesim-Tab", "test")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var answer struct {
			Scenario, Command string
			Summary           any
		}
		if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		file := filepath.Join(t.TempDir(), "exported.toml")
		if err := os.WriteFile(file, []byte(answer.Scenario), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"run", file}, strings.Fields(strings.TrimPrefix(answer.Command, "sesim "))} {
			result := call(t, append(args, "--json", "--quiet")...)
			var printed any
			if err := json.Unmarshal([]byte(result.stdout), &printed); err != nil {
				t.Fatalf("%v: %v: %s", args, err, result.stderr)
			}
			if diff := cmp.Diff(printed, answer.Summary); diff != "" {
				t.Errorf("%v (-printed +page):\n%s", args, diff)
			}
		}
	}
}

func TestLearnRefuses(t *testing.T) {
	for _, args := range [][]string{{"learn", "--port", "70000"}, {"learn", "--port", "-1"}, {"learn", "x"}, {"learn", "--host", "", "--no-open"}, {"learn", "--host", "192.0.2.1", "--no-open"}} {
		if result := call(t, args...); result.code != int(exitUsage) || result.stderr == "" {
			t.Errorf("%v: exit status %d, want %d: %q", args, result.code, exitUsage, result.stderr)
		}
	}
}

func TestPageHost(t *testing.T) {
	if address := openClassroom(t, "--host", "localhost"); !strings.HasPrefix(address, "http://localhost:") {
		t.Error(address)
	}
	if address := openClassroom(t, "--host", "0.0.0.0"); !strings.HasPrefix(address, "http://127.0.0.1:") {
		t.Error(address)
	}
}
