package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// openClassroom runs sesim learn and returns what it prints, and the address in
// it. The test ends with its clean end.
func openClassroom(t *testing.T, args ...string) (said, address string) {
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
	printed := make([]byte, 200)
	n, err := read.Read(printed)
	if err != nil {
		t.Fatalf("%v: %s", err, &stderr)
	}
	go func() { _, _ = io.Copy(io.Discard, read) }()
	said = string(printed[:n])
	if address = regexp.MustCompile(`http://\S+/`).FindString(said); address == "" {
		t.Fatalf("no address in %q", said)
	}
	return said, address
}

// What the page is told of a run is what sesim run --json prints for the
// scenario that the page hands on, every figure and the fingerprint.
func TestClassroomIsTheCommandLine(t *testing.T) {
	_, address := openClassroom(t)
	for _, id := range []string{"sandbox", "neighbour"} {
		body := `{"lesson":"` + id + `","set":[{"key":"seed","value":"3"}]}`
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
			result := call(t, append(args, "--json", "--quiet", "--assumptions=off")...)
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
	for _, args := range [][]string{
		{"learn", "--port", "70000"}, {"learn", "--port", "-1"}, {"learn", "x", "y"},
		{"learn", "--host", "192.0.2.1", "--no-open"}, {"learn", "--host", "", "--no-open"}, {"learn", "--host=", "--no-open"},
		{"learn", "no-such-folder"}, {"learn", "--new", "."}, {"learn", "--new", "a", "b"},
		{"learn", "--engine", "a"}, {"learn", "--export", "a", "--engine", "no-such-folder"},
		{"learn", "--worksheet", "--check"}, {"learn", "--worksheet", "--export", "a"}, {"learn", "--worksheet", "--new", "a"},
	} {
		if result := call(t, args...); result.code != int(exitUsage) || result.stderr == "" {
			t.Errorf("%v: exit status %d, want %d: %q", args, result.code, exitUsage, result.stderr)
		}
	}
}

// A site is written as a whole: an existing folder is replaced with --force only, and only if it
// is a site; an interrupt leaves nothing.
func TestExportedFolder(t *testing.T) {
	inside(t)
	for _, dir := range []string{"other/js", "thesis"} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	write(t, "other/engine.wasm.gz", "engine")
	write(t, "other/js/wasm_exec.js", "// support")
	write(t, "thesis/chapter.tex", "text")
	site := []string{"learn", "--engine", "other", "--export"}
	for _, c := range []struct {
		args []string
		code exitCode
		says string
	}{
		{append(site, "site"), exitPassed, "site is a classroom for any web server"},
		{append(site, "site"), exitUsage, "output folder site: already exists; choose another folder, or replace it with --force"},
		{append(site, "site", "--force"), exitPassed, "site is a classroom"},
		{append(site, "thesis", "--force"), exitUsage, "output folder thesis: holds something else and is not replaced"},
		{[]string{"learn", "--force"}, exitUsage, "--engine and --force go with --export"},
	} {
		if result := call(t, c.args...); result.code != int(c.code) || !strings.Contains(result.stdout+result.stderr, c.says) {
			t.Errorf("%v: exit status %d, want %d and %q: %s%s", c.args, result.code, c.code, c.says, result.stdout, result.stderr)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stderr bytes.Buffer
	if code := run(ctx, []string{"learn", "--export", "half"}, nil, io.Discard, &stderr); code != int(exitInterrupted) {
		t.Errorf("an interrupt: exit status %d: %s", code, &stderr)
	}
	left, err := os.ReadDir(".")
	if err != nil || len(left) != 4 {
		t.Errorf("%v are left, %v; want other, quick.toml, site and thesis", left, err)
	}
}

// Only this computer is served, unless --host says so: a name never opens all
// addresses, and what it may mean is chosen for the fewest people.
func TestServedAt(t *testing.T) {
	names := map[string][]netip.Addr{
		"localhost": addrs("::1", "127.0.0.1"), "pc": addrs("2001:db8::7", "192.0.2.7"), "both": addrs("192.0.2.7", "::1"),
		"Mapped": addrs("::ffff:127.0.1.1"), "0": addrs("0.0.0.0"), "wild": addrs("127.0.0.1", "::"), "none": nil,
	}
	lookup := func(name string) ([]netip.Addr, error) {
		all, ok := names[name]
		if !ok {
			return nil, errors.New("no such host")
		}
		return slices.Clone(all), nil
	}
	for _, c := range []struct{ host, network, listen, page string }{
		{"127.0.0.1", "tcp4", "127.0.0.1", "127.0.0.1"},
		{"127.0.0.2", "tcp4", "127.0.0.2", "127.0.0.2"},
		{"::1", "tcp6", "::1", "::1"},
		{"::ffff:127.0.0.1", "tcp4", "127.0.0.1", "127.0.0.1"},
		{"0.0.0.0", "tcp4", "0.0.0.0", "127.0.0.1"},
		{"::ffff:0.0.0.0", "tcp4", "0.0.0.0", "127.0.0.1"},
		{"::", "tcp6", "::", "::1"},
		{"0:0::0", "tcp6", "::", "::1"},
		{"192.0.2.7", "tcp4", "192.0.2.7", "192.0.2.7"},
		{"localhost", "tcp4", "127.0.0.1", "localhost"},
		{"both", "tcp6", "::1", "both"},
		{"pc", "tcp4", "192.0.2.7", "pc"},
		{"Mapped", "tcp4", "127.0.1.1", "mapped"},
	} {
		at, err := servedAt(c.host, lookup)
		if err != nil || at.network() != c.network || at.ip.String() != c.listen || at.page() != c.page {
			t.Errorf("%q: %v on %s, page %s, %v; want %s on %s, page %s", c.host, at.ip, at.network(), at.page(), err, c.listen, c.network, c.page)
		}
	}
	for _, host := range []string{"", "0", "wild", "none", " ", "*", "[::1]", "127.0.0.1:80", "fe80::1%eth0", "nowhere"} {
		at, err := servedAt(host, lookup)
		if exitOf(err) != exitUsage || !strings.Contains(err.Error(), strconv.Quote(host)) || !strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%q: %v, %v", host, at, err)
		}
	}
}

func addrs(texts ...string) (all []netip.Addr) {
	for _, text := range texts {
		all = append(all, netip.MustParseAddr(text))
	}
	return all
}

// What is printed is what is served.
func TestPrintedAddress(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, `^The classroom is open at http://127\.0\.0\.1:\d+/\n`},
		{[]string{"--host", "localhost"}, `^The classroom is open at http://localhost:\d+/\n`},
		{[]string{"--host", "0.0.0.0"}, `^The classroom is open at http://127\.0\.0\.1:\d+/ and at every other IPv4 address of this computer\n`},
	} {
		said, address := openClassroom(t, c.args...)
		if !regexp.MustCompile(c.want).MatchString(said) {
			t.Errorf("%v: %q does not match %s", c.args, said, c.want)
		}
		response, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", address, response.StatusCode)
		}
	}
}

