package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/google/go-cmp/cmp"

	"sesim/cmd/internal/serve"
	"sesim/sim"
	"sesim/sim/ses"
)

// The tests of this file let real programs use a server with all its ports, each alone.
// They need .ci/clients.

// program returns the path of a program, or skips the test.
func program(t *testing.T, name string) string {
	t.Helper()
	if os.Getenv("SESIM_CLIENTS") == "" {
		t.Skip("SESIM_CLIENTS does not name a folder made by .ci/clients")
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip(name + " is not installed")
	}
	return path
}

// host serves a scenario on free ports, at a speed in thousandths. Stop ends it and returns
// its result.
func host(t *testing.T, text string, speed int64, change ...func(*serve.Options)) (h *serve.Host, r *running, stop func() *sim.Result) {
	t.Helper()
	recorded := record(t, text)
	o := serve.Options{
		Scenario: recorded.study.Config, Host: "127.0.0.1", Speed: speed, TLSDir: t.TempDir(), Journal: recorded.writer, Part: recorded.part,
		Tell: func(text string) { t.Log(text) },
	}
	for _, f := range change {
		f(&o)
	}
	h, err := serve.Listen(o)
	if err != nil {
		t.Fatal(err)
	}
	r = &running{t: t, url: h.URL(), recorded: recorded}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan *sim.Result, 1)
	go func() {
		result, err := h.Run(ctx)
		if err != nil {
			t.Error(err)
		}
		ended <- result
	}()
	var result *sim.Result
	stop = func() *sim.Result {
		if result == nil {
			recorded.hold(r)
			cancel()
			result = <-ended
			recorded.check(t, h.Config(), result)
		}
		return result
	}
	t.Cleanup(func() { stop() })
	return h, r, stop
}

// stream returns the events that a server's stream still has.
func (r *running) stream() (list []serve.Event) {
	r.t.Helper()
	for after := int64(0); ; after = list[len(list)-1].Seq {
		status, text := r.ask(http.MethodGet, "events?after="+strconv.FormatInt(after, 10), "")
		if status == http.StatusGone {
			_, oldest, _ := bytes.Cut(text, []byte("the oldest is "))
			after, _ = strconv.ParseInt(string(bytes.TrimRight(oldest, "\"}\n")), 10, 64)
			status, text = r.ask(http.MethodGet, "events?after="+strconv.FormatInt(after-1, 10), "")
		}
		if status != http.StatusOK {
			r.t.Fatalf("events after %d: %d %s", after, status, text)
		}
		if len(text) == 0 {
			return list
		}
		for line := range bytes.Lines(text) {
			var e serve.Event
			if err := json.Unmarshal(line, &e); err != nil {
				r.t.Fatalf("%s: %v", line, err)
			}
			list = append(list, e)
		}
	}
}

// streamed are the events of a server's stream, by destination.
func (r *running) streamed() map[string][]string {
	r.t.Helper()
	list := map[string][]string{}
	for _, e := range r.stream() {
		list[e.Destination] = append(list[e.Destination], string(e.Event))
	}
	return list
}

