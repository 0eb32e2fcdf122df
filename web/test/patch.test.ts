import { describe, expect, it } from "vitest";
import { changesTo, mix, patchOf, type Patch } from "../src/state/patch";
import { randomise } from "../src/state/randomise";
import { readScenes, SLOTS, writeScenes } from "../src/state/scene-file";
import { shares } from "../src/state/surface";
import { controls, hello, surface } from "./fixtures";

const patch: Patch = patchOf({ ...controls, notes: [60] }, surface);
const other: Patch = { ...patch, bpm: 140, density: 0.8, key: "A minor", drums: false, seed: 7 };

describe("patch", () => {
  it("asks for what differs only, and never touches the notes", () => {
    const now = { ...controls, prompts: shares(surface), notes: [60] };
    expect(changesTo(patch, now)).toEqual({});
    expect(changesTo(other, now)).toEqual({ bpm: 140, density: 0.8, key: "A minor", drums: false, seed: 7 });
  });

  it("asks for no prompts where no pad has a name", () => {
    const unnamed = { ...patch, surface: { ...surface, pads: [{ id: 1, text: "", x: 0, y: 0 }] } };
    expect(changesTo(unnamed, controls)).not.toHaveProperty("prompts");
  });

  it("moves numbers that both hold and switches the rest at the half", () => {
    const from = { ...patch, bpm: 100, density: null };
    expect(mix(from, other, 0.25, 8)).toMatchObject({ bpm: 110, density: null, key: null, drums: null, seed: 0 });
    expect(mix(from, other, 0.5, 8)).toMatchObject({ bpm: 120, density: 0.8, key: "A minor", drums: false, seed: 7 });
    expect(mix(from, other, 1, 8)).toEqual(other);
  });
});

describe("randomise", () => {
  it("gives what the server takes and keeps the key, whatever the dice say", () => {
    for (const face of [0, 0.2, 0.5, 0.8, 0.999999]) {
      const rolled = randomise({ ...other, temperature: 1.3 }, hello, () => face);
      expect(rolled).toMatchObject({ key: "A minor", temperature: 1.3, bpm: null, chord: null });
      expect(readScenes(file([rolled]), hello)[0]).toEqual(rolled);
      const parts = Object.values(shares(rolled.surface)).sort();
      expect(parts.at(-1)).toBeGreaterThan(0.45);
    }
  });
});

describe("scene files", () => {
  it("come back as they were written", () => {
    const scenes = Array.from({ length: SLOTS }, (_, i) => (i === 2 ? other : null));
    expect(readScenes(writeScenes(scenes), hello)).toEqual(scenes);
  });

  const changed = (changes: object) => file([{ ...other, ...changes }]);
  it.each([
    ["not JSON", "{"],
    ["must be a JSON object", "[]"],
    ["unknown field “more”", JSON.stringify({ ...JSON.parse(file([])), more: 1 })],
    ["lacks the field “scenes”", JSON.stringify({ kind: "legato scenes", version: 1 })],
    ["no Legato scenes of version 1", JSON.stringify({ kind: "legato scenes", version: 2, scenes: [] })],
    ["must hold 8 scenes", JSON.stringify({ kind: "legato scenes", version: 1, scenes: [] })],
    ["Scene 1: bpm must be a number from 40 to 240", changed({ bpm: 1000 })],
    ["Scene 1: guidance must be a number from 1 to 4", changed({ guidance: null })],
    ["Scene 1: drums must be true, false or null", changed({ drums: 1 })],
    ["Scene 1: key must be null or a name", changed({ key: "H minor" })],
    ["Scene 1: chord must be null or a name", changed({ chord: "<b>" })],
    ["Scene 1: seed must be a whole number", changed({ seed: 0.5 })],
    ["Scene 1: conductor must be one of on, free", changed({ conductor: "off" })],
    ["Scene 1: steps must be one of 1, 2, 4", changed({ steps: 3 })],
    ["Scene 1: pad 1: y must be a number from 0 to 0.75", changed({ surface: { ...surface, pads: [{ ...surface.pads[0], y: 1 }] } })],
    ["Scene 1: at least one pad must have a text", changed({ surface: { ...surface, pads: [] } })],
    ["Scene 1 has an unknown field “notes”", changed({ notes: [60] })],
  ])("are refused in one sentence: %s", (said, text) => {
    expect(() => readScenes(text, hello)).toThrow(said);
  });
});

function file(scenes: object[]): string {
  return JSON.stringify({ kind: "legato scenes", version: 1, scenes: Array.from({ length: SLOTS }, (_, i) => scenes[i] ?? null) });
}
