// The quota's window: the mail of each hour, and over it the 24 hours that the sending quota
// looks back. Whoever drags the window moves the moment that is shown.

import { el, fill, svg } from "../shared/dom.js";
import { clock, dayName, number, sinceMidnight, t } from "../shared/text.js";

const hour = 3600, day = 86400;
const height = 150, top = 8, bottom = 24, left = 62, right = 28; // as the charts above

// longest is the horizon of runs that have the window: on more days it is too narrow to drag.
export const longest = 8 * day;

// QuotaWindow draws the window of one run. moved is called with the moment that it is dragged to,
// opened with the window whose mails are asked for.
export class QuotaWindow {
  constructor(host, moved, opened) {
    Object.assign(this, { moved, opened });
    this.drawing = el("div.plot.window", { id: "window", role: "slider", tabindex: "0", "aria-label": t("ui.chart_window"), "aria-valuemin": "0" });
    this.text = el("p.small", { id: "window-text" });
    const open = () => this.opened(Math.max(0, this.now - day), this.now);
    const list = el("button.plain", { type: "button", id: "window-mails", onclick: open }, t("ui.window_mails"));
    host.append(el("figure", {}, el("figcaption", {}, el("h3", {}, t("ui.chart_window")),
      el("ul.legend", {}, key("mail", t("ui.window_accepted")), key("mail counted", t("ui.window_counted")), key("lost", t("ui.window_refused")))),
    this.drawing, this.text, list));
    this.drawing.addEventListener("pointerdown", (e) => { this.drawing.setPointerCapture(e.pointerId); this.drag(e); });
    this.drawing.addEventListener("pointermove", (e) => { if (this.drawing.hasPointerCapture(e.pointerId)) this.drag(e); });
    this.drawing.addEventListener("keydown", (e) => {
      const by = { ArrowLeft: -hour, ArrowRight: hour, PageDown: -day, PageUp: day, Home: -Infinity, End: Infinity }[e.key];
      if (by === undefined) return;
      e.preventDefault();
      e.stopPropagation();
      this.moved(Math.min(this.horizon, Math.max(0, this.now + by)));
    });
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.drawing);
  }

  // load takes a run's samples: what had been accepted and refused until each, and what counts.
  load({ times, accepted, refused, used, quota }, horizon) {
    Object.assign(this, { times, used, quota, horizon });
    const per = (values) => {
      const bars = new Array(Math.ceil(horizon / hour)).fill(0);
      for (let i = 1; i < times.length; i++) bars[Math.min(bars.length - 1, Math.floor(times[i - 1] / hour))] += values[i] - values[i - 1];
      return bars;
    };
    this.mail = per(accepted);
    this.lost = per(refused);
    this.most = Math.max(1, ...this.mail.map((n, i) => n + this.lost[i]));
    this.drawing.setAttribute("aria-valuemax", horizon);
  }

  x(s) { return left + s / this.horizon * (this.width - left - right); }

  drag(e) {
    const box = this.drawing.getBoundingClientRect();
    const at = (e.clientX - box.left - left) / (this.width - left - right) * this.horizon;
    this.moved(Math.round(Math.min(this.horizon, Math.max(0, at)) / 900) * 900);
  }

  show(now) {
    this.now = now;
    this.draw();
    const i = Math.max(0, this.times.findLastIndex((s) => s <= now + 1e-6));
    const values = { from: clock(Math.max(0, now - day)), to: clock(now), used: number(this.used[i] ?? 0), quota: number(this.quota[i] ?? 0) };
    this.text.textContent = t((this.quota[i] ?? 0) < 0 ? "ui.window_unlimited" : "ui.window_says", values);
    this.drawing.setAttribute("aria-valuenow", Math.round(now));
    this.drawing.setAttribute("aria-valuetext", this.text.textContent);
  }

  draw() {
    if (this.now === undefined) return;
    const width = this.width = Math.max(240, this.drawing.clientWidth);
    const base = height - bottom, scale = (base - top) / this.most;
    const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" });
    const from = Math.max(0, this.now - day);
    root.append(svg("rect", { class: "frame", x: this.x(from), y: top, width: Math.max(2, this.x(this.now) - this.x(from)), height: base - top }));
    this.mail.forEach((n, i) => {
      const x = this.x(i * hour), wide = Math.max(1, this.x((i + 1) * hour) - x - 0.5);
      const counted = i * hour >= from - hour / 2 && (i + 0.5) * hour <= this.now;
      root.append(svg("rect", { class: counted ? "mail counted" : "mail", x, y: base - n * scale, width: wide, height: n * scale }));
      if (this.lost[i]) root.append(svg("rect", { class: "lost", x, y: base - (n + this.lost[i]) * scale, width: wide, height: this.lost[i] * scale }));
    });
    for (let s = day - sinceMidnight(); s < this.horizon; s += day) {
      root.append(svg("line", { class: "midnight", x1: this.x(s), x2: this.x(s), y1: top, y2: base }),
        svg("text", { x: this.x(s), y: height - 7, "text-anchor": "middle" }, `${dayName(Math.round((s + sinceMidnight()) / day))} 0:00`));
    }
    root.append(svg("text", { x: left - 6, y: top + 11, "text-anchor": "end" }, number(this.most)),
      svg("line", { class: "handle", x1: this.x(this.now), x2: this.x(this.now), y1: top, y2: base + 5 }));
    fill(this.drawing, root);
  }

  destroy() { this.observer.disconnect(); }
}

function key(name, text) {
  return el("li", {}, svg("svg", { viewBox: "0 0 30 10", class: "window", "aria-hidden": "true" }, svg("rect", { class: name, x: 8, y: 0, width: 14, height: 10 })), text);
}
