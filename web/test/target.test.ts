import { describe, expect, it } from "vitest";
import { JitterBuffer } from "../src/audio/jitter-buffer";
import { RoundTrip } from "../src/audio/round-trip";
import { Target } from "../src/audio/target";

const RATE = 48_000;
const BLOCK = 128;
const BURST = 4; // blocks that a sound card asks for at once
const TICK_S = 0.01; // the server sends so often
const SOUND = new Float32Array(2 * RATE);

/** A link: seconds that what is sent at a time takes, one way. */
type Link = (now: number) => number;

interface Heard {
  underruns: number;
  /** Milliseconds wanted, second by second. */
  targets: number[];
}

/** A server that heeds reports plays through a link, with nothing lost. */
function listen(seconds: number, link: Link): Heard {
  const buffer = new JitterBuffer();
  const under: [number, number, number][] = []; // on the way: due, index, frames
  const [left, right] = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
  const targets: number[] = [];
  let [sent, tick, due] = [0, 0, 0];
  for (let now = 0; now < seconds; now += (BURST * BLOCK) / RATE) {
    for (; tick <= now; tick += TICK_S) {
      const { index, target, playing } = buffer.stats;
      const n = Math.floor(index + target + (playing ? (tick - now) * RATE : 0)) - sent;
      due = Math.max(due, tick + link(tick)); // nothing overtakes
      if (n > 0) under.push([due, sent, n]);
      sent += Math.max(0, n);
    }
    while (under.length > 0 && (under[0] as [number, number, number])[0] <= now) {
      const [, index, n] = under.shift() as [number, number, number];
      buffer.push(1, index, SOUND, n);
    }
    for (let block = 0; block < BURST; block++) buffer.pull(left, right);
    targets[Math.floor(now)] = (buffer.stats.target / RATE) * 1000;
  }
  return { underruns: buffer.stats.underruns, targets };
}

const calm: Link = () => 0;

/** Now and then for a fifth of a second nothing comes through, and then all at once. */
const clumps = (everySeconds: number, lengthSeconds: number): Link => (now) => Math.max(0, lengthSeconds - (now % everySeconds));

describe("on a calm link", () => {
  const { underruns, targets } = listen(40, calm);

  it("little is kept in hand, and soon, and nothing runs out", () => {
    expect(underruns).toBe(0);
    expect(targets[0]).toBe(60);
    expect(targets[4]).toBeLessThan(50);
    expect(targets[39]).toBeLessThan(40);
  });

  it("the target comes to rest above what is needed", () => {
    expect(Math.abs((targets[39] as number) - (targets[35] as number))).toBeLessThan(1);
    expect(targets[39]).toBeGreaterThan(1000 * TICK_S + 10);
  });
});

describe("on a link that stumbles", () => {
  it("more is kept in hand before anything runs out, and no longer than it has to be", () => {
    const worse: Link = (now) => (now < 10 || now > 40 ? 0 : clumps(0.3, Math.min(0.05, 0.002 * (now - 10)))(now));
    const { underruns, targets } = listen(120, worse);
    expect(underruns).toBe(0);
    expect(targets[40]).toBeGreaterThan(60);
    expect(targets[119]).toBeLessThan(50);
  });

  it("from one moment to the next, sound runs out no more than a few times", () => {
    const { underruns, targets } = listen(60, (now) => (now < 10 ? 0 : clumps(1.1, 0.2)(now)));
    expect(underruns).toBeGreaterThan(0);
    expect(underruns).toBeLessThanOrEqual(6);
    expect(targets[59]).toBeGreaterThan(200);
    const begun = listen(30, (now) => (now < 10 ? 0 : clumps(1.1, 0.2)(now))).underruns;
    expect(begun).toBe(underruns); // none after that
  });
});

describe("Target", () => {
  /** Seconds of play in which sound in hand dips `dip(second)` milliseconds below the target once a second. */
  function play(target: Target, seconds: number, dip: (second: number) => number): number {
    let ranOut = 0;
    for (let block = 0; block < seconds * 100; block++) {
      const left = target.frames - dip(block % 100 === 50 ? Math.floor(block / 100) : -1) * (RATE / 1000);
      if (left < 0) {
        target.ranOut(-left);
        ranOut++;
      } else target.played(RATE / 100, target.frames, left);
    }
    return ranOut;
  }
  const make = (options = {}) => new Target({ rate: RATE, start: 0.06, least: 0.02, most: 0.6, ...options });

  it("remembers what comes once a minute, once it has cost something", () => {
    const target = make();
    const rare = (second: number) => (second % 60 === 59 ? 70 : 15);
    play(target, 900, rare);
    expect(play(target, 900, rare)).toBe(0);
    play(target, 3600, () => 15);
    expect(target.frames).toBeLessThan(0.04 * RATE);
  });

  it("takes one hold-up by itself for a chance and forgets it in seconds, and two in a minute for the link", () => {
    const [once, twice] = [make(), make()];
    play(once, 60, (second) => (second === 30 ? 90 : 15));
    play(twice, 60, (second) => (second === 10 || second === 30 ? 90 : 15));
    const above = (target: Target) => target.frames - 0.025 * RATE; // the dips of 15 ms and the reserve
    expect(above(once)).toBeLessThan(0.01 * RATE);
    expect(above(twice)).toBeGreaterThan(2 * above(once));
  });

  it("soon forgets what ran out while the page opened", () => {
    const target = make();
    target.ranOut(0.05 * RATE);
    expect(target.frames).toBe(0.1 * RATE);
    play(target, 10, () => 25);
    expect(target.frames).toBeLessThan(0.06 * RATE);
  });

  it("stays between its bounds", () => {
    const [low, high] = [make(), make({ most: 0.1 })];
    play(low, 600, () => -30);
    expect(low.frames).toBe(0.02 * RATE);
    for (let i = 0; i < 10; i++) high.ranOut(RATE);
    expect(high.frames).toBe(0.1 * RATE);
  });

  it("does not grow in vain where the sender does not go by it", () => {
    const target = make();
    for (let block = 0; block < 6000; block++) target.played(RATE / 100, 0.02 * RATE, 0.005 * RATE);
    expect(target.frames).toBe(0.06 * RATE);
  });
});

describe("RoundTrip", () => {
  it("is the shortest lately", () => {
    const way = new RoundTrip();
    expect(way.least).toBeNull();
    for (const ms of [30, 12, 500]) way.note(ms);
    expect(way.least).toBe(12);
    for (let i = 0; i < 19; i++) way.note(40);
    expect(way.least).toBe(40);
  });
});
