// The worksheet of a lesson, or of all: question, empty axes, tasks, terms; and the solutions
// on a page of their own, where the address asks for notes.

import { $, el, fill, svg } from "../shared/dom.js";
import { load } from "../shared/load.js";
import { dayName, fillIn, languages, learnLanguages, number, speak, startAt, t } from "../shared/text.js";
import { ask } from "./api.js";
import { glossary } from "./glossary.js";
import { drawing, figure } from "./values.js";
import { said, spoken } from "./words.js";

const day = 86400;

// sheet is what a student gets. put fills in figures.
function sheet(lesson, put) {
  return el("section.sheet", {},
    el("h1", {}, said(lesson, "title")), el("p", {}, said(lesson, "intro")),
    el("h2", {}, t("ui.predict")), el("p", {}, said(lesson, "ask")),
    el("ul.options", {}, lesson.options.map((o) => el("li", {}, el("span.box"), spoken(o.text)))),
    el("h2", {}, `${t("ui.sheet_draw")}: ${drawing(lesson).name}`), axes(lesson),
    el("h2", {}, t("ui.watch")), el("p", {}, said(lesson, "watch")), el("div.lines"),
    lesson.labs?.length ? [el("h2", {}, t("ui.lab")), el("ol", {}, lesson.labs.map((lab) => el("li", {}, el("p", {}, put(spoken(lab.text))), el("div.lines"))))] : null);
}

// axes are those of the chart to watch, without a curve.
function axes(lesson) {
  startAt(lesson.start);
  const width = 700, height = 220, left = 60, bottom = 24;
  const root = svg("svg", { class: "axes", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": t("ui.sheet_draw") });
  const x = (s) => left + s / lesson.horizon * (width - left - 10);
  const days = Math.ceil(lesson.horizon / day), step = Math.max(1, Math.ceil(days / 10));
  const began = (Date.parse(lesson.start) / 1000) % day;
  for (let d = began ? 1 : 0; d * day - began <= lesson.horizon; d += step) {
    const at = x(d * day - began);
    root.append(svg("line", { class: "grid", x1: at, x2: at, y1: 8, y2: height - bottom }),
      svg("text", { x: at, y: height - 7, "text-anchor": "middle" }, days <= 8 ? `${dayName(d)} 0:00` : t("ui.tick", { day: number(d) })));
  }
  for (let y = 8; y < height - bottom; y += (height - bottom - 8) / 4) root.append(svg("line", { class: "grid", x1: left, x2: width - 10, y1: y, y2: y }));
  for (const [text, y] of [[drawing(lesson).top, 14], [number(0), height - bottom]]) {
    root.append(svg("text", { x: left - 6, y, "text-anchor": "end" }, text));
  }
  root.append(svg("line", { x1: left, x2: left, y1: 8, y2: height - bottom }), svg("line", { x1: left, x2: width - 10, y1: height - bottom, y2: height - bottom }));
  return root;
}

// putter returns what fills the figures of a lesson into a text.
async function putter(lesson) {
  const figures = await ask("figures", { lesson: lesson.id });
  return (text) => fillIn(text, Object.fromEntries(Object.entries(figures).map(([name, v]) => [name, figure(v)])));
}

// solutions are the teacher's.
function solutions(lesson, put) {
  return [
    el("h2", {}, said(lesson, "title")), el("p", {}, put(said(lesson, "answer"))), el("p", {}, put(said(lesson, "learned"))),
    el("ol", {}, (lesson.labs ?? []).map((lab) => el("li", {}, put(spoken(lab.solution) ?? "–")))),
  ];
}

async function start() {
  const q = new URLSearchParams(location.hash.slice(1));
  await learnLanguages();
  await speak(q.get("lang") ?? navigator.languages.map((l) => l.slice(0, 2)).find((l) => l in languages) ?? "en");
  document.title = t("ui.worksheet");
  const all = await load("api/lessons");
  const lessons = q.has("lesson") ? all.filter((l) => l.id === q.get("lesson")) : all;
  const puts = [];
  for (const lesson of lessons) puts.push(await putter(lesson));
  fill($("#sheet"),
    el("p.noprint", {}, el("button", { type: "button", onclick: () => print() }, t("ui.print"))),
    lessons.map((l, i) => sheet(l, puts[i])), el("section.sheet", {}, el("h2", {}, t("ui.glossary")), glossary()));
  if (q.has("notes")) {
    $("#sheet").append(el("section.solutions", {}, el("h1", {}, t("ui.solutions")), lessons.flatMap((l, i) => solutions(l, puts[i]))));
  }
  document.body.dataset.ready = String(Math.round(performance.now()));
}

addEventListener("hashchange", start);
start().catch((problem) => { fill($("#sheet"), el("p.problem", {}, problem.message)); });
