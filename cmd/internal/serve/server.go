package serve

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sesim/cmd/internal/journal"
	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/fault"
	"sesim/cmd/internal/serve/notify"
	"sesim/cmd/internal/serve/wire"
	"sesim/cmd/internal/serve/wire/sqs"
	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// Config is what a Server serves.
type Config struct {
	Scenario *sim.Config
	Notices  *wire.Notices
	Notifier *notify.Notifier // where events go that are published to topics
	Queues   *sqs.Queues
	Journal  *journal.Writer // nil: none is written
	// Part begins the Nth part of the journal, from 2, where the session is begun again; nil
	// if Journal is.
	Part   func(n int) (*journal.Writer, error)
	Now    func() time.Time // the wall clock
	S3Root string           // folder of the files of import jobs; empty: there are none
	Speed  int64            // of the clock, in thousandths of wall time
	// StrictRegions refuses calls for a Region in which the scenario has no account. Without it
	// the customer has one there, in the sandbox.
	StrictRegions bool
}

// Server carries out the operations of the API on a Session, which one goroutine owns. It
// is an api.Backend.
type Server struct {
	config Config
	calls  chan *job
	jumps  chan *jump
	closed chan struct{} // when Run has returned

	jumping atomic.Bool // somebody waits for a jump

	// The following are the owner's.
	session   *engine.Session
	cfg       *sim.Config // of the session
	clock     clock
	accounts  []*account
	keys      map[string]map[string]int // accounts by access key and Region
	lost      error                     // the first error of the journal
	faults    fault.List
	recent    recent
	history   history
	began     string // names the session
	feed      *feed
	advancing bool
	end       bool // was asked for
	parts     int  // of the journal
}

// job is something to do on the owner's goroutine: an operation, or what do does.
type job struct {
	caller api.Caller
	input  any
	output any // of the operation
	hit    *fault.Hit
	err    error
	room   operation     // that is being carried out
	do     func()        // nil: it is an operation
	done   chan struct{} // has an element afterwards
	lost   bool          // the server had ended before
}

var jobs = sync.Pool{New: func() any { return &job{done: make(chan struct{}, 1)} }}

// maxBatch is how many jobs are done before their answers leave.
const maxBatch = 64

// New returns a Server of a scenario, which is told what the Notifier and the Queues refuse. Run
// must be called.
func New(c Config) (*Server, error) {
	s := &Server{config: c, calls: make(chan *job, maxCalls), jumps: make(chan *jump), closed: make(chan struct{}), parts: 1}
	c.Queues.Refused, c.Notifier.Refused = s.refused, s.refused
	return s, s.open()
}

// open begins a session.
func (s *Server) open() error {
	s.feed = newFeed(s)
	session, err := engine.Open(*s.config.Scenario, sim.Hooks{Observer: s.feed})
	if err != nil {
		return err
	}
	s.session, s.cfg = session, session.Config()
	s.feed.begin(s.cfg)
	s.clock = clock{wall: s.config.Now(), speed: s.config.Speed, end: s.cfg.Horizon}
	s.accounts, s.keys = nil, map[string]map[string]int{}
	for i := range s.cfg.Accounts {
		s.addAccount(i, s.cfg.Accounts[i].Name, s.cfg.Accounts[i].Customer)
	}
	s.recent, s.faults = recent{}, fault.List{}
	s.history, s.began = newHistory(s), s.clock.wall.Format(time.RFC3339Nano)
	return nil
}

// addAccount adds the account with the next index, under its access keys.
func (s *Server) addAccount(i int, keys ...string) {
	a := &s.cfg.Accounts[i]
	s.accounts = append(s.accounts, newAccount(a))
	for _, key := range keys {
		if key == "" {
			continue
		}
		if s.keys[key] == nil {
			s.keys[key] = map[string]int{}
		}
		s.keys[key][a.Region] = i
	}
}

