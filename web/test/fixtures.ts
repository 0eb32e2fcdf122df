/** What a server says when a page connects, as far as the tests need it. */

import type { Controls, Hello } from "../src/state/protocol";
import type { Surface } from "../src/state/surface";

export const controls: Controls = {
  prompts: { "warm lo-fi beat": 1 },
  bpm: null,
  key: null,
  chord: null,
  density: null,
  brightness: null,
  loudness: null,
  drums: null,
  bass: null,
  chords: null,
  lead: null,
  notes: [],
  guidance: 2,
  temperature: 1,
  seed: 0,
  conductor: "on",
  steps: 1,
  listen: 0.5,
};

export const hello: Hello = {
  type: "hello",
  protocol: 1,
  model: "test",
  sample_rate: 48_000,
  channels: 2,
  format: "pcm16",
  chunk_samples: 9600,
  ranges: { bpm: [40, 240], density: [0, 1], brightness: [0, 1], loudness: [0, 1], guidance: [1, 4], temperature: [0, 2] },
  limits: { prompts: 8, prompt_characters: 500, weight: 100, seed: 2 ** 31 - 1, name_characters: 40, bars_ahead: 32 },
  steps: [1, 2, 4],
  pitch_classes: ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"],
  modes: { major: [0, 2, 4, 5, 7, 9, 11], minor: [0, 2, 3, 5, 7, 8, 10], blues: [0, 3, 5, 6, 7, 10], dorian: [0, 2, 3, 5, 7, 9, 10] },
  qualities: {
    "": [0, 4, 7],
    m: [0, 3, 7],
    dim: [0, 3, 6],
    sus2: [0, 2, 7],
    sus4: [0, 5, 7],
    "7": [0, 4, 7, 10],
    maj7: [0, 4, 7, 11],
    m7: [0, 3, 7, 10],
    m7b5: [0, 3, 6, 10],
  },
  styles: ["house", "ambient", "jazz trio", "techno", "funk"].map((name) => ({ name, prompt: name })),
  sections: { lofi: ["intro", "verse", "chorus"] },
  quantise: { choices: ["now", "beat", "bar"], default: "now" },
  scenes: null,
  takes: { kind: "wav", keep_seconds: 60 },
  device: null,
  controls,
};

export const surface: Surface = {
  pads: [
    { id: 1, text: "house", x: 0.4, y: 0.3 },
    { id: 2, text: "ambient", x: 0.7, y: 0.5 },
  ],
  cursor: { x: 0.45, y: 0.35 },
};
