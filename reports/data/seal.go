package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"sesim/reports/jsontext"
)

// ErrDamaged is wrapped by the error for a file that was changed after it was
// written, or that no writer of this program can have written.
var ErrDamaged = errors.New("damaged")

// A file that another invocation reads is sealed: it is a JSON object whose last
// member, sha256, is the hash of all bytes before that member. Nothing in it can
// change unnoticed, and it needs no other file to be checked.
const (
	sealBegins = ",\n  \"sha256\": \""
	sealEnds   = "\"\n}\n"
	sealSize   = len(sealBegins) + 64 + len(sealEnds)
)

// WriteSealed writes a value, which must become a JSON object with a member, as a
// sealed file.
func WriteSealed(w io.Writer, v any) error {
	var b bytes.Buffer
	if err := jsontext.WriteIndented(&b, v); err != nil {
		return err
	}
	body := strings.TrimSuffix(b.String(), "\n}\n")
	_, err := io.WriteString(w, body+sealBegins+Sum([]byte(body))+sealEnds)
	return err
}

// CheckSeal returns an error that wraps ErrDamaged for a file that is not as
// WriteSealed wrote it.
func CheckSeal(text []byte) error {
	n := len(text) - sealSize
	if n < 0 || string(text[n:]) != sealBegins+Sum(text[:n])+sealEnds {
		return fmt.Errorf("%w: its content does not match its checksum", ErrDamaged)
	}
	return nil
}

// Sum returns the SHA-256 of bytes, in hexadecimal digits.
func Sum(b []byte) string {
	hash := sha256.Sum256(b)
	return hex.EncodeToString(hash[:])
}
