package scenarios

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFurtherProblems has cases as TestProblems: each replaces one line of
// base.
func TestFurtherProblems(t *testing.T) {
	const (
		identities = `identities = ["acme.example"]`
		request    = `at = "2d"`
		size       = `size = 100`
		from       = `from = "news@acme.example"`
		traffic    = `traffic = { kind = "poisson", rate = "60/h" }`
		appeal     = `do = "appeal"`
		europe     = "\n[[account]]\nname = \"europe\"\nregion = \"eu-west-1\"\n[[account.request]]"
	)
	for _, c := range []struct {
		line, instead string
		want          []string
	}{
		// accounts and one another
		{identities, `customer = ""`, []string{`10:12: account.acme.customer: the text is empty`}},
		{identities, `delegates = ["agency", "acme", 5]`, []string{
			`10:14: account.acme.delegates[0]: no account is named "agency"`,
			`10:24: account.acme.delegates[1]: an account needs no authorization for identities of its own`,
			`10:32: account.acme.delegates[2]: 5 is not a text: write it in quotes`}},
		{identities, `delegates = ["europe"]` + europe, []string{
			`10:14: account.acme.delegates[0]: account "europe" is in eu-west-1 and acme in us-east-1: an identity can be used only in its own Region`}},
		{identities, `delegats = []`, []string{`10:1: account.acme.delegats: unknown key (did you mean "delegates"?)`}},
		{request, `regions = ["us-east-1", "eu-west-1", "Ireland", 5]`, []string{
			`13:12: account.acme.request[0].regions[0]: "us-east-1" is the account's own Region, which the request is for anyway`,
			`13:25: account.acme.request[0].regions[1]: account acme has no customer: give it and the accounts in further Regions the same one`,
			`13:38: account.acme.request[0].regions[2]: "Ireland" is not a Region: write its name, such as "us-east-1"`,
			`13:49: account.acme.request[0].regions[3]: 5 is not a text: write it in quotes`}},
		{identities, `customer = "Acme"` + europe + "\nregions = [\"us-east-1\"]\n[[account.request]]", []string{
			`15:12: account.europe.request[0].regions[0]: account europe has no customer: give it and the accounts in further Regions the same one`}},
		{"access = \"production\"\n" + identities + "\n\n[[account.request]]", "customer = \"Acme\"\n[[account.request]]\nregions = [\"eu-west-1\"]", []string{
			`11:12: account.acme.request[0].regions[0]: customer "Acme" has no account in eu-west-1`}},
		{identities, `customer = "Acme"` + europe + "\n[[account]]\nname = \"second\"\ncustomer = \"Acme\"\n[[account]]\nname = \"third\"\ncustomer = \"Acme\"\nregion = \"Ireland\"", []string{
			`17:12: account.second.customer: account acme of this customer is in us-east-1 already: a customer has one account in a Region`,
			`21:10: account.third.region: "Ireland" is not a Region: write its name, such as "us-east-1"`}},
		{request, `regions = "eu-west-1"`, []string{`13:11: account.acme.request[0].regions: "eu-west-1" is not a list: write it between [ and ]`}},

		// configuration sets
		{"[[account.request]]\n" + request, "[[account.configuration_set]]\nname = \"a\"\nsending = \"no\"\n[[account.configuration_set]]\nname = \"a\"\nsuppression = [\"SPAM\"]\n[[account.configuration_set]]", []string{
			`14:11: account.acme.configuration_set.a.sending: "no" is not true or false`,
			`16:8: account.acme.configuration_set.a.name: there is another configuration set of this name in line 13`,
			`17:16: account.acme.configuration_set.a.suppression[0]: "SPAM" is not one of "BOUNCE", "COMPLAINT"`,
			`18:1: account.acme.configuration_set[2]: the key name is missing`}},
		{"[[account.request]]\n" + request, "[[account.configuration_set]]\nname = \"a\"\nmax_delivery = \"299s\"\n[[account.configuration_set]]\nname = \"b\"\nmax_delivery = \"14h1s\"\n" +
			"[[account.configuration_set]]\nname = \"c\"\nmax_delivery = \"300s1ms\"\n[[account.configuration_set]]\nname = \"d\"\nmax_delivery = 900\n" +
			"[[account.configuration_set]]\nname = \"e\"\nmax_delivry = \"1h\"", []string{
			`14:16: account.acme.configuration_set.a.max_delivery: "299s" is not at least 5m`,
			`17:16: account.acme.configuration_set.b.max_delivery: "14h1s" is not at most 14h`,
			`20:16: account.acme.configuration_set.c.max_delivery: "300s1ms" is not a whole number of seconds`,
			`23:16: account.acme.configuration_set.d.max_delivery: 900 is not a duration: write a number and a unit in quotes, such as "90s", "18h" or "30d"`,
			`26:1: account.acme.configuration_set.e.max_delivry: unknown key (did you mean "max_delivery"?)`}},
		{identities, `configuration_set = "a"`, []string{
			`10:21: account.acme.configuration_set: "a" is not a list of tables: begin each with [[account.configuration_set]]`}},
		{from, from + "\nconfiguration_set = \"news\"", []string{`23:21: sender.news.configuration_set: account acme has no configuration set named "news"`}},
		{from, from + "\nconfiguration_set = 5", []string{`23:21: sender.news.configuration_set: 5 is not a name: write it in quotes`}},

		// audience
		{size, "size = 2\ndomain = \"a.example\"\nlocal = \"x\"\naddresses = [\"a@b.example\"]", []string{
			`17:1: audience.customers.size: this key does not go with addresses, which say it already`,
			`18:1: audience.customers.domain: this key does not go with addresses, which say it already`,
			`19:1: audience.customers.local: this key does not go with addresses, which say it already`}},
		{size, `addresses = []`, []string{`17:13: audience.customers.addresses: there are no addresses: name at least one, or leave the key out`}},
		{size, `addresses = "a@b.example"`, []string{`17:13: audience.customers.addresses: "a@b.example" is not a list: write it between [ and ]`}},
		{size, `addresses = ["a@b.example", "A@B.example", "b", "nobody@simulator.amazonses.com", "bounce@simulator.amazonses.com", "Bounce@simulator.amazonses.com"]`, []string{
			`17:29: audience.customers.addresses[1]: "A@B.example" is named twice: capitals make no other address`,
			`17:44: audience.customers.addresses[2]: "b" is not a mail address: it has no @`,
			`17:49: audience.customers.addresses[3]: "nobody@simulator.amazonses.com" is not a mailbox of the simulator: it has success, bounce, ooto, complaint and suppressionlist, with or without a label`,
			`17:117: audience.customers.addresses[5]: "Bounce@simulator.amazonses.com" is named twice: capitals make no other address`}},
		{size, "size = 100\n[[audience]]\nname = \"b\"\naddresses = [\"customers-101@customers.example\", \"Customers-100@customers.example\", \"x@b.example\"]\n[[audience]]\nname = \"c\"\naddresses = [\"x@b.example\"]", []string{
			`20:49: audience.b.addresses[1]: "Customers-100@customers.example" belongs to audience customers too`,
			`23:14: audience.c.addresses[0]: "x@b.example" belongs to audience b too`}},
		{size, `dead_domain = 5`, []string{`17:15: audience.customers.dead_domain: 5 is not a share: write a percentage such as "5%" or a fraction such as 0.05`}},
		{size, "hard_bounce = \"50%\"\nundetermined = \"0.1%\"\nmailbox_full = \"50%\"", []string{
			`18:16: audience.customers.undetermined: hard_bounce, mailbox_full, message_too_large, content_rejected, attachment_rejected, undetermined, blocked_ip and deferred are more than 100% together`}},

		{size, "invalid = \"60%\"\ndead_domain = \"60%\"", []string{
			`18:15: audience.customers.dead_domain: invalid and dead_domain are more than 100% together`}},
		// sender
		{from, from + "\nsource = \"acme.example\"\nreturn_path = 5\nsender = \"\"", []string{
			`23:10: sender.news.source: "acme.example" is not a mail address: it has no @`,
			`24:15: sender.news.return_path: 5 is not a text: write it in quotes`,
			`25:10: sender.news.sender: "" is not a mail address: it has no @`}},
		{from, from + "\non_behalf_of = \"acme\"", []string{`23:16: sender.news.on_behalf_of: it is the sender's own account: leave the key out`}},
		{from, from + "\non_behalf_of = \"agency\"", []string{`23:16: sender.news.on_behalf_of: no account is named "agency"`}},
		{from, from + "\nsize = 12", []string{`23:8: sender.news.size: 12 is not a size: write a whole number and B, kB or MB in quotes, such as "500kB" or "12MB"`}},
		{from, from + "\nsize = \"1.5MB\"", []string{`23:8: sender.news.size: "1.5MB" is not a size: write a whole number and B, kB or MB in quotes, such as "500kB" or "12MB"`}},
		{from, from + "\nsize = \"-1MB\"", []string{`23:8: sender.news.size: "-1MB" is not a size: write a whole number and B, kB or MB in quotes, such as "500kB" or "12MB"`}},
		{from, from + "\nsize = \"0B\"", []string{`23:8: sender.news.size: "0B" is not at least 1B`}},
		{from, from + "\nsize = \"1025MB\"", []string{`23:8: sender.news.size: "1025MB" is not at most 1024MB`}},
		{from, from + "\nsize = \"99999999999999999999MB\"", []string{`23:8: sender.news.size: "99999999999999999999MB" is not at most 1024MB`}},
		{from, from + "\nrejected = \"101%\"", []string{`23:12: sender.news.rejected: "101%" is not a share: it must lie between 0% and 100%`}},
		{from, from + "\nport = 25\norigin = \"ec2\"\nport_throttle_removed = false", []string{
			`23:1: sender.news.port: this key goes with interface = "smtp" only`,
			`24:1: sender.news.origin: this key goes with interface = "smtp" only`,
			`25:1: sender.news.port_throttle_removed: this key goes with interface = "smtp" only`}},
		{from, from + "\ninterface = \"smtp\"\nport = 26\norigin = \"home\"\nport_throttle_removed = 1", []string{
			`24:8: sender.news.port: 26 is not one of SES's ports for SMTP: 25, 465, 587, 2465, 2587`,
			`25:10: sender.news.origin: "home" is not one of "elsewhere", "ec2"`,
			`26:25: sender.news.port_throttle_removed: 1 is not true or false`}},

		{traffic, traffic + "\ncredentials = \"sigv2\"", []string{`25:1: sender.news.credentials: this key goes with interface = "smtp" only`}},

		// traffic
		{traffic, `traffic = { kind = "daily" }`, []string{`24:20: sender.news.traffic.kind: "daily" is not one of "constant", "poisson", "campaign", "diurnal", "ramp", "trace"`}},
		{traffic, `traffic = { kind = "diurnal" }`, []string{`24:1: sender.news.traffic: the key rate is missing`}},
		{traffic, `traffic = { kind = "diurnal", rate = "1/h", peak = "24:00", depth = 2, pace = "1/h" }`, []string{
			`24:52: sender.news.traffic.peak: "24:00" is not a time of the day: write hours and minutes, such as "14:00"`,
			`24:69: sender.news.traffic.depth: 2 is not a share: write a percentage such as "5%" or a fraction such as 0.05`,
			`24:72: sender.news.traffic.pace: this key does not fit kind = "diurnal"`}},
		{traffic, `traffic = { kind = "trace" }`, []string{`24:1: sender.news.traffic: the key file is missing`}},
		{traffic, `traffic = { kind = "trace", file = "sends.csv" }`, []string{
			`24:36: sender.news.traffic.file: the file "sends.csv" cannot be read here: this scenario comes without files`}},
		{traffic, `traffic = { kind = "trace", file = 5 }`, []string{`24:36: sender.news.traffic.file: 5 is not a text: write it in quotes`}},

		// action
		{appeal, `do = "get"`, []string{`26:1: action[0]: the key address is missing`}},
		{appeal, "do = \"list\"\naddress = \"customers-1@customers.example\"", []string{`29:1: action[0].address: this key does not fit do = "list"`}},
		{appeal, `do = "trigger"`, []string{`26:1: action[0]: the key cause is missing`}},
		{appeal, "do = \"trigger\"\ncause = \"spam-trap\"\neffect = \"paused\"", []string{
			`29:9: action[0].cause: "spam-trap" is not one of "spamtrap", "blocklist", "listbombing", "direct-feedback", "internal-review", "mailbox-provider", "recipient-feedback", "related-account", "vulnerable-site", "compromised-credentials", "anti-spam-organisation" (did you mean "spamtrap"?)`,
			`30:10: action[0].effect: "paused" is not one of "review", "pause" (did you mean "pause"?)`}},
		{appeal + "\naccount = \"acme\"", "do = \"set\"\nkey = \"audience.customers.mailbox_full\"\nvalue = \"30%\"\n[[action]]\nat = \"0s\"\ndo = \"set\"\nkey = \"audience.customers.hard_bounce\"\nvalue = \"80%\"", []string{
			`30:9: action[0].value: hard_bounce, mailbox_full, message_too_large, content_rejected, attachment_rejected, undetermined, blocked_ip and deferred are more than 100% together from then on: audience customers`}},
		{appeal + "\naccount = \"acme\"", "do = \"set\"\nkey = \"audience.customers.invalid\"\nvalue = \"101%\"", []string{
			`30:9: action[0].value: "101%" is not a share: it must lie between 0% and 100%`}},
		{size, "size = 100\ndead_domain = \"20%\"\n[[action]]\nat = \"0s\"\ndo = \"set\"\nkey = \"audience.customers.invalid\"\nvalue = \"81%\"", []string{
			`23:9: action[0].value: invalid and dead_domain are more than 100% together from then on: audience customers`}},
		{size, "size = 100\nfirst_contact = false\n[[action]]\nat = \"0s\"\ndo = \"set\"\nkey = \"audience.customers.invalid\"\nvalue = \"81%\"", []string{
			`22:7: action[0].key: all addresses of audience customers had mail before the start: leave contacted and first_contact out there, or set hard_bounce`}},
		{appeal, "do = \"verify\"\nidentity = \"a.example\"\nafter = 5\noutcome = \"granted\"", []string{
			`30:9: action[0].after: 5 is not a duration: write a number and a unit in quotes, such as "90s", "18h" or "30d"`,
			`31:11: action[0].outcome: "granted" is not one of "success", "failed"`}},
		{appeal, "do = \"verify\"\nidentity = \"a.example\"\ntemplate = \"welcome\"", []string{
			`30:12: action[0].template: "a.example" is a domain: a custom verification mail goes to an address`}},
		{appeal, "do = \"unverify\"\nidentity = \"a.example\"\nafter = \"1h\"", []string{`30:1: action[0].after: this key does not fit do = "unverify"`}},
		{appeal, "do = \"pause\"\nconfiguration_set = \"news\"", []string{`29:21: action[0].configuration_set: account acme has no configuration set named "news"`}},
		{appeal + "\naccount = \"acme\"", "do = \"pause\"\naccount = \"acm\"\nconfiguration_set = \"news\"", []string{`29:11: action[0].account: no account is named "acm" (did you mean "acme"?)`}},
	} {
		if !strings.Contains(base, c.line) {
			t.Fatalf("base has no %q", c.line)
		}
		var got []string
		for _, p := range problemsOf(t, strings.Replace(base, c.line, c.instead, 1)) {
			got = append(got, strings.TrimPrefix(p.String(), "x.toml:"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s instead of %s (-want +got):\n%s", c.instead, c.line, diff)
		}
	}
}

// The hint for an unknown metric looks at the sender's account, which may be unknown too.
func TestUnknownMetricOfUnknownAccount(t *testing.T) {
	src := strings.Replace(base, `name = "acme"`, `namr = "acme"`, 1)
	src = strings.Replace(src, "\nhorizon", "\nthresholds = [\"news.acceptzd == 1\"]\nhorizon", 1)
	_, err := Load("s.toml", []byte(src))
	if err == nil || !strings.Contains(err.Error(), `there is no metric "news.acceptzd"`) {
		t.Error(err)
	}
}
