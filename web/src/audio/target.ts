/** How much sound to keep in hand: as little as this link and this machine allow, found out while playing.
 *
 *  Sound arrives unevenly, and what is in hand dips below the target. The deepest dip, remembered, and a reserve are
 *  what is needed. A deeper dip counts at once, so that the target grows before anything runs out; it is forgotten slowly,
 *  as the engine forgets how long its slowest chunk took. Growing and sinking are not heard: the server sends more or less.
 *  If sound does run out, the target grows by as much as it came late, within reason. Once by itself it is a chance, such as
 *  the page's own opening, and is forgotten as fast as what was wanted at first; again within two minutes it is the link, and
 *  from then on the target forgets half as fast.
 */

export interface TargetOptions {
  /** Frames per second. */
  rate: number;
  /** Wanted at first, at least and at most, in seconds. */
  start: number;
  least: number;
  most: number;
}

const RESERVE_S = 0.01; // beyond the deepest dip
const WINDOW_S = 1; // after which dips are looked at
const REST_S = 0.5; // after growing: what arrives now was sent for the old target
const RAISE_S = 0.04; // added at most when sound has run out
const FORGET_FIRST = 4; // windows: the n-th forgets 1 / (n + FORGET_FIRST) of what was needed beyond its own dip …
const FORGET_LEAST = 0.02; // … and at least this much of it: half in 35 s
const BEGINNING = 5; // windows in which running out is a chance
const AGAIN = 120; // windows: what ran out within so many of the last time is no chance
const GENTLEST = 16; // times slower than that, once sound has run out again and again
const HEEDED = 0.75; // of the target: a sender whose sound never comes so far does not go by it

export class Target {
  /** Wanted now. */
  frames: number;
  private readonly least: number;
  private readonly most: number;
  private need: number; // frames: the deepest dip, as remembered
  private windows = 0; // since the beginning, or since a chance
  private sinceRanOut = Infinity; // windows
  private gentleness = 1; // how many times slower it forgets
  private dip = -Infinity; // deepest in this window
  private top = 0; // most in hand in this window
  private measured: number; // frames played in this window; below 0: resting

  constructor(private readonly o: TargetOptions) {
    this.least = Math.round(o.least * o.rate);
    this.most = Math.round(Math.max(o.least, o.most) * o.rate);
    this.frames = this.within(o.start * o.rate);
    this.need = this.frames - RESERVE_S * o.rate;
    this.measured = -REST_S * o.rate; // a beginning is uneven
  }

  /** A block of `frames` was played; `before` were in hand, and `left` of them were to spare. */
  played(frames: number, before: number, left: number): void {
    this.measured += frames;
    if (this.measured <= 0) return;
    this.dip = Math.max(this.dip, this.frames - left);
    this.top = Math.max(this.top, before);
    if (this.measured >= WINDOW_S * this.o.rate) this.settle();
  }

  /** Sound had run out; more of it came `late` frames after it was due. */
  ranOut(late: number): void {
    this.frames = this.within(this.frames + Math.min(RAISE_S * this.o.rate, late + RESERVE_S * this.o.rate));
    this.need = this.frames - RESERVE_S * this.o.rate;
    if (this.windows >= BEGINNING) {
      if (this.sinceRanOut < AGAIN) this.gentleness = Math.min(GENTLEST, 2 * this.gentleness);
      else this.windows = 0;
      this.sinceRanOut = 0;
    }
    this.look(REST_S);
  }

  /** Sound stopped, or begins again: dips up to now are none of this link's. */
  rest(): void {
    this.look(REST_S);
  }

  private settle(): void {
    this.sinceRanOut++;
    const forgotten = Math.max(FORGET_LEAST, 1 / (++this.windows + FORGET_FIRST)) / this.gentleness;
    const deeper = this.dip > this.need;
    if (deeper && this.top < HEEDED * this.frames) return this.look(0); // in vain
    this.need = deeper ? this.dip : this.need + forgotten * (this.dip - this.need);
    const before = this.frames;
    this.frames = this.within(this.need + RESERVE_S * this.o.rate);
    this.look(this.frames > before ? REST_S : 0);
  }

  /** Begins a window, after a rest. */
  private look(rest: number): void {
    this.dip = -Infinity;
    this.top = 0;
    this.measured = -rest * this.o.rate;
  }

  private within(frames: number): number {
    return Math.round(Math.min(this.most, Math.max(this.least, frames)));
  }
}
