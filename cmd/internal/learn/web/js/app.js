// The page: its state, and what happens when somebody turns something. The
// parts draw; this file decides.

import * as address from "./address.js";
import { $, el, fill } from "../shared/dom.js";
import { applyTheme, dark } from "../shared/frame.js";
import { load } from "../shared/load.js";
import { clock, languages, learnLanguages, speak, startAt, t } from "../shared/text.js";
import { ask, problemWords } from "./api.js";
import { renderCard } from "./card.js";
import { renderControls } from "./controls.js";
import { Log } from "./events.js";
import { renderFigures } from "./figures.js";
import { applyPresent, drawFrame } from "./frame.js";
import { Mails, round } from "./mails.js";
import { because, draw, kinds, ownRun, spread, tally } from "./others.js";
import { calm, Player } from "./player.js";
import { Stage } from "./stage.js";
import { assume, overrideOf } from "./unpublished.js";

const app = {
  lessons: [], lesson: null, state: null, result: null, figures: null, pinned: null, revealed: false, problem: "", example: "",
  sketches: {}, // by lesson, what was drawn before a run
  done: {}, // by lesson, the labs whose goals a run has reached
  parameters: [], parameter: "", // what AWS does not publish, and the name of the chosen one

  // others are the runs of each kind that were drawn, othersText what is said of them, and
  // beside the kind that is drawn in the chart.
  others: {}, othersText: {}, beside: null,

  // turn sets a control.
  turn(control, value) {
    if (value === control.values[control.default]) delete app.state.values[control.id];
    else app.state.values[control.id] = value;
    app.afterTurn("control-" + control.id);
  },
  seed(n) { app.state.seed = n; app.afterTurn("seed"); },
  reset() { app.state.values = {}; app.parameter = ""; app.state.seed = 1; app.afterTurn("run"); },
  // choose turns to a parameter that AWS does not publish, assume gives it a value.
  choose(name) {
    const set = app.state.values.rules !== undefined;
    app.parameter = name;
    delete app.state.values.rules;
    if (set) app.afterTurn("parameter");
    else drawControls("parameter");
  },
  assume(name, value) {
    app.parameter = name;
    assume(app.state.values, app.parameters.find((p) => p.name === name), value);
    app.afterTurn("plausible");
  },
  guess(id) { app.state.guess = id; save(); },
  own(text) { app.state.own = text; save(); },
  changed() { return Object.keys(app.state.values).length > 0 || app.state.seed !== 1; },

  // afterTurn draws the controls anew, and where there is a run already makes
  // another one and shows its end.
  async afterTurn(focus) {
    dropOthers();
    save();
    drawControls(focus);
    if (app.result) await app.run({ play: false });
  },

  run, pin, drawOthers, open: (id) => open(id, true), question: () => question(), end: () => round(player.horizon - 0.000001),
};

let player, stage, log, mails, running;

// question is what the server is asked about: the scenario with what was
// turned.
function question(values = app.state.values, seed = app.state.seed) {
  if (!app.lesson) return { scenario: app.state.own ?? app.example, set: seed === 1 ? [] : [{ key: "seed", value: String(seed) }] };
  const set = app.lesson.controls.filter((c) => values[c.id] !== undefined)
    .flatMap((c) => c.keys.map((key) => ({ key, value: values[c.id] })));
  set.push(...overrideOf(values));
  if (seed !== 1) set.push({ key: "seed", value: String(seed) });
  return { lesson: app.lesson.id, set };
}

const accountName = () => {
  const all = app.result?.summary.accounts ?? [];
  return all.find((a) => a.name === app.state.account)?.name ?? app.lesson?.account ?? all[0]?.name ?? "";
};

const shownAccount = () => app.result?.summary.accounts.find((a) => a.name === accountName());

