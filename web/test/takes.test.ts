import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Desk } from "../src/state/desk";
import { readMessage } from "../src/state/from-server";
import type { Recording, Status, TakeMessage } from "../src/state/protocol";
import { commandOf } from "../src/state/shortcuts";
import { TakeDesk } from "../src/state/take-desk";
import { asked, clock, followed, heard, IDLE, markName, phaseOf, refused, written } from "../src/state/takes";
import { hello } from "./fixtures";

const started = (file: string): TakeMessage => ({ type: "take", action: "started", name: "take", file });
const stopped = (file: string, warning: string | null = null) =>
  ({ type: "take", action: "stopped", name: "take", file, seconds: 67.4, lost_seconds: 0, warning }) as const;
const running = (file: string, seconds = 1): Recording => ({ name: "take", file, seconds, lost_seconds: 0 });

describe("messages about takes", () => {
  const message = (fields: object) => readMessage(JSON.stringify({ type: "take", name: "riff", ...fields }));

  it("are read as the protocol has them", () => {
    expect(message({ action: "marked", sample: 9120, later: true })).toEqual({ type: "take", name: "riff", action: "marked", sample: 9120 });
    expect(message({ ...stopped("a.wav"), name: "riff" })).toEqual({ ...stopped("a.wav"), name: "riff" });
    expect(readMessage('{"type": "status", "recording": null}')).toMatchObject({ recording: null });
    expect(readMessage('{"type": "hello", "takes": {"kind": "flac", "keep_seconds": 60.0}}')).toMatchObject({ takes: { kind: "flac", keep_seconds: 60 } });
    expect(readMessage('{"type": "hello"}')).toMatchObject({ takes: null });
  });

  it("are refused with the name of what is wrong", () => {
    expect(() => message({ action: "paused" })).toThrow("action must be one of started, marked, stopped, kept");
    expect(() => message({ action: "started" })).toThrow("take: file must be a text");
    expect(() => message({ ...stopped("a.wav"), seconds: -1 })).toThrow("seconds must be a number from 0 up");
    expect(() => readMessage('{"type": "status", "recording": true}')).toThrow("status.recording must be a JSON object");
    expect(() => readMessage('{"type": "hello", "takes": {"kind": "wav"}}')).toThrow("hello.takes: keep_seconds");
  });
});

describe("the state of takes", () => {
  it("goes from armed over recording and saving to off", () => {
    let state = { ...IDLE, wanted: true };
    expect(phaseOf(state)).toBe("armed");
    state = heard(asked(state, "start"), started("a.wav"));
    expect(phaseOf(state)).toBe("recording");
    state = followed(state, running("a.wav", 12), true).state;
    expect(state.recording?.seconds).toBe(12);
    state = asked({ ...state, wanted: false }, "stop");
    state = followed(state, null, true).state; // the server says so before the files are finished
    expect(phaseOf(state)).toBe("saving");
    expect(phaseOf(heard(state, stopped("a.wav")))).toBe("off");
  });

  it("goes on in a new take when the stream begins anew, whichever is told first", () => {
    const before = asked({ ...IDLE, wanted: true, recording: running("a.wav") }, "start");
    const one = heard(heard(before, stopped("a.wav")), started("b.wav"));
    const other = heard(heard(before, started("b.wav")), stopped("a.wav"));
    for (const state of [one, other]) expect(state).toMatchObject({ wanted: true, recording: { file: "b.wav" }, waiting: [] });
  });

  it("tells a take that broke off from one that was ended", () => {
    const state = { ...IDLE, wanted: true, recording: running("a.wav") };
    expect(followed(state, null, true)).toEqual({ state: IDLE, broken: true });
    expect(followed(asked(state, "stop"), null, true).broken).toBe(false);
    expect(followed(state, null, false).broken).toBe(false); // it ended with its stream
  });

  it("gives up what was refused, and passes over the refusal of what the server had begun of itself", () => {
    const disk = refused(asked({ ...IDLE, wanted: true }, "start"));
    expect(disk).toEqual({ state: IDLE, ours: true });
    const twice = refused(heard(asked({ ...IDLE, wanted: true }, "start"), started("a.wav")));
    expect(twice).toMatchObject({ state: { recording: { file: "a.wav" } }, ours: false });
    expect(refused(IDLE).ours).toBe(true);
  });

  it("numbers marks, and makes any name one that the server takes", () => {
    const state = asked(asked(IDLE, "mark"), "mark");
    expect(markName("", state, 40)).toBe("mark 3");
    expect(markName(" Réfrain 2 ", state, 40)).toBe("Réfrain 2");
    expect(markName("verse/2: “hi”", state, 40)).toBe("verse-2- -hi-");
    expect(markName("  !?", state, 40)).toBe("mark 3");
    expect(markName("abc def", state, 4)).toBe("abc");
  });

  it("is told in one line", () => {
    expect([0, 67.9, 3727].map(clock)).toEqual(["0:00", "1:07", "1:02:07"]);
    expect(written(stopped("a.wav"))).toBe("Take written: a.wav, 1:07.");
    expect(written({ ...stopped("b.wav", "the disk is too slow"), action: "kept" })).toBe("Kept: b.wav, 1:07; the disk is too slow.");
  });
});

