package engine

import (
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// ruleFields are the cases of rules.Set for TestFastPathFields.
var ruleFields = map[string]fieldCase{
	"Global.Durations":                 set([]time.Duration{10 * time.Minute}),
	"Global.StrikeMemory":              setWith(globalOnly, 30*time.Minute),
	"Global.SuppressedBounceEscalates": setWith(globalOnly, flip{}),
	"Global.AddOnComplaint":            set(flip{}),
	"Global.PerRegion":                 setWith(twoRegions, flip{}),
	"Global.DeliveryResets":            set(flip{}),
	"Global.RemovalForm":               set(flip{}),
	"Account.OverridesGlobal":          setWith(func(c *sim.Config) { c.Rules.Account.AddDelay = 10 * time.Hour }, flip{}),
	"Account.AddOnSuppressedBounce":    setWith(func(c *sim.Config) { c.Rules.Account.AddOnGeneral, c.Rules.Mail.NoEmailShare = false, 0 }, flip{}),
	"Account.AddOnGeneral":             set(flip{}),
	"Account.ReasonMatch":              setWith(importedComplaints, flip{}),
	"Account.AddDelay":                 set(time.Hour),
	"Account.PauseWipe":                set(time.Hour),
	"Account.CustomerPauseWipes":       setWith(longPause, flip{}),
	"Sandbox.NarrowBlock":              setWith(func(c *sim.Config) { c.Actions[0] = sim.Action{At: time.Minute, Do: sim.DoList, Account: 1} }, flip{}),
	"Sandbox.RecipientLabels":          setWith(labels, flip{}),
	"Identity.ListedText":              setWith(longRefusals, int64(5)),
	"Identity.AfterLimits":             setWith(halfVerified, flip{}),
	"Rate.BurstSeconds":                set(int64(100)),
	"Rate.Debt":                        setWith(func(c *sim.Config) { aboveRate(c); c.Senders[0].Recipients = 5; c.Accounts[0].Rate = 3 }, flip{}),
	"API.PerSecond":                    setWith(hurriedOperations, int64(0)),
	"Quota.MustFit":                    setWith(func(c *sim.Config) { c.Senders[0].Recipients = 7 }, flip{}),
	"Quota.Granularity":                set(5 * time.Hour),
	"Rep.WindowEligible":               set(int64(60)),
	"Rep.WindowDays":                   set(int64(2)),
	"Rep.MaxLookback":                  set(time.Hour),
	"Rep.VerifiedAddressesCount":       setWith(labels, flip{}),
	"Rep.MinEligible":                  set(int64(1000)),
	"Rep.MinBounces":                   set(int64(1000)),
	"Rep.MinComplaints":                set(int64(1000)),
	"Rep.EvalInterval":                 set(7 * time.Minute),
	"Review.BounceRate":                set(unit.Whole),
	"Review.ComplaintRate":             setWith(complaintsOnly, unit.Whole),
	"Review.Length":                    set(time.Hour),
	"Review.SendingAllowance":          set(int64(20)),
	"Review.EndRule":                   set(rules.EndPause),
	"Review.DecisionTime":              set(5 * time.Hour),
	"Pause.BounceRate":                 set(unit.Percent),
	"Pause.ComplaintRate":              set(unit.Whole),
	"Pause.ImmediateFactor":            set(int64(1)),
	"Pause.RepeatReviews":              set(int64(1)),
	"Pause.Notice":                     set(5 * time.Hour),
	"Pause.SendingEnabled":             set(flip{}),
	"Pause.PermanentAfter":             set(int64(1)),
	"Appeal.Reply":                     set(unit.Spread{Median: 9 * time.Hour, Upper: 9 * time.Hour}),
	"Appeal.FreshStart":                set(false),
	"Prod.ReviewWithin":                set(time.Minute),
	"Prod.LongerShare":                 set(unit.Whole),
	"Prod.LongerFrom":                  setWith(longReview, 90*time.Minute),
	"Prod.LongerTo":                    setWith(longReview, 10*time.Hour),
	"Prod.Quota":                       set(int64(77)),
	"Prod.Rate":                        set(int64(77)),
	"Prod.NewAfterDenied":              setWith(denied, flip{}),
	"AutoIncrease.On":                  setWith(increases, flip{}),
	"AutoIncrease.Days":                setWith(increases, int64(3)),
	"AutoIncrease.Of":                  setWith(everyOtherDay, int64(3)),
	"AutoIncrease.Use":                 setWith(increases, unit.Whole),
	"AutoIncrease.BounceRate":          setWith(increases, unit.Share(1)),
	"AutoIncrease.ComplaintRate":       setWith(increases, unit.Share(1)),
	"AutoIncrease.Factor":              setWith(increases, int64(3)),
	"AutoIncrease.Every":               setWith(increases, 60*time.Hour),
	"AutoIncrease.Cap":                 setWith(increases, int64(1600)),
	"Retry.Horizon":                    set(30 * time.Minute),
	"Retry.First":                      set(time.Hour),
	"Retry.Factor":                     set(int64(9000)),
	"Retry.Cap":                        set(10 * time.Minute),
	"Retry.Jitter":                     set(unit.Whole / 2),
	"Delay.Delivery":                   set(unit.Spread{Median: time.Hour, Upper: time.Hour}),
	"Delay.Bounce":                     set(unit.Spread{Median: time.Hour, Upper: time.Hour}),
	"Delay.AsyncShare":                 set(unit.Whole),
	"Delay.Async":                      setWith(func(c *sim.Config) { c.Rules.Delay.AsyncShare = unit.Whole }, unit.Spread{Median: time.Hour, Upper: time.Hour}),
	"Delay.Complaint":                  set(unit.Spread{Median: time.Hour, Upper: time.Hour}),
	"Delay.ComplaintRelay":             set(3 * time.Hour),
	"Delay.Publish":                    setWith(hygiene, unit.Spread{Median: 20 * time.Hour, Upper: 20 * time.Hour}),
	"Mail.NoEmailShare":                setWith(func(c *sim.Config) { c.Rules.Account.AddOnGeneral = false }, unit.Whole/3),
	"Mail.DeadDomainPermanent":         set(flip{}),
	"Mail.Port25PerMinute":             setWith(func(c *sim.Config) { aboveRate(c); c.Senders[0].Throttled25 = true }, int64(1)),
	"Session.Idle":                     setWith(smtpClient, time.Second),
	"Session.MaxMessages":              setWith(smtpClient, int64(1)),
	"Mail.SimulatorGeneral":            inert("it is how a record words a bounce", flip{}),
}

// smtpClient lets a client call over SMTP that gives up what SES does not get.
func smtpClient(c *sim.Config) {
	k := sim.Client{Name: "k", Config: client.Default()}
	k.Connection.Reconnect = false
	c.Clients = append(c.Clients, k)
	s := &c.Senders[0]
	s.Client, s.Interface, s.Retry = len(c.Clients), ses.SMTP, sim.Retry{}
}

// globalOnly leaves suppression to the global list, whose first stay is short.
func globalOnly(c *sim.Config) {
	c.Accounts[0].Suppression = 0
	c.Rules.Global.Durations = []time.Duration{time.Hour, 5 * time.Hour}
}

// twoRegions lets an account in another Region write to the same addresses.
func twoRegions(c *sim.Config) {
	globalOnly(c)
	c.Accounts[1].Access, c.Accounts[1].Suppression = ses.Production, 0
	other := c.Senders[0]
	other.Name, other.Account, other.From = "far", 1, "news@box.example"
	c.Senders = append(c.Senders, other)
}

// importedComplaints puts addresses on the account's list for a reason for which
// the account does not suppress.
func importedComplaints(c *sim.Config) {
	c.Accounts[0].Suppression = ses.ListBounce
	c.Actions[0] = sim.Action{At: time.Minute, Do: sim.DoImport, Count: 100, Reason: ses.ListComplaint}
}

// labels has recipients that are labels of a verified address.
func labels(c *sim.Config) {
	sandboxed(c)
	c.Audiences[0].Local = "user+"
	c.Accounts[0].Identities = []string{"acme.example", "user@people.example"}
}

// longReview lets AWS take long for a request.
func longReview(c *sim.Config) {
	p := &c.Rules.Prod
	p.LongerShare, p.LongerFrom, p.LongerTo = unit.Whole, time.Hour, 2*time.Hour
}

// increases lets the quota grow each day.
func increases(c *sim.Config) {
	c.Horizon, c.Actions, c.Accounts[0].Quota = 4*unit.Day, nil, 1500
	c.Rules.Review.BounceRate, c.Rules.Review.ComplaintRate = unit.Whole, unit.Whole
	c.Rules.Pause.BounceRate, c.Rules.Pause.ComplaintRate = unit.Whole, unit.Whole
	c.Rules.AutoIncrease = rules.AutoIncrease{
		On: true, Days: 1, Of: 1, Use: unit.Whole / 3, BounceRate: unit.Whole, ComplaintRate: unit.Whole, Factor: 2, Every: time.Hour, Cap: 1 << 30,
	}
}

// everyOtherDay is increases with a day without mail between two with it.
func everyOtherDay(c *sim.Config) {
	increases(c)
	c.Rules.AutoIncrease.Days, c.Rules.AutoIncrease.Of = 2, 2
	c.Actions = []sim.Action{{At: unit.Day, Do: sim.DoPause}, {At: 2 * unit.Day, Do: sim.DoResume}}
}

// halfVerified sends above the rate to two addresses, one of them verified.
func halfVerified(c *sim.Config) {
	sandboxed(c)
	aboveRate(c)
	c.Accounts[0].Identities = []string{"acme.example", "a@people.example"}
	c.Audiences[0].Size, c.Audiences[0].Addresses = 2, []string{"a@people.example", "b@people.example"}
}

// longRefusals has refusals that name several identities, by every sender.
func longRefusals(c *sim.Config) {
	sandboxed(c)
	for i := range c.Senders {
		c.Senders[i].Recipients = 5
	}
}

// complaintsOnly lets nothing but complaints lead to a review, and to no pause.
func complaintsOnly(c *sim.Config) {
	c.Rules.Review.BounceRate, c.Rules.Pause.BounceRate, c.Rules.Pause.ComplaintRate = unit.Whole, unit.Whole, unit.Whole
}

// hygiene lets every sender take bounced addresses off its list.
func hygiene(c *sim.Config) {
	for i := range c.Senders {
		c.Senders[i].RemoveBounced = true
	}
}

// longPause has the customer pause the first account for longer than it takes to
// empty its list.
func hurriedOperations(c *sim.Config) {
	list := sim.Action{At: time.Minute, Do: sim.DoList}
	c.Actions = append(c.Actions, list, list)
}

func longPause(c *sim.Config) {
	c.Rules.Account.PauseWipe = time.Hour
	c.Actions = append(c.Actions, sim.Action{At: 5 * time.Hour, Do: sim.DoPause}, sim.Action{At: 7 * time.Hour, Do: sim.DoResume})
}

// denied has the second account ask again after a denial.
func denied(c *sim.Config) {
	c.Accounts[1].Requests = []sim.Request{
		{At: time.Hour, MailType: "MARKETING", After: time.Hour, Outcome: ses.Denied},
		{At: 3 * time.Hour, MailType: "MARKETING", After: time.Hour, Outcome: ses.Granted},
	}
}
