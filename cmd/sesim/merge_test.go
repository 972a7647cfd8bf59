package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// shards makes a run of s.toml in a folder in so many parts there, and returns
// their folders.
func shards(t *testing.T, in string, of int, args ...string) []string {
	t.Helper()
	var dirs []string
	for i := 1; i <= of; i++ {
		dir := filepath.Join(in, fmt.Sprintf("parts-%d", of), fmt.Sprint(i))
		got := call(t, append([]string{"run", filepath.Join(in, "s.toml"), "--shard", fmt.Sprintf("%d/%d", i, of), "-o", dir}, args...)...)
		if want := fmt.Sprintf("Shard %d of %d of quick is finished: %s\n", i, of, dir); got.code != 0 || got.stdout != want {
			t.Fatalf("%+v", got)
		}
		dirs = append(dirs, dir)
	}
	return dirs
}

// TestMerge makes runs whole and in 1, 2 and 4 shards, and merges them in any
// order: the bytes are the same, for replications, replications with a goal,
// sweeps, and sweeps of replications.
func TestMerge(t *testing.T) {
	const sweep = `"sender.receipts.traffic.rate" = { from = "30/h", to = "180/h", step = "30/h" }`
	for name, src := range map[string]string{
		"replications": "replications = 21\n" + lucky(`"acme.accepted > 1"`),
		"goal":         `replications = { min = 5, max = 40, metric = "acme.accepted", half_width = 30 }` + "\n" + lucky(""),
		"few":          "replications = 3\n" + lucky(""), // fewer than shards
		"sweep":        swept("", sweep),
		"cells":        "replications = 6\n" + swept(`"acme.accepted > 1"`, sweep),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file, whole := filepath.Join(dir, "s.toml"), filepath.Join(dir, "whole")
			write(t, file, src)
			if got := call(t, "run", file, "-o", whole, "--seed", "7", "--quiet"); got.code != 0 {
				t.Fatalf("%+v", got)
			}
			for _, of := range []int{1, 2, 4} {
				dirs := shards(t, dir, of, "--seed", "7")
				rand.New(rand.NewPCG(1, uint64(of))).Shuffle(of, func(i, j int) { dirs[i], dirs[j] = dirs[j], dirs[i] })
				out := filepath.Join(dir, fmt.Sprint("merged-", of))
				if got := call(t, append([]string{"merge", "-o", out, "--quiet"}, dirs...)...); got.code != 0 {
					t.Fatalf("%+v", got)
				}
				wantSame(t, whole, out)
			}
		})
	}
}

// TestMergePrints wants the text and the JSON of a merged run to be those of
// the whole, and its exit status too.
func TestMergePrints(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", "replications = 8\n"+lucky(`"acme.accepted < 1"`))
	dirs := shards(t, ".", 2)
	whole := call(t, "run", "s.toml", "--json")
	merged := call(t, append([]string{"merge", "--json"}, dirs...)...)
	if whole.code != int(exitThreshold) || merged.code != whole.code || merged.stdout != whole.stdout {
		t.Errorf("exit status %d and %d, %d bytes and %d", whole.code, merged.code, len(whole.stdout), len(merged.stdout))
	}
}

// TestMergeRefuses names what is missing, doubled and foreign, all at once.
func TestMergeRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", "replications = 8\n"+lucky(""))
	four := shards(t, ".", 4)
	two := shards(t, ".", 2)
	for i, dir := range four {
		if err := os.Rename(dir, fmt.Sprint("p", i+1)); err != nil {
			t.Fatal(err)
		}
	}
	if got := call(t, "run", "s.toml", "--seed", "9", "--shard", "3/4", "-o", "seed9", "--quiet"); got.code != 0 {
		t.Fatalf("%+v", got)
	}
	write(t, "other.toml", strings.Replace("replications = 8\n"+lucky(""), `"quick"`, `"other"`, 1))
	if got := call(t, "run", "other.toml", "--shard", "4/4", "-o", "other", "--quiet"); got.code != 0 {
		t.Fatalf("%+v", got)
	}
	damaged(t, "p1", "damaged", "records.jsonl")
	damaged(t, "p1", "altered", "part.json")
	for _, c := range []struct {
		dirs []string
		want []string
	}{
		{[]string{"p1", "p2", "p4"}, []string{"shard 3 of 4 is missing"}},
		{[]string{"p4"}, []string{"shards 1, 2, 3 of 4 are missing"}},
		{[]string{"p1", "p2", "p3", "p4", "p2"}, []string{"p2 and p2 are both shard 2 of 4"}},
		{[]string{"p1", "p2", "seed9", "p4"}, []string{
			"seed9: a shard of another run of quick: scenario, overrides, files or version differ", "shard 3 of 4 is missing"}},
		{[]string{"other", "p1", "p2", "p3"}, []string{"other: a shard of other, but the others are of quick", "shard 4 of 4 is missing"}},
		{[]string{"p1", "p2", two[1], "p3", "p4"}, []string{two[1] + ": it is shard 2 of 2, and the others are of 4"}},
		{[]string{"p1", "p2", "p3", "p4", "."}, []string{".: not a finished shard: part.json is missing"}},
		{[]string{"nowhere"}, []string{"nowhere: not a finished shard: part.json is missing"}},
		{[]string{"damaged", "p2", "p3", "p4"}, []string{"damaged: records.jsonl: damaged", "shard 1 of 4 is missing"}},
		{[]string{"altered", "p2", "p3", "p4"}, []string{
			"altered: part.json: damaged: its content does not match its checksum", "shard 1 of 4 is missing"}},
	} {
		got := call(t, append([]string{"merge", "-o", "out"}, c.dirs...)...)
		want := ""
		for _, line := range c.want {
			want += "sesim: " + line + "\n"
		}
		status := exitUsage
		if strings.Contains(want, "damaged: ") {
			status = exitInternal
		}
		if got.code != int(status) || got.stderr != want || exists("out") {
			t.Errorf("%v: exit status %d\n%swant\n%s", c.dirs, got.code, got.stderr, want)
		}
	}
	if got := call(t, "merge", "p1", "p2", "p3", "p4"); got.code != int(exitUsage) {
		t.Errorf("without -o: %+v", got)
	}
}

