package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/journal"
	"sesim/cmd/internal/serve"
	"sesim/cmd/internal/study"
	"sesim/cmd/internal/terminal"
	"sesim/sim"
)

// serveOptions are the flags of sesim serve.
type serveOptions struct {
	study.RunOptions
	serve.Options
	speed     float64
	journal   string          // file; empty: none
	command   []string        // to run against the server
	hurried   context.Context // ends with the patience of the user
	signature int             // version of the signatures of notifications
}

func serveCommand(s *study.System) *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve [FILE|NAME] [-- COMMAND ARGS...]",
		Short: "Serve the interfaces of SES in front of the model",
		Long: `Serve puts the interfaces of Amazon SES in front of a scenario: version 2 and
version 1 of the API on one port, SMTP on another, SQS and SNS for the events.
Point your own program at it, unchanged but for the endpoint: it meets the
sending quota, the maximum send rate, the sandbox, the suppression lists, review
and pause. No mail is sent. Without an argument it serves an account in the
sandbox and one in production.

It prints what to paste into a shell. Any secret is accepted; the access key
names an account of the scenario, and the Region picks among those of a customer.

Virtual time runs with wall time; "sesim clock" freezes it, hurries it or jumps
("sesim help time"), and "sesim act" does what the account's owner or AWS would do. The end, by an
interrupt or "sesim clock end", leaves the report of the session, judged by the
scenario's thresholds, with the exit status of sesim run.

With a command after "--", serve runs it with the printed variables and ends with
it: with 99 if a threshold failed, else with the command's status.

Ports are open to this computer only, unless --host says otherwise. Examples for
boto3, JavaScript, Go, PHP, Django, Nodemailer, Postfix and others are in the pages
below cmd/internal/serve.`,
		Example: `  sesim serve
  sesim serve mine.toml --speed 60
  sesim serve mine.toml -o report -- go test ./...`,
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveDefault),
		RunE: func(cmd *cobra.Command, args []string) error {
			name, err := o.arguments(args, cmd.ArgsLenAtDash())
			if err != nil {
				return err
			}
			return runServe(cmd.Context(), s, name, &o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Host, "host", loopback, "serve on another `ADDRESS` of this computer, for everybody who can reach it")
	f.IntVar(&o.Port, "port", serve.DefaultPort, "serve the APIs on port `N`; 0 selects a free one")
	f.IntVar(&o.SMTPPort, "smtp-port", serve.DefaultSMTPPort, "serve SMTP on port `N`; 0 selects a free one, -1 none")
	f.IntVar(&o.HTTPSPort, "https-port", -1, "serve the APIs over TLS too, on port `N`; 0 selects a free one, -1 none")
	f.IntVar(&o.SMTPSPort, "smtps-port", -1, "serve SMTP that begins with TLS too, on port `N`; 0 selects a free one, -1 none")
	f.Float64Var(&o.speed, "speed", 1, "let virtual time run `N` times as fast as wall time; 0 freezes it")
	f.StringArrayVar(&o.AllowHosts, "allow-host", nil, "answer requests for the host `NAME`; may be repeated")
	f.StringArrayVar(&o.AllowTargets, "allow-target", nil, "post notifications to `HOST` too; may be repeated")
	f.BoolVar(&o.AllowAdmin, "allow-admin", false, "let other computers use the clock and the accounts")
	f.StringVar(&o.TLSDir, "tls-dir", "", "keep the authority of the server's certificate in `DIR`")
	f.BoolVar(&o.RequireTLS, "smtp-require-tls", false, "refuse SMTP credentials and mail without TLS, as SES does")
	f.StringVar(&o.SNSCA, "sns-ca", "", "answer for the hosts of SNS by a proxy, and write the certificate to trust to `DIR`")
	f.DurationVar(&o.NotifyRetry, "notify-retry", 20*time.Second, "wait `TIME` before a notification is posted again")
	f.IntVar(&o.signature, "sns-signature", 1, "sign notifications by version `N`: 1 with SHA-1, or 2 with SHA-256")
	f.BoolVar(&o.Verify, "verify", false, "check signatures, and passwords of SMTP, against the secret that is printed")
	f.BoolVar(&o.StrictRegions, "strict-regions", false,
		"refuse calls for Regions in which the scenario has no account; without it one is opened there, in the sandbox")
	f.StringVar(&o.S3Root, "s3-root", "", "read the files of import jobs from `DIR`/BUCKET/KEY")
	f.StringVar(&o.journal, "journal", "",
		"write every input to `FILE`, one JSON line each, with the recipients' addresses, compressed if its name ends in .gz or .zst; "+
			"sesim run --journal drives the session again")
	deliveryFlags(f, &o.Delivery, "report", "summary", "text")
	colourFlag(f, &o.NoColour)
	settingFlags(f, &o.Settings, "scenario")
	formFlags(f, &o.FormOptions)
	progressFlag(cmd, &o.Progress)
	return cmd
}

