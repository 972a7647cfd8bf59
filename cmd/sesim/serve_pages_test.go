package main

import (
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// block is a block of a page with its language.
var block = regexp.MustCompile("(?s)```(sh|python|js)\n(.*?)```\n")

// clients returns the folder made by .ci/clients, or skips the test. So it does without a
// boto3 that knows AWS_ENDPOINT_URL: an older one would call AWS.
func clients(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("SESIM_CLIENTS")
	if folder == "" {
		t.Skip("SESIM_CLIENTS does not name a folder made by .ci/clients")
	}
	const recent = `import boto3; assert tuple(map(int, boto3.__version__.split(".")[:2])) >= (1, 28)`
	if out, err := exec.Command("python3", "-c", recent).CombinedOutput(); err != nil {
		t.Skipf("there is no boto3 of version 1.28 or later: %s", out)
	}
	return folder
}

// TestPagesNameHeaders: the page lists each header of an answer that is sesim's own, and
// no other.
func TestPagesNameHeaders(t *testing.T) {
	const folder = "../internal/serve"
	page, err := os.ReadFile(filepath.Join(folder, readme))
	if err != nil {
		t.Fatal(err)
	}
	shown, sent := map[string]bool{}, map[string]bool{}
	for _, found := range regexp.MustCompile("(?m)^\\| `(x-sesim-[a-z-]+)` \\|").FindAllSubmatch(page, -1) {
		shown[string(found[1])] = true
	}
	header := regexp.MustCompile(`(?i)"(x-sesim-[a-z-]+)"`)
	err = filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		for _, found := range header.FindAllSubmatch(src, -1) {
			sent[strings.ToLower(string(found[1]))] = true
		}
		return err
	})
	if err != nil || len(sent) < 2 || !maps.Equal(shown, sent) {
		t.Errorf("the page lists %v, the answers have %v; %v", shown, sent, err)
	}
}

// TestRealServePages pastes the examples of the pages about SMTP and about events, word by
// word, into a shell that sesim serve has started, and looks at what they print. It needs
// .ci/clients.
func TestRealServePages(t *testing.T) {
	folder := clients(t)
	for _, c := range []struct {
		page   string
		blocks int
		want   []string
	}{
		{"wire/smtp", 4, []string{
			"<~  235 Authentication successful.", "<~  250 Ok 01", // swaks
			"\n250 Ok 01", // Nodemailer
		}},
		{"notify", 4, []string{
			"\nSend ['bounce@simulator.amazonses.com']\nBounce ['bounce@simulator.amazonses.com']\n", "\nbounced: True\n", `{"seq":1,`,
		}},
	} {
		t.Run(c.page, func(t *testing.T) {
			src, err := os.ReadFile(filepath.Join("..", "internal", "serve", c.page, "README.md"))
			if err != nil {
				t.Fatal(err)
			}
			script := "set -euo pipefail\nexport AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=1 NODE_PATH=" + folder + "/others/node_modules\n"
			blocks := block.FindAllStringSubmatch(string(src), -1)
			if len(blocks) != c.blocks {
				t.Fatalf("%d blocks, want %d", len(blocks), c.blocks)
			}
			for i, b := range blocks {
				name, with := fmt.Sprintf("block%d.%s", i, b[1]), map[string]string{"sh": "bash -euo pipefail", "python": "python3", "js": "node"}[b[1]]
				script += fmt.Sprintf("cat >%s <<'END'\n%sEND\n%s %s\nsleep 1.5\n", name, b[2], with, name) // one mail a second
			}
			t.Chdir(t.TempDir())
			if err := os.WriteFile("script", []byte(script), 0o600); err != nil {
				t.Fatal(err)
			}
			got := call(t, "serve", "--port", "0", "--smtp-port", "0", "--quiet", "--", "bash", "script")
			for _, want := range c.want {
				if !strings.Contains("\n"+got.stdout, want) {
					t.Errorf("%q is not printed", want)
				}
			}
			if got.code != 0 || t.Failed() {
				t.Errorf("status %d:\n%s\n%s", got.code, got.stdout, got.stderr)
			}
		})
	}
}

// TestRealPaste pastes what sesim serve prints into a shell that has a profile of AWS, and
// sends with boto3: the mail comes here, under the printed key. A client that does not know
// AWS_ENDPOINT_URL calls AWS under that key, which AWS has never given out; here a proxy
// takes its place and refuses. It needs .ci/clients.
func TestRealPaste(t *testing.T) {
	clients(t)
	t.Chdir(t.TempDir())
	s := startServe(t)
	asked := make(chan string, 10)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Method + " " + r.RequestURI
		http.Error(w, "refused", http.StatusForbidden)
	}))
	defer proxy.Close()
	write(t, "credentials", "[real]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = key\n")
	write(t, "send.py", `import boto3, botocore.exceptions
client = boto3.client("sesv2")
try:
    client.send_email(FromEmailAddress="a@acme.example", Destination={"ToAddresses": ["b@acme.example"]},
                      Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}})
    print("sent by", client._request_signer._credentials.access_key)
except botocore.exceptions.ProxyConnectionError:
    print("refused to", client._request_signer._credentials.access_key)
`)
	for name, value := range map[string]string{
		"AWS_PROFILE": "real", "AWS_SHARED_CREDENTIALS_FILE": "credentials", "AWS_SESSION_TOKEN": "t", "AWS_MAX_ATTEMPTS": "1", "AWS_RETRY_MODE": "standard",
	} {
		t.Setenv(name, value)
	}
	for _, c := range []struct{ before, want, asked string }{
		{"", "sent by acme\n", ""},
		{"export AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true HTTPS_PROXY=" + proxy.URL + "\n", "refused to acme\n", "CONNECT email.us-east-1.amazonaws.com:443"},
	} {
		printed, err := exec.Command("sh", "-euc", c.before+s.block()+"python3 send.py").CombinedOutput()
		if err != nil || string(printed) != c.want {
			t.Errorf("%v: %s, want %s", err, printed, c.want)
		}
		select {
		case got := <-asked:
			if got != c.asked {
				t.Errorf("the proxy is asked for %q, want %q", got, c.asked)
			}
		default:
			if c.asked != "" {
				t.Error("the proxy is not asked")
			}
		}
	}
	s.stop()
	if code := s.end(); code != 0 || !strings.Contains(s.rest.String(), "1 recipient due, 1 accepted") {
		t.Errorf("exit status %d: %s", code, &s.rest)
	}
}
