package explain_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/google/go-cmp/cmp"

	"sesim/reports/explain"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// asking is a customer who asks for two Regions, is granted, and pauses one.
func asking(t *testing.T) sim.Config {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	request := sim.Request{
		At: time.Hour, MailType: "MARKETING", Website: "https://acme.example", Language: "JA", UseCase: "News", Contacts: []string{"ops@acme.example"},
		After: 2 * time.Hour, Quota: 70_000, Rate: 20, Regions: []string{"eu-west-1"},
	}
	account := func(name, region string) sim.Account {
		return sim.Account{Name: name, Region: region, Customer: "Acme", Quota: 200, Rate: 1, Suppression: ses.ListBounce | ses.ListComplaint}
	}
	cfg := sim.Config{
		Horizon: 24 * time.Hour, Rules: set, Accounts: []sim.Account{account("us", "us-east-1"), account("eu", "eu-west-1"), account("jp", "ap-northeast-1")},
		Actions: []sim.Action{{At: 4 * time.Hour, Do: sim.DoPause, Account: 0}},
	}
	cfg.Accounts[0].Requests = []sim.Request{request}
	return cfg
}

// output is GetAccountOutput of the SDK, whose own package needs the network.
type output struct {
	DedicatedIpAutoWarmupEnabled bool
	Details                      *types.AccountDetails
	EnforcementStatus            *string
	ProductionAccessEnabled      bool
	SendQuota                    *types.SendQuota
	SendingEnabled               bool
	SuppressionAttributes        *types.SuppressionAttributes
	VdmAttributes                *types.VdmAttributes
}

// TestGetAccount decodes the answers into the SDK's types, which must know
// every field, and looks at what they say.
func TestGetAccount(t *testing.T) {
	for _, c := range []struct {
		at      time.Duration
		account int
		want    string // review, sending and production enabled, quota
	}{
		{time.Hour - 1, 0, "none true false 200 1"},
		{time.Hour, 0, "PENDING true false 200 1"},
		{3*time.Hour - 1, 1, "PENDING true false 200 1"},
		{3 * time.Hour, 1, "GRANTED true true 70000 20"},
		{3 * time.Hour, 2, "none true false 200 1"},
		{4 * time.Hour, 0, "GRANTED false true 70000 20"},
		{4 * time.Hour, 1, "GRANTED true true 70000 20"},
	} {
		e, err := explain.Replay(engine.Run, asking(t), explain.Query{At: c.at})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(e.Accounts[c.account].GetAccount)
		if err != nil {
			t.Fatal(err)
		}
		var got output
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&got); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if diff := cmp.Diff(c.want, summary(&got)); diff != "" {
			t.Errorf("account %d at %v (-want +got):\n%s", c.account, c.at, diff)
		}
	}
}

func summary(o *output) string {
	review := "none"
	if d := o.Details; d != nil {
		review = string(d.ReviewDetails.Status)
		if d.MailType != "MARKETING" || d.ContactLanguage != "JA" || *d.WebsiteURL != "https://acme.example" ||
			len(d.AdditionalContactEmailAddresses) != 1 || len(*d.ReviewDetails.CaseId) != 11 {
			review += " with other details"
		}
	}
	if *o.EnforcementStatus != "HEALTHY" || len(o.SuppressionAttributes.SuppressedReasons) != 2 || o.SendQuota.SentLast24Hours != 0 {
		review += " and other attributes"
	}
	text, _ := json.Marshal([]any{o.SendingEnabled, o.ProductionAccessEnabled, o.SendQuota.Max24HourSend, o.SendQuota.MaxSendRate})
	return review + " " + strings.NewReplacer(",", " ", "[", "", "]", "").Replace(string(text))
}

// TestOneCase checks that a request for several Regions is one support case,
// and that the line for people says what the object says.
func TestOneCase(t *testing.T) {
	e, err := explain.Replay(engine.Run, asking(t), explain.Query{At: 3 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	us, eu := e.Accounts[0].GetAccount.Details.ReviewDetails.CaseID, e.Accounts[1].GetAccount.Details.ReviewDetails.CaseID
	if us != eu {
		t.Errorf("one request is case %s and case %s", us, eu)
	}
	var text strings.Builder
	if err := e.Write(&text); err != nil {
		t.Fatal(err)
	}
	want := "  GetAccount  EnforcementStatus HEALTHY, SendingEnabled true, ProductionAccessEnabled true; Max24HourSend 70000, MaxSendRate 20, SentLast24Hours 0; " +
		"SuppressedReasons [BOUNCE, COMPLAINT]; ReviewDetails GRANTED, case " + us + "\n"
	if !strings.Contains(text.String(), want) {
		t.Errorf("no line\n%s in\n%s", want, &text)
	}
}
