package history

import (
	"bytes"
	"strconv"

	"sesim/sim"
)

// evaluateRow uses a row of a table.
func (s *source) evaluateRow(t *table) error {
	d := s.d
	switch t.form {
	case eventsCSVForm, insightsForm:
		return s.eventRow(t)
	case suppressionCSVForm:
		v := statisticsValue{reason: string(t.column(reasonColumn))}
		if address := t.column(addressColumn); len(address) > 0 {
			v.address = d.addressHash(address)
		}
		d.addSuppressed(suppressionCSVForm, &v)
	case sesimStatisticsForm:
		v := statisticsValue{}
		s.flaw = flaw{}
		v.at = s.rowTime(t, timeColumn)
		v.attempts, v.bounces = s.rowCount(t, attemptsColumn), s.rowCount(t, bouncesColumn)
		v.complaints, v.rejects = s.rowCount(t, complaintsColumn), s.rowCount(t, rejectsColumn)
		if s.flaw != (flaw{}) {
			d.unreadable(s.flaw)
			return nil
		}
		d.count(t.form)
		d.past.addStatistics(string(t.column(accountColumn)), &v)
	case historyForm:
		s.flaw = flaw{}
		at := s.rowTime(t, timeColumn)
		p := sim.HistoryPoint{
			Eligible: s.rowCount(t, eligibleColumn), Bounces: s.rowCount(t, bouncesColumn),
			ComplaintEligible: s.rowCount(t, complaintEligibleColumn), Complaints: s.rowCount(t, complaintsColumn),
		}
		if s.flaw != (flaw{}) {
			d.unreadable(s.flaw)
			return nil
		}
		d.count(t.form)
		d.past.addRow(at, p)
	}
	return nil
}

// rowTime reads the time of a row.
func (s *source) rowTime(t *table, c column) Moment {
	at, ok := parseTime(t.column(c))
	if !ok {
		s.flaw = flaw{columnNames[c][0], "not a time of RFC 3339"}
	}
	return at
}

// rowCount reads a number of a row; a column that the table does not have is 0.
func (s *source) rowCount(t *table, c column) int64 {
	if t.at[c] < 0 {
		return 0
	}
	n, err := strconv.ParseInt(string(t.column(c)), 10, 64)
	if err != nil || n < 0 {
		s.flaw = flaw{columnNames[c][0], "not a number of mails"}
	}
	return n
}

// eventRow uses a row that is an email event.
func (s *source) eventRow(t *table) error {
	d, e := s.d, &s.d.event
	e.reset(len(d.o.Tags))
	e.typed, e.mailed, e.kind = true, true, Send // of message insights
	if t.form == eventsCSVForm {
		if e.kind = typeOf(t.column(eventColumn)); e.kind == NoType {
			d.counts.Types[d.word(t.column(eventColumn))]++
			return nil
		}
	}
	e.mailTime, _ = parseTime(t.column(mailTimeColumn))
	e.time, _ = parseTime(t.column(timeColumn))
	if e.mailTime == 0 {
		e.mailTime = e.time
	}
	if id := t.column(messageColumn); len(id) > 0 {
		e.message = d.hasher.of(id)
	}
	if id := t.column(feedbackColumn); len(id) > 0 {
		e.feedback = d.hasher.of(id)
	}
	at := len(e.arena)
	e.arena = appendAddress(e.arena, t.column(sourceColumn))
	e.source = d.texts.of(e.arena[at:])
	e.destinations = e.addressesOf(e.destinations, t.column(toColumn))
	if hasOutcome(e.kind) {
		e.outcome = e.kind
		e.bounceType, e.subType = d.texts.of(t.column(bounceTypeColumn)), d.texts.of(t.column(bounceSubTypeColumn))
		e.recipients = e.addressesOf(e.recipients, t.column(recipientColumn))
		if len(e.recipients) == 0 && len(e.destinations) == 1 {
			e.recipients = append(e.recipients, e.destinations...)
		}
		if len(e.recipients) == 0 {
			d.find("outcomes of unnamed recipients")
		}
	}
	form := d.form
	d.form = t.form
	err := d.accept(e)
	d.form = form
	return err
}

// addressesOf reads the addresses of a field: one, or an array such as [a, b].
func (e *event) addressesOf(to []span, field []byte) []span {
	field = bytes.TrimSuffix(bytes.TrimPrefix(field, []byte("[")), []byte("]"))
	for len(field) > 0 {
		var one []byte
		one, field, _ = bytes.Cut(field, []byte(","))
		if one = bytes.Trim(one, ` "`); len(one) > 0 {
			at := len(e.arena)
			e.arena = appendAddress(e.arena, one)
			to = append(to, span{at, len(e.arena)})
		}
	}
	return to
}

// The reasons of entries of the account-level list.
const (
	noReason = iota
	bounceReason
	complaintReason
)

// reasonOf returns the reason of that name.
func reasonOf(name string) int {
	switch simple(name) {
	case "bounce":
		return bounceReason
	case "complaint":
		return complaintReason
	}
	return noReason
}

// addSuppressed uses an entry of a suppression list.
func (d *decoder) addSuppressed(of form, v *statisticsValue) {
	switch reason := reasonOf(v.reason); {
	case v.address == 0:
		d.unreadable(flaw{"EmailAddress", "missing"})
	case reason == noReason:
		d.unreadable(flaw{"Reason", "neither BOUNCE nor COMPLAINT"})
	default:
		d.count(of)
		d.past.addSuppressed(v.address, reason == complaintReason)
	}
}
