/** What a scene holds and undo restores: controls and where the prompts lie; neither notes under fingers nor what comes in. */

import type { Controls, Scalar } from "./protocol";
import { mixSurfaces, shares, type Surface } from "./surface";

export type Patch = Omit<Controls, "notes" | "prompts" | "listen"> & { surface: Surface };

export const SCALARS: readonly Scalar[] = ["bpm", "density", "brightness", "loudness", "guidance", "temperature"];

export function patchOf(controls: Controls, surface: Surface): Patch {
  const { notes: _notes, prompts: _prompts, listen: _listen, ...rest } = controls;
  return { ...rest, surface };
}

/** What has to be asked for to come from these controls to the patch; empty if nothing. */
export function changesTo(patch: Patch, controls: Controls): Partial<Controls> {
  const { surface, ...rest } = patch;
  const prompts = shares(surface);
  const wanted = Object.keys(prompts).length > 0 ? { ...rest, prompts } : rest;
  const differ = Object.entries(wanted).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(controls[name as keyof Controls]),
  );
  return Object.fromEntries(differ) as Partial<Controls>;
}

/** Between two patches, `t` 0 … 1: numbers and prompts move with `t`; what cannot lie between switches at the half. */
export function mix(a: Patch, b: Patch, t: number, promptLimit: number): Patch {
  const mixed = { ...(t < 0.5 ? a : b), surface: mixSurfaces(a.surface, b.surface, t, promptLimit) };
  for (const name of SCALARS) {
    const [from, to] = [a[name], b[name]];
    if (from !== null && to !== null) mixed[name] = Number((from + (to - from) * Math.min(1, Math.max(0, t))).toFixed(4));
  }
  return mixed;
}
