// A page of a report or a study, and what the test asks of it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { Room } from "./browser.mjs";

const controls = "a[href], summary, [tabindex='0']";

export class Sheet extends Room {
  static ready = "main";

  // box returns where an element lies in the window.
  box(selector) { return this.page.locator(selector).first().boundingBox(); }

  // firstScreen: the question and the answer are on it, and on a window as wide as a book
  // the chart's top, on a phone its heading.
  async firstScreen({ width, height }) {
    for (const part of [".question", ".answer"]) {
      const box = await this.box(part);
      assert.ok(box.y + box.height <= height, `${part} ends at ${box.y + box.height}, below the first screen of ${height}`);
    }
    const chart = await this.box(".front figure svg:visible");
    assert.ok(chart.y <= height - 120 || width < 640, `the chart begins at ${chart.y} of ${height}`);
  }

  // width: the page is no wider than the window; what is wider is scrolled within it.
  async width() {
    const over = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `the page is ${over} pixels too wide`);
  }

  // keyboard: Tab reaches every control that is visible, in order, and Enter opens details.
  async keyboard() {
    const { page } = this;
    const all = await page.evaluate((s) => {
      const list = [...document.querySelectorAll(s)].filter((e) => e.checkVisibility());
      window.reached = [];
      document.addEventListener("focusin", (e) => window.reached.push(list.indexOf(e.target)));
      return list.length;
    }, controls);
    for (let i = 0; i < all; i++) await page.keyboard.press("Tab");
    assert.deepEqual(await page.evaluate(() => window.reached), [...Array(all).keys()], "Tab leaves out a control, or goes elsewhere");
    const details = page.locator("details").first();
    if (await details.count() === 0) return;
    await details.locator("summary").focus();
    await page.keyboard.press("Enter");
    assert.equal(await details.getAttribute("open"), "", "Enter opens the table of a chart");
    await page.keyboard.press("Enter");
  }

  // times returns the charts of time that are shown.
  times() { return this.page.locator("svg[data-axes]:visible").all(); }

  // hover points at a share of a chart's first axis of time and returns that time.
  async hover(svg, share) {
    await svg.scrollIntoViewIfNeeded();
    const at = await svg.evaluate((e, share) => {
      const axis = e.dataset.axes.split(" ")[0].split(",").map(Number), view = e.viewBox.baseVal, r = e.getBoundingClientRect();
      const x = r.left + (axis[0] + share * (axis[1] - axis[0]) - view.x) / view.width * r.width;
      return { x, y: Math.max(r.top, 0) + Math.min(r.height, 200) / 2, time: axis[2] + share * (axis[3] - axis[2]) };
    }, share);
    await this.page.mouse.move(at.x, at.y);
    return at.time;
  }

  // pointer: each chart of time says the values under the pointer with their names, as its
  // readings have them, and every chart that has that time has the cursor there.
  async pointer() {
    const charts = await this.times();
    for (const svg of charts) {
      const time = await this.hover(svg, 0.6);
      const seen = await this.page.evaluate((time) => {
        const charts = [...document.querySelectorAll("svg[data-axes]")].filter((e) => e.checkVisibility());
        const has = (e) => e.dataset.axes.split(" ").some((a) => +a.split(",")[2] <= time && time <= +a.split(",")[3]);
        return {
          shown: [...document.querySelectorAll("#reading > div")].map((e) => e.textContent),
          wrong: charts.filter((e) => has(e) !== (e.querySelector(".cursor[visibility=visible]") !== null))
            .map((e) => e.closest("figure").querySelector("h3").textContent),
        };
      }, time);
      assert.match(seen.shown[0], /^day [−\d]+, \d\d:\d\d(:\d\d)?$/);
      const readings = await svg.evaluate((e) => e.closest("figure").dataset.readings);
      if (readings) {
        const [names, ...rows] = readings.split("\n").map((line) => line.split("\t"));
        const said = rows.map((row) => row.slice(1).map((v, i) => v && `${names[i]}: ${v}`).filter(Boolean).join("; "));
        assert.ok(said.includes(seen.shown.slice(1).join("; ")), `the values under the pointer are none of the chart's: ${seen.shown}`);
      }
      assert.deepEqual(seen.wrong, [], "the cursor is not in these charts, or should not be");
    }
    await this.page.mouse.move(2, 2);
    if (charts.length > 0) assert.ok(await this.page.locator("#reading").isHidden(), "the values stay without a pointer");
  }

  // enlarged: drawing over a chart enlarges that part in every chart that has it, and so does
  // the key +; a double click and Escape show all again.
  async enlarged() {
    const [svg] = await this.times();
    if (!svg) return;
    const { page } = this;
    const views = () => page.$$eval("svg.area", (list) => list.map((e) => ({
      box: e.getAttribute("viewBox").split(" ").map((v) => (+v).toFixed(3)).join(" "),
      axes: [...new Set(e.parentNode.closest("svg").dataset.axes.split(" ").map((a) => a.split(",").slice(2).join()))].join(" "),
    })));
    const whole = await views();
    const times = (await svg.getAttribute("data-axes")).split(" ")[0].split(",").slice(2).join();
    const part = async (how) => {
      const now = await views();
      const same = whole.filter((v, i) => v.axes === times && v.box === now[i].box).length;
      assert.equal(same, 0, `${how} leaves ${same} charts as they were`);
      assert.ok(now.every((v) => v.box.split(" ")[2] > 0), `${how} leaves a chart without a width`);
      assert.match(await svg.locator(".mark[visibility=visible]").first().textContent(), /^day −?\d+, \d\d:\d\d$/);
      const labels = svg.locator(".fixed");
      assert.ok(await labels.count() === 0 || await labels.first().isHidden(), "the labels of the whole time stay");
    };
    const back = async (how) => assert.deepEqual(await views(), whole, `${how} does not show all again`);
    await this.hover(svg, 0.3);
    await page.mouse.down();
    await this.hover(svg, 0.6);
    await page.mouse.up();
    await part("drawing");
    await svg.dblclick({ position: { x: 40, y: 20 } });
    await back("a double click");
    await svg.locator("xpath=ancestor::div[contains(@class, 'chart')]").focus();
    await page.keyboard.press("ArrowRight");
    assert.ok(await page.locator("#reading").isVisible(), "an arrow key shows the values");
    await page.keyboard.press("+");
    await part("+");
    await page.keyboard.press("Escape");
    await back("Escape");
  }

  // charts returns the heading and the size of each chart.
  charts() {
    return this.page.$$eval("figure", (list) => list.map((f) => {
      const box = [...f.querySelectorAll("svg")].find((e) => e.checkVisibility()).getBoundingClientRect();
      return `${f.querySelector("h3").textContent}: ${Math.round(box.width)} by ${Math.round(box.height)}`;
    }));
  }

  // printed prints the page and returns how many pages of paper it takes. Words that only this
  // test puts there tell where a heading, a chart's top and its bottom are.
  async printed(path) {
    const { page } = this;
    const charts = await page.evaluate(() => {
      const figures = [...document.querySelectorAll("figure")];
      figures.forEach((f, i) => {
        f.querySelector("h3").append(` heading${i}x`);
        const svg = [...f.querySelectorAll("svg")].find((e) => e.checkVisibility()), view = svg.viewBox.baseVal;
        for (const [word, y] of [["top", view.y + 8], ["bottom", view.y + view.height - 2]]) {
          const text = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "text"));
          text.setAttribute("x", view.x);
          text.setAttribute("y", y);
          text.textContent = `${word}${i}x`;
        }
      });
      return figures.length;
    });
    await page.pdf({ path, format: "A4", margin: { top: "15mm", bottom: "15mm", left: "15mm", right: "15mm" } });
    const text = spawnSync("pdftotext", ["-layout", path, "-"], { encoding: "utf8" });
    assert.equal(text.status, 0, text.stderr);
    const sheets = text.stdout.split("\f").slice(0, -1);
    const bare = (s) => s.replace(/\s+/g, ""); // lines end within words, at hyphens
    for (const part of [".question", ".answer"]) {
      const words = await this.text(part);
      assert.ok(bare(sheets[0]).includes(bare(words)), `the first page of paper does not have "${words}": ${sheets[0]}`);
    }
    const on = (word) => sheets.findIndex((s) => s.includes(word));
    assert.equal(on("bottom0x"), 0, "the chart that shows it is not on the first page of paper");
    for (let i = 0; i < charts; i++) {
      const [heading, top, bottom] = [`heading${i}x`, `top${i}x`, `bottom${i}x`].map(on);
      const whole = heading >= 0 && heading === top && top === bottom;
      assert.ok(whole, `chart ${i}: heading, top and bottom are on the pages ${[heading, top, bottom]}`);
    }
    sheets.forEach((s, i) => assert.ok(bare(s) !== "", `page ${i} of paper is empty`));
    return sheets.length;
  }
}
