package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// DefaultPort is the port of the APIs, and DefaultSMTPPort that of SMTP.
const (
	DefaultPort     = 8525
	DefaultSMTPPort = 2525
)

// ErrUnreachable is wrapped by the error of a request that nobody has answered.
var ErrUnreachable = errors.New("no sesim serve answers")

// ErrRefused is wrapped by the error of a request that was refused.
var ErrRefused = errors.New("refused")

// Ask makes a request below AdminPath of a server that runs, and returns its answer. The
// error wraps ErrUnreachable or ErrRefused.
func Ask(ctx context.Context, endpoint, method, path string, body any) (json.RawMessage, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(endpoint, "/")+AdminPath+path, bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%w at %s: %w", ErrUnreachable, endpoint, err)
	}
	r.Header.Set(AdminHeader, "1")
	client := &http.Client{Transport: &http.Transport{Proxy: nil}}
	answer, err := client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("%w at %s", ErrUnreachable, endpoint)
	}
	defer answer.Body.Close()
	text, err = io.ReadAll(answer.Body)
	if err != nil {
		return nil, fmt.Errorf("%w at %s: %w", ErrUnreachable, endpoint, err)
	}
	if answer.StatusCode == http.StatusOK {
		return text, nil
	}
	var p struct{ Error string }
	if json.Unmarshal(text, &p) != nil || p.Error == "" {
		p.Error = strings.TrimSpace(string(text))
	}
	return nil, fmt.Errorf("%w: %s", ErrRefused, p.Error)
}
