/** JSON messages between page and server; `docs/protocol.md` and `serving/protocol.py` say the same. */

export const FAMILIES = ["drums", "bass", "chords", "lead"] as const;
export type Family = (typeof FAMILIES)[number];
export type Scalar = "bpm" | "density" | "brightness" | "loudness" | "guidance" | "temperature";

/** Everything a performer can set; null = left open. */
export interface Controls {
  prompts: Record<string, number>;
  bpm: number | null;
  key: string | null;
  chord: string | null;
  density: number | null;
  brightness: number | null;
  loudness: number | null;
  drums: boolean | null;
  bass: boolean | null;
  chords: boolean | null;
  lead: boolean | null;
  notes: number[];
  guidance: number;
  temperature: number;
  seed: number;
  conductor: "on" | "free";
  steps: number;
  /** How much of what comes in counts for the past that the music goes on from, 0 … 1. */
  listen: number;
}

/** What a server with a folder for takes offers. */
export interface TakesOffer {
  /** Ending of the sound files: wav or flac. */
  kind: string;
  /** How much of what was heard last can be kept. */
  keep_seconds: number;
}

/** The take that is being recorded. */
export interface Recording {
  name: string;
  file: string;
  seconds: number;
  /** Of them, silence for what a slow disk could not take. */
  lost_seconds: number;
}

export type TakeAction = "start" | "stop" | "mark" | "keep";

export type TakeMessage = { type: "take"; name: string } & (
  | { action: "started"; file: string }
  | { action: "marked"; sample: number }
  | { action: "stopped" | "kept"; file: string; seconds: number; lost_seconds: number; warning: string | null }
);

/** When a change takes effect: with the next chunk, or from the next beat or bar on. */
export const QUANTISE = ["now", "beat", "bar"] as const;
export type Quantise = (typeof QUANTISE)[number];

/** Changes that wait for a beat of the stream. */
export interface Pending {
  quantise: Quantise;
  beat: number;
  changes: Partial<Controls>;
}

/** What of a bar can be set by hand; null takes it back. */
export interface BarEdit {
  chords?: [number, string][] | null;
  section?: string | null;
  gates?: Partial<Record<Family, boolean>> | null;
  density?: number | null;
  brightness?: number | null;
  loudness?: number | null;
}

/** An order to the conductor about bars to come; without `bars`, `roll` is about all of them. What has one `step` is undone together. */
export type PlanOrder = { step?: number } & ({ action: "lock" | "unlock" | "reset"; bars: number[] } | { action: "roll"; bars?: number[] } | ({ action: "set"; bars: number[] } & BarEdit));

export interface Hello {
  type: "hello";
  protocol: number;
  model: string;
  sample_rate: number;
  channels: number;
  format: string;
  chunk_samples: number;
  /** Controls that the model follows; missing: all of them. */
  honours?: (keyof Controls)[];
  ranges: Record<Scalar, [number, number]>;
  limits: { prompts: number; prompt_characters: number; weight: number; seed: number; name_characters: number; bars_ahead: number };
  steps: number[];
  pitch_classes: string[];
  modes: Record<string, number[]>;
  qualities: Record<string, number[]>;
  styles: { name: string; prompt: string }[];
  /** Of each style, by the name that bars give it. */
  sections: Record<string, string[]>;
  quantise: { choices: Quantise[]; default: Quantise };
  /** Null unless the server keeps scenes for all its pages, hands and pedals. */
  scenes: { slots: number; kept: boolean } | null;
  /** Null where there is no folder for takes. */
  takes: TakesOffer | null;
  /** The sound device of the server's machine, if that plays instead of the page. */
  device: { name: string } | null;
  controls: Controls;
}

export interface Bar {
  index: number;
  start_beat: number;
  beats: number;
  section: string;
  style: string;
  key: string;
  bpm: number;
  /** Beat within the bar, name. */
  chords: [number, string][];
  gates: Record<Family, boolean>;
  density: number;
  brightness: number;
  loudness: number;
  fill: boolean;
  build: number;
  /** Whether it stays as it is, whatever is planned anew. */
  locked: boolean;
  /** What was set by hand; "roll" if it was rolled anew. */
  edited: string[];
}

/** Where the music is at a sample of the stream. */
export interface Now {
  sample: number;
  beat: number;
  bpm: number;
  beats_per_bar: number;
  key: string | null;
  chord: string | null;
  section: string | null;
}

export interface Status {
  type: "status";
  stream: number;
  playing: boolean;
  controls: Controls;
  now: Now | null;
  plan: Bar[];
  /** When changes take effect that do not say so. */
  quantise: Quantise;
  /** Whether there are beats to wait for. */
  beat_known: boolean;
  pending: Pending[];
  /** Of Ableton Link, where the server takes part in it. */
  link: { peers: number; bpm: number; playing: boolean | null } | null;
  rtf: number;
  underruns: number;
  dropped: number;
  /** Milliseconds of each term between a gesture and the server's socket. */
  latency: Record<string, number>;
  recording: Recording | null;
  /** What the server's own device plays now: the sample heard, how loud (RMS and peak, 0 … 1); null where the page plays. */
  device: { name: string; open: boolean; latency_ms: number; late: number; heard: number; level: number; peak: number } | null;
  /** What comes in, where the server listens: how much of it counts now. */
  listen: { name: string; open: boolean; mix: number } | null;
  warning: string | null;
}

export interface ErrorMessage {
  type: "error";
  code: string;
  message: string;
  /** Of the order to the conductor that was refused. */
  step?: number;
}

export interface Started {
  type: "started";
  stream: number;
}

/** The scenes that the server keeps, as they stand in a file. */
export interface ScenesMessage {
  type: "scenes";
  slots: unknown[];
}

export type FromServer = Hello | ScenesMessage | Status | ErrorMessage | Started | TakeMessage | { type: "stopped" };
