package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/scenarios/internal/tree"
)

// base is a right scenario; the cases of TestProblems replace one line of it.
const base = `name = "base"
horizon = "30d"

[rules]
rep.min_eligible = 500

[[account]]
name = "acme"
access = "production"
identities = ["acme.example"]

[[account.request]]
at = "2d"

[[audience]]
name = "customers"
size = 100

[[sender]]
name = "news"
account = "acme"
from = "news@acme.example"
audience = "customers"
traffic = { kind = "poisson", rate = "60/h" }

[[action]]
at = "5d"
do = "appeal"
account = "acme"
`

func TestBaseIsRight(t *testing.T) {
	if _, err := Load("x.toml", []byte(base)); err != nil {
		t.Fatal(err)
	}
}

// Each case replaces one line of base; the problems are all that there are,
// without "x.toml:" before them.
func TestProblems(t *testing.T) {
	const request, sender, action = `at = "2d"`, `from = "news@acme.example"`, `do = "appeal"`
	for _, c := range []struct {
		line, instead string
		want          []string
	}{
		{`size = 100`, `match = ["a*b*@x.example"]`, []string{
			`17:10: audience.customers.match[0]: "a*b*@x.example" is not a pattern of addresses: there is at most one * in the local part and one in the domain`}},
		{`size = 100`, `match = ["example"]`, []string{
			`17:10: audience.customers.match[0]: "example" is not a pattern of addresses: write one such as "*", "*.example", "mail.example" or "bounce*@"`}},
		{`size = 100`, `match = ["a b@"]`, []string{
			`17:10: audience.customers.match[0]: "a b@" is not a pattern of addresses: ' ' is not allowed before the @`}},
		{`size = 100`, `size = 100` + "\n" + `match = ["*"]` + "\n[[audience]]\nname = \"more\"\nmatch = [\"x.example\"]", []string{
			`21:9: audience.more.match: audience customers above matches every address: write it last`}},
		{`size = 100`, `count = 2` + "\n" + `match = ["*"]`, []string{
			`18:1: audience.customers.match: this key does not go with a count: the first audience would have all that match`,
			`24:12: sender.news.audience: "customers" stands for 2 audiences, customers-1 to customers-2: name one of them`}},
		{`horizon = "30d"`, `horizon = "30d"` + "\n" + `serve = { addresses = 0, verify_after = "soon" }`, []string{
			`3:23: serve.addresses: 0 is not at least 1`,
			`3:41: serve.verify_after: "soon" is not a duration: write a number and a unit, such as "90s", "18h", "30d" or "2w"`}},
		{`horizon = "30d"`, `horizon = "30d"` + "\n" + `serve = true`, []string{`3:9: serve: true is not a table: begin it with [serve]`}},
		{`horizon = "30d"`, `horizon = "30d"` + "\n" + `serve = { topic = [{ arn = "bounces", queue = "a b" }] }`, []string{
			`3:28: serve.topic[0].arn: "bounces" is not the ARN of a topic: write one such as "arn:aws:sns:us-east-1:123456789012:bounces"`,
			`3:47: serve.topic[0].queue: "a b" is not the name of a queue: write one such as "bounces"`}},
		{`horizon = "30d"`, `horizon = "30d"` + "\n" + `serve = { topic = [{ arn = "arn:aws:sns:us-east-1:123456789012:bounces" }] }`, []string{
			`3:20: serve.topic[0]: a topic has either a url or a queue`}},

		// keys outside tables
		{`name = "base"`, `nmae = "base"`, []string{`1:1: nmae: unknown key (did you mean "name"?)`}},
		{`name = "base"`, ``, []string{`1:1: the key name is missing`}},
		{`name = "base"`, `name = "a/b"`, []string{`1:8: name: "a/b" is not a name for a scenario: it has 1 to 64 letters, digits, spaces, ".", "_" and "-", with no dot or space at either end`}},
		{`name = "base"`, `name = "base"` + "\n" + `version = 2`, []string{`2:11: version: 2 is not a version of the scenario language that this program reads: it reads 1`}},
		{`horizon = "30d"`, `horizon = "forever"`, []string{`2:11: horizon: "forever" is not a duration: write a number and a unit, such as "90s", "18h", "30d" or "2w"`}},
		{`horizon = "30d"`, `horizon = 30`, []string{`2:11: horizon: 30 is not a duration: write a number and a unit in quotes, such as "90s", "18h" or "30d"`}},
		{`horizon = "30d"`, `horizon = "0s"`, []string{`2:11: horizon: "0s" is not longer than 0s`}},
		{`horizon = "30d"`, `horizon = "40000d"`, []string{`2:11: horizon: "40000d" is not a duration: it must not be longer than 36500d`}},
		{`horizon = "30d"`, `horizon = "5d"`, []string{`27:6: action[0].at: "5d" is not before the horizon, 5d`}},
		{`horizon = "30d"`, `horizon = "30d"` + "\n" + `seed = -1`, []string{`3:8: seed: -1 is not at least 0`}},
		{`horizon = "30d"`, `horizon = "30d"` + "\n" + `seed = "7"`, []string{`3:8: seed: "7" is not a whole number: write 7 without quotes`}},
		{`horizon = "30d"`, `horizon = "30d"` + "\n" + `edition = "clasic"`, []string{`3:11: edition: "clasic" is not an edition: there are "current", "classic", "flat14", "guide-2022" (did you mean "classic"?)`}},
		{`horizon = "30d"`, `horizon = "30d"` + "\n" + `start = "2026-01-01"`, []string{`3:9: start: "2026-01-01" has no offset from UTC, so it would be another instant on every machine: write it as 2026-01-01T00:00:00Z`}},
		{`horizon = "30d"`, `horizon = "30d"` + "\n" + `start = "2026-13-01T00:00:00Z"`, []string{`3:9: start: "2026-13-01T00:00:00Z" is not a date and time: write one such as 2026-03-02T09:00:00Z`}},
		{`horizon = "30d"`, `horizon = "30d"` + "\n" + `start = 5`, []string{`3:9: start: 5 is not a date and time: write one such as 2026-03-02T09:00:00Z`}},
		{`horizon = "30d"`, `horizon = "30d"` + "\n" + `start = 9999-12-31T00:00:00Z`, []string{`3:9: start: 9999-12-31T00:00:00Z is not in the years 1970 to 2200`}},
		{`horizon = "30d"`, `horizon = "30d"` + "\n" + `question = "a\nb"`, []string{`3:12: question: "a\nb" contains a control character`}},

		// rules
		{`rep.min_eligible = 500`, `rep.min_eligble = 500`, []string{`5:5: rules.rep.min_eligble: unknown rule parameter (did you mean "rep.min_eligible"?)`}},
		{`rep.min_eligible = 500`, `rep.min_eligible = -1`, []string{`5:20: rules.rep.min_eligible: -1 is not between 0 and 10000`}},
		{`rep.min_eligible = 500`, `rep.min_events = { bounce = 1 }`, []string{`5:18: rules.rep.min_events: "bounce" is not one of bounces, complaints`}},
		{`rep.min_eligible = 500`, `rep = 5`, []string{
			`5:1: rules.rep: no rule parameter has this name, but some begin with it: rep.eval_interval, rep.max_lookback, rep.min_eligible, rep.min_events, rep.verified_addresses_count, rep.window_days, rep.window_eligible`}},

		{`rep.min_eligible = 500`, `global.durations = ["2d", "1d"]`, []string{`5:20: rules.global.durations: "1d" is not as long as the stay before it: stays never get shorter`}},
		{"[rules]\nrep.min_eligible = 500", `rules = "current"`, []string{`4:9: rules: "current" is not a table: begin it with [rules]`}},

		// account
		{`[[audience]]`, "[[account]]\nname = \"acme\"\n[[audience]]", []string{`16:8: account.acme.name: there is another account of this name in line 8`}},
		{`name = "acme"`, `name = ["acme"]`, []string{
			`8:8: account[0].name: a list is not a name: write "acme", without brackets`, `21:11: sender.news.account: no account is named "acme"`, `29:11: action[0].account: no account is named "acme"`}},
		{`name = "acme"`, `name = "Acme"`, []string{
			`8:8: account[0].name: "Acme" is not a name: it has 1 to 64 letters a-z, digits, "_" and "-", and begins with a letter or a digit (did you mean "acme"?)`,
			`21:11: sender.news.account: no account is named "acme" (did you mean "Acme"?)`, `29:11: action[0].account: no account is named "acme" (did you mean "Acme"?)`}},
		{`name = "acme"`, `name = "global_list"`, []string{
			`8:8: account.global_list.name: "global_list" is taken: thresholds use it for the global suppression list`,
			`21:11: sender.news.account: no account is named "acme"`, `29:11: action[0].account: no account is named "acme"`}},
		{`access = "production"`, `access = "prod"`, []string{`9:10: account.acme.access: "prod" is not one of "sandbox", "production" (did you mean "production"?)`}},
		{`access = "production"`, `quota = -5`, []string{`9:9: account.acme.quota: -5 is not at least -1`}},
		{`access = "production"`, `quota = 2_000_000_000`, []string{`9:9: account.acme.quota: 2000000000 is not at most 1000000000`}},
		{`access = "production"`, `quota = 1.5`, []string{`9:9: account.acme.quota: 1.5 is not a whole number`}},
		{`access = "production"`, `rate = "14/s"`, []string{`9:8: account.acme.rate: "14/s" is not a whole number`}},
		{`access = "production"`, `region = "us-east"`, []string{`9:10: account.acme.region: "us-east" is not a Region: write its name, such as "us-east-1"`}},
		{`access = "production"`, `suppression = "BOUNCE"`, []string{`9:15: account.acme.suppression: "BOUNCE" is not a list: write it between [ and ]`}},
		{`access = "production"`, `suppression = ["bounce"]`, []string{`9:16: account.acme.suppression[0]: "bounce" is not one of "BOUNCE", "COMPLAINT"`}},
		{`identities = ["acme.example"]`, `identities = ["acme", 7, "a b@c.example", "münchen.example", "A <a@b.example>", "a.@b.example"]`, []string{
			`10:15: account.acme.identities[0]: "acme" is not a domain: write one such as "mail.example"`,
			`10:23: account.acme.identities[1]: 7 is not a text: write it in quotes`,
			`10:26: account.acme.identities[2]: "a b@c.example" is not a mail address: ' ' is not allowed before the @`,
			`10:43: account.acme.identities[3]: "münchen.example" is not ASCII, and SES takes domains in Punycode only (write labels in other scripts as Punycode, such as "xn--mnchen-3ya.example")`,
			`10:62: account.acme.identities[4]: "A <a@b.example>" is not a mail address: write it without a name and without < and >`,
			`10:81: account.acme.identities[5]: "a.@b.example" is not a mail address: before the @, dots may only be between other characters`}},

		// request
		{request, `mail_type = "PROMOTIONAL"`, []string{`13:13: account.acme.request[0].mail_type: "PROMOTIONAL" is not one of "TRANSACTIONAL", "MARKETING" (AWS's page says PROMOTIONAL, but its API has MARKETING)`}},
		{request, `language = "JP"`, []string{`13:12: account.acme.request[0].language: "JP" is not one of "EN", "JA" (AWS's page says JP, but its API has JA)`}},
		{request, `website = "acme.example"`, []string{`13:11: account.acme.request[0].website: "acme.example" is not the address of a website: write one such as "https://acme.example"`}},
		{request, `use_case = "` + strings.Repeat("x", 5001) + `"`, []string{`13:12: account.acme.request[0].use_case: the text has 5001 characters, and at most 5000 are allowed`}},
		{request, `contacts = ["a@b.example", "a@b.example", "a@b.example", "a@b.example", "a@b.example"]`, []string{`13:12: account.acme.request[0].contacts: there are 5, and at most 4 are allowed`}},
		{request, `acknowledge = false`, []string{`13:15: account.acme.request[0].acknowledge: AWS's form does not submit without the acknowledgement`}},
		{request, `quota = 0`, []string{`13:9: account.acme.request[0].quota: a granted quota is not 0: write at least 1, or -1 for unlimited`}},
		{request, `at = "2d"` + "\n[[account.request]]\n" + `at = "1d"`, []string{`14:1: account.acme.request[1]: it comes before the request above it; requests must be in order of time`}},
		{request, `at = "30d"`, []string{`13:6: account.acme.request[0].at: "30d" is not before the horizon, 30d`}},

		{request, `acknowledge = "yes"`, []string{`13:15: account.acme.request[0].acknowledge: "yes" is not true or false`}},
		{request, `website = 5`, []string{`13:11: account.acme.request[0].website: 5 is not a text: write it in quotes`}},
		{request, `use_case = 2026-01-01T00:00:00Z`, []string{`13:12: account.acme.request[0].use_case: 2026-01-01T00:00:00Z is not a text: write it in quotes`}},
		{request, `after = "366d"`, []string{`13:9: account.acme.request[0].after: "366d" is not at most 365d`}},
		{request, `contacts = ["ops"]`, []string{`13:13: account.acme.request[0].contacts[0]: "ops" is not a mail address: it has no @`}},

		// audience
		{`size = 100`, `full_for = "0s"`, []string{`17:12: audience.customers.full_for: "0s" is not longer than 0s`}},
		{`size = 100`, `domain = 5`, []string{`17:10: audience.customers.domain: 5 is not a text: write it in quotes`}},
		{`size = 100`, `local = 5`, []string{`17:9: audience.customers.local: 5 is not a text: write it in quotes`}},
		{`size = 100`, `local = ""`, []string{`17:9: audience.customers.local: "" cannot begin an address: it is empty`}},
		{`size = 100`, `local = "a b"`, []string{`17:9: audience.customers.local: "a b" cannot begin an address: ' ' is not allowed before the @`}},
		{`size = 100`, `local = "` + strings.Repeat("x", 60) + `"`, []string{`17:9: audience.customers.local: "` + strings.Repeat("x", 60) + `" cannot begin an address: it leaves no room for a number`}},
		{`size = 100`, `invalid = true`, []string{`17:11: audience.customers.invalid: true is not a share: write a percentage such as "5%" or a fraction such as 0.05`}},
		{`size = 100`, `size = 0`, []string{`17:8: audience.customers.size: 0 is not at least 1`}},
		{`size = 100`, `invalid = 6`, []string{`17:11: audience.customers.invalid: 6 is not a share: write a percentage such as "5%" or a fraction such as 0.05`}},
		{`size = 100`, `complaint = "101%"`, []string{`17:13: audience.customers.complaint: "101%" is not a share: it must lie between 0% and 100%`}},
		{`size = 100`, `decay = "2.1%"`, []string{`17:9: audience.customers.decay: "2.1%" is not a decay: write a share and a duration, such as "2.1%/30d"`}},
		{`size = 100`, `decay = "2.1%/0s"`, []string{`17:9: audience.customers.decay: "2.1%/0s" is not a decay: the time after the "/" is not a duration of at least 1h, such as "30d"`}},
		{`size = 100`, `revive = "100%/1d"`, []string{`17:10: audience.customers.revive: "100%/1d" is more than 99%`}},
		{`size = 100`, `churn = "100%/1d"`, []string{`17:9: audience.customers.churn: "100%/1d" is more than 99%`}},
		{`size = 100`, `growth = "40/d"`, []string{`17:10: audience.customers.growth: "40/d" is not a table: write one such as { rate = "40/d" } or { share = "2.5%/30d", limit = 50000 }`}},
		{`size = 100`, `growth = { limit = 200 }`, []string{`17:1: audience.customers.growth: write how many addresses join: either rate or share`}},
		{`size = 100`, `growth = { rate = "1/d", share = "1%/30d" }`, []string{`17:1: audience.customers.growth: write how many addresses join: either rate or share`}},
		{`size = 100`, `size = 100` + "\n" + `growth = { rate = "1/d", limit = 99 }`, []string{`18:34: audience.customers.growth.limit: 99 is less than the size, 100`}},
		{`size = 100`, `growth = { share = "100%/30d" }`, []string{`17:20: audience.customers.growth.share: "100%/30d" is more than 99%`}},
		{`size = 100`, `addresses = ["a@b.example"]` + "\n" + `growth = { rate = "1/d" }`, []string{`18:1: audience.customers.growth: it does not go with addresses, which are all that there are`}},
		{`size = 100`, `revive = "2.1%"`, []string{`17:10: audience.customers.revive: "2.1%" is not a decay: write a share and a duration, such as "2.1%/30d"`}},
		{`size = 100`, `decay = "100%/1d"`, []string{`17:9: audience.customers.decay: "100%/1d" loses more than 99%: for addresses that do not exist at all there is invalid`}},
		{`size = 100`, `local = "c1"`, []string{`17:9: audience.customers.local: "c1" cannot begin an address: it ends in a digit, and a number follows it`}},
		{`size = 100`, `domain = "simulator.amazonses.com"` + "\n" + `local = "nobody-"`, []string{
			`18:9: audience.customers.local: "nobody-" is not one of the simulator's mailboxes with a label: write one of "success+", "bounce+", "ooto+", "complaint+", "suppressionlist+"`}},
		{`size = 100`, "[[audience]]\nname = \"other\"\ndomain = \"CUSTOMERS.example\"\nlocal = \"customers-\"", []string{
			`17:1: audience.other: it has the same addresses as audience customers: give it another domain, or another local`}},
		{`size = 100`, "size = 1_000_000_000\n[[audience]]\nname = \"b\"\nsize = 1_000_000_000", []string{
			`15:1: audience: the audiences have 2000000000 addresses together, and a run holds at most 1073741824`}},

		// sender
		{sender, ``, []string{`19:1: sender.news: the key from is missing`}},
		{sender, `from = "news"`, []string{`22:8: sender.news.from: "news" is not a mail address: it has no @`}},
		{`audience = "customers"`, `audience = "custmers"`, []string{`23:12: sender.news.audience: no audience is named "custmers" (did you mean "customers"?)`}},
		{sender, sender + "\nrecipients = 51", []string{`23:14: sender.news.recipients: 51 is not at most 50`}},
		{sender, sender + "\nbegin = \"3d\"\nend = \"3d\"", []string{`24:7: sender.news.end: 3d is not after begin, 3d`}},
		{sender, sender + "\npick = \"random\"", []string{`23:8: sender.news.pick: "random" is not one of "sequential", "uniform", "zipf"`}},
		{sender, sender + "\nretry = { on = [\"quotas\"], first = \"1h\", x = 1 }", []string{
			`23:17: sender.news.retry.on[0]: "quotas" is not one of "rate", "quota", "unverified", "paused", "invalid" (did you mean "quota"?)`,
			`23:36: sender.news.retry.first: cap, 10m, is shorter than first, 1h`, `23:42: sender.news.retry.x: unknown key ("sesim help scenario" lists the keys)`}},
		{sender, sender + "\nretry = { factor = 1.0001 }", []string{`23:20: sender.news.retry.factor: 1.0001 is not a number from 1 to 100 with at most three decimal places`}},
		{`traffic = { kind = "poisson", rate = "60/h" }`, `traffic = { kind = "poisson", rate = 60 }`, []string{`24:38: sender.news.traffic.rate: 60 is not a rate: write a number and a period in quotes, such as "14/s", "60/h" or "50000/d"`}},
		{`traffic = { kind = "poisson", rate = "60/h" }`, `traffic = { kind = "constant" }`, []string{`24:1: sender.news.traffic: the key rate is missing`}},
		{`traffic = { kind = "poisson", rate = "60/h" }`, `traffic = { kind = "constant", rate = "9999999/s" }`, []string{`24:39: sender.news.traffic.rate: "9999999/s" is not at most 1000000/s`}},
		{`traffic = { kind = "poisson", rate = "60/h" }`, `traffic = { kind = "campaign", rate = "60/h" }`, []string{`24:32: sender.news.traffic.rate: this key does not fit kind = "campaign"`}},
		{`traffic = { kind = "poisson", rate = "60/h" }`, `traffic = { kind = "campaign" }` + "\npick = \"uniform\"", []string{`25:8: sender.news.pick: a campaign goes through its audience in order: leave pick out, or write "sequential"`}},
		{`traffic = { kind = "poisson", rate = "60/h" }`, `traffic = "60/h"`, []string{`24:11: sender.news.traffic: "60/h" is not a table: write one such as { kind = "poisson", rate = "60/h" }`}},

		{sender, sender + "\nretry = 5", []string{`23:9: sender.news.retry: 5 is not a table: write one such as { first = "1s", factor = 2, cap = "10m", attempts = 8 }`}},
		{sender, sender + "\nretry = { first = \"0s\" }", []string{`23:19: sender.news.retry.first: "0s" is not at least 1ms`}},
		{sender, sender + "\nretry = { factor = \"2\" }", []string{`23:20: sender.news.retry.factor: "2" is not a number from 1 to 100 with at most three decimal places`}},
		{`size = 100`, "size = 5\n[[sender]]\nname = \"b\"\naccount = \"acme\"\nfrom = \"b@acme.example\"\naudience = \"customers\"\ntraffic = { kind = \"campaign\" }\nrecipients = 6", []string{
			`24:14: sender.b.recipients: 6 is more than the 5 addresses of audience customers`}},
		{`account = "acme"` + "\nfrom", `account = ["acme"]` + "\nfrom", []string{`21:11: sender.news.account: a list is not a name: write "acme", without brackets`}},
		{`account = "acme"` + "\nfrom", `account = ["acme", "b"]` + "\nfrom", []string{`21:11: sender.news.account: a list is not a name: write one, in quotes`}},
		{`account = "acme"` + "\nfrom", `account = { name = "acme" }` + "\nfrom", []string{
			`21:1: sender.news.account: the key use is missing`,
			`21:13: sender.news.account.name: unknown key (did you mean "names"?)`,
		}},
		{`account = "acme"` + "\nfrom", "begin = 2026-11-27T09:00:00Z\n" + `account = "acme"` + "\nfrom", []string{
			`21:9: sender.news.begin: 2026-11-27T09:00:00Z is not before the end of the run, 2026-01-31T00:00:00Z`}},
		{`account = "acme"` + "\nfrom", `begin = "2026-01-31T00:00:00Z"` + "\n" + `account = "acme"` + "\nfrom", []string{
			`21:9: sender.news.begin: "2026-01-31T00:00:00Z" is not before the end of the run, 2026-01-31T00:00:00Z`}},
		{`account = "acme"` + "\nfrom", `begin = "2026-01-01T00:00:00+00:01"` + "\n" + `account = "acme"` + "\nfrom", []string{
			`21:9: sender.news.begin: "2026-01-01T00:00:00+00:01" is before the start of the run, 2026-01-01T00:00:00Z`}},
		{`account = "acme"` + "\nfrom", `begin = "2026-01-02 09:00:00"` + "\n" + `account = "acme"` + "\nfrom", []string{
			`21:9: sender.news.begin: "2026-01-02 09:00:00" has no offset from UTC, so it would be another instant on every machine: write it as 2026-01-02T09:00:00Z`}},
		{`account = "acme"` + "\nfrom", "begin = 2026-01-02\n" + `account = "acme"` + "\nfrom", []string{
			`21:9: sender.news.begin: 2026-01-02 has no offset from UTC, so it would be another instant on every machine: write it as 2026-01-02T00:00:00Z`}},
		{`account = "acme"` + "\nfrom", "end = 2026-01-01T01:00:00+01:00\n" + `account = "acme"` + "\nfrom", []string{
			`21:7: sender.news.end: 2026-01-01T01:00:00+01:00 is not after the start of the run`}},
		{`account = "acme"` + "\nfrom", "end = \"0s\"\n" + `account = "acme"` + "\nfrom", []string{`21:7: sender.news.end: "0s" is not longer than 0s`}},
		{`account = "acme"` + "\nfrom", "begin = 2026-01-05T00:00:00Z\nend = \"4d\"\n" + `account = "acme"` + "\nfrom", []string{
			`22:7: sender.news.end: 4d is not after begin, 4d`}},
		{`at = "5d"`, `at = 2026-02-01T00:00:00Z`, []string{`27:6: action[0].at: 2026-02-01T00:00:00Z is not before the end of the run, 2026-01-31T00:00:00Z`}},
		{`name = "base"`, `name = "base"` + "\n" + `thresholds = ["acme.foo < 1", "news.quota_use.max == 0", "acme.delivered.max > 1"]`, []string{
			`2:15: thresholds[0]: there is no metric "acme.foo" ("sesim help metrics" lists them)`,
			`2:31: thresholds[1]: there is no metric "news.quota_use.max" (did you mean "acme.quota_use.max"?)`,
			`2:58: thresholds[2]: there is no metric "acme.delivered.max" (did you mean "acme.delivered"?)`}},
		{`account = "acme"` + "\nfrom", `account = 5` + "\nfrom", []string{`21:11: sender.news.account: 5 is not a name: write it in quotes`}},

		// action
		{action, `do = "suppress"` + "\naddress = 17", []string{`29:11: action[0].address: 17 is not a text: write an address in quotes`}},
		{action, `do = "verify"` + "\nidentity = \"acme\"", []string{`29:12: action[0].identity: "acme" is not a domain: write one such as "mail.example"`}},
		{action, `do = "import"` + "\naudience = \"nobody\"", []string{`29:12: action[0].audience: no audience is named "nobody"`}},
		{action + "\naccount = \"acme\"", "do = \"set\"\nkey = \"quota\"\nvalue = 1", []string{`29:7: action[0].key: "quota" is not a key that an action can set: write one such as "account.acme.quota"`}},
		{action + "\naccount = \"acme\"", "do = \"set\"\nkey = \"account.acme.rate\"\nvalue = 0", []string{`30:9: action[0].value: 0 is not at least 1`}},
		{action + "\naccount = \"acme\"", "do = \"set\"\nkey = \"audience.customers.complaint\"\nvalue = 5", []string{`30:9: action[0].value: 5 is not a share: write a percentage such as "5%" or a fraction such as 0.05`}},
		{action + "\naccount = \"acme\"", "do = \"set\"\nkey = \"audience.customers.hard_bounce\"\nvalue = 5", []string{`30:9: action[0].value: 5 is not a share: write a percentage such as "5%" or a fraction such as 0.05`}},
		{action, `do = "apeal"`, []string{`28:6: action[0].do: "apeal" is not one of "appeal", "verify", "unverify", "suppress", "unsuppress", "import", "remove-global", "pause", "resume", "set", "get", "list", "trigger", "delete-set", "create-set" (did you mean "appeal"?)`}},
		{action, action + "\nidentity = \"acme.example\"", []string{`29:1: action[0].identity: this key does not fit do = "appeal"`}},
		{action, `do = "suppress"` + "\naddress = \"customers-101@customers.example\"", []string{
			`29:11: action[0].address: "customers-101@customers.example" belongs to no audience (those of audience customers are customers-1@customers.example to customers-100@customers.example)`}},
		{action, `do = "suppress"` + "\naddress = \"customers-01@customers.example\"", []string{
			`29:11: action[0].address: "customers-01@customers.example" belongs to no audience (those of audience customers are customers-1@customers.example to customers-100@customers.example)`}},
		{action, "do = \"import\"\naudience = \"customers\"\ncount = 101", []string{`30:9: action[0].count: 101 is more than the 100 addresses of audience customers`}},
		{action + "\naccount = \"acme\"", "do = \"remove-global\"\naddress = \"customers-1@customers.example\"", []string{
			`28:6: action[0].do: edition current has no form to take addresses off the global list: edition "classic" has, or set rules.global.removal_form = true`}},
		{action + "\naccount = \"acme\"", "do = \"set\"\nkey = \"account.acme.quotas\"\nvalue = 1", []string{
			`29:7: action[0].key: "account.acme.quotas" is not a key that an action can set: there are account.NAME.quota, account.NAME.rate, account.NAME.suppression, account.NAME.set.SET.suppression, sender.NAME.on_bounce, sender.NAME.rate, audience.NAME.mailbox_full, audience.NAME.complaint, audience.NAME.hard_bounce, audience.NAME.invalid (did you mean "account.acme.quota"?)`}},
		{action + "\naccount = \"acme\"", "do = \"set\"\nkey = \"account.acme.set.news.suppression\"\nvalue = []", []string{
			`29:7: action[0].key: account acme has no configuration set named "news"`}},
		{action, "do = \"delete-set\"\nconfiguration_set = \"news\"", []string{`29:21: action[0].configuration_set: account acme has no configuration set named "news"`}},
		{action, `do = "create-set"`, []string{`26:1: action[0]: the key configuration_set is missing`}},
		{action + "\naccount = \"acme\"", "do = \"set\"\nkey = \"account.acm.quota\"\nvalue = 1", []string{`29:7: action[0].key: no account is named "acm" (did you mean "acme"?)`}},
		{action + "\naccount = \"acme\"", "do = \"set\"\nkey = \"account.acme.quota\"\nvalue = \"5%\"", []string{`30:9: action[0].value: "5%" is not a whole number`}},

		// thresholds
		{`name = "base"`, "name = \"base\"\nthresholds = [\"acme.bounce_rat.max < 5%\", \"acme.accepted = 0\", \"acme.bounce_rate.max < 5\", 5, \"nws.given_up < 1\"]", []string{
			`2:15: thresholds[0]: there is no metric "acme.bounce_rat.max" (did you mean "acme.bounce_rate.max"?)`,
			`2:43: thresholds[1]: "acme.accepted = 0" is not a threshold: write == instead of =; write a metric, a comparison and a limit, such as "acme.bounce_rate.max < 5%"`,
			`2:64: thresholds[2]: not a limit: "5" is not a share: it must lie between 0% and 100%`,
			`2:92: thresholds[3]: 5 is not a text: write it in quotes`,
			`2:95: thresholds[4]: there is no metric "nws.given_up" (did you mean "news.given_up"?)`}},
		{`name = "base"`, "name = \"base\"\nthresholds = [\"account_list.nobody.listed == 0\", \"account_list.acme.lisd == 0\"]", []string{
			`2:15: thresholds[0]: there is no metric "account_list.nobody.listed" ("sesim help metrics" lists them)`,
			`2:50: thresholds[1]: there is no metric "account_list.acme.lisd" ("sesim help metrics" lists them)`}},

		// shapes
		{`identities = ["acme.example"]`, `identities = "acme.example"`, []string{`10:14: account.acme.identities: "acme.example" is not a list: write it between [ and ]`}},
		{`[[audience]]`, `[audience]`, []string{`15:1: audience: a table is not a list of tables: begin each with [[audience]]`, `23:12: sender.news.audience: no audience is named "customers"`}},
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

// All problems of a file come at once, by position, with those of overrides
// last, and at most a hundred.
func TestAllProblemsAtOnce(t *testing.T) {
	src := "colour = 1\n[[account]]\nquota = -5\nrate = 0\n[[sender]]\nfrom = 3\n"
	var got []string
	for _, p := range problemsOf(t, src, set("horizon", "soon"), set("account[0].access", "none")) {
		got = append(got, p.String())
	}
	want := []string{
		`x.toml:1:1: colour: unknown key ("sesim help scenario" lists the keys)`,
		`x.toml:1:1: the key name is missing`,
		`x.toml:2:1: account[0]: the key name is missing`,
		`x.toml:3:9: account[0].quota: -5 is not at least -1`,
		`x.toml:4:8: account[0].rate: 0 is not at least 1`,
		`x.toml:5:1: sender[0]: the key name is missing`,
		`x.toml:5:1: sender[0]: the key account is missing`,
		`x.toml:5:1: sender[0]: the key audience is missing`,
		`x.toml:5:1: sender[0]: the key traffic is missing`,
		`x.toml:6:8: sender[0].from: 3 is not a text: write it in quotes`,
		`--set horizon: "soon" is not a duration: write a number and a unit, such as "90s", "18h", "30d" or "2w"`,
		`--set account[0].access: "none" is not one of "sandbox", "production"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestTooManyProblems(t *testing.T) {
	var src strings.Builder
	for i := range 300 {
		fmt.Fprintf(&src, "key%d = 1\n", i)
	}
	_, err := Load("x.toml", []byte(src.String()))
	all, _ := err.(*Errors)
	if all == nil || len(all.Problems) != tree.MaxProblems || !all.More || !strings.HasSuffix(err.Error(), "only the first 100 problems are listed") {
		t.Errorf("300 problems end as %v", err)
	}
}

func TestProblemFields(t *testing.T) {
	got := problemsOf(t, strings.Replace(base, "[[account]]", "[[account]]\n  qota = 5", 1))
	want := []Problem{{File: "x.toml", Line: 8, Column: 3, Key: "account.acme.qota", Message: "unknown key", Hint: `did you mean "quota"?`}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Columns count characters, not bytes.
func TestColumnsCountCharacters(t *testing.T) {
	got := problemsOf(t, "question = \"über\"\nname = \"x\"\nhorizon = \"1d\"\naccount = [{ name = \"a\", 'ü' = 1, b = 2 }]\n")
	if len(got) != 2 || got[0].Column != 26 || got[1].Column != 35 {
		t.Errorf("got %v", got)
	}
}

// A message that quotes a value does not grow with it.
func TestMessagesAreShort(t *testing.T) {
	for _, p := range problemsOf(t, `horizon = "`+strings.Repeat("x", 100_000)+`"`) {
		if len(p.String()) > 1000 {
			t.Errorf("a message has %d bytes", len(p.String()))
		}
	}
}
