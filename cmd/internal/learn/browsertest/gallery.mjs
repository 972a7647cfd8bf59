// Takes the pictures of the classroom that its page shows, into the folder SCREENSHOTS.

import { join } from "node:path";
import { open } from "./browser.mjs";
import { Classroom } from "./classroom.mjs";

const { server, browser, end } = await open("learn", "--no-open");
for (const [name, colorScheme, hash] of [
  ["review", "light", "#lesson=review&ran=1&pin=hygiene%3Dremove%26seed%3D1"],
  ["return", "dark", `#lesson=return&ran=1&t=${57 * 86400 + 21 * 3600}`],
]) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme, reducedMotion: "reduce", locale: "en-GB" });
  const room = await Classroom.open(context, server.address, hash);
  await room.ended();
  await room.page.waitForLoadState("networkidle");
  await room.page.screenshot({ path: join(process.env.SCREENSHOTS, name + ".png") });
  await room.close();
  await context.close();
}
await end();
