package check

import (
	"sesim/sim"
)

// suppression decides for every accepted recipient, from the replayed lists,
// whether one of them held the address when the mail was sent, and compares
// what became of the mail: a listed address gets nothing, and one that is not
// listed is not suppressed.
type suppression struct {
	cfg     *sim.Config
	found   *findings
	account *accountList
	global  *globalList
	pending map[mail]sentence
}

// sentence is what must become of a mail by the lists.
type sentence struct {
	by     holder
	copies int // the message may name an address twice
}

// holder is the list that suppresses a mail.
type holder uint8

const (
	nobody holder = iota
	accountHolds
	globalHolds
	simulatorAnswers // the mailbox simulator, which no list holds
)

var holderWords = [...]string{"no list", "the account's list", "the global list", "the mailbox simulator"}

func (h holder) String() string { return holderWords[h] }

func newSuppression(cfg *sim.Config, found *findings, account *accountList, global *globalList) *suppression {
	return &suppression{cfg: cfg, found: found, account: account, global: global, pending: map[mail]sentence{}}
}

func (s *suppression) observe(r *sim.Record) {
	switch r.Kind {
	case sim.Sent:
		for _, a := range r.Recipients {
			key := mail{r.Sender, r.Message, a}
			s.pending[key] = sentence{s.holder(r, a), s.pending[key].copies + 1}
		}
	case sim.SuppressedAccount:
		s.outcome(r, accountHolds)
	case sim.SuppressedGlobal:
		s.outcome(r, globalHolds)
	case sim.Simulated:
		s.outcome(r, simulatorAnswers)
	case sim.Rejected: // before any list is looked at
		s.outcome(r, s.pending[mail{r.Sender, r.Message, r.Address}].by)
	case sim.Delivered, sim.SoftBounced:
		s.outcome(r, nobody)
	case sim.HardBounced:
		if !r.Async { // then the delivery was looked at already
			s.outcome(r, nobody)
		}
	}
}

// holder returns the list that holds the address, the account's own first.
func (s *suppression) holder(r *sim.Record, a sim.Address) holder {
	switch {
	case isSimulator(s.cfg, a):
		return simulatorAnswers
	case s.account.holds(r.Account, r.Sender, a) != 0:
		return accountHolds
	case s.cfg.Rules.Account.OverridesGlobal && s.account.now.reasons(r.Account, r.Sender) != 0:
		return nobody
	case s.global.holds(r.At, r.Account, a):
		return globalHolds
	}
	return nobody
}

// outcome compares the fate of a mail with the sentence at its sending.
func (s *suppression) outcome(r *sim.Record, by holder) {
	key := mail{r.Sender, r.Message, r.Address}
	v, known := s.pending[key]
	if !known {
		return // conservation reports mail that was not sent
	}
	if v.by != by {
		s.found.add("suppression", r.At, r.Account, addressOf(s.cfg, r.Address),
			"the mail sent at %v was held by %s, but the records tell %s", r.SentAt, v.by, by)
	}
	if v.copies--; v.copies == 0 {
		delete(s.pending, key)
		return
	}
	s.pending[key] = v
}

func (s *suppression) finish(*sim.Result) {}