// run runs the scenario as it is set. A run under way is given up: the newest
// wins.
async function run({ play, at }) {
  running?.abort();
  const mine = running = new AbortController();
  const began = performance.now();
  $("#run")?.setAttribute("aria-busy", "true");
  try {
    const answer = await ask("run", question(), mine.signal, (what) => {
      if (mine === running) tellProblem(what);
    });
    if (mine !== running) return;
    tellProblem("");
    take(answer, play, at);
    document.body.dataset.drawn = String(Math.round(performance.now() - began));
    await figuresOf();
  } catch (problem) {
    if (problem.name === "AbortError") return;
    document.body.dataset.drawn = "";
    tellProblem(problemWords(problem));
  }
}

// tellProblem draws the card with what is wrong; nothing, where nothing is.
function tellProblem(text) {
  if (text === app.problem) return;
  app.problem = text;
  drawCard();
}

// take shows an answer: from the start where it is to be played, else at the
// moment or at the end.
function take(answer, play, at) {
  const first = !app.result;
  app.result = answer;
  app.state.ran = true;
  tick(answer);
  const horizon = answer.summary.horizon_seconds;
  startAt(answer.summary.start);
  player.load(horizon);
  app.revealed = !play || calm();
  drawStage();
  log.load(answer);
  mails.clear();
  mails.horizon = horizon;
  player.render(true);
  if (play && !calm()) {
    player.now = 0;
    player.play();
    if (innerWidth <= 960) $("#stage").scrollIntoView(); // below the card
  } else {
    player.to(at ?? horizon);
  }
  if (first || app.revealed) drawCard();
  if (play && app.revealed) showVerdict();
  drawControls();
  save();
}

// tick keeps the labs whose goals a run has reached, and says that it has; it returns whether there
// are new ones.
function tick(answer) {
  if (!app.lesson) return false;
  const done = app.done[app.lesson.id] ??= new Set();
  const besides = (lab) => !lab.others || app.others[lab.others];
  const fresh = (answer.reached ?? []).filter((i) => !done.has(i) && besides(app.lesson.labs[i]));
  for (const i of fresh) done.add(i);
  const said = fresh.length ? t("ui.goal_said", { n: fresh.map((i) => i + 1).join(", ") }) : "";
  $("#live").dataset.goal = said;
  if (said) $("#live").textContent = said;
  return fresh.length > 0;
}

// figuresOf fetches the figures of the lesson's texts.
async function figuresOf() {
  const lesson = app.lesson;
  if (!lesson || app.figures) return;
  const figures = await ask("figures", { lesson: lesson.id });
  if (lesson !== app.lesson) return;
  app.figures = figures;
  if (app.revealed) drawCard();
}

// moved is what happens when another moment is shown.
function moved(now, playing) {
  stage.show(now);
  log.show(now);
  app.state.t = now >= player.horizon ? null : now;
  if (now >= player.horizon && app.result && !app.revealed) {
    app.revealed = true;
    drawCard();
    showVerdict();
  }
  if (!playing) save();
}

// showVerdict brings the answer into view and says it, last and once.
function showVerdict() {
  $("#answer").scrollIntoView({ block: innerWidth > 960 ? "nearest" : "start" });
  setTimeout(() => { $("#live").textContent = [$("#verdict")?.textContent, $("#word").textContent, $("#live").dataset.goal].filter(Boolean).join(". "); }, 50);
}

// stepByEvents moves on a projector to the next change or refusal, or back, by the arrow keys.
function stepByEvents(e) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
  if (!by || !app.state.present || !app.result || e.target.matches("input, select, textarea, [role=slider]")) return;
  const moments = [0, ...log.moments(), player.horizon];
  const next = by > 0 ? moments.find((s) => s > player.now + 0.5) : moments.findLast((s) => s < player.now - 0.5);
  if (next === undefined) return;
  e.preventDefault();
  player.stop();
  player.to(next);
}

// pin keeps the run that is shown, to compare the next ones with; or lets go
// of it.
function pin() {
  if (app.state.pin) {
    app.state.pin = app.pinned = null;
  } else {
    app.state.pin = { values: { ...app.state.values }, seed: app.state.seed };
    app.pinned = app.result;
  }
  redraw("pin");
}

