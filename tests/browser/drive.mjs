// Drives the page in headless Chromium. Usage: node drive.mjs WEB_FOLDER CHROMIUM ADDRESS SCENARIO
// Prints one JSON object per line: what was seen. The tests judge it.

import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [web, chromium, address, scenario] = process.argv.slice(2);
const playwright = createRequire(join(web, "package.json"))("playwright-core");

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
];
const PATIENCE = 30_000;
const say = (message) => console.log(JSON.stringify(message));

async function open(context, query = "buffer=800") {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on("pageerror", (error) => say({ pageError: error.message }));
  await page.goto(`${address}?${query}`);
  return page;
}

async function start(page) {
  await page.getByRole("button", { name: "Start" }).click();
  await page.waitForFunction(() => window.legato.stats?.played > 4800);
}

const stats = (page) => page.evaluate(() => window.legato.stats);

/** Checks `seconds` of what goes to the sound card against the count; says how many frames were wrong. */
async function listen(page, seconds) {
  const before = await stats(page);
  const heard = await page.evaluate(async (frames) => {
    const { index, samples } = await window.legato.capture(frames);
    let wrong = 0;
    for (let i = 0; i < frames; i++) if (Math.round(samples[2 * i] * 32768) !== (index + i) % 16384) wrong++;
    return { frames, wrong, tempo: Math.round(samples[2 * frames - 1] * 8192) % 256 };
  }, Math.round(seconds * 48_000));
  return { ...heard, stats: await stats(page), underruns: (await stats(page)).underruns - before.underruns };
}

/** As `listen`; again, if the machine was too busy to play without a break. */
async function listenUnbroken(page, seconds) {
  let heard;
  for (let attempt = 0; attempt < 4; attempt++) {
    heard = await listen(page, seconds);
    if (heard.underruns === 0) break;
  }
  return heard;
}

async function setTempo(page, bpm) {
  const field = page.getByLabel("Tempo, as a number");
  await field.fill(String(bpm));
  await field.press("Enter");
  await page.waitForFunction((wanted) => window.legato.session.status?.now?.bpm === wanted, bpm);
}

const scenarios = {
  async count(context) {
    const page = await open(context, "buffer=800&format=float32");
    await start(page);
    say(await listenUnbroken(page, 5));
  },

  async steer(context) {
    const page = await open(context);
    await start(page);
    await setTempo(page, 150);
    await page.waitForTimeout(1500); // what was made before is still in the buffers
    say(await listenUnbroken(page, 0.5));
    await page.getByRole("button", { name: /^Drums/ }).click();
    await page.getByLabel("Prompt").first().fill("dark techno");
    await page.getByLabel("Prompt").first().press("Enter");
    await page.waitForFunction(() => "dark techno" in (window.legato.session.status?.controls.prompts ?? {}));
    say(await page.evaluate(() => window.legato.session.status.controls));
    await page.getByRole("button", { name: "Let go of tempo" }).click();
    await page.waitForFunction(() => window.legato.session.status?.controls.bpm === null);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.waitForFunction(() => window.legato.session.status?.playing === false);
    say({ stopped: true });
  },

  async refused(context) {
    const page = await open(context);
    await start(page);
    const chord = page.getByLabel("Chord by name");
    await chord.fill("H7");
    await chord.press("Enter");
    const toast = page.locator(".toast");
    await toast.waitFor();
    say({ toast: await toast.innerText() });
    await toast.waitFor({ state: "detached" });
    say(await listenUnbroken(page, 0.5));
  },

  async two(context) {
    const pages = [await open(context), await open(context)];
    for (const page of pages) await start(page);
    await setTempo(pages[0], 90);
    await setTempo(pages[1], 140);
    await pages[1].waitForTimeout(1500);
    for (const page of pages) say(await listenUnbroken(page, 0.5));
    const third = await open(context);
    await third.locator(".toast").waitFor();
    say({ toast: await third.locator(".toast").innerText() });
    await pages[0].close();
    await third.waitForFunction(() => window.legato.session.connection === "open");
    say({ joined: true });
  },

  async reconnect(context) {
    const page = await open(context);
    await start(page);
    await setTempo(page, 77);
    say({ playing: true }); // the test now ends the server and starts another
    await page.getByText("Connection lost; trying again.").waitFor();
    say({ lost: true });
    await page.getByText("Connected again.").waitFor();
    await page.waitForFunction(() => window.legato.session.status?.now?.bpm === 77);
    await page.waitForFunction(() => window.legato.stats.playing && window.legato.stats.index > 4800);
    say({ again: true });
  },

  async narrow(context) {
    const page = await open(context);
    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: 800 });
      say({ width, needed: await page.evaluate(() => document.documentElement.scrollWidth) });
    }
    await page.locator("body").press("Space");
    await page.waitForFunction(() => window.legato.session.playing);
    say({ byKeyboard: true });
  },
};

const profile = mkdtempSync(join(tmpdir(), "legato-browser-"));
const context = await playwright.chromium.launchPersistentContext(profile, { executablePath: chromium, args: FLAGS });
try {
  await scenarios[scenario](context);
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
