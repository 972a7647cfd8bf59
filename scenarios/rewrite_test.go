package scenarios

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
)

const rewritten = `# A comment.
name    = "a" # and another
horizon = "30d"

[rules]
review.length = "21d"

[[account]]
name        = "shop"
quota       = 5_000 # a day
suppression = ["BOUNCE",
  "COMPLAINT"]

[[audience]]
name = "people"

[[sender]]
name     = "mail"
account  = "shop"
from     = "a@shop.example"
audience = "people"
traffic  = { kind = "constant", rate = "10/h" }

[[action]]
at = "1d"
do = "pause"
account = "shop"
`

// What is rewritten stands where the old value stood, and nothing else moves.
func TestRewrite(t *testing.T) {
	for _, c := range []struct{ key, value, was, is string }{
		{"horizon", "14d", `horizon = "30d"`, `horizon = "14d"`},
		{"account.shop.quota", "7_000", `5_000 # a day`, `7_000 # a day`},
		{"account.shop.suppression", `[]`, "[\"BOUNCE\",\n  \"COMPLAINT\"]", `[]`},
		{"sender.mail.traffic.rate", "5000/d", `"10/h" }`, `"5000/d" }`},
		{"sender.mail.traffic.kind", "poisson", `"constant"`, `"poisson"`},
		{"rules.review.length", "7d", `"21d"`, `"7d"`},
		{"action[0].at", "2d", `at = "1d"`, `at = "2d"`},
		{"seed", "7", `name    = "a"`, "seed = 7\nname    = \"a\""},
		{"question", `"so?"`, `name    = "a"`, "question = \"so?\"\nname    = \"a\""},
		{"question", "a \"b\" \\", `name    = "a"`, "question = \"a \\\"b\\\" \\\\\"\nname    = \"a\""},
	} {
		got, err := Rewrite("f.toml", []byte(rewritten), set(c.key, c.value))
		if err != nil {
			t.Errorf("%s: %v", c.key, err)
			continue
		}
		if diff := cmp.Diff(strings.Replace(rewritten, c.was, c.is, 1), string(got)); diff != "" {
			t.Errorf("%s = %s (-want +got):\n%s", c.key, c.value, diff)
		}
		sameConfig(t, c.key, []byte(rewritten), got, set(c.key, c.value))
	}
}

// sameConfig fails where the rewritten text and the overridden one differ.
func sameConfig(t *testing.T, what string, src, got []byte, overrides ...Override) {
	t.Helper()
	want, err := Load("f.toml", src, overrides...)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	have, err := Load("f.toml", got)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if diff := cmp.Diff(want, have, cmp.AllowUnexported(sim.Config{})); diff != "" {
		t.Errorf("%s: the rewritten text says something else (-override +text):\n%s", what, diff)
	}
}

func TestRewriteRefuses(t *testing.T) {
	for _, key := range []string{"account.shop.rate", "account.other.quota", "account.shop", "account", "action[3].at", "a b", "rules", "sender.mail.retry.first"} {
		if got, err := Rewrite("f.toml", []byte(rewritten), set(key, "1")); !errors.Is(err, ErrRewrite) {
			t.Errorf("%s: %v, and the text\n%s", key, err, got)
		}
	}
	if _, err := Rewrite("f.toml", []byte("name = "), set("seed", "1")); err == nil || errors.Is(err, ErrRewrite) {
		t.Errorf("a text that is no TOML: %v", err)
	}
}

// A table that the text does not have is begun with its key, in front of all tables.
func TestRewriteAddsTable(t *testing.T) {
	src := strings.Replace(rewritten, "[rules]\nreview.length = \"21d\"\n\n", "", 1)
	key := set("rules.rep.min_events", "{ bounces = 1, complaints = 5 }")
	got, err := Rewrite("f.toml", []byte(src), key)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(src, "name    = \"a\"", "rules.rep.min_events = { bounces = 1, complaints = 5 }\nname    = \"a\"", 1)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	sameConfig(t, key.Key, []byte(src), got, key)
	if _, err := Rewrite("f.toml", []byte(src), set("plan[0].keep", "1")); !errors.Is(err, ErrRewrite) {
		t.Errorf("an element of a list that is missing: %v", err)
	}
}

func FuzzRewrite(f *testing.F) {
	f.Add("name='x'\n[[account]]\nname='y'\n", "rules.review.length", "30d")
	f.Add(rewritten, "account.shop.quota", "12")
	f.Add(rewritten, "sender.mail.traffic", `{ kind = "campaign" }`)
	f.Add("name='x'", "seed", "9\n")
	f.Fuzz(func(t *testing.T, src, key, value string) {
		got, err := Rewrite("f", []byte(src), set(key, value))
		if err != nil {
			return
		}
		want, bad := Load("f", []byte(src), set(key, value))
		have, worse := Load("f", got)
		if (bad == nil) != (worse == nil) {
			t.Fatalf("overridden: %v; rewritten: %v\n%s", bad, worse, got)
		}
		if bad == nil && !cmp.Equal(want, have) {
			t.Errorf("the rewritten text says something else:\n%s", got)
		}
	})
}
