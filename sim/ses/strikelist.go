package ses

import (
	"time"

	"sesim/sim/rules"
)

// record is what a global list knows of an address. It outlives the stay,
// because the next hard bounce asks how many there were.
type record struct {
	since   time.Duration // of the stay
	until   time.Duration // the stay's end; the address is free at it
	strike  time.Duration // the last hard bounce, also one during a stay
	strikes uint16
}

// strikeList holds the records of one global list by address, in some 10.5
// bytes each: a word of 64 bits, 16 bits of the address's number, and what the
// tables around them take.
//
// Nearly every record says no more than when its stay began and which strike
// it was: the stay's length follows from that. Those are the word. A record
// that says more, because the stay was cut short or the address bounced again
// during it, stands in a map beside.
//
// A record whose stay is over and whose strikes are forgotten is as good as
// none. Such records go when their page would grow, and in Sweep.
type strikeList struct {
	rules   *rules.Global
	total   int          // addresses there are
	pages   []strikePage // by address; none until the first record
	pool    chunkPool
	wide    map[uint32]record
	scratch []strikeEntry
	dropped []droppedRecord // since the caller has last looked
}

// droppedRecord is a record that was forgotten.
type droppedRecord struct {
	address uint32
	length  time.Duration // of its stay
}

// A word holds the strikes in its lowest bits and above them the beginning of
// the stay, in nanoseconds, up to 18 years.
const (
	strikeBits   = 5
	strikeWide   = 1<<strikeBits - 1 // instead of strikes: look into the map
	packableTime = time.Duration(1) << (63 - strikeBits)
)

func newStrikeList(p *rules.Global, total int) strikeList {
	return strikeList{rules: p, total: total}
}

// stay is how long a stay lasts that begins with so many strikes.
func (l *strikeList) stay(strikes uint16) time.Duration {
	stays := l.rules.Durations
	return stays[min(int(strikes), len(stays))-1]
}

// pack returns a record as a word, which is never 0.
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

// get returns an address's record.
func (l *strikeList) get(address uint32) (record, bool) {
	word := l.word(address)
	if word == 0 {
		return record{}, false
	}
	return l.unpack(address, word), true
}

// put gives an address a record.
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

// remove forgets an address's record, if there is one.
func (l *strikeList) remove(address uint32) {
	if l.unset(address) == strikeWide {
		delete(l.wide, address)
	}
}

// forgotten reports whether a record has become as good as none.
func (l *strikeList) forgotten(now time.Duration, r record) bool {
	memory := l.rules.StrikeMemory
	return memory > 0 && now-r.strike >= memory && r.until <= now
}

// sweep drops the records that are forgotten, of those pages that may have
// some.
func (l *strikeList) sweep(now time.Duration) {
	for i := range l.pages {
		if p := &l.pages[i]; p.n > 0 && l.rules.StrikeMemory > 0 && now >= p.sweepAt {
			l.rebuild(now, i, 0)
		}
	}
}

// dropForgotten returns the entries that are not forgotten, and notes when the
// next of them may be: not at once, so that sweeping a page stays cheap for
// each of its records.
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

// each calls for every record, in no particular order.
func (l *strikeList) each(yield func(uint32, record) bool) {
	for i := range l.pages {
		for _, e := range l.gather(i) {
			if !yield(e.address, l.unpack(e.address, e.word)) {
				return
			}
		}
	}
}
