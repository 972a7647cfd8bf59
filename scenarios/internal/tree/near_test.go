package tree

import "testing"

func TestDidYouMean(t *testing.T) {
	words := []string{"quota", "rate", "region", "identities", "under-review", "retry"}
	for word, want := range map[string]string{
		"qota": "quota", "quotta": "quota", "quoat": "quota", "rtae": "rate", "regions": "region",
		"under_review": "under-review", "ident": "identities", "reg": "region",
		"colour": "", "identity": "", "q": "", "": "", "xxxx": "", "quo ta x": "",
	} {
		if got, _ := Nearest(word, words); got != want {
			t.Errorf("%q is near %q, want %q", word, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"abc", "axc", 1}, {"abcd", "acd", 1}, {"ca", "abc", 3}, {"kitten", "sitting", 3}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("from %q to %q there are %d errors, want %d", c.a, c.b, got, c.want)
		}
	}
}
