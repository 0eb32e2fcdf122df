/** What the page, the network worker and the audio worklet say to one another. */

import type { JitterStats } from "./jitter-buffer";

/** Page → worklet. */
export type ToWorklet =
  | { kind: "link"; port: MessagePort }
  | { kind: "stop" }
  | { kind: "reset" }
  | { kind: "capture"; frames: number };

/** Worklet → page, about 20 times a second. */
export interface WorkletReport extends JitterStats {
  kind: "report";
  /** The sound card's clock, seconds, at the moment `index` is due. */
  contextTime: number;
  /** Largest absolute sample and mean square per side since the last report. */
  peak: [number, number];
  power: [number, number];
}

/** How loud it is where, whoever plays. */
export type Loudness = Pick<WorkletReport, "playing" | "stream" | "index" | "peak" | "power">;

/** Worklet → page: what was put out, interleaved stereo, and the index of its first frame. */
export interface Captured {
  kind: "captured";
  index: number;
  samples: Float32Array;
}

export type FromWorklet = WorkletReport | Captured;

/** Worklet → worker, ten times a second and at every turn: where the listener is, so that the server sends neither too much nor too little. */
export interface Position {
  stream: number;
  played: number;
  target: number;
  playing: boolean;
}

/** Page → worker. */
export type ToLink =
  | { kind: "open"; url: string }
  | { kind: "audio"; port: MessagePort }
  | { kind: "send"; text: string }
  | { kind: "ping" }
  | { kind: "close" };

/** Worker → page. */
export type FromLink =
  | { kind: "opened" }
  | { kind: "closed"; code: number; reason: string }
  | { kind: "text"; text: string }
  | { kind: "round-trip"; milliseconds: number }
  | { kind: "bad-audio"; reason: string };
