package learn

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"sesim/scenarios/lesson"
)

var loadFor = flag.Duration("load", 2*time.Second, "how long fifty clients run lessons")

// The ceiling on what 99% of the clients wait, and another for a machine that
// does other work meanwhile, or for a test too short to tell.
const (
	waitMost     = 3 * time.Second
	waitMostBusy = 20 * time.Second
)

// ceiling returns the one that holds. Twice as many tasks as cores are what
// the tests before this one leave behind.
func ceiling() time.Duration {
	text, err := os.ReadFile("/proc/loadavg")
	var tasks float64
	if err == nil {
		_, err = fmt.Sscan(string(text), &tasks)
	}
	if *loadFor < 30*time.Second || err == nil && tasks > 2*float64(runtime.NumCPU()) {
		return waitMostBusy
	}
	return waitMost
}

// Fifty clients run lessons at once, each with settings of its own and a
// second or so to look at the answer. Every answer is right, which a
// fingerprint tells; the memory stays bounded; nobody waits long.
func TestLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	t.Parallel()
	const clients = 50
	most := ceiling()
	server := httptest.NewServer(New(Options{}))
	defer server.Close()
	server.Client().Transport.(*http.Transport).MaxIdleConnsPerHost = clients
	right := fingerprints(t, server)
	var mu sync.Mutex
	var waits []time.Duration
	var all sync.WaitGroup
	end := time.Now().Add(*loadFor)
	peak := uint64(0)
	for i := range clients {
		all.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(i)))
			for time.Now().Before(end) {
				l := lesson.Shipped()[random.IntN(7)]
				seed := random.IntN(loadSeeds)
				began := time.Now()
				got, err := fingerprintOf(server, fmt.Sprintf("client%d", i), l.ID, seed)
				wait := time.Since(began)
				if want := right[fmt.Sprint(l.ID, seed)]; err != nil || got != want {
					t.Errorf("%s, seed %d: %q, %v; want %q", l.ID, seed, got, err, want)
					return
				}
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				mu.Lock()
				waits = append(waits, wait)
				peak = max(peak, m.HeapInuse)
				mu.Unlock()
				time.Sleep(500*time.Millisecond + time.Duration(random.IntN(1000))*time.Millisecond)
			}
		})
	}
	all.Wait()
	slices.Sort(waits)
	p99 := waits[len(waits)*99/100]
	t.Logf("%d clients for %v: %d runs; half waited at most %v, 99%% at most %v, the longest %v; heap at most %d MiB; the ceiling is %v",
		clients, *loadFor, len(waits), waits[len(waits)/2], p99, waits[len(waits)-1], peak>>20, most)
	if p99 > most {
		t.Errorf("99%% waited at most %v, more than %v", p99, most)
	}
	if peak > 512<<20 {
		t.Errorf("the heap grew to %d MiB", peak>>20)
	}
}

// loadSeeds is how many seeds the clients choose from.
const loadSeeds = 4

// fingerprints returns the right answers: one run after the other.
func fingerprints(t *testing.T, server *httptest.Server) map[string]string {
	t.Helper()
	right := map[string]string{}
	for _, l := range lesson.Shipped() {
		for seed := range loadSeeds {
			got, err := fingerprintOf(server, "alone", l.ID, seed)
			if err != nil || len(got) != 32 {
				t.Fatalf("%s: %q, %v", l.ID, got, err)
			}
			right[fmt.Sprint(l.ID, seed)] = got
		}
	}
	return right
}

// fingerprintOf runs a lesson and returns its fingerprint.
func fingerprintOf(server *httptest.Server, tab, lesson string, seed int) (string, error) {
	body, err := json.Marshal(question{Lesson: lesson, Set: []setting{{"seed", fmt.Sprint(seed)}}})
	if err != nil {
		return "", err
	}
	r, err := http.NewRequest(http.MethodPost, server.URL+"/api/run", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set(tabHeader, tab)
	response, err := server.Client().Do(r)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var a struct {
		Summary struct{ Fingerprint string }
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("status %d: %.200s", response.StatusCode, text)
	}
	err = json.Unmarshal(text, &a)
	return a.Summary.Fingerprint, err
}
