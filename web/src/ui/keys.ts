/** Keys and clicks that concern the whole page: shortcuts, notes on the computer keyboard, and choosing in learn mode. */

import type { Session } from "../state/session";
import { commandOf, type Command } from "../state/shortcuts";
import { isTarget, type Target } from "../state/targets";
import { semitoneOf } from "../state/typing";

export interface PageActions {
  help(): void;
  recolour(): void;
  /** Opens or folds the timeline. */
  fold(): void;
}

const WRITES = "input:not([type=range], [type=radio]), select, textarea";
const USES_SPACE = "button:not([data-moves]), input[type=radio], summary";

export class Keys {
  constructor(
    private readonly session: Session,
    private readonly page: PageActions,
  ) {
    document.addEventListener("keydown", (event) => this.down(event));
    document.addEventListener("keyup", (event) => semitoneOf(event.code) !== null && session.desk.release(`type ${event.code}`));
    document.addEventListener("click", (event) => letFocusGo(event));
    // Keys that go up while another window has the focus are never heard of.
    window.addEventListener("blur", () => session.desk.releaseAll("type"));
    for (const type of ["pointerdown", "click", "keydown"] as const) document.addEventListener(type, (event) => this.learn(event), true);
  }

  /** Keys play notes, or are commands, unless they belong to the field or button that has the focus. */
  private down(event: KeyboardEvent): void {
    const target = event.composedPath()[0];
    const element = target instanceof HTMLElement ? target : null;
    if (event.defaultPrevented || element?.matches(WRITES) || (event.key === " " && element?.matches(USES_SPACE))) return;
    const { desk } = this.session;
    const mod = event.ctrlKey || event.metaKey;
    const semitone = desk.typing && !mod && !event.altKey ? semitoneOf(event.code) : null;
    if (semitone !== null) {
      if (!event.repeat) desk.press(`type ${event.code}`, desk.lowNote + semitone);
      event.preventDefault();
      return;
    }
    const { key, code, shiftKey: shift, altKey: alt } = event;
    const command = commandOf({ key, code, shift, alt, mod }, desk.typing);
    if (!command || (event.repeat && command.do !== "undo" && command.do !== "redo")) return;
    if (command.do !== "escape") event.preventDefault();
    this.run(command);
  }

  private run(command: Command): void {
    const { session, page } = this;
    const { desk } = session;
    const open = session.connection === "open";
    if (command.do === "toggle") void (open && session.toggle());
    else if (command.do === "restart") void (open && session.restart());
    else if (command.do === "panic") desk.panic();
    else if (command.do === "undo") desk.undo();
    else if (command.do === "redo") desk.redo();
    else if (command.do === "dice") desk.randomise();
    else if (command.do === "tap") desk.tap();
    else if (command.do === "store") desk.scenes.arm("store");
    else if (command.do === "fade") desk.fade.go();
    else if (command.do === "recall") desk.scenes.press(command.slot);
    else if (command.do === "glide") desk.fade.glide(command.slot);
    else if (command.do === "octave") desk.shiftOctave(command.by);
    else if (command.do === "typing") desk.setTyping(true);
    else if (command.do === "learn") void desk.midi.toggleLearn();
    else if (command.do === "theme") page.recolour();
    else if (command.do === "help") page.help();
    else if (command.do === "fold") page.fold();
    else if (command.do === "quantise") session.time.turn();
    else if (command.do === "roll") session.time.order({ action: "roll" });
    else if (command.do === "record") desk.takes.record();
    else if (command.do === "mark") desk.takes.mark();
    else if (command.do === "keep") desk.takes.keep();
    else this.escape();
  }

  /** One step back: out of a message, learning, storing, playing with the letters, or changing bars. */
  private escape(): void {
    const { desk, toast } = this.session;
    if (toast) this.session.dismiss();
    else if (desk.midi.learning) desk.midi.learn(false);
    else if (desk.scenes.armed !== "recall") desk.scenes.arm(desk.scenes.armed);
    else if (desk.typing) desk.setTyping(false);
    else if (this.session.time.selected.length > 0) this.session.time.deselect();
  }

  /** In learn mode a click or Enter on a control chooses it instead of moving it. */
  private learn(event: Event): void {
    const { midi } = this.session.desk;
    if (!midi.learning || (event instanceof KeyboardEvent && event.key !== "Enter")) return;
    const found = event.composedPath().find((node) => node instanceof HTMLElement && isTarget(node.dataset.learn));
    if (!(found instanceof HTMLElement)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.type !== "click") midi.choose(found.dataset.learn as Target);
  }
}

/** A button that was clicked gives the focus back, so that Space starts and stops again; one reached by Tab keeps it. */
function letFocusGo(event: MouseEvent): void {
  const clicked = event.detail > 0 && event.composedPath().find((node) => node instanceof HTMLButtonElement);
  if (clicked instanceof HTMLElement && !clicked.matches("[data-moves]")) clicked.blur();
}
