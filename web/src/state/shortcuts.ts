/** Which key does what; the overlay shows the same table. */

export type Command =
  | { do: "toggle" | "restart" | "panic" | "undo" | "redo" | "dice" | "tap" | "store" | "fade" | "learn" | "theme" | "help" | "typing" | "escape" | "record" | "mark" | "keep" | "fold" | "quantise" | "roll" }
  | { do: "recall" | "glide"; slot: number }
  | { do: "octave"; by: number };

export interface KeyPress {
  key: string;
  code: string;
  shift: boolean;
  /** Control or, on a Mac, Command. */
  mod: boolean;
  alt: boolean;
}

/** Rows of the overlay: keys, what they do. */
export const SHORTCUTS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    "Transport",
    [
      ["Space", "start, stop"],
      ["R", "from the top"],
      ["Shift Esc", "panic: all notes off, fade out"],
      ["T", "tap the tempo"],
    ],
  ],
  [
    "Takes, where the server has a folder for them",
    [
      ["C", "record what sounds, or the next start; end the take"],
      ["N", "mark this moment of the take"],
      ["B", "keep what was heard last as a take of its own"],
    ],
  ],
  [
    "Musical time",
    [
      ["Q", "changes now, on the next beat, on the next bar"],
      ["G", "the conductor plans everything from the next bar on anew"],
      ["Shift Click", "choose several bars of the plan"],
    ],
  ],
  [
    "Scenes",
    [
      ["1 – 8", "recall a scene, or store in an empty slot"],
      ["Shift 1 – 8", "glide to a scene over the fade time"],
      ["S, then 1 – 8", "store what is there now"],
      ["F", "crossfade from A to B and back"],
    ],
  ],
  [
    "Hands",
    [
      ["Ctrl Z, Ctrl Y", "undo, redo"],
      ["D", "roll the dice"],
      ["K", "play notes with the letters; Z and X change octave, Esc ends"],
      ["M", "MIDI learn"],
    ],
  ],
  [
    "On a control",
    [
      ["Arrows", "move a pad, the cursor, a fader"],
      ["Delete", "let a fader go, remove a pad, clear a scene"],
      ["Double-click", "let go, or back to where it was at first"],
      ["L", "light, dark, as the system"],
      ["V", "spectrum and notes, or folded away"],
    ],
  ],
];

const LETTERS: Record<string, Command> = {
  r: { do: "restart" },
  t: { do: "tap" },
  s: { do: "store" },
  f: { do: "fade" },
  d: { do: "dice" },
  k: { do: "typing" },
  m: { do: "learn" },
  c: { do: "record" },
  n: { do: "mark" },
  b: { do: "keep" },
  l: { do: "theme" },
  v: { do: "fold" },
  q: { do: "quantise" },
  g: { do: "roll" },
  "?": { do: "help" },
  " ": { do: "toggle" },
};

/** Keys no note lies on: commands even while the letters play. */
const NEVER_NOTES = [" ", "?", "c", "n", "b"];

/** The command of a key press outside text fields, or null. While `typing`, letters are notes and no commands, but for a few. */
export function commandOf(press: KeyPress, typing: boolean): Command | null {
  const key = press.key.toLowerCase();
  if (key === "escape") return { do: press.shift ? "panic" : "escape" };
  if (press.mod && !press.alt) {
    if (key === "z") return { do: press.shift ? "redo" : "undo" };
    return key === "y" ? { do: "redo" } : null;
  }
  if (press.mod || press.alt) return null;
  const digit = /^Digit([1-8])$/.exec(press.code);
  if (digit) return { do: press.shift ? "glide" : "recall", slot: Number(digit[1]) - 1 };
  if (typing && press.code === "KeyZ") return { do: "octave", by: -1 };
  if (typing && press.code === "KeyX") return { do: "octave", by: 1 };
  if (typing && !NEVER_NOTES.includes(key)) return null;
  return LETTERS[key] ?? null;
}
