/** Solo beside mute: those soloed play, the others rest, and afterwards all is as it was. */

import { FAMILIES, type Family } from "./protocol";

export type Gates = Record<Family, boolean | null>;

export interface Solo {
  before: Gates;
  on: Family[];
}

export function gatesOf(controls: Gates): Gates {
  return Object.fromEntries(FAMILIES.map((family) => [family, controls[family]])) as Gates;
}

/** Families soloed now; none once the gates were set otherwise (a mute, a scene, undo). */
export function soloed(solo: Solo | null, gates: Gates): Family[] {
  if (!solo) return [];
  return FAMILIES.every((family) => gates[family] === solo.on.includes(family)) ? solo.on : [];
}

/** Adds a family to those soloed or takes it out; leaving the last one gives back the gates from before. */
export function toggleSolo(solo: Solo | null, gates: Gates, family: Family): { solo: Solo | null; gates: Gates } {
  const now = soloed(solo, gates);
  const before = solo && now.length > 0 ? solo.before : gatesOf(gates);
  const on = now.includes(family) ? now.filter((other) => other !== family) : [...now, family];
  if (on.length === 0) return { solo: null, gates: before };
  const only = Object.fromEntries(FAMILIES.map((name) => [name, on.includes(name)])) as Gates;
  return { solo: { before, on }, gates: only };
}
