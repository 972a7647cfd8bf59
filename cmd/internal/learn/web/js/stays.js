// Stays on the global list: a bar for each stay of some addresses, and how
// many stays there were of each length.

import { el, fill, svg } from "../shared/dom.js";
import { clock, number, sinceMidnight, span, t } from "../shared/text.js";

const day = 86400;
const rowHeight = 30, top = 4, bottom = 22;

// Stays draws the stays of a run up to a moment.
export class Stays {
  constructor(host, follow) {
    this.follow = follow;
    this.drawing = el("div.plot", {});
    this.counts = el("div");
    this.empty = el("p.small", {}, t("ui.stays_none"));
    this.table = el("details.data", {}, el("summary", {}, t("ui.table")), el("div.scroll", { tabindex: "0", role: "region", "aria-label": t("ui.chart_stays") }));
    this.table.addEventListener("toggle", () => this.tabulate());
    host.append(el("figure", {}, el("figcaption", {}, el("h3", {}, t("ui.chart_stays")), el("span.small", {}, t("ui.stays_some"))), this.empty, this.drawing, this.table));
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.drawing);
  }

  load(stays, horizon) {
    this.stays = stays;
    this.horizon = horizon;
    this.key = null;
  }

  show(now) {
    this.now = now;
    this.draw();
    if (this.table.open) this.tabulate();
  }

  rows() { return (this.stays?.addresses ?? []).filter((a) => a.stays[0].from <= this.now); }

  draw() {
    if (this.now === undefined || !this.stays) return;
    const rows = this.rows();
    const width = Math.max(240, this.drawing.clientWidth);
    const key = `${width} ${Math.round(this.now / this.horizon * width)} ${rows.length}`;
    if (key === this.key) return;
    this.key = key;
    this.empty.hidden = rows.length > 0;
    this.drawing.hidden = rows.length === 0;
    if (rows.length === 0) return;
    const plot = { from: 62, to: width - 28 }; // as the charts above
    const x = (s) => plot.from + s / this.horizon * (plot.to - plot.from);
    const height = top + rows.length * rowHeight + bottom;
    const root = svg("svg", { class: "stays", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": this.describe(rows) });
    for (const s of this.ticks(width)) {
      root.append(svg("line", { class: "grid", x1: x(s), x2: x(s), y1: top, y2: height - bottom }),
        svg("text", { x: x(s), y: height - 6, "text-anchor": "middle" }, t("ui.tick", { day: number((s + sinceMidnight()) / day) })));
    }
    rows.forEach((a, i) => {
      const y = top + i * rowHeight;
      root.append(svg("text", { x: plot.from - 6, y: y + 19, "text-anchor": "end" }, short(a.address)));
      for (const s of a.stays) {
        if (s.from > this.now) break;
        const from = x(s.from), to = Math.max(from + 1.5, x(Math.min(s.until, this.now)));
        root.append(svg("rect", { class: "bar", onclick: () => this.follow(a.address), x: from, y: y + 3, width: to - from, height: rowHeight - 6, rx: 3 }));
        const at = { class: "bar-text", x: (from + to) / 2, y: y + 19.5, "text-anchor": "middle" };
        if (to - from > 34) root.append(svg("text", at, span(s.until - s.from)));
      }
    });
    if (this.now < this.horizon) root.append(svg("line", { class: "now", x1: x(this.now), x2: x(this.now), y1: top, y2: height - bottom }));
    fill(this.drawing, root);
  }

  ticks(width) {
    const step = [1, 2, 5, 7, 10, 15, 30, 60, 90].map((d) => d * day).find((s) => this.horizon / s <= width / 90) ?? 180 * day;
    const list = [];
    for (let s = Math.ceil(sinceMidnight() / step) * step - sinceMidnight(); s <= this.horizon; s += step) list.push(s);
    return list;
  }

  describe(rows) {
    const lengths = this.stays.lengths.map((l) => t("ui.stays_said", { n: l.strike, length: span(l.seconds), count: number(l.count) })).join("; ");
    return `${t("ui.chart_stays")}. ${lengths}`;
  }

  tabulate() {
    if (!this.table.open || !this.stays) return;
    const most = Math.max(0, ...this.rows().map((a) => a.stays.length));
    fill(this.table.lastElementChild,
      el("table", {}, el("caption", {}, t("ui.stays_counts")),
        el("thead", {}, el("tr", {}, ["stay", "length", "count"].map((c) => el("th", { scope: "col" }, t("ui." + c))))),
        el("tbody", {}, this.stays.lengths.map((l) => el("tr", {}, el("th", { scope: "row" }, t("ui.stay_number", { n: l.strike })), el("td", {}, span(l.seconds)), el("td", {}, number(l.count)))))),
      el("table", {}, el("caption", {}, t("ui.stays_some")),
        el("tbody", {}, this.rows().map((a) => el("tr", {}, el("th", { scope: "row" }, el("button.plain", { type: "button", onclick: () => this.follow(a.address) }, a.address)),
          a.stays.filter((s) => s.from <= this.now).slice(0, most).map((s) => el("td", {}, `${clock(s.from)}: ${span(s.until - s.from)}`)))))));
  }

  destroy() { this.observer.disconnect(); }
}

// short is the number at the end of an address, or else the beginning of its local part.
function short(address) {
  const local = address.split("@")[0];
  return /-(\d+)$/.exec(local)?.[1] ?? (local.length > 8 ? local.slice(0, 7) + "…" : local);
}
