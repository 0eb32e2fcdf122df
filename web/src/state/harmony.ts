/** The seven chords of a key and the tones of keys and chords; names as the server spells them. */

import type { Hello } from "./protocol";

const SEVEN = 7;
const PARENTS: Record<string, string> = { "major pentatonic": "major", "minor pentatonic": "minor", blues: "dorian" };

/** Splits "A minor" into tonic and mode. */
export function splitKey(key: string): [string, string] {
  const space = key.indexOf(" ");
  return space < 0 ? [key, "major"] : [key.slice(0, space), key.slice(space + 1)];
}

/** How a chord is built on a degree of the key. */
export const VARIANTS = ["7th", "9th", "sus2", "sus4"] as const;
export type Variant = "triad" | (typeof VARIANTS)[number];
const STACKS: Record<Variant, readonly number[]> = {
  triad: [0, 2, 4],
  "7th": [0, 2, 4, 6],
  "9th": [0, 2, 4, 6, 8],
  sus2: [0, 1, 4],
  sus4: [0, 3, 4],
};

/** Chords on every degree of the key, or of the seven-note scale it is taken from; empty if the key is unknown.
 *
 *  A triad that has no name of its own stands as a fifth; any other chord without a name is null.
 */
export function diatonicChords(key: string, hello: Hello, variant: "triad"): string[];
export function diatonicChords(key: string, hello: Hello, variant: Variant): (string | null)[];
export function diatonicChords(key: string, hello: Hello, variant: Variant): (string | null)[] {
  const [tonic, mode] = splitKey(key);
  const scale = hello.modes[PARENTS[mode] ?? mode];
  const root = hello.pitch_classes.indexOf(tonic);
  if (!scale || root < 0 || scale.length !== SEVEN) return [];
  return scale.map((step, degree) => {
    const tones = STACKS[variant].map((third) => mod12((scale[(degree + third) % SEVEN] as number) - step));
    const quality = qualityOf(tones, hello.qualities) ?? (variant === "triad" ? "5" : null);
    return quality === null ? null : `${hello.pitch_classes[mod12(root + step)] as string}${quality}`;
  });
}

/** The pitch classes of a key as 0 … 11, C = 0; empty if it is unknown. */
export function scaleOf(key: string, hello: Hello): number[] {
  const [tonic, mode] = splitKey(key);
  const root = hello.pitch_classes.indexOf(tonic);
  return root < 0 ? [] : (hello.modes[mode] ?? []).map((step) => mod12(root + step));
}

/** The pitch classes of a chord, as the server spells it; empty if it is unknown. */
export function tonesOf(chord: string, hello: Hello): number[] {
  const [, name = "", quality = ""] = /^([A-G][#b]?)([^/]*)/.exec(chord) ?? [];
  const root = hello.pitch_classes.indexOf(name);
  return root < 0 ? [] : (hello.qualities[quality] ?? []).map((step) => mod12(root + step));
}

function qualityOf(tones: number[], qualities: Record<string, number[]>): string | null {
  const wanted = [...tones].sort((a, b) => a - b).join();
  for (const [name, steps] of Object.entries(qualities)) if ([...steps].sort((a, b) => a - b).join() === wanted) return name;
  return null;
}

const MAJOR_BELOW: Record<string, number> = { minor: 3, dorian: 10, phrygian: 8, lydian: 7, mixolydian: 5, locrian: 1 };
const FLAT_MAJORS = new Set([1, 3, 5, 8, 10]);
const SHARP_MAJORS = new Set([2, 4, 6, 7, 9, 11]);
const TONICS = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
const AS_FLAT: Record<string, string> = { "C#": "Db", "F#": "Gb", "D#": "Eb", "G#": "Ab", "A#": "Bb" };
const AS_SHARP: Record<string, string> = { Eb: "D#", Ab: "G#", Bb: "A#", Db: "C#", Gb: "F#" };

/** For reading: "C#m7b5" in F minor as "D♭m7♭5"; without a key as the server spells it. */
export function pretty(name: string, key: string | null = null): string {
  const spelled = name.replace(/^[A-G][#b]/, (root) => spelling(key)[root] ?? root);
  return spelled.replace(/#/g, "♯").replace(/(?<=[A-G0-9m])b/g, "♭").replace(/dim/, "°");
}

/** Roots that a key writes otherwise than the server does, by its signature. */
function spelling(key: string | null): Record<string, string> {
  if (!key) return {};
  const [tonic, mode] = splitKey(key);
  const below = MAJOR_BELOW[mode] ?? (mode.includes("minor") || mode === "blues" ? 3 : 0);
  const major = mod12(TONICS.indexOf(tonic) + below);
  return FLAT_MAJORS.has(major) ? AS_FLAT : SHARP_MAJORS.has(major) ? AS_SHARP : {};
}

function mod12(x: number): number {
  return ((x % 12) + 12) % 12;
}
