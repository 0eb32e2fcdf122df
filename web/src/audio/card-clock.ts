/** Notices when the sound card runs out of what the page gives it: then its clock stands still while the wall's goes on.
 *
 *  A report is old when it arrives, now less, now more; the youngest of a window says best where the card is. Once the card has
 *  fallen behind the wall by more than clocks differ, and again lately, its buffer is too small for this machine.
 */

const WINDOW_S = 1;
const REPORTS = 8; // in a window, at least: a page that was held up itself says nothing about the card
const LOST_S = 0.004; // from window to window; clocks differ by 0.3 ms in that time
const AWAY_S = 0.5; // longer is no stumble: the machine slept, or the sound was paused
const OFTEN = 2; // such windows …
const LATELY = 60; // … among so many

export class CardClock {
  private began = -Infinity;
  private reports = 0;
  private behind = Infinity; // seconds, least of this window
  private before = Infinity; // of the last one
  private windows = 0;
  private stumbles: number[] = []; // windows in which the card stood still

  /** The card had put out `context` seconds when the wall showed `wall`; returns whether it stumbles too often. */
  note(context: number, wall: number): boolean {
    if (wall - this.began >= WINDOW_S) this.settle(wall);
    this.reports += 1;
    this.behind = Math.min(this.behind, wall - context);
    return this.stumbles.length >= OFTEN;
  }

  private settle(wall: number): void {
    if (this.reports >= REPORTS) {
      const lost = this.behind - this.before;
      if (lost > LOST_S && lost < AWAY_S) this.stumbles.push(this.windows);
      this.before = this.behind;
    }
    this.windows += 1;
    this.stumbles = this.stumbles.filter((window) => window > this.windows - LATELY);
    this.began = wall;
    this.reports = 0;
    this.behind = Infinity;
  }
}
