/** Tempo from taps: the mean of the last few intervals; a pause begins anew. */

const PAUSE_MS = 2000;
const KEPT = 6;

export class TapTempo {
  private times: number[] = [];

  /** Takes a tap at `now` (milliseconds); the tempo in bpm, or null until there are two. */
  tap(now: number): number | null {
    const last = this.times.at(-1);
    if (last !== undefined && now - last > PAUSE_MS) this.times = [];
    this.times = [...this.times, now].slice(-KEPT);
    const first = this.times[0] as number;
    if (this.times.length < 2) return null;
    return Math.round((60_000 * (this.times.length - 1)) / (now - first));
  }
}
