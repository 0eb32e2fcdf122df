import { describe, expect, it } from "vitest";
import { HeldNotes } from "../src/state/held";
import { bind, controllerOf, parseMidi, readBindings, unbind } from "../src/state/midi";
import { commandOf } from "../src/state/shortcuts";
import { soloed, toggleSolo, type Gates } from "../src/state/solo";
import { letterOf, semitoneOf } from "../src/state/typing";
import { Undo } from "../src/state/undo";

describe("HeldNotes", () => {
  it("sounds each note as long as somebody holds it", () => {
    const held = new HeldNotes();
    held.press("finger 1", 64);
    held.press("midi", 60);
    held.press("type", 64);
    expect(held.notes).toEqual([60, 64]);
    held.release("finger 1");
    expect(held.notes).toEqual([60, 64]);
    held.releaseAll("type");
    expect(held.notes).toEqual([60]);
  });

  it("moves with a sliding finger, and refuses notes the server has not", () => {
    const held = new HeldNotes();
    held.press("finger", 60);
    held.press("finger", 62);
    expect(held.notes).toEqual([62]);
    held.press("midi", 10);
    held.press("midi", 120);
    expect(held.notes).toEqual([62]);
  });

  it("keeps notes while the pedal is down, and lets go of all at once", () => {
    const held = new HeldNotes();
    held.pedal(true);
    held.press("a", 60);
    held.release("a");
    expect(held.notes).toEqual([60]);
    held.pedal(false);
    expect(held.notes).toEqual([]);
    held.press("a", 60);
    held.pedal(true);
    held.clear();
    expect(held.notes).toEqual([]);
    expect(held.pedalDown).toBe(false);
  });

  it("keeps the latest sixteen", () => {
    const held = new HeldNotes();
    for (let note = 40; note < 60; note++) held.press(`key ${note}`, note);
    expect(held.notes).toEqual(Array.from({ length: 16 }, (_, i) => 44 + i));
  });
});

describe("Undo", () => {
  it("goes back and forth, a gesture at a time", () => {
    const undo = new Undo<number>();
    undo.note(0, "fader", 0);
    undo.note(1, "fader", 100); // the same movement goes on
    undo.note(2, "other", 200);
    expect(undo.undo(() => 3)).toBe(2);
    expect(undo.undo(() => 2)).toBe(0);
    expect(undo.undo(() => 0)).toBeNull();
    expect(undo.redo(() => 0)).toBe(2);
    expect(undo.redo(() => 2)).toBe(3);
    expect(undo.redo(() => 3)).toBeNull();
  });

  it("parts the same gesture after a pause, and forgets what was undone when something new is done", () => {
    const undo = new Undo<number>();
    undo.note(0, "fader", 0);
    undo.note(1, "fader", 5000);
    expect(undo.undo(() => 2)).toBe(1);
    undo.note(1, "fader", 5100);
    expect(undo.canRedo).toBe(false);
    expect(undo.undo(() => 9)).toBe(1);
  });

  it("says which gesture goes on, and forgets what cannot be gone back to", () => {
    const undo = new Undo<number | string>();
    expect([undo.note(7, "plan", 0), undo.note(8, "plan", 100), undo.note(9, "plan", 2000)]).toEqual([7, 7, 9]);
    undo.note("patch", "fader", 2100);
    undo.forget((entry) => typeof entry === "number");
    expect(undo.undo(() => "now")).toBe("patch");
    expect(undo.canUndo).toBe(false);
  });
});

describe("solo", () => {
  const open: Gates = { drums: null, bass: false, chords: true, lead: null };

  it("lets the soloed play alone and then gives back what was", () => {
    const one = toggleSolo(null, open, "bass");
    expect(one.gates).toEqual({ drums: false, bass: true, chords: false, lead: false });
    const two = toggleSolo(one.solo, one.gates, "drums");
    expect(two.gates).toEqual({ drums: true, bass: true, chords: false, lead: false });
    expect(soloed(two.solo, two.gates)).toEqual(["bass", "drums"]);
    const back = toggleSolo(two.solo, two.gates, "bass");
    expect(toggleSolo(back.solo, back.gates, "drums")).toEqual({ solo: null, gates: open });
  });

  it("ends when the band was set otherwise", () => {
    const { solo, gates } = toggleSolo(null, open, "bass");
    expect(soloed(solo, { ...gates, lead: true })).toEqual([]);
    expect(toggleSolo(solo, open, "lead").solo).toEqual({ before: open, on: ["lead"] });
  });
});

describe("MIDI", () => {
  it("reads notes and controllers", () => {
    expect(parseMidi([0x90, 60, 100])).toEqual({ kind: "on", channel: 1, note: 60 });
    expect(parseMidi([0x91, 60, 0])).toEqual({ kind: "off", channel: 2, note: 60 });
    expect(parseMidi([0x80, 60, 64])).toEqual({ kind: "off", channel: 1, note: 60 });
    expect(parseMidi([0xbf, 74, 127])).toEqual({ kind: "cc", channel: 16, number: 74, value: 127 });
    expect(parseMidi([0xf8])).toBeNull();
  });

  it("binds a controller and a control to one another only", () => {
    const first = bind({}, "1:74", "density");
    const moved = bind(first, "1:75", "density");
    expect(moved).toEqual({ "1:75": "density" });
    expect(bind(moved, "1:75", "bpm")).toEqual({ "1:75": "bpm" });
    expect(controllerOf(moved, "density")).toBe("1:75");
    expect(unbind(moved, "density")).toEqual({});
  });

  it("reads what was kept and leaves out what is none", () => {
    expect(readBindings('{"1:74": "density", "x": "bpm", "1:2": "toString", "1:3": 5}')).toEqual({ "1:74": "density" });
    expect(readBindings("{")).toEqual({});
    expect(readBindings(null)).toEqual({});
  });
});

describe("computer keys", () => {
  const press = (key: string, code: string, more = {}) => ({ key, code, shift: false, mod: false, alt: false, ...more });

  it("are laid out as a piano", () => {
    expect(["KeyA", "KeyW", "KeyS", "KeyK"].map(semitoneOf)).toEqual([0, 1, 2, 12]);
    expect(semitoneOf("KeyQ")).toBeNull();
    expect([0, 1, 16, 40].map(letterOf)).toEqual(["A", "W", ";", ""]);
  });

  it("are commands where they are no notes", () => {
    expect(commandOf(press("1", "Digit1"), false)).toEqual({ do: "recall", slot: 0 });
    expect(commandOf(press("!", "Digit1", { shift: true }), false)).toEqual({ do: "glide", slot: 0 });
    expect(commandOf(press("z", "KeyZ", { mod: true }), true)).toEqual({ do: "undo" });
    expect(commandOf(press("Z", "KeyZ", { mod: true, shift: true }), false)).toEqual({ do: "redo" });
    expect(commandOf(press("Escape", "Escape", { shift: true }), true)).toEqual({ do: "panic" });
    expect(commandOf(press("d", "KeyD"), false)).toEqual({ do: "dice" });
    expect(commandOf(press("d", "KeyD"), true)).toBeNull();
    expect(commandOf(press("z", "KeyZ"), true)).toEqual({ do: "octave", by: -1 });
    expect(commandOf(press("r", "KeyR", { mod: true }), false)).toBeNull(); // the browser's reload
  });
});
