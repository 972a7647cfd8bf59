// What AWS does not publish: one of the parameters that can matter in the run, with
// another plausible value.

import { el } from "../shared/dom.js";
import { t, word } from "../shared/text.js";

// The value of a setting in the state of the page: "rep.min_eligible=0".
const join = (name, value) => `${name}=${value}`;

// assumed returns the parameter and the value that the settings of a run choose, or null.
export function assumed(values) {
  const [name, ...rest] = (values.rules ?? "").split("=");
  return name && rest.length ? { name, value: rest.join("=") } : null;
}

// overrideOf returns the key that the settings of a run set.
export function overrideOf(values) {
  const chosen = assumed(values);
  return chosen ? [{ key: "rules." + chosen.name, value: chosen.value }] : [];
}

// assume chooses a value in the settings; the default is none.
export function assume(values, parameter, value) {
  if (parameter && value !== parameter.values[0].value) values.rules = join(parameter.name, value);
  else delete values.rules;
}

// wordsOf writes a value as people call it.
export const wordsOf = (v) => word("values", v.words);

// assumedText names the choice for people.
export function assumedText(values, parameters) {
  const chosen = assumed(values);
  if (!chosen) return null;
  const value = parameters.find((p) => p.name === chosen.name)?.values.find((v) => v.value === chosen.value);
  return `${chosen.name}: ${value ? wordsOf(value) : chosen.value}`;
}

// unpublished draws the control. app.parameter is the name of the chosen parameter.
export function unpublished(app) {
  if (!app.lesson?.turns?.length) return null;
  const chosen = assumed(app.state.values);
  const name = chosen?.name ?? app.parameter ?? "";
  const names = [...new Set([...(app.result?.unpublished ?? []), ...(name ? [name] : [])])].sort();
  const parameter = app.parameters.find((p) => p.name === name);
  return el("div.block", { id: "unpublished" },
    el("h2", {}, t("ui.unpublished")),
    el("p.small", {}, t(names.length ? "ui.unpublished_about" : "ui.unpublished_later")),
    el("div.control" + (chosen ? ".changed" : ""), {},
      el("label.name", { for: "parameter" }, t("ui.parameter")),
      el("select", { id: "parameter", disabled: !names.length, onchange: (e) => app.choose(e.target.value) },
        el("option", { value: "" }, t("ui.parameter_none")),
        names.map((n) => el("option", { value: n, selected: n === name }, n))),
      parameter ? value(app, parameter, chosen) : null));
}

function value(app, parameter, chosen) {
  const about = word("parameters", parameter.name);
  return [
    el("p.small", { id: "parameter-about" }, about === parameter.name ? parameter.about : about),
    el("label.name", { for: "plausible" }, t("ui.value")),
    el("select", { id: "plausible", "aria-describedby": "parameter-about", onchange: (e) => app.assume(parameter.name, e.target.value) },
      parameter.values.map((v, i) => el("option", { value: v.value, selected: v.value === chosen?.value },
        i === 0 ? t("ui.default_value", { value: wordsOf(v) }) : wordsOf(v)))),
  ];
}
