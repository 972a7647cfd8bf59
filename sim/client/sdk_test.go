package client_test

import (
	"context"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"sesim/scenarios"
	"sesim/sim/client"
)

// The tests of this file run the AWS SDK for Go in virtual time against a bucket in
// this process, and the model beside it.

// sdkService is an HTTP client whose calls take a latency and are then decided.
type sdkService struct {
	sync.Mutex
	began   time.Time
	latency time.Duration
	decide  func(now time.Duration) bool
	calls   int
}

func (s *sdkService) Do(r *http.Request) (*http.Response, error) {
	time.Sleep(s.latency)
	s.Lock()
	defer s.Unlock()
	s.calls++
	h := http.Header{"Content-Type": {"application/json"}}
	status, body := http.StatusOK, `{"MessageId":"1"}`
	if !s.decide(time.Since(s.began)) {
		h.Set("X-Amzn-ErrorType", "TooManyRequestsException")
		status, body = http.StatusTooManyRequests, `{"message":"Maximum sending rate exceeded."}`
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// sdkClient is the real client with the given retryer.
func sdkClient(s *sdkService, retryer aws.Retryer) *sesv2.Client {
	return sesv2.New(sesv2.Options{
		Region: "us-east-1", HTTPClient: s, Retryer: retryer,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
		}),
	})
}

func sdkSend(c *sesv2.Client) bool {
	_, err := c.SendEmail(context.Background(), &sesv2.SendEmailInput{
		FromEmailAddress: aws.String("a@a.example"),
		Destination:      &types.Destination{ToAddresses: []string{"b@b.example"}},
		Content:          &types.EmailContent{Raw: &types.RawMessage{Data: []byte("x")}},
	})
	return err == nil
}

// sdkOutcome is what became of the messages of the real client.
type sdkOutcome struct {
	accepted []int64 // numbers of messages
	calls    int
	took     time.Duration
}

// sdkRun lets threads send a number of messages with one client.
func sdkRun(t *testing.T, threads, messages int, s *sdkService, retryer func() aws.Retryer) (out sdkOutcome) {
	synctest.Test(t, func(*testing.T) {
		s.began = time.Now()
		c := sdkClient(s, retryer())
		var next atomic.Int64
		var wait sync.WaitGroup
		for range threads {
			wait.Go(func() {
				for n := next.Add(1) - 1; n < int64(messages); n = next.Add(1) - 1 {
					if sdkSend(c) {
						s.Lock()
						out.accepted = append(out.accepted, n)
						s.Unlock()
					}
				}
			})
		}
		wait.Wait()
		out.calls, out.took = s.calls, time.Since(s.began)
	})
	slices.Sort(out.accepted)
	return out
}

// sdkDefault is the SDK's retryer since v1.48.0, sdkBefore the one before, of which the
// SDK still has the backoff.
func sdkDefault() aws.Retryer { return retry.NewStandard() }

func sdkBefore() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.Backoff = retry.NewExponentialJitterBackoff(retry.DefaultMaxBackoff)
		o.RetryCost, o.ThrottlingRetryCost = 5, 5 // of any retry
	})
}

// sdkPresets are the presets of retryers.
var sdkPresets = map[string]func() aws.Retryer{"aws-sdk-2026": sdkDefault, "go2-2025": sdkBefore}

// preset returns a preset with a number of workers, a latency and no set-up.
func preset(t *testing.T, name string, workers int64, latency client.Latency) client.Config {
	t.Helper()
	p, ok := scenarios.PresetNamed(name)
	if !ok {
		t.Fatalf("there is no preset %s", name)
	}
	p.Client.Workers.N, p.Client.Latency, p.Client.Connection.Setup = workers, latency, 0
	return p.Client
}

// TestSDKHundredAtOnce: a hundred messages at once on 14 a second. How many are
// accepted and how many calls that takes depends on the SDK's own random numbers, so
// the means of fifty runs are compared.
func TestSDKHundredAtOnce(t *testing.T) {
	const runs = 50
	for name, retryer := range sdkPresets {
		var sdk, model struct{ accepted, calls float64 }
		cfg := preset(t, name, 100, fixedLatency(50*ms))
		for seed := range uint64(runs) {
			b := newBucket(14, 14)
			real := sdkRun(t, 100, 100, &sdkService{latency: 50 * ms, decide: func(now time.Duration) bool { return b.admit(now, 1) }}, retryer)
			sdk.accepted += float64(len(real.accepted)) / runs
			sdk.calls += float64(real.calls) / runs

			b = newBucket(14, 14)
			out := drive(t, cfg, setting(14, seed), one(seed), once(100), long, b.at)
			model.accepted += float64(out.accepted) / runs
			model.calls += float64(len(out.calls)) / runs
		}
		t.Logf("%s: the SDK has %.1f accepted with %.1f calls, the model %.1f with %.1f", name, sdk.accepted, sdk.calls, model.accepted, model.calls)
		if math.Abs(sdk.accepted-model.accepted) > 1.5 || math.Abs(sdk.calls-model.calls) > 2 {
			t.Errorf("%s: SDK and model differ", name)
		}
	}
}

