package ses

import "time"

// strikePage holds the words of pageSpan consecutive addresses: a table of
// chunks of 16 entries. An entry lies in its home chunk, which its key names,
// or where that is full in the next one with room, going round. The table is
// kept 29/32 to 31/32 full once it has a few chunks, so that it grows in small
// steps.
type strikePage struct {
	chunks  []uint32      // numbers in the pool
	n       int           // entries
	sweepAt time.Duration // nothing is forgotten before
}

const (
	pageSpan  = 1 << 16
	chunkSize = 16
)

// strikeChunk is a piece of a page's table. Its entries come first. A key is
// the address's place in the page, scrambled so that neighbours spread; a word
// of 0 is no entry.
type strikeChunk struct {
	words [chunkSize]uint64
	keys  [chunkSize]uint16
}

// strikeEntry is an address with its word.
type strikeEntry struct {
	address uint32
	word    uint64
}

// Multiplying by one of these undoes the other, in 16 bits.
const (
	scramble   = 0x9e37
	unscramble = 0x7787
)

func keyOf(address uint32) uint16 { return uint16(address) * scramble }

// lane returns where in the chunk a key is, or -1.
func (c *strikeChunk) lane(key uint16) int {
	for i, k := range &c.keys {
		if k == key && c.words[i] != 0 {
			return i
		}
	}
	return -1
}

// full reports whether the chunk has no room.
func (c *strikeChunk) full() bool { return c.words[chunkSize-1] != 0 }

// add puts an entry into a chunk that is not full.
func (c *strikeChunk) add(key uint16, word uint64) {
	i := 0
	for step := chunkSize / 2; step > 0; step /= 2 {
		if c.words[i+step-1] != 0 {
			i += step
		}
	}
	c.keys[i], c.words[i] = key, word
}

// drop takes an entry out; the last one takes its place.
func (c *strikeChunk) drop(lane int) {
	last := chunkSize - 1
	for c.words[last] == 0 {
		last--
	}
	c.keys[lane], c.words[lane] = c.keys[last], c.words[last]
	c.keys[last], c.words[last] = 0, 0
}

// home is the number of the chunk in which the search for a key begins.
func (p *strikePage) home(key uint16) int { return int(key) * len(p.chunks) >> 16 }

func (p *strikePage) after(i int) int {
	if i++; i < len(p.chunks) {
		return i
	}
	return 0
}

// find returns the number of the chunk that holds a key, and its place there;
// or the chunk that it would be put into, and -1. There is always room.
func (l *strikeList) find(p *strikePage, key uint16) (chunk, lane int) {
	for i := p.home(key); ; i = p.after(i) {
		c := l.pool.at(p.chunks[i])
		if lane = c.lane(key); lane >= 0 || !c.full() {
			return i, lane
		}
	}
}

// word returns the word of an address, or 0.
func (l *strikeList) word(address uint32) uint64 {
	if l.pages == nil {
		return 0
	}
	p := &l.pages[address/pageSpan]
	if p.n == 0 {
		return 0
	}
	if chunk, lane := l.find(p, keyOf(address)); lane >= 0 {
		return l.pool.at(p.chunks[chunk]).words[lane]
	}
	return 0
}

// set gives an address a word and returns the one it had.
func (l *strikeList) set(now time.Duration, address uint32, word uint64) (old uint64) {
	if l.pages == nil {
		l.pages = make([]strikePage, (l.total+pageSpan-1)/pageSpan)
	}
	p, key := &l.pages[address/pageSpan], keyOf(address)
	if p.n > 0 {
		if chunk, lane := l.find(p, key); lane >= 0 {
			to := &l.pool.at(p.chunks[chunk]).words[lane]
			old, *to = *to, word
			return old
		}
	} else {
		p.sweepAt = now + l.rules.StrikeMemory
	}
	if (p.n+1)*32 > len(p.chunks)*chunkSize*31 {
		l.rebuild(now, int(address/pageSpan), 1)
	}
	l.insert(p, key, word)
	p.n++
	return 0
}

