// Twenty other seeds: whether luck or cause was at work.

import { ask } from "./api.js";
import { number, percent, t, word } from "./text.js";

const others = 20;

// draw runs the scenario with the seeds after the given one, one by one, so
// that other tabs come in between, and says how far it is.
export async function draw(question, seed, account, signal, say) {
  const lots = [];
  for (let i = 1; i <= others; i++) {
    lots.push(await ask("draw", { ...question, seed: seed + i, account }, signal));
    say(t("ui.seeds_running", { done: i, of: others }));
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

// tally says how the lots end.
export function tally(lots) {
  const counts = new Map();
  for (const lot of lots) counts.set(lot.state, (counts.get(lot.state) ?? 0) + 1);
  const parts = [...counts].map(([state, n]) => `${number(n)} ${word("state", state)}`).join(", ");
  const highest = lots.map((lot) => lot.max);
  return t("ui.seeds_result", { of: others, tally: parts, min: percent(Math.min(...highest)), max: percent(Math.max(...highest)) }) + " " +
    t(counts.size === 1 ? "ui.seeds_cause" : "ui.seeds_luck");
}
