package serve_test

import (
	"context"
	"errors"
	"io"
	"net/smtp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"sesim/cmd/internal/serve"
)

// inRegion makes a call for a Region.
func inRegion(region string) func(*sesv2.Options) {
	return func(o *sesv2.Options) { o.Region = region }
}

// TestOpenedRegions checks that a customer has an account in each Region, in the sandbox until it
// asks for more there.
func TestOpenedRegions(t *testing.T) {
	h, r, _ := host(t, scenario, 0)
	client, ctx := r.v2("acme"), context.Background()
	website := "https://acme.example"
	if _, err := client.PutAccountDetails(ctx, &sesv2.PutAccountDetailsInput{MailType: types.MailTypeTransactional, WebsiteURL: &website}); err != nil {
		t.Fatal(err)
	}
	r.admin("POST", "clock/advance", `{"until":"acme.count.granted > 0"}`, nil)
	for region, quota := range map[string]float64{"us-east-1": 50_000, "eu-west-1": 200, "us-gov-west-1": 200} {
		for range 2 {
			out, err := client.GetAccount(ctx, &sesv2.GetAccountInput{}, inRegion(region))
			if err != nil || out.SendQuota.Max24HourSend != quota || out.ProductionAccessEnabled != (quota > 200) {
				t.Errorf("%s: %+v, %v", region, out, err)
			}
		}
	}
	_, err := client.SendEmail(ctx, mail("a@acme.example", "b@acme.example"), inRegion("eu-west-1"))
	if want := "failed the check in region EU-WEST-1: a@acme.example, b@acme.example"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %q", err, want)
	}
	var list []serve.Account
	if r.admin("GET", "accounts", "", &list); len(list) != 4 || r.sent("acme-eu-west-1") != 0 {
		t.Errorf("%+v", list)
	}
	if a, status := r.act("acme-eu-west-1", `{"do":"verify","identity":"acme.example"}`); status != 200 || len(a.Identities) > 1 {
		t.Errorf("%d %+v", status, a)
	}
	r.advance("1m")
	if _, err := client.SendEmail(ctx, mail("a@acme.example", "b@acme.example"), inRegion("eu-west-1")); err != nil {
		t.Error(err)
	}
	for user, account := range map[string]string{"acme": "acme", "acme-eu-west-1": "acme-eu-west-1"} { // SMTP names no Region
		r.advance("1s")
		before := r.sent(account)
		c, err := smtp.Dial(h.SMTPAddress())
		if err != nil {
			t.Fatal(err)
		}
		err = c.Auth(smtp.PlainAuth("", user, "any", "127.0.0.1"))
		if err == nil {
			err = c.Mail("a@acme.example")
		}
		if err == nil {
			err = c.Rcpt("b@acme.example")
		}
		if err != nil {
			t.Fatal(err)
		}
		w, err := c.Data()
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.WriteString(w, "From: a@acme.example\n\nx\n")
		if err := errors.Join(err, w.Close()); err != nil || r.sent(account) != before+1 {
			t.Errorf("SMTP as %s: %v", user, err)
		}
		_ = c.Close()
	}
	if _, err := client.GetAccount(ctx, &sesv2.GetAccountInput{}, inRegion("elsewhere")); err == nil || !strings.Contains(err.Error(), "UnrecognizedClientException") {
		t.Errorf("what is no Region: %v", err)
	}
}

// TestStrictRegions checks that calls for other Regions can be refused.
func TestStrictRegions(t *testing.T) {
	_, r, _ := host(t, scenario, 0, func(o *serve.Options) { o.StrictRegions = true })
	client, ctx := r.v2("acme"), context.Background()
	if _, err := client.GetAccount(ctx, &sesv2.GetAccountInput{}, inRegion("eu-west-1")); err == nil || !strings.Contains(err.Error(), "UnrecognizedClientException") {
		t.Error(err)
	}
	if _, err := client.GetAccount(ctx, &sesv2.GetAccountInput{}); err != nil {
		t.Error(err)
	}
}
