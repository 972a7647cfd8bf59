package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sesim/cmd/internal/learn"
	"sesim/cmd/internal/study"
	"sesim/reports/rundir"
	"sesim/scenarios/lesson"
	"sesim/sim/unit"
)

// learnOptions are the flags of sesim learn.
type learnOptions struct {
	port   int  // 0 for a free one; usualPort, unless it is given
	given  bool // the port
	host   string
	noOpen bool
	sheets bool   // open the worksheets in place of the lessons
	create string // folder to write a first lesson to
	export string // folder to write a static site to
	engine string // exported classroom to take its engine from
	force  bool   // replace an exported classroom
	check  bool   // run the lessons and end
}

// usualPort makes the address of the classroom one that stays.
const usualPort = 7370

// loopback is the default address of the classroom.
const loopback = "127.0.0.1"

func learnCommand(s *study.System) *cobra.Command {
	var o learnOptions
	cmd := &cobra.Command{
		Use:   "learn [DIR]",
		Short: "Open the classroom: lessons in the browser, shipped ones or your own",
		Long: `Learn opens a page in the browser that runs the model, with seven lessons: the
sandbox, the rolling quota, the way to production, the cost of a bounce, the
address that comes back, review and pause, and the neighbour who pays.

With DIR it has the lessons in that folder instead: see --new. Before the page
opens they are run once, and what does not hold in them is reported with its
line. The second address that is printed also shows the teacher's notes and
the solutions of the tasks.

With --worksheet the browser opens the worksheets of all lessons instead, to be
printed: question, empty axes, tasks and terms. The second address adds the
solutions, on pages of their own at the end.

With --export it writes a static site in which the engine runs in the browser:
for a course page, a frame in a learning platform, a phone. Any web server will
do. Go builds the engine for it, from a clone of sesim.

The program serves the page to this computer only. It needs no network and no
account, stores nothing, and ends with an interrupt. Each run on the page is the
same as with "sesim run"; the page offers its scenario and command.`,
		Example: `  sesim learn
  sesim learn --port 8080 --no-open
  sesim learn --worksheet
  sesim learn --new my-lessons
  sesim learn my-lessons
  sesim learn my-lessons --check
  sesim learn my-lessons --export site`,
		Args:              arguments(cobra.MaximumNArgs(1)),
		ValidArgsFunction: completeWith(cobra.ShellCompDirectiveFilterDirs),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.given = cmd.Flags().Changed("port")
			return learnWith(cmd.Context(), s, &o, args)
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.port, "port", usualPort, "serve on port `N`; 0 selects a free one, as a default that is in use does")
	f.StringVar(&o.host, "host", loopback,
		"serve on another `ADDRESS` of this computer, for everybody who can reach it; 0.0.0.0 and :: are all IPv4 and all IPv6 addresses")
	f.StringVar(&o.create, "new", "", "write a first lesson into a new `FOLDER`, to begin one's own from, and end")
	f.StringVar(&o.export, "export", "", "write the classroom into `FOLDER` as a site for any web server, and end")
	f.StringVar(&o.engine, "engine", "", "with --export, take the engine of the classroom that was exported to `FOLDER`, without Go")
	f.BoolVar(&o.force, "force", false, "with --export, replace a classroom that was exported before")
	f.BoolVar(&o.check, "check", false, "run the lessons, report what does not hold in them, and end")
	f.BoolVar(&o.sheets, "worksheet", false, "open the worksheets of all lessons, to be printed, in place of the lessons")
	f.BoolVar(&o.noOpen, "no-open", false, "print the address without opening a browser")
	return cmd
}

// learnWith does what the flags say with the lessons of a folder, or those that ship.
func learnWith(ctx context.Context, s *study.System, o *learnOptions, args []string) error {
	if o.sheets && (o.create != "" || o.export != "" || o.check) {
		return study.Usagef("--worksheet opens a page, and goes with none of --new, --export and --check; an exported classroom has worksheet.html")
	}
	if o.create != "" {
		if len(args) > 0 {
			return study.Usagef("--new %s: it writes a folder of lessons and takes no other", o.create)
		}
		return newLessons(s, o.create)
	}
	lessons, files := lesson.Shipped(), lesson.Files()
	if len(args) > 0 {
		var err error
		files = os.DirFS(args[0])
		if lessons, err = lesson.Read(files, args[0]); err != nil {
			return study.Usagef("%w", err)
		}
	}
	if len(args) > 0 || o.check {
		if err := learn.NewClassroom(lessons, learn.DefaultBudget).Check(ctx); err != nil {
			return study.Usagef("%w", err)
		}
	}
	switch {
	case o.check:
		_, err := fmt.Fprintln(s.Out, unit.Plural(int64(len(lessons)), "lesson holds", "lessons hold"))
		return err
	case o.export != "":
		return exportLessons(ctx, s, o, lessons, files)
	case o.engine != "", o.force:
		return study.Usagef("--engine and --force go with --export")
	}
	return serveClassroom(ctx, s, o, lessons)
}

// exportLessons writes the classroom as a static site.
func exportLessons(ctx context.Context, s *study.System, o *learnOptions, lessons []*lesson.Lesson, files fs.FS) error {
	if err := s.Reserve(o.export, learn.Mark, o.force); err != nil {
		return err
	}
	engine, err := engineFor(ctx, s, o)
	switch {
	case ctx.Err() != nil:
		return &study.Error{Outcome: study.Interrupted, Err: errors.New("interrupted; nothing was written")}
	case errors.Is(err, learn.ErrEngine):
		return study.Usagef("--export %s: %w", o.export, err)
	case err != nil:
		return err
	}
	site, err := learn.NewClassroom(lessons, learn.DefaultBudget).Site(files, engine)
	if err == nil {
		err = rundir.WriteFiles(o.export, site, o.force)
	}
	if err != nil {
		return fmt.Errorf("cannot write the site: %w", err)
	}
	_, err = fmt.Fprintf(s.Out, "%s is a classroom for any web server; notes and solutions are at index.html#notes=1, worksheets at worksheet.html\n", o.export)
	return err
}

