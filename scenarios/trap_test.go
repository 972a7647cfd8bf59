package scenarios

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/scenarios/internal/tree"
)

// What the TOML library gets wrong, or takes for something that its author
// did not mean, is a problem with a position. Each case is a whole file.
func TestTraps(t *testing.T) {
	for _, c := range []struct {
		name, src string
		want      string // among the problems
	}{
		{"empty", "", `x.toml: there is no scenario in this file: it needs name, horizon and an [[account]]`},
		{"comment only", "# nothing\n", `x.toml: there is no scenario in this file: it needs name, horizon and an [[account]]`},
		{"NUL bytes", "name = \"x\x00\"", `x.toml:1:10: byte 0x00 is a control character: a scenario is a text file`},
		{"UTF-16", "\xff\xfen\x00", `x.toml:1:1: byte 0xff is not UTF-8: a scenario is a text file`},
		{"latin 1", "question = \"\xfcber\"", `x.toml:1:13: byte 0xfc is not UTF-8: a scenario is a text file`},
		{"a line break in a text", "name = \"a\r\nb\"", `x.toml:1:8: a text in quotes must end on its line; write a text of several lines between three quotes`},
		{"a line break in the first text", "\"\r\n", `x.toml:1:1: a text in quotes must end on its line; write a text of several lines between three quotes`},
		{"an escaped line break is a control character", `name = "a\r\nb"`, `x.toml:1:8: name: "a\r\nb" is not a name for a scenario: it has 1 to 64 letters, digits, spaces, ".", "_" and "-", with no dot or space at either end`},
		{"a negative number for one without sign", "seed = -1", `x.toml:1:8: seed: -1 is not at least 0`},
		{"the same key in two cases", "seed = 3\nSEED = 4", `x.toml:2:1: SEED: keys are written in lower case (did you mean "seed"?)`},
		{"nan", "[[audience]]\ninvalid = nan", `x.toml:2:11: audience[0].invalid: nan is not a number that a scenario can hold`},
		{"minus infinity", "[[audience]]\ninvalid = -inf", `x.toml:2:11: audience[0].invalid: -inf is not a number that a scenario can hold`},
		{"nan below rules", "[rules]\nauto_increase = { days = nan }", `x.toml:2:26: rules.auto_increase.days: nan is not a number that a scenario can hold`},
		{"infinity for a rule that has an end", "[rules]\nrep.window_eligible = inf", `x.toml:2:23: rules.rep.window_eligible: +inf is not a number that a scenario can hold`},
		{"a whole number with a point", "seed = 50_000.0", `x.toml:1:8: seed: 50000.0 is not a whole number`},
		{"a number for a duration", "horizon = 5", `x.toml:1:11: horizon: 5 is not a duration: write a number and a unit in quotes, such as "90s", "18h" or "30d"`},
		{"a local date and time", "start = 2026-03-02T09:00:00", `x.toml:1:9: start: 2026-03-02T09:00:00 has no offset from UTC, so it would be another instant on every machine: write it as 2026-03-02T09:00:00Z`},
		{"a local date", "start = 2026-03-02", `x.toml:1:9: start: 2026-03-02 has no offset from UTC, so it would be another instant on every machine: write it as 2026-03-02T00:00:00Z`},
		{"a local time", "start = 09:00:00", `x.toml:1:9: start: 09:00:00 has no offset from UTC, so it would be another instant on every machine: write it as 2026-03-02T09:00:00Z`},
		{"a key twice", "seed = 1\nseed = 2", `x.toml:2:1: the key "seed" is set twice`},
		{"a number that quotes what follows", "seed = 0b", `x.toml:1:8: not a binary number: '0b\x00'`},
		{"a key that the library drops", "a.b = 1\na = 2", `x.toml:2:1: the key "a" is set twice`},
		{"a key of a number", "a = 1\na.b = 2", `x.toml:2:1: "a" is not a table`},
		{"a table twice", "[a]\n[a]", `x.toml:2:2: key 'a' has already been defined`},
		{"a number too long", "seed = 99999999999999999999", `x.toml:1:8: seed: 99999999999999999999 is not at most 9223372036854775807`},
		{"a number too long, negative", "seed = -99_999_999_999_999_999_999 # so", `x.toml:1:8: seed: -99_999_999_999_999_999_999 is not at least 0`},
		{"a number too long, hexadecimal", "seed = 0xffffffffffffffffff", `x.toml:1:8: seed: 0xffffffffffffffffff is not at most 9223372036854775807`},
		{"a number too long, in a list", "[[audience]]\naddresses = [1, 99999999999999999999]", `x.toml:2:17: audience[0].addresses[1]: 99999999999999999999 is not a text: write it in quotes`},
		{"a number too long, of a table", "account = { x = 99999999999999999999, y = 1e999 }", `x.toml:1:11: account: a table is not a list of tables: begin each with [[account]]`},
		{"a number too long, with a power", "seed = 1e999", `x.toml:1:8: seed: 1e999 is not at most 9223372036854775807`},
		{"a number too long, not shown whole", "seed = " + strings.Repeat("9", 70), `x.toml:1:8: seed: ` + strings.Repeat("9", 60) + `… is not at most 9223372036854775807`},
		{"a number too long for a rule", "[rules]\nrep.window_days = 99999999999999999999", `x.toml:2:19: rules.rep.window_days: 99999999999999999999 is not a whole number between 1 and 28`},
		{"a number too long for a duration", "horizon = 99999999999999999999", `x.toml:1:11: horizon: 99999999999999999999 is not a duration: write a number and a unit in quotes, such as "90s", "18h" or "30d"`},
		{"a duration too long", `horizon = "999999999999d"`, `x.toml:1:11: horizon: "999999999999d" is not a duration: it must not be longer than 36500d`},
		{"a duration of many digits", `horizon = "` + strings.Repeat("9", 50) + `d"`, `x.toml:1:11: horizon: "` + strings.Repeat("9", 50) + `d" is not a duration: it must not be longer than 36500d`},
		{"a duration with many decimal places", `horizon = "1.0000000001d"`, `x.toml:1:11: horizon: "1.0000000001d" is not a duration: it must have at most nine decimal places`},
		{"a share with many decimal places", "[[audience]]\ninvalid = \"40.00000001%\"", `x.toml:2:11: audience[0].invalid: "40.00000001%" is not a share: it must have at most 7 decimal places`},
		{"a share far too large", "[[audience]]\ninvalid = \"99999999999999999999%\"", `x.toml:2:11: audience[0].invalid: "99999999999999999999%" is not a share: it must lie between 0% and 100%`},
		{"a rate far too high", "[[sender]]\ntraffic = { kind = \"constant\", rate = \"99999999999999999999/s\" }", `x.toml:2:39: sender[0].traffic.rate: "99999999999999999999/s" is not a rate: its number must be at most 1000000000000`},
		{"a rate with many decimal places", "[[sender]]\ntraffic = { kind = \"constant\", rate = \"0.0001/s\" }", `x.toml:2:39: sender[0].traffic.rate: "0.0001/s" is not a rate: it must have at most three decimal places`},
		{"a table for a list", "[account]\nname = \"a\"\n[[account]]", `x.toml:3:3: "account" is not a list of tables begun with [[account]]`},
		{"an array of arrays", "account = [[1]]", `x.toml:1:12: account[0]: a list is not a table: begin each with [[account]]`},
		{"no value", "name = # none", `x.toml:1:8: expected a value, but there is "#"`},
		{"no key", "= 5", `x.toml:1:1: expected a key, but there is "="`},
		{"two pairs on a line", "a = 1 b = 2", `x.toml:1:6: expected a top-level item to end with a newline, comment, or EOF, but got 'b' instead`},
		{"a list without an end", "a = [1,", `x.toml:1:8: expected a value, but the file ends`},
		{"a text without an end", `a = "x`, `x.toml:1:5: a text in quotes has no end`},
		{"a long text without an end", `a = """x""`, `x.toml:1:5: a text between three quotes has no end`},
		{"nested too deep", "a = " + strings.Repeat("[", 40) + strings.Repeat("]", 40), `x.toml:1:37: brackets nest deeper than 32`},
		{"tables nested too deep", "a = " + strings.Repeat("{a=", 40) + "1" + strings.Repeat("}", 40), `x.toml:1:99: keys nest deeper than 32`},
		{"dots without end", "a" + strings.Repeat(".a", 40) + " = 1", `x.toml:1:65: keys nest deeper than 32`},
		{"dots in a header", "[a" + strings.Repeat(".a", 30) + "]\na.a.a = 1", `x.toml:2:3: keys nest deeper than 32`},
		{"a long key", strings.Repeat("a", 65) + " = 1", `x.toml:1:1: a key is longer than 64 bytes`},
		{"a key with an escape", "\"\\u0041\" = 1", `x.toml:1:1: A: keys are written in lower case (did you mean "a"?)`},
		{"too large", strings.Repeat("#", tree.MaxSource+1), `x.toml: a scenario is at most 1 MiB long`},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := problemsOf(t, c.src)
			if !slices.ContainsFunc(all, func(p Problem) bool { return p.String() == c.want }) {
				t.Errorf("the problems are\n%v, want among them\n%s", &Errors{Problems: all}, c.want)
			}
		})
	}
}

