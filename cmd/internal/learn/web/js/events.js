// What happened: every change of state, and the refusals by day and reason.
// Each line opens into what the engine says about it.

import { el, fill } from "../shared/dom.js";
import { clock, number, sinceMidnight, t, word } from "../shared/text.js";
import { listing, round } from "./mails.js";

const day = 86400;

// moves are the changes that lead to a state; the others happen in it.
export const moves = ["under-review", "review-extended", "pending-end-of-review", "pending-pause", "paused", "suspended", "healthy", "customer-paused", "customer-resumed"];

// secondsOf returns the moment of a date of the summary.
export const secondsOf = (summary, date) => (Date.parse(date) - Date.parse(summary.start)) / 1000;

// items returns what happened in a run, in the order of time.
function items(result) {
  const list = [];
  for (const a of result.summary.accounts) {
    a.timeline.forEach((line, i) => {
      const at = secondsOf(result.summary, line.at);
      list.push({ key: `${a.name} ${i}`, account: a.name, from: at, at: at + 0.001, since: Math.max(0, at - 0.001), only: "changed", event: line.event, why: line.why, rule: line.rule });
    });
    list.push(...refusals(result, a.name));
  }
  return list.sort((x, y) => x.from - y.from);
}

// refusals gathers the refused recipients of an account by reason and day.
function refusals(result, account) {
  const { seconds, columns } = result.series;
  const list = [];
  for (const reason of ["rate", "quota", "unverified", "paused", "invalid"]) {
    const counts = columns[account]?.["refused_" + reason];
    let group = null;
    for (let i = 1; counts && i < counts.length; i++) {
      const n = counts[i] - counts[i - 1];
      if (n === 0) continue;
      const d = Math.floor((seconds[i - 1] + sinceMidnight()) / day);
      if (!group || group.day !== d) {
        group = { key: `${account} ${reason} ${d}`, account, day: d, reason, from: seconds[i - 1], since: seconds[i - 1], only: "refused", steps: [] };
        list.push(group);
      }
      group.steps.push([seconds[i], n]);
    }
  }
  return list;
}

// Log is the list on the page. question returns what to ask the server about
// the run that is shown.
export class Log {
  constructor(host, question) {
    this.host = host;
    this.question = question;
  }

  load(result) {
    this.result = result;
    this.all = result ? items(result) : [];
    this.nodes = new Map();
    this.shown = null;
    this.many = (result?.summary.accounts.length ?? 0) > 1;
    this.list = el("ol.log", { reversed: true });
    fill(this.host, el("h2", { id: "events-title", tabindex: "-1" }, t("ui.events")), this.hint = el("p.small", {}), this.list);
    this.show(0);
  }

  // show lists what happened up to a moment, the latest first.
  show(now) {
    const seen = this.all.filter((item) => (item.steps ? item.steps[0][0] <= now : item.from <= now));
    const key = seen.map((item) => item.key + this.countOf(item, now)).join();
    if (key === this.shown) return;
    this.shown = key;
    this.hint.textContent = this.result ? t(seen.length ? "ui.events_hint" : "ui.events_none") : t("ui.ready_why");
    const nodes = seen.map((item) => this.node(item, now));
    this.list.replaceChildren(...nodes.reverse());
  }

  // moments returns when each line has something first, in order of time.
  moments() { return this.all.map((item) => (item.steps ? item.steps[0][0] : item.at)).sort((x, y) => x - y); }

  countOf(item, now) { return item.steps ? item.steps.reduce((sum, [at, n]) => (at <= now ? sum + n : sum), 0) : ""; }

  node(item, now) {
    let node = this.nodes.get(item.key);
    if (!node) {
      node = this.line(item);
      this.nodes.set(item.key, node);
    }
    item.upTo = item.steps ? item.steps.findLast(([at]) => at <= now)[0] : item.at;
    node.text.textContent = this.wording(item, now);
    return node;
  }

  line(item) {
    const text = el("span");
    const body = el("div", { hidden: true });
    const mark = el("span.mark", { "aria-hidden": "true" }, t("ui.why_open"));
    const button = el("button", { type: "button", "aria-expanded": "false" }, el("time", {}, clock(item.from)), " ", text, " ", mark);
    button.addEventListener("click", () => {
      body.hidden = !body.hidden;
      button.setAttribute("aria-expanded", String(!body.hidden));
      if (!body.hidden) this.explain(item, body);
    });
    const node = el("li", { data: { only: item.only, event: item.event ?? item.reason } }, button, body);
    node.text = text;
    node.button = button;
    return node;
  }

  wording(item, now) {
    const who = this.many ? item.account + ": " : "";
    if (item.steps) return who + t("ui.refused", { n: number(this.countOf(item, now)), reason: word("reason", item.reason) });
    return who + word("event", item.event);
  }

  // openLatest opens the change that led to an account's state: why it is as it
  // is.
  openLatest(account, now) {
    const item = this.all.filter((i) => moves.includes(i.event) && i.account === account && i.from <= now).at(-1);
    const node = item && this.nodes.get(item.key);
    if (!node) return;
    if (node.button.getAttribute("aria-expanded") === "false") node.button.click();
    node.button.focus();
    node.scrollIntoView({ block: "nearest" });
  }

  async explain(item, body) {
    const until = Math.max(0, Math.min(item.upTo, this.result.summary.horizon_seconds) - (item.steps ? 0.000001 : 0));
    const span = { at: round(Math.min(until, this.result.summary.horizon_seconds - 0.000001)), from: round(item.since), account: item.account, only: item.only, reason: item.reason ?? "" };
    const { nodes, fetched } = listing(this.question(), span, item.only === "refused", this.follow);
    fill(body, nodes);
    await fetched;
  }
}
