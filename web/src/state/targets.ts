/** What a knob of a MIDI controller can be bound to. */

export const TARGETS = {
  bpm: "Tempo",
  density: "Density",
  brightness: "Brightness",
  loudness: "Loudness",
  guidance: "Guidance",
  temperature: "Temperature",
  "cursor.x": "Prompt cursor, across",
  "cursor.y": "Prompt cursor, up and down",
  fade: "Crossfade",
  drums: "Drums",
  bass: "Bass",
  chords: "Chords",
  lead: "Lead",
  "scene.1": "Scene 1",
  "scene.2": "Scene 2",
  "scene.3": "Scene 3",
  "scene.4": "Scene 4",
  "scene.5": "Scene 5",
  "scene.6": "Scene 6",
  "scene.7": "Scene 7",
  "scene.8": "Scene 8",
  "plan.roll": "Roll all of the plan",
  "take.record": "Record",
  "take.mark": "Mark",
  "take.keep": "Keep the last seconds",
} as const;

export type Target = keyof typeof TARGETS;

export function isTarget(name: unknown): name is Target {
  return typeof name === "string" && Object.hasOwn(TARGETS, name);
}
