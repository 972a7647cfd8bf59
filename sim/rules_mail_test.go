package sim_test

import "testing"

func TestGlobalListRules(t *testing.T) {
	t.Run("global.removal", func(t *testing.T) {
		const listed = `
			rules global.removal_form=true
			account beta us-east-1 production identities=beta.example
			send by=beta to=gone:1
			send by=acme at=2s to=gone:1
			`
		const still, free = "1 accepted, 1 suppressed by the global list; bounces 1/1", "1 accepted, 1 bounced hard; bounces 1/1"
		const form = listed + "do remove-global acme at=1s address=gone:1 characters=k7tm2 region="
		outcomes(t, []outcomeCase{
			{"nobody asks", listed, still},
			{"in us-east-1", form + "us-east-1", free},
			{"in us-west-2", form + "us-west-2", free},
			{"in eu-west-1", form + "eu-west-1", free},
			{"where the form is not offered", form + "eu-central-1", still},
			{"without the characters", listed + "do remove-global acme at=1s address=gone:1 region=us-east-1", still},
			{"there is no form", form + "us-east-1\nrules global.removal_form=false", still},
			{"another address", listed + "do remove-global acme at=1s address=gone:2 characters=k7tm2 region=us-east-1", still},
			{"after the mail", listed + "do remove-global acme at=3s address=gone:1 characters=k7tm2 region=us-east-1", still},
		})
	})
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
