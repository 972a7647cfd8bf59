package fault

import (
	"fmt"
	"path"
	"slices"
	"time"

	"sesim/sim/rng"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// check checks a fault, and prepares it for draws.
func (f *Fault) check(operations []string) error {
	for _, check := range []func() error{func() error { return f.Match.check(operations) }, f.checkDo, f.checkWhich, f.checkLatency} {
		if err := check(); err != nil {
			return err
		}
	}
	if f.Match.Interface == SNS != f.ofNotifications() && f.Match.Interface != "" {
		return fmt.Errorf("match.interface is %q; duplicate and delay are of %q, status, latency and cut of the others", f.Match.Interface, SNS)
	}
	return nil
}

func (m *Match) check(operations []string) error {
	interfaces := []string{"", ses.V2.String(), ses.V1.String(), ses.SMTP.String(), SNS}
	if !slices.Contains(interfaces, m.Interface) {
		return fmt.Errorf("match.interface is %.40q; it must be one of %q", m.Interface, interfaces[1:])
	}
	for name, pattern := range map[string]string{"operation": m.Operation, "to": m.To} {
		if _, err := path.Match(pattern, ""); err != nil {
			return fmt.Errorf("match.%s is %.100q; the pattern is malformed", name, pattern)
		}
	}
	known := func(operation string) bool { return like(m.Operation, operation) }
	if m.Operation != "" && !slices.ContainsFunc(append([]string{Auth, Publish}, operations...), known) {
		return fmt.Errorf("match.operation is %.100q; no operation has that name; right would be \"SendEmail\", also for SendRawEmail and SMTP, "+
			"or another name of version 2, %q, %q, or a pattern", m.Operation, Auth, Publish)
	}
	return nil
}

// checkDo checks what the fault does.
func (f *Fault) checkDo() error {
	d := &f.Do
	ofCalls := d.Status != 0 || d.Cut != "" || d.Latency != nil
	switch {
	case ofCalls == f.ofNotifications():
		return fmt.Errorf("do needs status, cut or latency of calls, or duplicate or delay of notifications, and not of both")
	case d.Status != 0 && d.Cut != "":
		return fmt.Errorf("do.status is %d and do.cut %q; a call has one of them", d.Status, d.Cut)
	case d.Status != 0 && !slices.Contains(allStatuses, d.Status) && !slices.Contains(smtpStatuses, d.Status):
		return fmt.Errorf("do.status is %d; it must be one of %v, or of %v on SMTP", d.Status, allStatuses, smtpStatuses)
	case slices.Contains(smtpStatuses, d.Status) && f.Match.Interface != "" && f.Match.Interface != ses.SMTP.String():
		return fmt.Errorf("do.status is %d, which only SMTP has, and match.interface %q", d.Status, f.Match.Interface)
	case !slices.Contains([]string{"", "before", "in", "after"}, d.Cut):
		return fmt.Errorf("do.cut is %.40q; it must be \"before\", \"in\" or \"after\"", d.Cut)
	case d.Status == 0 && (d.Code != "" || d.Message != ""):
		return fmt.Errorf("do.code and do.message need do.status")
	case d.Delay != "":
		return checkDelay("delay", d.Delay)
	}
	return nil
}

// checkWhich checks which of the calls the fault hits.
func (f *Fault) checkWhich() error {
	f.share = unit.Whole
	switch {
	case f.Share != nil && !(*f.Share >= 0 && *f.Share <= 1):
		return fmt.Errorf("share is %v; it must be from 0 to 1", *f.Share)
	case f.Every < 0 || f.Count < 0:
		return fmt.Errorf("every is %d and count %d; they must be positive", f.Every, f.Count)
	case !f.From.IsZero() && !f.To.IsZero() && !f.From.Before(f.To):
		return fmt.Errorf("from is %s, and to %s is not after it", f.From.Format(time.RFC3339), f.To.Format(time.RFC3339))
	case f.Share != nil:
		f.share = unit.Share(float64(*f.Share*float64(unit.Whole)) + 0.5)
	}
	return nil
}

func (f *Fault) checkLatency() error {
	l := f.Do.Latency
	if l == nil {
		return nil
	}
	if err := checkDelay("latency.p50", l.P50); err != nil {
		return err
	}
	spread := unit.Spread{Tail: 99}
	spread.Median, _ = time.ParseDuration(l.P50) // checked
	if l.P99 != "" {
		if err := checkDelay("latency.p99", l.P99); err != nil {
			return err
		}
		if spread.Upper, _ = time.ParseDuration(l.P99); spread.Upper < spread.Median {
			return fmt.Errorf("do.latency.p99 is %s, less than p50, which is %s", l.P99, l.P50)
		}
	}
	f.latency = rng.NewSpread(spread)
	return nil
}

func checkDelay(name, text string) error {
	if d, err := time.ParseDuration(text); err != nil || d <= 0 || d > maxDelay {
		return fmt.Errorf("do.%s is %.40q; it must be a duration of at most %s, such as \"200ms\"", name, text, maxDelay)
	}
	return nil
}
