/** Finds out whether the sound arrives by another clock than the sound card's, and how much faster to play to keep up.
 *
 *  The level is what is in hand beyond the target. A server that heeds reports sends by our clock: the level wavers, but does not
 *  wander, and the speed stays exactly 1. One that sends by its own moves the level steadily. Once that has left a band around
 *  where it was at first, the speed follows the distance, by 0.1 % (1.7 cents) at most, and so the level comes to rest. A level
 *  that jumps – another way through the network, a busy machine – is no drift: home jumps with it.
 */

const WINDOW_S = 1; // levels are averaged over it
const LEARN_WINDOWS = 4;
const SMOOTH_WINDOWS = 6;
const JUMP_S = 0.02;
const BAND = 0.15; // of the target …
const BAND_S = 0.01; // … and at least this
const REACTION_S = 30; // time in which the speed would take back the distance
const MOST = 1e-3;

export class Drift {
  /** Frames to be played per frame of the sound card's clock. */
  speed = 1;
  private home = 0; // level at first, in frames
  private level = 0; // smoothed
  private windows = 0; // since the level was new
  private sum = 0; // of level × frames in the window
  private measured = 0; // frames in the window

  constructor(private readonly rate: number) {}

  /** The level is new: a stream begins, or frames were lost. */
  reset(): void {
    this.windows = this.sum = this.measured = 0;
    this.speed = 1;
  }

  /** `frames` were played while `depth` lay ready and `target` was wanted. */
  note(depth: number, target: number, frames: number): void {
    this.sum += (depth - target) * frames;
    this.measured += frames;
    if (this.measured < WINDOW_S * this.rate) return;
    this.add(this.sum / this.measured, Math.max(BAND * target, BAND_S * this.rate));
    this.sum = this.measured = 0;
  }

  private add(mean: number, band: number): void {
    const jump = mean - this.level;
    if (this.windows > 0 && Math.abs(jump) > Math.max(JUMP_S * this.rate, band)) {
      this.home += jump;
      this.level = mean;
    }
    this.windows += 1;
    const share = 1 / Math.min(this.windows, SMOOTH_WINDOWS);
    this.level += (mean - this.level) * share;
    if (this.windows <= LEARN_WINDOWS) this.home = this.level;
    else this.speed = 1 + this.correction(band);
  }

  private correction(band: number): number {
    const away = this.level - this.home;
    const beyond = Math.max(0, Math.abs(away) - band) / this.rate;
    return Math.sign(away) * Math.min(MOST, beyond / REACTION_S);
  }
}
