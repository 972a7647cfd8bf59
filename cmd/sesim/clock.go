package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sesim/cmd/internal/serve"
	"sesim/cmd/internal/study"
)

// remote is a server that runs.
type remote struct {
	system   *study.System
	endpoint string
}

// flag adds --endpoint.
func (r *remote) flag(f *pflag.FlagSet) {
	f.StringVar(&r.endpoint, "endpoint", "", "use the server at `URL` instead of $SESIM_ENDPOINT or "+defaultEndpoint())
}

func defaultEndpoint() string { return "http://" + loopback + ":" + strconv.Itoa(serve.DefaultPort) }

// get makes a request and decodes the answer.
func (r *remote) get(ctx context.Context, method, path string, body, into any) error {
	endpoint := cmp.Or(r.endpoint, r.system.Getenv("SESIM_ENDPOINT"), defaultEndpoint())
	if !strings.Contains(endpoint, "://") {
		endpoint = "http://" + endpoint
	}
	answer, err := serve.Ask(ctx, endpoint, method, path, body)
	if errors.Is(err, serve.ErrUnreachable) || errors.Is(err, serve.ErrRefused) {
		return study.Usage(err)
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("the answer of %s: %w", endpoint, err)
	}
	return nil
}

// ask makes a request and prints the answer.
func (r *remote) ask(ctx context.Context, method, path string, body any) error {
	var indented any
	if err := r.get(ctx, method, path, body, &indented); err != nil {
		return err
	}
	text, err := json.MarshalIndent(indented, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(r.system.Out, "%s\n", text)
	return err
}

func clockCommand(s *study.System) *cobra.Command {
	r := &remote{system: s}
	cmd := &cobra.Command{
		Use:   "clock",
		Short: "Show or set the virtual clock of a running sesim serve",
		Long: `Clock shows the virtual clock of a running sesim serve, freezes it, changes its
speed, or moves it forward. A jump runs everything that is due, in order, and
returns when the notifications have been taken. "sesim help time" says what is on
the virtual clock, and what is not. Reset begins the session again: the report is
that of the last session, and with --journal j.ndjson the second is in j.2.ndjson.`,
		Example: `  sesim clock
  sesim clock hold
  sesim clock speed 60
  sesim clock advance --by 24h
  sesim clock advance --until "acme.count.paused > 0" --settle each`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return r.ask(cmd.Context(), "GET", "clock", nil) },
	}
	r.flag(cmd.PersistentFlags())
	put := func(use, short string, args cobra.PositionalArgs, body func(args []string) (any, error)) *cobra.Command {
		return &cobra.Command{
			Use: use, Short: short, Args: arguments(args), ValidArgsFunction: cobra.NoFileCompletions,
			RunE: func(cmd *cobra.Command, args []string) error {
				b, err := body(args)
				if err != nil {
					return err
				}
				return r.ask(cmd.Context(), "PUT", "clock", b)
			},
		}
	}
	cmd.AddCommand(
		put("hold", "Freeze the clock", cobra.NoArgs, func([]string) (any, error) { return map[string]float64{"speed": 0}, nil }),
		put("speed N", "Let the clock run N times as fast as wall time", cobra.ExactArgs(1), func(args []string) (any, error) {
			n, err := strconv.ParseFloat(args[0], 64)
			if err != nil {
				return nil, study.Usagef("speed: \"%s\" is not a number", args[0])
			}
			return map[string]float64{"speed": n}, nil
		}),
		put("tick DURATION", "Freeze the clock, and move it on by so much before each call that sends", cobra.ExactArgs(1),
			func(args []string) (any, error) { return map[string]string{"tick": args[0]}, nil }),
		r.advanceCommand(),
		&cobra.Command{
			Use: "reset", Short: "Begin the session again: the same scenario and seed, at its start", Args: arguments(cobra.NoArgs),
			ValidArgsFunction: cobra.NoFileCompletions,
			RunE:              func(cmd *cobra.Command, _ []string) error { return r.ask(cmd.Context(), "POST", "reset", nil) },
		},
		&cobra.Command{
			Use: "end", Short: "End the server, which then writes its report", Args: arguments(cobra.NoArgs),
			ValidArgsFunction: cobra.NoFileCompletions,
			RunE:              func(cmd *cobra.Command, _ []string) error { return r.ask(cmd.Context(), "POST", "clock/end", nil) },
		},
	)
	return cmd
}

func (r *remote) advanceCommand() *cobra.Command {
	var by, to, until, settle string
	var next bool
	cmd := &cobra.Command{
		Use: "advance", Short: "Move the clock forward", Args: arguments(cobra.NoArgs), ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			body := map[string]any{"settle": settle}
			for name, value := range map[string]string{"by": by, "to": to, "until": until} {
				if value != "" {
					body[name] = value
				}
			}
			if next {
				body["next"] = true
			}
			return r.ask(cmd.Context(), "POST", "clock/advance", body)
		},
	}
	f := cmd.Flags()
	f.StringVar(&by, "by", "", "by a `DURATION`")
	f.StringVar(&to, "to", "", "to a virtual `TIME`, as 2026-03-01T12:00:00Z")
	f.BoolVar(&next, "next", false, "to what happens by itself next")
	f.StringVar(&until, "until", "", "until a `THRESHOLD` of the scenario language holds, or \"ACCOUNT.quota_free >= N\"")
	f.StringVar(&settle, "settle", "end",
		"wait for notifications: none, at the end, or after each moment that has some: `WHEN` is none, end or each")
	return cmd
}

