/** What the performer's hands are on: every gesture goes through here, so that it can be undone, stored and faded. */

import { promptsOf } from "./audio-prompt";
import { Crossfade } from "./crossfade";
import { HeldNotes } from "./held";
import { MidiDesk } from "./midi-desk";
import { changesTo, patchOf, type Patch } from "./patch";
import type { Controls, Family, Hello, Quantise } from "./protocol";
import { randomise } from "./randomise";
import { SceneBank } from "./scenes";
import type { Session } from "./session";
import { gatesOf, soloed, toggleSolo, type Solo } from "./solo";
import { adopt, CENTRE, shares, type Surface } from "./surface";
import { TakeDesk } from "./take-desk";
import { TapTempo } from "./tap";
import { Undo } from "./undo";

const STORED = "legato.surface";
const LOWEST_C = 36;
const HIGHEST_C = 84;
const MIDDLE_C = 60;

export class Desk {
  surface: Surface = { pads: [], cursor: CENTRE };
  /** Whether the computer keyboard plays notes. */
  typing = false;
  /** Whether a sound file is being heard for its style. */
  hearing = false;
  /** The C at which the computer keyboard begins. */
  lowNote = MIDDLE_C;
  readonly scenes = new SceneBank(this);
  readonly fade = new Crossfade(this);
  readonly midi = new MidiDesk(this);
  readonly takes = new TakeDesk(this);
  /** A patch to go back to, or the number of a step of the conductor's plan. */
  readonly history = new Undo<Patch | number>();
  readonly held = new HeldNotes();
  private readonly tempo = new TapTempo();
  private solo: Solo | null = null;
  private loaded = false;
  private planSteps = 0;

  constructor(readonly session: Session) {}

  get promptLimit(): number {
    return this.session.hello?.limits.prompts ?? 8;
  }

  /** The whole state as it is now; null before the server has spoken. */
  patch(): Patch | null {
    return this.session.controls && patchOf(this.session.controls, this.surface);
  }

  /** Changes controls. Changes of one `gesture` in quick succession are undone together. */
  change(changes: Partial<Controls>, gesture = Object.keys(changes).join()): void {
    this.note(gesture);
    this.session.steer(changes);
  }

  /** Moves, adds, names or drops pads, or moves the cursor. */
  place(surface: Surface, gesture: string): void {
    const patch = this.patch();
    if (patch) this.apply({ ...patch, surface }, gesture);
  }

  /** Takes for prompts what a sound file is like. */
  async soundLike(file: File): Promise<void> {
    if (this.hearing) return;
    this.setHearing(true);
    try {
      const prompts = await promptsOf(file);
      this.place(adopt({ pads: [], cursor: this.surface.cursor }, prompts), `sound ${performance.now()}`);
      const words = Object.entries(prompts).map(([text, weight]) => `${text} ${Math.round(100 * weight)} %`);
      this.session.say(`${file.name} sounds like ${words.join(", ")}.`, "note");
    } catch (error) {
      this.session.say(error instanceof Error ? error.message : String(error));
    } finally {
      this.setHearing(false);
    }
  }

  /** Takes over a whole patch as one gesture. */
  apply(patch: Patch, gesture: string, at?: Quantise): void {
    this.note(gesture);
    this.show(patch, at);
  }

  /** Takes over a patch without a trace in the history: a step of something that was noted when it began. */
  show(patch: Patch, at?: Quantise): void {
    this.surface = patch.surface;
    sessionStorage.setItem(STORED, JSON.stringify(patch.surface));
    if (this.session.controls) this.session.steer(changesTo(patch, this.session.controls), at);
  }

  /** Notes what is there before a gesture changes it. A crossfade under way ends: the performer has taken over. */
  note(gesture: string): void {
    this.fade.cancel();
    this.scenes.current = null;
    const patch = this.patch();
    if (patch) this.history.note(patch, gesture, performance.now());
  }

