package ses

import "time"

// The limits of the time to deliver that a configuration set can set (API,
// DeliveryOptions, MaxDeliverySeconds).
const (
	MinDelivery = 5 * time.Minute
	MaxDelivery = 14 * time.Hour
)

// ConfigurationSet is a configuration set of an account, limited to the properties that
// affect mail sent with it. It has no suppression list of its own, but can choose for
// which reasons the account's list suppresses its mail.
type ConfigurationSet struct {
	overrides   bool // suppression replaces the account's reasons
	suppression ListReasons
	paused      bool
	missing     bool // not created yet, or deleted
	MailRates
}

// NewConfigurationSet returns a set that is not paused. With overrides, the reasons in
// suppression replace the account's; if there are none, the account's list is neither
// checked nor extended for mail sent with the set.
func NewConfigurationSet(a *Account, overrides bool, suppression ListReasons) *ConfigurationSet {
	return &ConfigurationSet{overrides: overrides, suppression: suppression, MailRates: *NewMailRates(a)}
}

// Reasons returns the suppression reasons in effect for mail sent with a set, or without
// one if set is nil.
func (a *Account) Reasons(set *ConfigurationSet) ListReasons {
	if set != nil && set.overrides {
		return set.suppression
	}
	return a.suppression
}

// Create creates a set that does not exist. Its rates continue from those of an earlier
// set with its name.
func (s *ConfigurationSet) Create(overrides bool, suppression ListReasons, sending bool) {
	s.missing = false
	s.Override(overrides, suppression)
	s.SetSending(sending)
}

// Delete deletes the set: from now on, calls that name it are refused. For mail accepted
// earlier, its suppression reasons and time to deliver stay in effect; that is an
// assumption, since AWS does not publish it.
func (s *ConfigurationSet) Delete() { s.missing = true }

// Missing reports whether the set does not exist.
func (s *ConfigurationSet) Missing() bool { return s.missing }

// Override sets whether the set's suppression reasons replace the account's, and which
// they are.
func (s *ConfigurationSet) Override(overrides bool, suppression ListReasons) {
	s.overrides, s.suppression = overrides, suppression
}

// SetSending pauses or resumes sending with the set.
func (s *ConfigurationSet) SetSending(on bool) { s.paused = !on }

// Paused reports whether the set exists and sending with it is paused.
func (s *ConfigurationSet) Paused() bool { return s.paused && !s.missing }

// Pauses reports whether sending is paused: that of the account, or that with a set, which
// may be nil.
func (a *Account) Pauses(set *ConfigurationSet) bool {
	return a.enforcement == Shutdown || a.customerPaused || set != nil && set.Paused()
}

// PausedBy returns which pause refuses mail sent with a set: a pause by AWS takes
// precedence over the customer's, and a pause of the account over one of the set.
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
