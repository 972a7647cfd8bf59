package engine_test

import "testing"

// This file tests the identity check of a call, through whole runs, where the
// rules leave room.

// boxed is an account in the sandbox that has verified a single recipient.
const boxed = `
run horizon=1h
rules instant
account acme us-east-1 sandbox identities=acme.example,ann@people.example
audience people addresses=ann@people.example,ann+x@people.example,bob@people.example,ann+y@acme.example
`

func TestRecipientLabels(t *testing.T) {
	const none = "rules sandbox.recipient_labels=false\n"
	const sent, refused = "1 accepted, 1 delivered", "1 refused by unverified"
	for _, c := range []struct{ name, scenario, want string }{
		{"the address itself", "send by=acme to=people:1", sent},
		{"its label", "send by=acme to=people:2", sent},
		{"another address", "send by=acme to=people:3", refused},
		{"without labels, the address itself", none + "send by=acme to=people:1", sent},
		{"without labels, its label", none + "send by=acme to=people:2", refused},
		{"without labels, a label at a domain", none + "send by=acme to=people:4", sent},
		{"without labels, a label of From", none + "send by=acme from=ann+x@people.example to=people:1", sent},
	} {
		t.Run(c.name, func(t *testing.T) {
			if told, res := play(t, boxed+c.scenario); counts(&res.Accounts[0].Counts) != c.want {
				t.Errorf("got  %s\nwant %s\n%v", counts(&res.Accounts[0].Counts), c.want, told)
			}
		})
	}
}

// TestIdentityOrder has a sandbox account call at one a second for a recipient
// that is not verified.
func TestIdentityOrder(t *testing.T) {
	const last = "rules identity.check=after-limits\n"
	const soon = "send by=acme to=people:1\nsend by=acme at=999ms to=people:3\n"
	const later = "send by=acme to=people:1\nsend by=acme at=1s to=people:3\n"
	const refused, throttled = "1 accepted, 1 refused by unverified, 1 delivered", "1 accepted, 1 refused by rate, 1 delivered"
	const quota = "1 accepted, 1 refused by quota, 1 delivered"
	for _, c := range []struct{ name, scenario, want string }{
		{"identities first", soon, refused},
		{"the rate first", last + soon, throttled},
		{"the rate lets it pass", last + later, refused},
		{"identities before the quota", "do set acme at=0s quota=1\n" + later, refused},
		{"the quota first", last + "do set acme at=0s quota=1\n" + later, quota},
	} {
		t.Run(c.name, func(t *testing.T) {
			if told, res := play(t, boxed+c.scenario); counts(&res.Accounts[0].Counts) != c.want {
				t.Errorf("got  %s\nwant %s\n%v", counts(&res.Accounts[0].Counts), c.want, told)
			}
		})
	}
}
