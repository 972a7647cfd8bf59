// The server, the browser, and what every test does with them.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const lessons = ["sandbox", "quota", "production", "bounce", "return", "review", "neighbour"];

export const patience = 30_000; // ms; far above what anything takes

// serve starts the classroom and returns its address and how to end it.
export async function serve() {
  const server = spawn(process.env.SESIM, ["learn", "--no-open"], { stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise((found, failed) => {
    let text = "";
    server.stdout.on("data", (piece) => {
      text += piece;
      const match = /http:\/\/\S+\//.exec(text);
      if (match) found(match[0]);
    });
    server.on("exit", (code) => failed(new Error(`sesim learn ended with ${code}`)));
  });
  const ended = new Promise((done) => server.on("exit", done));
  return { address, end: async () => { server.kill("SIGINT"); assert.equal(await ended, 0, "exit status of sesim learn"); } };
}

// launch starts the browser with a profile of its own.
export async function launch() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: flags });
  return { browser, end: () => browser.close() };
}

// Room is one page, under observation: whatever leaves the machine, whatever
// stands on the console, and every error is a problem.
export class Room {
  static async open(context, address, hash = "") {
    const room = new Room();
    room.page = await context.newPage();
    room.address = address;
    room.problems = [];
    const say = (text) => room.problems.push(text);
    room.page.on("console", (m) => say(`console: ${m.type()}: ${m.text()}`));
    room.page.on("pageerror", (e) => say(`error: ${e.message}`));
    room.page.on("request", (r) => { if (!r.url().startsWith(address) && !r.url().startsWith("data:")) say(`left the machine: ${r.url()}`); });
    room.page.on("requestfailed", (r) => { if (r.failure()?.errorText !== "net::ERR_ABORTED") say(`failed: ${r.url()} ${r.failure()?.errorText}`); });
    await room.page.goto(address + hash);
    await room.page.waitForSelector("body[data-ready]", { timeout: patience });
    return room;
  }

  async close() {
    assert.deepEqual(this.problems, [], "the console is empty, and no request leaves the machine");
    await this.page.close();
  }

  text(selector) { return this.page.textContent(selector); }

  // ended waits for the end of a run that plays.
  async ended() { await this.page.waitForSelector("#verdict", { timeout: patience }); }

  // turn moves a slider or a choice to the value with that index, lets go, and
  // returns how long it took until the new run was drawn, in ms.
  async turn(id, index) {
    return this.page.evaluate(([id, index]) => new Promise((done) => {
      const input = document.getElementById("control-" + id);
      delete document.body.dataset.drawn;
      const began = performance.now();
      if (input.tagName === "SELECT") input.selectedIndex = index;
      else input.value = index;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
      const look = () => (document.body.dataset.drawn !== undefined ? requestAnimationFrame(() => done(performance.now() - began)) : requestAnimationFrame(look));
      look();
    }), [id, index]);
  }

  // handedOn returns what a button copies.
  async handedOn(button) {
    await this.page.click("#" + button);
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  // figures returns the figures that the page shows, exactly.
  async figures() {
    return this.page.$$eval("#figures dd", (list) => Object.fromEntries(list.map((d) => [d.dataset.figure, Number(d.dataset.value)])));
  }

  // tabTo presses Tab until the element has the focus.
  async tabTo(selector) {
    for (let i = 0; i < 200; i++) {
      if (await this.page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return;
      await this.page.keyboard.press("Tab");
    }
    assert.fail(`Tab does not reach ${selector}`);
  }

  // axe fails where the accessibility checker finds something serious.
  async axe(what) {
    await this.page.evaluate(axeSource);
    const found = await this.page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact))
      .map((v) => `${what}: ${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")} ${v.nodes[0].any[0]?.message ?? ""}`);
    assert.deepEqual(serious, []);
    return found.violations.map((v) => `${v.id} (${v.impact})`);
  }
}

// sesim runs the program and returns the JSON that it prints.
export function sesim(...args) {
  const result = spawnSync(process.env.SESIM, [...args, "--json", "--quiet"], { encoding: "utf8", maxBuffer: 1 << 26 });
  assert.ok([0, 99].includes(result.status), `sesim ${args.join(" ")}: ${result.status} ${result.stderr}`);
  return JSON.parse(result.stdout);
}

// sesimScenario runs the program on a scenario's text.
export function sesimScenario(text) {
  const folder = mkdtempSync(join(tmpdir(), "sesim-scenario-"));
  const file = join(folder, "exported.toml");
  writeFileSync(file, text);
  try {
    return sesim("run", file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