// With --worksheet the address is that of the worksheets, which the classroom serves.
func TestWorksheets(t *testing.T) {
	said, address := openClassroom(t, "--worksheet")
	if sheets := address + "worksheet.html"; !strings.Contains(said, "The worksheets are open at "+sheets+"\n") || !strings.Contains(said, sheets+"#notes=1\n") {
		t.Errorf("it says %q", said)
	}
	response, err := http.Get(address + "worksheet.html")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("worksheet.html: %s", response.Status)
	}
}

// A teacher's own lessons are served; what is wrong with them is told with its line, before
// the page opens.
func TestOwnLessons(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mine")
	if result := call(t, "learn", "--new", dir); result.code != 0 || !strings.Contains(result.stdout, "sesim learn "+dir) {
		t.Fatalf("%d: %s%s", result.code, result.stdout, result.stderr)
	}
	if result := call(t, "learn", dir, "--check"); result.code != 0 || result.stdout != "1 lesson holds\n" {
		t.Errorf("%d: %s%s", result.code, result.stdout, result.stderr)
	}
	said, address := openClassroom(t, dir)
	if !strings.Contains(said, "For the teacher, with notes and solutions: "+address+"#notes=1\n") {
		t.Errorf("it says %q", said)
	}
	response, err := http.Get(address + "api/lessons")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var lessons []struct {
		ID   string
		Text map[string]map[string]string
	}
	if err := json.NewDecoder(response.Body).Decode(&lessons); err != nil {
		t.Fatal(err)
	}
	if len(lessons) != 1 || lessons[0].ID != "first" || lessons[0].Text["en"]["title"] != "A first lesson" {
		t.Errorf("%+v", lessons)
	}
	file := filepath.Join(dir, "1-first", "lesson.toml")
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	src = bytes.Replace(src, []byte("under-review == 1"), []byte("under-review == 7"), 1)
	if err := os.WriteFile(file, src, 0o644); err != nil {
		t.Fatal(err)
	}
	want := file + ":11:10: holds[0]: shop.count.under-review == 7 does not hold: the value is 1"
	if result := call(t, "learn", dir); result.code != int(exitUsage) || !strings.Contains(result.stderr, want) {
		t.Errorf("%d: %s\nwant %s", result.code, result.stderr, want)
	}
}

// The address stays while its port is free; where it is not, another one is taken, but a port
// that was asked for is not exchanged.
func TestPortStays(t *testing.T) {
	_, first := openClassroom(t)
	_, second := openClassroom(t)
	usual := "http://127.0.0.1:" + strconv.Itoa(usualPort) + "/"
	if first == second || second == usual {
		t.Errorf("two classrooms at %s and %s", first, second)
	}
	port := strings.Trim(first[strings.LastIndexByte(first, ':'):], ":/")
	if result := call(t, "learn", "--no-open", "--port", port); result.code != int(exitUsage) || !strings.Contains(result.stderr, port) {
		t.Errorf("a port in use: %d: %s", result.code, result.stderr)
	}
}
