// Goes through the page of sesim serve as people do, while a program sends, and fails at the
// first thing that is not as it should be. run.sh of package page runs it.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open, patience, Room } from "./browser.mjs";

const began = Date.now();
const folder = mkdtempSync(join(tmpdir(), "sesim-serve-"));
const { server, browser, test, end } = await open("serve", "--port", "0", "--smtp-port", "-1", "--speed", "0", "-o", join(folder, "report"));

// send sends a mail as the program of an account, and returns the answer with its request id.
async function send(key, to) {
  const answer = await fetch(server.address + "v2/email/outbound-emails", {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/us-east-1/ses/aws4_request, SignedHeaders=host, Signature=0` },
    body: JSON.stringify({ FromEmailAddress: "shop@acme.example", Destination: { ToAddresses: [to] }, Content: { Simple: { Subject: { Data: "Hello" }, Body: { Text: { Data: "text" } } } } }),
  });
  return { status: answer.status, request: answer.headers.get("x-amzn-requestid"), ...(await answer.json()) };
}

// admin asks the server as sesim clock and act do.
async function admin(method, path, body) {
  const answer = await fetch(server.address + "_sesim/" + path, { method, headers: { "Sesim-Admin": "1" }, body: body && JSON.stringify(body) });
  return answer.json();
}

// room opens the page in a context of its own.
async function room(hash = "", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "en-GB", ...options });
  const r = await Room.open(context, server.address, "_sesim/" + hash);
  r.done = async () => { await r.close(); await context.close(); };
  // says waits until an element has a text.
  r.says = (selector, pattern) => r.page.waitForFunction(([s, p]) => new RegExp(p).test(document.querySelector(s)?.textContent ?? ""), [selector, pattern], { timeout: patience });
  r.counts = (selector, n) => r.page.waitForFunction(([s, n]) => document.querySelectorAll(s).length === n, [selector, n], { timeout: patience });
  return r;
}

await test("the page shows the accounts, and calls as they come", async () => {
  const r = await room();
  assert.equal(await r.text("#count"), "No call yet. Paste the lines that sesim serve has printed into the shell of your program.");
  assert.match(await r.text(".card >> nth=0"), /^acme us-east-1Sandbox0 of 200 in 24 h · 1\/s/);
  assert.equal((await send("acme", "team@acme.example")).status, 200);
  assert.equal((await send("acme", "team@acme.example")).status, 429);
  await r.says("#count", "^Calls: 2\\. Refused: 1\\.$");
  assert.match(await r.text(".card >> nth=0"), /1 of 200 in 24 h/);
  assert.match(await r.text(".log > li"), /acme v2 SendEmail: 429 TooManyRequestsException rate\.bucket Why/);
  assert.equal(await r.page.getAttribute("#charts [role=img]", "aria-label"), "Sending quota: 1 of 200 used in the last 24 hours");
  await r.done();
});

await test("a refusal is explained by a click, and by its id", async () => {
  const r = await room();
  const refused = await send("acme", "someone@else.example");
  await r.says(".log > li", "sandbox\\.recipients");
  await r.page.click(".log > li >> nth=1 >> button");
  await r.says(".log > li:nth-child(2) .entries", "the rate would let it pass 1 s later, if no other call is accepted before");
  assert.match(await r.text(".log > li >> nth=1"), /token bucket at 0, refilled with 1 a second.*Rule: rate\.bucket.*rests on values that AWS does not publish/);
  await r.page.fill("#call", refused.request);
  await r.page.click("#explain");
  await r.says("#calls > .entries", "it would pass once the recipients are verified, or in production");
  const sent = await send("production", "bounce-1@there.example");
  await r.page.fill("#call", sent.MessageId);
  await r.page.click("#explain");
  await r.says("#calls > .entries", "bounce-1@there\\.example.*call with 1 recipient accepted");
  await r.page.fill("#call", "none");
  await r.page.click("#explain");
  await r.says("#calls > .result", "has the request or message id \"none\"");
  await r.counts(".log > li", 4);
  await r.page.check("#only");
  await r.counts(".log > li", 2);
  r.problems = r.problems.filter((p) => !p.includes("404")); // the browser notes the answer's status
  await r.done();
});

await test("the clock: a jump, a speed, a step, and back, by keyboard", async () => {
  const r = await room("#account=production");
  const { page } = r;
  const before = (await admin("GET", "clock")).now;
  await r.tabTo("#go, #advance");
  await page.keyboard.press("Enter");
  await r.says("#clock .result", "Events: [1-9]\\d*; notifications: 0\\.");
  assert.equal(Date.parse((await admin("GET", "clock")).now) - Date.parse(before), 3600e3);
  assert.match(await r.text("#verified"), /On the account-level list: 1\./);
  await page.selectOption("#where", "until");
  await page.fill("#target", "production.quota_free >= 50000");
  await page.click("#advance");
  await r.says(".card:nth-child(2) .facts", "^0 of 50,000");
  await page.selectOption("#where", "to");
  await page.fill("#target", "2020-01-01T00:00:00Z");
  await page.click("#advance");
  await r.says("#clock .result.problem", "before the scenario starts");
  await page.selectOption("#where", "next");
  await page.click("#advance");
  await r.says("#clock .result", "^It is ");
  for (const [field, button, value, says] of [["#speed", "#set-speed", "60", "Runs 60 times as fast"], ["#tick", "#set-tick", "71ms", "moves on by 71ms"]]) {
    await page.fill(field, value);
    await page.click(button);
    await r.says("#how", says);
  }
  await page.click("#real");
  await r.says("#how", "^Runs with wall time");
  assert.equal(await page.getAttribute("#real", "aria-pressed"), "true");
  await page.click("#hold");
  await r.says("#how", "^Held");
  r.problems = r.problems.filter((p) => !p.includes("400"));
  await r.done();
});

await test("the accounts: actions, a pause that is heard, and the other account", async () => {
  const r = await room();
  const { page } = r;
  await page.fill("#identity", "new.example");
  await page.click("#verify");
  await r.says("#verified", "Verified: (acme\\.example, new|new\\.example, acme)");
  await page.click("#pause");
  await r.says(".card", "Paused by the customer");
  await r.says("#live", "^acme: Paused by the customer$");
  assert.equal((await send("acme", "team@acme.example")).status, 400);
  await page.click("#resume");
  await r.says(".card", "Sandbox");
  await page.click("#appeal"); // against nothing, which the timeline notes
  await r.says("#actions .result", "^Done\\.$");
  await page.fill("#after", "soon");
  await page.click("#appeal");
  await r.says("#actions .result.problem", "after is \"soon\"");
  await page.click(".card >> nth=1");
  await r.says("#actions-title", "^Actions for production$");
  await r.says("#charts [role=img]:not([aria-label=''])", "");
  await page.fill("#quota", "70000");
  await page.click("#grant");
  await r.says(".card:nth-child(2) .facts", "of 70,000 in 24 h");
  assert.match(page.url(), /account=production/);
  await page.selectOption("#metric", "complaint");
  assert.equal(await page.evaluate(() => document.activeElement.id), "metric");
  await page.selectOption("#span", "hour");
  for (const details of await page.locator("details.data").all()) {
    await details.locator("summary").click();
    await details.locator("tbody tr").first().waitFor({ timeout: patience });
  }
  r.problems = r.problems.filter((p) => !p.includes("400"));
  await r.done();
});

await test("German, with what the engine says", async () => {
  const r = await room("#lang=de", { locale: "de-DE" });
  await r.says(".card .word", "Sandbox");
  assert.match(await r.text("#how"), /^Angehalten: .*Als Nächstes: (Auswertung der Raten|Ende des Tages|[A-ZÄÖÜ])/);
  await send("acme", "team@acme.example");
  await send("acme", "team@acme.example");
  await r.says(".log > li", "rate\\.bucket");
  await r.page.click(".log > li >> nth=0 >> button");
  await r.says(".log > li .entries", "die Senderate ließe ihn");
  await r.page.selectOption("#lang", "en");
  await r.says("#how", "^Held");
  await r.done();
});

await test("the list of calls and the memory of the page are bounded", async () => {
  const r = await room();
  for (let i = 0; i < 6; i++) {
    await Promise.all(Array.from({ length: 60 }, () => send("acme", "team@acme.example")));
    await r.page.waitForTimeout(50);
  }
  await r.says("#count", "^Calls: 3[67]\\d\\.");
  assert.equal(await r.page.locator(".log > li").count(), 50);
  await r.done();
});

const sizes = { laptop: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } };

await test("axe-core finds nothing serious; screenshots", async () => {
  const pictures = process.env.SCREENSHOTS;
  mkdirSync(pictures, { recursive: true });
  const minor = new Set();
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const colorScheme of ["light", "dark"]) {
      const r = await room(colorScheme === "dark" ? "#account=production" : "", { viewport, colorScheme, reducedMotion: "reduce" });
      await r.page.screenshot({ path: join(pictures, `serve-${size}-${colorScheme}.png`) });
      await r.page.locator(".log > li > button").first().click();
      await r.page.waitForSelector(".log .entries code", { timeout: patience });
      const wide = await r.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${size}: the page is ${wide} pixels too wide`);
      for (const found of await r.axe(`${size}, ${colorScheme}`)) minor.add(found);
      await r.page.screenshot({ path: join(pictures, `serve-${size}-${colorScheme}-why.png`), fullPage: true });
      await r.done();
    }
  }
  console.log(`      axe-core, not serious: ${[...minor].join(", ") || "nothing"}; pictures in ${pictures}`);
});

await test("the page says when the server has ended", async () => {
  const r = await room();
  await admin("POST", "clock/end");
  await r.says("#ended", "it has ended");
  assert.ok(await r.page.locator("#ended").isVisible());
  assert.ok(await r.page.locator("#hold").isDisabled());
  r.problems = r.problems.filter((p) => !/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|503/.test(p));
  await r.done();
});

await end();
rmSync(folder, { recursive: true });
console.log(`passed after ${Math.round((Date.now() - began) / 1000)} s`);
