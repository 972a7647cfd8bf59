package notify

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The tests of this file let real verifiers check signatures: sns-validator of npm, and
// Python's cryptography, both through the proxy. They need .ci/clients.

// messages returns messages as a web server gets them: a confirmation, notifications with
// and without a subject, and each of them with one byte of the message changed.
func messages(t *testing.T, n *Notifier) (list []map[string]string, valid []bool) {
	t.Helper()
	app := newApplication(t)
	if _, _, err := n.Subscribe(Subscription{Topic: topicName1, Protocol: "http", Endpoint: app.URL}); err != nil {
		t.Fatal(err)
	}
	if _, err := n.confirm(topicName1, app.wait(t, 1)[0].fields["Token"]); err != nil {
		t.Fatal(err)
	}
	for _, subject := range []string{"", "Amazon SES Email Event Notification"} {
		if err := n.Publish(topicName1, subject, `{"eventType":"Bounce","x":"<&>ü"}`); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range app.wait(t, 3) {
		changed := map[string]string{}
		for k, v := range p.fields {
			changed[k] = v
		}
		changed["Message"] = strings.Replace(changed["Message"], "o", "0", 1)
		list, valid = append(list, p.fields, changed), append(valid, true, false)
	}
	return list, valid
}

// TestRealVerifiers checks that both verifiers accept what is signed in both versions, and
// nothing that was changed.
func TestRealVerifiers(t *testing.T) {
	folder := os.Getenv("SESIM_CLIENTS")
	if folder == "" {
		t.Skip("SESIM_CLIENTS does not name a folder made by .ci/clients")
	}
	for _, command := range [][]string{{"node", "testdata/validate.cjs"}, {"python3", "testdata/validate.py"}} {
		for _, version := range []string{"1", "2"} {
			t.Run(command[0]+" "+version, func(t *testing.T) {
				n, _ := newNotifier(t, func(c *Config) {
					c.Base = func(region string) string { return "https://sns." + region + ".amazonaws.com" }
					c.Version2 = version == "2"
				})
				proxy, a := startProxy(t, n)
				ca := filepath.Join(t.TempDir(), "ca.pem")
				if err := os.WriteFile(ca, a.PEM(), 0o600); err != nil {
					t.Fatal(err)
				}
				list, valid := messages(t, n)
				task, _ := json.Marshal(map[string]any{"modules": filepath.Join(folder, "others"), "messages": list})
				cmd := exec.Command(command[0], command[1], string(task))
				cmd.Env = append(os.Environ(), "HTTPS_PROXY=http://"+proxy, "NODE_EXTRA_CA_CERTS="+ca, "SSL_CERT_FILE="+ca)
				out, err := cmd.CombinedOutput()
				var got []string
				if err != nil || json.Unmarshal(out, &got) != nil || len(got) != len(list) {
					t.Fatalf("%v: %s", err, out)
				}
				for i, says := range got {
					if (says == "valid") != valid[i] {
						t.Errorf("%s of version %s, valid %v: %s", list[i]["Type"], list[i]["SignatureVersion"], valid[i], says)
					}
				}
			})
		}
	}
}
