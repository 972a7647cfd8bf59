// Twenty other seeds, and twenty other settings of what AWS does not publish: whether the
// answer has a cause, or chance or an assumption plays a part.

import { ask } from "./api.js";
import { number, percent, t, word } from "../shared/text.js";
import { optionText } from "./words.js";

const others = 20;

// kinds are what may be drawn. The settings are a joint design, with the random numbers of
// the run itself.
export const kinds = ["seeds", "assumptions"];

// draw runs the scenario with the others of a kind, one by one, so that other tabs come
// in between, and says how far it is.
export async function draw(kind, question, seed, account, signal, say) {
  const lots = [];
  for (let i = 1; i <= others; i++) {
    const which = kind === "seeds" ? { seed: seed + i } : { seed, combination: i };
    lots.push(await ask("draw", { ...question, ...which, account }, signal));
    say(t(`ui.${kind}_running`, { done: i, of: others }));
  }
  return lots;
}

// spread puts the samples of thinned series at their places among the times.
export function spread(lots, times) {
  return lots.map((lot) => {
    const values = Object.values(lot.bounce.columns ?? {})[0]?.bounce_rate ?? [];
    const at = new Map((lot.bounce.seconds ?? []).map((s, i) => [s, values[i]]));
    return { ...lot, values: times.map((s) => at.get(s) ?? null) };
  });
}

// verdictOf is the answer of a run: the option that is right in a lesson, else the most
// serious state of the account.
const verdictOf = (run) => run.right ?? run.state;

// ownRun is the run that is shown, as far as lots are compared with it.
export function ownRun(result, account) {
  const states = (result.phases[account] ?? []).map((p) => p.state);
  return { right: result.right, state: ["paused", "under review"].find((s) => states.includes(s)) ?? "healthy" };
}

// differing counts the lots with another answer than the run that is shown.
export const differing = (lots, own) => lots.filter((lot) => verdictOf(lot) !== verdictOf(own)).length;

// tally says how the lots end, and how many of them otherwise than the run that is shown.
export function tally(kind, lots, own, lesson) {
  const counts = new Map();
  for (const lot of lots) counts.set(verdictOf(lot), (counts.get(verdictOf(lot)) ?? 0) + 1);
  const name = (verdict) => (lesson ? optionText(lesson, verdict) : word("state", verdict));
  const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([verdict, n]) => `${number(n)} × ${t("ui.quoted", { text: name(verdict) })}`).join(", ");
  const highest = lots.map((lot) => lot.max);
  return t(`ui.${kind}_result`, {
    of: others, differ: number(differing(lots, own)), tally: parts, min: percent(Math.min(...highest)), max: percent(Math.max(...highest)),
  });
}

// because says what decides, as far as the kinds that were drawn tell.
export function because(app, own) {
  const differs = (kind) => (app.others[kind] ? differing(app.others[kind], own) > 0 : null);
  const chance = differs("seeds"), assumption = differs("assumptions");
  if (chance === null && assumption === null) return "";
  if (chance && assumption) return t("ui.because_both");
  if (chance || assumption) return t(chance ? "ui.because_chance" : "ui.because_assumption");
  if (chance === null) return t("ui.because_no_assumption");
  return t(assumption === null ? "ui.because_no_chance" : "ui.because_cause");
}
