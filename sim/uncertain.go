package sim

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"time"

	"sesim/sim/fixed"
	"sesim/sim/mailbox"
	"sesim/sim/rng"
	"sesim/sim/unit"
)

// Uncertain is a share or a rate of a scenario that is not known exactly. In the
// Config it has its mean; replications draw it from a distribution, see Config.Draw.
type Uncertain struct {
	Of    Quantity
	Index int // of the audience or, for traffic, of the sender
	Distribution
	// Per is the period of a rate, which is drawn in thousandths of events a period, and
	// of a loss.
	Per time.Duration
	// Times multiplies what is drawn for a rate; 0: by one.
	Times unit.Share
	// Limit is the number of addresses at which growth ends. Audience.Growth has how many
	// there are at the horizon.
	Limit int64
	// Campaigns: the share is drawn anew when a campaign to the audience starts.
	Campaigns bool
}

// Quantity is a share or a rate that may be Uncertain.
type Quantity uint8

// The quantities.
const (
	Invalid Quantity = iota
	DeadDomain
	FeedbackLoop
	Decay
	Revive
	Churn
	GrowthShare
	HardBounce
	MailboxFull
	TooLarge
	ContentRejected
	AttachmentRejected
	Undetermined
	BlockedIP
	Deferral
	Complaint
	OutOfOffice
	Depth
	GrowthRate
	TrafficRate
	Pace
)

var quantityKeys = [...]string{
	Invalid: "invalid", DeadDomain: "dead_domain", FeedbackLoop: "feedback_loop", Decay: "decay", Revive: "revive", Churn: "churn",
	GrowthShare: "growth.share", HardBounce: "hard_bounce", MailboxFull: "mailbox_full", TooLarge: "message_too_large",
	ContentRejected: "content_rejected", AttachmentRejected: "attachment_rejected", Undetermined: "undetermined",
	BlockedIP: "blocked_ip", Deferral: "deferred", Complaint: "complaint", OutOfOffice: "out_of_office",
	Depth: "traffic.depth", GrowthRate: "growth.rate", TrafficRate: "traffic.rate", Pace: "traffic.pace",
}

// Key returns the quantity's key in its table, such as "invalid" or "traffic.rate".
func (q Quantity) Key() string { return quantityKeys[q] }

// OfSender reports whether the quantity is one of a sender's traffic, not of an audience.
func (q Quantity) OfSender() bool { return q == Depth || q == TrafficRate || q == Pace }

// IsRate reports whether the quantity is a rate, not a share.
func (q Quantity) IsRate() bool { return q >= GrowthRate }

// IsGrowth reports whether the quantity is how fast an audience grows.
func (q Quantity) IsGrowth() bool { return q == GrowthRate || q == GrowthShare }

// OfMessages reports whether the quantity is a share of delivery attempts or of delivered
// messages, which may differ from campaign to campaign.
func (q Quantity) OfMessages() bool { return q >= HardBounce && q <= OutOfOffice }

// MaxLoss is the largest share of addresses that may be lost or gained within a period:
// some always remain.
const MaxLoss = 99 * unit.Percent

// MaxRate is the largest rate, per second: more than any account's maximum send rate.
const MaxRate = 1_000_000

// IsLoss reports whether the quantity is a share of the addresses that is lost or gained
// within a period.
func (q Quantity) IsLoss() bool { return q >= Decay && q <= GrowthShare }

// most returns the largest share that is drawn for a quantity.
func (q Quantity) most() unit.Share {
	if q.IsLoss() {
		return MaxLoss
	}
	return unit.Whole
}

// Path returns the key of an uncertain quantity, such as "audience.customers.invalid".
func (c *Config) Path(u *Uncertain) string {
	if u.Of.OfSender() {
		return "sender." + c.Senders[u.Index].Name + "." + u.Of.Key()
	}
	return "audience." + c.Audiences[u.Index].Name + "." + u.Of.Key()
}

// share returns where a Config has a share that may be uncertain.
func (c *Config) share(of Quantity, index int) *unit.Share {
	if of == Depth {
		return &c.Senders[index].Traffic.Depth
	}
	a := &c.Audiences[index]
	return [...]*unit.Share{
		Invalid: &a.Invalid, DeadDomain: &a.DeadDomain, FeedbackLoop: &a.FeedbackLoop, Decay: &a.Decay, Revive: &a.Revive, Churn: &a.Churn,
		GrowthShare: &a.Growth.Share, HardBounce: &a.HardBounce, MailboxFull: &a.MailboxFull, TooLarge: &a.TooLarge,
		ContentRejected: &a.ContentRejected, AttachmentRejected: &a.AttachmentRejected, Undetermined: &a.Undetermined,
		BlockedIP: &a.BlockedIP, Deferral: &a.Deferred, Complaint: &a.Complaint, OutOfOffice: &a.OutOfOffice,
	}[of]
}