// damaged copies a part and changes a digit of one of its files.
func damaged(t *testing.T, from, to, file string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(to, file)
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(text), "1", "2", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestShardRefuses lists what does not go with --shard.
func TestShardRefuses(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--shard", "5/4", "-o", "p"}, "expected NUMBER/COUNT, such as 2/4"},
		{[]string{"--shard", "2", "-o", "p"}, "expected NUMBER/COUNT, such as 2/4"},
		{[]string{"--shard", "0/4", "-o", "p"}, "expected NUMBER/COUNT, such as 2/4"},
		{[]string{"--shard", "1/4", "--replications", "5"}, "--shard requires -o"},
		{[]string{"--shard", "1/4", "-o", "p"}, "--shard requires a sweep or replications"},
		{[]string{"--shard", "1/4", "-o", "p", "--replications", "5", "--json"}, "cannot be combined with --json"},
		{[]string{"--shard", "1/4", "-o", ".", "--replications", "5"}, "output folder .:"},
	} {
		inside(t)
		got := call(t, append([]string{"run", "quick.toml"}, c.args...)...)
		if got.code != int(exitUsage) || !strings.Contains(got.stderr, c.want) {
			t.Errorf("%v: %+v, want %q", c.args, got, c.want)
		}
	}
}

// TestShardAgain starts a finished shard again, as schedulers do: its work is
// done. A shard of another run in its place is not overwritten.
func TestShardAgain(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", "replications = 8\n"+lucky(""))
	shards(t, ".", 2)
	args := []string{"run", "s.toml", "--shard", "1/2", "-o", "parts-2/1"}
	if got := call(t, args...); got.code != 0 || !strings.Contains(got.stdout, "was finished before") {
		t.Errorf("%+v", got)
	}
	if got := call(t, append(args, "--shard", "2/2")...); got.code != int(exitUsage) || !strings.Contains(got.stderr, "already exists") {
		t.Errorf("another shard in its place: %+v", got)
	}
}

// TestShardKilled kills a shard of a sweep in the middle. Started again it goes
// on, and the merged sweep has the bytes of the whole.
func TestShardKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("kills and repeats a run of many cells")
	}
	t.Chdir(t.TempDir())
	write(t, "s.toml", "replications = 60\n"+swept("", `"sender.receipts.traffic.rate" = { from = "30/h", to = "360/h", step = "30/h" }`))
	args := []string{"run", "s.toml", "--shard", "1/2", "-o", "parts-2/1", "--quiet"}
	cmd := process(t, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for len(times(t, "parts-2/1.unfinished")) < 2 {
		time.Sleep(time.Millisecond)
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if n := len(times(t, "parts-2/1.unfinished")); n == 6 || exists("parts-2/1") {
		t.Fatalf("%d cells of 6 are kept; the shard is there: %v", n, exists("parts-2/1"))
	}
	if out, err := process(t, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, args := range [][]string{
		{"run", "s.toml", "--shard", "2/2", "-o", "parts-2/2", "--quiet"},
		{"run", "s.toml", "-o", "whole", "--quiet"},
		{"merge", "parts-2/1", "parts-2/2", "-o", "merged", "--quiet"},
	} {
		if out, err := process(t, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", args, err, out)
		}
	}
	wantSame(t, "whole", "merged")
	if left := entries(t, "parts-2"); len(left) != 2 {
		t.Errorf("left over: %v", left)
	}
}
