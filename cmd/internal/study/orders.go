package study

import (
	"context"
	"fmt"

	"sesim/reports"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/engine"
)

// warnOrder warns of a study that takes the mail before the start in one order, although
// the scenario leaves it open.
func (s *System) warnOrder(name string, cfg *sim.Config) {
	if cfg.OrderOpen() {
		s.warn([]scenarios.Problem{{File: name, Message: "when the bounces and complaints before the start came is not known, " +
			`and decides when a rate falls: they are taken to lie evenly in the mail, order = "even"; a single run shows the other orders`}})
	}
}

// addOrders adds to the report of a run what comes of it in the other orders of the mail
// before the start, if the scenario leaves the order open. After an interrupt there are
// fewer.
func (r *runner) addOrders(ctx context.Context, report *reports.Report, result *sim.Result) error {
	if !r.Config.OrderOpen() || r.Journal != "" || result.Interrupted {
		return nil
	}
	orders := sim.Orders()
	report.Summary.AddOrder(r.Config, orders[0], result)
	for _, order := range orders[1:] {
		cfg := r.Config.InOrder(order)
		other, err := engine.Run(cfg, sim.Hooks{Tick: func(sim.Progress) bool { return ctx.Err() == nil }})
		switch {
		case err != nil:
			return fmt.Errorf("with order = %q: %w", order, err)
		case other.Interrupted:
			report.Summary.Status = reports.Interrupted
			return nil
		}
		report.Summary.AddOrder(&cfg, order, other)
	}
	return nil
}
