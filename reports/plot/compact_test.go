package plot

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
)

// follow returns the points of a path of steps, a list for each of its lines.
func follow(t *rapid.T, path string) (of [][]xy) {
	var x, y, startX, startY float64
	for _, m := range regexp.MustCompile(`([Mlhvz])([^Mlhvz]*)`).FindAllStringSubmatch(path, -1) {
		var numbers []float64
		for _, n := range regexp.MustCompile(`-?[0-9.]+`).FindAllString(m[2], -1) {
			v, err := strconv.ParseFloat(n, 64)
			if err != nil {
				t.Fatal(err)
			}
			numbers = append(numbers, v)
		}
		size := map[string]int{"M": 2, "l": 2, "h": 1, "v": 1, "z": 1}[m[1]]
		if m[1] == "z" {
			x, y = startX, startY
			continue
		}
		for ; len(numbers) >= size; numbers = numbers[size:] {
			switch m[1] {
			case "M":
				x, y, startX, startY = numbers[0], numbers[1], numbers[0], numbers[1]
				of = append(of, nil)
			case "l":
				x, y = x+numbers[0], y+numbers[1]
			case "h":
				x += numbers[0]
			case "v":
				y += numbers[0]
			}
			of[len(of)-1] = append(of[len(of)-1], xy{x, y})
		}
		if len(numbers) > 0 {
			t.Fatalf("%q has numbers that no command takes", m[0])
		}
	}
	return of
}

// distance is how far a point is from the line through others.
func distance(p xy, line []xy) float64 {
	least := math.Hypot(p.x-line[0].x, p.y-line[0].y)
	for i := range line[1:] {
		a, b := line[i], line[i+1]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		along := min(1, max(0, ((p.x-a.x)*(b.x-a.x)+(p.y-a.y)*(b.y-a.y))/(length*length)))
		least = min(least, math.Hypot(p.x-a.x-along*(b.x-a.x), p.y-a.y-along*(b.y-a.y)))
	}
	return least
}

// TestRelative: a path of steps has each point of the path in its place, no further away
// than the eye can tell, and ends where it ends, however many points it has.
func TestRelative(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		const tolerance = 0.051
		var b strings.Builder
		var want [][]xy
		coordinate := rapid.OneOf(rapid.IntRange(-3, 3), rapid.IntRange(-99_999, 99_999))
		for range rapid.IntRange(1, 4).Draw(t, "lines") {
			var line []xy
			for i := range rapid.IntRange(1, 30).Draw(t, "points") {
				p := xy{float64(coordinate.Draw(t, "x")) / 1000, float64(coordinate.Draw(t, "y")) / 1000}
				line = append(line, p)
				fmt.Fprintf(&b, "%c%v,%v", "ML"[min(i, 1)], p.x, p.y)
			}
			if rapid.Bool().Draw(t, "closed") {
				b.WriteByte('Z')
			}
			want = append(want, line)
		}
		path := relative(b.String())
		got := follow(t, path)
		if len(got) != len(want) {
			t.Fatalf("%s has %d lines, want %d", path, len(got), len(want))
		}
		for i, line := range want {
			for _, p := range line {
				if d := distance(p, got[i]); !(d <= tolerance) {
					t.Fatalf("%s is %g away from %v, a point of %s", path, d, p, b.String())
				}
			}
			if last, end := line[len(line)-1], got[i][len(got[i])-1]; math.Hypot(last.x-end.x, last.y-end.y) > tolerance {
				t.Fatalf("line %d of %s ends at %v, want %v", i, path, end, last)
			}
		}
		if strings.Count(b.String(), "Z") != strings.Count(path, "z") {
			t.Fatalf("%s does not close the lines of %s", path, b.String())
		}
	})
}

// TestCompact: steps that go on in the same direction are one; curves and texts stay.
func TestCompact(t *testing.T) {
	const before = `<path d="M64,251.47L66.083,251.47L66.083,251.47L68.167,251.47L70,251L70,240.5L69.996,100.04Z" style="fill:none" />
<path d="M5,6C1,2,3,4,5,6" style="fill:none" />
<text x="41.824" y="-205.06" transform="scale(1, -1)" style="fill:#000">M0.04,5.27 &#34;</text>`
	const want = `<path d="M64 251.5h4.17l1.83-.5v-151z" style="fill:none"/>
<path d="M5,6C1,2,3,4,5,6" style="fill:none"/>
<text x="41.8" y="-205.1" style="transform:scale(1,-1);fill:#000">M0.04,5.27 &#34;</text>`
	if got := compact(before); got != want {
		t.Errorf("it is\n%s\nwant\n%s", got, want)
	}
}
