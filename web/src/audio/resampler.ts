/** Streaming 4-point cubic (Catmull-Rom) resampler, for sound cards that refuse the stream's rate.
 *
 *  At equal rates it is not used at all, so that samples pass through untouched.
 */

export type Source = (left: Float32Array, right: Float32Array) => number;

const HISTORY = 4;
const MAX_BLOCK = 128;

export class Resampler {
  /** Source frames per output frame. */
  private readonly step: number;
  private phase = 1; // position between taps 1 and 2; whole parts ask for new source frames
  private readonly taps = [new Float32Array(HISTORY), new Float32Array(HISTORY)] as const;
  private readonly block: readonly [Float32Array, Float32Array];
  private readonly one: [Float32Array, Float32Array] = [new Float32Array(0), new Float32Array(0)];

  constructor(sourceRate: number, outputRate: number, maxOutput = MAX_BLOCK) {
    this.step = sourceRate / outputRate;
    const most = Math.ceil(maxOutput * this.step) + 2;
    this.block = [new Float32Array(most), new Float32Array(most)];
  }

  /** Fills both outputs from `source`, which is asked for exactly the frames needed. */
  process(source: Source, left: Float32Array, right: Float32Array): void {
    const n = left.length;
    const needed = Math.floor(this.phase + this.step * (n - 1));
    this.one[0] = this.block[0].subarray(0, needed);
    this.one[1] = this.block[1].subarray(0, needed);
    if (needed > 0) source(this.one[0], this.one[1]);
    let taken = 0;
    for (let i = 0; i < n; i++) {
      for (; this.phase >= 1; this.phase -= 1) this.shift(taken++);
      left[i] = cubic(this.taps[0], this.phase);
      right[i] = cubic(this.taps[1], this.phase);
      this.phase += this.step;
    }
  }

  private shift(i: number): void {
    for (const side of [0, 1] as const) {
      const taps = this.taps[side];
      taps.copyWithin(0, 1);
      taps[HISTORY - 1] = this.one[side][i] as number;
    }
  }
}

/** Between `taps[1]` and `taps[2]` at `x` in 0 … 1. */
function cubic(taps: Float32Array, x: number): number {
  const [a, b, c, d] = taps as unknown as [number, number, number, number];
  return b + 0.5 * x * (c - a + x * (2 * a - 5 * b + 4 * c - d + x * (3 * (b - c) + d - a)));
}
