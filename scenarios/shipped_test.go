package scenarios

import (
	"slices"
	"strings"
	"testing"
)

func TestShipped(t *testing.T) {
	var names []string
	for _, e := range Shipped() {
		names = append(names, e.Name)
		if !strings.HasSuffix(e.Question, "?") {
			t.Errorf("%s asks %q", e.Name, e.Question)
		}
	}
	want := []string{
		"black-friday", "clean-newsletter", "decade", "first-campaign", "industry-2016", "notice-2017", "purchased-list", "region-day",
		"repeat-bouncer",
		"sandbox-first-day", "shared-audience", "stale-list", "under-review-now", "which-limiter", "which-quota", "workers-and-limiters",
	}
	if !slices.Equal(names, want) {
		t.Errorf("these ship: %v, want %v", names, want)
	}
	if _, ok := Source(Default); !ok {
		t.Errorf("%s, the default, does not ship", Default)
	}
}

// A scenario that ships is right, names the schema for editors, is named after
// its file, says in a comment what to look at, and pins its answer.
func TestShippedAreWhole(t *testing.T) {
	files, err := shipped.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), ".toml")
		src, _ := Source(name)
		cfg, err := Load(f.Name(), src)
		if err != nil {
			t.Error(err)
			continue
		}
		if cfg.Name != name || len(cfg.Thresholds) == 0 || !strings.HasPrefix(string(src), "#:schema ./"+SchemaName+"\n# ") || !strings.Contains(string(src), "# Watch") {
			t.Errorf("%s lacks its name, its thresholds or its comment", f.Name())
		}
	}
}

func TestSourceOfNothing(t *testing.T) {
	for _, name := range []string{"", "no-such", "../scenarios/first-campaign", "first-campaign.toml", "doc.go"} {
		if src, ok := Source(name); ok {
			t.Errorf("Source(%q) is %q", name, src)
		}
	}
}