describe("the hands on it", () => {
  const session = {
    hello: { ...hello },
    status: null as Status | null,
    connection: "open",
    playing: false,
    orders: [] as unknown[],
    said: [] as string[],
    take: (...order: unknown[]) => void session.orders.push(order.filter((part) => part !== undefined)),
    say: (text: string) => void session.said.push(text),
    announce: vi.fn(),
  };
  let takes: TakeDesk;

  beforeEach(() => {
    Object.assign(session, { hello: { ...hello }, status: null, playing: false, orders: [], said: [] });
    takes = new TakeDesk({ session } as unknown as Desk);
  });

  /** What the server says while it records a take called a.wav. */
  const record = () => {
    session.playing = true;
    takes.record();
    takes.hear(started("a.wav"));
  };

  it("arm a silent stream, and record from its beginning", () => {
    takes.record();
    expect(session.orders).toEqual([]);
    takes.begin();
    expect(session.orders).toEqual([["start"]]);
  });

  it("call an armed take off", () => {
    takes.record();
    takes.record();
    takes.begin();
    expect(session.orders).toEqual([]);
  });

  it("record at once what sounds, mark it by number or by name, and end it", () => {
    record();
    takes.mark();
    takes.setLabel("chorus");
    takes.mark();
    takes.mark();
    takes.record();
    expect(session.orders).toEqual([["start"], ["mark", "mark 1"], ["mark", "chorus"], ["mark", "mark 3"], ["stop"]]);
    takes.hear(stopped("a.wav"));
    expect(session.said.at(-1)).toBe("Take written: a.wav, 1:07.");
    expect(takes.on).toBe(false);
  });

  it("bear the name that was typed, once", () => {
    takes.setLabel("riff / 2");
    takes.record();
    takes.begin();
    expect(session.orders).toEqual([["start", "riff - 2"]]);
    expect(takes.label).toBe("");
    session.status = { stream: 1 } as Status;
    takes.setLabel("the good one");
    takes.keep();
    takes.setLabel("???");
    takes.hear({ ...stopped("k.wav"), action: "kept" });
    takes.keep();
    expect(session.orders.slice(1)).toEqual([["keep", "the good one"], ["keep"]]);
  });

  it("end a take that the server began of itself", () => {
    session.playing = true;
    takes.hear(started("a.wav"));
    takes.record();
    expect(session.orders).toEqual([["stop"]]);
  });

  it("leave a lost connection wanting, so that a take begins with the next one", () => {
    record();
    takes.lost();
    expect(takes.phase).toBe("armed");
    takes.begin();
    expect(session.orders).toEqual([["start"], ["start"]]);
    takes.end();
    takes.lost();
    expect(takes.phase).toBe("off");
  });

  it("say why a take broke off", () => {
    record();
    takes.follow({ recording: null, warning: "the recording ended after 1.0 s, which are kept: No space left on device" } as Status);
    expect(session.said).toEqual(["a.wav: the recording ended after 1.0 s, which are kept: No space left on device."]);
  });

  it("keep what was heard, one at a time, also after a stop", () => {
    takes.keep();
    expect(session.said).toEqual(["Nothing was heard yet that could be kept: start first."]);
    session.status = { stream: 1 } as Status;
    takes.keep();
    takes.keep();
    expect(session.orders).toEqual([["keep"]]);
    takes.hear({ ...stopped("k.wav"), action: "kept" });
    expect(takes.canKeep).toBe(true);
  });

  it("say what is missing instead of doing nothing", () => {
    takes.mark();
    session.hello.takes = null;
    takes.record();
    expect(session.said).toEqual(["Marks are set in a take: record first (C).", "This server has no folder for takes: start it with legato play --takes FOLDER."]);
    expect(session.orders).toEqual([]);
  });

  it("do not outrun a slow disk", () => {
    session.playing = true;
    for (let i = 0; i < 9; i++) takes.record();
    expect(session.orders).toHaveLength(6);
    expect(session.said.at(-1)).toBe("The disk is slow: earlier takes are still being written.");
  });

  it("are on the keyboard, also while letters play notes", () => {
    const press = (key: string) => ({ key, code: `Key${key.toUpperCase()}`, shift: false, mod: false, alt: false });
    for (const typing of [false, true])
      expect(["c", "n", "b"].map((key) => commandOf(press(key), typing)?.do)).toEqual(["record", "mark", "keep"]);
    expect(commandOf({ ...press("c"), mod: true }, false)).toBeNull(); // copying stays copying
  });
});
