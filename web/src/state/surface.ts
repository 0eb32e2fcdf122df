/** Prompts as pads on a plane with a cursor: the nearer a pad, the more it counts. Pure functions; x 0 … 1, y 0 … HEIGHT. */

export interface Point {
  x: number;
  y: number;
}

export interface Pad extends Point {
  id: number;
  /** Empty while it is still to be named; such a pad has no part in the music. */
  text: string;
}

export interface Surface {
  pads: readonly Pad[];
  cursor: Point;
}

/** Height of the plane in its own width, so that a distance looks the same in every direction. */
export const HEIGHT = 0.75;
/** The least that the fader of a pad shows: as far away as always fits on the plane. */
export const FLOOR = 0.01;
export const CENTRE: Point = { x: 0.5, y: HEIGHT / 2 };

const REACH = 0.2; // distance at which a pad counts e^(-1/2) as much as one under the cursor
const USUAL = 0.16; // how far from the cursor the strongest of prompts that came without places is put
const ADDED = 0.2;
const HEARD = 0.005; // a smaller share is left out
const SAME = 0.002; // shares closer than this are the same
const DEGREE = Math.PI / 180;

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
const nearness = (d: number) => Math.exp(-((d / REACH) ** 2) / 2);
const between = (low: number, high: number, x: number) => Math.min(high, Math.max(low, x));

/** The distance at which a pad weighs this much, `FLOOR` … 1. */
export function distanceFor(weight: number): number {
  return REACH * Math.sqrt(-2 * Math.log(between(FLOOR, 1, weight)));
}

export function inPlane(point: Point): Point {
  return { x: between(0, 1, point.x), y: between(0, HEIGHT, point.y) };
}

/** What a pad weighs by itself, `FLOOR` … 1: the position of its fader. */
export function weightOf(surface: Surface, pad: Point): number {
  return Math.max(FLOOR, nearness(distance(pad, surface.cursor)));
}