// insert puts a new entry where there is room; the caller sees to the room.
func (l *strikeList) insert(p *strikePage, key uint16, word uint64) {
	i := p.home(key)
	for l.pool.at(p.chunks[i]).full() {
		i = p.after(i)
	}
	l.pool.at(p.chunks[i]).add(key, word)
}

// unset takes an address's entry out and returns its word, or 0.
func (l *strikeList) unset(address uint32) (old uint64) {
	if old = l.word(address); old == 0 {
		return 0
	}
	p := &l.pages[address/pageSpan]
	hole, lane := l.find(p, keyOf(address))
	c := l.pool.at(p.chunks[hole])
	wasFull := c.full()
	c.drop(lane)
	p.n--
	if wasFull {
		l.refill(p, hole)
	}
	return old
}

// refill moves an entry that lies behind a chunk because that was full up into
// the room that it has now, and so on for the room that this leaves.
func (l *strikeList) refill(p *strikePage, hole int) {
	for i := p.after(hole); i != hole; i = p.after(i) {
		c := l.pool.at(p.chunks[i])
		full := c.full()
		for lane, word := range &c.words {
			if word != 0 && !within(p.home(c.keys[lane]), hole, i) {
				l.pool.at(p.chunks[hole]).add(c.keys[lane], word)
				c.drop(lane)
				hole = i
				break
			}
		}
		if !full {
			return
		}
	}
}

// gather returns the entries of a page, in a slice that the next call uses
// again.
func (l *strikeList) gather(page int) []strikeEntry {
	base := uint32(page) * pageSpan
	list := l.scratch[:0]
	for _, number := range l.pages[page].chunks {
		c := l.pool.at(number)
		for lane, word := range &c.words {
			if word == 0 {
				break
			}
			list = append(list, strikeEntry{base + uint32(c.keys[lane]*unscramble), word})
		}
	}
	l.scratch = list
	return list
}

// rebuild drops the records of a page that are forgotten and gives the rest
// the room that they and so many more take.
func (l *strikeList) rebuild(now time.Duration, page, more int) {
	p := &l.pages[page]
	list := l.gather(page)
	if l.rules.StrikeMemory > 0 && now >= p.sweepAt {
		list = l.dropForgotten(now, p, list)
	}
	l.provide(p, len(list)+more)
	for _, e := range list {
		l.insert(p, keyOf(e.address), e.word)
	}
	p.n = len(list)
}

// provide empties a page and gives it room for n entries. More than it takes
// by a quarter goes back to the pool.
func (l *strikeList) provide(p *strikePage, n int) {
	for _, number := range p.chunks {
		*l.pool.at(number) = strikeChunk{}
	}
	want := max(n*32/31+chunkSize, n*32/29) / chunkSize
	for len(p.chunks) > want && n*4 < len(p.chunks)*chunkSize*3 {
		last := len(p.chunks) - 1
		l.pool.give(p.chunks[last])
		p.chunks = p.chunks[:last]
	}
	for len(p.chunks) < want {
		p.chunks = append(p.chunks, l.pool.take())
	}
}

// chunkPool keeps chunks, in blocks that never move. Those that are given
// back are empty, and taken first.
type chunkPool struct {
	blocks []*[64]strikeChunk
	next   uint32
	free   []uint32
}

func (c *chunkPool) at(number uint32) *strikeChunk { return &c.blocks[number/64][number%64] }

func (c *chunkPool) take() uint32 {
	if n := len(c.free); n > 0 {
		number := c.free[n-1]
		c.free = c.free[:n-1]
		return number
	}
	if int(c.next) == len(c.blocks)*64 {
		c.blocks = append(c.blocks, new([64]strikeChunk))
	}
	c.next++
	return c.next - 1
}

func (c *chunkPool) give(number uint32) { c.free = append(c.free, number) }
