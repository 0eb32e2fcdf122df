import { describe, expect, it } from "vitest";
import { JitterBuffer } from "../src/audio/jitter-buffer";

const BLOCK = 128;
const RATE = 48_000;

/** A stereo counter: left is the index, right its negative. */
function counter(index: number, frames: number): Float32Array {
  const samples = new Float32Array(frames * 2);
  for (let i = 0; i < frames; i++) {
    samples[2 * i] = index + i;
    samples[2 * i + 1] = -(index + i);
  }
  return samples;
}

function constant(frames: number): Float32Array {
  return new Float32Array(frames * 2).fill(1);
}

function pull(buffer: JitterBuffer, blocks: number): Float32Array {
  const out = new Float32Array(blocks * BLOCK);
  const right = new Float32Array(BLOCK);
  for (let b = 0; b < blocks; b++) buffer.pull(out.subarray(b * BLOCK, (b + 1) * BLOCK), right);
  return out;
}

/** How many of the samples are not the next of a count from `first`. */
function miscounted(samples: Float32Array, first: number): number {
  return samples.reduce((wrong, x, i) => wrong + (x === first + i ? 0 : 1), 0);
}

/** Largest jump between neighbours, `before` standing in front of the first. */
function largestStep(samples: Float32Array, before: number): number {
  let largest = Math.abs((samples[0] as number) - before);
  for (let i = 1; i < samples.length; i++)
    largest = Math.max(largest, Math.abs((samples[i] as number) - (samples[i - 1] as number)));
  return largest;
}

