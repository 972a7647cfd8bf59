// The charts of an account over virtual time.

import { asCount, asPercent, Chart } from "../shared/chart.js";
import { el, fill } from "../shared/dom.js";
import { number, percent, t } from "../shared/text.js";

const minute = 60, hour = 3600, day = 86400;
const steps = [
  1, 5, 10, 30, ...[1, 5, 15, 30].map((n) => n * minute), ...[1, 3, 6].map((n) => n * hour),
  ...[1, 2, 5, 10, 30, 60, 90, 180].map((n) => n * day),
];
const spans = { all: Infinity, day, hour, minutes: 10 * minute };
const mostKept = 600; // moments that the page has seen itself

const rate = (v) => (v === null ? "" : number(v, 2));

// Charts draws four charts. It keeps the latest moments that it was shown, which are finer than
// the server's samples after a long time.
export class Charts {
  constructor(host) {
    this.host = host;
    this.charts = [];
    this.metric = "bounce";
    this.span = "all";
    this.forget();
  }

  // forget forgets what was shown of another account or session.
  forget() { this.seen = []; }

  // draw makes the charts anew, in the language and colours of the page.
  draw(lines) {
    this.lines = lines;
    for (const c of this.charts) c.destroy();
    fill(this.host);
    const common = { times: [], horizon: 1, steps };
    const chart = (name, write, least, list, more = {}) => new Chart(this.host, {
      ...common, name, title: el("strong", {}, name), write, least, lines: list.map((l) => ({ ...l, values: [] })), ...more,
    });
    const name = t("ui.chart_" + this.metric), review = lines[this.metric + "_review"], pause = lines[this.metric + "_pause"];
    const turn = (e) => { this.metric = e.target.value; this.redraw("metric"); };
    const metric = el("select", { id: "metric", "aria-label": t("ui.chart_rates"), onchange: turn },
      ["bounce", "complaint"].map((m) => el("option", { value: m, selected: m === this.metric }, t("ui.chart_" + m))));
    const span = el("select", { id: "span", onchange: (e) => { this.span = e.target.value; this.update(); } },
      Object.keys(spans).map((s) => el("option", { value: s, selected: s === this.span }, t("ui.span_" + s))));
    this.host.append(el("p.row", {}, el("label", { for: "span" }, t("ui.span")), span));
    this.charts = [
      chart(t("ui.chart_quota"), asCount, 10, [
        { label: t("ui.series_used"), color: "--c-blue" }, { label: t("ui.series_quota"), color: "--c-orange", dash: [9, 4], step: true }]),
      chart(t("ui.chart_rate"), rate, 1, [
        { label: t("ui.series_sent"), color: "--c-blue" }, { label: t("ui.series_refused"), color: "--c-vermillion", dash: [3, 3] },
        { label: t("ui.series_max"), color: "--c-orange", dash: [9, 4], step: true }]),
      chart(name, asPercent, review * 1.1, [{ label: name, color: "--c-blue", width: 2.5 }], {
        title: metric,
        marks: [
          { value: review, always: true, label: t("ui.line_review", { share: percent(review) }), color: "--c-orange", dash: [9, 4] },
          { value: pause, label: t("ui.line_pause", { share: percent(pause) }), color: "--c-vermillion", dash: [3, 3] },
        ],
      }),
      chart(t("ui.chart_listed"), asCount, 5, [
        { label: t("ui.series_account"), color: "--c-green", dash: [9, 4] }, { label: t("ui.series_global"), color: "--c-blue" }]),
    ];
    this.update();
  }

  redraw(focus) {
    this.draw(this.lines);
    document.getElementById(focus)?.focus();
  }

  // show takes a history, whose last moment is now; null: there is none.
  show(history) {
    this.history = history;
    this.host.hidden = !history;
    if (!history) return;
    const last = history.seconds.length - 1;
    if (!this.seen.length || history.seconds[last] > this.seen.at(-1).at) {
      this.seen.push({ at: history.seconds[last], global: history.global[last], ...history.samples[last] });
    } else {
      this.seen[this.seen.length - 1] = { at: this.seen.at(-1).at, global: history.global[last], ...history.samples[last] };
    }
    if (this.seen.length > mostKept) this.seen.shift();
    this.update();
  }

  // moments returns the samples of the server, and those that the page has seen itself
  // from the first of them on.
  moments() {
    const { seconds, global, samples } = this.history;
    const list = [];
    for (let i = 0; i < seconds.length && seconds[i] < this.seen[0].at; i++) {
      list.push({ at: seconds[i], global: global[i], ...samples[i] });
    }
    return list.concat(this.seen);
  }

  update() {
    if (!this.history || !this.charts.length) return;
    const all = this.moments(), now = all.at(-1).at;
    const from = Math.max(0, now - spans[this.span]);
    const list = all.filter((m, i) => m.at >= from || all[i + 1]?.at >= from);
    const times = list.map((m) => m.at), of = (f) => list.map(f);
    const perSecond = (key) => of((m, i) => (i === 0 ? null : (m[key] - list[i - 1][key]) / (m.at - list[i - 1].at)));
    const phases = [];
    for (const m of list) {
      if (phases.at(-1)?.state !== m.state) phases.push({ state: m.state, from: m.at, to: m.at });
      for (const p of phases.slice(-2)) p.to = m.at;
    }
    const values = [
      [of((m) => m.used), of((m) => (m.quota < 0 ? null : m.quota))],
      [perSecond("sent"), perSecond("refused"), of((m) => m.max_rate)],
      [of((m) => m[this.metric])],
      [of((m) => m.listed), of((m) => m.global)],
    ];
    this.charts.forEach((c, i) => c.update({ times, values: values[i], from, horizon: Math.max(now, from + 1) }, phases));
    const last = list.at(-1);
    const quota = last.quota < 0 ? t("ui.unlimited") : number(last.quota);
    this.charts[0].describe(t("ui.hear_quota", { used: number(last.used), quota }));
    this.charts[1].describe(t("ui.hear_rate", { n: number(perSecond("sent").at(-1) ?? 0, 2), max: number(last.max_rate) }));
    this.charts[2].describe(`${this.charts[2].spec.name}: ${percent(last[this.metric])}`);
    this.charts[3].describe(t("ui.hear_listed", { account: number(last.listed), global: number(last.global) }));
  }
}
