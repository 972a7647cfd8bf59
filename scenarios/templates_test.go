package scenarios

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/engine"
)

// A template is right, is named after its file, asks a question, explains what it
// holds, and keeps its thresholds when it is run as it is.
func TestTemplates(t *testing.T) {
	var names []string
	for _, e := range Templates() {
		names = append(names, e.Name)
		src, _ := Template(e.Name)
		cfg, err := Load(e.Name+".toml", src)
		if err != nil {
			t.Fatal(err)
		}
		if cfg.Name != e.Name || !strings.HasSuffix(e.Question, "?") || len(cfg.Thresholds) == 0 || !strings.HasPrefix(string(src), "#:schema ./"+SchemaName+"\n# ") {
			t.Errorf("%s lacks its name, its question, its thresholds or its comment", e.Name)
		}
		if comments := len(regexp.MustCompile(`(?m)^#|  # `).FindAll(src, -1)); comments < 12 {
			t.Errorf("%s has %d comments", e.Name, comments)
		}
		if strings.Count(string(src), "sesim help scenario") != 1 || strings.Count(string(src), "sesim help metrics") != 1 {
			t.Errorf("%s does not say where keys and metrics are explained", e.Name)
		}
		res, err := engine.Run(*cfg, sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range res.Judge(cfg) {
			if j.Verdict != criteria.Pass {
				t.Errorf("%s: %s: %v, the value is %v", e.Name, j.Criterion.Expression, j.Verdict, j.Value)
			}
		}
	}
	want := []string{"limiter", "marketplace", "newsletter", "production", "saas", Served}
	if !slices.Equal(names, want) || !slices.Contains(names, DefaultTemplate) {
		t.Errorf("the templates are %v, want %v", names, want)
	}
}
