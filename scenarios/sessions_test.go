package scenarios_test

import (
	"testing"
	"time"
)

// TestSessionsAsObserved sends mails with pauses between them through mailers of which
// people have reported what follows when SES has closed an idle session:
//   - symfony/symfony#36301 and flarum/framework#4614, for what sends with Symfony's mailer:
//     a mail fails with 451 that comes 10 to 100 s after the one before, and the next one is
//     sent; after 100 s the mailer looks whether the session is open;
//   - knadh/listmonk#1624: its pool keeps connections for 15 s and does not try again what
//     meets 451;
//   - Nodemailer and Postfix notice, and open another session; Postfix keeps none for 10 s.
func TestSessionsAsObserved(t *testing.T) {
	for _, c := range []struct {
		client      string
		every       string
		lost, calls int64 // of five mails, and those on closed sessions
	}{
		{"laravel", "9s", 0, 0}, {"laravel", "12s", 2, 2}, {"laravel", "99s", 2, 2}, {"laravel", "101s", 0, 0},
		{"mautic5", "9s", 0, 0}, {"mautic5", "12s", 0, 4}, {"mautic5", "101s", 0, 0},
		{"listmonk", "9s", 0, 0}, {"listmonk", "12s", 2, 2}, {"listmonk", "16s", 0, 0},
		{"nodemailer-pool", "9s", 0, 0}, {"nodemailer-pool", "12s", 0, 4},
		{"nodemailer", "12s", 0, 0}, {"sidekiq", "12s", 0, 0}, {"postfix", "12s", 0, 0},
	} {
		o := scene{
			mails: 1, client: `"` + c.client + "\"\ninterface = \"smtp\"\nend = \"" + five(t, c.every) + `"`, horizon: "1h",
			traffic: `kind = "campaign", every = "` + c.every + `"`,
		}.run(t)
		k := &o.Clients[0]
		if k.Due != 5 || k.Lost() != c.lost || k.Closed != c.calls || o.Accounts[0].Requests != 5-c.lost {
			t.Errorf("%s, a mail each %s: %d of %d lost, %d calls on closed sessions and %d others; want %d of 5, %d and %d", c.client, c.every,
				k.Lost(), k.Due, k.Closed, o.Accounts[0].Requests, c.lost, c.calls, 5-c.lost)
		}
	}
}

// five returns five times a duration.
func five(t *testing.T, text string) string {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return (5 * d).String()
}
