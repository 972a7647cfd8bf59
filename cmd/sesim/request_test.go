package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// asking is the quick scenario of an account that asks for production access.
func asking() string {
	return strings.Replace(thresholds(`"acme.refused.unverified >= 0"`), "access = \"production\"\n", "", 1) + `
[[account]]
name = "other"
region = "eu-west-1"

[[account.request]]
mail_type = "TRANSACTIONAL"
website = "https://acme.example"
use_case = "It's receipts."
list_source = "Customers."
opt_out = "By a link."
contacts = ["o'brien@acme.example"]
quota = 300
rate = 2
`
}

// TestRequest drafts a request, as Markdown, as JSON and into a folder.
func TestRequest(t *testing.T) {
	inside(t)
	write(t, "asking.toml", asking())
	got := expect(t, exitPassed, "request", "asking.toml", "--progress", "none", "--replications", "2", "--set", "seed=7")
	for _, want := range []string{
		"# Request for production access: other, eu-west-1\n", "\naws sesv2 put-account-details \\\n  --region eu-west-1 \\\n",
		`--additional-contact-email-addresses 'o'\''brien@acme.example'`, "    sesim request asking.toml --replications 2 --set seed=7 --set rules.auto_increase=false\n",
	} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("stdout lacks %q:\n%s", want, got.stdout)
		}
	}

	got = expect(t, exitPassed, "request", "asking.toml", "--json", "--quiet", "-o", "draft")
	var doc struct {
		Ready bool
		Quota struct{ Value int64 }
	}
	if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil || !doc.Ready || doc.Quota.Value != 300 || got.stderr != "" {
		t.Errorf("%v, %+v, stderr %q", err, doc, got.stderr)
	}
	if files := strings.Join(entries(t, "draft"), " "); files != "put-account-details.json request.json request.md" {
		t.Errorf("the folder holds %s", files)
	}
	kept, err := os.ReadFile(filepath.Join("draft", "request.json"))
	if err != nil || string(kept) != got.stdout {
		t.Errorf("request.json is not what was printed (%v)", err)
	}
	expect(t, exitUsage, "request", "asking.toml", "-o", "draft")
	expect(t, exitPassed, "request", "asking.toml", "--quiet", "-o", "draft", "--force", "--account", "acme")
	if files := strings.Join(entries(t, "draft"), " "); files != "request.json request.md" {
		t.Errorf("a draft with blanks leaves %s", files)
	}
}

// TestRequestRefuses: what is wrong with the call is said before anything is
// simulated.
func TestRequestRefuses(t *testing.T) {
	inside(t)
	write(t, "asking.toml", asking())
	write(t, "two.toml", strings.ReplaceAll(asking(), "[[account.request]]", "[other]"))
	write(t, "several.toml", asking()[:strings.Index(asking(), "[[account.request]]")])
	if err := os.Mkdir("foreign", 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, "foreign/notes.txt", "")
	for _, c := range []struct{ args, says string }{
		{"missing.toml", "missing.toml: no such file"},
		{"two.toml", "unknown key"},
		{"several.toml", "several accounts may ask; choose one with --account: acme, other"},
		{"asking.toml --account othr", "the scenario has no such account (did you mean other?)"},
		{"asking.toml --replications 0", "--replications must be between 1 and 100000"},
		{"asking.toml --set x", "write KEY=VALUE"},
		{"asking.toml -o foreign --force", "foreign: holds something else"},
		{"asking.toml -o asking.toml/x", "output folder asking.toml/x"},
		{"asking.toml quick.toml", "accepts 1 arg(s)"},
	} {
		got := expect(t, exitUsage, append([]string{"request"}, strings.Fields(c.args)...)...)
		if !strings.Contains(got.stderr, c.says) || got.stdout != "" {
			t.Errorf("%s: stderr %q, stdout %q", c.args, got.stderr, got.stdout)
		}
	}
}

// TestRequestInterrupted: without all of its runs there is no draft.
func TestRequestInterrupted(t *testing.T) {
	inside(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stdout strings.Builder
	stderr := onWrite{do: cancel}
	code := run(ctx, []string{"request", "quick.toml", "-o", "draft"}, nil, &stdout, &stderr)
	if code != int(exitInterrupted) || stdout.Len() > 0 || exists("draft") {
		t.Errorf("exit status %d, stdout %q, stderr %q", code, stdout.String(), stderr.String())
	}
}
