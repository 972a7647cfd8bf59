package scenarios

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/scenarios/internal/keys"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// further sets every key that everyKey does not, but for a trace.
const further = `
name    = "further"
start   = 2026-03-02T15:30:00Z
horizon = "30d"

[[account]]
name      = "acme"
customer  = "Acme Ltd"
delegates = ["agency", "shop"]
identities = ["acme.example"]
[[account.configuration_set]]
name        = "marketing"
suppression = []
sending     = false
[[account.configuration_set]]
name        = "receipts"
suppression = ["BOUNCE"]
max_delivery = "5m"
[[account.configuration_set]]
name = "plain"
[[account.configuration_set]]
name   = "later"
exists = false
max_delivery = "14h"
[[account.request]]
regions = ["eu-west-1", "ap-south-1"]

[[account]]
name     = "europe"
region   = "eu-west-1"
customer = "Acme Ltd"
[[account]]
name     = "asia"
region   = "ap-south-1"
customer = "Acme Ltd"
[[account]]
name = "agency"
[[account]]
name = "shop"

[[audience]]
name      = "probe"
addresses = ["bounce@simulator.amazonses.com", "Ann@Customers.example", "success+1@simulator.amazonses.com"]
[[audience]]
name                = "customers"
hard_bounce         = "40%"
mailbox_full        = "30%"
message_too_large   = "10%"
content_rejected    = "10%"
attachment_rejected = "5%"
undetermined        = "2%"
dead_domain         = "3%"
out_of_office       = "2%"
blocked_ip          = "2%"
deferred            = "1%"
deferral            = "RecipientServerError"
deferred_for        = "3h"
[[audience]]
name      = "second-probe"
addresses = ["bounce@simulator.amazonses.com"]

[[sender]]
name              = "news"
account           = "agency"
from              = "Acme News <news@acme.example>"
sender            = "Robot <sender@acme.example>"
reply_to          = "help@elsewhere.example"
malformed         = "3%"
credentials       = "sigv2"
return_path       = "bounces@acme.example"
source            = "source@acme.example"
on_behalf_of      = "acme"
audience          = "customers"
traffic           = { kind = "diurnal", rate = "60/h", peak = "14:00", depth = "55%" }
size              = "12MB"
rejected          = "1%"
interface         = "smtp"
port              = 25
origin            = "ec2"

[[sender]]
name              = "receipts"
account           = "acme"
from              = "shop@acme.example"
configuration_set = "receipts"
audience          = "probe"
traffic           = { kind = "diurnal", rate = "60/h" }
size              = "1_500kB"
interface         = "smtp"
port              = 25
origin            = "ec2"
port_throttle_removed = true

[[action]]
at = "1d"
do = "get"
account = "acme"
address = "Ann@customers.example"
[[action]]
at = "1d"
do = "list"
account = "acme"
[[action]]
at = "1d"
do = "trigger"
account = "acme"
cause = "spamtrap"
[[action]]
at = "1d"
do = "trigger"
account = "acme"
cause = "compromised-credentials"
effect = "pause"
[[action]]
at = "1d"
do = "verify"
account = "acme"
identity = "other.example"
after = "2h"
outcome = "failed"
[[action]]
at = "1d"
do = "resume"
account = "acme"
configuration_set = "marketing"
[[action]]
at = "1d"
do = "pause"
account = "acme"
configuration_set = "plain"
[[action]]
at = "1d"
do = "import"
account = "acme"
audience = "customers"
[[action]]
at = "1d"
do = "verify"
account = "acme"
identity = "ops@other.example"
template = "welcome"
[[action]]
at = "2d"
do = "create-set"
account = "acme"
configuration_set = "later"
[[action]]
at = "2d"
do = "delete-set"
account = "acme"
configuration_set = "receipts"
[[action]]
at = "2d"
do = "set"
key = "account.acme.set.plain.suppression"
value = ["COMPLAINT"]
`

