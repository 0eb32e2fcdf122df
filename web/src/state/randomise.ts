/** A roll of the dice that stays musical. */

import type { Hello } from "./protocol";
import type { Patch } from "./patch";
import { CENTRE, HEIGHT, inPlane, type Pad } from "./surface";

const PROMPTS = 3;
const NEAR = [0.1, 0.26, 0.36]; // a leading style, a colour, a trace

/** A new patch: styles with one in front, levels in the middle ranges, and a new seed.
 *
 *  What the performer set on purpose and the music hangs together by stays: the key, and how the model is driven.
 *  Tempo, chords and band are left to the conductor, who fits them to the styles.
 */
export function randomise(patch: Patch, hello: Hello, random: () => number): Patch {
  const within = (low: number, high: number) => low + (high - low) * random();
  const level = (low: number, high: number) => (random() < 0.3 ? null : Number(within(low, high).toFixed(2)));
  const cursor = inPlane({ x: CENTRE.x + within(-0.12, 0.12), y: CENTRE.y + within(-0.09, 0.09) });
  const turn = within(0, 2 * Math.PI);
  const pads = pick(hello.styles, PROMPTS, random).map(({ prompt }, i): Pad => {
    const angle = turn + (2 * Math.PI * i) / PROMPTS + within(-0.4, 0.4);
    const d = (NEAR[i] as number) + within(-0.03, 0.03);
    const at = inPlane({ x: cursor.x + d * Math.cos(angle), y: cursor.y + d * Math.sin(angle) * HEIGHT });
    return { id: i + 1, text: prompt, ...at };
  });
  return {
    ...patch,
    surface: pads.length > 0 ? { pads, cursor } : patch.surface,
    bpm: null,
    chord: null,
    density: level(0.25, 0.8),
    brightness: level(0.25, 0.8),
    loudness: level(0.5, 0.8),
    drums: null,
    bass: null,
    chords: null,
    lead: null,
    seed: Math.floor(random() * hello.limits.seed),
    conductor: "on",
  };
}

function pick<T>(from: readonly T[], count: number, random: () => number): T[] {
  const left = [...from];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(Math.floor(random() * left.length), 1)[0] as T);
}
