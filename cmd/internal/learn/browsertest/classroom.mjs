// The classroom, and what its test does with it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { patience, Room } from "./browser.mjs";

export const lessons = ["sandbox", "quota", "production", "bounce", "return", "review", "neighbour"];

// Classroom is a page of the classroom.
export class Classroom extends Room {
  // ended waits for the end of a run that plays.
  async ended() { await this.page.waitForSelector("#verdict", { timeout: patience }); }

  // again loads the page anew, as a reader does.
  async again() {
    await this.page.reload();
    await this.page.waitForSelector("body[data-ready]", { timeout: patience });
  }

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
