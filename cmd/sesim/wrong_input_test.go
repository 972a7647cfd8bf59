package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestWrongInput gives run and validate what no scenario should be. Each ends
// with status 2 and one clear message that names the place, before anything is
// simulated or written.
func TestWrongInput(t *testing.T) {
	change := func(old, new string) string {
		if !strings.Contains(thresholds(""), old) {
			t.Fatalf("%q is not in the quick scenario", old)
		}
		return strings.Replace(thresholds(""), old, new, 1)
	}
	binary, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		binary = []byte("\x7fELF\x02\x01\x01\x00\xff\xfe")
	}
	for _, c := range []struct {
		name, toml string
		want       []string // in the message, in order
	}{
		{"empty file", "", []string{"bad.toml: ", "no scenario"}},
		{"binary file", string(binary[:min(len(binary), 1<<20)]), []string{"bad.toml:1:"}},
		{"10 MB file", strings.Repeat("# 16 characters\n", 10<<20/16), []string{"bad.toml: ", "1 MiB"}},
		{"unknown key", change("seed = 1", "sede = 1"), []string{"bad.toml:6:1: ", "sede", "seed"}},
		{"negative quota", change(`access = "production"`, "quota = -5"), []string{"bad.toml:11:", "account.acme.quota", "-5"}},
		{"horizon of forever", change(`horizon = "2d"`, `horizon = "forever"`), []string{"bad.toml:5:11: ", "horizon", "forever"}},
		{"threshold on a typo", thresholds(`"acme.bounce_rat.max < 5%"`), []string{"bad.toml:7:", "acme.bounce_rat.max", "acme.bounce_rate.max"}},
		{"sender without account", change("account = \"acme\"\n", ""), []string{"bad.toml:", "account"}},
		{"sender of an unknown account", change(`account = "acme"`, `account = "acne"`), []string{"bad.toml:21:", "acne", "acme"}},
	} {
		for _, command := range []string{"run", "validate"} {
			t.Run(c.name+"/"+command, func(t *testing.T) {
				inside(t)
				write(t, "bad.toml", c.toml)
				got := expect(t, exitUsage, command, "bad.toml")
				rest, ok := strings.CutPrefix(got.stderr, "sesim: ")
				for _, want := range c.want {
					_, after, found := strings.Cut(rest, want)
					rest, ok = after, ok && found
				}
				if lines := strings.Count(got.stderr, "\n"); !ok || lines != 1 {
					t.Errorf("%d lines on stderr, which should name %q:\n%s", lines, c.want, got.stderr)
				}
				if names := entries(t, "."); got.stdout != "" || !slices.Equal(names, []string{"bad.toml", "quick.toml"}) {
					t.Errorf("stdout is %q, the folder holds %v", got.stdout, names)
				}
			})
		}
	}
}

// endless is standard input without an end; it counts what is read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return copy(p, bytes.Repeat([]byte("#"), len(p))), nil
}

func TestLongInputIsNotReadToItsEnd(t *testing.T) {
	var stdin endless
	var stderr strings.Builder
	code := run(t.Context(), []string{"validate", "-"}, &stdin, io.Discard, &stderr)
	if code != int(exitUsage) || !strings.Contains(stderr.String(), "<stdin>: ") {
		t.Errorf("exit status %d, stderr:\n%s", code, stderr.String())
	}
	if stdin.read > 4<<20 {
		t.Errorf("%d bytes were read of an endless input", stdin.read)
	}
}

// TestWrongFolder gives run folders it must not or cannot write.
func TestWrongFolder(t *testing.T) {
	for _, c := range []struct{ name, dir, want string }{
		{"there already", "there", "output folder there: already exists; choose another folder, or replace it with --force"},
		{"a file", "quick.toml", "output folder quick.toml: already exists"},
		{"below a file", "quick.toml/report", "not a directory"},
		{"a broken link", "link", "output folder link: already exists"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inside(t)
			write(t, "kept", "as it was")
			if err := errors.Join(os.Mkdir("there", 0o777), os.Symlink("nowhere", "link")); err != nil {
				t.Fatal(err)
			}
			before := entries(t, ".")
			got := expect(t, exitUsage, "run", "quick.toml", "-o", c.dir)
			if !strings.Contains(got.stderr, c.want) || strings.Count(got.stderr, "\n") != 1 {
				t.Errorf("stderr is %q, want one line with %q", got.stderr, c.want)
			}
			if after := entries(t, "."); got.stdout != "" || !slices.Equal(before, after) || len(entries(t, "there")) > 0 {
				t.Errorf("stdout is %q, the folder holds %v, before %v", got.stdout, after, before)
			}
		})
	}
}

// TestForce replaces the report of an earlier run as a whole.
func TestForce(t *testing.T) {
	inside(t)
	expect(t, exitPassed, "run", "--quiet", "quick.toml", "-o", "report")
	expect(t, exitUsage, "run", "--quiet", "quick.toml", "-o", "report", "--seed", "2")
	if s := readSummary(t, "report"); s.Seed != 1 {
		t.Errorf("without --force the report became that of seed %d", s.Seed)
	}
	expect(t, exitPassed, "run", "--quiet", "quick.toml", "-o", "report", "--seed", "2", "--force")
	if s := readSummary(t, "report"); s.Seed != 2 {
		t.Errorf("with --force the report is still that of seed %d", s.Seed)
	}
	if names := entries(t, "."); !slices.Equal(names, []string{"quick.toml", "report"}) {
		t.Errorf("the folder holds %v", names)
	}
}

