package sim_test

import "testing"

func TestGlobalListRules(t *testing.T) {
	t.Run("global.suppressed", func(t *testing.T) {
		// Beta's mail lists the address, acme's meets the list a second later.
		const met = `
			account beta us-east-1 production identities=beta.example
			send by=beta to=gone:1
			send by=acme at=1s to=gone:1
			`
		const overrides, off = met + "rules account.overrides_global=true\n", "do set acme at=0s suppression=none\n"
		outcomes(t, []outcomeCase{
			{"it suppresses", met, "1 accepted, 1 suppressed by the global list; bounces 1/1"},
			{"the account's list is on and overrides it", overrides, "1 accepted, 1 bounced hard; bounces 1/1"},
			{"the account's list is off and overrides nothing", overrides + off, "1 accepted, 1 suppressed by the global list; bounces 1/1"},
		})
	})
}

func TestComplaintRules(t *testing.T) {
	t.Run("complaint.feedback-loop", func(t *testing.T) {
		const relayed = "rules complaint.delay=1h complaint.relay=10m\nsend by=acme to=loop:1\nrun horizon="
		outcomes(t, []outcomeCase{
			{"the end when the relay has it", relayed + "1h10m", "1 accepted, 1 delivered; bounces 0/1"},
			{"the end just after", relayed + "1h10m0.000000001s", "1 accepted, 1 delivered, 1 complaints; bounces 0/1"},
		})
	})
}
