// The stage: the state of the account as a large word, and the charts.

import { asCount, asPercent, Chart } from "../shared/chart.js";
import { $, el, fill } from "../shared/dom.js";
import { moves, secondsOf } from "./events.js";
import { Stays } from "./stays.js";
import { steepest } from "./values.js";
import { longest, QuotaWindow } from "./window.js";
import { clock, number, percent, sentence, t, word } from "../shared/text.js";

// Stage draws one run, with what it is compared to.
export class Stage {
  constructor(state, charts) {
    this.state = state;
    this.host = charts;
    this.charts = [];
    this.word = el("p.word", { id: "word" });
    this.who = el("p.who");
    this.why = el("p.reason", { id: "reason" });
    fill(state, this.word, this.who, this.why);
  }

  // name says whose state it is; where there are several accounts the reader
  // chooses.
  name() {
    const accounts = this.result?.summary.accounts ?? [];
    if (accounts.length < 2) {
      fill(this.who, `${t("ui.account")}: ${this.account}`);
      return;
    }
    const options = accounts.slice(0, maxAccounts).map((a) => el("option", { value: a.name, selected: a.name === this.account }, a.name));
    fill(this.who, el("label", { for: "account" }, t("ui.account") + ": "), el("select", { id: "account", onchange: (e) => this.chose?.(e.target.value) }, options));
  }

  // load takes a run. beside is { pinned, kind, lots }: a pinned run or null, and
  // runs with others of a kind.
  load(result, account, metric, beside, chosen) {
    this.clear();
    this.result = result;
    this.account = account;
    this.name();
    this.summary = result?.summary.accounts.find((a) => a.name === account);
    const horizon = result?.summary.horizon_seconds ?? this.horizon;
    this.horizon = horizon;
    const parts = result ? pieces(result, account) : nothing(horizon);
    const pin = beside.pinned && beside.pinned.summary.horizon_seconds === horizon ? pieces(beside.pinned, account) : null;
    this.parts = parts;
    const common = { times: parts.times, horizon };
    const pinned = (name, color, label) => (pin && label ? [{ label: `${label} (${t("ui.series_pinned")})`, color, dash: [3, 3], width: 2, values: resample(pin, name, parts.times), whole: true }] : []);
    this.charts = [
      this.rates(common, parts, pinned, metric, beside, chosen),
      new Chart(this.host, {
        ...common, picked: this.picker(parts, "quota"), name: t("ui.chart_quota"), title: el("h3", {}, t("ui.chart_quota")), write: asCount, least: result ? 10 : this.scale("quota"),
        lines: [
          { label: t("ui.series_used"), color: "--c-blue", values: parts.of("quota_used") },
          { label: t("ui.series_quota"), color: "--c-orange", dash: [9, 4], step: true, values: parts.of("quota").map((v) => (v < 0 ? null : v)) },
          { label: t("ui.series_refused"), color: "--c-vermillion", bar: true, width: 0, values: parts.refused },
          ...pinned("quota_used", "--c-grey", t("ui.series_used")),
          ...this.sketched("quota", parts.times),
        ],
        paint: refusals(parts),
      }),
      new Chart(this.host, {
        ...common, picked: this.picker(parts, "listed"), name: t("ui.chart_listed"), title: el("h3", {}, t("ui.chart_listed")), write: asCount, least: result ? 5 : this.scale("listed"),
        lines: [
          { label: t("ui.series_global"), color: "--c-blue", values: parts.shared("global_listed") },
          { label: t("ui.series_account"), color: "--c-green", dash: [9, 4], values: parts.of("account_listed") },
          ...pinned("global_listed", "--c-grey", t("ui.series_global")),
          ...this.sketched("listed", parts.times),
        ],
      }),
    ];
    if (!result && this.sketch) draws(this.charts[drawn.indexOf(this.drawn)], this.sketch);
    if (result) this.flatten(parts, metric);
    this.window = null;
    if (result && this.first === "quota" && horizon <= longest) {
      this.window = new QuotaWindow(this.host, (now) => this.dragged?.(now), (from, at) => this.opened?.("accepted", from, at));
      const total = (i) => refusalReasons.reduce((sum, r) => sum + (parts.of("refused_" + r)[i] ?? 0), 0);
      this.window.load({
        times: parts.times, accepted: parts.of("accepted"), refused: parts.times.map((_, i) => total(i)), used: parts.of("quota_used"), quota: parts.of("quota"),
      }, horizon);
    }
    this.stays = new Stays(this.host, (address) => this.followed?.(address));
    this.stays.load(result?.stays ?? { addresses: [], lengths: [] }, horizon);
    const order = ["rate", "quota", "listed", ...(this.window ? ["window"] : []), "stays"].map((name, i) => [name, this.host.children[i]]);
    const named = Object.fromEntries(order);
    if (named.window) this.host.prepend(named.window);
    if (!result && this.sketch) this.host.prepend(named[this.drawn]);
    this.host.prepend(named[this.first] ?? named.rate);
  }

