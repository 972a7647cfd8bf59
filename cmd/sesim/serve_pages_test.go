package main

import (
	"bytes"
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

// TestRealServePages does what a person does with the pages for programs: it pastes the
// block that sesim serve prints into a shell, and runs each example, word by word. What it
// prints is what the page shows below it; -update writes that anew. On pages whose examples
// do not build on each other each has a server of its own, whose clock does not depend on
// how long anything takes. It needs .ci/clients.
func TestRealServePages(t *testing.T) {
	folder := clients(t)
	t.Setenv("AWS_RETRY_MODE", "standard")
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	t.Setenv("NODE_PATH", folder+"/others/node_modules:"+folder+"/js3-2026/node_modules")
	for _, c := range []struct {
		page     string
		examples int
		together bool
	}{
		{".", 1, false},
		{"clients", 5, false},
		{"notify", 4, true},
		{"wire/smtp", 5, false},
	} {
		t.Run(c.page, func(t *testing.T) {
			path := mustAbs(t, filepath.Join("..", "internal", "serve", c.page, readme))
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			page, start := string(src), func(t *testing.T) *serving {
				s := startServe(t, "--smtp-port", "0", "--speed", "0", "--tls-dir", "tls", "--force")
				s.tell(0, "clock", "tick", "1s")
				return s
			}
			var s *serving
			if c.together {
				// In the sandbox one mail per second; programs start faster than that.
				s = startServe(t, "--smtp-port", "0", "--speed", "100")
			}
			list := examples(page)
			for _, e := range list {
				t.Run(e.name, func(t *testing.T) {
					on := s
					if !c.together {
						on = start(t)
					}
					shown := e.run(t, on)
					if e.output != "" && !t.Failed() {
						page = strings.Replace(page, e.whole, strings.TrimSuffix(e.whole, e.output+fence)+shown+fence, 1)
					}
					if !c.together {
						on.stop()
						on.end()
					}
				})
			}
			if len(list) != c.examples {
				t.Errorf("the page has %d examples, want %d", len(list), c.examples)
			}
			updatePage(t, path, string(src), page)
		})
	}
}

// example is a program or a command of a page, and what it prints.
type example struct {
	name, language, text string
	output               string // as shown; "" if the page does not show it
	whole                string // with its fences
}

// examples returns the examples of a page that are run: PHP and ini only if their output is
// shown, commands of sesim itself not at all.
func examples(page string) (list []example) {
	block := regexp.MustCompile("(?s)```(sh|python|js|go|php)\n(.*?)```\n(?:\n```text\n(.*?)```\n)?")
	for _, found := range block.FindAllStringSubmatch(page, -1) {
		e := example{fmt.Sprintf("%d.%s", len(list), found[1]), found[1], found[2], found[3], found[0]}
		if (e.language != "php" || e.output != "") && !strings.Contains(e.text, "go run ./cmd/sesim ") {
			list = append(list, e)
		}
	}
	return list
}

// run runs an example in a shell into which the block of a server has been pasted, and
// returns what it has printed.
func (e *example) run(t *testing.T, s *serving) string {
	t.Helper()
	file := "example." + e.language
	write(t, file, e.text)
	command := map[string]string{
		"sh": "bash -euo pipefail ", "python": python(t, e.text) + " ", "js": "node ", "php": "php ", "go": "go run ",
	}[e.language]
	if e.language == "go" {
		const modules = "github.com/aws/aws-sdk-go-v2/config@v1.33.18 github.com/aws/aws-sdk-go-v2/service/sesv2@v1.79.7"
		if out, err := exec.Command("sh", "-euc", "rm -f go.mod go.sum; go mod init example; go get "+modules).CombinedOutput(); err != nil {
			t.Skipf("the modules are not to be had: %s", out)
		}
	}
	if program, _, _ := strings.Cut(command, " "); program == "" {
		t.Skip("no Python has the packages")
	} else if _, err := exec.LookPath(program); err != nil {
		t.Skip(program + " is not installed")
	}
	for _, library := range regexp.MustCompile(`(?m)^require '[^']+';`).FindAllString(e.text, -1) {
		if e.language == "php" && exec.Command("php", "-r", library).Run() != nil {
			t.Skip("PHP lacks what " + library + " loads")
		}
	}
	cmd := exec.Command("bash", "-euc", s.block()+command+file)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && (e.output == "" || stdout.Len() == 0) {
		t.Errorf("%v: %s%s", err, &stdout, &stderr)
	}
	if strings.HasPrefix(e.text, "curl ") && !strings.HasPrefix(stdout.String(), `{"seq":1,`) {
		t.Errorf("no event, but %s", &stdout)
	}
	return stdout.String()
}

// python returns a Python that has the packages of a program: the first one, or that of
// the system, for which Debian has packages; "" if neither has.
func python(t *testing.T, text string) string {
	t.Helper()
	imports := strings.Join(regexp.MustCompile(`(?m)^import (\w+)$`).FindAllString(text, -1), "\n")
	if strings.Contains(text, "anymail") {
		imports += "\nimport anymail, boto3" // which it uses and does not require
	}
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", imports).Run() == nil {
			return name
		}
	}
	return ""
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
