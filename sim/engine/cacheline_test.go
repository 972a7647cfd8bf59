package engine

import (
	"testing"
	"unsafe"

	"sesim/sim/sender"
)

// TestLines checks that what thousands of senders have of each kind lies in
// whole lines of a processor's cache, as the layout of these types wants it.
func TestLines(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) != 8 {
		t.Skip("pointers are shorter here")
	}
	const line = 64
	var a senderState
	for _, c := range []struct {
		name      string
		got, want uintptr
	}{
		{"a sending", unsafe.Sizeof(hotState{}), line},
		{"arrivals", unsafe.Sizeof(sender.Arrivals{}), line / 2},
		{"an agent", unsafe.Sizeof(a), 11 * line},
		{"where an agent's list begins", unsafe.Offsetof(a.list), 2 * line},
		{"where the key of the jitter ends", unsafe.Offsetof(a.draws) + unsafe.Offsetof(a.draws.jitter) + 8, line},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d bytes, want %d", c.name, c.got, c.want)
		}
	}
}
