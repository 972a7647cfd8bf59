// Opens reports and the pages of studies from their files, as readers do, and fails at the
// first thing that is not as it should be. run.sh of package page runs it. Each page is
// visited in one of the modes, all pages together in all of them; with EVERYTHING set, each
// page in each, and each is printed.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { open } from "./browser.mjs";
import { together, write } from "./pages.mjs";
import { Sheet } from "./sheet.mjs";

const began = Date.now();
const everything = process.env.EVERYTHING !== undefined;
const folder = mkdtempSync(join(tmpdir(), "sesim-pages-"));
const pictures = process.env.SCREENSHOTS;
mkdirSync(pictures, { recursive: true });
const { browser, test, end } = await open();

const laptop = { width: 1366, height: 768 }, small = { width: 1024, height: 768 }, phone = { width: 390, height: 844 };
const modes = [laptop, phone, small].flatMap((viewport) => ["light", "dark"].map((colorScheme) => ({ viewport, colorScheme })));

// visit opens a page in a context of its own, which ends with f.
async function visit(page, options, f) {
  const context = await browser.newContext({ ...options, reducedMotion: "reduce" });
  const sheet = await Sheet.open(context, pathToFileURL(page.path).href);
  await f(sheet);
  await sheet.close();
  await context.close();
}

let pages = [];
await test("sesim writes the pages", async () => { pages = await write(folder); });

await test("the report of a shipped scenario is under 400 kB", async () => {
  const sizes = pages.filter((p) => p.shipped).map((p) => [p.name, statSync(p.path).size]);
  for (const [name, size] of sizes) assert.ok(size < 400_000, `${name}: ${size} bytes`);
  const [name, size] = sizes.reduce((a, b) => (a[1] > b[1] ? a : b));
  console.log(`      the largest is ${name}, ${Math.round(size / 1000)} kB`);
});

// look does with a page what a reader does, in a mode.
async function look(page, mode) {
  await visit(page, mode, async (sheet) => {
    await sheet.page.screenshot({ path: join(pictures, `${page.name}-${mode.viewport.width}-${mode.colorScheme}.png`) });
    await sheet.firstScreen(mode.viewport);
    await sheet.width();
    assert.deepEqual(await sheet.axe(page.name), [], "axe-core");
    await sheet.keyboard();
    await sheet.pointer();
    await sheet.enlarged();
  });
}

const left = pages.flatMap((page, i) => (everything ? modes : [modes[i % modes.length]]).map((mode) => [page, mode]));
await together(async () => {
  for (let next = left.shift(); next; next = left.shift()) {
    const [page, mode] = next;
    await test(`${page.name}, ${mode.viewport.width} pixels wide, ${mode.colorScheme}`, () => look(page, mode));
  }
});

const kinds = everything ? pages : pages.filter((p) => !p.shipped || ["industry-2016", "workers-and-limiters"].includes(p.name));

await test("without scripts every chart is there", async () => {
  for (const page of everything ? kinds : kinds.filter((_, i) => i % 2 === 0)) {
    const charts = [];
    for (const javaScriptEnabled of [true, false]) {
      await visit(page, { viewport: laptop, javaScriptEnabled }, async (sheet) => charts.push(await sheet.charts()));
    }
    assert.ok(charts[1].length > 0, `${page.name} has no chart`);
    assert.deepEqual(charts[1], charts[0], page.name);
  }
});

await test("printed, the first page has the answer, and no chart is apart from its heading", async () => {
  const counts = [];
  for (const { name, path } of kinds) {
    await visit({ path }, { viewport: laptop }, async (sheet) => counts.push(`${name} ${await sheet.printed(join(folder, name + ".pdf"))}`));
  }
  console.log(`      sheets of paper: ${counts.join(", ")}`);
});

await end();
rmSync(folder, { recursive: true });
console.log(`passed after ${Math.round((Date.now() - began) / 1000)} s`);
