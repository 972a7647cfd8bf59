package template_test

import (
	"errors"
	"strings"
	"testing"

	"sesim/cmd/internal/serve/template"
)

func TestRender(t *testing.T) {
	const data = `{"name":"Ann <a>","n":12345678901234567890,"yes":true,"no":false,"empty":"","list":[{"x":1},{"x":2}],"words":["a","b"],"deep":{"a":{"b":"c"}},"nothing":null}`
	for text, want := range map[string]string{
		"":                                             "",
		"plain } { text":                               "plain } { text",
		"Hello {{name}}":                               "Hello Ann &lt;a&gt;",
		"Hello {{{ name }}}!":                          "Hello Ann <a>!",
		"{{n}}{{nothing}}{{words}}":                    "12345678901234567890[&#34;a&#34;,&#34;b&#34;]",
		"{{deep.a.b}}{{words.1}}":                      "cb",
		"{{#if yes}}a{{else}}b{{/if}}":                 "a",
		"{{#if no}}a{{else}}b{{/if}}":                  "b",
		"{{#if missing}}a{{/if}}c":                     "c",
		"{{#if empty}}{{missing}}{{/if}}":              "",
		"{{#unless no}}a{{/unless}}":                   "a",
		"{{#each list}}{{x}}{{name}},{{/each}}":        "1Ann &lt;a&gt;,2Ann &lt;a&gt;,",
		"{{#each words}}{{this}}{{else}}none{{/each}}": "ab",
		"{{#each missing}}x{{else}}none{{/each}}":      "none",
		"{{#each list}}{{#if x}}{{#with deep}}{{a.b}}{{/with}}{{/if}}{{/each}}": "cc",
		"{{#with deep.a}}{{b}}{{/with}}{{! a comment }}":                        "c",
	} {
		values, err := template.Data(data, "")
		if err != nil {
			t.Fatal(err)
		}
		got, err := template.Render(text, values)
		if err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", text, got, err, want)
		}
		if err := template.Check(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestErrors(t *testing.T) {
	for text, want := range map[string]error{
		"{{missing}}":                     template.ErrMissing,
		"{{a.b}}":                         template.ErrMissing,
		"{{#each l}}{{missing}}{{/each}}": template.ErrMissing,
		"{{name":                          template.ErrSyntax,
		"{{{name}}":                       template.ErrSyntax,
		"{{#if a}}x":                      template.ErrSyntax,
		"{{#if a}}x{{/each}}":             template.ErrSyntax,
		"x{{/if}}":                        template.ErrSyntax,
		"{{#lookup a b}}{{/lookup}}":      template.ErrSyntax,
		"{{> partial}}":                   template.ErrSyntax,
		"{{}}":                            template.ErrSyntax,
		strings.Repeat("{{#if a}}", 60):   template.ErrSyntax,
	} {
		_, err := template.Render(text, map[string]any{"a": "x", "l": []any{"y"}})
		if !errors.Is(err, want) {
			t.Errorf("%.40s: %v, want %v", text, err, want)
		}
		if err := template.Check(text); (err != nil) != (want == template.ErrSyntax) {
			t.Errorf("%.40s: check has %v", text, err)
		}
	}
}

func TestData(t *testing.T) {
	values, err := template.Data(`{"a":1,"b":2}`, `{"b":3}`)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := template.Render("{{a}}{{b}}", values); err != nil || got != "13" {
		t.Error(got, err)
	}
	for _, bad := range []string{"[1]", "{", "x"} {
		if _, err := template.Data(bad, ""); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

// FuzzRender checks that any template ends, within its bound.
func FuzzRender(f *testing.F) {
	f.Add("{{#each l}}{{#if a}}{{{a}}}{{else}}{{/if}}{{/each}}", `{"a":"x","l":[1,[2]]}`)
	f.Fuzz(func(t *testing.T, text, data string) {
		values, err := template.Data(data, "")
		if err != nil {
			return
		}
		if _, err := template.Render(text, values); err == nil && template.Check(text) != nil {
			t.Errorf("%s renders, but does not pass the check", text)
		}
	})
}
