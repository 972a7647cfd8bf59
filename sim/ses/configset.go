package ses

import "time"

// The limits of how long a configuration set may have SES try to deliver (API,
// DeliveryOptions, MaxDeliverySeconds).
const (
	MinDelivery = 5 * time.Minute
	MaxDelivery = 14 * time.Hour
)

// ConfigurationSet is a configuration set of an account, as far as it changes
// what becomes of mail sent with it. It has no suppression list of its own: it
// chooses by which reasons the account's list works for its mail.
type ConfigurationSet struct {
	overrides   bool
	suppression ListReasons
	paused      bool
	missing     bool // not created yet, or deleted
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

// Create makes a set that does not exist, with these properties. Its rates go
// on: they are kept under its name.
func (s *ConfigurationSet) Create(overrides bool, suppression ListReasons, sending bool) {
	s.missing = false
	s.Override(overrides, suppression)
	s.SetSending(sending)
}

// Delete deletes the set: a call that names it is refused from now on. Mail
// that was accepted before keeps to what the set said of suppression, and of
// how long to try; AWS does not publish what becomes of it.
func (s *ConfigurationSet) Delete() { s.missing = true }

// Missing reports whether the set does not exist.
func (s *ConfigurationSet) Missing() bool { return s.missing }

// Override lets the set's reasons stand instead of the account's, or not.
func (s *ConfigurationSet) Override(overrides bool, suppression ListReasons) {
	s.overrides, s.suppression = overrides, suppression
}

// SetSending pauses or resumes sending with the set.
func (s *ConfigurationSet) SetSending(on bool) { s.paused = !on }

// Paused reports whether the set exists, and sending with it is paused.
func (s *ConfigurationSet) Paused() bool { return s.paused && !s.missing }

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
	case a.customerPaused || set == nil || !set.Paused():
		return ByCustomer
	}
	return OfSet
}