describe("JitterBuffer", () => {
  it("stays silent until the target is reached, then plays every sample once and in order", () => {
    const buffer = new JitterBuffer({ targetSeconds: 0.02 });
    buffer.push(1, 0, counter(0, 480), 480);
    expect(pull(buffer, 1).every((x) => x === 0)).toBe(true);
    for (let index = 480; index < 9600; index += 160) buffer.push(1, index, counter(index, 160), 160);
    const out = pull(buffer, 70);
    expect(miscounted(out, 0)).toBe(0);
    expect(buffer.stats).toMatchObject({ received: 9600, played: 70 * BLOCK, gaps: 0, underruns: 0, silent: BLOCK });
    expect(buffer.stats.index).toBe(70 * BLOCK);
  });

  it("wraps around its ring without losing a sample", () => {
    const buffer = new JitterBuffer({ targetSeconds: 0.01, minTargetSeconds: 0.01, capacitySeconds: 0.05 });
    let heard = 0;
    for (let index = 0; index < 48_000; index += 256) {
      buffer.push(1, index, counter(index, 256), 256);
      if (index < 512) continue;
      expect(miscounted(pull(buffer, 2), heard)).toBe(0);
      heard += 2 * BLOCK;
    }
    expect(buffer.stats.refused).toBe(0);
  });

  it("fades an underrun out and back in, counts it, and raises the target", () => {
    const buffer = new JitterBuffer({ targetSeconds: 0.02 });
    const target = buffer.stats.target;
    buffer.push(1, 0, constant(1200), 1200);
    const ending = pull(buffer, 20);
    expect(ending[0]).toBe(1);
    expect(largestStep(ending, 1)).toBeLessThan(0.05);
    expect(ending.at(-1)).toBe(0);
    expect(buffer.stats).toMatchObject({ underruns: 1, playing: false, target });
    buffer.push(1, 1200, constant(4800), 4800);
    expect(buffer.stats.target).toBe(target + 0.04 * RATE);
    const again = pull(buffer, 20);
    expect(largestStep(again, 0)).toBeLessThan(0.05);
    expect(again.at(-1)).toBe(1);
    expect(buffer.stats.played).toBe(buffer.stats.index);
  });

  it("raises the target by as much as sound came late, and by no more than that and a reserve", () => {
    const buffer = new JitterBuffer({ targetSeconds: 0.02 });
    const target = buffer.stats.target;
    buffer.push(1, 0, constant(1200), 1200);
    pull(buffer, 10); // 80 frames more than there were
    buffer.push(1, 1200, constant(100), 100);
    expect(buffer.stats.target).toBeGreaterThan(target + 80);
    expect(buffer.stats.target).toBeLessThan(target + 0.016 * RATE);
    pull(buffer, 10); // waits for the target: that is no lateness
    buffer.push(1, 1300, constant(4800), 4800);
    expect(buffer.stats.target).toBeLessThan(target + 0.016 * RATE);
  });

  it("skips lost frames by their index, with a fade on either side", () => {
    const buffer = new JitterBuffer({ targetSeconds: 0.02 });
    buffer.push(1, 0, constant(1000), 1000);
    buffer.push(1, 1960, constant(2000), 2000);
    const out = pull(buffer, 20);
    expect(largestStep(out, 1)).toBeLessThan(0.05);
    expect(Math.min(...out)).toBeLessThan(0.05);
    expect(buffer.stats).toMatchObject({ gaps: 1, lost: 960, received: 3000, played: 20 * BLOCK });
    expect(buffer.stats.index).toBe(20 * BLOCK + 960);
  });

  it("refuses frames that come twice and frames beyond its room", () => {
    const buffer = new JitterBuffer({ targetSeconds: 0.01, minTargetSeconds: 0.01, capacitySeconds: 0.05 });
    buffer.push(1, 0, counter(0, 600), 600);
    buffer.push(1, 300, counter(300, 600), 600);
    expect(buffer.stats.refused).toBe(300);
    expect(miscounted(pull(buffer, 5), 0)).toBe(0);
    buffer.push(1, 900, counter(900, 9000), 9000);
    expect(buffer.depth).toBe(2400);
    expect(buffer.stats.refused).toBeGreaterThan(300);
  });

  it("says that something turned when sound or a stream begins, runs out and stops", () => {
    const buffer = new JitterBuffer({ targetSeconds: 0.02 });
    const turned = (act: () => void) => {
      const before = buffer.turns;
      act();
      return buffer.turns > before;
    };
    expect(turned(() => buffer.push(1, 0, constant(480), 480))).toBe(true);
    expect(turned(() => pull(buffer, 1))).toBe(false); // not enough yet
    buffer.push(1, 480, constant(720), 720);
    expect(turned(() => pull(buffer, 1))).toBe(true);
    expect(turned(() => pull(buffer, 1))).toBe(false);
    expect(turned(() => pull(buffer, 20))).toBe(true); // ran out
    expect(turned(() => buffer.push(1, 1200, constant(9600), 9600))).toBe(true); // more is wanted from now on
    pull(buffer, 1);
    expect(turned(() => (buffer.stop(), pull(buffer, 20)))).toBe(true);
  });

  it("starts afresh with a new stream and ignores what is left of the old one", () => {
    const buffer = new JitterBuffer({ targetSeconds: 0.01, minTargetSeconds: 0.01 });
    buffer.push(1, 0, constant(4000), 4000);
    pull(buffer, 4);
    buffer.push(2, 0, counter(0, 960), 960);
    buffer.push(1, 4000, constant(960), 960);
    expect(miscounted(pull(buffer, 4), 0)).toBe(0);
    expect(buffer.stats.stream).toBe(2);
  });

  it("plays a first stream again after a lost connection", () => {
    const buffer = new JitterBuffer({ targetSeconds: 0.01, minTargetSeconds: 0.01 });
    buffer.push(1, 0, constant(4000), 4000);
    pull(buffer, 4);
    buffer.reset();
    buffer.push(1, 0, counter(0, 960), 960);
    expect(miscounted(pull(buffer, 4), 0)).toBe(0);
  });

  it("fades out when stopped and then counts no silence", () => {
    const buffer = new JitterBuffer({ targetSeconds: 0.02 });
    buffer.push(1, 0, constant(9600), 9600);
    pull(buffer, 4);
    buffer.stop();
    const out = pull(buffer, 20);
    expect(out[0]).toBeCloseTo(1, 3);
    expect(largestStep(out, 1)).toBeLessThan(0.05);
    expect(out.at(-1)).toBe(0);
    expect(buffer.stats).toMatchObject({ silent: 0, underruns: 0, depth: 0 });
  });
});