// A mark of the byte order at the start of a file, which some editors write,
// is not part of it.
func TestByteOrderMark(t *testing.T) {
	if _, err := Load("x.toml", []byte("\uFEFF"+base)); err != nil {
		t.Error(err)
	}
	if got := problemsOf(t, "\uFEFFcolour = 1"); got[0].Column != 1 {
		t.Errorf("the first key stands in column %d", got[0].Column)
	}
}

// Line ends may be those of Windows; lines count alike.
func TestLineEnds(t *testing.T) {
	if _, err := Load("x.toml", []byte(strings.ReplaceAll(base, "\n", "\r\n"))); err != nil {
		t.Error(err)
	}
	got := problemsOf(t, strings.ReplaceAll(base+"[[action]]\nat = 5\n", "\n", "\r\n"))
	if want := strings.Count(base, "\n") + 2; got[1].Line != want || got[1].Column != 6 {
		t.Errorf("the problem stands at %d:%d, want %d:6", got[1].Line, got[1].Column, want)
	}
}

// nasty are inputs of the largest size that cost a careless reader its stack,
// its memory or its time.
var nasty = map[string]string{
	"brackets":            strings.Repeat("[", tree.MaxSource),
	"nested lists":        "a=" + strings.Repeat("[", tree.MaxSource-2),
	"nested tables":       "a=" + strings.Repeat("{a=", tree.MaxSource/3-1),
	"dotted key":          strings.Repeat("a.", tree.MaxSource/2-1) + "a",
	"dotted header":       "[" + strings.Repeat("a.", tree.MaxSource/2-2) + "a]",
	"empty tables":        strings.Repeat("[[x]]\n", tree.MaxSource/6),
	"empty accounts":      strings.Repeat("[[account]]\n", tree.MaxSource/12),
	"accounts":            accounts(tree.MaxSource),
	"small tables":        strings.Repeat("[[x]]\na=1\n", tree.MaxSource/10),
	"deep keys":           "[" + strings.Repeat(strings.Repeat("k", 60)+".", 20) + "k]\n" + numbered5(tree.MaxSource-2000),
	"many keys":           numbered5(tree.MaxSource),
	"numbers":             "a=[" + strings.Repeat("1,", tree.MaxSource/2-3) + "]",
	"empty lists":         "a=[" + strings.Repeat("[],", tree.MaxSource/3-3) + "]",
	"inline tables":       "a=[" + strings.Repeat("{},", tree.MaxSource/3-3) + "]",
	"line ends":           strings.Repeat("\n", tree.MaxSource-1) + "=",
	"quotes":              `a = """` + strings.Repeat(`"`, tree.MaxSource-7),
	"thresholds":          "thresholds = [" + strings.Repeat(`"a.b<1",`, tree.MaxSource/8-6) + "]\n[[account]]\nname='a'",
	"identities":          "[[account]]\nname='a'\nidentities = [" + strings.Repeat(`"a.b",`, tree.MaxSource/6-20) + "]",
	"references":          references(),
	"one text":            `name = "` + strings.Repeat("x", tree.MaxSource-10) + `"`,
	"one comment":         "#" + strings.Repeat("x", tree.MaxSource-1),
	"tables of one entry": strings.Repeat("[[a.b]]\n", tree.MaxSource/8),
}

