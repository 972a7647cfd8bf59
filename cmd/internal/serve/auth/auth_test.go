package auth_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sesv1 "github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"sesim/cmd/internal/serve/auth"
)

// TestVerify has the SDK's clients sign requests of both versions, and checks their
// signatures; and that of each after something was changed.
func TestVerify(t *testing.T) {
	var requests []*http.Request
	var bodies [][]byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		requests, bodies = append(requests, r), append(bodies, body)
		w.WriteHeader(http.StatusBadRequest)
	}))
	defer server.Close()
	keys := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "acme", SecretAccessKey: "the secret", SessionToken: "token"}, nil
	})
	ctx, url := context.Background(), aws.String(server.URL)
	v2 := sesv2.New(sesv2.Options{Region: "eu-west-1", BaseEndpoint: url, Credentials: keys, RetryMaxAttempts: 1})
	v1 := sesv1.New(sesv1.Options{Region: "eu-west-1", BaseEndpoint: url, Credentials: keys, RetryMaxAttempts: 1})
	_, _ = v2.GetSuppressedDestination(ctx, &sesv2.GetSuppressedDestinationInput{EmailAddress: aws.String("a+b c/ü@x.example")}) // 400
	_, _ = v2.ListSuppressedDestinations(ctx, &sesv2.ListSuppressedDestinationsInput{NextToken: aws.String("a b+&=ü")})
	_, _ = v2.PutAccountSendingAttributes(ctx, &sesv2.PutAccountSendingAttributesInput{SendingEnabled: true})
	_, _ = v1.VerifyEmailIdentity(ctx, &sesv1.VerifyEmailIdentityInput{EmailAddress: aws.String("a+b@x.example")})
	if len(requests) != 4 {
		t.Fatalf("%d requests", len(requests))
	}
	for i, r := range requests {
		c, err := auth.Parse(r)
		if err != nil || c.Key != "acme" || c.Region != "eu-west-1" || c.Service != "ses" {
			t.Fatalf("%s: %+v, %v", r.URL, c, err)
		}
		if err := auth.Verify(r, bodies[i], c, "the secret"); err != nil {
			t.Errorf("%s %s: %v", r.Method, r.URL, err)
		}
		if err := auth.Verify(r, bodies[i], c, "another"); !errors.Is(err, auth.ErrSignature) {
			t.Errorf("%s with another secret: %v", r.URL, err)
		}
		if err := auth.Verify(r, append(bytes.Clone(bodies[i]), ' '), c, "the secret"); !errors.Is(err, auth.ErrSignature) {
			t.Errorf("%s with another body: %v", r.URL, err)
		}
		changed := r.Clone(ctx)
		changed.URL.RawQuery += "&x=1"
		if err := auth.Verify(changed, bodies[i], c, "the secret"); !errors.Is(err, auth.ErrSignature) {
			t.Errorf("%s with another query: %v", r.URL, err)
		}
		changed = r.Clone(ctx)
		changed.Header.Set("X-Amz-Security-Token", "another")
		if err := auth.Verify(changed, bodies[i], c, "the secret"); !errors.Is(err, auth.ErrSignature) {
			t.Errorf("%s with another token: %v", r.URL, err)
		}
		changed.Header.Set("X-Amz-Date", "yesterday")
		if err := auth.Verify(changed, bodies[i], c, "the secret"); !errors.Is(err, auth.ErrSignature) {
			t.Errorf("%s with another date: %v", r.URL, err)
		}
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		header string
		want   error
	}{
		{"", auth.ErrNone},
		{"Basic YTpi", auth.ErrMalformed},
		{"AWS4-HMAC-SHA256 Credential=acme/20260301/us-east-1/ses, SignedHeaders=host, Signature=00", auth.ErrMalformed},
		{"AWS4-HMAC-SHA256 Credential=/20260301/us-east-1/ses/aws4_request, SignedHeaders=host, Signature=00", auth.ErrMalformed},
		{"AWS4-HMAC-SHA256 Credential=acme/20260301/us-east-1/ses/aws4_request, SignedHeaders=host", auth.ErrMalformed},
		{"AWS4-HMAC-SHA256 Credential=acme/20260301/us-east-1/ses/aws4_request,SignedHeaders=host,Signature=00", nil},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		if c.header != "" {
			r.Header.Set("Authorization", c.header)
		}
		if _, err := auth.Parse(r); !errors.Is(err, c.want) {
			t.Errorf("%q: %v, want %v", c.header, err, c.want)
		}
	}
}

// TestSMTPPassword compares with the password that the algorithm of AWS's guide gives for
// these, computed by its Python program.
func TestSMTPPassword(t *testing.T) {
	const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	got := auth.SMTPPassword(secret, "us-east-1")
	if want := "BLBM/9hSUELfq8Gw+rU1YcBjkOxGbhT2XG763xVLGWL9"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if !strings.HasPrefix(got, "B") || len(got) != 44 {
		t.Errorf("%s has %d characters", got, len(got))
	}
}
