import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MusicalTime, wordsOf } from "../src/state/musical-time";
import { chordsText, readChords } from "../src/state/plan";
import type { Bar, Status } from "../src/state/protocol";
import type { Session } from "../src/state/session";
import { Undo } from "../src/state/undo";

const bar = (index: number, changes: Partial<Bar> = {}): Bar => ({
  index,
  start_beat: 4 * index,
  beats: 4,
  section: "verse",
  style: "lofi",
  key: "A minor",
  bpm: 90,
  chords: [[0, "Am7"]],
  gates: { drums: true, bass: true, chords: true, lead: false },
  density: 0.5,
  brightness: 0.4,
  loudness: 0.6,
  fill: false,
  build: 0,
  locked: false,
  edited: [],
  ...changes,
});

const status = (changes: Partial<Status> = {}) =>
  ({ now: { beat: 9.5, beats_per_bar: 4 }, plan: [2, 3, 4, 5].map((index) => bar(index)), quantise: "now", beat_known: true, pending: [], ...changes }) as Status;

const session = {
  status: null as Status | null,
  remote: false,
  sent: [] as object[],
  player: { send: (message: object) => void session.sent.push(message) },
  trustServer: vi.fn(),
  say: vi.fn(),
  announce: vi.fn(),
  undo: new Undo<number>(),
  desk: {
    notePlan: (gesture: string) => session.undo.note(++session.steps, gesture, performance.now()),
    forgetStep: (step: number) => session.undo.forget((entry) => entry === step),
  },
  steps: 0,
};
let time: MusicalTime;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
  Object.assign(session, { status: status(), sent: [], remote: false, undo: new Undo<number>(), steps: 0 });
  time = new MusicalTime(session as unknown as Session);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("when changes take effect", () => {
  it("is chosen here, told to the server, and reckoned in its beats", () => {
    expect(time.boundary).toBeNull();
    time.choose("beat");
    expect([time.quantise, time.boundary]).toEqual(["beat", 10]);
    time.turn();
    expect([time.quantise, time.boundary]).toEqual(["bar", 12]);
    expect(session.sent).toEqual([
      { type: "quantise", default: "beat" },
      { type: "quantise", default: "bar" },
    ]);
    session.status = status({ beat_known: false });
    expect(time.boundary).toBeNull();
  });

  it("outranks an older word of the server, but not for long", () => {
    time.choose("bar");
    time.follow();
    expect(time.quantise).toBe("bar");
    vi.advanceTimersByTime(1500);
    time.follow();
    expect(time.quantise).toBe("now");
  });

  it("holds after a lost connection, but not over a stream that went on without the page", () => {
    time.choose("bar");
    time.begin("now");
    expect(session.sent).toHaveLength(2);
    session.remote = true;
    time.begin("beat");
    expect(time.quantise).toBe("beat");
  });

  it("says what waits, and withdraws it", () => {
    session.status = status({ pending: [{ quantise: "bar", beat: 12, changes: { density: 0.8, chord: null, drums: false, prompts: { house: 0.5, ambient: 0.5 } } }] });
    expect([time.waits("density"), time.waits("bpm")]).toEqual([true, false]);
    expect(wordsOf(time.pending[0]?.changes ?? {})).toBe("density 0.8, chord open, drums off, prompts house + ambient");
    time.cancel();
    expect(session.sent).toEqual([{ type: "cancel" }]);
  });
});

