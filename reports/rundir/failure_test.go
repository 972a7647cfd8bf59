package rundir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
)

var errInjected = errors.New("the disk is full")

// failing is a file system whose n-th operation fails, and with dead set
// every one after it too, as if the program had been killed. With n 0 none
// fails. It forces nothing to the disk, which is quicker.
type failing struct {
	disk
	n     int
	dead  bool
	plain bool // cannot exchange folders
	done  int
}

func (f *failing) step() error {
	f.done++
	if f.done == f.n || f.dead && f.done > f.n {
		return errInjected
	}
	return nil
}

// after runs an operation unless it is its turn to fail.
func (f *failing) after(operation func() error) error {
	if err := f.step(); err != nil {
		return err
	}
	return operation()
}

func (f *failing) Mkdir(p string) error { return f.after(func() error { return f.disk.Mkdir(p) }) }
func (f *failing) MkdirAll(p string) error {
	return f.after(func() error { return f.disk.MkdirAll(p) })
}
func (f *failing) Rename(a, b string) error {
	return f.after(func() error { return f.disk.Rename(a, b) })
}
func (f *failing) Exchange(a, b string) error {
	if f.plain {
		return errors.ErrUnsupported
	}
	return f.after(func() error { return f.disk.Exchange(a, b) })
}
func (f *failing) RemoveAll(p string) error {
	return f.after(func() error { return f.disk.RemoveAll(p) })
}
func (f *failing) SyncDir(string) error { return f.step() }

func (f *failing) Create(p string) (file, error) {
	if err := f.step(); err != nil {
		return nil, err
	}
	under, err := f.disk.Create(p)
	return &failingFile{under, f}, err
}

type failingFile struct {
	file
	on *failing
}

// Write writes a half before it fails, as a full disk does.
func (f *failingFile) Write(b []byte) (int, error) {
	if err := f.on.step(); err != nil {
		n, _ := f.file.Write(b[:len(b)/2])
		return n, err
	}
	return f.file.Write(b)
}

func (f *failingFile) Sync() error { return f.on.step() }

func (f *failingFile) Close() error {
	if err := f.on.step(); err != nil {
		return errors.Join(err, f.file.Close())
	}
	return f.file.Close()
}

// TestEveryFailure lets each operation of writing a folder fail in turn: once
// alone, and once with all that follow. Whatever fails, what bears the name of
// the folder is nothing, or a complete run: the new one or, where one is
// replaced, the old one, which is never lost. Where the program lives on, it
// leaves no litter.
func TestEveryFailure(t *testing.T) {
	parent := t.TempDir()
	if err := (disk{}).Exchange(parent, parent); errors.Is(err, errors.ErrUnsupported) {
		t.Skip("the file system cannot exchange folders")
	}
	testEveryFailure(t, false)
}

// TestEveryFailureAside is TestEveryFailure where the file system cannot exchange
// folders: only a program that is killed between two renames leaves the old run
// aside.
func TestEveryFailureAside(t *testing.T) { testEveryFailure(t, true) }

func testEveryFailure(t *testing.T, plain bool) {
	list := small(t, "new")
	old := small(t, "old")
	for _, replace := range []bool{false, true} {
		for _, dead := range []bool{false, true} {
			t.Run(fmt.Sprintf("replace=%v,dead=%v", replace, dead), func(t *testing.T) {
				aside := 0
				defer func() {
					if want := replace && dead && plain; aside > 0 != want || aside > 1 {
						t.Errorf("the old run is not in its place after %d failures", aside)
					}
				}()
				for n := 1; ; n++ {
					parent := t.TempDir()
					dir := filepath.Join(parent, "run")
					if replace {
						if err := place(&failing{}, dir, old, false); err != nil {
							t.Fatal(err)
						}
					}
					on := &failing{n: n, dead: dead, plain: plain}
					err := place(on, dir, list, replace)
					if on.done < n {
						if err != nil || n < 30 {
							t.Fatalf("after %d operations without a failure: %v", on.done, err)
						}
						return
					}
					if _, err := os.Stat(dir); replace && err != nil {
						aside++
					}
					checkAfterFailure(t, dir, err, dead, n)
				}
			})
		}
	}
}

func checkAfterFailure(t *testing.T, dir string, err error, dead bool, n int) {
	t.Helper()
	if !errors.Is(err, errInjected) {
		t.Fatalf("operation %d failed, and the error is %v", n, err)
	}
	_, statErr := os.Stat(dir)
	if statErr == nil {
		if _, err := Load(dir); err != nil {
			t.Errorf("operation %d failed, and an incomplete run stands there: %v", n, err)
		}
	}
	if dead {
		return
	}
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		// Where removing the old run is what failed, it stays.
		if e.Name() != "run" && !strings.HasSuffix(e.Name(), ".replaced") {
			t.Errorf("operation %d failed, and %s is left over", n, e.Name())
		}
	}
}

// small returns the files of a run without charts, which is quick to write.
func small(t *testing.T, name string) []File {
	t.Helper()
	r := reporttest.Coarse(t, 1)
	r.Summary.Scenario = name
	list, err := figures(r)
	if err != nil {
		t.Fatal(err)
	}
	list = append(list, File{chartsFolder + "/one.svg", []byte("<svg/>")})
	last, err := newManifest(r, list).content()
	if err != nil {
		t.Fatal(err)
	}
	return append(list, last)
}

// TestRedrawFailure lets each operation of drawing again fail: the figures
// stay readable, and every file is either the old or the new one.
func TestRedrawFailure(t *testing.T) {
	if testing.Short() {
		t.Skip("draws a folder anew for each failure")
	}
	parent := t.TempDir()
	dir := filepath.Join(parent, "run")
	if err := Write(dir, onlyDwell(t), nil, false); err != nil {
		t.Fatal(err)
	}
	want := snapshot(t, dir)
	for n := 1; n < 40; n += 3 {
		on := &failing{n: n}
		err := redraw(on, dir)
		if on.done >= n != errors.Is(err, errInjected) {
			t.Fatalf("operation %d of %d failed, and the error is %v", n, on.done, err)
		}
		if diff := cmp.Diff(want, snapshot(t, dir)); diff != "" {
			t.Fatalf("operation %d failed (-want +got):\n%s", n, diff)
		}
	}
}

// TestFullDisk writes a whole folder on a file system that is full from the
// start.
func TestFullDisk(t *testing.T) {
	list, err := contents(reporttest.Bare(t), &reports.Performance{})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "run")
	if err := place(&failing{n: 1, dead: true}, dir, list, false); !errors.Is(err, errInjected) {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is something: %v", err)
	}
}