// TestRealConsumer: a consumer with boto3 gets every event from the queue once, in the
// order of virtual time, after a jump of 30 days in which messages were tried again,
// delivered, complained about and given up.
func TestRealConsumer(t *testing.T) {
	python := program(t, "python3")
	const people = `
version = 1
name = "served"
question = "Does a consumer get every event?"
horizon = "90d"

[[account]]
name = "acme"
access = "production"
quota = 50_000
rate = 100
identities = ["acme.example"]

[[audience]]
name = "people"
size = 1000
domain = "people.example"
invalid = "10%"
mailbox_full = "20%"
full_for = "8h"
complaint = "20%"
`
	h, r, _ := host(t, people, 0)
	client, ctx := r.v2("acme"), context.Background()
	set := "news"
	if _, err := client.CreateConfigurationSet(ctx, &sesv2.CreateConfigurationSetInput{ConfigurationSetName: &set}); err != nil {
		t.Fatal(err)
	}
	_, err := client.CreateConfigurationSetEventDestination(ctx, &sesv2.CreateConfigurationSetEventDestinationInput{
		ConfigurationSetName: &set, EventDestinationName: aws.String("queue"), EventDestination: &types.EventDestinationDefinition{
			Enabled: true, SnsDestination: &types.SnsDestination{TopicArn: aws.String(h.Topics()[0].ARN)},
			MatchingEventTypes: []types.EventType{
				types.EventTypeSend, types.EventTypeDelivery, types.EventTypeBounce, types.EventTypeComplaint, types.EventTypeDeliveryDelay,
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	r.admin("PUT", "clock", `{"tick":"10ms"}`, nil)
	for i := range 200 {
		m := mail("a@acme.example", fmt.Sprintf("people-%d@people.example", i+1))
		m.ConfigurationSetName = &set
		if _, err := client.SendEmail(ctx, m); err != nil {
			t.Fatal(err)
		}
	}
	jump := r.advance("720h")
	want := r.streamed()["news/queue"]
	if jump.Failed != 0 || jump.Notified == 0 || len(want) < 400 {
		t.Fatalf("%+v, %d events", jump, len(want))
	}
	task, _ := json.Marshal(map[string]string{"endpoint": r.url, "queue": serve.DefaultTopic})
	cmd := exec.Command(python, "wire/sqs/testdata/consume.py", string(task))
	cmd.Env = append(os.Environ(), "AWS_RETRY_MODE=standard", "AWS_MAX_ATTEMPTS=1")
	out, err := cmd.CombinedOutput()
	var got struct {
		Seen []string
		Left string
	}
	if err != nil || json.Unmarshal(out, &got) != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var seen, times []string
	for _, body := range got.Seen {
		var envelope struct{ Message string }
		if err := json.Unmarshal([]byte(body), &envelope); err != nil {
			t.Fatal(err)
		}
		seen = append(seen, envelope.Message)
	}
	if len(seen) == 0 || seen[0] != "Successfully validated SNS topic for Amazon SES event publishing." {
		t.Fatalf("%d messages without that of the destination's creation", len(seen))
	}
	seen = seen[1:]
	kinds := map[string]int{}
	for _, event := range seen {
		var e struct {
			EventType                             string
			Mail, Delivery, Bounce, DeliveryDelay struct{ Timestamp string }
		}
		if err := json.Unmarshal([]byte(event), &e); err != nil {
			t.Fatal(err)
		}
		kinds[e.EventType]++
		for _, at := range []string{e.Delivery.Timestamp, e.Bounce.Timestamp, e.DeliveryDelay.Timestamp} {
			if at != "" {
				times = append(times, at)
			}
		}
	}
	if diff := cmp.Diff(want, seen); diff != "" || got.Left != "0" {
		t.Errorf("%s left; - in the stream, + consumed:\n%s", got.Left, diff)
	}
	for i := 1; i < len(times); i++ {
		if times[i] < times[i-1] {
			t.Errorf("an event of %s after one of %s", times[i], times[i-1])
		}
	}
	if len(kinds) != 5 {
		t.Errorf("%v", kinds)
	}
	t.Logf("%d events: %v", len(seen), kinds)
}

// The configuration of an instance of Postfix, without what the page about SMTP says of its
// relay.
const (
	postfixMain = `compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/data
maillog_file = %[1]s/mail.log
maillog_file_prefixes = %[1]s
mail_owner = postfix
setgid_group = postdrop
daemon_directory = /usr/lib/postfix/sbin
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = relay.test
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
`
	postfixMaster = `127.0.0.1:%[1]d inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`
)

// startPostfix starts Postfix as a relay to a port, and returns the address at which it
// takes mail, and its log.
func startPostfix(t *testing.T, port int, ca string) (address, log string) {
	t.Helper()
	postfix := program(t, "/usr/sbin/postfix")
	if os.Geteuid() != 0 {
		t.Skip("Postfix is started by root only")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = l.Addr().String()
	own := l.Addr().(*net.TCPAddr).Port
	_ = l.Close() // for Postfix
	dir, err := os.MkdirTemp("", "sesim-postfix")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	trusted, err := os.ReadFile(ca)
	if err != nil {
		t.Fatal(err)
	}
	etc := filepath.Join(dir, "etc")
	_, lines, _ := strings.Cut(smtpPage(t), "```ini\n")
	lines, _, _ = strings.Cut(lines, "```")
	lines = strings.NewReplacer(":2525", fmt.Sprintf(":%d", port), "/etc/postfix/sesim-ca.pem", filepath.Join(etc, "ca.pem")).Replace(lines)
	for name, text := range map[string]string{
		"main.cf": fmt.Sprintf(postfixMain, dir) + lines, "master.cf": fmt.Sprintf(postfixMaster, own),
		"ca.pem": string(trusted),
	} {
		if err := errors.Join(os.MkdirAll(etc, 0o755), os.WriteFile(filepath.Join(etc, name), []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"queue", "data"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"chmod", "755", dir}, {"chown", "postfix", filepath.Join(dir, "data")}, {postfix, "-c", etc, "start"}} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", args, err, out)
		}
	}
	t.Cleanup(func() { _ = exec.Command(postfix, "-c", etc, "stop").Run() })
	return address, filepath.Join(dir, "mail.log")
}

// smtpPage returns the page about SMTP.
func smtpPage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("wire/smtp/README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// TestRealPostfix: with the lines of the page Postfix relays a thousand mails to an account with 100 a second: none
// is lost, none is sent twice, and each call that was refused is a mail that was deferred,
// for the reason that the page shows.
func TestRealPostfix(t *testing.T) {
	const mails = 1000
	program(t, "/usr/sbin/postfix")
	h, r, stop := host(t, `
version = 1
name = "served"
question = "Does a relay lose mail?"
horizon = "90d"

[[account]]
name = "acme"
access = "production"
quota = 50_000
rate = 100
identities = ["acme.example"]
`, 0) // held, until all mails wait in Postfix, so that they come at once
	_, port, _ := net.SplitHostPort(h.SMTPAddress())
	number, _ := strconv.Atoi(port)
	relay, log := startPostfix(t, number, h.Trusted())
	var c *smtp.Client
	var err error
	for range 100 { // until it listens
		if c, err = smtp.Dial(relay); err == nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err != nil {
		t.Fatal(err)
	}
	for i := range mails {
		if err := submit(c, i); err != nil {
			t.Fatal(err)
		}
	}
	r.admin("PUT", "clock", `{"speed":1}`, nil)
	subjects := map[string]int{}
	for deadline := time.Now().Add(2 * time.Minute); len(subjects) < mails && time.Now().Before(deadline); {
		time.Sleep(time.Second)
		clear(subjects)
		for _, event := range r.streamed()[""] {
			var e struct {
				EventType string
				Mail      struct{ CommonHeaders struct{ Subject string } }
			}
			if json.Unmarshal([]byte(event), &e) == nil && e.EventType == "Send" {
				subjects[e.Mail.CommonHeaders.Subject]++
			}
		}
	}
	time.Sleep(5 * time.Second) // a second copy would come within the longest backoff
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	deferred, bounced := int64(bytes.Count(text, []byte("status=deferred"))), bytes.Count(text, []byte("status=bounced"))
	account := &stop().Accounts[0]
	refused := account.Refused[ses.RefusedRate]
	if len(subjects) != mails || account.Accepted != mails || refused == 0 || deferred != refused || bounced != 0 {
		t.Errorf("%d of %d mails were accepted, %d calls; %d calls were refused, Postfix deferred %d and bounced %d",
			len(subjects), mails, account.Accepted, refused, deferred, bounced)
	}
	reason := regexp.MustCompile(`status=deferred \(.*\)`).Find(text)
	if reason == nil || !strings.Contains(smtpPage(t), "\n"+string(reason)+"\n") {
		t.Errorf("the page does not show %q", reason)
	}
	t.Logf("%d accepted, %d refused", account.Accepted, refused)
}

// submit hands one mail to a relay.
func submit(c *smtp.Client, i int) error {
	if err := c.Mail("a@acme.example"); err != nil {
		return err
	}
	if err := c.Rcpt(fmt.Sprintf("people-%d@people.example", i)); err != nil {
		return err
	}
	data, err := c.Data()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(data, "From: a@acme.example\nTo: people-%d@people.example\nSubject: %d\n\nx\n", i, i)
	return errors.Join(err, data.Close())
}
