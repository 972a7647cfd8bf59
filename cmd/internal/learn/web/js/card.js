// The card of a lesson: what it is about, what to watch for, the prediction,
// the large button, and after the run the answer, what to take away and the
// teacher's note.

import { el, fill } from "../shared/dom.js";
import { fillIn, t } from "../shared/text.js";
import { optionText, said, spoken } from "./words.js";
import { model } from "./model.js";
import { drawing, figure } from "./values.js";
import { wordsOf } from "./unpublished.js";

// renderCard draws the card.
export function renderCard(host, app) {
  if (!app.lesson) return ownCard(host, app);
  const { lesson, state } = app;
  const n = app.lessons.indexOf(lesson) + 1;
  fill(host,
    el("p.eyebrow", {}, t("ui.lesson", { n, of: app.lessons.length })),
    el("h1", { id: "card-title" }, said(lesson, "title")),
    el("p", {}, said(lesson, "intro")),
    el("div.watch", {}, el("strong", {}, t("ui.watch")), el("p", {}, said(lesson, "watch"))),
    el("form", { id: "prediction", onsubmit: (e) => e.preventDefault() }, el("fieldset", {},
      el("legend", {}, t("ui.predict")),
      el("p", {}, said(lesson, "ask")),
      lesson.options.map((o) => el("label.option", {},
        el("input", { type: "radio", name: "guess", value: o.id, checked: state.guess === o.id, onchange: () => app.guess(o.id) }),
        el("span", {}, spoken(o.text)))),
      app.result ? null : el("p.small", {}, t("ui.sketch_hint", { chart: drawing(lesson).name })))),
    runButton(app),
    el("div", { id: "answer", hidden: !app.revealed }, app.revealed ? answer(app, n) : []),
    el("div", { id: "problem", role: "alert" }, app.problem ? el("p.problem", {}, app.problem) : []));
}

function runButton(app) {
  return el("button.large", { type: "button", id: "run", onclick: () => app.run({ play: true }) }, app.result ? t("ui.again") : t("ui.run"));
}

function answer(app, n) {
  const { lesson, state, result, figures } = app;
  const put = (text) => fillIn(text, Object.fromEntries(Object.entries(figures ?? {}).map(([name, v]) => [name, figure(v)])));
  const filled = (key) => put(said(lesson, key));
  const was = optionText(lesson, result.right);
  const right = state.guess === result.right;
  const next = app.lessons[n];
  return [
    el("div.answer", {},
      el("h2", {}, t("ui.answer")),
      state.guess
        ? [el("p.small", {}, t("ui.answer_yours", { answer: optionText(lesson, state.guess) })),
          el(`p.verdict.${right ? "right" : "wrong"}`, { id: "verdict" }, t(right ? "ui.answer_right" : "ui.answer_wrong", { answer: was }))]
        : el("p.verdict", { id: "verdict" }, t(app.changed() ? "ui.answer_changed" : "ui.answer_wrong", { answer: was })),
      app.changed() ? el("p.small", {}, t("ui.answer_default")) : null,
      el("p", { id: "answer-text" }, filled("answer")),
      rests(app),
      model(app),
      el("h2", {}, t("ui.learned")),
      el("p", {}, filled("learned"))),
    labs(app, put),
    app.state.notes ? notes(app, put) : null,
    next ? el("p", {}, el("button.plain", { type: "button", id: "next", onclick: () => app.open(next.id) }, t("ui.next", { title: said(next, "title") }))) : null,
  ];
}

// labs lists the tasks, and ticks those whose goals a run has reached.
function labs({ lesson, done }, put) {
  if (!lesson.labs?.length) return null;
  const reached = done[lesson.id] ?? new Set();
  return el("section", { id: "labs", "aria-labelledby": "labs-title" }, el("h2", { id: "labs-title" }, t("ui.lab")),
    el("ol", {}, lesson.labs.map((lab, i) => el("li" + (reached.has(i) ? ".done" : ""), {},
      el("p", {}, put(spoken(lab.text)), lab.goal?.length || lab.others ? el("strong.tick", {}, reached.has(i) ? t("ui.goal_reached") : t("ui.goal_open")) : null)))));
}

// notes are for the teacher, whose address asks for them.
function notes(app, put) {
  const { lesson } = app;
  const solved = (lesson.labs ?? []).map((lab) => put(spoken(lab.solution) ?? "–"));
  return el("details", { id: "teacher", open: true }, el("summary", {}, t("ui.teacher")),
    said(lesson, "demo") ? [el("h3", {}, t("ui.demo")), el("p", {}, put(said(lesson, "demo")))] : null,
    solved.length ? [el("h3", {}, t("ui.solutions")), el("ol", {}, solved.map((text) => el("li", {}, text)))] : null,
    moved(app));
}

// rests says whether the answer turns with a value that AWS does not publish.
function rests(app) {
  const { lesson } = app;
  if (!lesson.turns?.length) return el("p.small", { id: "rests" }, t("ui.solid"));
  return el("div.small", { id: "rests" }, el("p", {}, t("ui.turns")), el("ul", {}, lesson.turns.map((turn) =>
    el("li", {}, t("ui.turn", { parameter: turn.parameter, value: valueWords(app, turn), answer: optionText(lesson, turn.to) }), " ",
      el("button.plain", { type: "button", onclick: () => app.assume(turn.parameter, turn.value) }, t("ui.try"))))));
}

// moved says which figures of the teacher's note change with what AWS does not publish.
function moved({ lesson, figures }) {
  if (!lesson.moves_known) return null;
  const text = [said(lesson, "demo"), ...lesson.labs.flatMap((lab) => [spoken(lab.text), spoken(lab.solution)])].join();
  const names = new Set([...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]));
  const list = [...names].filter((name) => figures?.[name]?.moves);
  if (!list.length) return el("p.small", { id: "moves" }, t("ui.unmoved"));
  return el("div.small", { id: "moves" }, el("p", {}, t("ui.moves")), el("ul", {}, list.map((name) =>
    el("li", {}, t("ui.move", { figure: figure(figures[name]), parameters: figures[name].moves.join(", ") })))));
}

// valueWords writes the value of a turn as the control does.
function valueWords(app, turn) {
  const value = app.parameters.find((p) => p.name === turn.parameter)?.values.find((v) => v.value === turn.value);
  return value ? wordsOf(value) : turn.value;
}

// ownCard lets the reader bring a scenario.
function ownCard(host, app) {
  const area = el("textarea", { id: "own", spellcheck: "false", autocapitalize: "off", autocomplete: "off" });
  area.value = app.state.own ?? app.example ?? "";
  area.addEventListener("input", () => { app.own(area.value); });
  fill(host,
    el("h1", { id: "card-title" }, t("ui.own_title")),
    el("p", {}, t("ui.own_intro")),
    el("label", { for: "own" }, t("ui.own_label")), area,
    el("p", {}), runButton(app),
    el("div", { id: "answer", hidden: true }),
    el("div", { id: "problem", role: "alert" }, app.problem ? el("p.problem", {}, app.problem) : []));
}
