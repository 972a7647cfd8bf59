package check

import (
	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// form checks that a call is refused as invalid if and only if its message is
// too large for the interface, its recipients are too many, none, or malformed,
// or the configuration set that it names does not exist.
type form struct {
	cfg   *sim.Config
	found *findings
	now   *present
}

func newForm(cfg *sim.Config, found *findings, now *present) *form { return &form{cfg, found, now} }

// maxSize returns the largest message, in bytes after encoding: 10 MB through
// the first version of the API, 40 MB otherwise.
func maxSize(i sim.Interface) int64 {
	if i == sim.V1 {
		return 10 << 20
	}
	return 40 << 20
}

func (f *form) observe(r *sim.Record) {
	if r.Kind != sim.Sent && r.Kind != sim.Refused {
		return
	}
	s, n := &f.cfg.Senders[r.Sender], len(r.Recipients)
	set := f.now.setOf(r.Account, r.Sender)
	invalid := s.Size > maxSize(s.Interface) || n < 1 || n > 50 || s.Malformed == unit.Whole || set != nil && set.missing
	switch {
	case s.Malformed > 0 && !invalid: // anybody's guess
	case r.Kind == sim.Sent && invalid:
		f.bad(r, "a call with %d recipients and %d bytes was accepted", n, s.Size)
	case r.Kind == sim.Refused && r.Reason == ses.RefusedInvalid && !invalid:
		f.bad(r, "a call with %d recipients and %d bytes was refused as invalid", n, s.Size)
	case r.Kind == sim.Refused && r.Reason != ses.RefusedInvalid && r.Reason != ses.RefusedPaused && invalid:
		f.bad(r, "an invalid call was refused as %q, but only a pause is checked before", r.Reason)
	}
}

func (f *form) bad(r *sim.Record, format string, args ...any) {
	f.found.add("form", r.At, r.Account, "", format, args...)
}

func (f *form) finish(*sim.Result) {}
