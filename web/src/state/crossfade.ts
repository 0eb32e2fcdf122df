/** Moves between two scenes: by hand with a slider, or over a chosen time. A fade waits for no beat: on beats it would be stairs. */

import type { Desk } from "./desk";
import { mix, type Patch } from "./patch";

const STEP_MS = 50;

interface Run {
  from: Patch;
  to: Patch;
  start: number; // ms
  /** Position in ms → where between the two, 0 … 1. */
  place(elapsed: number): number;
  /** Whether the slider goes along. */
  slider: boolean;
  length: number; // ms
}

export class Crossfade {
  /** The two scenes, as slots. */
  a = 0;
  b = 1;
  /** Where the slider stands: 0 = scene A, 1 = scene B. */
  at = 0;
  seconds = 8;
  private run: Run | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private count = 0;

  constructor(private readonly desk: Desk) {}

  get running(): boolean {
    return this.run !== null;
  }

  choose(end: "a" | "b", slot: number): void {
    this.cancel();
    this[end] = slot;
    this.desk.session.announce();
  }

  /** The slider moved by hand. */
  slide(at: number): void {
    const ends = this.ends();
    if (!ends) return;
    this.desk.apply(mix(...ends, at, this.desk.promptLimit), "crossfade", "now");
    this.at = at;
    this.desk.session.announce();
  }

  /** Runs the slider to the other end; a second call stops it where it is. */
  go(): void {
    if (this.run) return this.cancel();
    const ends = this.ends();
    if (!ends) return;
    const from = this.at;
    const to = from < 1 ? 1 : 0;
    const length = this.seconds * 1000 * Math.abs(to - from);
    const [a, b] = ends;
    this.begin({ from: a, to: b, start: performance.now(), length, slider: true, place: (ms) => from + (to - from) * (ms / length) });
  }

  /** From what is there now to a scene, over the chosen time. */
  glide(slot: number): void {
    const [from, to] = [this.desk.patch(), this.desk.scenes.slots[slot]];
    if (!to) return this.desk.scenes.sayEmpty(slot);
    const length = this.seconds * 1000;
    if (from) this.begin({ from, to, start: performance.now(), length, slider: false, place: (ms) => ms / length });
  }

  /** Stops where it is. */
  cancel(): void {
    if (!this.run) return;
    clearInterval(this.timer);
    this.run = null;
    this.desk.session.announce();
  }

  private begin(run: Run): void {
    this.cancel();
    this.desk.note(`fade ${++this.count}`);
    this.run = run;
    this.timer = setInterval(() => this.step(run), STEP_MS);
    this.desk.session.announce();
  }

  private step(run: Run): void {
    const elapsed = Math.min(run.length, performance.now() - run.start);
    const at = run.place(elapsed);
    if (elapsed >= run.length) {
      clearInterval(this.timer);
      this.run = null;
    }
    if (run.slider) this.at = at;
    this.desk.show(mix(run.from, run.to, at, this.desk.promptLimit), "now");
  }

  private ends(): [Patch, Patch] | null {
    const [a, b] = [this.desk.scenes.slots[this.a], this.desk.scenes.slots[this.b]];
    if (a && b) return [a, b];
    this.desk.scenes.sayEmpty(a ? this.b : this.a);
    return null;
  }
}
