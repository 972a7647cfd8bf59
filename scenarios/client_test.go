package scenarios

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim/client"
)

// clientScenario is a scenario with clients of all kinds; lines 15 and on are free.
const clientScenario = `name = "clients"
horizon = "1d"
[[account]]
name = "acme"
region = "us-east-1"
access = "production"
quota = 100_000
rate = 14
identities = ["acme.example"]
[[audience]]
name = "readers"
size = 1000
[[client]]
name = "mailer"
workers = 3
limiter = { n = 10 }
`

// sending is a sender with further keys.
func sending(name, keys string) string {
	return `[[sender]]
name = "` + name + `"
account = "acme"
from = "news@acme.example"
audience = "readers"
traffic = { kind = "campaign" }
` + keys + "\n"
}

// TestClients loads senders with every kind of client.
func TestClients(t *testing.T) {
	cfg, err := Load("c.toml", []byte(clientScenario+
		sending("a", `client = "mailer"`)+sending("b", "client = \"mailer\"\npriority = 3")+sending("c", `client = "listmonk"`)+
		sending("d", `client = { preset = "listmonk", workers = 25, rest = { after = 2 }, latency = "1s" }`)+
		sending("e", "count = 2\n[sender.client]\nworkers = 1")+sending("f", "")+
		"[[action]]\nat = \"2h\"\ndo = \"resume\"\nclient = \"c\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range cfg.Clients {
		names = append(names, c.Name)
	}
	if want := []string{"mailer", "c", "d", "e-1", "e-2"}; !slices.Equal(names, want) {
		t.Errorf("clients %v, want %v", names, want)
	}
	var of []int
	for i := range cfg.Senders {
		of = append(of, cfg.Senders[i].Client)
		if whole := cfg.Senders[i].Client > 0; cfg.Senders[i].Traffic.Whole != whole {
			t.Errorf("sender %s: a campaign without pace is due whole: %v", cfg.Senders[i].Name, !whole)
		}
	}
	if want := []int{1, 1, 2, 3, 4, 5, 0}; !slices.Equal(of, want) {
		t.Errorf("clients of the senders %v, want %v", of, want)
	}
	if cfg.Senders[1].Priority != 3 || cfg.Actions[0].Client != 2 {
		t.Errorf("priority %d, the action's client %d", cfg.Senders[1].Priority, cfg.Actions[0].Client)
	}
	want, _ := PresetNamed("listmonk")
	if diff := cmp.Diff(want.Client, cfg.Clients[1].Config); diff != "" {
		t.Error(diff)
	}
	own := want.Client
	own.Workers.N, own.Rest.After.N = 25, 2
	own.Latency.Spread.Median, own.Latency.Spread.Upper = time.Second, time.Second
	own.Connection.Setup = 0 // the latency is given, so that the preset's round trips do not count
	if diff := cmp.Diff(own, cfg.Clients[2].Config); diff != "" {
		t.Errorf("the keys given replace the preset's, of tables one by one (-want +got):\n%s", diff)
	}
	if cfg.Clients[3].Workers != (client.Count{N: 1}) {
		t.Errorf("a table of its own: %+v", cfg.Clients[3])
	}
}

// TestWrongSendersOfClients has senders and clients that do not go together.
func TestWrongSendersOfClients(t *testing.T) {
	for text, want := range map[string]string{
		sending("a", `client = "mailr"`):                                                    `c.toml:23:10: sender.a.client: no [[client]] and no preset is named "mailr": "sesim clients" lists the presets (did you mean "mailer"?)`,
		sending("a", `client = "listmonks"`):                                                `(did you mean "listmonk"?)`,
		sending("a", `client = 3`):                                                          `23:10: sender.a.client: 3 is neither the name of a client nor a table`,
		sending("a", `client = { preset = "listmonc" }`):                                    `23:21: sender.a.client.preset: no preset is named "listmonc": "sesim clients" lists them (did you mean "listmonk"?)`,
		sending("a", `client = { preset = "listmonk", worker = 1 }`):                        `23:33: sender.a.client.worker: unknown key (did you mean "workers"?)`,
		sending("a", `client = { preset = "listmonk", rest = { x = 1}}`):                    `23:42: sender.a.client.rest.x: unknown key`,
		sending("a", `client = { preset = "sidekiq", retry = { hold = true } }`):            `23:12: sender.a.client.retry.poll: a worker that sleeps does not poll`,
		sending("a", "retry = {}\nclient = \"mailer\""):                                     `23:1: sender.a.retry: the sender has a client in line 24, whose retry says what follows a refusal: keep one of the two`,
		sending("a", `priority = 3`):                                                        `23:1: sender.a.priority: it orders the queue of a client: the sender has none`,
		sending("a", "client = \"mailer\"\npriority = 10"):                                  `24:12: sender.a.priority: 10 is not at most 9`,
		sending("mailer", `client = {}`):                                                    `23:1: sender.mailer.client: the client of a sender bears the sender's name, and there is a [[client]] named so`,
		"[[client]]\nname = \"listmonk\"\n":                                                 `18:8: client.listmonk.name: "listmonk" is the name of a preset: choose another, and write preset = "listmonk"`,
		"[[client]]\nname = \"mailer\"\n":                                                   `18:8: client.mailer.name: there is another client of this name`,
		"[[client]]\nworkers = 3\n":                                                         `17:1: client[1]: the key name is missing`,
		"[[client]]\nname = \"x\"\nlimiter = { n = 0 }":                                     `19:17: client.x.limiter.n: 0 is not at least 1`,
		"[[action]]\nat = \"1h\"\ndo = \"resume\"\nclient = \"mailer\"\naccount = \"acme\"": `write either account or client`,
		"[[action]]\nat = \"1h\"\ndo = \"resume\"\nclient = \"malier\"":                     `no client is named "malier" (did you mean "mailer"?)`,
		sending("a", "client = \"mailer\"") + "[[action]]\nat = \"1h\"\ndo = \"set\"\nkey = \"sender.a.rate\"\nvalue = \"3/s\"": `the campaign of sender a is due whole at its start, and has no pace`,
		sending("a", "count = 150\nclient = { processes = 10_000, workers = 1 }"):                                               `24:1: sender.a.client: with this the clients have more than 1000000 processes together`,
	} {
		_, err := Load("c.toml", []byte(clientScenario+text))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), "\n") > 0 {
			t.Errorf("%s\n%v\nwant %s", text, err, want)
		}
	}
}

