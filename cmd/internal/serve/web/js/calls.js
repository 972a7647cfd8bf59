// The latest calls, each of which opens into why it was answered so.

import { el, fill } from "../shared/dom.js";
import { entry } from "../shared/entry.js";
import { Problem } from "../shared/load.js";
import { number, t } from "../shared/text.js";
import { ask } from "./api.js";
import { moment } from "./clock.js";
import { button, field, statusLine, valueOf } from "./form.js";

const mostKept = 500, mostShown = 50;

export class Calls {
  constructor(host) {
    this.host = host;
    this.kept = [];
    this.total = 0;
  }

  draw() {
    const status = statusLine(), found = el("ul.entries");
    const filter = (e) => { this.only = e.target.checked; this.relist(); };
    const only = el("input", { id: "only", type: "checkbox", checked: this.only, onchange: filter });
    this.counts = el("p.small", { id: "count" });
    this.list = el("ol.log", { reversed: true });
    fill(this.host,
      el("h2", {}, t("ui.calls")), this.counts,
      el("div.row", {}, el("label.check", { for: "only" }, only, t("ui.only")),
        field("call", t("ui.call")),
        button("explain", t("ui.why_open"), status, async () => { fill(found); fill(found, await why(valueOf("call"))); return ""; })),
      status, found, this.list);
    this.relist();
  }

  // show adds the calls since the last time.
  show(live) {
    this.total = live.total;
    this.kept = this.kept.concat(live.calls).slice(-mostKept);
    this.count(live);
    this.list.prepend(...live.calls.filter((c) => this.matches(c)).map(line).reverse());
    while (this.list.children.length > mostShown) this.list.lastElementChild.remove();
  }

  count({ total, refused }) {
    this.counts.textContent = t(total ? "ui.counts" : "ui.no_calls", { n: number(total), refused: number(refused) });
  }

  matches(c) { return !this.only || c.status !== 200; }

  relist() { fill(this.list, this.kept.filter((c) => this.matches(c)).slice(-mostShown).map(line).reverse()); }
}

// why fetches what explains a call.
async function why(id) {
  if (!id) throw new Problem(t("ui.call_missing"));
  const e = await ask("GET", "calls/" + encodeURIComponent(id));
  return [
    el("li", {}, el("p", {}, el("code", {}, e.request_id), e.message_id ? [" · ", el("code", {}, e.message_id)] : null),
      e.message ? el("p", {}, e.message) : null, e.hint ? el("p", {}, `${t("ui.hint")}: ${e.hint}`) : null),
    ...e.explanation.map(entry),
  ];
}

// line is a call in the list.
function line(c) {
  const body = el("ul.entries", { hidden: true });
  const answer = [c.status || "", c.code].filter(Boolean).join(" ");
  const node = el("button", { type: "button", "aria-expanded": "false" },
    el("time", {}, moment(c.virtual)),
    el("span", {}, el("strong", {}, c.account), ` ${c.interface} ${c.operation}: `,
      el(c.status === 200 ? "span.good" : "span.bad", {}, answer),
      c.rule ? [" ", el("code", {}, c.rule)] : null,
      c.fault ? ` (${c.fault})` : null),
    " ", el("span.mark", { "aria-hidden": "true" }, t("ui.why_open")));
  node.addEventListener("click", async () => {
    body.hidden = !body.hidden;
    node.setAttribute("aria-expanded", String(!body.hidden));
    if (body.hidden || body.children.length) return;
    try {
      fill(body, await why(c.request_id));
    } catch (problem) {
      fill(body, el("li.problem", {}, problem instanceof Problem ? problem.message : t("ui.ended")));
    }
  });
  return el("li", { data: { status: c.status } }, node, body);
}
