// Charts over virtual time. Each has lines with dashes of their own, lines
// that rates are held against with their names on them, bands for the states
// of the account, and a table with the same figures.

import uPlot from "./uplot/uPlot.esm.js";
import { el, fill, svg } from "./dom.js";
import { clock, dayName, number, percent, sinceMidnight, t, timeOfDay, word } from "./text.js";

const day = 86400;
const height = () => (present() ? Math.max(200, innerHeight * 0.5) : 172);
const font = (px, weight = "") => `${weight} ${present() ? px * 1.6 : px}px system-ui`;
const steps = [1 / 4, 1 / 2, 1, 2, 5, 7, 10, 14, 30, 60, 90, 180, 365].map((d) => d * day);

const present = () => Boolean(document.documentElement.dataset.present);

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const sync = uPlot.sync("time");

// Chart draws one set of lines. A line is { label, color, dash, width, step,
// values }, as long as the times; a quiet one does not stretch the scale. A
// mark is a line with a name on it. picked is called with the sample that somebody chooses. The scale of time goes from 0, or from the
// spec's from, to its horizon, in steps.
export class Chart {
  constructor(host, spec) {
    this.spec = spec;
    this.tip = el("ul.tip.legend", { "aria-hidden": "true" });
    this.plot = el("div.plot", { role: "img", "aria-label": spec.name });
    this.table = el("details.data", {}, el("summary", {}, t("ui.table")), el("div.scroll", { tabindex: "0" }));
    this.table.addEventListener("toggle", () => this.tabulate());
    host.append(el("figure", {},
      el("figcaption", {}, spec.title, el("ul.legend", {}, spec.lines.filter((l) => l.label).map(legend))),
      this.plot, this.tip, this.table));
    this.build();
    if (spec.picked) this.u.over.addEventListener("click", () => { if (this.u.cursor.idx < (this.shown ?? 0)) spec.picked(this.u.cursor.idx); });
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.plot);
  }

  build() {
    const s = this.spec;
    const ink = css("--soft"), grid = css("--grid");
    this.u = new uPlot({
      width: Math.max(200, this.plot.clientWidth), height: height(),
      padding: [10, 28, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: sync.key }, points: { size: 7 } },
      scales: { x: { time: false, range: () => [s.from ?? 0, s.horizon] }, y: { range: () => [0, this.top()] } },
      axes: [
        { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: font(13), size: present() ? 40 : 28, incrs: s.steps ?? steps, space: 70, splits: places, values: (_, list) => list.map((at) => tick(at, s.horizon)) },
        { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: font(13), size: present() ? 100 : 62, space: 34, values: (_, list) => list.map(s.write) },
      ],
      series: [{}, ...s.lines.map((l) => ({
        stroke: css(l.color), width: l.width ?? 2, dash: l.dash, points: { show: false }, spanGaps: Boolean(l.gaps),
        paths: l.step ? uPlot.paths.stepped({ align: 1 }) : undefined, alpha: l.alpha ?? 1,
      }))],
      hooks: { drawClear: [(u) => this.bands(u)], draw: [(u) => this.marks(u)], setCursor: [(u) => this.hover(u)] },
    }, this.data(), this.plot);
  }

  // top is the upper end of the scale: above all that may be seen in the
  // whole run, so that it stands still while time goes on.
  top() {
    let most = this.spec.least ?? 1;
    const loud = this.spec.lines.filter((l) => !l.quiet && l.values.some((v) => v !== null));
    for (const l of loud.length ? loud : this.spec.lines) for (const v of l.values) if (v > most) most = v;
    const marks = this.spec.marks ?? [];
    for (const m of marks) if (m.always || most > m.value * 0.6) most = Math.max(most, m.value);
    return most * 1.22; // room for the names of states
  }

  // data cuts the lines off at the moment shown.
  data() {
    const { times, lines } = this.spec;
    const shown = this.shown ?? 0;
    return [times, ...lines.map((l) => (l.whole ? l.values : l.values.map((v, i) => (i < shown ? v : null))))];
  }

  // show draws up to a moment: the first so many samples.
  show(now, shown, phases) {
    this.now = now;
    this.phases = phases;
    if (this.shown !== shown) {
      this.shown = shown;
      this.u.setData(this.data());
    } else {
      this.u.redraw(false);
    }
    if (this.table.open) this.tabulate();
  }

  // update draws other data of the same lines up to now: their times, the values
  // of each, and where the scale of time begins and ends.
  update({ times, values, from, horizon }, phases) {
    Object.assign(this.spec, { times, from, horizon });
    values.forEach((v, i) => { this.spec.lines[i].values = v; });
    this.phases = phases;
    this.now = horizon;
    this.shown = times.length;
    this.u.setData(this.data());
    if (this.table.open) this.tabulate();
  }

  // flat shows a sentence in place of a chart without variation; "": the chart.
  flat(text) {
    this.sentence ??= this.plot.parentElement.insertBefore(el("p.small.flat"), this.plot);
    this.sentence.textContent = text;
    this.sentence.hidden = !text;
    this.plot.hidden = this.tip.hidden = Boolean(text);
  }

  describe(text) { this.plot.setAttribute("aria-label", text); }

  bands(u) {
    this.midnights(u);
    const colors = { "under review": "--band-review", paused: "--band-pause", "paused by customer": "--band-pause", sandbox: "--band-sandbox" };
    const { ctx, bbox } = u;
    for (const p of this.phases ?? []) {
      if (!(p.state in colors) || p.from >= this.now) continue;
      const left = Math.max(bbox.left, u.valToPos(p.from, "x", true)), right = u.valToPos(Math.min(p.to, this.now), "x", true);
      if (right <= left) continue;
      ctx.save();
      ctx.fillStyle = css(colors[p.state]);
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
      hatch(ctx, p.state, left, right, bbox);
      ctx.fillStyle = css("--soft");
      nameBand(ctx, word("state", p.state), left, right, bbox);
      ctx.restore();
    }
  }

  // midnights marks where a day begins, in runs of some days with times of day.
  midnights(u) {
    if (!timeOfDay() || this.spec.horizon > fewDays) return;
    const { ctx, bbox } = u;
    ctx.save();
    ctx.strokeStyle = css("--edge");
    ctx.lineWidth = devicePixelRatio;
    for (let s = day - sinceMidnight(); s < this.spec.horizon; s += day) {
      const x = u.valToPos(s, "x", true);
      line(ctx, x, bbox.top, x, bbox.top + bbox.height);
    }
    ctx.restore();
  }

  marks(u) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.font = font(12.5 * devicePixelRatio, "600");
    ctx.textAlign = "right";
    ctx.textBaseline = "bottom";
    let above = -Infinity;
    for (const m of this.spec.marks ?? []) {
      const y = u.valToPos(m.value, "y", true);
      if (y < bbox.top) continue;
      const close = Math.abs(y - above) < 18 * devicePixelRatio;
      above = y;
      ctx.strokeStyle = ctx.fillStyle = css(m.color);
      ctx.lineWidth = 1.5 * devicePixelRatio;
      ctx.setLineDash(m.dash.map((d) => d * devicePixelRatio));
      line(ctx, bbox.left, y, bbox.left + bbox.width, y);
      ctx.fillText(m.label, bbox.left + bbox.width - (close ? 110 * devicePixelRatio : 4), y - 2);
    }
    this.spec.paint?.(u, this.shown ?? 0, css);
    if (this.now !== undefined && this.now < this.spec.horizon) {
      const x = u.valToPos(this.now, "x", true);
      ctx.strokeStyle = css("--ink");
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
      line(ctx, x, bbox.top, x, bbox.top + bbox.height);
    }
    ctx.restore();
  }

  // hover writes the values under the pointer, each with its name, in a line
  // below the chart, where they cover nothing.
  hover(u) {
    const i = u.cursor.idx;
    const given = (l) => l.label && !l.gaps && l.values[i] !== null && l.values[i] !== undefined;
    const lines = i === null || i === undefined || i >= (this.shown ?? 0) ? [] : this.spec.lines.filter(given);
    const at = this.spec.times[i];
    const state = this.phases?.findLast((p) => p.from <= at)?.state;
    fill(this.tip, lines.length ? el("li", {}, clock(at) + (state ? " · " + word("state", state) : "")) : null, lines.map((l) => {
      const item = legend(l);
      item.append(": ", el("strong", {}, this.spec.write(l.values[i])));
      return item;
    }));
  }

  // tabulate writes at most about thirty rows up to the moment shown.
  tabulate() {
    if (!this.table.open) return;
    const { times, lines } = this.spec;
    const shown = Math.max(this.shown ?? 0, 0);
    const columns = lines.filter((l) => l.label);
    const step = Math.max(1, Math.ceil(shown / 30));
    const rows = [];
    for (let i = 0; i < shown; i++) {
      if (i % step !== 0 && i !== shown - 1) continue;
      const at = this.spec.picked ? el("button.plain", { type: "button", onclick: () => this.spec.picked(i) }, clock(times[i])) : clock(times[i]);
      rows.push(el("tr", {}, el("th", { scope: "row" }, at),
        columns.map((l) => el("td", {}, l.values[i] === null || l.values[i] === undefined ? "–" : this.spec.write(l.values[i])))));
    }
    const host = this.table.lastElementChild;
    const at = host.scrollTop;
    fill(host, el("table", {}, el("caption", {}, this.spec.name),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("ui.col_time")), columns.map((l) => el("th", { scope: "col" }, l.label)))),
      el("tbody", {}, rows)));
    host.setAttribute("aria-label", this.spec.name);
    host.setAttribute("role", "region");
    host.scrollTop = at;
  }

  resize() {
    const width = this.plot.clientWidth;
    if (width > 0 && width !== this.u.width) this.u.setSize({ width, height: height() });
  }

  destroy() {
    this.observer.disconnect();
    this.u.destroy();
  }
}