function dropOthers() {
  Object.assign(app, { others: {}, othersText: {}, beside: null });
  for (const kind of kinds) app.state[kind] = false;
  app.drawing?.abort();
}

// drawOthers runs twenty others of a kind and says how they end.
async function drawOthers(kind) {
  app.drawing?.abort();
  for (const unfinished of kinds) if (!app.others[unfinished]) app.othersText[unfinished] = "";
  const mine = app.drawing = new AbortController();
  const say = (text) => { app.othersText[kind] = text; const host = $(`#${kind}-result`); if (host) host.textContent = text; };
  try {
    const lots = await draw(kind, question(), app.state.seed, accountName(), mine.signal, say);
    if (mine !== app.drawing) return;
    app.others[kind] = spread(lots, app.result.series.seconds);
    app.beside = kind;
    app.state[kind] = true;
    tellOthers();
    redraw(kind);
    if (tick(app.result)) drawCard();
  } catch (problem) {
    if (problem.name !== "AbortError") say(problemWords(problem));
  }
}

// tellOthers says how the others end, and what decides.
function tellOthers() {
  if (!app.result) return;
  const own = ownRun(app.result, accountName());
  for (const kind of kinds) if (app.others[kind]) app.othersText[kind] = tally(kind, app.others[kind], own, app.lesson);
  app.othersText.because = because(app, own);
}

// The parts of the page, drawn anew. focus is the id of what has the focus
// afterwards, where drawing took it away.

function drawCard() {
  keepFocus(() => renderCard($("#card"), app));
  drawFigures();
}

function drawFigures() {
  renderFigures($("#figures"), app.revealed && shownAccount(), (name) => openMails(name, 0, player.horizon));
}

// openMails lists the mails behind what somebody chose: those of a kind, from one moment to
// another.
function openMails(only, from, at) {
  const title = t("ui.mails_title", { what: t("mails." + only), from: clock(from), to: clock(at) });
  mails.open(title, { at: round(Math.max(0, at - 0.000001)), from: round(from), account: accountName(), only });
}

function drawControls(focus) {
  keepFocus(() => renderControls($("#controls"), $("#further"), app), focus);
}

// In a single column the sliders stand under the first chart, which they change, and what
// leads further stands at the end.
const column = matchMedia("(max-width: 60rem)");
function place() {
  if (column.matches) {
    $("#charts").before($("#controls"));
    $("#stage").append($("#further"));
  } else {
    $("#side").append($("#controls"), $("#further"));
  }
}

function drawStage() {
  stage.first = app.lesson?.first;
  stage.drawn = app.lesson?.draw;
  stage.drawnTop = app.lesson?.top;
  stage.sketch = app.lesson ? (app.sketches[app.lesson.id] ??= { values: [] }) : null;
  stage.horizon = app.lesson?.horizon ?? 30 * 86400;
  stage.load(app.result, accountName(), app.state.chart ?? "bounce_rate", { pinned: app.pinned, kind: app.beside, lots: app.others[app.beside] }, (metric) => {
    app.state.chart = metric === "bounce_rate" ? null : metric;
    redraw("metric");
  });
}

function redraw(focus) {
  keepFocus(() => {
    drawStage();
    stage.show(player.now);
    renderControls($("#controls"), $("#further"), app);
  }, focus);
  save();
}

function keepFocus(draw, focus) {
  const id = focus ?? document.activeElement?.id;
  const had = document.activeElement && document.activeElement !== document.body;
  draw();
  if (id && had && document.activeElement?.id !== id) document.getElementById(id)?.focus({ preventScroll: true });
}

function save(entry = false) { address.write(app.state, entry); }

// open turns to another lesson, or to a scenario of one's own.
async function open(id, entry) {
  const { lang, theme, notes, present } = app.state;
  app.state = { lesson: id, values: {}, seed: 1, t: null, ran: false, pin: null, guess: null, notes, present, lang, theme, speed: null, chart: null, account: null, own: null };
  app.parameter = "";
  save(entry);
  await show();
  scrollTo(0, 0);
  $("#side").scrollTo(0, 0);
  document.getElementById("lesson-" + id)?.focus({ preventScroll: true });
}

