package notify

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"strings"
	"time"

	"sesim/reports/jsontext"
)

// Types of what is posted.
const (
	notification = "Notification"
	confirmation = "SubscriptionConfirmation"
)

// envelope is what SNS posts. The order of its fields is AWS's.
type envelope struct {
	Type             string
	MessageId        string
	Token            string `json:",omitempty"` // of a confirmation
	TopicArn         string
	Subject          string `json:",omitempty"`
	Message          string
	SubscribeURL     string `json:",omitempty"` // of a confirmation
	Timestamp        string
	SignatureVersion string
	Signature        string
	SigningCertURL   string
	UnsubscribeURL   string `json:",omitempty"` // of a notification
}

// text returns what is signed: fields with their names, in alphabetical order.
func (e *envelope) text() []byte {
	fields := []string{"Message", e.Message, "MessageId", e.MessageId}
	if e.Type == confirmation {
		fields = append(fields, "SubscribeURL", e.SubscribeURL, "Timestamp", e.Timestamp, "Token", e.Token)
	} else {
		if e.Subject != "" {
			fields = append(fields, "Subject", e.Subject)
		}
		fields = append(fields, "Timestamp", e.Timestamp)
	}
	fields = append(fields, "TopicArn", e.TopicArn, "Type", e.Type)
	return []byte(strings.Join(fields, "\n") + "\n")
}

// json returns the envelope as it is posted.
func (e *envelope) json() []byte {
	var t jsontext.Text
	if err := t.Value(e); err != nil {
		panic(err) // there are only strings
	}
	return t.B
}

// stamp writes a moment as SNS does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// signer signs envelopes.
type signer struct {
	key  *rsa.PrivateKey
	pem  []byte // its certificate
	file string // name of that in URLs
}

// newSigner returns a signer with a new key. Nothing but the signature refers to its
// certificate: verifiers check where it comes from, and not who has issued it.
func newSigner(now time.Time) *signer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // the system's source of randomness never fails
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "sns.amazonaws.com"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(365 * 24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err) // the template is ours
	}
	id := sha256.Sum256(der)
	return &signer{
		key: key, pem: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		file: "SimpleNotificationService-" + hex.EncodeToString(id[:16]) + ".pem",
	}
}

// sign signs an envelope by its version: with SHA-1 in version 1, SHA-256 in version 2.
func (s *signer) sign(e *envelope) {
	hash := crypto.SHA1
	sum := sha1.Sum(e.text())
	digest := sum[:]
	if e.SignatureVersion == "2" {
		hash = crypto.SHA256
		sum := sha256.Sum256(e.text())
		digest = sum[:]
	}
	signature, err := rsa.SignPKCS1v15(nil, s.key, hash, digest)
	if err != nil {
		panic(err) // the key is long enough for the digest
	}
	e.Signature = base64.StdEncoding.EncodeToString(signature)
}