// Run owns the session until ctx ends or the end is asked for. It returns the result of
// the session.
func (s *Server) Run(ctx context.Context) (*sim.Result, error) {
	defer s.leave()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for !s.end {
		wall := s.config.Now()
		s.advance(s.clock.at(wall), nil)
		s.feed.flush()
		timer.Stop()
		var wake <-chan time.Time
		next, _ := s.session.Next()
		if wait, ok := s.clock.until(next, wall); ok {
			timer.Reset(wait)
			wake = timer.C
		}
		select {
		case <-ctx.Done():
			s.end = true
		case <-wake:
		case j := <-s.calls:
			s.batch(j)
		case k := <-s.jumps:
			s.jump(k)
		}
	}
	s.feed.flush()
	s.write(func(w *journal.Writer) error { return w.End(s.session.Now()) })
	result, err := s.session.Close()
	return result, errors.Join(err, s.lost)
}

// leave lets the jobs go that came too late.
func (s *Server) leave() {
	close(s.closed)
	for {
		select {
		case j := <-s.calls:
			j.lost = true
			j.done <- struct{}{}
		default:
			return
		}
	}
}

// Reset ends the session and begins it again: with the same scenario and seed, at its start, in
// a new part of the journal. Clock, lists, stream, queues, and what was made by calls are as
// they were when the server began; connections stay. It is refused while the clock is being
// advanced.
func (s *Server) Reset(ctx context.Context) (err error) {
	if !s.jumping.CompareAndSwap(false, true) {
		return ErrJumping
	}
	defer s.jumping.Store(false)
	failed := s.do(ctx, func() { err = s.reset() })
	return errors.Join(failed, err)
}

func (s *Server) reset() error {
	part := s.config.Journal
	if part != nil {
		var err error
		if part, err = s.config.Part(s.parts + 1); err != nil {
			return err
		}
		s.parts++
	}
	s.feed.flush()
	s.write(func(w *journal.Writer) error { return w.End(s.session.Now()) })
	s.config.Journal = part
	_, err := s.session.Close() // what it has found out nobody asks for
	s.feed.stream.close()
	s.config.Notifier.Reset()
	s.config.Queues.Purge()
	return errors.Join(err, s.open())
}

// write writes to the journal, if there is one. After its first error it is left alone, and
// the session goes on.
func (s *Server) write(f func(*journal.Writer) error) {
	if s.config.Journal == nil || s.lost != nil {
		return
	}
	if err := f(s.config.Journal); err != nil {
		s.lost = fmt.Errorf("the journal: %w", err)
		s.config.Notices.Add("journal", s.lost.Error()+"; what follows is not in it")
	}
}

// batch does a job and those that wait, writes the journal, and lets the answers go.
func (s *Server) batch(j *job) {
	jobs := []*job{j}
	for len(jobs) < maxBatch {
		select {
		case j := <-s.calls:
			jobs = append(jobs, j)
			continue
		default:
		}
		break
	}
	for _, j := range jobs {
		s.tick(j)
		if j.do != nil {
			j.do()
		} else {
			s.operate(j)
		}
	}
	s.feed.flush()
	s.write(func(w *journal.Writer) error { return w.Flush() })
	for _, j := range jobs {
		j.done <- struct{}{}
	}
}

// tick moves the session to the time of a job. While a jump is under way, jobs come at the
// moment that it has reached.
func (s *Server) tick(j *job) {
	if s.advancing {
		return
	}
	wall := s.config.Now()
	if s.clock.tick > 0 && isSend(j.input) { // which moves a clock with a tick
		s.clock.set(s.clock.at(wall)+s.clock.tick, wall)
	}
	s.advance(s.clock.at(wall), nil)
}

// ErrClosed is the error of what is asked of a Server that has ended.
var ErrClosed = errors.New("sesim serve has ended")

// do does something on the owner's goroutine and waits for it.
func (s *Server) do(ctx context.Context, f func()) error {
	return s.wait(ctx, &job{do: f, done: make(chan struct{}, 1)})
}

// wait has a job done. After an error it may still be done. A select of several channels
// costs as much as a good part of a call, so it is left for when there is no room.
func (s *Server) wait(ctx context.Context, j *job) error {
	select {
	case s.calls <- j: // there is room for as many as Front admits
	default:
		select {
		case s.calls <- j:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.closed:
			return ErrClosed
		}
	}
	select {
	case <-s.closed: // leave may have been here already
		return ErrClosed
	default:
	}
	if <-j.done; j.lost {
		return ErrClosed
	}
	return nil
}

