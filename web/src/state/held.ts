/** The notes that sound, whoever holds them: fingers on the page, computer keys, MIDI keys and the sustain pedal. */

export const LOWEST_NOTE = 21;
export const HIGHEST_NOTE = 108;
const MOST = 16; // as many as the server takes at once

export class HeldNotes {
  private readonly held = new Map<string, number>(); // source → note, oldest first
  private readonly sustained = new Set<number>();
  pedalDown = false;

  /** A key goes down; `source` names the finger or key, and a source holds one note at a time. */
  press(source: string, note: number): void {
    this.release(source);
    if (note >= LOWEST_NOTE && note <= HIGHEST_NOTE) this.held.set(source, note);
  }

  release(source: string): void {
    const note = this.held.get(source);
    this.held.delete(source);
    if (note !== undefined && this.pedalDown) this.sustained.add(note);
  }

  /** Lets go of every source whose name begins like this. */
  releaseAll(prefix: string): void {
    for (const source of [...this.held.keys()]) if (source.startsWith(prefix)) this.release(source);
  }

  pedal(down: boolean): void {
    this.pedalDown = down;
    if (!down) this.sustained.clear();
  }

  /** Everything off, pedal too. */
  clear(): void {
    this.held.clear();
    this.pedal(false);
  }

  /** The notes that sound, ascending; of too many the latest. */
  get notes(): number[] {
    const inOrder = [...this.sustained, ...this.held.values()];
    const latest = [...new Set(inOrder.toReversed())].slice(0, MOST);
    return latest.sort((a, b) => a - b);
  }
}
