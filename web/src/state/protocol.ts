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
  limits: { prompts: number; prompt_characters: number; weight: number; seed: number; name_characters: number };
  steps: number[];
  pitch_classes: string[];
  modes: Record<string, number[]>;
  qualities: Record<string, number[]>;
  styles: { name: string; prompt: string }[];
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
  key: string;
  /** Beat within the bar, name. */
  chords: [number, string][];
  gates: Record<Family, boolean>;
  density: number;
  brightness: number;
  loudness: number;
  fill: boolean;
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
  rtf: number;
  underruns: number;
  dropped: number;
  /** Milliseconds of each term between a gesture and the server's socket. */
  latency: Record<string, number>;
  recording: Recording | null;
  /** What the server's own device plays now: the sample heard, how loud (RMS and peak, 0 … 1); null where the page plays. */
  device: { name: string; open: boolean; latency_ms: number; late: number; heard: number; level: number; peak: number } | null;
  warning: string | null;
}

export interface ErrorMessage {
  type: "error";
  code: string;
  message: string;
}

export interface Started {
  type: "started";
  stream: number;
}

export type FromServer = Hello | Status | ErrorMessage | Started | TakeMessage | { type: "stopped" };