  // rates is the chart of the bounce rate, or of the complaint rate.
  rates(common, parts, pinned, metric, beside, chosen) {
    const lines = this.result?.summary.reputation[metric];
    const names = { bounce_rate: t("ui.chart_bounce"), complaint_rate: t("ui.chart_complaint") };
    const choice = el("select", { id: "metric", "aria-label": t("ui.show"), onchange: (e) => chosen(e.target.value) },
      Object.entries(names).map(([value, name]) => el("option", { value, selected: value === metric }, name)));
    const [judged, few] = split(parts, metric, this.result?.summary.reputation.min_eligible ?? 0);
    const lots = metric === "bounce_rate" ? beside.lots ?? [] : [];
    return new Chart(this.host, {
      ...common, picked: this.picker(parts, metric === "bounce_rate" ? "bounced" : "complaints"), name: names[metric],
      title: [el("h3.hidden", {}, names[metric]), choice], write: asPercent, least: lines ? lines.review * 1.1 : steepest,
      lines: [
        ...lots.map((lot, i) => ({ label: i === 0 ? t("ui.series_" + beside.kind) : "", color: "--c-grey", width: 1, alpha: 0.55, gaps: true, whole: true, values: lot.values })),
        { label: t("ui.series_rate", { n: number(this.result?.summary.reputation.window_eligible ?? 10000) }), color: "--c-blue", width: 2.5, values: judged },
        { label: few.some((v) => v !== null) ? t("ui.series_few", { n: number(this.result.summary.reputation.min_eligible) }) : "", color: "--c-grey", dash: [1, 3], quiet: true, values: few },
        ...pinned(metric, "--c-purple", names[metric]),
        ...this.sketched("rate", parts.times),
      ],
      marks: lines ? [
        { value: lines.review, always: true, label: t("ui.line_review", { share: percent(lines.review) }), color: "--c-orange", dash: [9, 4] },
        { value: lines.pause, label: t("ui.line_pause", { share: percent(lines.pause) }), color: "--c-vermillion", dash: [3, 3] },
      ] : [],
    });
  }

  // scale is the end of the scale of a chart before the run.
  scale(chart) { return chart === this.drawn && this.drawnTop || 10; }

  // sketched is the line that somebody drew before the run, in the chart for it.
  sketched(chart, times) {
    if (chart !== this.drawn || !this.sketch || this.result && !this.sketch.values.length) return [];
    const { values } = this.sketch;
    return [{ label: t("ui.series_sketch"), color: "--c-purple", dash: [2, 5], width: 3, whole: true, gaps: true, sketch: true,
      values: this.result ? times.map((s) => values[Math.round(s / this.horizon * 120)] ?? null) : times.map((_, i) => values[i] ?? null) }];
  }

  // flatten turns charts in which nothing varies into a sentence.
  flatten(parts, metric) {
    const none = (list) => !list.some((v) => v);
    if (none(parts.of(metric)) && !this.sketched("rate", []).length) this.charts[0].flat(t("ui.flat_rate", { name: this.charts[0].spec.name }));
    if (none(parts.shared("global_listed")) && none(parts.of("account_listed")) && !this.sketched("listed", []).length) this.charts[2].flat(t("ui.flat_listed"));
  }

