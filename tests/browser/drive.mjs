// Drives the page in headless Chromium. Usage: node drive.mjs WEB_FOLDER CHROMIUM ADDRESS SCENARIO [WORDS…]
// Prints one JSON object per line: what was seen. The tests judge it.

import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [web, chromium, address, scenario, ...words] = process.argv.slice(2);
const playwright = createRequire(join(web, "package.json"))("playwright-core");

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PATIENCE = 120_000; // a busy machine draws slowly
const ATTEMPTS = 20; // to hear a stretch without a break, on a machine that cannot always keep up
const say = (message) => console.log(JSON.stringify(message));

/** A page; unless told otherwise, on a machine that is known to be too busy for a sound card's smallest buffer. */
async function open(context, query = "buffer=800", relaxed = true) {
  const page = await context.newPage();
  if (relaxed) await page.addInitScript(() => localStorage.setItem("legato.relaxed", "yes"));
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

/** Waits until the sound has not broken off for a tenth of a second: what came before may still have been fading in. */
const calm = (page) =>
  page.waitForFunction(() => {
    const { playing, underruns, played } = window.legato.stats;
    const { calm } = window;
    if (!playing || calm?.underruns !== underruns || played < calm.played) window.calm = { underruns, played };
    return playing && played > window.calm.played + 4800;
  });

/** Checks `seconds` of what goes to the sound card against the count; says how many frames were wrong. */
async function listen(page, seconds) {
  await calm(page);
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
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    heard = await listen(page, seconds);
    if (heard.underruns === 0) break;
  }
  return heard;
}

/** As `listenUnbroken`, once the tempo asked for has come through all buffers. */
async function listenAt(page, bpm) {
  for (let attempt = 0; attempt < 40; attempt++) if ((await listen(page, 0.1)).tempo === bpm) break;
  return listenUnbroken(page, 0.5);
}

async function askTempo(page, bpm) {
  const field = page.getByLabel("Tempo, as a number");
  await field.fill(String(bpm));
  await field.press("Enter");
}

async function setTempo(page, bpm) {
  await askTempo(page, bpm);
  await page.waitForFunction((wanted) => window.legato.session.status?.now?.bpm === wanted, bpm);
}

const DRAWN = 20; // frames after which everything has been drawn, also with little motion
const SLOWEST = 40; // bpm: a bar lasts six seconds, so that a busy machine is still in time
const COMING = 7; // bars after the one in play

/** Plays slowly, with the whole plan in sight. */
async function startSlowly(page) {
  await askTempo(page, SLOWEST);
  await start(page);
  await page.waitForFunction((bars) => window.legato.session.status?.plan.length > bars, COMING - 1);
}

/** The planned bar of this index, once it is as `test` wants it. */
async function planned(page, index, test) {
  for (let waited = 0; waited < PATIENCE; waited += 50) {
    const bar = await page.evaluate((wanted) => window.legato.session.status?.plan.find((bar) => bar.index === wanted), index);
    if (bar && test(bar)) return bar;
    await page.waitForTimeout(50);
  }
  throw new Error(`bar ${index} was never planned like this: ${test}`);
}

/** Makes a change just after a bar has begun, so that it waits for the next one; returns what waited. */
async function changeWaiting(page, act) {
  for (let attempt = 0; attempt < 6; attempt++) {
    await page.waitForFunction(() => {
      const { now, plan } = window.legato.session.status ?? {};
      return now && plan[0] && now.beat - plan[0].start_beat < 1;
    });
    await act();
    // Either it waits now, or the machine was so busy that the next bar has begun already.
    const waiting = await page.waitForFunction(() => {
      const { status } = window.legato.session;
      return status.pending.length > 0 ? JSON.stringify(status.pending) : window.legato.session.status.now.beat - status.plan[0].start_beat > 3.5 && "none";
    });
    const pending = await waiting.jsonValue();
    if (pending !== "none") return JSON.parse(pending);
  }
  throw new Error("nothing ever waited for a bar");
}