// Do carries out an operation.
func (s *Server) Do(ctx context.Context, caller api.Caller, input any) (output any, err error) {
	j := jobs.Get().(*job)
	j.caller, j.input = caller, input
	if err := s.wait(ctx, j); err != nil {
		return nil, api.NewError(caller.Interface, api.Unavailable, "%s", err)
	}
	output, hit, err := j.output, j.hit, j.err
	*j = job{done: j.done}
	jobs.Put(j)
	if hit != nil {
		return suffer(ctx, hit, caller, output, err)
	}
	return output, err
}

func isSend(input any) bool {
	switch input.(type) {
	case *api.Send, *api.SendBulk:
		return true
	}
	return false
}

// operate carries out the operation of a job on the owner's goroutine.
func (s *Server) operate(j *job) {
	o := &j.room
	o.s, o.caller, o.index = s, j.caller, -1
	index, refusal := s.account(j.caller)
	if refusal != nil {
		j.err = refusal
		s.recent.add(o.record(s.session.Now(), j.input, nil, nil, refusal))
		return
	}
	o.index, o.account = index, s.accounts[index]
	if !s.faults.Empty() {
		j.hit = s.disturb(fault.Call{
			Interface: o.caller.Interface.String(), Operation: operationName(j.input), Account: o.account.spec.Name, To: recipients(j.input),
		}, o.caller.RequestID)
	}
	if j.hit != nil && j.hit.Refusal != nil {
		j.err = j.hit.Refusal
	} else {
		j.output, j.err = o.do(j.input)
	}
	s.recent.add(o.record(s.session.Now(), j.input, j.output, j.hit, j.err))
}

// account returns the account of a caller. The only account of a scenario takes any key.
func (s *Server) account(caller api.Caller) (int, *api.Error) {
	own := len(s.config.Scenario.Accounts)
	regions, known := s.keys[caller.Key]
	if !known && own == 1 {
		regions, known = s.keys[s.cfg.Accounts[0].Name], true
	}
	if i, ok := regions[caller.Region]; ok {
		return i, nil
	}
	var first []int // the accounts of the scenario
	for _, i := range regions {
		if i < own || len(regions) == 1 {
			first = append(first, i)
		}
	}
	switch {
	case caller.Region == "" && len(first) == 1: // SMTP, whose ports are those of one Region
		return first[0], nil
	case known && !s.config.StrictRegions && isRegion.MatchString(caller.Region):
		if i, ok := s.openRegion(caller, slices.Min(first)); ok {
			return i, nil
		}
	}
	e := api.UnknownKey(caller.Interface)
	e.Hint = fmt.Sprintf("no account has the key %.60q in the Region %.40q; there are %s", caller.Key, caller.Region, s.known())
	s.config.Notices.Add("caller", "a call is refused: "+e.Hint)
	return 0, e
}

// isRegion matches what looks like the name of a Region.
var isRegion = regexp.MustCompile(`^[a-z]{2,8}(-[a-z]{2,12}){1,3}-[0-9]{1,2}$`)

// openRegion gives the customer of an account one in the caller's Region: SES has an account
// of every customer in each, in the sandbox. It returns false if there is no room.
func (s *Server) openRegion(caller api.Caller, of int) (account int, ok bool) {
	in := &sim.Input{Open: &sim.Opening{Account: of, Region: caller.Region}}
	out, err := s.session.Apply(in)
	s.write(func(w *journal.Writer) error { return w.Add(s.session.Now(), caller.RequestID, in, out, err) })
	if err != nil {
		s.config.Notices.Add("full", "a call is refused: "+err.Error())
		return 0, false
	}
	account = len(s.cfg.Accounts) - 1
	a := &s.cfg.Accounts[account]
	s.addAccount(account, a.Name, s.cfg.Accounts[of].Name, s.cfg.Accounts[of].Customer)
	s.history.add(s.sampleOf(account))
	s.config.Notices.Add("region", fmt.Sprintf(
		"the scenario has no account of %s in the Region %s; %s has been opened there, in the sandbox (see --strict-regions)",
		a.CustomerName(), a.Region, a.Name))
	return account, true
}