  // picker opens the mails behind a sample: what happened since the one before, or in the hour
  // before where that is longer.
  picker(parts, only) {
    return (i) => {
      const at = parts.times[i], from = Math.max(0, Math.min(parts.times[i - 1] ?? 0, at - 3600));
      const refused = parts.refused.slice(upTo(parts.times, from), i + 1).some((n) => n > 0);
      this.opened?.(only === "quota" ? (refused ? "refused" : "accepted") : only, from, at);
    };
  }

  clear() {
    for (const c of this.charts) c.destroy();
    this.stays?.destroy();
    this.window?.destroy();
    fill(this.host);
    this.charts = [];
  }

  // show draws the moment.
  show(now) {
    const { times } = this.parts;
    const shown = this.result ? upTo(times, now) : 0;
    const phases = this.result?.phases[this.account];
    for (const c of this.charts) c.show(this.result ? now : undefined, shown, phases);
    this.stays.show(this.result ? now : 0);
    this.window?.show(now);
    this.say(now, shown);
  }

  // say writes the state of the account in a large word, and its reason.
  say(now, shown) {
    if (!this.result) {
      this.write("", t("ui.ready"), [t("ui.ready_why")]);
      return;
    }
    const state = this.phaseAt(now);
    const reason = this.reason(now, Math.max(0, shown - 1), state);
    this.write(state, word("state", state), reason);
    if (this.charts.length) {
      const metric = this.parts.of("bounce_rate")[Math.max(0, shown - 1)];
      this.charts[0].describe(`${this.charts[0].spec.name}, ${clock(now)}: ${percent(metric ?? 0)}. ${word("state", state)}`);
      this.charts[1].describe(`${this.charts[1].spec.name}, ${clock(now)}: ${number(this.parts.of("quota_used")[Math.max(0, shown - 1)] ?? 0)} / ${number(this.parts.of("quota")[Math.max(0, shown - 1)] ?? 0)}`);
      this.charts[2].describe(`${this.charts[2].spec.name}, ${clock(now)}: ${number(this.parts.shared("global_listed")[Math.max(0, shown - 1)] ?? 0)}, ${number(this.parts.of("account_listed")[Math.max(0, shown - 1)] ?? 0)}`);
    }
  }

  phaseAt(now) {
    const phases = this.result.phases[this.account] ?? [];
    return (phases.findLast((p) => p.from <= now) ?? phases[0])?.state ?? "healthy";
  }

  // reason says why the account is in its state: the figures where it is
  // healthy, else the change that led to it.
  reason(now, i, state) {
    const change = this.summary.timeline.map((l) => ({ ...l, at: secondsOf(this.result.summary, l.at) })).findLast((l) => l.at <= now && moves.includes(l.event));
    if (state === "sandbox") return [t("why.sandbox", { quota: number(this.parts.of("quota")[i]) })];
    if (state !== "healthy" && change) {
      return [`${sentence(change.why)}, ${t("why.since", { clock: clock(change.at) })}. `, el("button.plain", { type: "button", id: "why", onclick: () => this.asked?.(now) }, t("ui.why_open"))];
    }
    const eligible = this.parts.of("bounce_eligible")[i] ?? 0;
    const { reputation } = this.result.summary;
    if (eligible < reputation.min_eligible) return [t("why.healthy_few", { eligible: number(eligible), least: number(reputation.min_eligible) })];
    return [t("why.healthy", { bounce: percent(this.parts.of("bounce_rate")[i]), complaint: percent(this.parts.of("complaint_rate")[i]), review: percent(reputation.bounce_rate.review) })];
  }

  write(state, text, reason) {
    const plain = reason.map((r) => r.textContent ?? r).join("");
    const changed = this.state.dataset.state !== state && state !== "";
    this.state.dataset.state = state;
    this.word.textContent = text;
    this.word.setAttribute("aria-label", `${t("ui.state_word")}: ${text}`);
    if (this.why.textContent !== plain) fill(this.why, reason);
    if (changed) $("#live").textContent = `${text}. ${plain}`;
  }
}