func TestFurtherKeysAreRead(t *testing.T) {
	got, err := Load("further.toml", []byte(further))
	if err != nil {
		t.Fatal(err)
	}
	const p = unit.Percent
	acme, news, receipts := &got.Accounts[0], &got.Senders[0], &got.Senders[1]
	for _, c := range []struct {
		name      string
		got, want any
	}{
		{"customer", acme.Customer, "Acme Ltd"},
		{"delegates", acme.Delegates, []int{3, 4}},
		{"regions", acme.Requests[0].Regions, []string{"eu-west-1", "ap-south-1"}},
		{"configuration sets", acme.Sets, []sim.ConfigurationSet{
			{Name: "marketing", Overrides: true, Paused: true}, {Name: "receipts", Overrides: true, Suppression: ses.ListBounce, MaxDelivery: 5 * time.Minute}, {Name: "plain"},
			{Name: "later", Missing: true, MaxDelivery: 14 * time.Hour},
		}},
		{"addresses", got.Audiences[0], sim.Audience{
			Name: "probe", Size: 3, FeedbackLoop: 40 * p,
			Addresses: []string{"bounce@simulator.amazonses.com", "Ann@Customers.example", "success+1@simulator.amazonses.com"},
		}},
		{"shares", got.Audiences[1], sim.Audience{
			Name: "customers", Size: 1000, Domain: "customers.example", Local: "customers-", FeedbackLoop: 40 * p,
			HardBounce: 40 * p, MailboxFull: 30 * p, TooLarge: 10 * p, ContentRejected: 10 * p, AttachmentRejected: 5 * p, Undetermined: 2 * p, BlockedIP: 2 * p, Deferred: 1 * p,
			DeadDomain: 3 * p, OutOfOffice: 2 * p, Deferral: "RecipientServerError", DeferredFor: 3 * time.Hour,
		}},
		{"identities in the order of checking", news.Checked, []string{"source@acme.example", "bounces@acme.example", "Robot <sender@acme.example>"}},
		{"on behalf of", []any{news.Delegated, news.Owner}, []any{true, 0}},
		{"on its own behalf", []any{receipts.Delegated, receipts.Owner}, []any{false, 0}},
		{"diurnal: the peak was at 14:00, one and a half hours before the start", news.Traffic, sim.Traffic{
			Kind: sim.Diurnal, Rate: unit.Rate{N: 60, Per: time.Hour}, Peak: 22*time.Hour + 30*time.Minute, Depth: 55 * p,
		}},
		{"diurnal by default", receipts.Traffic, sim.Traffic{
			Kind: sim.Diurnal, Rate: unit.Rate{N: 60, Per: time.Hour}, Peak: 22*time.Hour + 30*time.Minute, Depth: 80 * p,
		}},
		{"sizes", []int64{news.Size, receipts.Size}, []int64{12 << 20, 1500 << 10}},
		{"rejected and malformed", []unit.Share{news.Rejected, news.Malformed}, []unit.Share{1 * p, 3 * p}},
		{"from with a name", news.From, "Acme News <news@acme.example>"},
		{"credentials", []bool{news.SigV2, receipts.SigV2}, []bool{true, false}},
		{"port 25", []bool{news.Throttled25, receipts.Throttled25}, []bool{true, false}},
		{"configuration set", []int{news.Set, receipts.Set}, []int{0, 2}},
		{"get", []any{got.Actions[0].Do, got.Actions[0].Address}, []any{sim.DoGet, sim.Address{Audience: 0, Number: 1}}},
		{"list", got.Actions[1].Do, sim.DoList},
		{"trigger", []any{got.Actions[2].Do, got.Actions[2].Cause, got.Actions[2].Pauses}, []any{sim.DoTrigger, "spamtrap", false}},
		{"trigger with a pause", []any{got.Actions[3].Cause, got.Actions[3].Pauses}, []any{"compromised-credentials", true}},
		{"verify", []any{got.Actions[4].After, got.Actions[4].Fails}, []any{2 * time.Hour, true}},
		{"verify by default", []any{got.Actions[8].After, got.Actions[8].Template, got.Actions[4].Template}, []any{time.Duration(-1), true, false}},
		{"sets come and go", []any{got.Actions[9].Do, got.Actions[9].Set, got.Actions[10].Do, got.Actions[10].Set}, []any{sim.DoCreateSet, 4, sim.DoDeleteSet, 2}},
		{"reasons of a set", got.Actions[11].Change, sim.Change{Key: sim.KeySetSuppression, Set: 3, Reasons: ses.ListComplaint}},
		{"switches of sets", []int{got.Actions[5].Set, got.Actions[6].Set, got.Actions[5].Account}, []int{1, 3, 0}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if _, err := engine.Run(*got, sim.Hooks{}); err != nil {
		t.Errorf("the scenario does not run: %v", err)
	}
}

// By SMTP, MAIL FROM names the address of From where the scenario does not say
// otherwise; it has no place for a name, so that SES checks two forms.
func TestMailFrom(t *testing.T) {
	for keys, want := range map[string][]string{
		`from = "news@acme.example"`:                                             nil,
		`from = "News <news@acme.example>"`:                                      {"news@acme.example"},
		"from = \"News <news@acme.example>\"\nsource = \"bounces@acme.example\"": {"bounces@acme.example"},
		"from = \"News <news@acme.example>\"\ninterface = \"v2\"":                nil,
	} {
		text := strings.Replace(base, `from = "news@acme.example"`, keys, 1)
		if !strings.Contains(keys, "interface") {
			text = strings.Replace(text, keys, keys+"\ninterface = \"smtp\"", 1)
		}
		got, err := Load("x.toml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.Senders[0].Checked); diff != "" {
			t.Errorf("%s: further identities (-want +got):\n%s", keys, diff)
		}
	}
}

// Port 25 is throttled only for mail from EC2, by SMTP.
func TestPort25(t *testing.T) {
	for keys, want := range map[string]bool{
		``:          false,
		`port = 25`: false,
		`port = 25
origin = "elsewhere"`: false,
		`origin = "ec2"`: false,
		`port = 587
origin = "ec2"`: false,
		`port = 25
origin = "ec2"`: true,
		`port = 25
origin = "ec2"
port_throttle_removed = false`: true,
	} {
		src := strings.Replace(base, "[[action]]", "interface = \"smtp\"\n"+keys+"\n[[action]]", 1)
		got, err := Load("x.toml", []byte(src))
		if err != nil || got.Senders[0].Throttled25 != want {
			t.Errorf("%q: %v", keys, err)
		}
	}
}

// The peak of a day is the next such moment after the start.
func TestPeak(t *testing.T) {
	for peak, want := range map[string]time.Duration{
		"09:00": 0, "09:01": time.Minute, "14:00": 5 * time.Hour, "08:59": 24*time.Hour - time.Minute, "00:00": 15 * time.Hour, "23:59": 14*time.Hour + 59*time.Minute,
	} {
		start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		at, err := time.Parse("15:04", peak)
		if err != nil {
			t.Fatal(err)
		}
		if got := keys.NextTimeOfDay(start, time.Duration(at.Hour())*time.Hour+time.Duration(at.Minute())*time.Minute); got != want {
			t.Errorf("%s is %v after %v, want %v", peak, got, start, want)
		}
	}
	start := time.Date(2026, 3, 2, 9, 0, 0, 1, time.UTC)
	if got := keys.NextTimeOfDay(start, 9*time.Hour); got != 24*time.Hour-1 {
		t.Errorf("a nanosecond past nine it is %v to nine", got)
	}
}

// An audience at the mailbox simulator writes to the mailbox that its name
// begins with, and to success where there is none of that name.
func TestMailboxByName(t *testing.T) {
	for name, want := range map[string]string{
		"bounce": "bounce+1", "ooto": "ooto+1", "complaint-probe": "complaint+1", "suppressionlist": "suppressionlist+1",
		"success": "success+1", "simulator": "success+1", "bounces": "success+1", "probe-bounce": "success+1",
	} {
		src := fmt.Sprintf("name = \"x\"\nhorizon = \"1h\"\n[[account]]\nname = \"a\"\n[[audience]]\nname = %q\ndomain = \"simulator.amazonses.com\"\n", name)
		cfg, err := Load("x.toml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		if got := cfg.Audiences[0].AddressOf(0); got != want+"@simulator.amazonses.com" {
			t.Errorf("audience %s begins with %s, want %s", name, got, want)
		}
	}
}
