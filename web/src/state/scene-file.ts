/** Scenes as text, for the browser's store and for files. Reading is strict: a bad file is refused in one sentence. */

import { splitKey } from "./harmony";
import { FAMILIES, type Hello } from "./protocol";
import { SCALARS, type Patch } from "./patch";
import { HEIGHT, type Pad, type Point, type Surface } from "./surface";

export const SLOTS = 8;
export type Scenes = readonly (Patch | null)[];

const KIND = "legato scenes";
const VERSION = 1;
const OPEN: readonly string[] = ["bpm", "density", "brightness", "loudness"]; // numbers that may be left open
const FIELDS = ["surface", ...SCALARS, "key", "chord", ...FAMILIES, "seed", "conductor", "steps"];
const CHORD = /^[A-G][#b]?[-\w#+°ø/]{0,12}$/;

export function writeScenes(scenes: Scenes): string {
  return JSON.stringify(asFile(scenes), null, 2);
}

/** Slots as a file holds them. */
export const asFile = (scenes: readonly unknown[]) => ({ kind: KIND, version: VERSION, scenes });

/** The scenes in a text; throws an Error of one sentence that says what is wrong with it and where. */
export function readScenes(text: string, hello: Hello): (Patch | null)[] {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Error("The file is not JSON: choose one that this page exported.");
  }
  const file = record(data, "The file", ["kind", "version", "scenes"]);
  if (file.kind !== KIND || file.version !== VERSION)
    throw new Error(`The file holds no Legato scenes of version ${VERSION}: choose one that this page exported.`);
  if (!Array.isArray(file.scenes) || file.scenes.length !== SLOTS)
    throw new Error(`The file must hold ${SLOTS} scenes, null where one is empty.`);
  return file.scenes.map((scene: unknown, i) => (scene === null ? null : readPatch(scene, `Scene ${i + 1}`, hello)));
}

function readPatch(data: unknown, where: string, hello: Hello): Patch {
  const patch = record(data, where, FIELDS);
  for (const name of SCALARS) {
    if (patch[name] === null && OPEN.includes(name)) continue;
    number(patch[name], `${where}: ${name}`, ...hello.ranges[name]);
  }
  for (const name of FAMILIES)
    if (patch[name] !== null && typeof patch[name] !== "boolean") throw new Error(`${where}: ${name} must be true, false or null.`);
  key(patch.key, where, hello);
  if (patch.chord !== null && (typeof patch.chord !== "string" || !CHORD.test(patch.chord)))
    throw new Error(`${where}: chord must be null or a name such as Am7.`);
  number(patch.seed, `${where}: seed`, 0, hello.limits.seed);
  if (!Number.isInteger(patch.seed)) throw new Error(`${where}: seed must be a whole number.`);
  oneOf(patch.conductor, `${where}: conductor`, ["on", "free"]);
  oneOf(patch.steps, `${where}: steps`, hello.steps);
  return { ...patch, surface: surface(patch.surface, where, hello) } as Patch;
}

function surface(data: unknown, where: string, hello: Hello): Surface {
  const { pads, cursor } = record(data, `${where}: surface`, ["pads", "cursor"]);
  const most = hello.limits.prompts;
  if (!Array.isArray(pads) || pads.length > most) throw new Error(`${where}: pads must be a list of at most ${most}.`);
  const read = pads.map((pad: unknown, i): Pad => {
    const at = `${where}: pad ${i + 1}`;
    const { text, x, y } = record(pad, at, ["id", "text", "x", "y"]);
    const longest = hello.limits.prompt_characters;
    if (typeof text !== "string" || text.length > longest) throw new Error(`${at}: text must be words of at most ${longest} characters.`);
    return { id: i + 1, text: text.trim(), ...point({ x, y }, at) };
  });
  if (!read.some((pad) => pad.text)) throw new Error(`${where}: at least one pad must have a text.`);
  return { pads: read, cursor: point(cursor, `${where}: cursor`) };
}

function point(data: unknown, where: string): Point {
  const { x, y } = record(data, where, ["x", "y"]);
  return { x: number(x, `${where}: x`, 0, 1), y: number(y, `${where}: y`, 0, HEIGHT) };
}

function key(value: unknown, where: string, hello: Hello): void {
  const [tonic, mode] = typeof value === "string" ? splitKey(value) : ["", ""];
  if (value !== null && !(hello.pitch_classes.includes(tonic) && Object.hasOwn(hello.modes, mode)))
    throw new Error(`${where}: key must be null or a name such as A minor.`);
}

function record(data: unknown, where: string, fields: readonly string[]): Record<string, unknown> {
  if (typeof data !== "object" || data === null || Array.isArray(data)) throw new Error(`${where} must be a JSON object.`);
  const names = Object.keys(data);
  const unknown = names.find((name) => !fields.includes(name));
  if (unknown !== undefined) throw new Error(`${where} has an unknown field “${unknown.slice(0, 40)}”; known are ${fields.join(", ")}.`);
  const missing = fields.find((name) => !names.includes(name));
  if (missing !== undefined) throw new Error(`${where} lacks the field “${missing}”.`);
  return data as Record<string, unknown>;
}

function number(value: unknown, where: string, low: number, high: number): number {
  if (typeof value !== "number" || !(value >= low && value <= high)) throw new Error(`${where} must be a number from ${low} to ${high}.`);
  return value;
}

function oneOf(value: unknown, where: string, choices: readonly unknown[]): void {
  if (!choices.includes(value)) throw new Error(`${where} must be one of ${choices.join(", ")}.`);
}
