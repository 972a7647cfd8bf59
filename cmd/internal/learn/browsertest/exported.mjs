// Goes through an exported classroom, which any web server serves and the browser runs: on a
// page, in a frame, on a phone.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { patience } from "./browser.mjs";
import { Classroom, lessons, sesim, sesimScenario } from "./classroom.mjs";

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml" };
const framed = "<!doctype html><html lang=en><title>A course</title><iframe src=SITE width=800 height=900 title=Classroom></iframe>";

// serve serves a folder below /site/, and a page of another origin with it in a frame.
async function serve(folder) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    try {
      const name = path === "/" ? null : join(folder, path.slice("/site".length), path.endsWith("/") ? "index.html" : "");
      response.setHeader("Content-Type", types[name ? extname(name) : ".html"] ?? "application/octet-stream");
      response.end(name ? readFileSync(name) : framed.replace("SITE", `http://127.0.0.1:${server.address().port}/site/`));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  return { address: `http://127.0.0.1:${port}/`, other: `http://localhost:${port}/`, end: () => server.close() };
}

// sizeOf is the size of a folder with each file compressed, in bytes.
function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile())
    .reduce((sum, f) => sum + gzipSync(readFileSync(join(f.parentPath, f.name)), { level: 9 }).length, 0);
}

// exported tests a classroom that it exports.
export async function exported({ browser, test }) {
  const folder = mkdtempSync(join(tmpdir(), "sesim-site-"));
  const said = spawnSync(process.env.SESIM, ["learn", "--export", folder], { encoding: "utf8", cwd: process.env.SOURCE });
  assert.equal(said.status, 0, said.stderr);
  const server = await serve(folder);
  const times = { first: [], run: [] };

  await test("an exported classroom is under 3 MB", async () => {
    const size = sizeOf(folder);
    console.log(`      ${(size / 1e6).toFixed(2)} MB, each file compressed`);
    assert.ok(size < 3e6, `${size} bytes`);
  });

  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, reducedMotion: "reduce", locale: "en-GB", permissions: ["clipboard-read", "clipboard-write"] });
  const r = await Classroom.open(context, server.address + "site/");
  for (const lesson of lessons) {
    await test(`exported lesson ${lesson}`, async () => {
      await r.page.click("#lesson-" + lesson);
      await r.page.waitForFunction((id) => location.hash.includes("lesson=" + id), lesson);
      const began = Date.now();
      await r.page.click("#run");
      await r.ended();
      times.first.push(Date.now() - began);
      assert.equal(await r.text("#fingerprint"), sesim("run", "lesson-" + lesson).fingerprint);
      await r.page.waitForFunction(() => !/[{}]/.test(document.querySelector("#answer").textContent), undefined, { timeout: patience });
      times.run.push(await r.turn("dead", 8));
      const changed = sesimScenario(await r.handedOn("copy-scenario"));
      assert.equal(await r.text("#fingerprint"), changed.fingerprint);
      const account = changed.accounts.find((a) => a.name === (lesson === "neighbour" ? "bakery" : "shop"));
      const shown = await r.figures();
      for (const name of ["accepted", "delivered", "hard_bounced", "suppressed_global"]) assert.equal(shown[name], account[name], name);
    });
  }
  await test("exported: why, and twenty other seeds", async () => {
    await r.page.locator(".log > li > button").first().click();
    await r.page.waitForSelector(".log .entries li code", { timeout: patience });
    await r.page.click("#seeds");
    await r.page.waitForFunction(() => /^Of 20/.test(document.querySelector("#seeds-result").textContent), undefined, { timeout: 2 * patience });
    await r.close();
    await context.close();
  });

  await test("an exported classroom in a frame, and mistakes in a scenario of one's own", async () => {
    const context = await browser.newContext({ locale: "de-DE" });
    const page = await context.newPage();
    await page.goto(server.other);
    const frame = page.frameLocator("iframe");
    await frame.locator("#run").click();
    await frame.locator("#play:not([disabled])").waitFor({ timeout: patience });
    await frame.locator("#lesson-own").click();
    await frame.locator("#own").fill("name = 5");
    await frame.locator("#run").click();
    await frame.locator(".problem", { hasText: "scenario.toml:1:8: name: 5" }).waitFor({ timeout: patience });
    await context.close();
  });

  const most = (list) => Math.round(Math.max(...list)), half = (list) => Math.round(list.toSorted((a, b) => a - b)[list.length >> 1]);
  console.log(`      to the first run, the engine loaded before it: ${times.first[0]} ms; letting go of a slider to the drawn run: half at most ${half(times.run)} ms, the longest ${most(times.run)} ms`);
  server.end();
  rmSync(folder, { recursive: true });
}
