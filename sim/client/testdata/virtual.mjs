// Virtual time for Node's clients: node:test's mock timers, and the service that answers
// in this process. See real_test.go.

import { mock } from "node:test";

export const task = JSON.parse(process.argv[2]);
const second = 1e9, ms = 1e6;
const settled = setImmediate; // the real one

if (task.random !== null) Math.random = () => task.random;

// Clock is virtual time in nanoseconds. What the client asks to wait is kept in waits.
export class Clock {
  now = 0;
  waits = [];
  #due = [];

  constructor() {
    mock.timers.reset();
    mock.timers.enable({ apis: ["setTimeout", "Date"], now: 0 });
    const mocked = globalThis.setTimeout;
    this.#wait = (f, d, ...rest) => { this.#due.push(this.now + Math.max(1, Math.round(d)) * ms); return mocked(f, Math.max(1, Math.round(d)), ...rest); };
    globalThis.setTimeout = (f, d = 0, ...rest) => { this.waits.push(d * ms); return this.#wait(f, d, ...rest); };
  }

  #wait;

  // latency waits for the service.
  latency(nanoseconds) { return new Promise((resolve) => this.#wait(resolve, nanoseconds / ms)); }

  // until lets time pass until the promises are done.
  async until(promises) {
    let done = false;
    const all = Promise.all(promises).then(() => { done = true; });
    for (;;) {
      for (let i = 0; i < task.turns; i++) await new Promise((resolve) => settled(resolve));
      if (done) break;
      this.#due.sort((a, b) => a - b);
      const next = this.#due.length ? this.#due.shift() : this.now + ms;
      if (next <= this.now) continue;
      mock.timers.tick((next - this.now) / ms);
      this.now = next;
    }
    await all;
  }
}

// Service answers by a list of decisions, or by a bucket that holds a second of its rate.
export class Service {
  calls = 0;
  #level = task.rate * second;
  #last = 0;

  constructor(clock) { this.clock = clock; }

  async accepts() {
    await this.clock.latency(task.latency);
    this.calls++;
    if (task.decisions) return task.decisions[this.calls - 1];
    this.#level = Math.min(this.#level + (this.clock.now - this.#last) * task.rate, task.rate * second);
    this.#last = this.clock.now;
    if (this.#level < second) return false;
    this.#level -= second;
    return true;
  }
}

// outcome sends the messages with so many threads, and tells what became of them.
export async function outcome(clock, service, version, send) {
  const accepted = [];
  let next = 0;
  const thread = async () => {
    while (next < task.messages) {
      const n = next++;
      if (await send(n)) accepted.push(n);
    }
  };
  await clock.until(Array.from({ length: task.threads }, thread));
  accepted.sort((a, b) => a - b);
  console.log(JSON.stringify({ calls: service.calls, accepted, waits: clock.waits, took: clock.now, version }));
}
