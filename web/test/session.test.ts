import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ToLink } from "../src/audio/messages";
import type { Session as SessionType } from "../src/state/session";
import { hello } from "./fixtures";

/** The network thread's place: keeps what is to be sent. */
class Link {
  static sent: { type: string }[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor() {
    link = this;
  }
  postMessage(message: ToLink): void {
    if (message.kind === "send") Link.sent.push(JSON.parse(message.text) as { type: string });
  }
}

let link: Link;
let session: SessionType;
const steered = () => Link.sent.filter(({ type }) => type === "steer");

beforeEach(async () => {
  vi.useFakeTimers();
  const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  vi.stubGlobal("localStorage", storage);
  vi.stubGlobal("sessionStorage", storage);
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("Worker", Link);
  Link.sent = [];
  const { Session } = await import("../src/state/session");
  session = new Session("ws://here");
  link.onmessage?.({ data: { kind: "text", text: JSON.stringify(hello) } });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("sends a gesture before anything else happens, and what follows it in quick succession together", async () => {
  session.steer({ density: 0.2 });
  session.steer({ brightness: 0.3 });
  await Promise.resolve(); // no timer has run: the page has painted nothing
  expect(steered()).toEqual([{ type: "steer", density: 0.2, brightness: 0.3 }]);

  session.steer({ density: 0.4 });
  session.steer({ density: 0.6 });
  await Promise.resolve();
  expect(steered()).toHaveLength(1);
  vi.advanceTimersByTime(40);
  expect(steered()[1]).toEqual({ type: "steer", density: 0.6 });

  session.steer({ density: 0.8 });
  session.play([60]); // a key waits for nothing, and overtakes no knob
  expect(steered().slice(2)).toEqual([{ type: "steer", density: 0.8, notes: [60] }]);
});
