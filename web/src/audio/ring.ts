/** Stereo frames in order of arrival, read at any speed.
 *
 *  At speed 1 and equal rates the position stands on whole frames and samples pass untouched. Otherwise they are interpolated;
 *  afterwards the position slides, too slowly to be heard, to the next whole frame.
 */

import { Kernel, newWeights, REACH } from "./interpolation";

const CHANNELS = 2;
const SLIDE = 1e-4; // frames per frame: 0.2 cents

export class Ring {
  /** Frames ever written and read; `read` is the frame at or before the position. */
  written = 0;
  read = 0;
  private phase = 0; // of the position between two frames
  private readonly samples: Float32Array;
  private readonly frames: number;
  private readonly kernel: Kernel;
  private readonly weights = newWeights();

  /** Holds `capacity` unread frames; `step` is how many of them make one frame of output at speed 1. */
  constructor(
    private readonly capacity: number,
    private readonly step: number,
  ) {
    this.frames = capacity + REACH; // those just read are still looked at
    this.samples = new Float32Array(this.frames * CHANNELS);
    this.kernel = new Kernel(step);
  }

  get depth(): number {
    return this.written - this.read;
  }

  get room(): number {
    return this.capacity - this.depth;
  }

  clear(): void {
    this.written = this.read = this.phase = 0;
  }

  /** Takes interleaved frames; there must be room. */
  write(samples: Float32Array, skip: number, frames: number): void {
    const start = this.written % this.frames;
    const first = Math.min(frames, this.frames - start);
    this.samples.set(samples.subarray(skip * CHANNELS, (skip + first) * CHANNELS), start * CHANNELS);
    this.samples.set(samples.subarray((skip + first) * CHANNELS, (skip + frames) * CHANNELS), 0);
    this.written += frames;
  }

  /** Multiplies frames in place. */
  scale(from: number, frames: number, gain: (i: number) => number): void {
    for (let i = 0; i < frames; i++) {
      const at = ((from + i) % this.frames) * CHANNELS;
      this.samples[at] = (this.samples[at] as number) * gain(i);
      this.samples[at + 1] = (this.samples[at + 1] as number) * gain(i);
    }
  }

  /** Frames that `n` of output take from the ring. */
  needed(n: number, speed: number): number {
    return Math.floor(this.phase + n * this.stepFor(n, speed) + 1e-9);
  }

  /** Frames of output that what is left is enough for. */
  enough(speed: number): number {
    return Math.max(0, Math.floor((this.depth - this.phase) / (this.step * speed)));
  }

  /** Fills the first `n` frames of a block; returns how many frames of the ring were passed. */
  take(left: Float32Array, right: Float32Array, n: number, speed: number): number {
    const step = this.stepFor(n, speed);
    const passed = this.needed(n, speed);
    if (step === 1 && this.phase === 0) this.copy(left, right, n);
    else for (let i = 0; i < n; i++) this.between(this.phase + i * step, left, right, i);
    const phase = this.phase + n * step - passed;
    this.phase = phase < 1e-9 ? 0 : phase;
    this.read += passed;
    return passed;
  }

  private stepFor(n: number, speed: number): number {
    if (this.step * speed !== 1 || this.phase === 0) return this.step * speed;
    return 1 + Math.min(SLIDE, (1 - this.phase) / n); // the last slide ends on a whole frame
  }

  private copy(left: Float32Array, right: Float32Array, n: number): void {
    let at = (this.read % this.frames) * CHANNELS;
    for (let i = 0; i < n; i++, at += CHANNELS) {
      if (at === this.samples.length) at = 0;
      left[i] = this.samples[at] as number;
      right[i] = this.samples[at + 1] as number;
    }
  }

  /** Interpolates at `offset` frames behind `read`; before the first and behind the last frame there is silence. */
  private between(offset: number, left: Float32Array, right: Float32Array, i: number): void {
    const whole = Math.floor(offset);
    this.kernel.at(offset - whole, this.weights);
    const first = this.read + whole - REACH + 1;
    const from = Math.max(0, -first);
    const to = Math.min(2 * REACH, this.written - first);
    let at = ((first + from) % this.frames) * CHANNELS;
    let [l, r] = [0, 0];
    for (let tap = from; tap < to; tap++, at += CHANNELS) {
      if (at === this.samples.length) at = 0;
      const weight = this.weights[tap] as number;
      l += weight * (this.samples[at] as number);
      r += weight * (this.samples[at + 1] as number);
    }
    left[i] = l;
    right[i] = r;
  }
}
