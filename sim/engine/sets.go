package engine

import (
	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// sets are the configuration sets, and what customers do to them.
type sets struct {
	w  *world
	of [][]*ses.ConfigurationSet // of each account, in the order of the Config
}

// start makes the configuration sets of an account.
func (st *sets) start(acc *account) {
	st.of = append(st.of, nil)
	for i := range st.w.cfg.Accounts[acc.index].Sets {
		st.add(acc, &st.w.cfg.Accounts[acc.index].Sets[i])
	}
}

// add makes a configuration set of an account.
func (st *sets) add(acc *account, spec *sim.ConfigurationSet) {
	made := ses.NewConfigurationSet(&acc.Account, spec.Overrides, spec.Suppression)
	made.SetSending(!spec.Paused)
	if spec.Missing {
		made.Delete()
	}
	st.of[acc.index] = append(st.of[acc.index], made)
}

// roll moves the rates of an account's configuration sets on to the moment.
func (st *sets) roll(acc *account) {
	for _, set := range st.of[acc.index] {
		set.Roll(st.w.now, &acc.Account)
	}
}

// results are the figures of an account's configuration sets.
func (st *sets) results(acc *account) (list []sim.SetResult) {
	for _, set := range st.of[acc.index] {
		var figures sim.SetResult
		figures.Bounce, figures.Complaint = set.Rates(st.w.now)
		list = append(list, figures)
	}
	return list
}

// setSending is the customer's switch, of the account or of a configuration
// set.
func (st *sets) setSending(acc *account, action *sim.Action) sim.Answer {
	on := action.Do == sim.DoResume
	switch {
	case action.Set > 0:
		return st.switchSet(acc, action.Set, on)
	case on:
		acc.Resume(st.w.now)
	default:
		acc.Pause(st.w.now)
		st.w.people.stoppedSending(acc)
	}
	return sim.Answer{}
}

func (st *sets) switchSet(acc *account, set int, on bool) sim.Answer {
	if st.of[acc.index][set-1].Missing() {
		return st.missing(acc, set)
	}
	st.of[acc.index][set-1].SetSending(on)
	if on {
		acc.Note(st.w.now, ses.EventSetResumed, rules.PauseSet, st.setName(acc, set))
	} else {
		acc.Note(st.w.now, ses.EventSetPaused, rules.PauseSet, st.setName(acc, set))
	}
	return sim.Answer{}
}

// setSuppression is PutConfigurationSetSuppressionOptions.
func (st *sets) setSuppression(acc *account, c *sim.Change) sim.Answer {
	if st.of[acc.index][c.Set-1].Missing() {
		return st.missing(acc, c.Set)
	}
	st.of[acc.index][c.Set-1].Override(true, c.Reasons)
	acc.Note(st.w.now, ses.EventSetSuppressionChanged, rules.SetAPI, st.setName(acc, c.Set)+": "+reasonsText(c.Reasons))
	return sim.Answer{}
}

// setMaxDelivery is PutConfigurationSetDeliveryOptions.
func (st *sets) setMaxDelivery(acc *account, c *sim.Change) sim.Answer {
	if st.of[acc.index][c.Set-1].Missing() {
		return st.missing(acc, c.Set)
	}
	st.w.cfg.Accounts[acc.index].Sets[c.Set-1].MaxDelivery = c.After
	return sim.Answer{}
}

// setExists creates a configuration set, as the scenario describes it, or
// deletes it.
func (st *sets) setExists(acc *account, action *sim.Action) sim.Answer {
	set, spec := st.of[acc.index][action.Set-1], &st.w.cfg.Accounts[acc.index].Sets[action.Set-1]
	switch missing := set.Missing(); {
	case action.Do == sim.DoDeleteSet && missing:
		return st.missing(acc, action.Set)
	case action.Do == sim.DoDeleteSet:
		set.Delete()
		acc.Note(st.w.now, ses.EventSetDeleted, rules.SetAPI, spec.Name)
	case !missing:
		e := ses.SetExists(spec.Name)
		acc.Note(st.w.now, ses.EventSetExists, rules.SetAPI, e.Code+": "+e.Message)
		return refused(rules.SetAPI, e)
	default:
		set.Create(spec.Overrides, spec.Suppression, !spec.Paused)
		acc.Note(st.w.now, ses.EventSetCreated, rules.SetAPI, spec.Name)
	}
	return sim.Answer{}
}

// missing notes the answer to a call that names a configuration set that does not exist.
func (st *sets) missing(acc *account, set int) sim.Answer {
	return st.w.people.notFound(acc, rules.SetAPI, ses.NoSuchSet(ses.V2, st.setName(acc, set)))
}

func (st *sets) setName(acc *account, set int) string {
	return st.w.cfg.Accounts[acc.index].Sets[set-1].Name
}

// rollRates computes the rates of senders that have their own.
func (w *world) rollRates() {
	for _, a := range w.rated {
		a.rates.Roll(w.now, &a.account.Account)
	}
}

// restartRates makes only later mail count towards the rates of an account's senders.
func (w *world) restartRates(acc *account) {
	for _, a := range w.rated {
		if a.account == acc {
			a.rates.Reset(w.now)
		}
	}
}