/** The mix: each prompt's share, to three digits, in all 1; pads too far away to be heard are left out. */
export function shares(surface: Surface): Record<string, number> {
  const named = surface.pads.filter((pad) => pad.text.trim());
  const nearest = Math.min(...named.map((pad) => distance(pad, surface.cursor)));
  const weights = new Map<string, number>();
  for (const pad of named) {
    const d = distance(pad, surface.cursor);
    // Relative to the nearest, so that a cursor far from every pad still finds one.
    const weight = Math.exp((nearest ** 2 - d ** 2) / (2 * REACH ** 2));
    weights.set(pad.text.trim(), (weights.get(pad.text.trim()) ?? 0) + weight);
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const parts = [...weights].map(([text, weight]): [string, number] => [text, weight / total]);
  return Object.fromEntries(parts.filter(([, part]) => part >= HEARD).map(([text, part]) => [text, round(part)]));
}

/** A surface that gives these prompts: the given one if it does so already, else with pads moved, added and dropped. */
export function adopt(surface: Surface, prompts: Record<string, number>): Surface {
  const entries = Object.entries(prompts);
  if (entries.length === 0 || agree(shares(surface), normalised(prompts))) return surface;
  const most = Math.max(...Object.values(prompts));
  const pads = entries.map(([text, weight], i): Pad => {
    const known = surface.pads.find((pad) => pad.text.trim() === text);
    const angle = (-150 + (360 * i) / entries.length) * DEGREE;
    const toward = known ?? { x: surface.cursor.x + Math.cos(angle), y: surface.cursor.y + Math.sin(angle) };
    return { id: i + 1, text, ...placeAt(surface.cursor, toward, distanceFor((weight / most) * nearness(USUAL))) };
  });
  return { pads, cursor: surface.cursor };
}

/** Between two surfaces, `t` 0 … 1: shares go in straight lines, and at most `limit` prompts are kept, the strongest. */
export function mixSurfaces(a: Surface, b: Surface, t: number, limit: number): Surface {
  if (t <= 0) return a;
  if (t >= 1) return b;
  const cursor = lerp(a.cursor, b.cursor, t);
  const [sharesA, sharesB] = [shares(a), shares(b)];
  const texts = [...new Set([...Object.keys(sharesA), ...Object.keys(sharesB)])];
  const parts = texts.map((text, i) => ({ id: i + 1, text, share: (sharesA[text] ?? 0) * (1 - t) + (sharesB[text] ?? 0) * t }));
  const strongest = parts.toSorted((p, q) => q.share - p.share).slice(0, limit);
  const most = strongest[0]?.share ?? 1;
  const scale = nearest(a) * (1 - t) + nearest(b) * t;
  const pads = strongest.map(({ id, text, share }): Pad => {
    const seatA = a.pads.find((pad) => pad.text.trim() === text);
    const seatB = b.pads.find((pad) => pad.text.trim() === text);
    const seat = seatA && seatB ? lerp(seatA, seatB, t) : (seatA ?? seatB ?? CENTRE);
    return { id, text, ...placeAt(cursor, seat, distanceFor((share / most) * scale)) };
  });
  return { pads: pads.toSorted((p, q) => p.id - q.id), cursor };
}

export function moveCursor(surface: Surface, to: Point): Surface {
  return { ...surface, cursor: inPlane(to) };
}

export function movePad(surface: Surface, id: number, to: Point): Surface {
  return change(surface, id, inPlane(to));
}

/** Moves a pad towards or away from the cursor until it weighs this much: what its fader does. */
export function weigh(surface: Surface, id: number, weight: number): Surface {
  const pad = surface.pads.find((other) => other.id === id);
  return pad ? change(surface, id, placeAt(surface.cursor, pad, distanceFor(weight))) : surface;
}

export function rename(surface: Surface, id: number, text: string): Surface {
  return change(surface, id, { text: text.trim() });
}

export function drop(surface: Surface, id: number): Surface {
  return { ...surface, pads: surface.pads.filter((pad) => pad.id !== id) };
}

/** Whether something would still be played without this pad. */
export function canDrop(surface: Surface, id: number): boolean {
  return surface.pads.some((pad) => pad.id !== id && pad.text.trim());
}

/** Adds a pad near the cursor where there is most room; its id is the largest. */
export function add(surface: Surface, text: string): Surface {
  const spots = Array.from({ length: 24 }, (_, i) => {
    const angle = (15 * i - 90) * DEGREE;
    return placeAt(surface.cursor, { x: surface.cursor.x + Math.cos(angle), y: surface.cursor.y + Math.sin(angle) }, ADDED);
  });
  const room = (spot: Point) => Math.min(...surface.pads.map((pad) => distance(pad, spot)));
  const best = spots.reduce((found, spot) => (room(spot) > room(found) + 1e-9 ? spot : found));
  return { ...surface, pads: [...surface.pads, { id: Math.max(0, ...surface.pads.map((pad) => pad.id)) + 1, text, ...best }] };
}

/** The point of the plane at this distance from `centre` whose direction is closest to that of `toward`. */
export function placeAt(centre: Point, toward: Point, d: number): Point {
  const apart = distance(centre, toward) > 1e-9;
  const angle = apart ? Math.atan2(toward.y - centre.y, toward.x - centre.x) : -90 * DEGREE;
  for (let turn = 0; turn <= 180; turn += 2)
    for (const side of [turn, -turn]) {
      const at = { x: centre.x + d * Math.cos(angle + side * DEGREE), y: centre.y + d * Math.sin(angle + side * DEGREE) };
      if (at.x >= 0 && at.x <= 1 && at.y >= 0 && at.y <= HEIGHT) return at;
    }
  return inPlane({ x: centre.x + d * Math.cos(angle), y: centre.y + d * Math.sin(angle) });
}

function nearest(surface: Surface): number {
  return Math.max(FLOOR, ...surface.pads.filter((pad) => pad.text.trim()).map((pad) => weightOf(surface, pad)));
}

function change(surface: Surface, id: number, changes: Partial<Pad>): Surface {
  return { ...surface, pads: surface.pads.map((pad) => (pad.id === id ? { ...pad, ...changes } : pad)) };
}

function lerp(a: Point, b: Point, t: number): Point {
  return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
}

function normalised(prompts: Record<string, number>): Record<string, number> {
  const total = Object.values(prompts).reduce((sum, weight) => sum + weight, 0);
  return Object.fromEntries(Object.entries(prompts).map(([text, weight]) => [text, weight / total]));
}

function agree(a: Record<string, number>, b: Record<string, number>): boolean {
  const texts = Object.keys(a);
  return texts.length === Object.keys(b).length && texts.every((text) => Math.abs((a[text] ?? 0) - (b[text] ?? 9)) < SAME);
}

function round(x: number): number {
  return Math.round(x * 1000) / 1000;
}
