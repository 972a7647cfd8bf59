package serve

import (
	"context"
	"fmt"
	"strings"
)

// Line returns in one line how the session stands: the virtual time, and of the account
// that has called last its quota, rate, bounce rate and state.
func (s *Server) Line(ctx context.Context) (line string, err error) {
	err = s.do(ctx, func() {
		i := 0
		if n := len(s.recent.calls); n > 0 {
			i = max(0, s.named(s.recent.calls[n-1].Account))
		}
		a := s.accountNow(i)
		m := s.session.Meters(i)
		state := strings.ToLower(a.EnforcementStatus)
		if !a.SendingEnabled {
			state += ", paused"
		}
		line = fmt.Sprintf("%s  %s: %s of %s in 24 h, %d/s, bounces %.2f%%, %s, %d calls, %d refused",
			s.now().Format("2006-01-02 15:04:05"), a.Name, number(m.Used), number(m.Quota), m.MaxRate, 100*a.BounceRate, state,
			s.recent.total, s.recent.refused)
	})
	return line, err
}

func number(n int64) string {
	if n < 0 {
		return "unlimited"
	}
	return fmt.Sprint(n)
}
