// Package authority is a certificate authority for servers on this machine. A program
// that trusts its certificate trusts it for a few names only, as the certificate itself
// says, and for a limited time.
package authority

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Scope is what an authority may issue certificates for.
type Scope struct {
	Name     string        // of the authority, as programs show it
	Lifetime time.Duration // of it and of its certificates
	Domains  []string      // with their subdomains
	Networks []*net.IPNet  // IP addresses; none: no address
}

// Loopback returns the scope of servers that are reached at the loopback interface, and
// under further names.
func Loopback(names ...string) Scope {
	_, v4, _ := net.ParseCIDR("127.0.0.0/8")
	_, v6, _ := net.ParseCIDR("::1/128")
	return Scope{
		Name: "sesim on this machine", Lifetime: 90 * day, Domains: append([]string{"localhost"}, names...), Networks: []*net.IPNet{v4, v6},
	}
}

const day = 24 * time.Hour

// maxIssued is the number of certificates that an authority keeps.
const maxIssued = 256

// Authority issues certificates. It is safe for concurrent use.
type Authority struct {
	root *x509.Certificate
	key  *ecdsa.PrivateKey

	mu     sync.Mutex
	issued map[string]*tls.Certificate // by names
}

// New returns an authority whose key is in memory only.
func New(now time.Time, scope Scope) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	root := &x509.Certificate{
		Subject:     pkix.Name{CommonName: scope.Name},
		NotBefore:   now.Add(-time.Hour), // clocks of containers differ
		NotAfter:    now.Add(scope.Lifetime),
		KeyUsage:    x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IsCA:        true, BasicConstraintsValid: true, MaxPathLenZero: true,
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: scope.Domains, PermittedIPRanges: scope.Networks,
	}
	if len(scope.Networks) == 0 {
		root.ExcludedIPRanges = []*net.IPNet{{IP: net.IPv4zero.To4(), Mask: net.CIDRMask(0, 32)}, {IP: net.IPv6zero, Mask: net.CIDRMask(0, 128)}}
	}
	a := &Authority{root: root, key: key}
	der, err := a.sign(root, key.Public())
	if err != nil {
		return nil, err
	}
	return restore(der, key)
}

// restore returns the authority of a certificate and its key.
func restore(der []byte, key *ecdsa.PrivateKey) (*Authority, error) {
	root, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	if !key.PublicKey.Equal(root.PublicKey) {
		return nil, errors.New("authority: certificate and key do not belong together")
	}
	return &Authority{root: root, key: key, issued: map[string]*tls.Certificate{}}, nil
}

// sign completes a template and signs it.
func (a *Authority) sign(template *x509.Certificate, public crypto.PublicKey) ([]byte, error) {
	var err error
	if template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)); err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.root, public, a.key)
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	return der, nil
}

// PEM returns the authority's certificate for programs that are to trust it.
func (a *Authority) PEM() []byte { return encode("CERTIFICATE", a.root.Raw) }

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// Certify returns a certificate of a server's public key for names and IP addresses, in
// DER. Outside of the authority's scope it is not valid.
func (a *Authority) Certify(public crypto.PublicKey, names ...string) ([]byte, error) {
	leaf := &x509.Certificate{
		Subject: pkix.Name{CommonName: names[0]}, NotBefore: a.root.NotBefore, NotAfter: a.root.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, name)
		}
	}
	return a.sign(leaf, public)
}

// Issue returns a certificate for names and IP addresses with a key of its own.
func (a *Authority) Issue(names ...string) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	id := strings.Join(names, " ")
	if c := a.issued[id]; c != nil {
		return c, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	der, err := a.Certify(key.Public(), names...)
	if err != nil {
		return nil, err
	}
	if len(a.issued) == maxIssued {
		clear(a.issued)
	}
	c := &tls.Certificate{Certificate: [][]byte{der, a.root.Raw}, PrivateKey: key}
	a.issued[id] = c
	return c, nil
}

// Server returns the TLS configuration of a server that goes by names and IP addresses.
func (a *Authority) Server(names ...string) (*tls.Config, error) {
	c, err := a.Issue(names...)
	if err != nil {
		return nil, err
	}
	return &tls.Config{Certificates: []tls.Certificate{*c}, MinVersion: tls.VersionTLS12}, nil
}

// The files of an authority that is kept.
const (
	rootFile = "sesim-ca.pem"
	keyFile  = "sesim-ca-key.pem"
)

// Open returns the authority that is kept in a folder, or a new one that it keeps there
// if there is none, or one that is about to end. It returns the name of the file that
// programs are to trust.
func Open(dir string, now time.Time, scope Scope) (a *Authority, file string, err error) {
	file = filepath.Join(dir, rootFile)
	a, err = load(file, filepath.Join(dir, keyFile))
	if err == nil && a.root.NotAfter.Sub(now) > day {
		return a, file, nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, "", err
	}
	if a, err = New(now, scope); err != nil {
		return nil, "", err
	}
	key, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return nil, "", fmt.Errorf("authority: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, "", fmt.Errorf("authority: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, keyFile), encode("PRIVATE KEY", key), 0o600); err != nil {
		return nil, "", fmt.Errorf("authority: %w", err)
	}
	if err := os.WriteFile(file, a.PEM(), 0o644); err != nil {
		return nil, "", fmt.Errorf("authority: %w", err)
	}
	return a, file, nil
}

// load reads an authority. The error wraps os.ErrNotExist if one of its files is missing.
func load(root, key string) (*Authority, error) {
	der, err := decode(root, "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	pkcs8, err := decode(key, "PRIVATE KEY")
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(pkcs8)
	if err != nil {
		return nil, fmt.Errorf("authority: %s: %w", key, err)
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("authority: %s: not a key that sesim has written; remove the file for a new one", key)
	}
	return restore(der, private)
}

// decode reads the first block of a PEM file.
func decode(file, kind string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != kind {
		return nil, fmt.Errorf("authority: %s: no %s in PEM; remove the file for a new one", file, kind)
	}
	return block.Bytes, nil
}