// show draws the page from the state alone: after opening it, and when the
// history goes back.
async function show() {
  running?.abort();
  dropRun();
  app.lesson = app.lessons.find((l) => l.id === app.state.lesson) ?? (app.state.lesson === "own" ? null : app.lessons[0]);
  startAt(app.lesson?.start);
  const { ran, pin: pinned, t: at, speed } = app.state;
  const drawn = kinds.filter((kind) => app.state[kind]);
  player.speed = speed;
  applyTheme(app.state.theme);
  drawFrame(app);
  drawCard();
  drawControls();
  drawStage();
  log.load(null);
  player.load(app.lesson?.horizon ?? 30 * 86400);
  player.now = 0;
  player.render(false);
  stage.show(0);
  if (pinned) app.pinned = await ask("run", question(pinned.values, pinned.seed)).catch(() => null);
  if (ran) await run({ play: false, at: at ?? undefined });
  if (ran) for (const kind of drawn) await drawOthers(kind);
}

function dropRun() {
  mails?.clear();
  Object.assign(app, { result: null, figures: null, pinned: null, revealed: false, problem: "", others: {}, othersText: {}, beside: null });
  app.drawing?.abort();
  player.stop();
}

// words changes the language, and keeps all else.
async function words(code) {
  await speak(code);
  drawFrame(app);
  tellOthers();
  drawCard();
  drawControls();
  drawStage();
  log.load(app.result);
  player.render(Boolean(app.result));
  stage.show(player.now);
  log.show(player.now);
}

// firstWords speaks the language of the address, or the first of the reader's
// that there is.
async function firstWords() {
  await learnLanguages();
  await speak(app.state.lang ?? navigator.languages.map((l) => l.slice(0, 2)).find((l) => l in languages) ?? "en");
}

async function start() {
  app.state = address.read();
  const [lessons, parameters, example] = await Promise.all([load("api/lessons"), load("api/parameters"), fetch("example.toml").then((r) => r.text()), firstWords()]);
  Object.assign(app, { lessons, parameters });
  app.example = example;
  stage = new Stage($("#state"), $("#charts"));
  place();
  column.addEventListener("change", place);
  log = new Log($("#events"), () => question());
  player = new Player($("#player"), moved);
  player.sped = (speed) => { app.state.speed = speed; save(); };
  stage.chose = (name) => {
    app.state.account = name === app.lesson?.account ? null : name;
    dropOthers();
    mails.clear();
    redraw("account");
    drawFigures();
  };
  stage.dragged = (now) => { player.stop(); player.to(now); };
  mails = new Mails($("#mails"), () => question());
  mails.closed = () => $("#stage").focus();
  stage.opened = (only, from, at) => openMails(only, from, at);
  stage.followed = log.follow = (address) => mails.follow(address, accountName());
  stage.asked = (now) => log.openLatest(accountName(), now);
  $("#present").addEventListener("click", () => { app.state.present = !app.state.present; applyPresent(app.state.present); redraw("present"); scrollTo(0, 0); });
  addEventListener("keydown", stepByEvents);
  $("#lang").addEventListener("change", (e) => { app.state.lang = e.target.value; save(); words(e.target.value); });
  $("#theme").addEventListener("change", (e) => { app.state.theme = e.target.value === "auto" ? null : e.target.value; applyTheme(app.state.theme); redraw("theme"); });
  $(".skip").addEventListener("click", (e) => { e.preventDefault(); $("#stage").focus(); }); // the address holds the state, no place
  dark.addEventListener("change", () => { applyTheme(app.state.theme); redraw(); });
  addEventListener("popstate", () => { app.state = address.read(); show(); });
  await show();
  document.body.dataset.ready = String(Math.round(performance.now()));
}

start().catch((problem) => { fill($("#card"), el("p.problem", {}, problem.message)); });

