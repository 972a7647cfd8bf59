package serve

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"reflect"
	"time"

	"sesim/cmd/internal/journal"
	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/fault"
	"sesim/cmd/internal/serve/message"
	"sesim/cmd/internal/serve/wire"
	v2 "sesim/cmd/internal/serve/wire/v2"
	"sesim/sim/ses"
)

// operationName returns the name of an operation in version 2, whatever the caller's format.
// Operations that only version 1 has are named as there.
func operationName(input any) string {
	switch in := input.(type) {
	case *api.Send:
		return "SendEmail"
	case *api.SendBulk:
		return "SendBulkEmail"
	case *api.Unknown:
		return in.Name
	}
	return reflect.TypeOf(input).Elem().Name()
}

// operationNames returns the names of all operations.
func operationNames() []string {
	names := v2.Operations()
	for _, only := range []any{
		&api.GetSendStatistics{}, &api.SetIdentityNotificationTopic{}, &api.SetIdentityHeadersInNotificationsEnabled{},
	} {
		names = append(names, operationName(only))
	}
	return names
}

// recipients returns the addresses of a call that sends; nil: it does not.
func recipients(input any) (list []string) {
	add := func(m *api.Mail) {
		for _, to := range [][]string{m.To, m.Cc, m.Bcc} {
			for _, mailbox := range to {
				list = append(list, message.Address(mailbox))
			}
		}
	}
	switch in := input.(type) {
	case *api.Send:
		add(&in.Mail)
	case *api.SendBulk:
		for i := range in.Entries {
			add(&in.Entries[i])
		}
	}
	return list
}

// disturb returns the fault that hits a call or a notification; nil: none. The journal
// gets a note of it.
func (s *Server) disturb(c fault.Call, request string) *fault.Hit {
	if s.faults.Empty() {
		return nil
	}
	c.At = s.now()
	hit := s.faults.Draw(c)
	if hit != nil {
		note := c.Interface + " " + c.Operation + " of " + c.Account + ": " + hit.Text
		s.write(func(w *journal.Writer) error { return w.Note(s.session.Now(), request, note) })
	}
	return hit
}

// suffer returns the answer to a call that a fault has hit, when it is due.
func suffer(ctx context.Context, hit *fault.Hit, caller api.Caller, output any, err error) (any, error) {
	if hit.Latency > 0 {
		timer := time.NewTimer(hit.Latency)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	if hit.Cut != api.NotCut {
		return nil, &api.Error{Cut: hit.Cut, Fault: hit.Text}
	}
	if caller.Header != nil {
		caller.Header.Set(wire.FaultHeader, hit.Text)
	}
	return output, err
}

// admit decides whether a user may log in to SMTP: whose name is an access key of an
// account, unless a fault refuses.
func (s *Server) admit(user string) (refusal *api.Error) {
	ctx := context.Background()
	var hit *fault.Hit
	failed := s.do(ctx, func() {
		i, unknown := s.account(api.Caller{Interface: ses.SMTP, Key: user})
		if unknown != nil {
			refusal = unknown
			return
		}
		if hit = s.disturb(fault.Call{Interface: ses.SMTP.String(), Operation: fault.Auth, Account: s.cfg.Accounts[i].Name}, ""); hit != nil {
			refusal = hit.Refusal
		}
	})
	switch {
	case failed != nil:
		return api.NewError(ses.SMTP, api.Unavailable, "%s", failed)
	case hit != nil:
		if _, err := suffer(ctx, hit, api.Caller{}, nil, nil); err != nil {
			errors.As(err, &refusal)
		}
	}
	return refusal
}

// getFaults lists the faults with their counts.
func (s *Server) getFaults(r *http.Request) (any, error) {
	var list []fault.Fault
	err := s.do(r.Context(), func() { list = s.faults.Faults() })
	return list, err
}

// putFaults replaces the faults.
func (s *Server) putFaults(r *http.Request) (any, error) {
	var in []fault.Fault
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return s.setFaults(r, in)
}

// deleteFaults ends all faults.
func (s *Server) deleteFaults(r *http.Request) (any, error) { return s.setFaults(r, nil) }

func (s *Server) setFaults(r *http.Request, faults []fault.Fault) (any, error) {
	list, err := fault.New(faults, s.config.Scenario.Seed, operationNames())
	if err != nil {
		return nil, badRequest("%s", err)
	}
	var failed error
	err = s.do(r.Context(), func() {
		for i := range faults {
			if name := faults[i].Match.Account; name != "" && s.named(name) < 0 {
				failed = badRequest("number %d: match.account: there is no account %q, but %s", i+1, name, s.known())
				return
			}
		}
		s.faults = list
	})
	if err = cmp.Or(err, failed); err != nil {
		return nil, err
	}
	return list.Faults(), nil
}