/** How many pixels of the timeline left of the now-line are lit, of those that the spectrum is drawn in. */
const lit = (page) =>
  page.evaluate(() => {
    const canvas = document.querySelector("legato-app").shadowRoot.querySelector("legato-horizon").shadowRoot.querySelector("canvas");
    const [width, height] = [Math.floor(canvas.width * 0.5), Math.floor(canvas.height * 0.6)];
    const { data } = canvas.getContext("2d").getImageData(0, Math.floor(canvas.height * 0.25), width, height);
    let count = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at] > 40) count++;
    return count / (width * height);
  });

/** The controls as the server has them, once they are as `test` wants them. */
async function told(page, test) {
  for (let waited = 0; waited < PATIENCE; waited += 50) {
    const controls = await page.evaluate(() => window.legato.session.status?.controls);
    if (controls && test(controls)) return controls;
    await page.waitForTimeout(50);
  }
  throw new Error(`the server never had the controls like this: ${test}`);
}

/** Drags with the mouse to a place in an element, shares of its width and height. */
async function dragTo(page, from, onto, x, y) {
  const [start, box] = [await from.boundingBox(), await onto.boundingBox()];
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 4 });
  await page.mouse.up();
}

/** A MIDI controller that the page can find: `window.midiSend(bytes)` plays it. */
function fakeMidi() {
  const input = { id: "fake", name: "Fake keys", state: "connected", onmidimessage: null };
  const access = { inputs: new Map([[input.id, input]]), onstatechange: null };
  navigator.requestMIDIAccess = () => Promise.resolve(access);
  window.midiSend = (...data) => input.onmidimessage?.({ data: new Uint8Array(data) });
}

