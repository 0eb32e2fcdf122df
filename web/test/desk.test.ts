import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Desk as DeskType } from "../src/state/desk";
import type { Controls, Hello } from "../src/state/protocol";
import type { Session } from "../src/state/session";
import { moveCursor, shares } from "../src/state/surface";
import { controls, hello, surface } from "./fixtures";

/** A session that keeps what it is told, without a server or a sound card. */
class StandIn {
  hello: Hello = hello;
  controls: Controls = { ...controls };
  said: string[] = [];
  stopped = 0;
  sent: object[] = [];
  /** When the last change was to take effect. */
  at: string | undefined;
  player = { send: (message: object) => void this.sent.push(message) };
  time = { revise: (action: string, step: number) => void this.sent.push({ action, step }) };
  steer(changes: Partial<Controls>, at?: string): void {
    this.at = at;
    this.controls = { ...this.controls, ...changes };
  }
  play(notes: number[]): void {
    this.steer({ notes });
  }
  stop(): void {
    this.stopped++;
  }
  say(text: string): void {
    this.said.push(text);
  }
  announce(): void {}
}

function store(): Storage {
  const kept = new Map<string, string>();
  return { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => void kept.set(name, value), removeItem: (name: string) => void kept.delete(name) } as unknown as Storage;
}

let session: StandIn;
let desk: DeskType;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("localStorage", store());
  vi.stubGlobal("sessionStorage", store());
  const { Desk } = await import("../src/state/desk");
  session = new StandIn();
  desk = new Desk(session as unknown as Session);
  desk.follow(session.controls, hello);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const later = (ms: number) => vi.advanceTimersByTime(ms);

describe("Desk", () => {
  it("asks for the prompts that a moved cursor gives, and undoes the whole movement", () => {
    desk.place(surface, "first");
    later(2000);
    for (const x of [0.5, 0.6, 0.7]) desk.place(moveCursor(desk.surface, { x, y: 0.5 }), "cursor");
    expect(session.controls.prompts).toEqual(shares(desk.surface));
    desk.undo();
    expect(desk.surface).toEqual(surface);
    expect(session.controls.prompts).toEqual(shares(surface));
    desk.redo();
    expect(desk.surface.cursor.x).toBe(0.7);
  });

  it("undoes a roll of the dice and leaves held notes alone", () => {
    desk.press("finger", 64);
    const before = desk.patch();
    desk.randomise();
    expect(desk.patch()).not.toEqual(before);
    desk.undo();
    expect(desk.patch()).toEqual(before);
    expect(session.controls.notes).toEqual([64]);
  });

  it("undoes changes of the plan in their turn, by number, and none of a stream that has ended", () => {
    desk.change({ bpm: 100 });
    const lock = desk.notePlan("lock");
    const fader = [desk.notePlan("fader"), desk.notePlan("fader")];
    expect(fader[0]).toBe(fader[1]);
    desk.change({ drums: false });
    for (let i = 0; i < 4; i++) desk.undo();
    expect(session.sent).toEqual([{ action: "undo", step: fader[0] }, { action: "undo", step: lock }]);
    expect(session.controls).toMatchObject({ bpm: null, drums: null });
    for (let i = 0; i < 4; i++) desk.redo();
    expect(session.sent.slice(2)).toEqual([{ action: "redo", step: lock }, { action: "redo", step: fader[0] }]);
    expect(session.controls).toMatchObject({ bpm: 100, drums: false });
    desk.forgetPlan();
    for (let i = 0; i < 4; i++) desk.undo();
    expect(session.sent).toHaveLength(4);
    expect(session.controls.bpm).toBeNull();
  });

  it("follows prompts that were changed elsewhere", () => {
    desk.follow({ ...session.controls, prompts: { jazz: 0.75, house: 0.25 } }, hello);
    expect(shares(desk.surface)).toEqual({ jazz: 0.75, house: 0.25 });
  });

  it("puts everything off in a panic", () => {
    desk.pedal(true);
    desk.press("midi", 60);
    desk.panic();
    expect(session.controls.notes).toEqual([]);
    expect(session.stopped).toBe(1);
  });
});

describe("scenes", () => {
  beforeEach(() => {
    desk.change({ bpm: 100 });
    desk.scenes.press(0); // an empty slot takes what is there
    later(2000);
    desk.change({ bpm: 140, drums: false });
    desk.scenes.arm("store");
    desk.scenes.press(1);
  });

  it("bring everything back and say which one is there", () => {
    desk.scenes.press(0);
    expect(session.controls).toMatchObject({ bpm: 100, drums: null });
    expect(desk.scenes.current).toBe(0);
    desk.change({ bpm: 101 });
    expect(desk.scenes.current).toBeNull();
  });

  it("are faded over the chosen time as one gesture", () => {
    desk.scenes.press(0);
    later(2000);
    desk.fade.seconds = 4;
    desk.fade.go();
    later(2000);
    expect(session.controls.bpm).toBeCloseTo(120, 0);
    expect(session.at).toBe("now"); // whatever beat other changes wait for
    later(2100);
    expect(session.controls).toMatchObject({ bpm: 140, drums: false });
    expect(desk.fade.running).toBe(false);
    desk.undo();
    expect(session.controls).toMatchObject({ bpm: 100, drums: null });
  });

  it("stop fading as soon as a hand is on a control", () => {
    desk.fade.glide(0);
    later(1000);
    desk.change({ bpm: 77 });
    later(9000);
    expect(session.controls.bpm).toBe(77);
  });

  it("are gone from a cleared slot, which then cannot be faded to", () => {
    desk.scenes.arm("clear");
    desk.scenes.press(1);
    desk.fade.slide(0.5);
    desk.fade.glide(1);
    expect(session.said).toEqual(["Scene 2 is empty: store something in it first.", "Scene 2 is empty: store something in it first."]);
  });

  it("come back with the page, and a bad file changes nothing", async () => {
    desk.scenes.import("{}");
    expect(session.said[0]).toContain("lacks the field");
    const { Desk } = await import("../src/state/desk");
    const again = new Desk(session as unknown as Session);
    again.follow(session.controls, hello);
    expect(again.scenes.slots).toEqual(desk.scenes.slots);
  });

  it("are the server's where it keeps some, for all its pages and pedals", () => {
    session.hello = { ...hello, scenes: { slots: 8, kept: true } };
    const slots = [null, desk.scenes.slots[0], ...Array.from({ length: 6 }, () => null)];
    desk.scenes.hear(slots);
    expect(desk.scenes.slots[0]).toBeNull();
    desk.scenes.press(1);
    expect(session.controls.bpm).toBe(100);
    desk.scenes.arm("clear");
    desk.scenes.press(1);
    desk.scenes.store(4);
    expect(session.sent).toEqual([
      { type: "scene", slot: 1, action: "clear" },
      { type: "scene", slot: 4, action: "store", scene: desk.patch() },
    ]);
    desk.scenes.hear(["?"]);
    expect(session.said.at(-1)).toContain("The server's scenes: The file must hold 8 scenes");
  });
});
