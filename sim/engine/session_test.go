package engine

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/proptest"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"

	"pgregory.net/rapid"
)

// sessionConfig is a scenario with a sandbox, an account in production, and audiences of
// every kind.
func sessionConfig(t testing.TB) sim.Config {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	return sim.Config{
		Name: "session", Horizon: 400 * unit.Day, Seed: 5, Rules: set,
		Accounts: []sim.Account{
			{Name: "box", Region: "us-east-1", Access: ses.Sandbox, Quota: 200, Rate: 1, Identities: []string{"box.example", "me@home.example"},
				Suppression: ses.ListBounce | ses.ListComplaint},
			{Name: "acme", Region: "us-east-1", Access: ses.Production, Quota: 50_000, Rate: 14, Identities: []string{"acme.example"},
				Suppression: ses.ListBounce | ses.ListComplaint, Sets: []sim.ConfigurationSet{{Name: "news", Overrides: true}}},
		},
		Audiences: []sim.Audience{
			{Name: "people", Size: 1000, Domain: "people.example", Local: "people-", Invalid: 10 * unit.Percent, Match: []string{"*.people.example"}},
			{Name: "dead", Size: 10, Domain: "dead.example", Local: "dead-", Invalid: unit.Whole, Match: []string{"gone*@", "dead.test"}},
			{Name: "staff", Size: 2, Addresses: []string{"Ann@staff.example", "bob@staff.example"}},
		},
		Serve: sim.Serve{Addresses: 10_000, Magic: true}, OwnRules: []string{"api.per_second"},
	}
}

