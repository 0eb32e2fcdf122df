/** What stands between the network and the loudspeaker: absorbs uneven arrival, never clicks, counts everything.
 *
 *  Frames are placed by their index in the stream. Playing starts when `target` frames are there. If they
 *  run out, the last ones are faded, silence follows, the target grows once it is known how late the next ones
 *  are, and playing resumes (faded in) when it is reached again. Lost frames are skipped with a fade on either side and counted.
 *  Where the sound card's clock, or its rate, is not that of the stream, frames are interpolated: none is dropped or played twice.
 */

import { Drift } from "./drift";
import { Ring } from "./ring";
import { Target } from "./target";

export interface JitterOptions {
  /** Of the stream, and of the sound card. */
  sampleRate: number;
  outputRate: number;
  /** Wanted depth in seconds: at the start, and the least and most that it may come to. */
  targetSeconds: number;
  minTargetSeconds: number;
  maxTargetSeconds: number;
  capacitySeconds: number;
}

/** Counted from the beginning of the stream; every count is in frames but those of gaps and underruns. */
export interface JitterStats {
  stream: number;
  /** Index of the next frame to be played. */
  index: number;
  received: number;
  played: number;
  /** Frames of output that were silence while a stream was expected. */
  silent: number;
  /** Places where frames were missing, and how many frames were missing in all. */
  gaps: number;
  lost: number;
  /** Frames that came twice, too late, or with no room left. */
  refused: number;
  underruns: number;
  depth: number;
  target: number;
  playing: boolean;
  /** Frames played per frame that the rates alone would ask for: 1 unless the stream keeps another clock's time. */
  speed: number;
}

export const DEFAULTS: JitterOptions = {
  sampleRate: 48_000,
  outputRate: 48_000,
  targetSeconds: 0.06,
  minTargetSeconds: 0.02,
  maxTargetSeconds: 0.6,
  capacitySeconds: 4,
};

const FADE = 128; // frames, 2.7 ms: also the reserve kept so that an underrun can be faded

interface Jump {
  /** Frames ever written when the jump was made. */
  at: number;
  skipped: number;
}

export class JitterBuffer {
  /** How often sound began or ended, and streams began. */
  turns = 0;
  private readonly ring: Ring;
  private readonly drift: Drift;
  private readonly target: Target;
  private nextIndex = 0; // index expected by the next push
  private playIndex = 0; // index of the next frame to be played
  private jumps: Jump[] = [];
  private fadeIn = 0; // frames of fade-in still to be applied
  private fadeOut = 0; // frames of fade-out left before a stop; 0 = not stopping
  private fadeLength = 0;
  private stream = -1;
  private playing = false;
  private started = false;
  private late: number | null = null; // frames that sound has been missing, with those of the fade; null: it has not run out, or has come again
  private counts = nothing(); // of this stream

  constructor(options: Partial<JitterOptions> = {}) {
    const o = { ...DEFAULTS, ...options };
    const capacity = Math.round(o.capacitySeconds * o.sampleRate);
    const least = Math.max((2 * FADE) / o.sampleRate, o.minTargetSeconds);
    const most = Math.min(o.capacitySeconds / 2, Math.max(o.targetSeconds, o.maxTargetSeconds));
    this.target = new Target({ rate: o.sampleRate, start: o.targetSeconds, least: Math.min(least, most), most });
    this.ring = new Ring(capacity, o.sampleRate / o.outputRate);
    this.drift = new Drift(o.sampleRate);
  }

  /** Frames ready to be played. */
  get depth(): number {
    return this.ring.depth;
  }

  /** Index of the next frame to be played. */
  get index(): number {
    return this.playIndex;
  }

  get stats(): JitterStats {
    return {
      stream: this.stream,
      index: this.playIndex,
      ...this.counts,
      depth: this.depth,
      target: this.target.frames,
      playing: this.playing,
      speed: this.drift.speed,
    };
  }

  /** Takes `frames` interleaved frames that start at `index` of `stream`; a higher stream number replaces the old. */
  push(stream: number, index: number, samples: Float32Array, frames: number): void {
    if (stream < this.stream) return;
    if (stream > this.stream) this.begin(stream, index);
    this.cameLate();
    this.counts.received += frames;
    let skip = 0;
    if (index < this.nextIndex) {
      skip = Math.min(frames, this.nextIndex - index);
      this.counts.refused += skip;
    } else if (index > this.nextIndex) {
      this.noteGap(index - this.nextIndex);
      this.nextIndex = index;
    }
    const taken = Math.min(frames - skip, this.ring.room);
    this.counts.refused += frames - skip - taken;
    this.write(samples, skip, taken);
    this.nextIndex += taken;
  }

  /** Fills one block; returns how many frames of it are sound. Both arrays have the same length. */
  pull(left: Float32Array, right: Float32Array): number {
    const n = left.length;
    if (!this.playing && this.started && this.depth >= this.target.frames) this.turn(true);
    if (!this.playing) return this.silence(left, right, 0);
    if (this.fadeOut > 0) return this.pullStopping(left, right);
    const needed = this.ring.needed(n, this.drift.speed);
    if (this.depth >= needed + FADE) {
      this.drift.note(this.depth, this.target.frames, needed);
      this.target.played(needed, this.depth, this.depth - needed - FADE);
      this.take(left, right, n);
      return n;
    }
    return this.pullLast(left, right);
  }

