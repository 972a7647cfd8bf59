package ses

import (
	"time"

	"sesim/sim/rules"
)

// record is what a global list stores about an address. It outlives the stay, because
// the length of the next one depends on the number of strikes.
type record struct {
	since   time.Duration // start of the stay
	until   time.Duration // end of the stay, at which mail is no longer suppressed
	strike  time.Duration // the last hard bounce, which may be during the stay
	strikes uint16
}

// strikeList maps addresses to the records of one global list, in about 10.5 bytes
// each: a word of 64 bits, 16 bits of the address, and the overhead of the tables.
//
// Nearly every record is given by the start of its stay and the number of strikes,
// from which the length of the stay follows. These fit into the word. Other records,
// of stays that were cut short or during which the address bounced again, are in the
// map wide.
//
// A record whose stay has ended and whose strikes are forgotten is redundant. Such
// records are dropped when their page would grow, and in Sweep.
type strikeList struct {
	rules   *rules.Global
	total   int          // number of addresses
	pages   []strikePage // by address; nil before the first record
	pool    chunkPool
	wide    map[uint32]record
	scratch []strikeEntry
	dropped []droppedRecord // not yet processed by the caller
}

// droppedRecord is a record that was dropped.
type droppedRecord struct {
	address uint32
	length  time.Duration // of its stay
}

// A word holds the number of strikes in its lowest bits and the start of the stay
// above them, in nanoseconds, up to 18 years.
const (
	strikeBits   = 5
	strikeWide   = 1<<strikeBits - 1 // in place of the strikes: the record is in the map
	packableTime = time.Duration(1) << (63 - strikeBits)
)

func newStrikeList(p *rules.Global, total int) strikeList {
	return strikeList{rules: p, total: total}
}

// stay returns the length of a stay that begins with the given number of strikes.
func (l *strikeList) stay(strikes uint16) time.Duration {
	stays := l.rules.Durations
	return stays[min(int(strikes), len(stays))-1]
}

// pack encodes a record as a word, which is never 0.
func (l *strikeList) pack(r record) uint64 {
	if r.strikes == 0 || r.strikes >= strikeWide || r.strike != r.since || r.since >= packableTime || r.until != r.since+l.stay(r.strikes) {
		return strikeWide
	}
	return uint64(r.since)<<strikeBits | uint64(r.strikes)
}

func (l *strikeList) unpack(address uint32, word uint64) record {
	if word&strikeWide == strikeWide {
		return l.wide[address]
	}
	since, strikes := time.Duration(word>>strikeBits), uint16(word&strikeWide)
	return record{since, since + l.stay(strikes), since, strikes}
}

// get returns the record of an address.
func (l *strikeList) get(address uint32) (record, bool) {
	word := l.word(address)
	if word == 0 {
		return record{}, false
	}
	return l.unpack(address, word), true
}

// put sets the record of an address.
func (l *strikeList) put(now time.Duration, address uint32, r record) {
	word := l.pack(r)
	old := l.set(now, address, word)
	if word == strikeWide {
		if l.wide == nil {
			l.wide = map[uint32]record{}
		}
		l.wide[address] = r
	} else if old == strikeWide {
		delete(l.wide, address)
	}
}

// remove deletes the record of an address, if there is one.
func (l *strikeList) remove(address uint32) {
	if l.unset(address) == strikeWide {
		delete(l.wide, address)
	}
}

// forgotten reports whether a record is redundant.
func (l *strikeList) forgotten(now time.Duration, r record) bool {
	memory := l.rules.StrikeMemory
	return memory > 0 && now-r.strike >= memory && r.until <= now
}

// sweep drops the forgotten records from the pages that may have some.
func (l *strikeList) sweep(now time.Duration) {
	for i := range l.pages {
		if p := &l.pages[i]; p.n > 0 && l.rules.StrikeMemory > 0 && now >= p.sweepAt {
			l.rebuild(now, i, 0)
		}
	}
}

// dropForgotten returns the entries that are not forgotten, and sets when to look
// again: when the next one may be forgotten, but not too soon, so that the cost of a
// sweep per record stays small.
func (l *strikeList) dropForgotten(now time.Duration, p *strikePage, list []strikeEntry) []strikeEntry {
	kept, oldest := list[:0], now
	for _, e := range list {
		r := l.unpack(e.address, e.word)
		if !l.forgotten(now, r) {
			kept = append(kept, e)
			oldest = min(oldest, r.strike)
			continue
		}
		l.dropped = append(l.dropped, droppedRecord{e.address, r.until - r.since})
		if e.word == strikeWide {
			delete(l.wide, e.address)
		}
	}
	memory := l.rules.StrikeMemory
	p.sweepAt = max(oldest+memory, now+memory/8)
	return kept
}

// each iterates over all records, in no particular order.
func (l *strikeList) each(yield func(uint32, record) bool) {
	for i := range l.pages {
		for _, e := range l.gather(i) {
			if !yield(e.address, l.unpack(e.address, e.word)) {
				return
			}
		}
	}
}