// open opens a session that records into list.
func open(t testing.TB, cfg sim.Config, observer sim.Observer) *Session {
	t.Helper()
	s, err := Open(cfg, sim.Hooks{Observer: observer})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// mail is a call of account 1 in production.
func mailTo(to ...string) *sim.Call {
	return &sim.Call{Account: 1, From: "News <news@acme.example>", Recipients: to, Size: 1000}
}

func send(t testing.TB, s *Session, c *sim.Call) sim.Answer {
	t.Helper()
	answer, err := s.Send(c)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func do(t testing.TB, s *Session, o sim.Operation) sim.Answer {
	t.Helper()
	answer, err := s.Do(&o)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func wantError(t testing.TB, what string, got sim.Answer, want ses.Error) {
	t.Helper()
	if got.Error != want {
		t.Errorf("%s: %v, want %v", what, got.Error, want)
	}
}

// TestSessionQuota: a sandbox takes 200 recipients in 24 hours, and one more 24 hours after
// the first.
func TestSessionQuota(t *testing.T) {
	s := open(t, sessionConfig(t), nil)
	c := &sim.Call{From: "me@home.example", Recipients: []string{"me@home.example"}}
	for i := range 200 {
		s.Advance(time.Duration(i)*time.Second, nil)
		wantError(t, fmt.Sprintf("mail %d", i+1), send(t, s, c), ses.Error{})
	}
	s.Advance(200*time.Second, nil)
	answer := send(t, s, c)
	wantError(t, "mail 201", answer, ses.Error{Status: 429, Code: "TooManyRequestsException", Message: "Daily message quota exceeded."})
	if first := send(t, open(t, sessionConfig(t), nil), c); first.Reason != ses.Accepted || !first.Accepted() || first.Rule != rules.None {
		t.Errorf("first answer %+v", first)
	}
	if answer.Reason != ses.RefusedQuota || answer.Rule != rules.QuotaRolling || answer.Meters.Used != 200 || answer.Message != 200 {
		t.Errorf("answer %+v", answer)
	}
	s.Advance(unit.Day-1, nil)
	wantError(t, "a nanosecond before 24 hours", send(t, s, c), ses.Throttled(ses.V2, ses.RefusedQuota))
	s.Advance(unit.Day, nil)
	wantError(t, "24 hours after the first", send(t, s, c), ses.Error{})
	wantError(t, "at once again", send(t, s, c), ses.Throttled(ses.V2, ses.RefusedRate))
	if got := s.Describe(0).SentLast24Hours; got != 200 {
		t.Errorf("%d in the last 24 hours, want 200", got)
	}
}

// TestSessionRate: at one a second a call with five recipients is taken, and the next five
// seconds are refused, through all interfaces.
func TestSessionRate(t *testing.T) {
	for _, i := range []ses.Interface{ses.V2, ses.V1, ses.SMTP} {
		s := open(t, sessionConfig(t), nil)
		to := []string{"a@box.example", "b@box.example", "c@box.example", "d@box.example", "e@box.example"}
		five := &sim.Call{Interface: i, From: "x@box.example", Recipients: to}
		wantError(t, i.String(), send(t, s, five), ses.Error{})
		for sec := range 6 {
			s.Advance(time.Duration(sec)*time.Second-1, nil)
			one := &sim.Call{Interface: i, From: "x@box.example", Recipients: to[:1]}
			wantError(t, fmt.Sprintf("%s just before %d s", i, sec), send(t, s, one), ses.Throttled(i, ses.RefusedRate))
		}
		s.Advance(5*time.Second, nil)
		wantError(t, i.String()+" after 5 s", send(t, s, five), ses.Error{})
	}
}

// TestSessionRefusals goes through the refusals of a call and their order.
func TestSessionRefusals(t *testing.T) {
	s := open(t, sessionConfig(t), nil)
	many := make([]string, 51)
	for i := range many {
		many[i] = fmt.Sprintf("people-%d@people.example", i+1)
	}
	for _, c := range []struct {
		name string
		call *sim.Call
		want ses.Error
		rule rules.ID
	}{
		{"From", &sim.Call{Account: 1, From: "a@other.example", Recipients: many[:1]},
			ses.Unverified(ses.V2, "us-east-1", []string{"a@other.example"}, 1000), rules.IdentityFrom},
		{"Return-Path", &sim.Call{Account: 1, Interface: ses.V1, From: "a@acme.example", Checked: []string{"b@other.example"}, Recipients: many[:1]},
			ses.Unverified(ses.V1, "us-east-1", []string{"b@other.example"}, 1000), rules.IdentityFrom},
		{"sandbox", &sim.Call{From: "a@box.example", Recipients: []string{"b@box.example", "Cid@strange.example"}, Interface: ses.SMTP},
			ses.Unverified(ses.SMTP, "us-east-1", []string{"Cid@strange.example"}, 1000), rules.SandboxRecipients},
		{"owner", &sim.Call{Account: 1, From: "a@box.example", Delegated: true, Owner: 0, Recipients: []string{"b@acme.example"}},
			ses.Unverified(ses.V2, "us-east-1", []string{"a@box.example"}, 1000), rules.IdentityDelegate},
		{"51 recipients", mailTo(many...), ses.Malformed(ses.V2, ses.CallInput{Recipients: 51}), rules.CallRecipients},
		{"none", mailTo(), ses.Malformed(ses.V2, ses.CallInput{}), rules.CallRecipients},
		{"no domain", mailTo("a@people.example", "nobody"), ses.Malformed(ses.V2, ses.CallInput{Recipients: 2, Malformed: "nobody"}), rules.CallAddress},
		{"size", &sim.Call{Account: 1, Interface: ses.V1, From: "a@acme.example", Recipients: many[:1], Size: 10<<20 + 1},
			ses.Malformed(ses.V1, ses.CallInput{Recipients: 1, Size: 10<<20 + 1}), rules.CallSize},
		{"set", &sim.Call{Account: 1, From: "a@acme.example", Recipients: many[:1], Set: "none"}, ses.NoSuchSet(ses.V2, "none"), rules.CallSet},
	} {
		answer := send(t, s, c.call)
		wantError(t, c.name, answer, c.want)
		if answer.Rule != c.rule {
			t.Errorf("%s: rule %v, want %v", c.name, answer.Rule, c.rule)
		}
	}
	if got := s.Describe(1).SentLast24Hours; got != 0 {
		t.Errorf("refused calls took %d from the quota", got)
	}
	if _, err := s.Send(&sim.Call{Account: 2}); err == nil {
		t.Error("a call of an account that does not exist is decided")
	}
	r, err := s.Close()
	if err != nil {
		t.Fatal(err)
	}
	var calls, recipients int64
	for i := range r.Accounts {
		a := &r.Accounts[i]
		calls, recipients = calls+a.Requests, recipients+a.Recipients
		if a.Due != a.GivenUp || a.Accepted != 0 || len(a.Refusals) == 0 {
			t.Errorf("account %d: %+v", i, a.Counts)
		}
	}
	if calls != 9 || recipients != 1+1+2+1+51+0+2+1+1 || r.Admissions != 9 {
		t.Errorf("%d calls with %d recipients", calls, recipients)
	}
}

// recordList keeps the records of a session.
type recordList struct{ list []sim.Record }

func (r *recordList) Observe(record *sim.Record) {
	own := *record
	own.Recipients = append([]sim.Address(nil), record.Recipients...)
	own.Call = nil
	r.list = append(r.list, own)
}

// kinds returns what was recorded of an address, in order.
func (r *recordList) kinds(of sim.Address) (list []sim.RecordKind) {
	for i := range r.list {
		if r.list[i].Address == of && r.list[i].Kind != sim.Changed && r.list[i].Kind != sim.Sent && r.list[i].Kind != sim.Refused {
			list = append(list, r.list[i].Kind)
		}
	}
	return list
}

// TestSessionAudiences: addresses belong to the audience that has or matches them, and have
// its properties; magic labels, the simulator and the rest have theirs.
func TestSessionAudiences(t *testing.T) {
	records := &recordList{}
	s := open(t, sessionConfig(t), records)
	for i, c := range []struct {
		to       string
		audience string
		number   int64 // -1: of the directory
		want     []sim.RecordKind
	}{
		{"dead-3@DEAD.example", "dead", 2, []sim.RecordKind{sim.HardBounced, sim.ListedGlobal, sim.ListedAccount}},
		{"gone-away@somewhere.example", "dead", -1, []sim.RecordKind{sim.HardBounced, sim.ListedGlobal, sim.ListedAccount}},
		{"x@dead.test", "dead", -1, []sim.RecordKind{sim.HardBounced, sim.ListedGlobal, sim.ListedAccount}},
		{"ann@Staff.Example", "staff", 0, []sim.RecordKind{sim.Delivered}},
		{"who@knows.example", "(others)", -1, []sim.RecordKind{sim.Delivered}},
		{"a+sesim-bounce@x.example", "(bounce)", -1, []sim.RecordKind{sim.HardBounced, sim.ListedGlobal, sim.ListedAccount}},
		{"a+sesim-complaint@x.example", "(complaint)", -1, []sim.RecordKind{sim.Delivered, sim.Complained, sim.ListedAccount}},
		{"a+sesim-unknown@x.example", "(unknown)", -1, []sim.RecordKind{sim.HardBounced, sim.ListedGlobal, sim.ListedAccount}},
		{"bounce@simulator.amazonses.com", "(mailbox simulator)", -1, []sim.RecordKind{sim.Simulated}},
	} {
		s.Advance(time.Duration(i)*time.Hour, nil)
		wantError(t, c.to, send(t, s, mailTo(c.to)), ses.Error{})
		address, known := s.live.find(c.to)
		if !known || s.Config().Audiences[address.Audience].Name != c.audience || c.number >= 0 && address.Number != c.number {
			t.Errorf("%s is %v, of audience %s", c.to, address, s.Config().Audiences[address.Audience].Name)
		}
		s.Advance(s.Now()+40*unit.Day, nil)
		got := records.kinds(address)
		for len(got) > 0 && got[0] == sim.Delayed {
			got = got[1:]
		}
		if len(got) < len(c.want) || !reflect.DeepEqual(got[:len(c.want)], c.want) && c.audience != "dead" && c.audience != "(bounce)" && c.audience != "(unknown)" {
			t.Errorf("%s: %v, want %v", c.to, got, c.want)
		}
		for _, kind := range c.want {
			if !strings.Contains(fmt.Sprint(got), fmt.Sprint(kind)) {
				t.Errorf("%s: %v, want %v", c.to, got, c.want)
			}
		}
	}
	for i := range records.list {
		if r := &records.list[i]; r.Kind != sim.Changed && (r.Sender != -1 || !r.Live && r.Kind < sim.ListedGlobal) {
			t.Fatalf("record %+v", r)
		}
	}
}

// TestSessionFates: what becomes of an address does not depend on the order in which
// addresses come.
func TestSessionFates(t *testing.T) {
	cfg := sessionConfig(t)
	cfg.Accounts[1].Rate = 1000
	fates := func(order func(i int) int) map[string]string {
		records := &recordList{}
		s := open(t, cfg, records)
		for i := range 500 {
			s.Advance(time.Duration(i)*time.Second, nil)
			send(t, s, mailTo(fmt.Sprintf("p%d@sub.people.example", order(i))))
		}
		s.Advance(60*unit.Day, nil) // some bounce days after a delivery
		list := map[string]string{}
		for i := range records.list {
			r := &records.list[i]
			if r.Kind == sim.Delivered && !r.Follows || r.Kind == sim.HardBounced {
				list[s.Config().Audiences[r.Address.Audience].AddressOf(r.Address.Number)] = fmt.Sprint(r.Kind)
			}
		}
		return list
	}
	one, other := fates(func(i int) int { return i }), fates(func(i int) int { return 499 - i })
	if len(one) != 500 || !reflect.DeepEqual(one, other) {
		t.Errorf("%d and %d fates, equal: %v", len(one), len(other), reflect.DeepEqual(one, other))
	}
	bounced := 0
	for _, kind := range one {
		if kind == fmt.Sprint(sim.HardBounced) {
			bounced++
		}
	}
	if bounced < 25 || bounced > 85 { // 10 % of 500, five standard deviations
		t.Errorf("%d of 500 bounced, where 10%% are invalid", bounced)
	}
}

// TestSessionSentAfterBounce: mail to an address whose bounce was published counts, of the
// account's own mail only.
func TestSessionSentAfterBounce(t *testing.T) {
	s := open(t, sessionConfig(t), nil)
	send(t, s, mailTo("dead-1@dead.example"))
	send(t, s, mailTo("dead-1@dead.example")) // not published yet
	s.Advance(unit.Day, nil)
	send(t, s, mailTo("DEAD-1@dead.example", "dead-2@dead.example"))
	send(t, s, &sim.Call{From: "me@box.example", Recipients: []string{"me@box.example"}})
	for metric, want := range map[string]float64{
		"acme.sent_after_bounce": 1, "box.sent_after_bounce": 0, "acme.accepted": 4, "acme.requests": 3, "acme.refused.rate": 0,
	} {
		if got, data := s.Value(metric); got != want || !data {
			t.Errorf("%s = %v (%v), want %v", metric, got, data, want)
		}
	}
	r, err := s.Close()
	if err != nil || r.Accounts[1].SentAfterBounce != 1 || r.Accounts[1].InFlight != 1 || r.Accounts[1].Delay.Count() != 3 {
		t.Errorf("%v, %+v", err, r.Accounts[1].Counts)
	}
}

// TestSessionLists goes through the calls on the account's list, with spellings and in the
// sandbox.
func TestSessionLists(t *testing.T) {
	s := open(t, sessionConfig(t), nil)
	op := func(account int, what sim.Do, text string) sim.Operation {
		return sim.Operation{Action: sim.Action{Do: what, Account: account, Reason: ses.ListBounce}, Text: text}
	}
	step := func() { s.Advance(s.Now()+time.Second, nil) }
	wantError(t, "sandbox", do(t, s, op(0, sim.DoSuppress, "a@b.example")), ses.Blocked())
	wantError(t, "not listed", do(t, s, op(1, sim.DoGet, "A@b.Example")), ses.NotListed("A@b.example"))
	step()
	wantError(t, "put", do(t, s, op(1, sim.DoSuppress, "a@b.example")), ses.Error{})
	step()
	if got := do(t, s, op(1, sim.DoGet, "a@B.example")); got.Listed != ses.ListBounce || !got.Accepted() {
		t.Errorf("%+v", got)
	}
	step()
	wantError(t, "another spelling", do(t, s, op(1, sim.DoGet, "A@b.example")), ses.NotListed("A@b.example"))
	send(t, s, mailTo("A@b.example")) // which sending does not tell apart
	step()
	wantError(t, "delete", do(t, s, op(1, sim.DoUnsuppress, "a@b.example")), ses.Error{})
	wantError(t, "too soon", do(t, s, op(1, sim.DoUnsuppress, "a@b.example")), ses.ThrottledOperation())
	step()
	wantError(t, "again", do(t, s, op(1, sim.DoUnsuppress, "a@b.example")), ses.NotListed("a@b.example"))
	if got, _ := s.Value("acme.suppressed_account"); got != 1 {
		t.Errorf("%v suppressed, want 1", got)
	}
	for _, wrong := range []sim.Operation{
		op(2, sim.DoList, ""), {Action: sim.Action{Do: sim.DoGet, Address: sim.Address{Audience: 3}}}, {Action: sim.Action{Do: 99}}, {Action: sim.Action{Do: sim.DoVerify}},
		{Action: sim.Action{Do: sim.DoDeleteSet, Account: 1}, SetName: "none"}, {Action: sim.Action{Do: sim.DoCreateSet}, SetName: "new"},
		{Action: sim.Action{Do: sim.DoImport, Audience: 3}}, {Action: sim.Action{Do: sim.DoSet, Change: sim.Change{Index: 7}}},
		{Action: sim.Action{Do: sim.DoSet, Change: sim.Change{Key: 200}}}, {Action: sim.Action{Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAccountRate}}},
		{Action: sim.Action{Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAudienceComplaint, Share: unit.Whole + 1}}}, {Action: sim.Action{Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAudienceInvalid}}},
		{Request: &sim.Request{Outcome: 9}}, {Action: sim.Action{Do: sim.DoResume, Client: 1}},
		{Action: sim.Action{Do: sim.DoPause, Account: 1, Set: 2}}, {Action: sim.Action{Account: -1}, Request: &sim.Request{}},
	} {
		if answer, err := s.Do(&wrong); err == nil {
			t.Errorf("%+v is done: %+v", wrong, answer)
		}
	}
}

