import { describe, expect, it } from "vitest";
import { JitterBuffer } from "../src/audio/jitter-buffer";
import { Ring } from "../src/audio/ring";

const RATE = 1600; // frames per second: an hour of it is soon simulated
const TARGET_S = 0.3; // of them there are few in a second, and the buffer keeps 128 for a fade
const PATIENCE_MS = 180_000; // on a busy machine
const BLOCK = 128;
const TICK_S = 0.015; // the server sends so often
const JITTER_S = 0.02;
const WAVE = 48; // frames of one period of the tone
const SIZE = 0.5;
const CURVE = 2 * Math.cos((2 * Math.PI) / WAVE);

/** Of the tone, on both sides, from each frame of its period on; no message is longer. */
const TONES = Array.from({ length: WAVE }, (_, index) =>
  Float32Array.from({ length: 2 * RATE }, (_, i) => SIZE * Math.sin((2 * Math.PI * (index + Math.floor(i / 2))) / WAVE)),
);

/** What of a stream may be sent at a time, in seconds of the server's clock. */
type Pace = (now: number, buffer: JitterBuffer) => number;

interface Heard {
  buffer: JitterBuffer;
  /** Of all samples after the first: how far the tone's curve was broken at most, 0 … 1. */
  broken: number;
  /** Least and greatest depth in seconds, minute by minute. */
  levels: [number, number][];
  speeds: Set<number>;
}

/** A server sends a tone for `minutes` through a jittery network; the page plays it by its own clock. */
function listen(minutes: number, pace: Pace): Heard {
  const buffer = new JitterBuffer({ sampleRate: RATE, outputRate: RATE, targetSeconds: TARGET_S, minTargetSeconds: TARGET_S });
  const under: [number, number, number][] = []; // on the way: due, index, frames
  const [left, right] = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
  const speeds = new Set<number>();
  const levels: [number, number][] = [];
  let [sent, tick, random, last, before, broken, due, heard] = [0, 0, 1, 0, 0, 0, 0, 0];
  for (let now = 0; now < 60 * minutes; now += BLOCK / RATE) {
    for (; tick <= now; tick += TICK_S) {
      const n = Math.max(0, Math.floor(pace(tick, buffer)) - sent);
      random = (random * 48_271) % 2_147_483_647;
      due = Math.max(due, tick + (JITTER_S * random) / 2_147_483_647); // nothing overtakes
      if (n > 0) under.push([due, sent, n]);
      sent += n;
    }
    while (under.length > 0 && (under[0] as [number, number, number])[0] <= now) {
      const [, index, n] = under.shift() as [number, number, number];
      buffer.push(1, index, TONES[index % WAVE] as Float32Array, n);
    }
    const sounding = buffer.pull(left, right);
    speeds.add(buffer.stats.speed);
    for (let i = 0; i < sounding; i++) {
      const x = left[i] as number;
      // Neighbours of a sine add up to its middle: 2 cos(ω) · middle = before + after.
      if (heard++ > 1) broken = Math.max(broken, Math.abs(CURVE * last - before - x));
      before = last;
      last = x;
    }
    if (sounding === 0) continue;
    const minute = Math.floor(now / 60);
    const [least, most] = levels[minute] ?? [Infinity, 0];
    levels[minute] = [Math.min(least, buffer.depth / RATE), Math.max(most, buffer.depth / RATE)];
  }
  return { buffer, broken, levels, speeds };
}

/** A server that sends by its own clock, `ppm` faster than the page's. */
const ownClock = (ppm: number): Pace => (now) => (TARGET_S + JITTER_S + now * (1 + ppm / 1e6)) * RATE;

describe("a stream of another clock", () => {
  it.each([300, -300])("that goes %i ppm fast: for an hour nothing is dropped or played twice, and the level stays", (ppm) => {
    const { buffer, broken, levels, speeds } = listen(60, ownClock(ppm)); // uncorrected, 1.08 s would be too much or missing
    expect(buffer.stats).toMatchObject({ gaps: 0, lost: 0, refused: 0, underruns: 0 });
    expect(buffer.stats.received).toBe(buffer.stats.played + buffer.depth);
    expect(broken).toBeLessThan(0.001);
    expect(Math.max(...[...speeds].map((speed) => Math.abs(speed - 1)))).toBeLessThan(0.0005);
    const [least, most] = [Math.min(...levels.map(([low]) => low)), Math.max(...levels.map(([, high]) => high))];
    expect(least).toBeGreaterThan(0.5 * TARGET_S);
    expect(most).toBeLessThan(1.5 * TARGET_S);
    const settled = levels.slice(10).map(([low, high]) => (low + high) / 2);
    expect(Math.max(...settled) - Math.min(...settled)).toBeLessThan(0.01);
    expect(buffer.stats.speed).toBeCloseTo(1 + ppm / 1e6, 4);
  }, PATIENCE_MS);

  it("that is our own, as reports are heeded, passes untouched", () => {
    const late = 0.03; // seconds a report takes
    const { buffer, speeds } = listen(10, (_now, { stats }) => stats.index + stats.target - (stats.playing ? late * RATE : 0));
    expect([...speeds]).toEqual([1]);
    expect(buffer.stats).toMatchObject({ gaps: 0, lost: 0, refused: 0, underruns: 0 });
  }, PATIENCE_MS);
});

describe("Ring", () => {
  /** Plays a tone of `hertz` at a speed; returns how far from a sine of the expected frequency it is, in decibels. */
  function noise(hertz: number, speed: number, step: number): number {
    const ring = new Ring(40_000, step);
    const samples = new Float32Array(2 * 36_000);
    for (let i = 0; i < 36_000; i++) samples[2 * i] = samples[2 * i + 1] = Math.sin((2 * Math.PI * hertz * i) / 48_000);
    ring.write(samples, 0, 36_000);
    const [out, right] = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
    let [worst, at] = [0, 0];
    for (let block = 0; block < 200; block++) {
      ring.take(out, right, BLOCK, speed);
      for (const x of out) {
        if (at > 32) worst = Math.max(worst, Math.abs(x - Math.sin((2 * Math.PI * hertz * step * speed * at) / 48_000)));
        at++;
      }
    }
    return 20 * Math.log10(worst);
  }

  it("interpolates without audible errors", () => {
    expect(noise(440, 1.0003, 1)).toBeLessThan(-90);
    expect(noise(15_000, 0.9997, 1)).toBeLessThan(-75);
    expect(noise(440, 1, 48_000 / 44_100)).toBeLessThan(-80); // a sound card that refuses the stream's rate
  });

  it("comes to rest on whole frames, where samples pass untouched", () => {
    const ring = new Ring(40_000, 1);
    const count = Float32Array.from({ length: 2 * 39_000 }, (_, i) => Math.floor(i / 2));
    ring.write(count, 0, 39_000);
    const [out, right] = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
    ring.take(out, right, BLOCK, 1.0005);
    expect(out[100]).toBeCloseTo(100.05, 2);
    for (let block = 0; block < 200; block++) ring.take(out, right, BLOCK, 1);
    const first = out[0] as number;
    expect(Number.isInteger(first)).toBe(true);
    expect(Array.from(out)).toEqual(Array.from({ length: BLOCK }, (_, i) => first + i));
    expect(ring.read).toBe(first + BLOCK);
  });
});
