package ses

import "time"

// ConfigurationSet is a configuration set of an account, as far as it changes
// what becomes of mail sent with it. It has no suppression list of its own: it
// chooses by which reasons the account's list works for its mail.
type ConfigurationSet struct {
	overrides   bool
	suppression ListReasons
	paused      bool
	bounces     metric
	complaints  metric
}

// NewConfigurationSet returns a set that sends. With overrides, its reasons
// stand instead of the account's; none means no check and no recording.
func NewConfigurationSet(a *Account, overrides bool, suppression ListReasons) *ConfigurationSet {
	return &ConfigurationSet{
		overrides: overrides, suppression: suppression,
		bounces: a.newBounceMetric(), complaints: a.newComplaintMetric(),
	}
}

// Reasons returns the reasons by which the account's list works for mail sent
// with the set; a nil set is mail without one.
func (a *Account) Reasons(set *ConfigurationSet) ListReasons {
	if set != nil && set.overrides {
		return set.suppression
	}
	return a.suppression
}

// SetSending pauses or resumes sending with the set.
func (s *ConfigurationSet) SetSending(on bool) { s.paused = !on }

// Paused reports whether sending with the set is paused.
func (s *ConfigurationSet) Paused() bool { return s.paused }

// CountEligible, CountBounce and CountComplaint count what the account counts,
// for the set's own rates.
func (s *ConfigurationSet) CountEligible(loop bool) {
	s.bounces.open.eligible++
	if loop {
		s.complaints.open.eligible++
	}
}

// CountBounce counts a hard bounce or a bounce by the global list.
func (s *ConfigurationSet) CountBounce() { s.bounces.open.events++ }

// CountComplaint counts a complaint through a feedback loop.
func (s *ConfigurationSet) CountComplaint() { s.complaints.open.events++ }

// Roll closes the bucket under way. SES takes no action on the rates of a
// configuration set; customers watch them.
func (s *ConfigurationSet) Roll(now time.Duration, a *Account) {
	s.bounces.roll(now, &a.rules.Rep)
	s.complaints.roll(now, &a.rules.Rep)
}

// Rates returns the set's rates as of the last Roll.
func (s *ConfigurationSet) Rates(now time.Duration) (bounce, complaint RateFigures) {
	return s.bounces.figures(now), s.complaints.figures(now)
}

// PausedBy returns whose pause refuses mail sent with a set: AWS's before the
// customer's, the account's before the set's.
func (a *Account) PausedBy(set *ConfigurationSet) PauseBy {
	switch {
	case a.review.suspended:
		return Suspended
	case a.enforcement == Shutdown:
		return ByAWS
	case a.customerPaused || set == nil || !set.paused:
		return ByCustomer
	}
	return OfSet
}
