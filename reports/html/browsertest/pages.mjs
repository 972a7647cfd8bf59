// The pages that the test visits, as sesim writes them.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const log = join(process.env.SOURCE, "../../calibrate/testdata/newsletter.jsonl.gz");

// sesim runs a command. A threshold that fails and a goal that is not reached are results.
function sesim(...args) {
  return new Promise((done, failed) => execFile(process.env.SESIM, args, { maxBuffer: 1 << 26 }, (error, out, fault) => {
    if (error && error.code !== 99) failed(new Error(`sesim ${args.join(" ")}: ${error.message} ${fault}`));
    else done(out);
  }));
}

// together does the same work twice at a time.
export const together = (work) => Promise.all([work(), work()]);

// write writes all pages below a folder and returns them by name, those of shipped scenarios
// marked.
export async function write(folder) {
  const scenarios = (await sesim("scenarios")).trim().split("\n").map((line) => line.split(" ")[0]);
  writeFileSync(join(folder, "sweep.toml"), await sesim("scenarios", "stale-list") +
    '\n[sweep]\n"audience.customers.invalid" = ["2%", "5%", "10%"]\n"account.acme.quota" = [10000, 20000]\n');
  const commands = {
    sweep: ["run", join(folder, "sweep.toml"), "--replications", "2", "--quiet"],
    replications: ["run", "stale-list", "--replications", "12", "--quiet"],
    assumptions: ["run", "repeat-bouncer", "--assumptions", "--quiet"],
    compare: ["compare", "stale-list", "--vs", "audience.customers.invalid=3%", "--replications", "4", "--progress", "none"],
    plan: ["plan", "which-quota", "--bare", "--replications", "100", "--confirm", "100", "--quiet"],
    bench: ["bench", "--addresses", "1e3,1e4", "--rounds", "1", "--quick", "--quiet"],
    calibrate: ["calibrate", log, "--name", "acme", "--quiet"],
    backtest: ["backtest", log, "--name", "acme", "--holdout", "7d", "--folds", "2", "--quiet"],
    ...Object.fromEntries(scenarios.map((name) => [name, ["run", name, "--quiet"]])),
  };
  const left = Object.entries(commands);
  await together(async () => {
    for (let next = left.shift(); next; next = left.shift()) await sesim(...next[1], "-o", join(folder, next[0]));
  });
  const pages = Object.keys(commands).map((name) => ({ name, path: join(folder, name, "report.html"), shipped: scenarios.includes(name) }));
  assert.ok(scenarios.length >= 16 && pages.length === scenarios.length + 8, "the pages are not those that the test is about");
  return pages;
}