// TestSessionOperationRate: operations have no limit unless the scenario sets one.
func TestSessionOperationRate(t *testing.T) {
	cfg := sessionConfig(t)
	for _, own := range [][]string{{"api.per_second"}, nil} {
		cfg.OwnRules = own
		s := open(t, cfg, nil)
		list := sim.Operation{Action: sim.Action{Do: sim.DoList, Account: 1}}
		wantError(t, "first call", do(t, s, list), ses.Error{})
		want := ses.Error{}
		if own != nil {
			want = ses.ThrottledOperation()
		}
		wantError(t, fmt.Sprintf("second call, with %v", own), do(t, s, list), want)
	}
}

// TestSessionAccount requests production access twice, and goes through identities,
// configuration sets, pause and appeal.
func TestSessionAccount(t *testing.T) {
	s := open(t, sessionConfig(t), nil)
	step := func() { s.Advance(s.Now()+2*time.Second, nil) }
	request := sim.Operation{Request: &sim.Request{MailType: "TRANSACTIONAL", Outcome: ses.Granted, After: -1}}
	wantError(t, "request", do(t, s, request), ses.Error{})
	wantError(t, "second request", do(t, s, request), ses.Conflict())
	if got := s.Describe(0); got.Review != ses.ReviewPending || got.ProductionAccessEnabled || s.Details(0) == nil {
		t.Errorf("%+v", got)
	}
	for granted := false; !granted; {
		at, what := s.Next()
		if at >= 30*unit.Day {
			t.Fatal("no answer within 30 days")
		}
		s.Advance(at, nil)
		granted = what == "answer to a request for production access"
	}
	if got := s.Describe(0); !got.ProductionAccessEnabled || got.Max24HourSend != 50_000 || got.MaxSendRate != 14 {
		t.Errorf("after the answer: %+v", got)
	}
	verify := func(after time.Duration, fails bool) sim.Operation {
		return sim.Operation{Action: sim.Action{Do: sim.DoVerify, Identity: "new.example", After: after, Fails: fails}}
	}
	do(t, s, verify(time.Minute, false))
	if got := s.Verification(0, "new.example"); got != ses.VerificationPending {
		t.Error(got)
	}
	c := &sim.Call{From: "a@new.example", Recipients: []string{"b@c.example"}}
	wantError(t, "not verified", send(t, s, c), ses.Unverified(ses.V2, "us-east-1", []string{"a@new.example"}, 1000))
	s.Advance(s.Now()+time.Minute, nil)
	wantError(t, "verified", send(t, s, c), ses.Error{})
	do(t, s, sim.Operation{Action: sim.Action{Do: sim.DoUnverify, Identity: "new.example"}})
	step()
	wantError(t, "deleted twice", do(t, s, sim.Operation{Action: sim.Action{Do: sim.DoUnverify, Identity: "new.example"}}), ses.NoSuchIdentity("new.example"))
	step()
	do(t, s, verify(-1, true)) // waits until somebody verifies it
	s.Advance(s.Now()+time.Hour, nil)
	do(t, s, verify(0, false))
	s.Advance(s.Now()+100*time.Hour, nil)
	if got := s.Verification(0, "new.example"); got != ses.VerificationSuccess {
		t.Error(got)
	}

	set := func(what sim.Do, create *sim.ConfigurationSet) sim.Operation {
		return sim.Operation{Action: sim.Action{Do: what}, SetName: "mine", Create: create}
	}
	wantError(t, "create", do(t, s, set(sim.DoCreateSet, &sim.ConfigurationSet{Paused: true, MaxDelivery: time.Hour})), ses.Error{})
	step()
	wantError(t, "exists", do(t, s, set(sim.DoCreateSet, &sim.ConfigurationSet{})), ses.SetExists("mine"))
	c.Set = "mine"
	wantError(t, "set paused", send(t, s, c), ses.Paused(ses.V2, ses.OfSet))
	step()
	do(t, s, set(sim.DoResume, nil))
	step()
	do(t, s, sim.Operation{Action: sim.Action{Do: sim.DoSet, Change: sim.Change{Key: sim.KeySetMaxDelivery, After: 10 * time.Minute}}, SetName: "mine"})
	c.Recipients = []string{"x+sesim-mailboxfull@c.example"}
	wantError(t, "with the set", send(t, s, c), ses.Error{})
	s.Advance(s.Now()+10*time.Minute-1, nil)
	if got, _ := s.Value("box.soft_bounced"); got != 0 {
		t.Error("given up before the end of the set's time")
	}
	step()
	if got, _ := s.Value("box.soft_bounced"); got != 1 {
		t.Errorf("%v soft bounces, want 1", got)
	}
	do(t, s, set(sim.DoDeleteSet, nil))
	wantError(t, "set deleted", send(t, s, c), ses.NoSuchSet(ses.V2, "mine"))
	step()
	wantError(t, "again", do(t, s, set(sim.DoDeleteSet, nil)), ses.NoSuchSet(ses.V2, "mine"))
	c.Set = ""

	step()
	do(t, s, sim.Operation{Action: sim.Action{Do: sim.DoTrigger, Cause: "spamtrap", Pauses: true}})
	wantError(t, "paused by AWS", send(t, s, c), ses.Paused(ses.V2, ses.ByAWS))
	do(t, s, sim.Operation{Action: sim.Action{Do: sim.DoResume}})
	wantError(t, "which the customer cannot end", send(t, s, c), ses.Paused(ses.V2, ses.ByAWS))
	do(t, s, sim.Operation{Action: sim.Action{Do: sim.DoAppeal, Accepted: true, After: time.Hour}})
	s.Advance(s.Now()+time.Hour, nil)
	wantError(t, "after the appeal", send(t, s, c), ses.Error{})
}

