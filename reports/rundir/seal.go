package rundir

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// A file that another invocation reads is sealed: it is a JSON object whose last
// member, sha256, is the hash of all bytes before that member. Nothing in it can
// change unnoticed, and it needs no other file to be checked.
const (
	sealBegins = ",\n  \"sha256\": \""
	sealEnds   = "\"\n}\n"
	sealSize   = len(sealBegins) + 64 + len(sealEnds)
)

// sealed renders a value as a sealed file.
func sealed(name string, v any) (File, error) {
	return render(name, func(w io.Writer) error {
		var b bytes.Buffer
		if err := writeJSON(&b, v); err != nil {
			return err
		}
		body := strings.TrimSuffix(b.String(), "\n}\n")
		_, err := io.WriteString(w, body+sealBegins+sum([]byte(body))+sealEnds)
		return err
	})
}

// checkSeal returns an error that wraps ErrDamaged for a file that is not as
// sealed wrote it.
func checkSeal(text []byte) error {
	n := len(text) - sealSize
	if n < 0 || string(text[n:]) != sealBegins+sum(text[:n])+sealEnds {
		return fmt.Errorf("%w: its content does not match its checksum", ErrDamaged)
	}
	return nil
}
