// Package auth tells who makes a call: it reads the Authorization header of Signature
// Version 4, and checks signatures and SMTP passwords where that is asked for. It is the
// one door to the signer of the AWS SDK.
package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// Credential is what the Authorization header of a request says.
type Credential struct {
	Key       string // access key id
	Date      string // of the scope, yyyymmdd
	Region    string
	Service   string
	Headers   string // that are signed, in lower case, with semicolons between them
	Signature string // in hexadecimal
}

// Errors of credentials. ErrNone is that of a request without any.
var (
	ErrNone      = errors.New("the request has no Authorization header")
	ErrMalformed = errors.New("the Authorization header is not one of AWS4-HMAC-SHA256")
	ErrSignature = errors.New("the signature does not match")
)

const algorithm = "AWS4-HMAC-SHA256"

// Parse reads the credential of a request. The error wraps ErrNone or ErrMalformed.
func Parse(r *http.Request) (Credential, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return Credential{}, ErrNone
	}
	rest, ok := strings.CutPrefix(header, algorithm)
	if !ok {
		return Credential{}, fmt.Errorf("%w: it begins with %.20q", ErrMalformed, header)
	}
	var c Credential
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Credential":
			var scope [5]string
			if !split(scope[:], value) || scope[0] == "" || scope[4] != "aws4_request" {
				return Credential{}, fmt.Errorf("%w: Credential is %.100q, not KEY/DATE/REGION/SERVICE/aws4_request", ErrMalformed, value)
			}
			c.Key, c.Date, c.Region, c.Service = scope[0], scope[1], scope[2], scope[3]
		case "SignedHeaders":
			c.Headers = value
		case "Signature":
			c.Signature = value
		}
	}
	if c.Key == "" || c.Signature == "" {
		return Credential{}, fmt.Errorf("%w: Credential or Signature is missing", ErrMalformed)
	}
	return c, nil
}

// split fills the parts of a text that slashes separate. It returns false if there are more
// or fewer.
func split(parts []string, text string) bool {
	more := true
	for i := range parts {
		if !more {
			return false
		}
		parts[i], text, more = strings.Cut(text, "/")
	}
	return !more
}

// Verify checks the signature of a request with that body against a secret. It signs anew
// what the caller says to have signed, and does not look at the time. The error wraps
// ErrSignature.
func Verify(r *http.Request, body []byte, c Credential, secret string) error {
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		return fmt.Errorf("%w: X-Amz-Date is %.40q", ErrSignature, r.Header.Get("X-Amz-Date"))
	}
	again := &http.Request{
		Method: r.Method, Host: r.Host, Header: http.Header{}, ContentLength: -1,
		URL: &url.URL{Scheme: "http", Host: r.Host, Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery},
	}
	for name := range strings.SplitSeq(c.Headers, ";") {
		switch name {
		case "host", "x-amz-date":
		case "content-length":
			again.ContentLength = int64(len(body))
		default:
			again.Header[http.CanonicalHeaderKey(name)] = slices.Clone(r.Header.Values(name))
		}
	}
	sum := sha256.Sum256(body)
	signer := v4.NewSigner() // one that is kept would remember the key that belongs to an id
	keys := aws.Credentials{AccessKeyID: c.Key, SecretAccessKey: secret}
	if err := signer.SignHTTP(context.Background(), keys, again, hex.EncodeToString(sum[:]), c.Service, c.Region, at); err != nil {
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	mine, err := Parse(again)
	if err != nil {
		return err
	}
	if !hmac.Equal([]byte(mine.Signature), []byte(c.Signature)) {
		return ErrSignature
	}
	return nil
}

// SMTPPassword returns the SMTP password that belongs to a secret in a Region.
func SMTPPassword(secret, region string) string {
	key := []byte("AWS4" + secret)
	for _, text := range []string{"11111111", region, "ses", "aws4_request", "SendRawEmail"} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(text))
		key = mac.Sum(nil)
	}
	return base64.StdEncoding.EncodeToString(append([]byte{0x04}, key...))
}