// numbered5 returns lines such as "k1234=1" up to that many bytes.
func numbered5(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size-12; i++ {
		b.WriteString("k" + itoa36(i) + "=1\n")
	}
	return b.String()
}

func itoa36(i int) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	if i < 36 {
		return digits[i : i+1]
	}
	return itoa36(i/36) + digits[i%36:i%36+1]
}

func accounts(size int) string {
	var b strings.Builder
	b.WriteString("name='x'\nhorizon='1d'\n")
	for i := 0; b.Len() < size-40; i++ {
		b.WriteString("[[account]]\nname='" + itoa36(i) + "'\n")
	}
	return b.String()
}

// references are many names that nothing defines, each of which wants a hint.
func references() string {
	var b strings.Builder
	for i := 0; b.Len() < tree.MaxSource/2; i++ {
		b.WriteString("[[account]]\nname='account-" + itoa36(i) + "'\n")
	}
	for i := 0; b.Len() < tree.MaxSource-100; i++ {
		b.WriteString("[[action]]\ndo='pause'\naccount='acount-" + itoa36(i) + "'\n")
	}
	return b.String()
}

// No input takes more than 256 MiB or long: the heap of the test process,
// which never gives address space back, stays below after all of them.
func TestNastyInput(t *testing.T) {
	if testing.Short() {
		t.Skip("reads input of the largest size")
	}
	var before, after runtime.MemStats
	for name, src := range nasty {
		if len(src) > tree.MaxSource {
			t.Fatalf("%s has %d bytes", name, len(src))
		}
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, err := Load("x.toml", []byte(src))
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		t.Logf("%-20s %8v, %4d MiB allocated, %4d MiB from the system: %s", name, took.Round(time.Millisecond),
			(after.TotalAlloc-before.TotalAlloc)>>20, after.HeapSys>>20, firstLine(err))
		if took > time.Minute {
			t.Errorf("%s takes %v", name, took)
		}
		if after.HeapSys > 256<<20 {
			t.Fatalf("%s: the heap has grown to %d MiB", name, after.HeapSys>>20)
		}
	}
}

func firstLine(err error) string {
	if err == nil {
		return "accepted"
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
