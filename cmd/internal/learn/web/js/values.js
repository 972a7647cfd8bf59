// How the values of figures and of controls are written.

import { number, percent, span, t, word } from "../shared/text.js";
import { spoken } from "./words.js";

// figure writes a value of the server's figures.
export function figure(v) {
  if (!v || !v.data) return "–";
  return v.standing ? `${plain(v)} (${word("standing", v.standing)})` : plain(v);
}

function plain(v) {
  switch (v.kind) {
    case "share": return percent(v.value);
    case "duration": return span(v.value);
    case "durations": return v.list.map(span).join(", ");
    default: return number(v.value, 4);
  }
}

// setting writes a value of a control.
export function setting(control, value) {
  switch (control.kind) {
    case "rate": return t("ui.per_day", { n: number(Number(value.split("/")[0])) });
    case "share": return percent(parseFloat(value) / 100);
    case "count": return value === "-1" ? t("ui.minus_one") : number(Number(value.replaceAll("_", "")));
    case "duration": return span(parseFloat(value) * { s: 1, h: 3600, d: 86400 }[value.at(-1)]);
    default: return spoken(control.words[control.values.indexOf(value)]) ?? value;
  }
}

// steepest is the end of the scale of a rate before the run.
export const steepest = 0.16;

// drawing names the chart into which a curve is drawn before the run, and the end of its scale.
export function drawing(lesson) {
  const names = { rate: "ui.chart_bounce", quota: "ui.chart_quota", listed: "ui.chart_listed" };
  return { name: t(names[lesson.draw]), top: lesson.draw === "rate" ? percent(steepest) : number(lesson.top) };
}
