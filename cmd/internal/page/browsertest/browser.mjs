// The server, the browser, and what every test does with them.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const patience = 30_000; // ms; far above what anything takes

// start starts sesim and returns the address that it prints, and how to end it.
async function start(...args) {
  const server = spawn(process.env.SESIM, args, { stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise((found, failed) => {
    let text = "";
    server.stdout.on("data", (piece) => {
      text += piece;
      const match = /http:\/\/[^\s/]+/.exec(text);
      if (match) found(match[0] + "/");
    });
    server.on("exit", (code) => failed(new Error(`sesim ${args[0]} ended with ${code}`)));
  });
  const ended = new Promise((done) => server.on("exit", done));
  return { address, end: async () => { server.kill("SIGINT"); assert.equal(await ended, 0, `exit status of sesim ${args[0]}`); } };
}

// open starts a browser with a profile of its own and, with arguments, sesim. test does one
// test, and ends all with the first that fails.
export async function open(...args) {
  const server = args.length > 0 ? await start(...args) : null;
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: flags });
  const end = async () => { await browser.close(); await server?.end(); };
  const test = async (name, f) => {
    const from = Date.now();
    try {
      await f();
    } catch (error) {
      console.error(`FAIL  ${name}\n${error.stack}`);
      await end();
      process.exit(1);
    }
    console.log(`ok    ${name} (${Date.now() - from} ms)`);
  };
  return { server, browser, test, end };
}

// Room is one page, under observation: whatever leaves the machine, whatever
// stands on the console, and every error is a problem.
export class Room {
  static ready = "body[data-ready]";

  static async open(context, address, hash = "") {
    const room = new this();
    room.page = await context.newPage();
    room.address = address;
    room.problems = [];
    const say = (text) => room.problems.push(text);
    room.page.on("console", (m) => say(`console: ${m.type()}: ${m.text()}`));
    room.page.on("pageerror", (e) => say(`error: ${e.message}`));
    room.page.on("request", (r) => { if (!r.url().startsWith(address) && !r.url().startsWith("data:")) say(`left the machine: ${r.url()}`); });
    room.page.on("requestfailed", (r) => { if (r.failure()?.errorText !== "net::ERR_ABORTED") say(`failed: ${r.url()} ${r.failure()?.errorText}`); });
    await room.page.goto(address + hash);
    await room.page.waitForSelector(this.ready, { timeout: patience });
    return room;
  }

  async close() {
    assert.deepEqual(this.problems, [], "the console is empty, and no request leaves the machine");
    await this.page.close();
  }

  text(selector) { return this.page.textContent(selector); }

  // tabTo presses Tab until the element has the focus.
  async tabTo(selector) {
    for (let i = 0; i < 200; i++) {
      if (await this.page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return;
      await this.page.keyboard.press("Tab");
    }
    assert.fail(`Tab does not reach ${selector}`);
  }

  // axe fails where the accessibility checker finds something serious, in the page or another one.
  async axe(what, page = this.page) {
    if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact))
      .map((v) => `${what}: ${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")} ${v.nodes[0].any[0]?.message ?? ""}`);
    assert.deepEqual(serious, []);
    return found.violations.map((v) => `${v.id} (${v.impact})`);
  }
}
