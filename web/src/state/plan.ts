/** Chords of a bar as one writes them. Pure. */

import type { Bar } from "./protocol";

/** "Am7 D7" where they share the bar evenly; else with the beat each begins on, counted from 1: "Am7 D7@4". */
export function chordsText({ chords, beats }: Pick<Bar, "chords" | "beats">): string {
  const even = chords.every(([start], i) => start === share(i, chords.length, beats));
  return chords.map(([start, name], i) => (even || i === 0 ? name : `${name}@${start + 1}`)).join(" ");
}

/** What was written, as `[beat within the bar, name]`; throws an Error of one sentence. The names are the server's to judge. */
export function readChords(text: string, beats: number): [number, string][] {
  const words = text.split(/[\s,|]+/).filter(Boolean);
  if (words.length === 0) throw new Error("Write one or more chords, such as Am7 D7.");
  const chords = words.map((word, i): [number, string] => {
    const [name = "", at] = word.split("@");
    const start = at === undefined ? share(i, words.length, beats) : Number(at) - 1;
    if (!(start >= 0 && start < beats)) throw new Error(`${word}: a beat of this bar is from 1 to below ${beats + 1}.`);
    return [i === 0 ? 0 : start, name];
  });
  const late = chords.find(([start], i) => i > 0 && start <= (chords[i - 1] as [number, string])[0]);
  if (late) throw new Error(`${late[1]} begins on beat ${late[0] + 1}, not after the chord before it.`);
  return chords;
}

function share(i: number, count: number, beats: number): number {
  return count > beats ? (i * beats) / count : Math.round((i * beats) / count);
}
