// The transport: play, pause, one hour, one day, speed, and a scrubber that
// goes back. The whole run is there already; playing moves the moment shown.

import { el, fill } from "../shared/dom.js";
import { clock, number, t } from "../shared/text.js";

const hour = 3600, day = 86400;
const speeds = [0.25, 0.5, 1, 2, 5, 10, 20];

// Player moves a moment through a run. moved is called with each new moment
// and with whether the run plays on.
export class Player {
  constructor(host, moved) {
    this.host = host;
    this.moved = moved;
    this.horizon = 0;
    this.now = 0;
    this.playing = false;
    this.speed = null;
  }

  // render draws the buttons anew, for a language or a run.
  render(enabled) {
    const off = !enabled;
    this.scrub = el("input", { id: "scrub", type: "range", min: 0, max: this.horizon || 1, step: hour / 4, value: this.now, disabled: off, "aria-label": t("ui.moment") });
    this.scrub.addEventListener("input", () => { this.stop(); this.to(Number(this.scrub.value)); });
    this.clock = el("output.clock", { id: "clock", for: "scrub" }, clock(this.now));
    this.button = el("button", { id: "play", type: "button", disabled: off, onclick: () => (this.playing ? this.stop() : this.play()) }, this.playing ? t("ui.pause") : t("ui.play"));
    const step = (id, by) => el("button", { id, type: "button", disabled: off, onclick: () => { this.stop(); this.to(this.now + by); } }, t("ui." + id));
    const choice = el("select", { id: "speed", disabled: off, onchange: (e) => { this.speed = Number(e.target.value); this.sped?.(this.speed); } },
      speeds.map((s) => el("option", { value: s, selected: s === this.rate() }, t("ui.speed_value", { days: number(s, 2) }))));
    fill(this.host,
      el("div.row", {}, this.button, step("hour", hour), step("day", day)),
      el("label.speed", {}, el("span", {}, t("ui.speed")), choice),
      el("div.scrub", {}, this.scrub, this.clock));
    this.host.setAttribute("role", "group");
    this.host.setAttribute("aria-label", t("ui.time"));
    this.say();
  }

  // rate is the speed in days a second: the reader's, or one at which the run
  // lasts about six seconds.
  rate() { return this.speed ?? speeds.findLast((s) => s <= Math.max(this.horizon / day / 6, speeds[0])); }

  load(horizon) {
    this.stop();
    this.horizon = horizon;
    this.now = Math.min(this.now, horizon);
  }

  to(moment) {
    this.now = Math.min(Math.max(moment, 0), this.horizon);
    this.say();
    this.moved(this.now, this.playing);
  }

  say() {
    if (!this.scrub) return;
    this.scrub.value = this.now;
    this.scrub.setAttribute("aria-valuetext", clock(this.now));
    this.clock.textContent = clock(this.now);
    this.button.textContent = this.playing ? t("ui.pause") : t("ui.play");
  }

  play() {
    if (this.now >= this.horizon) this.now = 0;
    this.playing = true;
    let before = performance.now();
    const frame = (at) => {
      if (!this.playing) return;
      const to = this.now + Math.max(0, at - before) / 1000 * this.rate() * day;
      before = at;
      if (to >= this.horizon) this.playing = false;
      this.to(to);
      if (this.playing) this.frame = requestAnimationFrame(frame);
    };
    this.frame = requestAnimationFrame(frame);
    this.say();
  }

  stop() {
    if (!this.playing) return;
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.say();
    this.moved(this.now, false);
  }
}

// calm reports whether the reader wants less motion.
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

