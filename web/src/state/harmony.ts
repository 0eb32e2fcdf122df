/** The seven chords of a key, by stacking thirds; names as the server spells them. */

import type { Hello } from "./protocol";

const SEVEN = 7;

/** Splits "A minor" into tonic and mode. */
export function splitKey(key: string): [string, string] {
  const space = key.indexOf(" ");
  return space < 0 ? [key, "major"] : [key.slice(0, space), key.slice(space + 1)];
}

/** Triads on every degree of the key; empty for scales that have not seven notes. */
export function diatonicChords(key: string, hello: Hello): string[] {
  const [tonic, mode] = splitKey(key);
  const scale = hello.modes[mode];
  const root = hello.pitch_classes.indexOf(tonic);
  if (!scale || root < 0 || scale.length !== SEVEN) return [];
  return scale.map((step, degree) => {
    const tones = [0, 2, 4].map((third) => mod12((scale[(degree + third) % SEVEN] as number) - step));
    const quality = qualityOf(tones, hello.qualities);
    return `${hello.pitch_classes[mod12(root + step)] as string}${quality}`;
  });
}

function qualityOf(tones: number[], qualities: Record<string, number[]>): string {
  const wanted = [...tones].sort((a, b) => a - b).join();
  for (const [name, steps] of Object.entries(qualities)) if ([...steps].sort((a, b) => a - b).join() === wanted) return name;
  return "5";
}

function mod12(x: number): number {
  return ((x % 12) + 12) % 12;
}

/** For reading: "Bb" as "B♭", "F#" as "F♯", "m7b5" as "m7♭5". */
export function pretty(name: string): string {
  return name.replace(/#/g, "♯").replace(/dim/, "°").replace(/(?<=[A-G0-9])b/g, "♭");
}
