//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// ownGroup makes a command that has not started the leader of a group of processes, and returns
// what sends a signal to all of it.
func ownGroup(cmd *exec.Cmd) func(syscall.Signal) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return func(s syscall.Signal) error { return syscall.Kill(-cmd.Process.Pid, s) }
}
