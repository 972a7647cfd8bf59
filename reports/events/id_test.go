package events_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sesim/reports/events"
	"sesim/sim"
)

// send returns the Send record of a message.
func send(t *testing.T, cfg *sim.Config, sender int, message int64) object {
	return observe(t, cfg, events.EventPublishing, sim.Record{
		Kind: sim.Sent, At: hour + 123456789*time.Nanosecond, Sender: sender, Account: cfg.Senders[sender].Account, Message: message, Recipients: []sim.Address{{}},
	})[0]
}

// TestMessageID checks the parts of a message id: the Region's prefix, the
// millisecond at which SES took the mail, a UUID, the part.
func TestMessageID(t *testing.T) {
	cfg := config(t)
	for region, prefix := range map[string]string{
		"us-east-1": "0100", "us-west-2": "0101", "eu-west-1": "0102", "eu-west-2": "010b", "eu-north-1": "0110",
		"af-south-1": "0196", "mars-north-1": "01b9", // not seen: assumed, and stable
	} {
		cfg.Accounts[0].Region = region
		id := text(send(t, cfg, newsletter, 0), "mail.messageId")
		if !strings.HasPrefix(id, prefix) {
			t.Errorf("%s: the prefix of %s is not %s", region, id, prefix)
		}
		millis, err := strconv.ParseInt(id[4:16], 16, 64)
		if want := cfg.Start.Add(hour + 123*time.Millisecond); err != nil || !time.UnixMilli(millis).Equal(want) {
			t.Errorf("%s says %v, %v; want %v", id, time.UnixMilli(millis).UTC(), err, want)
		}
	}
}

// TestIDsDiffer checks that ids depend on the seed, the account, the sender
// and the message, and on nothing else.
func TestIDsDiffer(t *testing.T) {
	ids := map[string]string{}
	add := func(what string, change func(*sim.Config), sender int, message int64) {
		cfg := config(t)
		change(cfg)
		uuid := text(send(t, cfg, sender, message), "mail.messageId")[17:]
		if other, taken := ids[uuid]; taken {
			t.Errorf("%s has the UUID of %s", what, other)
		}
		ids[uuid] = what
	}
	same := func(*sim.Config) {}
	add("the first message", same, newsletter, 0)
	add("the second message", same, newsletter, 1)
	add("another sender", same, letters, 0)
	add("another seed", func(c *sim.Config) { c.Seed = 2 }, newsletter, 0)
	add("another account", func(c *sim.Config) { c.Accounts[0].Name = "acme2" }, newsletter, 0)

	cfg := config(t)
	cfg.Rules.Retry.Horizon, cfg.Accounts[0].Quota, cfg.Horizon = hour, 1, hour
	if uuid := text(send(t, cfg, newsletter, 0), "mail.messageId")[17:]; ids[uuid] != "the first message" {
		t.Error("the id depends on a quota, a rule or the horizon")
	}
}

// TestFeedbackIDs checks that no two records of a run share a feedback id, and
// that its time is that at which SES learns of a bounce or a complaint.
func TestFeedbackIDs(t *testing.T) {
	lines, _ := run(t, config(t), events.EventPublishing)
	seen := map[string]bool{}
	for _, rec := range parse(t, lines) {
		id, _ := payload(rec)["feedbackId"].(string)
		if id == "" {
			continue
		}
		if seen[id] {
			t.Errorf("the feedback id %s stands in two records", id)
		}
		seen[id] = true
		millis, err := strconv.ParseInt(id[4:16], 16, 64)
		at, err2 := time.Parse(time.RFC3339, payload(rec)["timestamp"].(string))
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		relay := time.Duration(0)
		if kindOf(rec) == "Complaint" && text(rec, "complaint.userAgent") == "AnyCompany Feedback Loop (V0.01)" {
			relay = 5 * minute
		}
		if got := time.UnixMilli(millis).Sub(at); got != relay {
			t.Errorf("%s: the id is %v after the timestamp, want %v", kindOf(rec), got, relay)
		}
	}
	if len(seen) < 100 {
		t.Errorf("only %d feedback ids", len(seen))
	}
}

