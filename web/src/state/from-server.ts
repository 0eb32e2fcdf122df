/** Messages of the server as they come in. What it says of takes is read strictly: what is not as it should be is refused in
 *  one sentence. Fields that are not known are let be: a later server may have more to tell.
 */

import type { FromServer, Recording, TakeMessage, TakesOffer } from "./protocol";

const ENDED = ["stopped", "kept"] as const;

/** A message; throws an Error of one sentence if it is not JSON or says of takes what cannot be. */
export function readMessage(text: string): FromServer {
  const message = JSON.parse(text) as FromServer;
  if (message.type === "hello") return { ...message, takes: readOffer(message.takes) };
  if (message.type === "status") return { ...message, recording: readRecording(message.recording) };
  return message.type === "take" ? readTake(message) : message;
}

/** `hello.takes`; null where there is no folder for takes. */
function readOffer(data: unknown): TakesOffer | null {
  if (data === null || data === undefined) return null; // servers from before there were takes say nothing of them
  const offer = record(data, "hello.takes");
  return { kind: text(offer, "kind", "hello.takes"), keep_seconds: amount(offer, "keep_seconds", "hello.takes") };
}

/** `status.recording`; null while nothing is recorded. */
function readRecording(data: unknown): Recording | null {
  if (data === null || data === undefined) return null;
  const where = "status.recording";
  const told = record(data, where);
  return {
    name: text(told, "name", where),
    file: text(told, "file", where),
    seconds: amount(told, "seconds", where),
    lost_seconds: amount(told, "lost_seconds", where),
  };
}

function readTake(data: unknown): TakeMessage {
  const told = record(data, "take");
  const action = told.action;
  const take = { type: "take", name: text(told, "name", "take") } as const;
  if (action === "started") return { ...take, action, file: text(told, "file", "take") };
  if (action === "marked") return { ...take, action, sample: amount(told, "sample", "take") };
  const ended = ENDED.find((known) => known === action);
  if (!ended) return refuse(`take: action must be one of started, marked, ${ENDED.join(", ")}`);
  return {
    ...take,
    action: ended,
    file: text(told, "file", "take"),
    seconds: amount(told, "seconds", "take"),
    lost_seconds: amount(told, "lost_seconds", "take"),
    warning: told.warning === null ? null : text(told, "warning", "take"),
  };
}

function record(data: unknown, where: string): Record<string, unknown> {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return refuse(`${where} must be a JSON object`);
  return data as Record<string, unknown>;
}

function text(data: Record<string, unknown>, name: string, where: string): string {
  const value = data[name];
  return typeof value === "string" && value ? value : refuse(`${where}: ${name} must be a text`);
}

function amount(data: Record<string, unknown>, name: string, where: string): number {
  const value = data[name];
  return typeof value === "number" && value >= 0 && Number.isFinite(value) ? value : refuse(`${where}: ${name} must be a number from 0 up`);
}

function refuse(what: string): never {
  throw new Error(`The server said something this page does not understand (${what}): reload the page.`);
}