// TestClientWithoutSenders warns about a client that nobody uses.
func TestClientWithoutSenders(t *testing.T) {
	d, err := Read(nil, "c.toml", []byte(clientScenario+sending("a", "")))
	if err != nil || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0].String(), "13:1: client.mailer: no sender has this client") {
		t.Errorf("%v, %v", d, err)
	}
	if d, err = Read(nil, "c.toml", []byte(clientScenario+sending("a", `client = "mailer"`))); err != nil || len(d.Warnings) != 0 {
		t.Errorf("%v, %v", d, err)
	}
}

// TestSetClient sets keys of clients, as --set and a sweep do.
func TestSetClient(t *testing.T) {
	src := []byte(clientScenario + sending("a", `client = "mailer"`) + sending("b", "client = { preset = \"listmonk\" }"))
	cfg, err := Load("c.toml", src, Override{Key: "client.mailer.limiter.n", Value: "7"},
		Override{Key: "sender.b.client.workers", Value: "4"}, Override{Key: "sender.b.client.stop", Value: "never"})
	if err != nil || cfg.Clients[0].Limiters[0].N.N != 7 || cfg.Clients[1].Workers.N != 4 || cfg.Clients[1].Stop != (client.Stop{}) {
		t.Errorf("%+v, %v", cfg, err)
	}
	text, err := Rewrite("c.toml", src, Override{Key: "client.mailer.workers", Value: "9"})
	if err != nil || !strings.Contains(string(text), "\nworkers = 9\n") {
		t.Errorf("%s, %v", text, err)
	}
	named := []byte(clientScenario + sending("a", `client = "mailer"`) + sending("b", `client = "listmonk"`) + sending("c", `client = "malr"`))
	for key, want := range map[string]string{
		"client.maler.workers":      `did you mean "mailer"?`,
		"sender.a.client.workers":   "sender.a.client is not a table: it names a [[client]], of which the key is client.mailer.workers",
		"sender.b.client.workers":   `sender.b.client is not a table: write client = { preset = "listmonk" } in place of the name`,
		"sender.c.client.workers":   `sender.c.client: no [[client]] and no preset is named "malr"`,
		"sender.a.account.quota":    "sender.a.account is not a table\n",
		"sender.b.client.workers.n": `sender.b.client is not a table: write client = { preset = "listmonk" } in place of the name`,
	} {
		if _, err = Load("c.toml", named, Override{Key: key, Value: "9"}); err == nil || !strings.Contains(err.Error()+"\n", want) {
			t.Errorf("%s: %v, want %s", key, err, want)
		}
	}
}