// TestAccounts checks that the accounts of a customer have one number in all
// Regions and others have others, and that mail names the identity by whose
// settings it is sent.
func TestAccounts(t *testing.T) {
	cfg := config(t)
	cfg.Accounts[1].Delegates = []int{0}
	cfg.Senders = append(cfg.Senders, sim.Sender{Name: "delegate", From: "x@beta.example", Delegated: true, Owner: 1})
	number := func(sender int) string { return text(send(t, cfg, sender, 0), "mail.sendingAccountId") }
	acme, box := number(newsletter), number(probe)
	if number(alerts) != acme || box == acme || !regexp.MustCompile(`^[1-9]\d{11}$`).MatchString(box) {
		t.Errorf("the account numbers are %s, %s and %s", acme, number(alerts), box)
	}
	delegate := len(cfg.Senders) - 1
	for sender, want := range map[int]string{
		newsletter: "arn:aws:ses:us-east-1:" + acme + ":identity/news@acme.example", // without its label
		letters:    "arn:aws:ses:us-east-1:" + acme + ":identity/acme.example",
		alerts:     "arn:aws:ses:eu-west-2:" + acme + ":identity/beta.example", // of the subdomain
		delegate:   "arn:aws:ses:us-east-1:" + acme + ":identity/beta.example", // the owner's
	} {
		if got := text(send(t, cfg, sender, 0), "mail.sourceArn"); got != want {
			t.Errorf("%s: %s, want %s", cfg.Senders[sender].Name, got, want)
		}
	}
	if got := number(delegate); got != acme {
		t.Errorf("the delegate's account is %s, want its own, %s", got, acme)
	}
	cfg.Accounts[0].Customer = "somebody else"
	if got := text(send(t, cfg, delegate, 0), "mail.sourceArn"); !strings.Contains(got, acme) || number(delegate) == acme {
		t.Errorf("the identity %s is not the owner's", got)
	}
	for region, want := range map[string]string{"cn-north-1": "arn:aws-cn:", "us-gov-west-1": "arn:aws-us-gov:"} {
		cfg.Accounts[0].Region = region
		if got := text(send(t, cfg, letters, 0), "mail.sourceArn"); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", region, got)
		}
	}
}

// TestIdentityOf checks which of several identities is the most specific, and
// that one which no identity covers is called by its domain.
func TestIdentityOf(t *testing.T) {
	for _, c := range []struct {
		from, want string
		verified   []string
	}{
		{"a@x.acme.example", "a@x.acme.example", []string{"acme.example", "x.acme.example", "a@x.acme.example"}},
		{"a@x.acme.example", "x.acme.example", []string{"acme.example", "x.acme.example", "b@x.acme.example"}},
		{"a@X.Acme.Example", "ACME.example", []string{"ACME.example"}},
		{"a+l@acme.example", "a@ACME.example", []string{"acme.example", "a@ACME.example"}},
		{"A@acme.example", "acme.example", []string{"acme.example", "a@acme.example"}},
		{"a@acme.example", "acme.example", []string{"other.example"}},
		{"a@notacme.example", "notacme.example", []string{"acme.example"}},
	} {
		cfg := config(t)
		cfg.Accounts[0].Identities, cfg.Senders[0].From = c.verified, c.from
		arn := text(send(t, cfg, newsletter, 0), "mail.sourceArn")
		if got := arn[strings.LastIndexByte(arn, '/')+1:]; got != c.want {
			t.Errorf("%s with %v: %s, want %s", c.from, c.verified, got, c.want)
		}
	}
}

// TestTags checks the tags that depend on the sender.
func TestTags(t *testing.T) {
	cfg := config(t)
	with, without := send(t, cfg, newsletter, 0), send(t, cfg, alerts, 0)
	if got := text(with, "mail.tags.ses:configuration-set[]"); got != "marketing" {
		t.Errorf("the configuration set is %q", got)
	}
	if got := text(with, "mail.tags.ses:operation[]"); got != "SendEmail" {
		t.Errorf("the operation is %q", got)
	}
	for _, tag := range []string{"ses:configuration-set", "ses:operation"} {
		if _, has := leaves(without)["mail.tags."+tag+"[]"]; has {
			t.Errorf("mail through SMTP without a configuration set has the tag %s", tag)
		}
	}
	if got := text(without, "mail.tags.ses:from-domain[]"); got != "mail.beta.example" {
		t.Errorf("the domain is %q", got)
	}
}

// TestHeaders checks that headers of 10 KB and more are cut, and that the
// lists of recipients are not.
func TestHeaders(t *testing.T) {
	cfg := config(t)
	for domain, want := range map[int][]string{60: {"From", "To"}, 250: {"From"}} {
		cfg.Audiences[0].Domain = strings.Repeat("d", domain) + ".example"
		all := make([]sim.Address, 50)
		for i := range all {
			all[i] = people(int64(i))
		}
		rec := observe(t, cfg, events.EventPublishing, sim.Record{Kind: sim.Sent, Recipients: all})[0]
		if got := addresses(rec, "mail.headers[].name"); !slices.Equal(got, want) {
			t.Errorf("headers are %v, want %v", got, want)
		}
		if got := leaves(rec)["mail.headersTruncated"][0]; got != (len(want) == 1) {
			t.Errorf("headersTruncated is %v", got)
		}
		if n := len(addresses(rec, "mail.destination[]")); n != 50 {
			t.Errorf("%d destinations", n)
		}
	}
}
