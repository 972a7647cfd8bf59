// How the model works, and what is assumed: the rules that decided in the run that is shown, each
// with its standing, its source and what AWS does not publish of it.

import { el, fill } from "../shared/dom.js";
import { ruling } from "../shared/entry.js";
import { number, t } from "../shared/text.js";
import { ask, problemWords } from "./api.js";
import { wordsOf } from "./unpublished.js";

const most = 200; // decisions that differ, by account, sender and outcome

// model draws it closed; opening it asks for the rules.
export function model(app) {
  const body = el("div", {});
  const details = el("details", { id: "model" }, el("summary", {}, t("ui.model")), el("p", {}, t("ui.model_about")), body);
  details.addEventListener("toggle", async () => {
    if (!details.open || body.childElementCount) return;
    fill(body, el("p", { role: "status" }, t("ui.loading")));
    try {
      const { entries } = await ask("explain", { ...app.question(), at: app.end(), from: 0, account: "", only: "", reason: "", together: true, most, skip: 0 });
      fill(body, rules(entries, app));
    } catch (problem) {
      fill(body, el("p.problem", {}, problemWords(problem)));
    }
  });
  return details;
}

// rules lists each rule once, the one with the most decisions first, and what else can matter.
function rules(entries, { result, parameters }) {
  const by = new Map();
  for (const e of entries.filter((e) => e.standing)) {
    const known = by.get(e.rule) ?? { ...e, n: 0, reads: [] };
    known.n += e.count || 1;
    known.reads.push(...(e.reads ?? []).filter((r) => !known.reads.some((have) => have.name === r.name)));
    by.set(e.rule, known);
  }
  const read = new Set([...by.values()].flatMap((e) => e.reads.map((r) => r.name)));
  const rest = parameters.filter((p) => result.unpublished.includes(p.name) && !read.has(p.name));
  return [
    el("ul.entries", {}, [...by.values()].sort((a, b) => b.n - a.n).map((e) => el("li", {}, ruling(e), el("p.small", {}, t("ui.model_decided", { n: number(e.n) }))))),
    rest.length ? el("p", {}, t("ui.model_rest", { list: rest.map((p) => `${p.name} = ${wordsOf(p.values[0])}`).join(", ") })) : null,
  ].filter(Boolean);
}
