/** Takes as the page knows them: what the performer wants, what was asked for, what the server says is so. Pure. */

import type { Recording, TakeAction, TakeMessage } from "./protocol";

export interface TakeState {
  /** Whether the performer wants what sounds recorded or, while nothing sounds, what sounds next. */
  readonly wanted: boolean;
  /** The running take, as the server told last. */
  readonly recording: Recording | null;
  /** Orders without an answer yet, oldest first. */
  readonly waiting: readonly TakeAction[];
  /** How many moments of this take were marked. */
  readonly marks: number;
}

/** `armed`: recording begins with the sound. `saving`: the take is over and its files are being finished. */
export type Phase = "off" | "armed" | "recording" | "saving";

export const IDLE: TakeState = { wanted: false, recording: null, waiting: [], marks: 0 };

export function phaseOf({ wanted, recording, waiting }: TakeState): Phase {
  if (waiting.includes("stop")) return "saving";
  if (recording) return "recording";
  return wanted ? "armed" : "off";
}

/** An order was sent. */
export function asked(state: TakeState, action: TakeAction): TakeState {
  return { ...state, waiting: [...state.waiting, action], marks: state.marks + (action === "mark" ? 1 : 0) };
}

const ANSWERS: Record<TakeMessage["action"], TakeAction> = { started: "start", marked: "mark", stopped: "stop", kept: "keep" };

/** The server carried out an order; or began or ended a take with its stream, unasked. */
export function heard(state: TakeState, message: TakeMessage): TakeState {
  const at = state.waiting.indexOf(ANSWERS[message.action]);
  const waiting = state.waiting.filter((_, i) => i !== at);
  if (message.action === "started") {
    const { name, file } = message;
    return { ...state, recording: { name, file, seconds: 0, lost_seconds: 0 }, waiting, marks: 0 };
  }
  // With a new stream the next take may have begun before the last one's files are finished.
  const over = message.action === "stopped" && state.recording?.file === message.file;
  return { ...state, recording: over ? null : state.recording, waiting };
}

/** The server refused an order; `ours` says whether the performer should be told. */
export function refused(state: TakeState): { state: TakeState; ours: boolean } {
  const [first, ...waiting] = state.waiting; // carried out one after another
  // A server that records every stream of itself had begun before the order came, and its word of that was taken for the answer.
  if (!first && state.recording) return { state, ours: false };
  const wanted = first === "start" ? waiting.includes("start") : state.wanted;
  return { state: { ...state, wanted, waiting }, ours: true };
}

/** What the server says is being recorded; `broken` if a take has ended while it `sounds` and nobody ended it: the disk is full. */
export function followed(state: TakeState, recording: Recording | null, sounds: boolean): { state: TakeState; broken: boolean } {
  const turning = state.waiting.some((action) => action === "start" || action === "stop");
  const broken = sounds && state.recording !== null && recording === null && !turning;
  return { state: { ...state, recording, wanted: state.wanted && !broken }, broken };
}

/** A name as the server takes it: as typed, with a hyphen for each character it may not hold; null if nothing is left. */
export function harmless(typed: string, longest: number): string | null {
  const kept = typed.replace(/[^\p{L}\p{N} _-]/gu, "-").trim();
  const name = [...kept].slice(0, longest).join("").trim();
  return /[\p{L}\p{N}]/u.test(name) ? name : null;
}

/** The name of the next mark: as typed, or by number. */
export function markName(typed: string, state: TakeState, longest: number): string {
  return harmless(typed, longest) ?? `mark ${state.marks + 1}`;
}

/** Seconds as "1:07" or "1:02:07". */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const pad = (n: number) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/** One line about a take that was written. */
export function written(message: TakeMessage & { action: "stopped" | "kept" }): string {
  const line = `${message.action === "kept" ? "Kept" : "Take written"}: ${message.file}, ${clock(message.seconds)}`;
  return message.warning ? `${line}; ${message.warning}.` : `${line}.`;
}
