// The words of a page, and how numbers and times are written. Another language
// is one more file in text/ here, and one in text/ of each page; the server
// lists those there are.

import { load } from "./load.js";

export let languages = { en: "English" };

let words = {};
let patterns = [];
export let language = "en";

// learnLanguages asks which languages there are.
export async function learnLanguages() { languages = await load(file("../languages.json")); }

// file returns the address of a file beside this one.
const file = (path) => new URL(path, import.meta.url).href;

// speak loads a language; one that there is none of is English.
export async function speak(code) {
  language = code in languages ? code : "en";
  const [shared, own] = await Promise.all([load(file(`text/${language}.json`)), load(file(`../text/${language}.json`))]);
  words = { ...shared, ...own };
  for (const section in shared) {
    if (Array.isArray(shared[section])) words[section] = [...shared[section], ...(own[section] ?? [])];
    else if (own[section]) words[section] = { ...shared[section], ...own[section] };
  }
  patterns = (words.engine ?? []).map(([from, to]) => [pattern(from), to]);
  document.documentElement.lang = language;
}

// t returns the words under a path such as "ui.run", with {names} filled in.
export function t(path, values = {}) {
  const found = lookup(path);
  return typeof found === "string" ? fillIn(found, values) : path;
}

export function has(path) { return typeof lookup(path) === "string"; }

function lookup(path) {
  let node = words;
  for (const step of path.split(".")) node = node?.[step];
  return node;
}

// word looks up a name that may itself hold dots.
export function word(section, name) { return words[section]?.[name] ?? name; }

// fillIn puts values into the places of a text.
export function fillIn(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

const cache = new Map();

function formatter(options) {
  const key = language + JSON.stringify(options);
  if (!cache.has(key)) cache.set(key, new Intl.NumberFormat(language === "en" ? "en-GB" : language, options));
  return cache.get(key);
}

export const number = (n, digits = 0) => formatter({ maximumFractionDigits: digits }).format(n);

// percent writes a share with as many digits as matter, as the reports do.
export function percent(share) {
  const v = Math.abs(share * 100);
  return formatter({ style: "percent", maximumFractionDigits: v >= 10 ? 1 : v >= 1 ? 2 : 3 }).format(share);
}

const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];

// span writes a length of time in its two largest units.
export function span(seconds) {
  let rest = Math.round(seconds);
  if (rest <= 0) return "0 s";
  const first = units.findIndex(([, size]) => rest >= size);
  const next = units[first + 1]?.[1] ?? 1;
  rest = Math.round(rest / next) * next;
  const parts = [];
  for (const [name, size] of units.slice(first, first + 2)) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0) parts.push(`${number(n)}\u00a0${name}`);
  }
  return parts.join(" ");
}

const two = (n) => String(n).padStart(2, "0");

// The time of day at second 0, in seconds, and its weekday from Sunday; null where time is
// counted from there.
let dayBegan = null, weekday = 0;

// startAt makes moments times of day, in UTC, of a run that starts at a date; null: spans.
export function startAt(date) {
  dayBegan = date ? (Date.parse(date) / 1000) % 86400 : null;
  weekday = date ? new Date(date).getUTCDay() : 0;
}

// sinceMidnight is the time of day at second 0, in seconds.
export const sinceMidnight = () => dayBegan ?? 0;

// timeOfDay reports whether moments are times of day.
export const timeOfDay = () => dayBegan !== null;

// dayName is the weekday of a day, counted from that of second 0.
export function dayName(day) {
  const sunday = Date.UTC(2026, 2, 1);
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { weekday: "short", timeZone: "UTC" }).format(sunday + (weekday + day) * 86400000);
}

// clock writes a moment: "day 3, 10:15", or, of a run that starts at a date, "day 3, Thu 10:15".
export function clock(seconds, exact = false) {
  const whole = Math.floor(seconds) + sinceMidnight();
  const day = Math.floor(whole / 86400);
  const parts = [Math.floor((whole % 86400) / 3600), Math.floor((whole % 3600) / 60), ...(exact ? [whole % 60] : [])];
  return t("ui.clock", { day: number(day), time: (timeOfDay() ? dayName(day) + " " : "") + parts.map(two).join(":") });
}

// pattern makes an expression of one of the engine's sentences, in which {0}
// stands for anything.
function pattern(from) {
  const escaped = from.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp("^" + escaped.replace(/\{\d\}/g, "(.+?)") + "$");
}

// sentence translates what the engine says. It speaks English; the files of
// other languages hold its sentences. What none of them fits stays as it is.
// Its moments are spans since the start; of a run with times of day they become these.
export function sentence(text) { return translated(timeOfDay() ? text.replace(/\bday (\d+), (\d\d):(\d\d)/g, shifted) : text); }

function shifted(_, d, h, m) {
  const minutes = Number(d) * 1440 + Number(h) * 60 + Number(m) + Math.floor(sinceMidnight() / 60);
  return `day ${Math.floor(minutes / 1440)}, ${two(Math.floor(minutes % 1440 / 60))}:${two(minutes % 60)}`;
}

function translated(text) {
  for (const [from, to] of patterns) {
    const found = from.exec(text);
    if (found) return to.replace(/\{(\d)\}/g, (_, n) => translated(found[Number(n) + 1]));
  }
  return patterns.length ? numeral(text) : text;
}

// numeral writes a number of the engine's in the language of the page.
function numeral(text) {
  const found = /^(-?[\d,]+(?:\.(\d+))?)(%?)$/.exec(text);
  if (!found) return text;
  const value = Number(found[1].replaceAll(",", ""));
  const digits = found[2]?.length ?? 0;
  return formatter({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value) + (found[3] ? "\u00a0%" : "");
}
