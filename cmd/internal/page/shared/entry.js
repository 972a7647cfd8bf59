// An entry of an explanation: why something was decided as it was.

import { el } from "./dom.js";
import { clock, number, sentence, t, word } from "./text.js";

// entry draws one entry of an explanation: what happened, the figures that
// decided, the rule, and who says so.
// Where follow is given, the address is a button that calls it.
export function entry(e, follow) {
  const when = e.count > 1 && e.first ? `${number(e.count)} × ${clockOf(e.first.clock)} – ${clockOf(e.clock)}` : e.clock && clockOf(e.clock);
  const who = [when, e.sender].filter(Boolean).join(" · ") + (e.address ? " · " : "");
  const address = e.address && (follow ? el("button.plain", { type: "button", onclick: () => follow(e.address) }, e.address) : e.address);
  return el("li", {},
    el("p.small", {}, who, address),
    el("p", {}, el("strong", {}, word("event", sentence(e.what)))),
    e.figures?.length ? el("ul", {}, e.figures.map((f) => el("li", {}, sentence(f)))) : null,
    e.standing ? ruling(e) : null);
}

// ruling draws the rule of an entry with its standing and source.
export function ruling(e) {
  const about = word("rules", e.rule);
  return [
    el("p", {}, `${t("ui.rule")}: `, el("code", {}, e.rule), " – ", about === e.rule ? e.about : about),
    el("p.small", {}, el(`span.tag.${e.standing}`, { title: t("standing_about." + e.standing) }, word("standing", e.standing)), " ",
      `${t("ui.source")}: `, e.url ? el("a", { href: e.url, target: "_blank", rel: "noreferrer noopener" }, e.source) : e.source,
      e.read ? `, ${t("ui.read", { date: e.read })}` : ""),
    rests(e),
  ];
}

// rests lists the parameters that a decision read and AWS does not publish, under the
// weakest standing among them.
function rests(e) {
  const list = (e.reads ?? []).filter((r) => r.standing === "observed" || r.standing === "assumed");
  if (!list.length) return null;
  return el("details.small", {},
    el("summary", {}, el(`span.tag.${e.weakest}`, { title: t("standing_about." + e.weakest) }, word("standing", e.weakest)), " ", t("ui.rests", { n: number(list.length) })),
    el("ul", {}, list.map((r) => el("li", {}, el("code", {}, r.name), ` ${r.value} (${[word("standing", r.standing), r.range].filter(Boolean).join(", ")})`))));
}

// momentOf writes when an entry of an explanation was.
export const momentOf = (e) => (e.clock ? clockOf(e.clock) : "");

// clockOf writes the engine's "day 3, 10:15:07" in the language of the page.
function clockOf(text) {
  const found = /^day ([\d,]+), (.+)$/.exec(text);
  if (!found) return text;
  const [h, m, s] = found[2].split(":").map(Number);
  return clock(Number(found[1].replaceAll(",", "")) * 86400 + h * 3600 + m * 60 + (s || 0), s !== undefined);
}

