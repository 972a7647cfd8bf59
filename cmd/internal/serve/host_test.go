package serve_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/smtp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"sesim/cmd/internal/serve"
)

// TestVerify checks who is let in by SMTP and by the API, where secrets are checked and
// where they are not.
func TestVerify(t *testing.T) {
	for _, verify := range []bool{false, true} {
		h, r, _ := host(t, scenario, 0, func(o *serve.Options) { o.Verify = verify })
		for _, c := range []struct {
			user, password string
			ok             bool
		}{
			{"acme", h.SMTPPassword("us-east-1"), true},
			{"acme", "any", !verify},
			{"acme", h.SMTPPassword("eu-west-1"), !verify},
			{"nobody", h.SMTPPassword("us-east-1"), false},
		} {
			client, err := smtp.Dial(h.SMTPAddress())
			if err != nil {
				t.Fatal(err)
			}
			err = client.Auth(smtp.PlainAuth("", c.user, c.password, "127.0.0.1"))
			if (err == nil) != c.ok || err != nil && !strings.Contains(err.Error(), "Authentication Credentials Invalid") {
				t.Errorf("verify %v, %s with %.5s…: %v", verify, c.user, c.password, err)
			}
			_ = client.Close()
		}
		_, err := r.v2("acme").GetAccount(context.Background(), &sesv2.GetAccountInput{}) // whose secret is another
		if (err == nil) == verify {
			t.Errorf("verify %v: %v", verify, err)
		}
	}
}

// TestCertificates checks that the certificate of the authority in place of SNS's is in its
// folder and its key is not, for which names it is good, and that a temporary folder goes.
func TestCertificates(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", t.TempDir())
	h, _, stop := host(t, scenario, 0, func(o *serve.Options) { o.SNSCA, o.TLSDir = folder, "" })
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 1 || h.Trusted() != filepath.Join(folder, files[0].Name()) {
		t.Fatalf("%v in the folder, %v; %s is to be trusted", files, err, h.Trusted())
	}
	text, err := os.ReadFile(h.Trusted())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil || block.Type != "CERTIFICATE" {
			t.Fatalf("%s: %v", block.Type, err)
		}
		names = append(names, c.PermittedDNSDomains...)
		if slices.Contains(c.PermittedDNSDomains, "amazonaws.com") && time.Until(c.NotAfter) > 30*24*time.Hour {
			t.Errorf("it is good until %v", c.NotAfter)
		}
	}
	if !slices.Equal(names, []string{"amazonaws.com", "localhost"}) {
		t.Errorf("certificates for %q", names)
	}
	stop()
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "sesim-tls-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("%q is left, %v", left, err)
	}
}

// TestTLS calls the API and sends by SMTP over TLS, trusting the certificate in the folder
// and nothing else.
func TestTLS(t *testing.T) {
	h, r, _ := host(t, strings.ReplaceAll(scenario, `"big.example"`, `"big.example", "acme.example"`), 0, func(o *serve.Options) {
		o.SMTPPort, o.RequireTLS = -1, true
	})
	roots := trustedRoots(t, h)
	for _, trust := range []*x509.CertPool{roots, x509.NewCertPool()} {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust}}
		_, err := r.v2("acme").GetAccount(context.Background(), &sesv2.GetAccountInput{}, func(o *sesv2.Options) {
			o.BaseEndpoint, o.HTTPClient = aws.String(h.SecureURL()), &http.Client{Transport: transport}
		})
		if (err == nil) != (trust == roots) {
			t.Errorf("GetAccount, trusted %v: %v", trust == roots, err)
		}
		transport.CloseIdleConnections()
		conn, err := tls.Dial("tcp", h.SMTPSAddress(), &tls.Config{RootCAs: trust, ServerName: "127.0.0.1"})
		if (err == nil) != (trust == roots) {
			t.Errorf("SMTP, trusted %v: %v", trust == roots, err)
		}
		if err != nil {
			continue
		}
		c, err := smtp.NewClient(conn, "127.0.0.1")
		if err != nil {
			t.Fatal(err)
		}
		if offered, _ := c.Extension("STARTTLS"); offered {
			t.Error("STARTTLS is offered within TLS")
		}
		if err := c.Auth(smtp.PlainAuth("", "big", "any", "127.0.0.1")); err != nil {
			t.Error(err)
		}
		if err := submit(c, 1); err != nil {
			t.Error(err)
		}
		if r.sent("big") != 1 {
			t.Error("the mail did not come to the model")
		}
		_ = c.Close()
	}
	if h.SMTPAddress() != "" {
		t.Error("there is a port of SMTP that begins without TLS")
	}
}
