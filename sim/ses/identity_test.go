package ses_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// TestIdentitiesCover covers what a verified identity permits (guide, creating
// and verifying identities): a domain its subdomains and all addresses at
// them; an address its labels; domains without regard to case, local parts
// with it.
func TestIdentitiesCover(t *testing.T) {
	for _, c := range []struct {
		name, identity, address string
		want                    bool
	}{
		{"an address at the domain", "example.com", "user@example.com", true},
		{"a label at a deep subdomain", "example.com", "x+l@a.b.example.com", true},
		{"the domain in another case", "Example.COM", "user@eXample.com", true},
		{"the parent of a subdomain", "a.example.com", "user@example.com", false},
		{"a sibling subdomain", "a.example.com", "user@b.example.com", false},
		{"a domain that ends alike", "example.com", "user@notexample.com", false},
		{"a domain that begins alike", "example.com", "user@example.com.org", false},
		{"a domain under the same top level", "example.com", "user@example.org", false},
		{"a domain as a local part", "example.com", "example.com@elsewhere.org", false},
		{"a top-level domain is not implied", "example.com", "user@com", false},
		{"no address at all", "example.com", "example.com", false},
		{"an address without a domain", "example.com", "user@", false},
		{"nothing", "example.com", "", false},
		{"the last @ counts", "example.com", `"a@elsewhere.org"@example.com`, true},
		{"the last @ counts the other way", "elsewhere.org", `"a@elsewhere.org"@example.com`, false},

		{"the address itself", "sender@example.com", "sender@example.com", true},
		{"a label", "sender@example.com", "sender+anything@example.com", true},
		{"an empty label", "sender@example.com", "sender+@example.com", true},
		{"a label with a plus", "sender@example.com", "sender+a+b@example.com", true},
		{"the base of a verified label", "sender+a@example.com", "sender@example.com", false},
		{"another label than the verified one", "sender+a@example.com", "sender+b@example.com", false},
		{"the verified label", "sender+a@example.com", "sender+a@example.com", true},
		{"another address", "sender@example.com", "other@example.com", false},
		{"another address that begins alike", "sender@example.com", "senders@example.com", false},
		{"a label alone", "sender@example.com", "+sender@example.com", false},
		{"the address at a subdomain", "sender@example.com", "sender@a.example.com", false},
		{"the domain's case", "sender@EXAMPLE.com", "sender@example.COM", true},
		{"the local part's case", "sender@example.com", "Sender@example.com", false},
		{"the local part's case before a label", "sender@example.com", "Sender+a@example.com", false},
		{"the verified address's own case", "Sender@example.com", "Sender@example.com", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			ids := ses.NewIdentities([]string{c.identity})
			if got := ids.Covers(c.address); got != c.want {
				t.Errorf("%s covers %s: %v, want %v", c.identity, c.address, got, c.want)
			}
			if other := ses.NewIdentities(nil); other.Covers(c.address) {
				t.Errorf("no identity covers %s", c.address)
			}
		})
	}
}

// TestCoversRecipient checks what a verified address covers of recipients in
// the sandbox: labels count, unless the rules say otherwise; the very address
// and domains always do.
func TestCoversRecipient(t *testing.T) {
	labels := newAccount(t, ses.Spec{Identities: []string{"example.com", "ops@partner.org", "on+call@partner.org"}})
	none := newAccount(t, ses.Spec{Identities: []string{"example.com", "ops@partner.org", "on+call@partner.org"}},
		func(s *rules.Set) { s.Sandbox.RecipientLabels = false })
	for address, want := range map[string]struct{ labels, none bool }{
		"ops@partner.org":      {true, true},
		"ops+x@partner.org":    {true, false},
		"ops+@PARTNER.org":     {true, false},
		"on+call@partner.org":  {true, true},
		"on@partner.org":       {false, false},
		"on+calls@partner.org": {false, false},
		"x+y@eu.example.com":   {true, true},
		"x+y@other.org":        {false, false},
	} {
		if labels.CoversRecipient(address) != want.labels || none.CoversRecipient(address) != want.none {
			t.Errorf("%s: covered %v, without labels %v; want %v", address, labels.CoversRecipient(address), none.CoversRecipient(address), want)
		}
		if !none.Identities().Covers(address) && want.labels {
			t.Errorf("%s does not count as a sender", address)
		}
	}
}