// nameBand writes the name of a state at the top of its band, or upwards where
// the band is narrow. One too narrow for that has its name under the pointer.
function nameBand(ctx, name, left, right, bbox) {
  const dots = devicePixelRatio;
  ctx.font = font(12 * dots);
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  if (ctx.measureText(name).width < right - left - 12 * dots) {
    ctx.fillText(name, left + 6 * dots, bbox.top + 4 * dots);
  } else if (right - left >= 12 * dots) {
    ctx.translate((left + right) / 2 - 6 * dots, bbox.top + bbox.height - 6 * dots);
    ctx.rotate(-Math.PI / 2);
    ctx.fillText(name, 0, 0);
  }
}

// hatch tells the bands of states apart where colours do not: strokes for a pause, fewer the
// other way for a review.
function hatch(ctx, state, left, right, bbox) {
  const step = { paused: 9, "paused by customer": 9, "under review": -22 }[state];
  if (!step) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, bbox.top, right - left, bbox.height);
  ctx.clip();
  ctx.strokeStyle = css("--edge");
  ctx.globalAlpha = 0.35;
  ctx.lineWidth = devicePixelRatio;
  const by = Math.abs(step) * devicePixelRatio, tall = bbox.height;
  for (let x = left - tall; x < right + tall; x += by) line(ctx, x, bbox.top + (step > 0 ? tall : 0), x + tall, bbox.top + (step > 0 ? 0 : tall));
  ctx.restore();
}