const refusalReasons = ["rate", "quota", "unverified", "paused", "invalid"];

// maxAccounts is how many accounts there are to choose from.
const maxAccounts = 50;

// draws lets somebody draw a line into a chart by the pointer.
function draws(chart, sketch) {
  if (!chart) return;
  const over = chart.u.over, line = chart.spec.lines.findIndex((l) => l.sketch);
  let last = null;
  const put = (e) => {
    const box = over.getBoundingClientRect();
    const i = Math.round(Math.min(1, Math.max(0, (e.clientX - box.left) / box.width)) * 120);
    const v = Math.min(chart.top() / 1.22, Math.max(0, chart.u.posToVal(e.clientY - box.top, "y")));
    for (let k = Math.min(i, last?.i ?? i); k <= Math.max(i, last?.i ?? i); k++) sketch.values[k] = last && i !== last.i ? last.v + (v - last.v) * (k - last.i) / (i - last.i) : v;
    last = { i, v };
    chart.spec.lines[line].values = chart.spec.times.map((_, k) => sketch.values[k] ?? null);
    chart.u.setData(chart.data());
  };
  over.style.touchAction = "none";
  over.style.cursor = "crosshair";
  over.addEventListener("pointerdown", (e) => { over.setPointerCapture(e.pointerId); last = null; put(e); });
  over.addEventListener("pointermove", (e) => { if (over.hasPointerCapture(e.pointerId)) put(e); });
}

// drawn are the charts into which a curve can be drawn, in their order on the stage.
const drawn = ["rate", "quota", "listed"];

// nothing stands for the columns before there is a run: moments that a sketch has values at.
function nothing(horizon) {
  const times = Array.from({ length: 121 }, (_, i) => i / 120 * horizon);
  const none = times.map(() => null);
  return { times, of: () => none, shared: () => none, refused: none };
}

// pieces are the columns of a run for one account.
function pieces(result, account) {
  const { seconds, columns } = result.series;
  const mine = columns[account] ?? {};
  const of = (name) => mine[name] ?? seconds.map(() => null);
  const refused = seconds.map((_, i) => (i === 0 ? 0 : refusalReasons.reduce((sum, r) => sum + (mine["refused_" + r]?.[i] ?? 0) - (mine["refused_" + r]?.[i - 1] ?? 0), 0)));
  return { times: seconds, of, shared: (name) => columns[""]?.[name] ?? seconds.map(() => null), refused };
}

// split parts a rate into what the model judges and what stands on fewer emails than
// that; they meet at their ends.
function split(parts, metric, least) {
  const rate = parts.of(metric), eligible = parts.of(metric.replace("rate", "eligible"));
  const few = (i) => (eligible[i] ?? 0) < least;
  return [rate.map((v, i) => (few(i) ? null : v)),
    rate.map((v, i) => (eligible[i] && (few(i) || few(i - 1) && i > 0 || i + 1 < rate.length && few(i + 1)) ? v : null))];
}

// resample gives the values of another run at the times of this one; runs of
// the same length have the same times.
function resample(other, name, times) {
  const values = name === "global_listed" ? other.shared(name) : other.of(name);
  return other.times.length === times.length ? values : times.map((at) => values[upTo(other.times, at) - 1] ?? null);
}

// upTo returns how many of the times are not after now.
export function upTo(times, now) {
  let low = 0, high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= now + 1e-6) low = middle + 1;
    else high = middle;
  }
  return low;
}

// refusals paints a bar at the foot of the chart where calls were refused.
function refusals(parts) {
  return (u, shown, css) => {
    const { ctx, bbox } = u;
    ctx.fillStyle = css("--c-vermillion");
    const high = 7 * devicePixelRatio;
    for (let i = 1; i < shown; i++) {
      if (!parts.refused[i]) continue;
      const x = u.valToPos(parts.times[i - 1], "x", true);
      ctx.fillRect(x, bbox.top + bbox.height - high, Math.max(1.5, u.valToPos(parts.times[i], "x", true) - x - 0.5), high);
    }
  };
}