// engineFor builds the engine for the browser, or takes that of another site.
func engineFor(ctx context.Context, s *study.System, o *learnOptions) (learn.Engine, error) {
	if o.engine != "" {
		return learn.EngineOf(o.engine)
	}
	fmt.Fprintln(s.Err, "sesim: building the engine for the browser")
	return learn.BuildEngine(ctx)
}

// newLessons writes a lesson to begin from into a folder that there is not yet.
func newLessons(s *study.System, dir string) error {
	if _, err := os.Lstat(dir); err == nil {
		return study.Usagef("--new %s: it is there already; name a folder that is not", dir)
	}
	if err := os.CopyFS(dir, lesson.Template()); err != nil {
		return err
	}
	_, err := fmt.Fprintf(s.Out, "%s has a first lesson, 1-first: its lesson.toml says what each key is.\nTo open it: sesim learn %s\n", dir, dir)
	return err
}

// serveClassroom serves the classroom until ctx ends, which is not an error.
func serveClassroom(ctx context.Context, s *study.System, o *learnOptions, lessons []*lesson.Lesson) error {
	if o.port < 0 || o.port > 65535 {
		return study.Usagef("--port: %d is not a port from 0 to 65535", o.port)
	}
	at, err := servedAt(o.host, func(name string) ([]netip.Addr, error) { return net.DefaultResolver.LookupNetIP(ctx, "ip", name) })
	if err != nil {
		return err
	}
	listen := func(port int) (net.Listener, error) {
		return new(net.ListenConfig).Listen(ctx, at.network(), netip.AddrPortFrom(at.ip, uint16(port)).String())
	}
	listener, err := listen(o.port)
	if err != nil && !o.given {
		listener, err = listen(0)
	}
	if err != nil {
		return study.Usagef("cannot serve on %s, port %d: %w", at.ip, o.port, err)
	}
	defer listener.Close()
	options := learn.Options{Lessons: lessons, Open: !at.ip.IsLoopback()}
	if at.name != "" {
		options.Names = []string{at.name}
	}
	address := "http://" + net.JoinHostPort(at.page(), strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)) + "/"
	what := "The classroom is"
	if o.sheets {
		what, address = "The worksheets are", address+"worksheet.html"
	}
	where := address
	if at.ip.IsUnspecified() {
		where += fmt.Sprintf(" and at every other %s address of this computer", map[string]string{"tcp4": "IPv4", "tcp6": "IPv6"}[at.network()])
	}
	if _, err := fmt.Fprintf(s.Out, "%s open at %s\nFor the teacher, with notes and solutions: %s#notes=1\nPress Ctrl-C to close the classroom.\n",
		what, where, address); err != nil {
		return err
	}
	if options.Open {
		fmt.Fprintf(s.Err, "sesim: everybody who can reach this computer at %s can use the classroom\n", at.ip)
	}
	if !o.noOpen {
		openBrowser(ctx, s.Getenv, address)
	}
	return learn.New(options).Serve(ctx, listener)
}

// place is where the classroom is served.
type place struct {
	ip   netip.Addr // to listen on; unspecified: all addresses of its version
	name string     // written in --host; "" if an address is
}

// servedAt returns the place for --host: a name stands for one of its
// addresses, a loopback address if it has one. All addresses of the computer are
// served only if the unspecified address is written out; no name stands for it.
func servedAt(host string, lookup func(string) ([]netip.Addr, error)) (place, error) {
	const right = "write an address of this computer or its name; " + loopback + " serves this computer only, 0.0.0.0 everybody"
	if host == "" {
		return place{}, study.Usagef("--host: \"\" is not an address; %s", right)
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		if ip.Zone() != "" {
			return place{}, study.Usagef("--host: \"%s\" has a zone, with which no browser opens it; %s", host, right)
		}
		return place{ip: ip.Unmap()}, nil
	}
	all, err := lookup(host)
	if err != nil {
		return place{}, study.Usagef("--host: \"%s\" has no address; %s", host, right)
	}
	if len(all) == 0 || slices.ContainsFunc(all, func(ip netip.Addr) bool { return ip.Unmap().IsUnspecified() }) {
		return place{}, study.Usagef("--host: \"%s\" stands for %v, which is not one address; %s", host, all, right)
	}
	first := slices.MinFunc(all, func(a, b netip.Addr) int { return rank(a) - rank(b) })
	return place{first.Unmap(), strings.ToLower(host)}, nil
}

// rank orders the addresses of a name: the first one serves the fewest people,
// and of two alike it is the one of version 4.
func rank(ip netip.Addr) int {
	switch v4 := ip.Unmap().Is4(); {
	case ip.IsLoopback() && v4:
		return 0
	case ip.IsLoopback():
		return 1
	case v4:
		return 2
	}
	return 3
}

// network is the network to listen on. Without the version 0.0.0.0 would be
// served as :: as well.
func (p place) network() string {
	if p.ip.Is4() {
		return "tcp4"
	}
	return "tcp6"
}

// page is the host in the page's address. No browser opens an unspecified
// address, but the loopback address is part of it.
func (p place) page() string {
	switch {
	case p.name != "":
		return p.name
	case p.ip == netip.IPv4Unspecified():
		return loopback
	case p.ip == netip.IPv6Unspecified():
		return netip.IPv6Loopback().String()
	}
	return p.ip.String()
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
