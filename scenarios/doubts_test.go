package scenarios

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// doubtful is a scenario whose account, request, sender and rest a test fills in.
const doubtful = `name = "doubtful"
horizon = "10d"
REST

[[account]]
name = "acme"
identities = ["acme.example"]
ACCOUNT

[[audience]]
name = "customers"
AUDIENCE


[[sender]]
name = "news"
account = "acme"
from = "news@acme.example"
audience = "customers"
SENDER
`

// TestDoubts: each warning comes where it should, with its place, and not where the
// scenario says that it is meant or that it is well.
func TestDoubts(t *testing.T) {
	const (
		slow    = `traffic = { kind = "constant", rate = "1/h" }`
		fast    = `traffic = { kind = "campaign", pace = "30/s" }`
		quick   = `access = "production"` + "\nrate = 14"
		request = "[[account.request]]\nat = \"1d\"\nafter = \"20h\""
		means   = ` (if it is meant, a threshold on "acme.refused.unverified" says so)`
		paces   = ` (if it is meant, a threshold on "acme.refused.rate" says so)`
		never   = `x.toml:5:1: account.acme: the account is in the sandbox and never asks for production access, ` +
			`so mail to audience customers is refused: write access = "production" or an [[account.request]]` + means
		faster = `x.toml:21:1: sender.news.traffic: 30 recipients a second are more than the 14 that account acme may send, ` +
			`and what is refused is not tried again: write retry = { on = ["rate"] }, or a lower pace` + paces
		early  = `before account acme leaves the sandbox, at 1d20h at the earliest` + means
		begins = `x.toml:17:1: sender.news: mail to audience customers begins 0s after the start, ` + early
	)
	for _, c := range []struct {
		name, rest, account, audience, sender string
		want                                  []string
	}{
		{"production", "", quick, "", slow, nil},
		{"sandbox", "", "", "", slow, []string{never}},
		{"sandbox, and meant", `thresholds = ["acme.refused.unverified > 0"]`, "", "", slow, nil},
		{"sandbox, and all refusals are looked at", `thresholds = ["acme.refused > 0"]`, "", "", slow, nil},
		{"sandbox, another threshold", `thresholds = ["acme.refused.rate == 0"]`, "", "", slow, []string{never}},
		{"sandbox, to a verified domain", "", "", `domain = "mail.acme.example"`, slow, nil},
		{"sandbox, to the mailbox simulator", "", "", `domain = "simulator.amazonses.com"`, slow, nil},
		{"sandbox, to verified addresses", "", "", "addresses = [\"a@acme.example\", \"success@simulator.amazonses.com\"]", slow, nil},
		{"sandbox, to an address", "", "", "addresses = [\"a@acme.example\", \"b@other.example\"]", slow, []string{never}},
		{"verified later", "", "", `domain = "other.example"`, slow + "\n[[action]]\nat = \"1h\"\ndo = \"verify\"\naccount = \"acme\"\nidentity = \"other.example\"", nil},
		{"denied", "", request + "\noutcome = \"denied\"", "", slow, nil},
		{"denied, and again", "", request + "\noutcome = \"denied\"\n[[account.request]]\nat = \"3d\"\nafter = \"10h\"", "", slow, nil},
		{"denied, and a new case", "", request + "\noutcome = \"denied\"\n[[account.request]]\nat = \"3d\"\nafter = \"10h\"\n[rules.prod]\nafter_denied = \"new\"", "", slow,
			[]string{strings.Replace(strings.Replace(begins, "1d20h", "3d10h", 1), ":17:", ":23:", 1)}},
		{"asked again under review", "", request + "\n[[account.request]]\nat = \"1d12h\"\nafter = \"1h\"", "", slow, []string{strings.Replace(begins, ":17:", ":20:", 1)}},
		{"begins before the grant", "", request, "", slow, []string{begins}},
		{"begins just before the grant", "", request, "", slow + "\nbegin = \"43h\"", []string{`x.toml:23:1: sender.news.begin: mail to audience customers begins 1d19h after the start, ` + early}},
		{"begins at the grant", "", request, "", slow + "\nbegin = \"44h\"", nil},
		{"begins before the grant, and meant", `thresholds = ["acme.refused.unverified > 0"]`, request, "", slow, nil},
		{"an answer that is drawn", "", "[[account.request]]\nat = \"1d\"", "", slow + "\nbegin = \"1d\"", nil},
		{"too fast", "", quick, "", fast, []string{faster}},
		{"too fast, with retries", "", quick, "", fast + "\nretry = {}", nil},
		{"too fast, with retries for other reasons", "", quick, "", fast + "\nretry = { on = [\"quota\"] }", []string{faster}},
		{"too fast, and meant", `thresholds = ["acme.refused.rate > 0"]`, quick, "", fast, nil},
		{"too fast for several recipients", "", quick, "", `traffic = { kind = "poisson", rate = "15/s" }` + "\nrecipients = 2", []string{faster}},
		{"as fast as it may", "", quick, "", `traffic = { kind = "campaign", pace = "14/s" }`, nil},
		{"a higher rate is granted", "", request + "\nrate = 30", "", fast + "\nbegin = \"2d\"", nil},
		{"a higher rate is set", "", quick, "", fast + "\n[[action]]\nat = \"1h\"\ndo = \"set\"\nkey = \"account.acme.rate\"\nvalue = 30", nil},
	} {
		text := strings.NewReplacer("REST", c.rest, "ACCOUNT", c.account, "AUDIENCE", c.audience, "SENDER", c.sender).Replace(doubtful)
		d, err := Read(nil, "x.toml", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, w := range d.Warnings {
			got = append(got, w.String())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// What ships, and what a user begins with, is meant.
func TestNothingShippedIsDoubtful(t *testing.T) {
	for _, e := range append(append(Shipped(), Lessons()...), Templates()...) {
		src, ok := Source(e.Name)
		if !ok {
			src, _ = Template(e.Name)
		}
		d, err := Read(nil, e.Name, src)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range d.Warnings {
			t.Error(w)
		}
	}
}
