package simtest

import (
	"time"

	"sesim/sim"
	"sesim/sim/ses"
)

// The values of the enumerations, the plainest first.
var (
	accesses    = []ses.Access{ses.Production, ses.Sandbox}
	listReasons = []ses.ListReasons{ses.ListBounce | ses.ListComplaint, 0, ses.ListBounce, ses.ListComplaint}
	outcomes    = []ses.Outcome{ses.Granted, ses.Denied, ses.Failed, ses.MoreInfo}
	kinds       = []sim.TrafficKind{sim.Constant, sim.Campaign, sim.Poisson, sim.Diurnal, sim.Recorded}
	picks       = []sim.Pick{sim.Sequential, sim.Uniform, sim.Zipf}
	interfaces  = []sim.Interface{sim.V2, sim.V1, sim.SMTP}
	causes      = []string{
		"spamtrap", "blocklist", "listbombing", "direct-feedback", "internal-review", "mailbox-provider", "recipient-feedback",
		"related-account", "vulnerable-site", "compromised-credentials", "anti-spam-organisation",
	}
	periods = []time.Duration{time.Hour, time.Second, time.Minute, day, week} // of rates
)
