//go:build !linux

package study

import "time"

// systemLimits knows of no limits here.
func systemLimits() limits { return limits{} }

// processorTime is not known here.
func processorTime() time.Duration { return 0 }

// systemRoom knows of no limits here.
func systemRoom() room { return room{} }
