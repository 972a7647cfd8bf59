package main

import (
	"strings"
	"testing"
)

// TestKernels: the same turns do the same work, and twice as many do more.
func TestKernels(t *testing.T) {
	for name, kernel := range kernels {
		first, again := work(kernel(), 2), work(kernel(), 2)
		if first != again || first == 0 {
			t.Errorf("%s: %d, and the second time %d", name, first, again)
		}
		if more := work(kernel(), 4); more <= first {
			t.Errorf("%s: two turns make %d, four %d", name, first, more)
		}
	}
}

func TestRefuses(t *testing.T) {
	for _, args := range []string{"", "admission", "walk 3", "lists many", "lists -1", "run 1 2"} {
		if err := run(strings.Fields(args)); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
}