// TestSessionFull: a call that names more addresses than there is room for is not decided.
func TestSessionFull(t *testing.T) {
	cfg := sessionConfig(t)
	cfg.Serve.Addresses = 2
	s := open(t, cfg, nil)
	send(t, s, mailTo("a@x.example"))
	if _, err := s.Send(mailTo("b@x.example", "c@x.example", "people-1@people.example")); !errors.Is(err, sim.ErrFull) {
		t.Errorf("error %v", err)
	}
	send(t, s, mailTo("b@x.example", "A@X.example"))
	_, err := s.Do(&sim.Operation{Action: sim.Action{Do: sim.DoSuppress, Account: 1, Reason: ses.ListBounce}, Text: "d@x.example"})
	if !errors.Is(err, sim.ErrFull) {
		t.Errorf("error %v", err)
	}
	if got := s.Describe(1).SentLast24Hours; got != 3 {
		t.Errorf("%d were sent, want 3", got)
	}
}

// TestSessionRoutes: a call that needs more routes than there may be is not decided.
func TestSessionRoutes(t *testing.T) {
	s := open(t, sessionConfig(t), nil)
	for i := len(s.w.senders); i < maxRoutes; i++ {
		name := fmt.Sprint("set-", i)
		do(t, s, sim.Operation{Action: sim.Action{Do: sim.DoCreateSet, Account: 1}, SetName: name, Create: &sim.ConfigurationSet{}})
		s.Advance(s.Now()+time.Second, nil)
		c := mailTo("people-1@people.example")
		c.Set = name
		send(t, s, c)
	}
	if len(s.w.senders) != cap(s.w.senders) {
		t.Fatalf("%d routes, room for %d", len(s.w.senders), cap(s.w.senders))
	}
	if _, err := s.Send(mailTo("dead-1@dead.example")); !errors.Is(err, sim.ErrFull) {
		t.Errorf("error %v", err)
	}
}