// rate returns where a Config has a rate that may be uncertain.
func (c *Config) rate(of Quantity, index int) *unit.Rate {
	if of == GrowthRate {
		return &c.Audiences[index].Growth.Rate
	}
	return &c.Senders[index].Traffic.Rate
}

// Value returns what an uncertain quantity is in the Config, as scenarios write it.
func (c *Config) Value(u *Uncertain) string {
	if u.Of.IsRate() {
		return c.rate(u.Of, u.Index).String()
	}
	return c.share(u.Of, u.Index).String()
}

// Draw returns the Config with uncertain quantities as they are drawn under its seed.
// What is drawn depends on the seed, the name of the audience or sender, and the key.
func (c *Config) Draw() Config {
	d := *c
	d.Drawn = true
	d.Audiences, d.Senders = slices.Clone(c.Audiences), slices.Clone(c.Senders)
	for i := range d.Audiences {
		d.Audiences[i].Redraws = nil
	}
	for i := range c.Uncertain {
		u := &c.Uncertain[i]
		key := u.stream(&d)
		switch {
		case u.Of.IsRate():
			*d.rate(u.Of, u.Index) = u.rateOf(u.number(key.At(0)))
		case u.Campaigns:
			a := &d.Audiences[u.Index]
			a.Redraws = append(a.Redraws, Redraw{u.Of, u.Distribution, key})
			fallthrough
		default:
			*d.share(u.Of, u.Index) = min(u.share(key.At(0)), u.Of.most())
		}
		if u.Of.IsGrowth() {
			a := &d.Audiences[u.Index]
			a.Growth.Limit = u.Limit
			a.Growth.Limit = max(a.SizeAt(d.Horizon), a.Size)
		}
	}
	return d
}

// MeanRate returns the mean of an uncertain rate, to a thousandth.
func (u *Uncertain) MeanRate() unit.Rate {
	mean := (u.A + u.B + 1) / 2
	if u.Kind == Gamma {
		mean = rounded(u.A, 1000, u.B)
	}
	return u.rateOf(mean)
}

func (u *Uncertain) stream(c *Config) rng.Key {
	purpose := "uncertain " + u.Of.Key()
	if u.Of.OfSender() {
		return rng.Derive(c.Seed, "sender", c.Senders[u.Index].Name, purpose)
	}
	return rng.Derive(c.Seed, "audience", c.Audiences[u.Index].Name, purpose)
}

// rateOf returns the rate of a number of thousandths in a period.
func (u *Uncertain) rateOf(thousandths uint64) unit.Rate {
	n := min(max(thousandths, 1), MaxRate*1000*uint64(u.Per/time.Second))
	switch {
	case u.Times != 0:
		const finer = 10
		return unit.Rate{N: int64(max(fixed.MulDiv(finer*n, uint64(u.Times), uint64(unit.Whole)), 1)), Per: finer * 1000 * u.Per}
	case n%1000 == 0:
		return unit.Rate{N: int64(n / 1000), Per: u.Per}
	}
	return unit.Rate{N: int64(n), Per: 1000 * u.Per}
}

// Redraw is a share of an audience's messages that is drawn anew when a campaign to it
// starts.
type Redraw struct {
	Of Quantity
	Distribution
	Key rng.Key
}

// Set draws the share for a campaign to the audience, which is counted from 1.
func (r *Redraw) Set(a *mailbox.Audience, campaign uint64) {
	share := r.share(r.Key.At(campaign))
	switch r.Of {
	case Complaint:
		a.SetComplaint(share)
	case OutOfOffice:
		a.SetOutOfOffice(share)
	default:
		a.SetBounce([...]mailbox.Outcome{
			HardBounce: mailbox.Refused, MailboxFull: mailbox.Full, TooLarge: mailbox.TooLarge, ContentRejected: mailbox.ContentRejected,
			AttachmentRejected: mailbox.AttachmentRejected, Undetermined: mailbox.Undetermined, BlockedIP: mailbox.Blocked,
			Deferral: mailbox.Deferred,
		}[r.Of], share)
	}
}

// DistributionKind is a family of distributions.
type DistributionKind uint8

// The families.
const (
	Between DistributionKind = iota // uniform
	Beta
	Gamma
)

// Distribution is the distribution of a share or of a rate; NewDistribution makes one.
type Distribution struct {
	Kind DistributionKind
	// A and B are the two parameters of Beta, and shape and rate of Gamma, in millionths.
	// Of Between they are the ends, both included: shares, or thousandths of a rate.
	A, B      uint64
	quantiles *fixed.Distribution
}