func actCommand(s *study.System) *cobra.Command {
	r := &remote{system: s}
	texts := map[string]*string{} // by their names in the request
	var contacts []string
	var quota, rate int64
	cmd := &cobra.Command{
		Use:   "act ACCOUNT ACTION",
		Short: "Act for an account of a running sesim serve",
		Long: `Act does an action of the scenario language for an account of a running sesim
serve, and prints how the account stands:

  verify, unverify                  an identity; --after is how long it takes
  suppress, unsuppress              an address of the account-level list
  remove-global                     ask for an address to leave the global list
  pause, resume                     the account's own sending, or a configuration set's
  request                           production access, answered by --outcome and --after
  appeal                            a review or a pause, answered likewise
  trigger                           AWS reviews or pauses for a cause of its own
  quota                             AWS grants another quota or rate`,
		Example: `  sesim act acme verify --identity new.example
  sesim act acme appeal --outcome accepted --after 24h
  sesim act acme request --website https://acme.example --use-case "Receipts" --after 24h
  sesim act acme quota --quota 100000 --rate 28`,
		Args:              arguments(cobra.ExactArgs(2)),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkActionFlags(args[1], cmd.Flags()); err != nil {
				return err
			}
			body := map[string]any{"do": args[1]}
			for name, value := range texts {
				if *value != "" {
					body[name] = *value
				}
			}
			if len(contacts) > 0 {
				body["contacts"] = contacts
			}
			if quota != 0 {
				body["quota"] = quota
			}
			if rate != 0 {
				body["rate"] = rate
			}
			return r.ask(cmd.Context(), "POST", "accounts/"+args[0]+"/actions", body)
		},
	}
	f := cmd.Flags()
	r.flag(f)
	for _, t := range [][2]string{
		{"identity", "`IDENTITY` of verify and unverify"},
		{"address", "`ADDRESS` of suppress, unsuppress and remove-global"},
		{"reason", "`REASON` of suppress: BOUNCE or COMPLAINT"},
		{"configuration-set", "configuration set `NAME` of pause and resume, instead of the account"},
		{"cause", "`CAUSE` of trigger"},
		{"effect", "`EFFECT` of trigger: review or pause"},
		{"outcome", "`OUTCOME` of appeal (accepted, rejected) or of request (granted, denied, failed, more-info)"},
		{"after", "`DURATION` until AWS answers an appeal or a request, or a verification ends"},
		{"mail-type", "`TYPE` of request: MARKETING or TRANSACTIONAL"},
		{"website", "`URL` of request"},
		{"use-case", "`TEXT` of request that describes the use case"},
		{"language", "`LANGUAGE` in which AWS answers a request: EN or JA"},
	} {
		texts[strings.ReplaceAll(t[0], "-", "_")] = f.String(t[0], "", t[1])
	}
	f.StringArrayVar(&contacts, "contact", nil, "`ADDRESS` to which AWS answers a request; may be repeated")
	f.Int64Var(&quota, "quota", 0, "grant a quota of `N` recipients in 24 hours, with quota or request; -1 is unlimited in a request")
	f.Int64Var(&rate, "rate", 0, "grant a maximum send rate of `N` recipients a second, with quota or request")
	return cmd
}

// actionFlags are the flags that actions have.
var actionFlags = map[string][]string{
	"verify": {"identity", "after"}, "unverify": {"identity"},
	"suppress": {"address", "reason"}, "unsuppress": {"address"}, "remove-global": {"address"},
	"pause": {"configuration-set"}, "resume": {"configuration-set"},
	"request": {"outcome", "after", "mail-type", "website", "use-case", "language", "contact", "quota", "rate"},
	"appeal":  {"outcome", "after"}, "trigger": {"cause", "effect"}, "quota": {"quota", "rate"},
}

// checkActionFlags refuses flags that an action would not heed. The server refuses an action
// that there is not.
func checkActionFlags(action string, f *pflag.FlagSet) (err error) {
	has, known := actionFlags[action]
	f.Visit(func(flag *pflag.Flag) {
		if err == nil && known && flag.Name != "endpoint" && !slices.Contains(has, flag.Name) {
			err = study.Usagef("act: %s has no --%s, but --%s", action, flag.Name, strings.Join(has, ", --"))
		}
	})
	return err
}

// timeHelp is the help topic on virtual and wall time.
const timeHelp = `sesim serve has two clocks. SES, its customers' accounts and the recipients are
on the virtual clock; your program and its connection are on wall time.

Virtual time, whatever "sesim clock" makes of it:

  the send rate, the 24 hours of the quota, the verification of identities
  deliveries, bounces, complaints, stays on the suppression lists
  reviews, pauses, AWS's answers to requests and appeals
  the dates in events, in answers of the API, and in the report

Wall time, at any speed:

  the header Date, the dates of signatures and certificates
  time-outs of HTTP and SMTP, and what your program waits between mails
  retries and backoff of SDKs, and of notifications that a web server refuses
  the visibility time-out of messages in a queue

At speed 1, the default, both pass alike. At other speeds a program that waits a
second for the rate gets more than a second of it, or none:

  what you test                   the clock for it
  pacing, backoff, 429 and 454    speed 1
  quota, lists, reviews           sesim clock speed 60, or advance
  the same in every build         sesim clock tick 100ms

A frozen clock (hold, or speed 0) does not refill the rate: in the sandbox, the
second mail is throttled until the clock is moved on. The answer's header
x-sesim-hint says so.

With a tick the clock is frozen too, but each call that sends moves it on by so
much before it is decided. The outcome depends on the order of the calls alone,
not on how long anything takes.

A jump (advance --by, --to, --next or --until) runs everything that is due, in
order. --settle says what it waits for:

  end    at its end, until notifications are taken or have failed; the default
  each   after each moment that has some, until they are taken and queues are
         read: a program that removes bounced addresses does so within the jump
  none   nothing

The clock never goes back, and stops at the horizon of the scenario.`