// TestSessionNoCalls: a session to which nobody calls is a run, to the same fingerprint and
// counts, with batches of arrivals and with clients, whatever the steps.
func TestSessionNoCalls(t *testing.T) {
	for _, senders := range []int{1, 5} {
		c := fieldConfig(t, senders)
		c.Horizon = 47*time.Hour + 13*time.Second + 1
		want, err := Run(c, sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		long := c
		long.Horizon = 4 * unit.Day
		s := open(t, long, nil)
		for at := time.Duration(0); at < c.Horizon-1; {
			at = s.Advance(min(at+37*time.Minute, c.Horizon-1), nil)
		}
		got, err := s.Close()
		if err != nil {
			t.Fatal(err)
		}
		if got.Fingerprint != want.Fingerprint || got.Events == 0 {
			t.Errorf("fingerprint %s, of the run %s", got.Fingerprint, want.Fingerprint)
		}
		for i := range want.Accounts {
			if got.Accounts[i].Counts != want.Accounts[i].Counts {
				t.Errorf("%d senders, account %d: %+v, of the run %+v", senders, i, got.Accounts[i].Counts, want.Accounts[i].Counts)
			}
		}
	}
}

// TestSessionSteps: with the same inputs at the same times a session is the same, whatever
// the steps between them, with a stop or without, and observed or not.
func TestSessionSteps(t *testing.T) {
	proptest.Check(t, func(rt *rapid.T) {
		cfg := fieldConfig(t, rapid.SampledFrom([]int{1, 5}).Draw(rt, "senders"))
		cfg.Horizon = 4 * unit.Day
		cfg.Serve = sim.Serve{Addresses: 1000, Magic: true}
		cfg.Audiences[0].Match = []string{"*.test"}
		if rapid.Bool().Draw(rt, "changes") {
			a := &cfg.Audiences[0]
			a.Growth, a.Churn, a.ChurnPer = sim.Growth{Rate: unit.Rate{N: 100, Per: unit.Day}, Limit: a.Size + 200}, 20*unit.Percent, unit.Day
			a.Decay, a.DecayPer = 10*unit.Percent, unit.Day
		}
		var inputs []timed
		for at := time.Duration(0); len(inputs) < 40; {
			at += time.Duration(rapid.Int64Range(0, int64(3*time.Hour)).Draw(rt, "after"))
			inputs = append(inputs, timed{at, randomInput(rt)})
		}
		want := drive(t, cfg, inputs, func(s *Session, to time.Duration) { s.Advance(to, nil) })
		pause := rapid.Int64Range(int64(time.Second), int64(5*time.Hour)).Draw(rt, "step")
		got := drive(t, cfg, inputs, func(s *Session, to time.Duration) {
			for s.Now() < to {
				n := 0
				s.Advance(min(s.Now()+time.Duration(pause), to), func() bool { n++; return n%3 == 0 })
			}
		})
		if !reflect.DeepEqual(got, want) {
			rt.Errorf("answers and results differ between steps and one advance:\n%+v\n%+v", got, want)
		}
	})
}

// timed is an input with its time.
type timed struct {
	at time.Duration
	in sim.Input
}

// driven is what a session answers and leaves.
type driven struct {
	answers []sim.Answer
	records []sim.Record
	result  *sim.Result
}

// drive gives a session inputs at their times, moving its clock by advance.
func drive(t testing.TB, cfg sim.Config, inputs []timed, advance func(*Session, time.Duration)) driven {
	t.Helper()
	records := &recordList{}
	s, d := open(t, cfg, records), driven{}
	for i := range inputs {
		advance(s, inputs[i].at)
		if s.Now() != inputs[i].at {
			t.Fatalf("the clock reads %v, not %v", s.Now(), inputs[i].at)
		}
		answer, err := s.Apply(&inputs[i].in)
		if err != nil {
			t.Fatal(err)
		}
		d.answers = append(d.answers, answer)
	}
	advance(s, inputs[len(inputs)-1].at+time.Hour)
	result, err := s.Close()
	if err != nil {
		t.Fatal(err)
	}
	d.records, d.result = records.list, result
	return d
}

// randomInput draws a call or an operation of a scenario by fieldConfig.
func randomInput(rt *rapid.T) sim.Input {
	account := rapid.IntRange(0, 1).Draw(rt, "account")
	from := []string{"news@acme.example", "x@box.example"}
	to := []string{
		"people-1@people.example", "people-2@people.example", "a@one.test", "b@two.test", "who@knows.example",
		"c+sesim-bounce@x.example", "d+sesim-complaint@y.example", "bounce@simulator.amazonses.com", "e@box.example",
	}
	switch rapid.IntRange(0, 9).Draw(rt, "kind") {
	case 0:
		do := rapid.SampledFrom([]sim.Do{sim.DoSuppress, sim.DoUnsuppress, sim.DoGet, sim.DoList}).Draw(rt, "do")
		return sim.Input{Operation: &sim.Operation{
			Action: sim.Action{Do: do, Account: account, Reason: ses.ListBounce}, Text: rapid.SampledFrom(to).Draw(rt, "address"),
		}}
	case 1:
		do := rapid.SampledFrom([]sim.Do{sim.DoVerify, sim.DoUnverify, sim.DoPause, sim.DoResume, sim.DoAppeal}).Draw(rt, "do")
		return sim.Input{Operation: &sim.Operation{Action: sim.Action{Do: do, Account: account, Identity: "one.test", After: time.Hour}}}
	case 2:
		return sim.Input{Operation: &sim.Operation{
			Action: sim.Action{Account: account}, Request: &sim.Request{MailType: "MARKETING", Outcome: ses.Granted, After: -1},
		}}
	}
	return sim.Input{Call: &sim.Call{
		Account: account, From: rapid.SampledFrom(from).Draw(rt, "from"), Interface: ses.Interface(rapid.IntRange(0, 2).Draw(rt, "interface")),
		Recipients: rapid.SliceOfN(rapid.SampledFrom(to), 1, 5).Draw(rt, "to"),
	}}
}

// A rate that is set from outside holds from the next message on, as one that the scenario
// sets at that moment: of many senders too, whose arrivals a run takes in batches.
func TestSessionSetsRate(t *testing.T) {
	cfg := sessionConfig(t)
	for i := range 2 * batchLeast {
		cfg.Senders = append(cfg.Senders, sim.Sender{
			Name: fmt.Sprint("s", i), Account: 1, From: "news@acme.example", Recipients: 1,
			Traffic: sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 2, Per: time.Minute}},
		})
	}
	cfg.Horizon = 40 * time.Minute
	slower := sim.Action{At: 1809 * time.Second, Do: sim.DoSet, Change: sim.Change{Key: sim.KeySenderRate, Index: 1, Rate: unit.Rate{N: 1, Per: time.Minute}}}
	s := open(t, cfg, nil)
	s.Advance(slower.At, nil)
	do(t, s, sim.Operation{Action: slower})
	s.Advance(cfg.Horizon, nil)
	got, err := s.Close()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Actions = []sim.Action{slower}
	want, err := Run(cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range cfg.Senders {
		if got.Senders[i].Due != want.Senders[i].Due {
			t.Errorf("sender %d: %d messages are due in the session, %d in the scenario", i, got.Senders[i].Due, want.Senders[i].Due)
		}
	}
}
