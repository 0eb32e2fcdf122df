/** MIDI messages and what their controllers are bound to. Pure. */

import { isTarget, type Target } from "./targets";

export type MidiEvent =
  | { kind: "on"; channel: number; note: number }
  | { kind: "off"; channel: number; note: number }
  | { kind: "cc"; channel: number; number: number; value: number };

/** Controller name, as "1:74" for number 74 on channel 1 → what it moves. */
export type Bindings = Readonly<Record<string, Target>>;

export const SUSTAIN = 64;
export const ALL_SOUND_OFF = 120;
export const ALL_NOTES_OFF = 123;

/** Reads one message (channels 1 … 16, values 0 … 127); null for kinds the page does not use. */
export function parseMidi(data: ArrayLike<number>): MidiEvent | null {
  const [status = 0, first = 0, second = 0] = Array.from(data);
  const channel = (status & 0x0f) + 1;
  const kind = status & 0xf0;
  if (kind === 0x90 && second > 0) return { kind: "on", channel, note: first };
  if (kind === 0x80 || kind === 0x90) return { kind: "off", channel, note: first };
  if (kind === 0xb0) return { kind: "cc", channel, number: first, value: second };
  return null;
}

/** Binds a controller to a target; either of them belongs to one pair only. */
export function bind(bindings: Bindings, controller: string, target: Target): Bindings {
  const others = Object.entries(bindings).filter(([name, bound]) => name !== controller && bound !== target);
  return { ...Object.fromEntries(others), [controller]: target };
}

export function unbind(bindings: Bindings, target: Target): Bindings {
  return Object.fromEntries(Object.entries(bindings).filter(([, bound]) => bound !== target));
}

export function controllerOf(bindings: Bindings, target: Target): string | null {
  return Object.entries(bindings).find(([, bound]) => bound === target)?.[0] ?? null;
}

/** Bindings as stored; anything that is none is left out. */
export function readBindings(text: string | null): Bindings {
  let data: unknown = null;
  try {
    data = JSON.parse(text ?? "null");
  } catch {
    return {};
  }
  if (typeof data !== "object" || data === null) return {};
  return Object.fromEntries(
    Object.entries(data).filter((pair): pair is [string, Target] => /^\d{1,2}:\d{1,3}$/.test(pair[0]) && isTarget(pair[1])),
  );
}
