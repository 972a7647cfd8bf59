package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// block is a block of a page with its language.
var block = regexp.MustCompile("(?s)```(sh|python|js)\n(.*?)```\n")

// TestRealServePages pastes the examples of the pages about SMTP and about events, word by
// word, into a shell that sesim serve has started, and looks at what they print. It needs
// .ci/clients.
func TestRealServePages(t *testing.T) {
	folder := os.Getenv("SESIM_CLIENTS")
	if folder == "" {
		t.Skip("SESIM_CLIENTS does not name a folder made by .ci/clients")
	}
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
