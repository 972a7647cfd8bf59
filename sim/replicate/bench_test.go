package replicate_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/replicate"
	"sesim/sim/unit"
)

// BenchmarkReplications makes replications of a month's mail on one worker, and
// on as many as there are cores. Two cores are to make at least 1.8 times as
// many a second as one:
//
//	go test -run '^$' -bench Replications -cpu 2 ./sim/replicate
func BenchmarkReplications(b *testing.B) {
	cfg := day(b)
	cfg.Horizon = 30 * 24 * time.Hour
	cfg.Senders[0].Traffic.Rate = unit.Rate{N: 300, Per: time.Hour}
	for _, workers := range []int{1, runtime.GOMAXPROCS(0)} {
		b.Run(fmt.Sprint("workers=", workers), func(b *testing.B) {
			frame := replicate.NewFrame(&cfg, true, replicate.Fixed(b.N))
			sample := replicate.NewSample(frame)
			err := replicate.Run(b.Context(), cfg, 0, b.N, workers, func(i int, r *sim.Result) error {
				record := frame.Record(&cfg, i, r)
				return sample.Add(&record)
			})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "replications/s")
		})
	}
}
