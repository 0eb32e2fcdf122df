/** The computer keyboard as a piano: the middle row plays the white keys, the row above the black ones. */

const ROW = [
  ["KeyA", 0],
  ["KeyW", 1],
  ["KeyS", 2],
  ["KeyE", 3],
  ["KeyD", 4],
  ["KeyF", 5],
  ["KeyT", 6],
  ["KeyG", 7],
  ["KeyY", 8],
  ["KeyH", 9],
  ["KeyU", 10],
  ["KeyJ", 11],
  ["KeyK", 12],
  ["KeyO", 13],
  ["KeyL", 14],
  ["KeyP", 15],
  ["Semicolon", 16],
  ["Quote", 17],
] as const;
const PRINTED: Record<string, string> = { Semicolon: ";", Quote: "'" };
const SEMITONES = new Map<string, number>(ROW);

/** Semitones above the lowest C for a key by its place (`KeyboardEvent.code`), or null. */
export function semitoneOf(code: string): number | null {
  return SEMITONES.get(code) ?? null;
}

/** What to print on a piano key this many semitones up, in the letters of a US keyboard; empty beyond the row. */
export function letterOf(semitone: number): string {
  const code: string = ROW.find(([, at]) => at === semitone)?.[0] ?? "";
  return PRINTED[code] ?? code.slice("Key".length);
}
