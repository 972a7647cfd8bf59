package check

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/unit"
)

// Limits on how many violations are kept; the others are counted. No check
// hides what the others find.
const (
	maxFindings = 20
	maxOfCheck  = 5
)

// Violation is one broken promise.
type Violation struct {
	Check   string        // which check found it
	At      time.Duration // virtual time
	Account string        // empty where no account is involved
	Address string        // empty where no single recipient is involved
	What    string        // what was found, and what was expected
}

// Error returns the violation in one line.
func (v *Violation) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: at %s", v.Check, unit.FormatDuration(v.At))
	if v.Account != "" {
		fmt.Fprintf(&b, ", account %s", v.Account)
	}
	if v.Address != "" {
		fmt.Fprintf(&b, ", %s", v.Address)
	}
	return b.String() + ": " + v.What
}

// findings collects the violations of a run.
type findings struct {
	cfg     *sim.Config
	kept    []error
	byCheck map[string]int
	count   int
}

func newFindings(cfg *sim.Config) *findings {
	return &findings{cfg: cfg, byCheck: map[string]int{}}
}

// add notes a violation. An account of -1 stands for none.
func (f *findings) add(check string, at time.Duration, account int, address, format string, args ...any) {
	f.count++
	f.byCheck[check]++
	if len(f.kept) == maxFindings || f.byCheck[check] > maxOfCheck {
		return
	}
	v := &Violation{Check: check, At: at, Address: address, What: fmt.Sprintf(format, args...)}
	if account >= 0 && account < len(f.cfg.Accounts) {
		v.Account = f.cfg.Accounts[account].Name
	}
	f.kept = append(f.kept, v)
}

// err returns all violations, or nil.
func (f *findings) err() error {
	if f.count == 0 {
		return nil
	}
	all := f.kept
	if more := f.count - len(f.kept); more > 0 {
		all = append(all[:len(all):len(all)], fmt.Errorf("and %d more, %d violations in all", more, f.count))
	}
	return errors.Join(all...)
}