const scenarios = {
  async count(context) {
    const page = await open(context, "buffer=800&format=float32");
    await start(page);
    say(await listenUnbroken(page, 5));
  },

  async relax(context) {
    const page = await open(context, "buffer=800", false);
    const latency = () => page.evaluate(() => window.legato.session.player.outputLatency);
    await start(page);
    say({ smallest: await latency() });
    await page.evaluate(() => {
      const { player } = window.legato.session;
      let last = player.heardIndex;
      window.back = 0; // frames: how far what is heard ran back at most
      setInterval(() => {
        window.back = Math.max(window.back, last - player.heardIndex);
        last = player.heardIndex;
      }, 1);
      return player.relax();
    });
    await page.waitForFunction(() => window.legato.stats.playing);
    say(await listenUnbroken(page, 1));
    const kept = await page.evaluate(() => localStorage.getItem("legato.relaxed"));
    say({ relaxed: await latency(), kept, back: await page.evaluate(() => window.back) });
  },

  async steer(context) {
    const page = await open(context);
    await start(page);
    await setTempo(page, 150);
    say(await listenAt(page, 150));
    await page.getByRole("button", { name: /^Drums/ }).click();
    await page.getByLabel("Name of the chosen pad").fill("dark techno");
    await page.getByLabel("Name of the chosen pad").press("Enter");
    await page.waitForFunction(() => "dark techno" in (window.legato.session.status?.controls.prompts ?? {}));
    say(await page.evaluate(() => window.legato.session.status.controls));
    await page.getByRole("button", { name: "Let go of tempo" }).click();
    await page.waitForFunction(() => window.legato.session.status?.controls.bpm === null);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.waitForFunction(() => window.legato.session.status?.playing === false);
    say({ stopped: true });
  },

  async plane(context) {
    const page = await open(context);
    await page.getByRole("button", { name: "techno", exact: true }).click();
    const plane = page.getByRole("group", { name: "Plane of prompts" });
    const cursor = page.getByRole("button", { name: /^Cursor/ });
    const pads = page.locator("[data-pad]");
    await dragTo(page, pads.nth(0), plane, 0.2, 0.2);
    await dragTo(page, pads.nth(1), plane, 0.7, 0.7);
    await dragTo(page, cursor, plane, 0.3, 0.3);
    const [first, second] = await page.evaluate(() => window.legato.session.desk.surface.pads.map((pad) => pad.text));
    say({ near: (await told(page, ({ prompts }) => prompts[first] > prompts[second])).prompts });
    await dragTo(page, cursor, plane, 0.6, 0.6);
    await told(page, ({ prompts }) => prompts[second] > prompts[first]);
    await cursor.press("ArrowRight");
    const before = await page.evaluate(() => window.legato.session.desk.surface.cursor.x);
    await cursor.press("ArrowRight");
    say({ moved: (await page.evaluate(() => window.legato.session.desk.surface.cursor.x)) - before });
    await page.getByRole("button", { name: "faders" }).click();
    await page.getByLabel(`Weight of ${first}`).fill("100");
    await page.getByLabel(`Weight of ${second}`).fill("1");
    say({ faded: (await told(page, ({ prompts }) => prompts[first] > 0.9)).prompts });
    await page.getByRole("button", { name: `Remove ${second}` }).click();
    say({ removed: (await told(page, (controls) => Object.keys(controls.prompts).length === 1)).prompts });
  },

  async sound(context) {
    const page = await open(context);
    await startSlowly(page);
    const before = Object.keys((await told(page, () => true)).prompts).join();
    const field = page.getByLabel("Sound file");
    await field.setInputFiles({ name: "x.wav", mimeType: "audio/wav", buffer: Buffer.from("no sound") });
    await page.getByText("The file holds no sound").waitFor();
    await field.setInputFiles(words[0]);
    await page.getByText("sounds like").waitFor();
    const said = await page.locator(".toast").innerText();
    say({ said, prompts: (await told(page, ({ prompts }) => Object.keys(prompts).join() !== before)).prompts });
    await page.locator("h1").click();
    await page.keyboard.press("Control+z");
    say({ undone: (await told(page, ({ prompts }) => Object.keys(prompts).join() === before)).prompts });
  },

  async scenes(context) {
    const page = await open(context);
    const slot = (number) => page.getByRole("button", { name: new RegExp(`^Scene ${number}:`) });
    await page.getByLabel("Tempo, as a number").fill("90");
    await page.getByLabel("Tempo, as a number").press("Enter");
    await slot(1).click(); // an empty slot takes what is there
    await page.getByLabel("Tempo, as a number").fill("150");
    await page.getByLabel("Tempo, as a number").press("Enter");
    await page.getByRole("button", { name: /^Drums/ }).click();
    await page.locator("h1").click();
    await page.keyboard.press("s");
    await page.keyboard.press("2");
    await page.keyboard.press("1");
    say({ recalled: await told(page, (controls) => controls.bpm === 90) });
    await page.keyboard.press("Control+z");
    say({ undone: await told(page, (controls) => controls.bpm === 150) });
    await page.keyboard.press("Control+Shift+Z");
    await told(page, (controls) => controls.bpm === 90);
    await page.getByLabel(/^Crossfade from/).fill("0.5");
    say({ half: await told(page, (controls) => controls.bpm === 120) });
    await page.getByLabel("Seconds a fade takes").fill("0.5");
    await page.getByRole("button", { name: "Fade", exact: true }).click();
    await told(page, (controls) => controls.bpm === 150);
    await page.locator("h1").click();
    const before = await page.evaluate(() => JSON.stringify(window.legato.session.desk.patch()));
    await page.keyboard.press("d");
    const rolled = await page.evaluate(() => JSON.stringify(window.legato.session.desk.patch()));
    await page.keyboard.press("Control+z");
    const after = await page.evaluate(() => JSON.stringify(window.legato.session.desk.patch()));
    say({ dice: rolled !== before, reverted: after === before });
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    const file = await (await downloading).path();
    await slot(1).press("Delete");
    await page.getByLabel("File of scenes").setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from("{}") });
    say({ refused: await page.locator(".toast").innerText() });
    await page.getByLabel("File of scenes").setInputFiles({ name: "scenes.json", mimeType: "application/json", buffer: readFileSync(file) });
    await page.getByText("Scenes imported.").waitFor();
    await page.reload();
    say({ kept: await slot(1).getAttribute("aria-label") });
  },

  async notes(context) {
    const page = await open(context);
    const white = page.getByRole("button", { name: "E4", exact: true });
    await white.scrollIntoViewIfNeeded();
    const key = await white.boundingBox();
    await page.mouse.move(key.x + key.width / 2, key.y + key.height - 6);
    await page.mouse.down();
    say({ mouse: (await told(page, (controls) => controls.notes.length > 0)).notes });
    await page.mouse.up();
    await told(page, (controls) => controls.notes.length === 0);
    await page.locator("h1").click();
    await page.keyboard.press("k");
    await page.keyboard.down("a");
    await page.keyboard.down("d");
    say({ letters: (await told(page, (controls) => controls.notes.length === 2)).notes });
    await page.keyboard.up("a");
    await page.keyboard.up("d");
    await told(page, (controls) => controls.notes.length === 0);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Solo bass" }).click();
    say({ solo: await told(page, (controls) => controls.bass === true) });
    await page.getByRole("button", { name: "Solo bass" }).click();
    await told(page, (controls) => controls.bass === null && controls.drums === null);
    await start(page);
    await page.keyboard.press("Shift+Escape");
    await page.waitForFunction(() => window.legato.session.status?.playing === false);
    say({ panic: true });
  },

  async midi(context) {
    await context.addInitScript(fakeMidi);
    const page = await open(context);
    await page.getByRole("button", { name: "MIDI learn" }).click();
    await page.getByText("Fake keys. Click a control").waitFor();
    await page.evaluate(() => window.midiSend(0x90, 67, 100));
    say({ played: (await told(page, (controls) => controls.notes.length > 0)).notes });
    await page.evaluate(() => window.midiSend(0x80, 67, 0));
    await told(page, (controls) => controls.notes.length === 0);
    await page.getByLabel("Density", { exact: true }).click();
    await page.getByText("Density: now move a knob").waitFor();
    await page.evaluate(() => window.midiSend(0xb0, 21, 5));
    await page.getByText("Density · CC 21").waitFor();
    say({ density: (await page.evaluate(() => window.legato.session.controls)).density }); // learning moves nothing
    await page.getByRole("button", { name: "Done" }).click();
    await page.evaluate(() => window.midiSend(0xb0, 21, 127));
    say({ moved: (await told(page, (controls) => controls.density === 1)).density });
    await page.reload();
    await page.waitForFunction(() => window.legato.session.desk.midi.inputs?.length === 1 && window.legato.session.controls);
    await page.evaluate(() => window.midiSend(0xb0, 21, 0));
    say({ again: (await told(page, (controls) => controls.density === 0)).density });
  },

  async noMidi(context) {
    await context.addInitScript(() => delete Navigator.prototype.requestMIDIAccess);
    const page = await open(context);
    await page.getByRole("button", { name: "MIDI learn" }).click();
    await page.locator(".toast").waitFor();
    say({ toast: await page.locator(".toast").innerText() });
    await page.locator("h1").click();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("l");
    await page.keyboard.press("l");
    say({ theme: await page.evaluate(() => document.documentElement.dataset.theme) });
  },

  async takes(context) {
    await context.addInitScript(fakeMidi);
    const page = await open(context);
    await page.setViewportSize({ width: 360, height: 800 });
    const record = page.getByRole("button", { name: "Record", exact: true });
    const toast = page.locator(".toast");
    const file = async (words) => {
      await toast.filter({ hasText: words }).waitFor();
      return /[-\w]+\.wav/.exec(await toast.innerText())?.[0];
    };
    await page.getByRole("button", { name: "MIDI learn" }).click();
    await record.click();
    await page.evaluate(() => window.midiSend(0xb0, 22, 127));
    await page.getByText("Record · CC 22").waitFor();
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByLabel("Name of the next take").fill("riff / 1");
    await record.click();
    await page.getByText("Armed", { exact: true }).first().waitFor();
    await start(page);
    await page.waitForFunction(() => window.legato.session.status?.recording?.seconds > 1);
    await record.filter({ hasText: /\d:\d\d/ }).waitFor();
    await page.locator("h1").click();
    await page.keyboard.press("n");
    await toast.filter({ hasText: "“mark 1” marked at" }).waitFor();
    await page.getByLabel("Name of the next mark").fill("chorus / 2");
    await page.getByLabel("Name of the next mark").press("Enter");
    await toast.filter({ hasText: "“chorus - 2” marked" }).waitFor();
    say({ needed: await page.evaluate(() => document.documentElement.scrollWidth) });
    await page.evaluate(() => window.midiSend(0xb0, 22, 127));
    say({ written: await file("Take written") });
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.waitForFunction(() => window.legato.session.status?.playing === false);
    await page.locator("body").press("b");
    say({ kept: await file("Kept") });
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
    say(await listenAt(pages[0], 90));
    say(await listenAt(pages[1], 140));
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

  async plan(context) {
    const page = await open(context);
    await startSlowly(page);
    const last = await page.evaluate(() => window.legato.session.status.plan.at(-1));
    const number = last.index + 1;
    const card = page.getByRole("button", { name: new RegExp(`^Bar ${number}, `) });
    await card.click();
    const chords = page.getByLabel("Chords; Enter applies");
    await chords.fill("C Fmaj7");
    await chords.press("Enter");
    const drums = page.getByRole("group", { name: "Who plays in the bar" }).getByRole("button", { name: "drums" });
    await drums.click();
    const index = last.index;
    const set = await planned(page, index, (bar) => bar.chords.length === 2 && bar.edited.includes("gates"));
    say({ set, was: last, shown: await card.getAttribute("aria-label") });
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("button", { name: `Lock bar ${number}` }).click();
    await planned(page, index, (bar) => bar.locked);
    const before = await page.evaluate(() => JSON.stringify(window.legato.session.status.plan.slice(2, 6).map((bar) => [bar.index, bar.chords, bar.gates, bar.density])));
    await page.locator("h1").click();
    await page.keyboard.press("g");
    await page.waitForFunction((old) => {
      const known = new Map(JSON.parse(old).map((bar) => [bar[0], JSON.stringify(bar)]));
      return window.legato.session.status.plan.some((bar) => known.has(bar.index) && known.get(bar.index) !== JSON.stringify([bar.index, bar.chords, bar.gates, bar.density]));
    }, before);
    say({ rolled: await planned(page, index, () => true) });
    await page.getByRole("button", { name: `Give bar ${number} back` }).click();
    say({ back: await planned(page, index, (bar) => !bar.locked && bar.edited.length === 0) });
    await page.keyboard.press("Control+z");
    say({ undone: await planned(page, index, (bar) => bar.locked) });
    await page.keyboard.press("Control+y");
    say({ redone: await planned(page, index, (bar) => !bar.locked && bar.edited.length === 0) });
    await page.getByRole("group", { name: "Conductor" }).getByRole("button", { name: "free" }).click();
    await page.getByText("The conductor is free").waitFor();
    say({ free: (await told(page, (controls) => controls.conductor === "free")).conductor });
  },

  async quantise(context) {
    const page = await open(context);
    await startSlowly(page);
    await page.getByRole("group", { name: "When changes take effect" }).getByRole("button", { name: "bar" }).click();
    await page.waitForFunction(() => window.legato.session.status?.quantise === "bar");
    const drums = page.getByRole("button", { name: /^Drums/ });
    const waiting = await changeWaiting(page, () => drums.click());
    say({ waiting, shown: await page.getByRole("button", { name: /^Waiting/ }).getAttribute("title") });
    await page.waitForFunction(() => window.legato.session.status.pending.length === 0);
    say({ bound: (await page.evaluate(() => window.legato.session.status)).controls.drums });
    await changeWaiting(page, () => askTempo(page, 200));
    await page.getByRole("button", { name: /^Waiting/ }).click();
    say({ withdrawn: (await told(page, (controls) => controls.bpm === 40)).bpm });
    await page.locator("h1").click();
    await page.keyboard.press("q"); // from bar on to now
    await page.waitForFunction(() => window.legato.session.status?.quantise === "now");
    say({ toast: await page.locator(".toast").innerText() });
  },

  async timeline(context) {
    const page = await open(context);
    const dark = await lit(page);
    await start(page);
    await page.waitForFunction((frames) => window.legato.stats?.played > frames, 3 * 48_000);
    say({ before: dark, heard: await lit(page) });
    await page.locator("h1").click();
    await page.keyboard.press("v");
    await page.getByRole("button", { name: "Show the spectrum and notes" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Show the spectrum and notes" }).click();
    await page.getByRole("button", { name: "Fold the spectrum and notes away" }).waitFor();
    say({ unfolded: true });
  },

  async door(context) {
    const [token, later] = words;
    const page = await open(context);
    const field = page.locator("input[type=password]");
    const enter = async (word) => {
      await field.fill(word);
      await field.press("Enter");
    };
    await enter("guess-guess");
    await page.getByText("That is not the token of this server").waitFor();
    say({ refused: true });
    await enter(token);
    await start(page);
    say({ address: page.url() }); // the test now ends the server and starts another with another token
    await page.getByRole("dialog", { name: "This server asks for its token" }).waitFor();
    say({ locked: await page.locator(".state").innerText() });
    await enter(later);
    await page.waitForFunction(() => window.legato?.session.connection === "open");
    say({ again: true });
  },

  async pictures(context) {
    const [folder] = words;
    const page = await open(context);
    const shot = async (name, options = {}) => {
      await page.evaluate(async (frames) => {
        scrollTo(0, 0);
        for (let i = 0; i < frames; i++) await new Promise(requestAnimationFrame); // canvases draw only while they are in sight
      }, DRAWN);
      say({ picture: name, bytes: (await page.screenshot({ path: join(folder, `${name}.png`), ...options })).length });
    };
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: "dark" });
    await startSlowly(page);
    await page.getByRole("button", { name: "techno", exact: true }).click();
    await page.getByRole("button", { name: /^Scene 1:/ }).click();
    await page.getByRole("group", { name: "When changes take effect" }).getByRole("button", { name: "bar" }).click();
    await page.waitForFunction(() => window.legato.session.status?.quantise === "bar");
    await page.getByRole("group", { name: "Bars of the plan" }).getByRole("button", { name: /^Bar/ }).last().click();
    await page.evaluate(() => window.legato.session.play([64, 67, 71]));
    await changeWaiting(page, () => page.getByRole("button", { name: /^Lead/ }).click());
    await shot("dark");
    await shot("dark-whole", { fullPage: true });
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await shot("light");
    await page.setViewportSize({ width: 390, height: 844 });
    await shot("phone-light");
    await page.emulateMedia({ colorScheme: "dark" });
    await shot("phone-dark-whole", { fullPage: true });
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole("button", { name: "MIDI learn" }).scrollIntoViewIfNeeded();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Shortcuts" }).waitFor();
    await shot("shortcuts");
  },

  async narrow(context) {
    const page = await open(context);
    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: 800 });
      say({ width, needed: await page.evaluate(() => document.documentElement.scrollWidth) });
    }
    await page.locator("body").press("Space");
    await page.waitForFunction(() => window.legato.session.playing);
    say({ byKeyboard: true, takes: await page.locator("legato-takes").count() });
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