// NewDistribution returns a distribution. The parameters of Beta and Gamma are from
// fixed.LeastParameter to fixed.MostParameter; of Between, A is at most B.
func NewDistribution(kind DistributionKind, a, b uint64) Distribution {
	d := Distribution{Kind: kind, A: a, B: b}
	switch kind {
	case Beta:
		d.quantiles = fixed.Beta(a, b)
	case Gamma:
		d.quantiles = fixed.Gamma(a)
	}
	return d
}

// Equal reports whether two distributions are the same.
func (d Distribution) Equal(other Distribution) bool {
	return d.Kind == other.Kind && d.A == other.A && d.B == other.B
}

// Parameters returns the parameters of Beta and Gamma as decimal numbers.
func (d *Distribution) Parameters() (a, b string) { return millionths(d.A), millionths(d.B) }

func millionths(n uint64) string {
	text := fmt.Sprintf("%d.%06d", n/fixed.ParameterOne, n%fixed.ParameterOne)
	for text[len(text)-1] == '0' {
		text = text[:len(text)-1]
	}
	if text[len(text)-1] == '.' {
		text = text[:len(text)-1]
	}
	return text
}

// Text returns the distribution of an uncertain quantity as scenarios write it, such as
// "beta = [1.37, 44.9]".
func (u *Uncertain) Text() string {
	var text string
	a, b := u.Parameters()
	switch u.Kind {
	case Beta:
		text = "beta = [" + a + ", " + b + "]" + u.perText()
	case Gamma:
		text = "gamma = [" + a + ", " + b + "]" + u.perText()
	default:
		text = "between = [" + strconv.Quote(u.end(u.A)) + ", " + strconv.Quote(u.end(u.B)) + "]"
	}
	if u.Campaigns {
		text += `, each = "campaign"`
	}
	return text
}

// perText returns the period of the parameters of an uncertain quantity that has one.
func (u *Uncertain) perText() string {
	switch {
	case u.Of.IsRate():
		return ", per = " + strconv.Quote(unit.Rate{N: 1, Per: u.Per}.String()[len("1/"):])
	case u.Of.IsLoss():
		return ", per = " + strconv.Quote(unit.FormatDuration(u.Per))
	}
	return ""
}

// end returns an end of an uncertain quantity that is Between two.
func (u *Uncertain) end(v uint64) string {
	switch {
	case u.Of.IsRate():
		return u.rateOf(v).String()
	case u.Of.IsLoss():
		return unit.Share(v).String() + "/" + unit.FormatDuration(u.Per)
	}
	return unit.Share(v).String()
}

// share returns the quantile at u/2^64 of the distribution of a share, at most the whole.
func (d *Distribution) share(u uint64) unit.Share {
	switch d.Kind {
	case Beta:
		return unit.Share(rounded(d.quantiles.At(u), uint64(unit.Whole), 1<<62))
	case Gamma:
		x := fixed.MulDiv(d.quantiles.At(u), d.A, d.B)
		return unit.Share(min(rounded(min(x, fixed.One48), uint64(unit.Whole), fixed.One48), uint64(unit.Whole)))
	}
	return unit.Share(d.between(u))
}

// number returns the quantile at u/2^64 of the distribution of a rate, in thousandths.
func (d *Distribution) number(u uint64) uint64 {
	if d.Kind != Gamma {
		return d.between(u)
	}
	x := fixed.MulDiv(d.quantiles.At(u)>>16, d.A, d.B)
	return rounded(x, 1000, 1<<32)
}

func (d *Distribution) between(u uint64) uint64 {
	hi, _ := bits.Mul64(u, d.B-d.A+1)
	return d.A + hi
}

// MeanShare returns the mean of the distribution of a share. That of Gamma is cut at the
// whole first.
func (d *Distribution) MeanShare() unit.Share {
	switch d.Kind {
	case Beta:
		return unit.Share(rounded(d.A, uint64(unit.Whole), d.A+d.B))
	case Between:
		return unit.Share((d.A + d.B + 1) / 2)
	}
	if d.share(^uint64(0)) < unit.Whole {
		return unit.Share(rounded(d.A, uint64(unit.Whole), d.B))
	}
	const points = 1 << 14
	sum := uint64(0)
	for i := range uint64(points) {
		sum += uint64(d.share((2*i + 1) << (64 - 15)))
	}
	return unit.Share((sum + points/2) / points)
}

// rounded returns a*b/c, rounded to the nearest integer.
func rounded(a, b, c uint64) uint64 { return fixed.MulDivAdd(a, b, c/2, c) }
