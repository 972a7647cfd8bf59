package ses

import "time"

// MailRates are the bounce rate and the complaint rate of some of an account's mail: of
// the mail sent with a configuration set, or of one of its senders. SES takes no action
// on these rates; they are metrics for the customer.
type MailRates struct{ bounces, complaints metric }

// NewMailRates returns rates over no mail, under the rules of the account.
func NewMailRates(a *Account) *MailRates {
	return &MailRates{a.newBounceMetric(), a.newComplaintMetric()}
}

// CountEligible counts an email that the account counts. loop says whether the provider
// has a feedback loop.
func (r *MailRates) CountEligible(loop bool) {
	r.bounces.open.eligible++
	if loop {
		r.complaints.open.eligible++
	}
}

// CountBounce counts a hard bounce or a bounce by the global list.
func (r *MailRates) CountBounce() { r.bounces.open.events++ }

// CountComplaint counts a complaint through a feedback loop.
func (r *MailRates) CountComplaint() { r.complaints.open.events++ }

// Reset makes only later mail count.
func (r *MailRates) Reset(now time.Duration) {
	r.bounces.reset(now)
	r.complaints.reset(now)
}

// Roll closes the open buckets and computes the rates.
func (r *MailRates) Roll(now time.Duration, a *Account) {
	r.bounces.roll(now, &a.rules.Rep)
	r.complaints.roll(now, &a.rules.Rep)
}

// Rates returns both rates as of the last Roll.
func (r *MailRates) Rates(now time.Duration) (bounce, complaint RateFigures) {
	return r.bounces.figures(now), r.complaints.figures(now)
}
