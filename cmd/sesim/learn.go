package main

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/learn"
	"sesim/cmd/internal/study"
	"sesim/sim/unit"
)

// learnOptions are the flags of sesim learn.
type learnOptions struct {
	port   int // 0 for a free one
	host   string
	noOpen bool
}

// loopback is the default address of the classroom.
const loopback = "127.0.0.1"

func learnCommand(s *study.System) *cobra.Command {
	var o learnOptions
	cmd := &cobra.Command{
		Use:   "learn",
		Short: "Open the classroom: seven lessons in the browser",
		Long: `Learn opens a page in the browser that runs the model, with seven lessons: the
sandbox, the rolling quota, the way to production, the cost of a bounce, the
address that comes back, review and pause, and the neighbour who pays.

The program serves the page to this computer only. It needs no network and no
account, stores nothing, and ends with an interrupt. Each run on the page is the
same as with "sesim run"; the page offers its scenario and command.`,
		Example: `  sesim learn
  sesim learn --port 8080 --no-open`,
		Args:              arguments(cobra.NoArgs),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return serveClassroom(cmd.Context(), s, &o) },
	}
	f := cmd.Flags()
	f.IntVar(&o.port, "port", 0, "serve on port `N`; 0 selects a free one")
	f.StringVar(&o.host, "host", loopback, "serve on another `ADDRESS` of this computer, for everybody who can reach it")
	f.BoolVar(&o.noOpen, "no-open", false, "print the address without opening a browser")
	return cmd
}

// serveClassroom serves the classroom until ctx ends, which is not an error.
func serveClassroom(ctx context.Context, s *study.System, o *learnOptions) error {
	if o.port < 0 || o.port > 65535 {
		return study.Usagef("--port: %d is not a port from 0 to 65535", o.port)
	}
	if o.host == "" { // which would be all addresses of this computer
		return study.Usagef("--host: write an address of this computer, such as %s; 0.0.0.0 is all of them", loopback)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(o.host, strconv.Itoa(o.port)))
	if err != nil {
		return study.Usagef("cannot serve on %s, port %d: %w", o.host, o.port, err)
	}
	defer listener.Close()
	ip := listener.Addr().(*net.TCPAddr).IP
	options := learn.Options{Open: !ip.IsLoopback()}
	if net.ParseIP(o.host) == nil {
		options.Names = []string{strings.ToLower(o.host)}
	}
	address := "http://" + net.JoinHostPort(pageHost(o.host, ip), strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)) + "/"
	if _, err := fmt.Fprintf(s.Out, "The classroom is open at %s\nPress Ctrl-C to close it.\n", address); err != nil {
		return err
	}
	if options.Open {
		fmt.Fprintf(s.Err, "sesim: everybody who can reach this computer at %s can use the classroom\n", unit.Visible(o.host))
	}
	if !o.noOpen {
		openBrowser(ctx, s.Getenv, address)
	}
	return learn.New(options).Serve(ctx, listener)
}

// pageHost is the host of the page's address: a browser cannot open an
// unspecified address such as 0.0.0.0.
func pageHost(host string, ip net.IP) string {
	if ip.IsUnspecified() {
		return loopback
	}
	return host
}

// openBrowser asks the system to open the page. If it cannot, the printed address
// has to do.
func openBrowser(ctx context.Context, getenv func(string) string, address string) {
	var command *exec.Cmd
	switch runtime.GOOS {
	case "windows":
		command = exec.CommandContext(ctx, "rundll32", "url.dll,FileProtocolHandler", address)
	case "darwin":
		command = exec.CommandContext(ctx, "open", address)
	default:
		if getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "" {
			return
		}
		command = exec.CommandContext(ctx, "xdg-open", address)
	}
	if command.Start() == nil {
		go func() { _ = command.Wait() }()
	}
}
