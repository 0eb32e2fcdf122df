// Plays the page in headless Chromium and times gestures. Usage: node latency.mjs WEB_FOLDER CHROMIUM ADDRESS SETTINGS
// Prints one line of JSON: when gestures were made, which frame was at the loudspeaker when, and how often the page ran out of
// sound; then plays on until its input ends.

import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [web, executablePath, address, settings] = process.argv.slice(2);
const { chromium } = createRequire(join(web, "package.json"))("playwright-core");
const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"];
const profile = mkdtempSync(join(tmpdir(), "legato-latency-"));
const context = await chromium.launchPersistentContext(profile, { executablePath, args });
const page = await context.newPage();
page.setDefaultTimeout(60_000);
await page.goto(address);
await page.getByRole("button", { name: "Start" }).click();
await page.waitForFunction(() => window.legato.stats?.played > 4800);

const found = await page.evaluate(async ({ seconds, settle, every, seed }) => {
  const { session } = window.legato;
  const [asked, marks] = [[], []];
  const wait = (s) => new Promise((done) => setTimeout(done, 1000 * s));
  let state = seed + 1;
  const draw = () => (state = (state * 48271) % 2147483647) / 2147483647;
  // Each report of the audio thread once, with how the sound card's clock lies to the page's.
  let [card, stale] = [null, null]; // the sound card as it is open now, and the last report from before
  const timer = setInterval(() => {
    const { context, stats } = session.player;
    if (context !== card) [card, stale] = [context, stats];
    const { index, contextTime, playing } = stats;
    if (stats === stale || !playing || marks.at(-1)?.index === index) return;
    const at = context.getOutputTimestamp();
    if (at.contextTime === 0) return; // it was opened just now
    marks.push({ index, contextTime, context: at.contextTime, wall: at.performanceTime });
  }, 10);
  await wait(settle);
  const end = performance.now() + 1000 * (seconds - settle - 1);
  while (performance.now() < end) {
    const bpm = 60 + (asked.length % 120);
    asked.push([performance.now(), { bpm }]);
    session.desk.change({ bpm });
    await wait(every[0] + (every[1] - every[0]) * draw());
  }
  await wait(1);
  clearInterval(timer);
  return { asked, marks, underruns: session.player.stats.underruns };
}, JSON.parse(settings));
console.log(JSON.stringify(found));
for await (const _ of process.stdin);
await context.close();
rmSync(profile, { recursive: true, force: true });