// TestForceSparesStrangers: what is not a report is never replaced, and the
// refusal comes before anything is simulated.
func TestForceSparesStrangers(t *testing.T) {
	inside(t)
	for _, dir := range []string{".", "quick.toml"} {
		got := expect(t, exitUsage, "run", "quick.toml", "-o", dir, "--force")
		if got.stdout != "" || strings.Count(got.stderr, "\n") != 1 {
			t.Errorf("%s: stdout is %q, stderr %q", dir, got.stdout, got.stderr)
		}
	}
	if names := entries(t, "."); !slices.Equal(names, []string{"quick.toml"}) {
		t.Errorf("the folder holds %v", names)
	}
}

// TestFullDisk fills a small disk with the report: the summary is printed, the
// error named once, and no folder is left that looks whole.
func TestFullDisk(t *testing.T) {
	for _, size := range []string{"16k", "64k", "256k", "1m"} {
		t.Run(size, func(t *testing.T) {
			inside(t)
			smallDisk(t, "disk", size)
			if size == "1m" {
				write(t, "disk/filler", strings.Repeat("x", 1000<<10))
			}
			got := expect(t, exitInternal, "run", "quick.toml", "--progress", "none", "-o", "disk/report")
			if !strings.Contains(got.stdout, "2,880") || strings.Contains(got.stdout, "Report:") {
				t.Errorf("stdout is:\n%s", got.stdout)
			}
			if strings.Count(got.stderr, "\n") != 1 || strings.Count(got.stderr, syscall.ENOSPC.Error()) != 1 {
				t.Errorf("stderr is %q", got.stderr)
			}
			if exists("disk/report/manifest.json") {
				t.Errorf("the folder looks whole: %v", entries(t, "disk/report"))
			}
		})
	}
}

// smallDisk mounts a disk of that size in a new folder, or skips the test
// where that is not allowed.
func smallDisk(t *testing.T, dir, size string) {
	t.Helper()
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a full disk cannot be tried here: mount: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
}

// TestControlCharacters hands escape sequences and line breaks to everything
// that a command line can name. Messages show them, on the line that they belong
// to, and the terminal gets none.
func TestControlCharacters(t *testing.T) {
	inside(t)
	const name = "red\x1b[31m\nsesim: all is well\u202e"
	const shown = `red\x1b[31m\nsesim: all is well\u202e`
	write(t, name+".toml", strings.Replace(thresholds(""), "seed = 1", "sede = 1", 1))
	write(t, name+".sound", thresholds(""))
	for _, args := range [][]string{
		{name}, {"help", name}, {"run", name}, {"run", name + ".toml"}, {"run", "--" + name}, {"run", "-o" + name + "/x/y", name},
		{"run", "quick.toml", "-o", "quick.toml/" + name}, {"run", "--set", name}, {"run", "--set", name + "=1"}, {"run", "--seed", name},
		{"run", "--replications", name}, {"run", "--progress", name}, {"run", "--shard", name}, {"run", "quick.toml", "--events=" + name + "/x"},
		{"run", "quick.toml", "--junit", "quick.toml/" + name}, {"validate", name}, {"validate", name + ".toml"}, {"report", name},
		{"report", "./" + name + "/"}, {"merge", name, "--json"}, {"merge", "--json", name + ".toml"}, {"compare", name, name},
		{"compare", "quick.toml", "--vs", name}, {"compare", "quick.toml", "--vs", "seed=2", "--and", name},
		{"compare", "quick.toml", "--vs", "seed=2", "--allow", name}, {"compare", "quick.toml", "--vs", "seed=2", "--fail-on", name},
		{"explain", name}, {"explain", "quick.toml", "--at", name}, {"explain", "quick.toml", "--at", "1h", "--account", name},
		{"plan", name}, {"request", name}, {"request", "quick.toml", "--account", name}, {"request", "quick.toml", "--plan", name},
		{"rules", name}, {"rules", "--diff", name, "current"}, {"scenarios", name}, {"bench", name}, {"bench", "--rate", name},
		{"bench", "--addresses", name}, {"bench", "--growth=" + name}, {"completion", name}, {"learn", "--host", name},
	} {
		got := call(t, args...)
		if got.code == int(exitPassed) || !strings.Contains(got.stderr, `\x1b[31m`) || strings.Contains(got.stderr, "\x1b") ||
			strings.Contains(got.stderr, "\u202e") || strings.Contains(got.stderr, "\nsesim: all is well") {
			t.Errorf("%q: exit status %d, stderr %q", args, got.code, got.stderr)
		}
	}
	if got := expect(t, exitPassed, "validate", name+".sound"); got.stdout != shown+".sound: ok\n" {
		t.Errorf("validate prints %q", got.stdout)
	}
	if got := expect(t, exitPassed, "run", name+".sound", "--progress", "none", "-o", name); !strings.HasSuffix(got.stdout, "\nReport: "+shown+"/report.html\n") {
		t.Errorf("run prints %q", got.stdout)
	}
}
