// The controls of a lesson, and below them what leads further: comparing, and
// going on at the command line.

import { el, fill } from "../shared/dom.js";
import { kinds } from "./others.js";
import { t } from "../shared/text.js";
import { setting } from "./values.js";
import { spoken } from "./words.js";
import { assumedText, unpublished } from "./unpublished.js";

// renderControls draws the controls, and into another place what leads further. app is the
// page; see app.js.
export function renderControls(host, further, app) {
  const { lesson } = app;
  const open = host.querySelector("details.more")?.open ?? false;
  const all = (lesson?.controls ?? []).map((c) => [c, control(c, app)]);
  const inSight = all.filter(([c]) => !c.more).map(([, node]) => node);
  const behind = all.filter(([c]) => c.more).map(([, node]) => node);
  fill(host,
    el("h2", { id: "controls-title" }, t("ui.controls")),
    inSight,
    el("details.more", { open }, el("summary", {}, t("ui.more")), behind, seed(app)),
    el("p", {}, el("button.plain", { type: "button", id: "reset", onclick: () => app.reset() }, t("ui.reset"))));
  fill(further, unpublished(app), compare(app), handover(app));
}

const valueOf = (c, state) => state.values[c.id] ?? c.values[c.default];

function control(c, app) {
  const id = "control-" + c.id;
  const value = valueOf(c, app.state);
  const changed = value !== c.values[c.default];
  const name = spoken(c.name);
  if (c.kind === "choice") {
    const options = c.values.map((v) => el("option", { value: v, selected: v === value }, setting(c, v)));
    return el("div.control" + (changed ? ".changed" : ""), {},
      el("label.name", { for: id }, name),
      el("select", { id, onchange: (e) => app.turn(c, e.target.value) }, options));
  }
  const output = el("output", { for: id }, setting(c, value));
  const range = el("input", { id, type: "range", min: 0, max: c.values.length - 1, step: 1, value: Math.max(0, c.values.indexOf(value)) });
  const say = () => {
    const text = setting(c, c.values[range.value]);
    output.textContent = text;
    range.setAttribute("aria-valuetext", text);
  };
  say();
  range.addEventListener("input", say);
  range.addEventListener("change", () => app.turn(c, c.values[range.value]));
  return el("div.control" + (changed ? ".changed" : ""), {}, el("div.head", {}, el("label.name", { for: id }, name), output), range);
}

function seed(app) {
  const input = el("input", { id: "seed", type: "number", min: 0, max: 999999999, step: 1, value: app.state.seed });
  input.addEventListener("change", () => {
    if (input.validity.valid && input.value !== "") app.seed(Number(input.value));
    else input.value = app.state.seed;
  });
  return el("div.control", {}, el("label", { for: "seed" }, t("ui.seed")), el("div", {}, input));
}

// settingsText names the settings that differ from the lesson's.
function settingsText(app, values) {
  const { lesson, parameters } = app;
  const parts = (lesson?.controls ?? []).filter((c) => values[c.id] !== undefined && values[c.id] !== c.values[c.default])
    .map((c) => `${spoken(c.name)}: ${setting(c, values[c.id])}`);
  const assumption = assumedText(values, parameters);
  if (assumption) parts.push(assumption);
  return parts.length ? parts.join(", ") : t("ui.pinned_default");
}

function compare(app) {
  const { state } = app;
  const ran = Boolean(app.result);
  return el("div.block", {},
    el("h2", { id: "compare-title" }, t("ui.compare")),
    el("div.row", {},
      el("button", { type: "button", id: "pin", disabled: !ran && !state.pin, onclick: () => app.pin() }, state.pin ? t("ui.unpin") : t("ui.pin")),
      kinds.map((kind) => el("button", { type: "button", id: kind, disabled: !ran, onclick: () => app.drawOthers(kind) }, t("ui." + kind)))),
    state.pin ? el("p.small", { id: "pinned" }, t("ui.pinned", { settings: settingsText(app, state.pin.values) })) : null,
    kinds.map((kind) => el("p.small", { id: kind + "-result", role: "status" }, app.othersText[kind] ?? "")),
    el("p", { id: "because", role: "status" }, app.othersText.because ?? ""));
}

function handover(app) {
  const { result } = app;
  return el("div.block", {},
    el("h2", {}, t("ui.handover")),
    el("div.row", {},
      el("button", { type: "button", id: "copy-scenario", disabled: !result, onclick: (e) => copy(e.target, result.scenario) }, t("ui.copy_scenario")),
      el("button", { type: "button", id: "copy-command", disabled: !result, onclick: (e) => copy(e.target, result.command) }, t("ui.copy_command"))),
    result ? el("p.small", {}, t("ui.fingerprint"), ": ", el("span.mono", { id: "fingerprint" }, result.summary.fingerprint), " ", t("ui.fingerprint_hint")) : null);
}

// copy puts a text on the clipboard, or shows it selected where that is not
// allowed.
async function copy(button, text) {
  const said = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = t("ui.copied");
    setTimeout(() => { button.textContent = said; }, 1500);
  } catch {
    const area = el("textarea", { readonly: true, rows: 8, "aria-label": said });
    area.value = text;
    button.closest(".block").append(el("p.small", { role: "status" }, t("ui.not_copied")), area);
    area.focus();
    area.select();
  }
}
