import { describe, expect, it } from "vitest";
import { Resampler } from "../src/audio/resampler";

describe("Resampler", () => {
  it("keeps a tone's pitch and level from 48 kHz to 44.1 kHz, block after block", () => {
    const resampler = new Resampler(48_000, 44_100);
    let at = 0;
    const tone = (left: Float32Array, right: Float32Array) => {
      for (let i = 0; i < left.length; i++, at++) left[i] = right[i] = Math.sin((2 * Math.PI * 440 * at) / 48_000);
      return left.length;
    };
    const out = new Float32Array(44_100);
    for (let i = 0; i + 128 <= out.length; i += 128)
      resampler.process(tone, out.subarray(i, i + 128), new Float32Array(128));
    expect(Math.abs(at - (48_000 * 44_032) / 44_100)).toBeLessThan(4);
    let worst = 0;
    for (let i = 100; i < 44_000; i++) {
      const expected = Math.sin((2 * Math.PI * 440 * (i - 1.84)) / 44_100);
      worst = Math.max(worst, Math.abs((out[i] as number) - expected));
    }
    expect(worst).toBeLessThan(0.02);
  });
});
