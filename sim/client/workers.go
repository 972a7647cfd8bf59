package client

import (
	"math/bits"
	"time"
)

// hire returns the lowest idle worker of a process that has one.
func (c *Client) hire(process int32) uint32 {
	p := &c.processes[process]
	var id uint32
	if len(p.free) > 0 {
		id = popID(&p.free)
	} else {
		id = c.newWorker(int(process), idle)
		p.workers++
	}
	c.setOpen(process)
	return id
}

// finish ends a worker's message, which is over or back in the queue: the worker
// rests or is idle again.
func (c *Client) finish(id uint32) {
	w := &c.workers[id]
	p := &c.processes[w.process]
	rest := &c.cfg.Rest
	p.active--
	if p.closed && rest.Barrier && p.active == 0 {
		c.schedule(p.timer, c.now+rest.Rest)
	}
	if !rest.All && c.after > 0 {
		if w.done++; w.done == c.after {
			w.done, w.state = 0, resting
			c.schedule(id, c.now+rest.Rest)
			return
		}
	}
	c.release(id)
}

// release makes a worker idle.
func (c *Client) release(id uint32) {
	w := &c.workers[id]
	w.state = idle
	pushID(&c.processes[w.process].free, id)
	c.setOpen(w.process)
	c.touch(w.process)
}

// reopen ends the rest of a process.
func (c *Client) reopen(process int32) {
	c.processes[process].closed = false
	c.setOpen(process)
	c.touch(process)
}

// setOpen notes whether a process can take a message.
func (c *Client) setOpen(process int32) {
	p := &c.processes[process]
	bit := uint64(1) << (process % 64)
	if !p.closed && (len(p.free) > 0 || p.workers < c.limit) {
		c.open[process/64] |= bit
	} else {
		c.open[process/64] &^= bit
	}
}

// firstOpen returns the lowest process that can take a message, or -1.
func (c *Client) firstOpen() int32 {
	for i, set := range c.open {
		if set != 0 {
			return int32(64*i + bits.TrailingZeros64(set))
		}
	}
	return -1
}

// due is the next event of a worker.
type due struct {
	at     time.Duration
	id     uint32
	answer bool
}

// earlier reports whether an event comes before another: answers first, then by sender,
// message and attempt.
func (c *Client) earlier(a, b *due) bool {
	switch {
	case a.at != b.at:
		return a.at < b.at
	case a.answer != b.answer:
		return a.answer
	}
	v, w := &c.workers[a.id], &c.workers[b.id]
	switch {
	case v.sender != w.sender:
		return v.sender < w.sender
	case v.number != w.number:
		return v.number < w.number
	case v.draws != w.draws:
		return v.draws < w.draws
	}
	return a.id < b.id
}

// schedule sets the moment of a worker's next event.
func (c *Client) schedule(id uint32, at time.Duration) {
	w := &c.workers[id]
	i := int(w.place)
	switch {
	case i < 0:
		i = len(c.events)
		c.events = append(c.events, due{at, id, w.state == calling})
	case c.events[i].at == at:
		return
	default:
		c.events[i].at = at
	}
	w.place = 0
	c.down(c.up(i))
}

// unschedule takes away a worker's event, if it has one. An answer must be the first.
func (c *Client) unschedule(id uint32) {
	i := int(c.workers[id].place)
	if i < 0 {
		return
	}
	c.workers[id].place = -1
	last := len(c.events) - 1
	moved := c.events[last]
	c.events = c.events[:last]
	if i < last {
		c.set(i, moved)
		c.down(c.up(i))
	}
}

// set puts an event in its place. Of answers that is not kept: a million workers do not
// fit into a cache, and an answer is never moved or taken away before it is the first.
func (c *Client) set(i int, e due) {
	c.events[i] = e
	if !e.answer {
		c.workers[e.id].place = int32(i)
	}
}

// up moves an event towards the first one, and returns its place.
func (c *Client) up(i int) int {
	e := c.events[i]
	for i > 0 && c.earlier(&e, &c.events[(i-1)/2]) {
		c.set(i, c.events[(i-1)/2])
		i = (i - 1) / 2
	}
	c.set(i, e)
	return i
}

// down moves an event away from the first one.
func (c *Client) down(i int) {
	e := c.events[i]
	for {
		child := 2*i + 1
		if child >= len(c.events) {
			break
		}
		if child+1 < len(c.events) && c.earlier(&c.events[child+1], &c.events[child]) {
			child++
		}
		if !c.earlier(&c.events[child], &e) {
			break
		}
		c.set(i, c.events[child])
		i = child
	}
	c.set(i, e)
}

// pushID and popID keep a heap of numbers, pushJob and popJob one of jobs.
func pushID(heap *[]uint32, id uint32) { push(heap, id, func(a, b *uint32) bool { return *a < *b }) }

func popID(heap *[]uint32) uint32 { return pop(heap, func(a, b *uint32) bool { return *a < *b }) }

func pushJob(heap *[]job, j job) { push(heap, j, (*job).before) }

func popJob(heap *[]job) job { return pop(heap, (*job).before) }

func push[T any](heap *[]T, v T, less func(a, b *T) bool) {
	*heap = append(*heap, v)
	list := *heap
	for i := len(list) - 1; i > 0; {
		parent := (i - 1) / 2
		if !less(&list[i], &list[parent]) {
			return
		}
		list[i], list[parent] = list[parent], list[i]
		i = parent
	}
}

func pop[T any](heap *[]T, less func(a, b *T) bool) T {
	list := *heap
	top, last := list[0], len(list)-1
	list[0] = list[last]
	list = list[:last]
	*heap = list
	for i := 0; last > 0; {
		least := i
		for _, child := range [2]int{2*i + 1, 2*i + 2} {
			if child < last && less(&list[child], &list[least]) {
				least = child
			}
		}
		if least == i {
			return top
		}
		list[i], list[least] = list[least], list[i]
		i = least
	}
	return top
}
