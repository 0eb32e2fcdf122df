/** Undo and redo of gestures: what to go back to, and what was undone. */

const KEPT = 200;
const SAME_GESTURE_MS = 800;

/** Of what is to be gone to, what leads back from there: of a state, the present one. */
export type Counterpart<T> = (entry: T) => T;

export class Undo<T> {
  private past: T[] = [];
  private future: T[] = [];
  private gesture = "";
  private time = -Infinity;

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /**
   * Notes what leads back to `before` a change. Changes of one gesture that follow closely (`now` in ms) are undone together.
   * Returns what stands for the gesture.
   */
  note(before: T, gesture: string, now: number): T {
    const begun = this.past.at(-1);
    const goesOn = gesture === this.gesture && now - this.time < SAME_GESTURE_MS && this.future.length === 0;
    this.gesture = gesture;
    this.time = now;
    if (goesOn && begun !== undefined) return begun;
    this.past = [...this.past, before].slice(-KEPT);
    this.future = [];
    return before;
  }

  /** What leads back to before the last gesture, or null. */
  undo(counterpart: Counterpart<T>): T | null {
    return this.move(this.past, this.future, counterpart);
  }

  /** What leads to where the last undo came from, or null. */
  redo(counterpart: Counterpart<T>): T | null {
    return this.move(this.future, this.past, counterpart);
  }

  /** Forgets whatever cannot be gone back to any more. */
  forget(which: (entry: T) => boolean): void {
    this.past = this.past.filter((entry) => !which(entry));
    this.future = this.future.filter((entry) => !which(entry));
    this.gesture = "";
  }

  private move(from: T[], to: T[], counterpart: Counterpart<T>): T | null {
    const entry = from.pop();
    if (entry === undefined) return null;
    to.push(counterpart(entry));
    this.gesture = "";
    return entry;
  }
}
