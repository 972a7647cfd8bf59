package ses

import "time"

// strikePage holds the words of pageSpan consecutive addresses in a hash table of
// chunks of 16 entries. An entry is in the home chunk of its key or, if that is full,
// in the next chunk with room, wrapping around at the end. Beyond a few chunks the
// table is kept 29/32 to 31/32 full, so that it grows by small amounts.
type strikePage struct {
	chunks  []uint32      // their numbers in the pool
	n       int           // number of entries
	sweepAt time.Duration // no record is dropped before
}

const (
	pageSpan  = 1 << 16
	chunkSize = 16
)

// strikeChunk is a chunk of a page's table. Its entries are contiguous from the start.
// A key is the address's offset in the page, scrambled so that neighbours spread; a
// word of 0 is a free entry.
type strikeChunk struct {
	words [chunkSize]uint64
	keys  [chunkSize]uint16
}

// strikeEntry is an address and its word.
type strikeEntry struct {
	address uint32
	word    uint64
}

// These are multiplicative inverses of each other modulo 2^16.
const (
	scramble   = 0x9e37
	unscramble = 0x7787
)

func keyOf(address uint32) uint16 { return uint16(address) * scramble }

// lane returns the index of a key in the chunk, or -1.
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

// add adds an entry to a chunk that is not full.
func (c *strikeChunk) add(key uint16, word uint64) {
	i := 0
	for step := chunkSize / 2; step > 0; step /= 2 {
		if c.words[i+step-1] != 0 {
			i += step
		}
	}
	c.keys[i], c.words[i] = key, word
}

// drop removes an entry and moves the last one into its place.
func (c *strikeChunk) drop(lane int) {
	last := chunkSize - 1
	for c.words[last] == 0 {
		last--
	}
	c.keys[lane], c.words[lane] = c.keys[last], c.words[last]
	c.keys[last], c.words[last] = 0, 0
}

// home returns the index of the chunk at which the search for a key begins.
func (p *strikePage) home(key uint16) int { return int(key) * len(p.chunks) >> 16 }

func (p *strikePage) after(i int) int {
	if i++; i < len(p.chunks) {
		return i
	}
	return 0
}

// find returns the index of the chunk that holds a key and its lane there, or the
// chunk to which the key would be added and -1. There is always room.
func (l *strikeList) find(p *strikePage, key uint16) (chunk, lane int) {
	for i := p.home(key); ; i = p.after(i) {
		c := l.pool.at(p.chunks[i])
		if lane = c.lane(key); lane >= 0 || !c.full() {
			return i, lane
		}
	}
}

// word returns the word of an address, 0 if there is none.
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

// set sets the word of an address and returns the previous one, 0 if there was none.
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

// insert inserts a new entry. The page must have room.
func (l *strikeList) insert(p *strikePage, key uint16, word uint64) {
	i := p.home(key)
	for l.pool.at(p.chunks[i]).full() {
		i = p.after(i)
	}
	l.pool.at(p.chunks[i]).add(key, word)
}

// unset removes the entry of an address and returns its word, 0 if there was none.
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

// refill fills the free entry of a chunk with an entry from a later chunk that is there
// because this one was full, and repeats that for the entry freed there.
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

// gather returns the entries of a page, in a slice that the next call reuses.
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

// rebuild drops the forgotten records of a page and resizes its table for the rest and
// more additional entries.
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

// provide empties a page and gives it room for n entries. If it has over a third more
// than that, chunks are returned to the pool.
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

// chunkPool allocates chunks in blocks that never move. Chunks that were returned are
// empty and are reused first.
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
