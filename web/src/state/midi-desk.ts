/** MIDI in: keys to the notes, controllers to what they were taught. */

import type { Desk } from "./desk";
import { FAMILIES, type Family, type Scalar } from "./protocol";
import { ALL_NOTES_OFF, ALL_SOUND_OFF, bind, parseMidi, readBindings, SUSTAIN, unbind, type Bindings } from "./midi";
import { SCALARS } from "./patch";
import { HEIGHT, moveCursor } from "./surface";
import { TARGETS, type Target } from "./targets";

const BINDINGS = "legato.midi.bindings";
const WANTED = "legato.midi";
const NO_MIDI = "This browser has no Web MIDI: use Chrome, Edge or Firefox on a secure page, or play with the mouse and keyboard.";
const REFUSED = "The browser did not allow MIDI: permit it for this page and try again.";

export class MidiDesk {
  /** Names of the inputs; null while MIDI is not on. */
  inputs: string[] | null = null;
  /** Whether clicks choose what to teach instead of moving it. */
  learning = false;
  /** What the next moved knob will control. */
  waiting: Target | null = null;
  bindings: Bindings = readBindings(localStorage.getItem(BINDINGS));

  constructor(private readonly desk: Desk) {
    if (localStorage.getItem(WANTED) === "on" && "requestMIDIAccess" in navigator) void this.open();
  }

  /** Asks the browser for its MIDI inputs; says why if there are none to be had. */
  async open(): Promise<boolean> {
    if (this.inputs) return true;
    if (!("requestMIDIAccess" in navigator)) return this.refuse(NO_MIDI);
    try {
      const access = await navigator.requestMIDIAccess();
      access.onstatechange = () => this.listen(access);
      this.listen(access);
    } catch {
      localStorage.removeItem(WANTED);
      return this.refuse(REFUSED);
    }
    localStorage.setItem(WANTED, "on");
    return true;
  }

  async toggleLearn(): Promise<void> {
    if (this.learning) this.learn(false);
    else if (await this.open()) this.learn(true);
  }

  learn(on: boolean): void {
    this.learning = on;
    this.waiting = null;
    this.desk.session.announce();
  }

  /** In learn mode a control was clicked; a second click on the cursor chooses its other direction. */
  choose(target: Target): void {
    if (target === "cursor.x" && this.waiting === "cursor.x") this.waiting = "cursor.y";
    else this.waiting = this.waiting === target || (target === "cursor.x" && this.waiting === "cursor.y") ? null : target;
    this.desk.session.announce();
  }

  forget(target: Target): void {
    this.keep(unbind(this.bindings, target));
  }

  private listen(access: MIDIAccess): void {
    const inputs = [...access.inputs.values()].filter((input) => input.state !== "disconnected");
    for (const input of inputs) input.onmidimessage = (message) => message.data && this.receive(input.id, message.data);
    if (inputs.length < (this.inputs?.length ?? 0)) this.desk.releaseAll("midi"); // unplugged with keys down
    this.inputs = inputs.map((input) => input.name ?? "MIDI input");
    this.desk.session.announce();
  }

  private receive(input: string, data: Uint8Array): void {
    const event = parseMidi(data);
    if (!event) return;
    const source = `midi ${input} ${event.channel}`;
    if (event.kind === "on") this.desk.press(`${source} ${event.note}`, event.note);
    else if (event.kind === "off") this.desk.release(`${source} ${event.note}`);
    else this.control(event.channel, event.number, event.value);
  }

  private control(channel: number, number: number, value: number): void {
    const controller = `${channel}:${number}`;
    if (this.waiting) {
      this.keep(bind(this.bindings, controller, this.waiting));
      this.waiting = null;
      this.desk.session.announce();
      return;
    }
    const target = this.bindings[controller];
    if (target) this.move(target, value / 127);
    else if (number === SUSTAIN) this.desk.pedal(value >= 64);
    else if (number === ALL_SOUND_OFF || number === ALL_NOTES_OFF) this.desk.notesOff();
  }

  /** Moves a target to `x`, 0 … 1; switches, scenes, takes and the plan go by the upper half. */
  private move(target: Target, x: number): void {
    const { desk } = this;
    const { surface } = desk;
    const name: string = target;
    if (SCALARS.includes(name as Scalar)) this.turn(name as Scalar, x);
    else if (FAMILIES.includes(name as Family)) desk.change({ [name]: x >= 0.5 });
    else if (target === "fade") desk.fade.slide(x);
    else if (target === "cursor.x") desk.place(moveCursor(surface, { ...surface.cursor, x }), "cursor");
    else if (target === "cursor.y") desk.place(moveCursor(surface, { ...surface.cursor, y: (1 - x) * HEIGHT }), "cursor");
    else if (x < 0.5) return;
    else if (target === "plan.roll") desk.session.time.order({ action: "roll" });
    else if (target === "take.record") desk.takes.record();
    else if (target === "take.mark") desk.takes.mark();
    else if (target === "take.keep") desk.takes.keep();
    else desk.scenes.recall(Number(name.slice("scene.".length)) - 1);
  }

  private turn(name: Scalar, x: number): void {
    const [low, high] = this.desk.session.hello?.ranges[name] ?? [0, 1];
    const value = low + (high - low) * x;
    this.desk.change({ [name]: Number(value.toFixed(name === "bpm" ? 0 : 3)) });
  }

  private keep(bindings: Bindings): void {
    this.bindings = bindings;
    localStorage.setItem(BINDINGS, JSON.stringify(bindings));
    this.desk.session.announce();
  }

  private refuse(why: string): false {
    this.desk.session.say(why);
    return false;
  }
}

/** What a controller is called on screen: "CC 74", with the channel unless it is the first. */
export function controllerName(controller: string): string {
  const [channel, number] = controller.split(":");
  return channel === "1" ? `CC ${number}` : `CC ${number} · ch ${channel}`;
}

export const targetName = (target: Target) => TARGETS[target];
