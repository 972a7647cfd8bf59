// The mails behind a figure, a bar or a point, each with its explanation, and one address
// followed as a line of stations.

import { el, fill } from "../shared/dom.js";
import { entry, momentOf } from "../shared/entry.js";
import { number, sentence, t, word } from "../shared/text.js";
import { ask, problemWords } from "./api.js";

const few = 5, many = 20; // entries fetched at first, and further ones
const stations = 200; // of an address, the latest

export const round = (seconds) => Math.round(seconds * 1e6) / 1e6;

// listing fetches the entries of a span of time, the latest first, and further ones on
// demand. What is alike is one entry at first where together is set.
export function listing(question, span, together, follow) {
  const list = el("ul.entries"), more = el("p", {}, el("span.small", { role: "status" }, t("ui.loading")));
  const fetch = async (skip, grouped) => {
    try {
      const answer = await ask("explain", { ...question, reason: "", ...span, together: grouped, most: skip ? many : few, skip });
      if (skip === 0) fill(list);
      list.append(...answer.entries.toReversed().map((e) => entry(e, follow)));
      const shown = skip + answer.entries.length;
      const count = grouped ? t("ui.shown_together", { n: number(answer.matched) }) : t("ui.shown", { n: number(shown), of: number(answer.matched) });
      fill(more, el("span.small", {}, count, " "),
        grouped && answer.matched > answer.entries.length ? el("button.plain", { type: "button", onclick: () => fetch(0, false) }, t("ui.one_by_one"))
          : !grouped && shown < answer.matched && answer.entries.length ? el("button.plain", { type: "button", onclick: () => fetch(shown, false) }, t("ui.earlier")) : null);
    } catch (problem) {
      fill(more, el("span.problem", {}, problemWords(problem)));
    }
  };
  const fetched = fetch(0, together);
  return { nodes: [list, more], fetched };
}

// Mails is the place on the page where they are shown.
export class Mails {
  constructor(host, question) {
    this.host = host;
    this.question = question;
    this.clear();
  }

  clear() { fill(this.host); }

  // open lists what a span of time holds: { at, from, account, only }.
  open(title, span) {
    this.show(title, listing(this.question(), span, false, (address) => this.follow(address, span.account)).nodes);
  }

  // follow tells what happened to one address in the whole run, in order of time.
  async follow(address, account) {
    const line = el("ol.stations", { tabindex: "0", "aria-label": t("ui.follow", { address }) });
    const status = el("p.small", { role: "status" }, t("ui.loading"));
    this.show(t("ui.follow", { address }), [status, line]);
    try {
      const answer = await ask("explain", { ...this.question(), at: round(this.horizon - 0.000001), from: 0, account: "", only: "path", reason: "", address, most: stations, skip: 0 });
      fill(line, answer.entries.map((e) => {
        const why = entry(e);
        return el("li", { data: { kind: kindOf(e) } }, el("p.small", {}, momentOf(e)), el("details", {},
          el("summary", {}, word("event", sentence(e.what)), e.account && e.account !== account ? ` (${e.account})` : ""), el("ul.entries", {}, why)));
      }));
      status.textContent = t("ui.shown", { n: number(answer.entries.length), of: number(answer.matched) });
    } catch (problem) {
      fill(status, el("span.problem", {}, problemWords(problem)));
    }
  }

  show(title, nodes) {
    const heading = el("h2", { id: "mails-title", tabindex: "-1" }, title);
    fill(this.host, el("div.block", {}, heading, el("button", { type: "button", id: "mails-close", onclick: () => { this.clear(); this.closed?.(); } }, t("ui.close")), nodes));
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "nearest" });
  }
}

// kindOf colours a station: what went well, what was held back, what failed.
function kindOf(e) {
  if (/^delivered/.test(e.what)) return "good";
  return /not sent|refused|list/.test(e.what) ? "held" : "bad";
}