// known lists the accounts with their Regions.
func (s *Server) known() string {
	var list []string
	for i := range s.cfg.Accounts {
		if a := &s.cfg.Accounts[i]; i < 10 {
			list = append(list, a.Name+" in "+a.Region)
		}
	}
	return strings.Join(list, ", ")
}

// operation is an operation that is being carried out.
type operation struct {
	s       *Server
	caller  api.Caller
	index   int // of the account
	account *account
	rule    rules.ID
	meters  ses.Meters
	decided []decided

	// Room for the message that is being sent, in the sizes of most.
	in         sim.Input
	message    sim.Call
	recipients [1]string
	headers    [8]sim.Header
	decision   [1]decided
}

// refuse returns a refusal in the words of the caller's interface.
func (o *operation) refuse(kind api.Kind, format string, args ...any) error {
	return api.NewError(o.caller.Interface, kind, format, args...)
}

// apply hands an input to the session and returns its answer, or its refusal.
func (o *operation) apply(in *sim.Input) (sim.Answer, error) {
	s := o.s
	out, err := s.session.Apply(in)
	s.write(func(w *journal.Writer) error { return w.Add(s.session.Now(), o.caller.RequestID, in, out, err) })
	if err != nil {
		if errors.Is(err, sim.ErrFull) {
			s.config.Notices.Add("full", "a call is refused: "+err.Error()+"; the table serve has the bounds")
			return out, o.refuse(api.Unavailable, "%s", err)
		}
		return out, err
	}
	o.rule, o.meters = out.Rule, out.Meters
	if d := s.feed.follow.Take(); d != nil {
		if o.decided == nil {
			o.decided = o.decision[:0]
		}
		o.decided = append(o.decided, decided{why: d})
	}
	if out.Accepted() {
		return out, nil
	}
	e := &api.Error{Wire: out.Error}
	switch {
	case in.Operation != nil:
		e = api.Of(o.caller.Interface, out.Error)
	case out.Reason == ses.RefusedQuota:
		e.Kind = api.QuotaExceeded
	}
	e.Rule = out.Rule
	e.Hint = s.hint(&out)
	return out, e
}

// hint says what would help after a refusal.
func (s *Server) hint(out *sim.Answer) string {
	if out.Reason == ses.RefusedRate && s.clock.speed == 0 && s.clock.tick == 0 {
		return "the clock is frozen, so the rate does not recover: sesim clock advance --by 1s"
	}
	return ""
}

// act does an action of the scenario's language for the account.
func (o *operation) act(a sim.Operation) error {
	a.Account = o.index
	_, err := o.apply(&sim.Input{Operation: &a})
	return err
}

// now returns the time of the calendar.
func (s *Server) now() time.Time { return s.cfg.Start.Add(s.session.Now()) }

// pageOf returns the entries of a sorted list from a token on, and the token of the next
// ones.
func pageOf[T any](o *operation, list []T, name func(T) string, token string, size, most int) ([]T, string, error) {
	if size < 0 || size > most {
		return nil, "", o.refuse(api.BadRequest, "The page size must be from 1 to %d.", most)
	}
	if size == 0 {
		size = most
	}
	if token != "" {
		after, ok := strings.CutPrefix(token, tokenPrefix)
		if !ok {
			return nil, "", o.refuse(api.InvalidNextToken, "The specified request includes an invalid or expired token.")
		}
		i, _ := slices.BinarySearchFunc(list, after, func(e T, text string) int { return strings.Compare(name(e), text+"\x00") })
		list = list[i:]
	}
	if len(list) > size {
		return list[:size], tokenPrefix + name(list[size-1]), nil
	}
	return list, "", nil
}

// tokenPrefix begins tokens, which end with the last entry of the page.
const tokenPrefix = "after:"

// Config returns the scenario as the session has left it, with the audiences that the
// scenario has. It must not be used while Run does.
func (s *Server) Config() *sim.Config {
	own := *s.session.Config()
	own.Audiences, own.Horizon = s.config.Scenario.Audiences, s.session.Now()
	return &own
}