  /** Fades out over `frames` and forgets what is left; the next stream starts afresh. */
  stop(frames = 1440): void {
    this.started = false;
    if (this.playing) this.fadeOut = this.fadeLength = Math.min(this.ring.enough(this.drift.speed), Math.max(FADE, frames));
    else this.clear();
  }

  /** Forgets the stream: after a lost connection, streams are numbered from 1 again. */
  reset(): void {
    this.clear();
    this.started = false;
    this.stream = -1;
    this.fadeIn = FADE;
  }

  private begin(stream: number, index: number): void {
    this.clear();
    this.counts = nothing();
    this.stream = stream;
    this.nextIndex = index;
    this.playIndex = index;
    this.started = true;
    this.turns += 1;
    this.fadeIn = index === 0 ? 0 : FADE; // a stream's own beginning is not a cut
  }

  /** What had run out goes on: the target grows, and whoever sends is told. */
  private cameLate(): void {
    if (this.late === null) return;
    this.target.ranOut(this.late);
    this.late = null;
    this.turns += 1;
  }

  private clear(): void {
    this.ring.clear();
    this.late = null;
    this.drift.reset();
    this.jumps = [];
    this.target.rest();
    this.turn(false);
    this.fadeOut = 0;
  }

  private turn(playing: boolean): void {
    if (playing !== this.playing) this.turns += 1;
    this.playing = playing;
  }

  private write(samples: Float32Array, skip: number, frames: number): void {
    const start = this.ring.written;
    this.ring.write(samples, skip, frames);
    if (this.jumps.at(-1)?.at === start) this.ramp(start, Math.min(FADE, frames), true);
  }

  /** Frames are missing before the next write: the tail that is there is faded, the head will be. */
  private noteGap(missing: number): void {
    this.counts.gaps += 1;
    this.counts.lost += missing;
    const tail = Math.min(FADE, this.depth);
    this.ramp(this.ring.written - tail, tail, false);
    this.jumps.push({ at: this.ring.written, skipped: missing });
    this.drift.reset();
  }

  /** Equal-power ramp over frames in the ring, rising or falling. */
  private ramp(from: number, frames: number, rising: boolean): void {
    this.ring.scale(from, frames, (i) => fadeGain(rising ? i : frames - 1 - i, frames));
  }

  /** Moves sound from the ring into a block's first `n` frames, following jumps of the index. */
  private take(left: Float32Array, right: Float32Array, n: number): void {
    const passed = this.ring.take(left, right, n, this.drift.speed);
    this.playIndex += passed;
    this.counts.played += passed;
    while (this.jumps.length > 0 && (this.jumps[0] as Jump).at <= this.ring.read)
      this.playIndex += (this.jumps.shift() as Jump).skipped;
    this.applyFadeIn(left, right, n);
  }

  private applyFadeIn(left: Float32Array, right: Float32Array, n: number): void {
    for (let i = 0; i < n && this.fadeIn > 0; i++, this.fadeIn--) {
      const gain = fadeGain(FADE - this.fadeIn, FADE);
      left[i] = (left[i] as number) * gain;
      right[i] = (right[i] as number) * gain;
    }
  }

  /** Plays what is left, fading, and waits for the target again. */
  private pullLast(left: Float32Array, right: Float32Array): number {
    const n = Math.min(left.length, this.ring.enough(this.drift.speed));
    this.take(left, right, n);
    fadeOutBlock(left, right, n, n, n);
    this.drift.reset();
    this.late = FADE; // that of the fade
    this.turn(false);
    this.fadeIn = FADE;
    this.counts.underruns += 1;
    return this.silence(left, right, n);
  }

  private pullStopping(left: Float32Array, right: Float32Array): number {
    const n = Math.min(left.length, this.fadeOut);
    this.take(left, right, n);
    fadeOutBlock(left, right, n, this.fadeOut, this.fadeLength);
    this.fadeOut -= n;
    if (this.fadeOut === 0) this.clear();
    return this.silence(left, right, n);
  }

  private silence(left: Float32Array, right: Float32Array, from: number): number {
    left.fill(0, from);
    right.fill(0, from);
    if (this.late !== null) this.late += left.length - from;
    if (this.started) this.counts.silent += left.length - from;
    return from;
  }
}

function nothing() {
  return { received: 0, played: 0, silent: 0, gaps: 0, lost: 0, refused: 0, underruns: 0 };
}

/** Gain of frame `i` of an equal-power fade-in of `frames`. */
function fadeGain(i: number, frames: number): number {
  return Math.sin((0.5 * Math.PI * (i + 0.5)) / frames);
}

/** Fades a block's first `n` frames: `left` frames remain of a fade that is `total` long. */
function fadeOutBlock(l: Float32Array, r: Float32Array, n: number, left: number, total: number): void {
  for (let i = 0; i < n; i++) {
    const gain = fadeGain(left - 1 - i, total);
    l[i] = (l[i] as number) * gain;
    r[i] = (r[i] as number) * gain;
  }
}