function line(ctx, x1, y1, x2, y2) {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

function legend(l) {
  const stroke = svg("line", { x1: 0, y1: 5, x2: 30, y2: 5, stroke: css(l.color), "stroke-dasharray": l.bar ? "3 2" : (l.dash ?? []).join(" ") });
  return el("li", {}, svg("svg", { viewBox: "0 0 30 10", "aria-hidden": "true" }, stroke), l.label);
}

// fewDays is how long a run is at most in which midnights are marked and days have names.
const fewDays = 8 * day;

// places returns where an axis of time has its ticks: at multiples of a step from midnight.
function places(_, __, from, to, step) {
  const list = [];
  for (let at = Math.ceil((from + sinceMidnight()) / step) * step - sinceMidnight(); at <= to; at += step) list.push(at);
  return list;
}

function tick(seconds, horizon) {
  const rest = (seconds + sinceMidnight()) % day;
  if (timeOfDay() && rest === 0) {
    const d = Math.round((seconds + sinceMidnight()) / day);
    return horizon <= fewDays ? dayName(d) + " 0:00" : t("ui.tick", { day: number(d) });
  }
  if (timeOfDay()) return new Date(rest * 1000).toISOString().slice(11, 16);
  if (rest % 3600 !== 0) return new Date(rest * 1000).toISOString().slice(11, rest % 60 === 0 ? 16 : 19);
  if (rest !== 0) return `${rest / 3600} h`;
  return t("ui.tick", { day: number(seconds / day) });
}

// The ways in which scales are written.
export const asPercent = (v) => (v === null ? "" : percent(v));
export const asCount = (v) => (v === null ? "" : number(v));
