package directory_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"sesim/sim/directory"
	"sesim/sim/rng"
)

// TestAgainstMap adds addresses, some of them again and with other capitals, and
// compares the directory with a map.
func TestAgainstMap(t *testing.T) {
	d, known := directory.New(5000), map[string]uint32{}
	draws := rng.Derive(1, "test", "addresses", "pick").Stream()
	for range 20_000 {
		address := fmt.Sprintf("Person%d@d%d.Example", draws.Below(3000), draws.Below(3))
		if draws.Below(2) == 0 {
			address = strings.ToUpper(address)
		}
		key := strings.ToLower(address)
		want, is := known[key]
		n, found := d.Find(address)
		if found != is || found && n != want {
			t.Fatalf("%s is found: %v, %d; want %v, %d", address, found, n, is, want)
		}
		if found {
			continue
		}
		n, ok := d.Add(address, uint16(draws.Below(1<<16)))
		if ok != (len(known) < 5000) || ok && int(n) != len(known) {
			t.Fatalf("%s, the %d-th address, is added: %v, as %d", address, len(known), ok, n)
		}
		if ok {
			known[key] = n
		}
	}
	if d.Len() != 5000 {
		t.Errorf("%d addresses, want 5000", d.Len())
	}
	for address, n := range known {
		if got := d.Text(n); got != address {
			t.Errorf("number %d is %s, want %s", n, got, address)
		}
	}
}

// TestClassesAndKeys checks that both stay with the address, and that keys do not depend
// on the order of first sight.
func TestClassesAndKeys(t *testing.T) {
	const many = 1000
	one, other := directory.New(many), directory.New(many)
	keys := map[uint64]bool{}
	for i := range many {
		one.Add(fmt.Sprintf("a%d@one.example", i), uint16(7*i))
		other.Add(fmt.Sprintf("A%d@ONE.example", many-1-i), 0)
	}
	for i := range uint32(many) {
		if got := one.Class(i); got != uint16(7*i) {
			t.Errorf("class of number %d is %d, want %d", i, got, uint16(7*i))
		}
		if one.Key(i) != other.Key(many-1-i) {
			t.Errorf("the key of %s depends on the order of first sight", one.Text(i))
		}
		keys[one.Key(i)] = true
	}
	if len(keys) != many {
		t.Errorf("%d addresses have %d keys", many, len(keys))
	}
}

// TestMemory holds the memory of a directory against the 40 bytes an address that a
// scenario is promised, with texts of 24 bytes.
func TestMemory(t *testing.T) {
	const many = 1 << 18
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	d := directory.New(many)
	for i := range many {
		d.Add(fmt.Sprintf("person%08d@some.test", i), 0)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if each := float64(after.HeapAlloc-before.HeapAlloc) / many; each > 50 {
		t.Errorf("%.1f bytes an address", each)
	}
	runtime.KeepAlive(d)
}

// TestFindDoesNotAllocate: every recipient of every call is looked up.
func TestFindDoesNotAllocate(t *testing.T) {
	d := directory.New(10)
	d.Add("someone@somewhere.example", 0)
	if n := testing.AllocsPerRun(100, func() { d.Find("Someone@Somewhere.Example") }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
