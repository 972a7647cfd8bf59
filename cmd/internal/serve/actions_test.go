package serve_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"sesim/cmd/internal/serve"
)

// act does an action for an account.
func (r *running) act(account, action string) (a serve.Account, status int) {
	r.t.Helper()
	status = r.admin("POST", "accounts/"+account+"/actions", action, &a)
	return a, status
}

// TestActRequest requests production access as somebody does in the console, while the
// application looks on by the API.
func TestActRequest(t *testing.T) {
	r := start(t, scenario)
	client, ctx := r.v2("acme"), context.Background()
	const request = `{"do":"request","mail_type":"MARKETING","website":"https://shop.example","use_case":"News","contacts":["c@shop.example"],
		"language":"JA","outcome":"denied","after":"24h"}`
	if a, status := r.act("acme", request); status != 200 || a.Review != "PENDING" || a.ProductionAccess {
		t.Fatalf("%d %+v", status, a)
	}
	in := &sesv2.PutAccountDetailsInput{MailType: types.MailTypeTransactional, WebsiteURL: new(string)}
	*in.WebsiteURL = "https://shop.example"
	var conflict *types.ConflictException
	if _, err := client.PutAccountDetails(ctx, in); !errors.As(err, &conflict) {
		t.Errorf("a second request: %v", err)
	}
	if status, text := r.ask("POST", "accounts/acme/actions", request); status != 400 || !strings.Contains(string(text), "ConflictException") {
		t.Errorf("a second request: %d %s", status, text)
	}
	out, err := client.GetAccount(ctx, &sesv2.GetAccountInput{})
	//lint:ignore SA1019 GetAccount still answers the description, deprecated as it is
	if err != nil || out.Details == nil || out.Details.MailType != "MARKETING" || *out.Details.UseCaseDescription != "News" ||
		out.Details.ContactLanguage != "JA" || len(out.Details.AdditionalContactEmailAddresses) != 1 {
		t.Errorf("%+v, %v", out.Details, err)
	}
	r.advance("24h")
	var list []serve.Account
	if r.admin("GET", "accounts", "", &list); list[0].Review != "DENIED" || list[0].ProductionAccess {
		t.Errorf("%+v", list[0])
	}
	r = start(t, scenario)
	if a, status := r.act("acme", `{"do":"request","quota":100000,"rate":28,"after":"1h"}`); status != 200 || a.Review != "PENDING" {
		t.Fatalf("%d %+v", status, a)
	}
	r.advance("1h")
	if r.admin("GET", "accounts", "", &list); !list[0].ProductionAccess || list[0].Max24HourSend != 100_000 || list[0].MaxSendRate != 28 {
		t.Errorf("%+v", list[0])
	}
}

// TestActWrong checks what is refused, and that the message says what would be right.
func TestActWrong(t *testing.T) {
	r := start(t, scenario)
	for _, c := range []struct{ action, want string }{
		{`{"do":"fly"}`, `do is \"fly\"; it must be one of quota, request, appeal, verify`},
		{`{"do":"appeal","outcome":"maybe"}`, `outcome is \"maybe\"; it must be \"accepted\" or \"rejected\"`},
		{`{"do":"trigger","effect":"stop"}`, `effect is \"stop\"; it must be \"review\" or \"pause\"`},
		{`{"do":"verify","after":"soon"}`, `after is \"soon\"; right would be a duration`},
		{`{"do":"suppress","reason":"spite"}`, `reason: \"spite\" is not one of`},
		{`{"do":"suppress"}`, `address is \"\"; right would be an address such as`},
		{`{"do":"remove-global","address":"x"}`, `address is \"x\"; right would be`},
		{`{"do":"verify"}`, `identity is \"\"; right would be a domain or an address`},
		{`{"do":"verify","identity":"shop@"}`, `identity is \"shop@\"; right would be`},
		{`{"do":"quota"}`, "quota needs quota or rate"},
		{`{"do":"quota","rate":-1}`, "quota and rate must be positive"},
		{`{"do":"request","mail_type":"LETTERS"}`, "1 validation error detected: Value at 'mailType' failed to satisfy constraint"},
		{`{"do":"request","language":"DE"}`, "Value at 'contactLanguage' failed"},
		{`{"do":"request","outcome":"accepted"}`, `outcome is \"accepted\"; it must be one of granted, denied, failed, more-info`},
		{`{"do":"request","quota":-2}`, "quota is -2 and rate 0; they must be positive"},
		{`{"do":"request","purpose":"x"}`, "unknown field"},
	} {
		if status, text := r.ask("POST", "accounts/acme/actions", c.action); status != 400 || !strings.Contains(string(text), c.want) {
			t.Errorf("%s: %d %s", c.action, status, text)
		}
	}
}
