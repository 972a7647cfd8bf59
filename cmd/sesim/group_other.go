//go:build !unix

package main

import (
	"os/exec"
	"syscall"
)

// ownGroup returns what sends a signal to a command, as there are no groups of processes.
func ownGroup(cmd *exec.Cmd) func(syscall.Signal) error {
	return func(s syscall.Signal) error { return cmd.Process.Signal(s) }
}