// arguments separates the scenario from the command after "--", and checks the flags.
func (o *serveOptions) arguments(args []string, dash int) (name string, err error) {
	if dash >= 0 {
		args, o.command = args[:dash], args[dash:]
		if len(o.command) == 0 {
			return "", study.Usagef("there is no command after --")
		}
		if _, err := exec.LookPath(o.command[0]); err != nil {
			return "", study.Usagef("the command after --: %w", err)
		}
	}
	if len(args) > 1 {
		return "", study.Usagef("serve takes one scenario, not %d", len(args))
	}
	if len(args) == 1 {
		name = args[0]
	}
	for i, port := range []int{o.SMTPPort, o.HTTPSPort, o.SMTPSPort} {
		if port < -1 || port > 65535 {
			flag := [...]string{"smtp-port", "https-port", "smtps-port"}[i]
			return "", study.Usagef("--%s: %d is not a port from 0 to 65535, or -1", flag, port)
		}
	}
	switch ip := net.ParseIP(o.Host); {
	case ip == nil:
		return "", study.Usagef("--host: \"%s\" is not an IP address; %s serves this computer only, 0.0.0.0 everybody", o.Host, loopback)
	case o.Port < 0 || o.Port > 65535:
		return "", study.Usagef("--port: %d is not a port from 0 to 65535", o.Port)
	case o.signature != 1 && o.signature != 2:
		return "", study.Usagef("--sns-signature: %d is neither 1 nor 2", o.signature)
	case o.NotifyRetry <= 0:
		return "", study.Usagef("--notify-retry: %v is not positive", o.NotifyRetry)
	case !(o.speed >= 0) || o.speed > serve.MaxSpeed/serve.RealTime || o.speed > 0 && o.speed*serve.RealTime < 1:
		return "", study.Usagef("--speed: %v is neither 0 nor from 0.001 to %d", o.speed, serve.MaxSpeed/serve.RealTime)
	}
	o.Version2 = o.signature == 2
	o.Speed = int64(o.speed*serve.RealTime + 0.5)
	return name, nil
}

// runServe serves a scenario until ctx ends, the end is asked for, or the command ends, and
// delivers the report.
func runServe(ctx context.Context, s *study.System, name string, o *serveOptions) error {
	session, err := s.OpenSession(ctx, name, &o.RunOptions)
	if err != nil {
		return err
	}
	o.Scenario = session.Config
	if o.journal != "" {
		if o.Options.Journal, err = session.Record(o.journal, 1); err != nil {
			return session.Abandon(err)
		}
		o.Part = func(n int) (*journal.Writer, error) { return session.Record(o.journal, n) }
	}
	o.Tell = func(text string) { fmt.Fprintf(s.Err, "sesim: %s\n", text) }
	host, err := serve.Listen(o.Options)
	if err != nil {
		return session.Abandon(listenError(err))
	}
	if err := announce(s, host, o); err != nil {
		host.Close()
		return session.Abandon(err)
	}
	began := s.Clock()
	hurried, hurry := context.WithCancel(context.WithoutCancel(ctx))
	defer hurry()
	onSecondSignal(ctx, func() {
		hurry()
		host.Hurry()
	})
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	o.hurried = hurried
	ended := o.watch(ctx, s, host, stop)
	result, err := host.Run(ctx)
	stop()
	status := <-ended
	if err != nil && result == nil {
		return session.Abandon(err)
	}
	return errors.Join(session.Deliver(host.Config(), result, s.Clock()-began), err, status)
}

