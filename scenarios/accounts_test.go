package scenarios

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/unit"
)

// twoAccounts is a scenario whose sender a test completes.
const twoAccounts = `name = "two"
horizon = "1d"

[[account]]
name = "us"
access = "production"
identities = ["acme.example"]

[[account.configuration_set]]
name = "other"

[[account.configuration_set]]
name = "news"

[[account]]
name = "eu"
region = "eu-west-1"
access = "production"
identities = ["acme.example"]

[[account.configuration_set]]
name = "news"

[[account]]
name = "fleet"
count = 2

[[audience]]
name = "readers"

[[sender]]
name = "app"
from = "app@acme.example"
audience = "readers"
traffic = { kind = "poisson", rate = "1/h" }
`

func TestSeveralAccounts(t *testing.T) {
	for _, c := range []struct {
		sender string
		want   sim.Accounts
	}{
		{`account = { names = ["eu", "us"], use = "split", shares = ["70%", 0.3] }`, sim.Accounts{Of: []sim.SenderAccount{
			{Account: 1, Share: 70 * unit.Percent}, {Account: 0, Share: 30 * unit.Percent}}}},
		{`account = { names = ["us", "eu"], use = "failover" }`, sim.Accounts{Of: []sim.SenderAccount{
			{Account: 0}, {Account: 1}}, Check: 15 * time.Minute}},
		{"account = { names = [\"us\", \"eu\"], use = \"failover\", check = \"1h\" }\nconfiguration_set = \"news\"",
			sim.Accounts{Of: []sim.SenderAccount{{Account: 0, Set: 2}, {Account: 1, Set: 1}}, Check: time.Hour}},
	} {
		cfg, err := Load("x.toml", []byte(twoAccounts+c.sender))
		if err != nil {
			t.Errorf("%s: %v", c.sender, err)
			continue
		}
		s := &cfg.Senders[0]
		if diff := cmp.Diff(&c.want, s.Accounts); diff != "" || s.Account != c.want.Of[0].Account || s.Set != c.want.Of[0].Set {
			t.Errorf("%s: account %d, set %d; accounts (-want +got):\n%s", c.sender, s.Account, s.Set, diff)
		}
		if err := cfg.Check(); err != nil {
			t.Errorf("%s: %v", c.sender, err)
		}
	}
}

// TestWrongAccounts has what is wrong with the accounts of a sender.
func TestWrongAccounts(t *testing.T) {
	const at = `36:`
	for _, c := range []struct {
		sender string
		want   []string
	}{
		{`account = { names = ["us", "eu"] }`, []string{at + `1: sender.app.account: the key use is missing`}},
		{`account = { names = ["us", "eu"], use = "both" }`, []string{
			at + `41: sender.app.account.use: "both" is not one of "split", "failover"`}},
		{`account = { names = ["us"], use = "failover" }`, []string{
			at + `21: sender.app.account.names: there must be at least 2: of a single account write the name in place of the table`}},
		{`account = { names = "us", use = "failover" }`, []string{
			at + `21: sender.app.account.names: "us" is not a list: write it between [ and ]`}},
		{`account = { names = ["us", "uk"], use = "failover" }`, []string{
			at + `28: sender.app.account.names[1]: no account is named "uk"`}},
		{`account = { names = ["us", "eu", "us"], use = "failover" }`, []string{
			at + `34: sender.app.account.names[2]: account us stands in the list already`}},
		{`account = { names = ["us", "fleet"], use = "failover" }`, []string{
			at + `28: sender.app.account.names[1]: "fleet" stands for 2 accounts, fleet-1 to fleet-2: name one of them`}},
		{`account = { names = ["us", "eu"], use = "split" }`, []string{at + `1: sender.app.account: the key shares is missing`}},
		{`account = { names = ["us", "eu"], use = "split", shares = ["70%", "20%"] }`, []string{
			at + `59: sender.app.account.shares: the shares add up to 90%, not to 100%`}},
		{`account = { names = ["us", "eu"], use = "split", shares = ["70%", "20%", "10%"] }`, []string{
			at + `59: sender.app.account.shares: 3 shares for 2 accounts: each needs one`}},
		{`account = { names = ["us", "eu"], use = "split", shares = ["70%", "-1%"] }`, []string{
			at + `67: sender.app.account.shares[1]: "-1%" is not a share: it must lie between 0% and 100%`}},
		{`account = { names = ["us", "eu"], use = "split", shares = "half" }`, []string{
			at + `59: sender.app.account.shares: "half" is not a list: write it between [ and ]`}},
		{`account = { names = ["us", "eu"], use = "split", shares = ["50%", "50%"], check = "1h" }`, []string{
			at + `75: sender.app.account.check: this key does not fit use = "split"`}},
		{`account = { names = ["us", "eu"], use = "failover", shares = ["50%", "50%"] }`, []string{
			at + `53: sender.app.account.shares: this key does not fit use = "failover"`}},
		{`account = { names = ["us", "eu"], use = "failover", check = "59s" }`, []string{
			at + `61: sender.app.account.check: "59s" is not at least 1m`}},
		{`account = { names = ["us", "eu"], use = "failover", check = "36501d" }`, []string{
			at + `61: sender.app.account.check: "36501d" is not a duration: it must not be longer than 36500d`}},
		{"account = { names = [\"us\", \"eu\"], use = \"failover\" }\nconfiguration_set = \"other\"", []string{
			`37:21: sender.app.configuration_set: account eu has no configuration set named "other"`}},
		{"account = { names = [\"us\", \"eu\"], use = \"failover\" }\non_behalf_of = \"fleet-1\"", []string{
			`37:16: sender.app.on_behalf_of: the sender has several accounts, and an authorization is for one: write a sender for each`}},
		{`account = ["us", "eu"]`, []string{at + `11: sender.app.account: a list is not a name: write one, in quotes`}},
	} {
		var got []string
		for _, p := range problemsOf(t, twoAccounts+c.sender) {
			got = append(got, strings.TrimPrefix(p.String(), "x.toml:"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.sender, diff)
		}
	}
	// A rate of mail that counts on two accounts is no figure of the sender.
	rate := strings.Replace(twoAccounts, "horizon", "thresholds = [\"app.bounce_rate.max < 5%\"]\nhorizon", 1) +
		`account = { names = ["us", "eu"], use = "failover" }`
	want := `x.toml:2:15: thresholds[0]: there is no metric "app.bounce_rate.max" (did you mean "us.bounce_rate.max"?)`
	if got := problemsOf(t, rate); len(got) != 1 || got[0].String() != want {
		t.Errorf("got %v, want %s", got, want)
	}
}
