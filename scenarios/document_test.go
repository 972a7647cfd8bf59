package scenarios

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A form holds what the file says and none of the defaults that a run has.
func TestForms(t *testing.T) {
	const head = `name = "x"
horizon = "9d"
[[account]]
name = "first"
[[account]]
name = "second"
`
	doc, err := Read(nil, "x.toml", []byte(head+`[[account.request]]
[[account.request]]
at = "1d"
mail_type = "MARKETING"
website = "https://x.example"
use_case = "News"
list_source = """A form,
and a link."""
bounce_handling = "A person looks."
opt_out = "By a link."
contacts = ["ops@x.example"]
language = "JA"
quota = 70_000
rate = 20
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Form{{Account: 1}, {
		Account: 1, MailType: "MARKETING", Website: "https://x.example", UseCase: "News", ListSource: "A form,\nand a link.",
		BounceHandling: "A person looks.", OptOut: "By a link.", Contacts: []string{"ops@x.example"}, Language: "JA", Quota: 70_000, Rate: 20,
	}}
	if diff := cmp.Diff(want, doc.Forms); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if q := doc.Config.Accounts[1].Requests[0]; q.MailType != "TRANSACTIONAL" || q.Website != "https://second.example" {
		t.Errorf("the run has no defaults any more: %+v", q)
	}
}

func TestAnswersHaveALimit(t *testing.T) {
	for _, key := range []string{"list_source", "bounce_handling", "opt_out"} {
		for length, says := range map[int]string{0: "the text is empty", 1000: "", 1001: "at most 1000 are allowed"} {
			src := base + "[[account.request]]\nat = \"3d\"\n" + key + " = \"" + strings.Repeat("é", length) + "\"\n"
			_, err := Load("x.toml", []byte(src))
			if says == "" && err != nil || says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
				t.Errorf("%s of %d characters: %v, want %q", key, length, err, says)
			}
		}
	}
}