describe("bars being edited", () => {
  it("are chosen one by one or in a row, and let go when they begin", () => {
    time.select(3, false);
    time.select(5, true);
    expect(time.selected).toEqual([3, 4, 5]);
    session.status = status({ plan: [4, 5, 6].map((index) => bar(index)) });
    time.follow();
    expect(time.selected).toEqual([5]);
    time.select(5, false);
    expect(time.selected).toEqual([]);
  });

  it("show at once what was done, and send what one gesture did as one order", () => {
    time.select(3, false);
    time.edit({ density: 0.6 });
    time.edit({ density: 0.7 });
    expect(time.shown(bar(3))).toMatchObject({ density: 0.7, edited: ["density"] });
    expect(time.shown(bar(4)).density).toBe(0.5);
    vi.advanceTimersByTime(200);
    time.edit({ density: 0.8 }); // the same movement goes on
    vi.advanceTimersByTime(200);
    expect(session.sent).toEqual([
      { type: "plan", action: "set", bars: [3], density: 0.7, step: 1 },
      { type: "plan", action: "set", bars: [3], density: 0.8, step: 1 },
    ]);
    vi.advanceTimersByTime(2000);
    time.follow();
    expect(time.shown(bar(3)).density).toBe(0.5); // the plan has the word again
  });

  it("part gestures that follow each other, so that each can be undone", () => {
    time.select(3, false);
    time.edit({ density: 0.7 });
    time.edit({ gates: { lead: true } });
    time.edit({ gates: { drums: false } });
    expect(time.shown(bar(3))).toMatchObject({ density: 0.7, gates: { drums: false, bass: true, lead: true }, edited: ["density", "gates"] });
    vi.advanceTimersByTime(200);
    const { step: last } = session.sent.at(-1) as { step: number };
    expect(session.sent).toMatchObject([{ density: 0.7 }, { density: 0.7, gates: { lead: true, drums: false } }]);
    expect(last).not.toBe((session.sent[0] as { step: number }).step);
    time.edit({ brightness: 0.1 });
    time.revise("undo", last); // what is on its way is sent before, and then no longer shown
    expect(session.sent.slice(2)).toMatchObject([{ action: "set", brightness: 0.1 }, { action: "undo", step: last }]);
    expect(time.shown(bar(3)).brightness).toBe(0.4);
  });

  it("take nothing along to the next bar", () => {
    time.select(3, false);
    time.edit({ density: 0.7 });
    time.select(4, false);
    time.edit({ section: "chorus" });
    time.order({ action: "lock", bars: [4] });
    expect(session.sent).toEqual([
      { type: "plan", action: "set", bars: [3], density: 0.7, step: 1 },
      { type: "plan", action: "set", bars: [4], section: "chorus", step: 2 },
      { type: "plan", action: "lock", bars: [4], step: 3 },
    ]);
  });

  it("leave nothing to undo where they were refused, unless a part of the gesture was carried out", () => {
    time.order({ action: "lock", bars: [3] });
    time.order({ action: "roll", bars: [3] });
    time.refused(2);
    expect(session.undo.undo((step) => step)).toBe(1);
    time.select(3, false);
    time.edit({ density: 0.6 });
    vi.advanceTimersByTime(200);
    time.edit({ density: 0.7 });
    vi.advanceTimersByTime(200);
    const { step } = session.sent.at(-1) as { step: number };
    time.refused(step); // the second of two orders of one gesture
    expect(session.undo.undo((other) => other)).toBe(step);
    expect(session.undo.canUndo).toBe(false);
  });

  it("give a level back", () => {
    time.select(3, false);
    time.edit({ density: null });
    expect(time.shown(bar(3, { edited: ["density", "chords"] }))).toMatchObject({ density: 0.5, edited: ["chords"] });
  });
});

describe("chords of a bar", () => {
  it.each([
    ["Am7", 4, [[0, "Am7"]]],
    ["Am7 D7", 4, [[0, "Am7"], [2, "D7"]]],
    ["Am7 D7@4", 4, [[0, "Am7"], [3, "D7"]]],
    ["C F G", 3, [[0, "C"], [1, "F"], [2, "G"]]],
    ["C | G@2.5", 4, [[0, "C"], [1.5, "G"]]],
  ] as [string, number, [number, string][]][])("%s in %i beats are read and written", (text, beats, chords) => {
    expect(readChords(text, beats)).toEqual(chords);
    expect(readChords(chordsText({ chords, beats }), beats)).toEqual(chords);
  });

  it("that cannot be are refused in one sentence", () => {
    expect(() => readChords(" ", 4)).toThrow("one or more chords");
    expect(() => readChords("C G@6", 4)).toThrow("G@6: a beat of this bar is from 1 to below 5.");
    expect(() => readChords("C G@3 F@2", 4)).toThrow("F begins on beat 2, not after the chord before it.");
    expect(() => readChords("C G@x", 4)).toThrow("a beat of this bar");
  });
});