// TestIdentitiesCoverDomain checks which domains are the account's own: a
// verified address does not make its domain one.
func TestIdentitiesCoverDomain(t *testing.T) {
	ids := ses.NewIdentities([]string{"example.com", "sender@partner.org"})
	for domain, want := range map[string]bool{
		"example.com": true, "EXAMPLE.com": true, "a.b.example.com": true, "com": false, "": false, ".": false,
		"notexample.com": false, "partner.org": false, "sender@partner.org": false,
	} {
		if got := ids.CoversDomain(domain); got != want {
			t.Errorf("%q is covered: %v, want %v", domain, got, want)
		}
	}
	if !ids.AnyAddressAt("Partner.org") || ids.AnyAddressAt("example.com") {
		t.Error("the only single address is at partner.org")
	}
	if got := ids.AddressesAt("PARTNER.org"); !slices.Equal(got, []string{"sender"}) {
		t.Errorf("%q at partner.org", got)
	}
}

// TestVerify covers changes of the identities: they hold at once (guide,
// creating and verifying identities).
func TestVerify(t *testing.T) {
	t.Run("identity.verify", func(t *testing.T) {
		a := newAccount(t, ses.Spec{Identities: []string{"example.com", "ops@partner.org"}})
		covers := func(want ...bool) {
			t.Helper()
			for i, address := range []string{"a@example.com", "ops@partner.org", "b@partner.org"} {
				if got := a.Identities().Covers(address); got != want[i] {
					t.Errorf("%s is covered: %v, want %v", address, got, want[i])
				}
			}
		}
		covers(true, true, false)
		a.Verify(1, "Partner.org")
		covers(true, true, true)
		a.Drop(2, "partner.ORG")
		covers(true, true, false)
		a.Drop(3, "ops@PARTNER.org")
		covers(true, false, false)
		a.Drop(4, "example.com")
		a.Drop(5, "example.com") // is not there any more
		covers(false, false, false)
		if a.Identities().AnyAddressAt("partner.org") {
			t.Error("a dropped address is left")
		}
		want := []ses.Transition{
			{At: 1, Event: ses.EventVerified, Rule: rules.IdentityVerify, Why: "Partner.org"},
			{At: 2, Event: ses.EventUnverified, Rule: rules.IdentityVerify, Why: "partner.ORG"},
			{At: 3, Event: ses.EventUnverified, Rule: rules.IdentityVerify, Why: "ops@PARTNER.org"},
			{At: 4, Event: ses.EventUnverified, Rule: rules.IdentityVerify, Why: "example.com"},
			{At: 5, Event: ses.EventNotFound, Rule: rules.IdentityVerify, Why: "example.com: 404 NotFoundException; the account has no such identity"},
		}
		if diff := cmp.Diff(want, lines(a, 0)); diff != "" {
			t.Errorf("timeline (-want +got):\n%s", diff)
		}
	})
}

// TestExempt covers whose mail counts towards no rate: that to verified domains and, by
// the page on reputation messages but not the FAQ, to verified addresses.
func TestExempt(t *testing.T) {
	spec := ses.Spec{Identities: []string{"example.com", "ops@partner.org"}}
	count := func(s *rules.Set) { s.Rep.VerifiedAddressesCount = true }
	unlabelled := func(s *rules.Set) { s.Sandbox.RecipientLabels = false }
	for _, c := range []struct {
		address                  string
		today, counted, noLabels bool
	}{
		{"a@example.com", true, true, true},
		{"a@sub.EXAMPLE.com", true, true, true},
		{"ops@partner.ORG", true, false, true},
		{"Ops@partner.org", false, false, false},
		{"ops+list@partner.org", true, false, false},
		{"a@partner.org", false, false, false},
	} {
		for _, set := range []struct {
			changes []change
			want    bool
		}{{nil, c.today}, {[]change{count}, c.counted}, {[]change{unlabelled}, c.noLabels}} {
			if got := newAccount(t, spec, set.changes...).Exempt(c.address); got != set.want {
				t.Errorf("%s counts towards no rate: %v, want %v", c.address, got, set.want)
			}
		}
	}
}
