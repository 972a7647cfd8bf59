package engine

import (
	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// This file holds what a customer does to a configuration set.

// setSending is the customer's switch, of the account or of a configuration
// set.
func (w *world) setSending(acc *account, action *sim.Action) {
	on := action.Do == sim.DoResume
	switch {
	case action.Set > 0:
		w.switchSet(acc, action.Set, on)
	case on:
		acc.Resume(w.now)
	default:
		acc.Pause(w.now)
		w.stoppedSending(acc)
	}
}

func (w *world) switchSet(acc *account, set int, on bool) {
	if !w.hasSet(acc, set) {
		return
	}
	acc.sets[set-1].SetSending(on)
	if on {
		acc.Note(w.now, ses.EventSetResumed, rules.PauseSet, w.setName(acc, set))
	} else {
		acc.Note(w.now, ses.EventSetPaused, rules.PauseSet, w.setName(acc, set))
	}
}

// setSuppression is PutConfigurationSetSuppressionOptions.
func (w *world) setSuppression(acc *account, c *sim.Change) {
	if !w.hasSet(acc, c.Set) {
		return
	}
	acc.sets[c.Set-1].Override(true, c.Reasons)
	acc.Note(w.now, ses.EventSetSuppressionChanged, rules.SetAPI, w.setName(acc, c.Set)+": "+reasonsText(c.Reasons))
}

// setExists creates a configuration set, as the scenario describes it, or
// deletes it.
func (w *world) setExists(acc *account, action *sim.Action) {
	set, spec := acc.sets[action.Set-1], &w.cfg.Accounts[acc.index].Sets[action.Set-1]
	if action.Do == sim.DoDeleteSet {
		if w.hasSet(acc, action.Set) {
			set.Delete()
			acc.Note(w.now, ses.EventSetDeleted, rules.SetAPI, spec.Name)
		}
		return
	}
	if !set.Missing() {
		acc.Note(w.now, ses.EventSetExists, rules.SetAPI, "AlreadyExistsException: Configuration set <"+spec.Name+"> already exists.")
		return
	}
	set.Create(spec.Overrides, spec.Suppression, !spec.Paused)
	acc.Note(w.now, ses.EventSetCreated, rules.SetAPI, spec.Name)
}

// hasSet reports whether a configuration set exists, and notes the answer to
// the call where it does not.
func (w *world) hasSet(acc *account, set int) bool {
	if acc.sets[set-1].Missing() {
		acc.Note(w.now, ses.EventNotFound, rules.SetAPI, "404 NotFoundException: "+ses.NoSuchSet(w.setName(acc, set)))
		return false
	}
	return true
}

func (w *world) setName(acc *account, set int) string {
	return w.cfg.Accounts[acc.index].Sets[set-1].Name
}
