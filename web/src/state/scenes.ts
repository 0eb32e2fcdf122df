/** Eight slots, each a whole patch; kept in the browser's store, or by a server that keeps scenes for everyone. */

import type { Desk } from "./desk";
import { asFile, readScenes, SLOTS, writeScenes, type Scenes } from "./scene-file";

const STORED = "legato.scenes";

export type SlotAction = "recall" | "store" | "clear";

export class SceneBank {
  slots: Scenes = Array.from({ length: SLOTS }, () => null);
  /** What the next click on a slot, or number key, does. */
  armed: SlotAction = "recall";
  /** The slot last stored or recalled, until something is changed by hand; null = none. */
  current: number | null = null;

  constructor(private readonly desk: Desk) {}

  /** Reads what the browser kept, once the server has said what is valid; slots that are no longer valid are dropped. */
  load(): void {
    const text = localStorage.getItem(STORED);
    if (!text || !this.desk.session.hello) return;
    try {
      this.slots = readScenes(text, this.desk.session.hello);
    } catch {
      localStorage.removeItem(STORED);
    }
  }

  /** Takes over what the server keeps. */
  hear(slots: unknown[]): void {
    const { session } = this.desk;
    if (!session.hello) return;
    try {
      this.slots = readScenes(JSON.stringify(asFile(slots)), session.hello);
    } catch (error) {
      session.say(`The server's scenes: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  arm(action: SlotAction): void {
    this.armed = this.armed === action ? "recall" : action;
    this.desk.session.announce();
  }

  /** A click on slot `index` or its number key. An empty slot takes what is there now. */
  press(index: number): void {
    const action = this.armed === "recall" && !this.slots[index] ? "store" : this.armed;
    this.armed = "recall";
    if (action === "store") this.store(index);
    else if (action === "clear") this.clear(index);
    else this.recall(index);
  }

  recall(index: number): void {
    const scene = this.slots[index];
    if (!scene) return this.sayEmpty(index);
    this.desk.apply(scene, `scene ${index}`);
    this.current = index;
    this.desk.session.announce();
  }

  store(index: number): void {
    this.keep(this.slots.with(index, this.desk.patch()));
    this.current = index;
    this.desk.session.announce();
  }

  clear(index: number): void {
    this.armed = "recall";
    if (this.current === index) this.current = null;
    this.keep(this.slots.with(index, null));
  }

  sayEmpty(index: number): void {
    this.desk.session.say(`Scene ${index + 1} is empty: store something in it first.`);
  }

  /** Takes over all slots from a file's text; a file that is not right changes nothing and is explained. */
  import(text: string): void {
    const { hello } = this.desk.session;
    if (!hello) return;
    try {
      this.keep(readScenes(text, hello));
    } catch (error) {
      this.desk.session.say(error instanceof Error ? error.message : String(error));
      return;
    }
    this.current = null;
    this.desk.session.say("Scenes imported.", "note");
  }

  export(): string {
    return writeScenes(this.slots);
  }

  private keep(slots: Scenes): void {
    const { session } = this.desk;
    const changed = slots.map((scene, slot) => ({ scene, slot })).filter(({ scene, slot }) => scene !== this.slots[slot]);
    this.slots = slots;
    if (!session.hello?.scenes) localStorage.setItem(STORED, writeScenes(slots));
    else for (const { scene, slot } of changed) session.player.send({ type: "scene", slot, ...(scene ? { action: "store", scene } : { action: "clear" }) });
    this.desk.session.announce();
  }
}