// TestSDKQuota: one thread and answers that follow a pattern. Waits have no influence,
// so calls and losses are the same to the message: the retry quota is exact.
func TestSDKQuota(t *testing.T) {
	pattern := func(accepts func(n int) bool) func(time.Duration) bool {
		n := 0
		return func(time.Duration) bool { n++; return accepts(n) }
	}
	cfgs := map[string]client.Config{}
	for name := range sdkPresets {
		cfgs[name] = preset(t, name, 1, fixedLatency(ms))
	}
	for name, accepts := range map[string]func(n int) bool{
		"none accepted":          func(int) bool { return false },
		"one in four":            func(n int) bool { return n%4 == 0 },
		"three in ten":           func(n int) bool { return n*7%10 < 3 },
		"none, then all":         func(n int) bool { return n > 350 },
		"hundreds, in turn":      func(n int) bool { return n/100%2 == 0 },
		"half, by a square rule": func(n int) bool { return n*n%7 < 3 },
	} {
		for preset, retryer := range sdkPresets {
			compareQuota(t, preset+", "+name, cfgs[preset], retryer, func() func(time.Duration) bool { return pattern(accepts) })
		}
	}
}

// compareQuota compares the SDK with the model, message for message.
func compareQuota(t *testing.T, name string, cfg client.Config, retryer func() aws.Retryer, pattern func() func(time.Duration) bool) {
	real := sdkRun(t, 1, 600, &sdkService{latency: ms, decide: pattern()}, retryer)
	decide := pattern()
	out := drive(t, cfg, setting(14, 1), one(1), once(600), long, func(now time.Duration, _ client.Event) client.Answer {
		ok := decide(now)
		return client.Answer{Accepted: ok, Throttled: !ok, Reason: byRate}
	})
	var accepted []int64
	for _, c := range out.calls {
		if c.accepted {
			accepted = append(accepted, c.Number)
		}
	}
	slices.Sort(accepted)
	if real.calls != len(out.calls) || !slices.Equal(real.accepted, accepted) {
		t.Errorf("%s: the SDK made %d calls and %d were accepted; the model %d and %d",
			name, real.calls, len(real.accepted), len(out.calls), len(accepted))
	}
	// All waits but for the latency of the calls: some hundred draws.
	waited, modelled := real.took-time.Duration(real.calls)*ms, out.last-time.Duration(len(out.calls))*ms
	if d := (waited - modelled).Seconds(); math.Abs(d) > 0.25*modelled.Seconds()+5 {
		t.Errorf("%s: the SDK waited %v, the model %v", name, waited, modelled)
	}
}

// patient is the SDK's adaptive mode with a wait of its own for tokens. The SDK's ends
// where the time that it has computed was rounded down, and begins again with a wait
// of 0 ns; virtual time would stand still.
type patient struct{ *retry.AdaptiveMode }

func newPatient() aws.Retryer {
	return patient{retry.NewAdaptiveMode(func(o *retry.AdaptiveModeOptions) { o.FailOnNoAttemptTokens = true })}
}

func (p patient) GetAttemptToken(ctx context.Context) (func(error) error, error) {
	for {
		if release, err := p.AdaptiveMode.GetAttemptToken(ctx); err == nil {
			return release, nil
		}
		time.Sleep(10 * ms)
	}
}

// TestSDKAdaptive: adaptive mode on 14 a second. With the same latency for all calls
// the throttles fall into cycles that depend on nanoseconds, in which the real one draws
// its waits anew in each run: 0.36 to 0.45 a second were seen.
func TestSDKAdaptive(t *testing.T) {
	if testing.Short() {
		t.Skip("21,000 calls in virtual time, on one goroutine at a time")
	}
	for _, threads := range []int{5, 20, 50} {
		b := newBucket(14, 14)
		real := sdkRun(t, threads, 7000, &sdkService{latency: 100 * ms, decide: func(now time.Duration) bool { return b.admit(now, 1) }}, newPatient)
		cfg := preset(t, "adaptive", int64(threads), client.Latency{Mean: 100 * ms, Sigma: 100})
		b = newBucket(14, 14)
		out := drive(t, cfg, setting(14, 1), one(1), once(7000), long, b.at)
		near(t, "accepted a second", float64(len(real.accepted))/real.took.Seconds(), float64(out.accepted)/out.last.Seconds(), 0.01)
		near(t, "throttles a second", float64(real.calls-len(real.accepted))/real.took.Seconds(),
			float64(len(out.calls)-int(out.accepted))/out.last.Seconds(), 0.35)
		if lost := 7000 - len(real.accepted); lost > 20 || out.givenUp() > 20 {
			t.Errorf("%d threads: the SDK lost %d, the model %d", threads, lost, out.givenUp())
		}
	}
}
