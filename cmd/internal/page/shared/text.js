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

// clock writes a moment: "day 3, 10:15".
export function clock(seconds) {
  const whole = Math.floor(seconds);
  return t("ui.clock", { day: number(Math.floor(whole / 86400)), time: two(Math.floor((whole % 86400) / 3600)) + ":" + two(Math.floor((whole % 3600) / 60)) });
}

// pattern makes an expression of one of the engine's sentences, in which {0}
// stands for anything.
function pattern(from) {
  const escaped = from.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp("^" + escaped.replace(/\{\d\}/g, "(.+?)") + "$");
}

// sentence translates what the engine says. It speaks English; the files of
// other languages hold its sentences. What none of them fits stays as it is.
export function sentence(text) {
  for (const [from, to] of patterns) {
    const found = from.exec(text);
    if (found) return to.replace(/\{(\d)\}/g, (_, n) => sentence(found[Number(n) + 1]));
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