// listenError returns the error of ports that cannot be opened, or of folders, as one of
// usage.
func listenError(err error) error {
	if errors.Is(err, serve.ErrFolder) {
		return study.Usage(err)
	}
	var op *net.OpError
	if !errors.As(err, &op) {
		return err
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return study.Usagef("cannot serve on %s: the port is taken; --port 0 and --smtp-port 0 select free ones", op.Addr.String())
	}
	return study.Usagef("cannot serve: %w", err)
}

// environment returns the variables that a program needs: those to set, and those to
// remove, so that nothing can reach AWS by another name.
func environment(host *serve.Host, cfg *sim.Config) (set [][2]string, unset []string) {
	a := &cfg.Accounts[0]
	set = [][2]string{
		{"AWS_ENDPOINT_URL", cmp.Or(host.SecureURL(), host.URL())},
		{"AWS_ACCESS_KEY_ID", a.Name},
		{"AWS_SECRET_ACCESS_KEY", serve.Secret},
		{"AWS_REGION", a.Region},
		{"AWS_DEFAULT_REGION", a.Region},
		{"SESIM_ENDPOINT", host.URL()},
	}
	if mail := host.SMTPAddress(); mail != "" {
		set = append(set, [2]string{"SESIM_SMTP", mail})
	}
	if mail := host.SMTPSAddress(); mail != "" {
		set = append(set, [2]string{"SESIM_SMTPS", mail})
	}
	if host.SMTPAddress() != "" || host.SMTPSAddress() != "" {
		set = append(set, [2]string{"SESIM_SMTP_PASSWORD", host.SMTPPassword(a.Region)})
	}
	for _, t := range host.Topics()[:1] {
		set = append(set, [2]string{"SESIM_TOPIC", t.ARN})
		if strings.HasPrefix(t.To, host.URL()+"/") {
			set = append(set, [2]string{"SESIM_QUEUE_URL", t.To})
		}
	}
	if file := host.Trusted(); file != "" {
		set = append(set, [2]string{"NODE_EXTRA_CA_CERTS", file})
	}
	if host.SecureURL() != "" {
		set = append(set, [2]string{"AWS_CA_BUNDLE", host.Trusted()})
	}
	if proxy := host.ProxyURL(); proxy != "" {
		set = append(set, [2]string{"HTTPS_PROXY", proxy}, [2]string{"NO_PROXY", "127.0.0.1,localhost"}, [2]string{"NODE_USE_ENV_PROXY", "1"},
			[2]string{"SSL_CERT_FILE", host.Trusted()}, [2]string{"REQUESTS_CA_BUNDLE", host.Trusted()})
	}
	return set, []string{"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_SESV2", "AWS_ENDPOINT_URL_SES"}
}