  /** Notes that a gesture changes the conductor's plan; returns the number of its step. */
  notePlan(gesture: string): number {
    this.planSteps = Math.max(this.planSteps + 1, Date.now()); // another page of the same stream counts otherwise
    return this.history.note(this.planSteps, gesture, performance.now()) as number;
  }

  /** A new stream has a plan of its own. */
  forgetPlan(): void {
    this.history.forget((entry) => typeof entry === "number");
  }

  /** Nothing of a step of the plan was carried out. */
  forgetStep(step: number): void {
    this.history.forget((entry) => entry === step);
  }

  undo(): void {
    this.step("undo");
  }

  redo(): void {
    this.step("redo");
  }

  randomise(): void {
    const [patch, hello] = [this.patch(), this.session.hello];
    if (patch && hello) this.apply(randomise(patch, hello, Math.random), `dice ${performance.now()}`);
  }

  /** Families soloed now. */
  get soloed(): Family[] {
    return this.session.controls ? soloed(this.solo, this.session.controls) : [];
  }

  toggleSolo(family: Family): void {
    if (!this.session.controls) return;
    const { solo, gates } = toggleSolo(this.solo, gatesOf(this.session.controls), family);
    this.solo = solo;
    this.change(gates, `solo ${family}`);
  }

  tap(): void {
    const bpm = this.tempo.tap(performance.now());
    const [low, high] = this.session.hello?.ranges.bpm ?? [40, 240];
    if (bpm !== null) this.change({ bpm: Math.min(high, Math.max(low, bpm)) }, "bpm");
  }

  /** A key of any keyboard goes down; `source` names it. */
  press(source: string, note: number): void {
    this.play(() => this.held.press(source, note));
  }

  release(source: string): void {
    this.play(() => this.held.release(source));
  }

  releaseAll(prefix: string): void {
    this.play(() => this.held.releaseAll(prefix));
  }

  pedal(down: boolean): void {
    this.play(() => this.held.pedal(down));
    this.session.announce();
  }

  shiftOctave(by: number): void {
    this.lowNote = Math.min(HIGHEST_C, Math.max(LOWEST_C, this.lowNote + 12 * by));
    this.session.announce();
  }

  notesOff(): void {
    this.play(() => this.held.clear());
  }

  setTyping(on: boolean): void {
    this.typing = on;
    if (!on) this.releaseAll("type");
    this.session.announce();
  }

  /** Everything off: notes, fades, learning; the sound fades out and stops. */
  panic(): void {
    this.fade.cancel();
    this.midi.learn(false);
    this.notesOff();
    this.session.stop();
  }

  /** Brings the surface in line with prompts that were changed elsewhere. */
  follow(controls: Controls, hello: Hello): void {
    if (!this.loaded) {
      this.loaded = true;
      this.surface = stored(hello) ?? this.surface;
      this.scenes.load();
    }
    this.surface = adopt(this.surface, controls.prompts);
  }

  private setHearing(on: boolean): void {
    this.hearing = on;
    this.session.announce();
  }

  private play(act: () => void): void {
    const before = this.held.notes.join();
    act();
    if (this.held.notes.join() !== before) this.session.play(this.held.notes);
  }

  private step(way: "undo" | "redo"): void {
    const patch = this.patch();
    if (!patch) return;
    const entry = this.history[way]((other) => (typeof other === "number" ? other : patch));
    if (typeof entry === "number") this.session.time.revise(way, entry);
    else if (entry) {
      this.fade.cancel();
      this.scenes.current = null;
      this.show(entry);
    }
  }
}

/** Where the pads lay before the page was reloaded. */
function stored(hello: Hello): Surface | null {
  try {
    const surface = JSON.parse(sessionStorage.getItem(STORED) ?? "null") as Surface | null;
    if (!surface || surface.pads.length > hello.limits.prompts || Object.keys(shares(surface)).length === 0) return null;
    return surface;
  } catch {
    return null;
  }
}
