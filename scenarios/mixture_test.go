package scenarios

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/unit"
)

// several is a scenario whose sender a test completes.
const several = `name = "several"
horizon = "1d"

[[account]]
name = "acme"
access = "production"
identities = ["acme.example"]

[[audience]]
name = "readers"
size = 100

[[audience]]
name = "leads"
size = 1

[[audience]]
name = "group"
count = 2

[[sender]]
name = "app"
account = "acme"
from = "app@acme.example"
traffic = { kind = "poisson", rate = "1/h" }
`

// TestMixture reads the shares of audiences, which come in the order of the audiences, so
// that an override does not change who gets which mail.
func TestMixture(t *testing.T) {
	cfg, err := Load("x.toml", []byte(several+`audience = { leads = "20%", readers = "80%" }`), set("sender.app.audience.leads", "20%"))
	if err != nil {
		t.Fatal(err)
	}
	want := []sim.AudienceShare{{Audience: 0, Share: 80 * unit.Percent}, {Audience: 1, Share: 20 * unit.Percent}}
	if s := &cfg.Senders[0]; s.Audience != 0 || !cmp.Equal(s.Mixture, want) {
		t.Errorf("audience %d, %v; want 0, %v", s.Audience, s.Mixture, want)
	}
}

// TestWrongMixtures has what is wrong with the audiences of a sender.
func TestWrongMixtures(t *testing.T) {
	for _, c := range []struct {
		sender string
		want   []string
	}{
		{`audience = { readers = "80%" }`, []string{`26:12: sender.app.audience: it names 1 audience: ` +
			`write the name of a single one, or 2 to 100 with their shares, such as { readers = "80%", leads = "20%" }`}},
		{`audience = { readers = "80%", led = "20%" }`, []string{`26:37: sender.app.audience.led: no audience is named "led"`}},
		{`audience = { readers = "80%", leads = "101%" }`, []string{
			`26:39: sender.app.audience.leads: "101%" is not a share: it must lie between 0% and 100%`}},
		{`audience = { readers = "80%", group = 0.2 }`, []string{
			`26:39: sender.app.audience.group: "group" stands for 2 audiences, group-1 to group-2: name one of them`}},
		{`audience = { readers = "80%", leads = "20.5%" }`, []string{`26:12: sender.app.audience: the shares add up to 100.5%, not to 100%`}},
		{`audience = { readers = "33.3%", leads = "33.3%", group-1 = "33.3%" }`, []string{
			`26:12: sender.app.audience: the shares add up to 99.9%, not to 100%`}},
		{"audience = { readers = \"80%\", leads = \"20%\" }\nrecipients = 2", []string{
			`27:14: sender.app.recipients: 2 is more than the 1 address of audience leads`}},
		{`audience = ["readers", "leads"]`, []string{`26:12: sender.app.audience: a list is not a name: write one, in quotes`}},
	} {
		var got []string
		for _, p := range problemsOf(t, several+c.sender) {
			got = append(got, strings.TrimPrefix(p.String(), "x.toml:"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.sender, diff)
		}
	}
	campaign := strings.Replace(several, `kind = "poisson", rate = "1/h"`, `kind = "campaign"`, 1) + `audience = { readers = "80%", leads = "20%" }`
	want := `x.toml:26:12: sender.app.audience: a campaign goes through the list of one audience: write its name, and a sender for each of several`
	if got := problemsOf(t, campaign); len(got) != 1 || got[0].String() != want {
		t.Errorf("got %v, want %s", got, want)
	}
}
