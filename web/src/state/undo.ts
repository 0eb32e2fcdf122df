/** Undo and redo of gestures: what was there before each, and what was undone. */

const KEPT = 200;
const SAME_GESTURE_MS = 800;

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

  /** Notes the state `before` a change. Changes of one gesture that follow closely (`now` in ms) are undone together. */
  note(before: T, gesture: string, now: number): void {
    const goesOn = gesture === this.gesture && now - this.time < SAME_GESTURE_MS && this.future.length === 0;
    this.gesture = gesture;
    this.time = now;
    if (goesOn) return;
    this.past = [...this.past, before].slice(-KEPT);
    this.future = [];
  }

  /** The state before the last gesture, or null; `current` is kept for redo. */
  undo(current: T): T | null {
    const before = this.past.pop();
    if (before === undefined) return null;
    this.future.push(current);
    this.gesture = "";
    return before;
  }

  /** The state that the last undo left, or null. */
  redo(current: T): T | null {
    const after = this.future.pop();
    if (after === undefined) return null;
    this.past.push(current);
    this.gesture = "";
    return after;
  }
}
