// The page: it asks the server once a second how things stand, and shows it.

import { $, el, fill } from "../shared/dom.js";
import { applyTheme, dark, drawWords } from "../shared/frame.js";
import { Problem } from "../shared/load.js";
import { languages, learnLanguages, speak, t, word } from "../shared/text.js";
import { Accounts, Actions } from "./accounts.js";
import { ask } from "./api.js";
import { Calls } from "./calls.js";
import { Charts } from "./charts.js";
import { ClockPanel } from "./clock.js";

const every = 1000, hiddenEvery = 5000, againEvery = 3000; // ms

// state is what the address holds: language, appearance, account.
const state = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const save = () => history.replaceState(null, "", "#" + new URLSearchParams(Object.entries(state).filter(([, v]) => v)));

const charts = new Charts($("#charts")), calls = new Calls($("#calls"));
const clock = new ClockPanel($("#clock"), refresh), actions = new Actions($("#actions"), refresh);
const accounts = new Accounts($("#accounts"), choose);
let live = null, session = "", timer = 0, asking = null, gone = false;

// refresh asks at once, or waits for the answer that is under way and asks again.
async function refresh() {
  await asking;
  await poll();
}

function poll() {
  clearTimeout(timer);
  asking = look().finally(() => { timer = setTimeout(poll, gone ? againEvery : document.hidden ? hiddenEvery : every); });
  return asking;
}

async function look() {
  const query = new URLSearchParams({ after: calls.total });
  if (state.account) query.set("account", state.account);
  try {
    const answer = await ask("GET", "live?" + query);
    tellEnd("");
    take(answer);
  } catch (problem) {
    tellEnd(problem instanceof Problem ? `${t("ui.error")}: ${problem.message}` : t("ui.ended"));
  }
}

// tellEnd says that the server has ended, or nothing.
function tellEnd(text) {
  const host = $("#ended");
  if (host.textContent !== text) host.textContent = text;
  host.hidden = !text;
  gone = Boolean(text);
  for (const b of document.querySelectorAll("#side button")) b.disabled = gone;
}

const chosen = () => live.accounts.find((a) => a.name === state.account) ?? live.accounts[0];

// take shows an answer. With one of another session the page begins anew.
function take(answer) {
  if (session && session !== answer.session) {
    location.reload();
    return;
  }
  const before = live;
  live = answer;
  if (!session) drawParts();
  session = answer.session;
  calls.show(answer);
  showParts();
  const changed = answer.accounts.filter((a) => before?.accounts.find((b) => b.name === a.name && b.state !== a.state));
  if (changed.length) $("#live").textContent = changed.map((a) => `${a.name}: ${word("state", a.state)}`).join(". ");
  document.body.dataset.ready ??= String(Math.round(performance.now()));
}

// drawParts draws everything anew, as in another language.
function drawParts() {
  const focused = document.activeElement?.id;
  drawWords(state.theme);
  $("#scenario").textContent = live.scenario;
  document.title = `${live.scenario} · sesim serve`;
  clock.draw();
  actions.draw(chosen().name);
  accounts.draw();
  charts.draw(live.lines);
  calls.draw();
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function showParts() {
  const account = chosen();
  accounts.show(live.accounts, account.name);
  clock.show(live.clock, account.name);
  actions.show(account);
  charts.show(live.history);
}

function redraw() {
  if (!live) return;
  drawParts();
  calls.count(live);
  showParts();
}

async function choose(name) {
  state.account = name;
  save();
  charts.forget();
  actions.draw(name);
  await refresh();
}

async function start() {
  applyTheme(state.theme);
  await learnLanguages();
  await speak(state.lang ?? navigator.languages.map((l) => l.slice(0, 2)).find((l) => l in languages) ?? "en");
  drawWords(state.theme);
  $("#lang").addEventListener("change", async (e) => { state.lang = e.target.value; save(); await speak(state.lang); redraw(); });
  $("#theme").addEventListener("change", (e) => {
    if (e.target.value === "auto") delete state.theme;
    else state.theme = e.target.value;
    save();
    applyTheme(state.theme);
    redraw();
  });
  $(".skip").addEventListener("click", (e) => { e.preventDefault(); $("#stage").focus(); });
  dark.addEventListener("change", () => { applyTheme(state.theme); redraw(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
  await poll();
}

start().catch((problem) => { fill($("#stage"), el("p.problem", {}, problem.message)); });