// plainWord is a text that means itself to a shell.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// shellWord returns a text as a word of a shell.
func shellWord(text string) string {
	if plainWord.MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// announce prints what a person pastes.
func announce(s *study.System, host *serve.Host, o *serveOptions) error {
	if ip := net.ParseIP(o.Host); !ip.IsLoopback() {
		fmt.Fprintf(s.Err, "sesim: everybody who can reach this computer at %s can use the server\n", o.Host)
	}
	if o.Quiet || o.JSON || len(o.command) > 0 {
		return nil
	}
	var b strings.Builder
	cfg := o.Scenario
	fmt.Fprintf(&b, "Serving %s at %s\n\nPaste into the shell of your program:\n\n", cfg.Name, host.URL())
	set, unset := environment(host, cfg)
	for _, v := range set {
		fmt.Fprintf(&b, "export %s=%s\n", v[0], shellWord(v[1]))
	}
	fmt.Fprintf(&b, "unset %s\n\nPage: %s%s\n", strings.Join(unset, " "), host.URL(), serve.AdminPath)
	if mail := host.SMTPAddress(); mail != "" {
		fmt.Fprintf(&b, "SMTP: %s, user %s, password as above, plain or STARTTLS with %s\n", mail, cfg.Accounts[0].Name, host.Trusted())
	}
	if mail := host.SMTPSAddress(); mail != "" {
		fmt.Fprintf(&b, "SMTP over TLS: %s, with %s\n", mail, host.Trusted())
	}
	if url := host.SecureURL(); url != "" {
		fmt.Fprintf(&b, "HTTPS: %s, with %s; HTTP: %s\n", url, host.Trusted(), host.URL())
	}
	for _, t := range host.Topics() {
		fmt.Fprintf(&b, "Topic: %s, to %s\n", t.ARN, t.To)
	}
	for i := range cfg.Accounts {
		a := &cfg.Accounts[i]
		fmt.Fprintf(&b, "Access key %s: %s account in %s, verified %s\n", a.Name, a.Access, a.Region, strings.Join(a.Identities, ", "))
	}
	b.WriteString("The rate of operations other than sending is not limited, unless the scenario sets rules.api.per_second.\n" +
		"Examples for boto3, JavaScript, Go, PHP, Django, Nodemailer, Postfix and others: cmd/internal/serve/README.md\n" +
		"Press Ctrl-C to end and see the report.\n")
	_, err := s.Out.Write([]byte(b.String()))
	return err
}

// watch runs the command, if there is one, and shows how the accounts stand meanwhile. The
// channel gets the command's error.
func (o *serveOptions) watch(ctx context.Context, s *study.System, host *serve.Host, stop func()) <-chan error {
	ended := make(chan error, 1)
	if len(o.command) == 0 {
		go func() {
			show(ctx, terminal.New(o.mode(), s.Err, s.Getenv), host, s.Clock)
			ended <- nil
		}()
		return ended
	}
	go func() {
		defer stop()
		ended <- o.execute(ctx, s, host)
	}()
	return ended
}

func (o *serveOptions) mode() terminal.Mode {
	if o.Quiet {
		return terminal.None
	}
	return o.Progress
}

// execute runs the command with the variables that are printed otherwise.
func (o *serveOptions) execute(ctx context.Context, s *study.System, host *serve.Host) error {
	cmd := exec.CommandContext(ctx, o.command[0], o.command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.In, s.Out, s.Err
	send := func(sig syscall.Signal) error { return cmd.Process.Signal(sig) }
	if !terminal.Is(s.In) { // which stops a group of its own that reads, and interrupts all of its own group
		send = ownGroup(cmd)
	}
	cmd.Cancel, cmd.WaitDelay = func() error { return send(syscall.SIGTERM) }, terminating
	set, unset := environment(host, o.Scenario)
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		keep := true
		for _, u := range unset {
			keep = keep && name != u
		}
		if keep {
			cmd.Env = append(cmd.Env, v)
		}
	}
	for _, v := range set {
		cmd.Env = append(cmd.Env, v[0]+"="+v[1])
	}
	err := cmd.Start()
	if err == nil {
		defer context.AfterFunc(o.hurried, func() { _ = send(syscall.SIGKILL) })() // it may have ended
		err = cmd.Wait()
	}
	var exit *exec.ExitError
	if ctx.Err() != nil && errors.As(err, &exit) && exit.ExitCode() < 0 && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL {
		_ = send(syscall.SIGKILL) // what it has started has had the same time
	}
	switch {
	case ctx.Err() != nil: // the end was asked for
		return nil
	case errors.As(err, &exit) && exit.ExitCode() > 0:
		return &commandError{exitCode(exit.ExitCode()), fmt.Errorf("%s: %w", o.command[0], err)}
	case errors.As(err, &exit): // by a signal, which shells count from 128 on
		return &commandError{exitCode(128 + exit.Sys().(syscall.WaitStatus).Signal()), fmt.Errorf("%s: %w", o.command[0], err)}
	case err != nil:
		return study.Usagef("%s: %w", o.command[0], err)
	}
	return nil
}

// terminating is how long a command may take to end when serve does.
const terminating = 5 * time.Second

// showEvery is how often the accounts are shown.
const showEvery = 500 * time.Millisecond

// show shows how the accounts stand until ctx ends.
func show(ctx context.Context, d terminal.Display, host *serve.Host, clock func() time.Duration) {
	defer d.Close()
	began := clock()
	ticker := time.NewTicker(showEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		line, err := host.Line(ctx)
		if err != nil {
			return
		}
		d.Show(standing{line, clock() - began})
	}
}

// standing is how the accounts stand, for the display.
type standing struct {
	line    string
	elapsed time.Duration
}

// Name returns what is shown.
func (standing) Name() string { return "serve" }

// Elapsed returns the wall time since the server began.
func (s standing) Elapsed() time.Duration { return s.elapsed }

// Percent says that the end is unknown.
func (standing) Percent() int { return -1 }

// Line returns how the accounts stand.
func (s standing) Line() string { return s.line }
