/** When changes take effect, what waits for its beat, and the hands on the conductor's plan. */

import { QUANTISE, type Bar, type BarEdit, type Controls, type PlanOrder, type Quantise } from "./protocol";
import type { Session } from "./session";

const TRUST_OWN_MS = 1200; // how long what was chosen here outranks something older that the server still tells of
const GATHER_MS = 120; // movements of a fader are one order
const MESSAGE = { now: "Changes are heard at once.", beat: "Changes wait for the next beat.", bar: "Changes wait for the next bar." };

/** What was asked for, in few words: "density 0.8, chord open". */
export function wordsOf(changes: Partial<Controls>): string {
  const word = (value: unknown) => {
    if (value === null) return "open";
    if (typeof value === "boolean") return value ? "on" : "off";
    if (typeof value === "object") return Object.keys(value as object).join(" + ");
    return String(value);
  };
  return Object.entries(changes)
    .map(([name, value]) => `${name} ${word(value)}`)
    .join(", ");
}

export class MusicalTime {
  quantise: Quantise = "now";
  /** Indices of the bars that are being edited. */
  selected: readonly number[] = [];
  private chosenAt = -Infinity;
  private draft: BarEdit = {}; // of the selected bars, until the plan shows it
  private step = 0; // of the plan, that the draft was last changed in
  private orders = 0;
  private standing = new Map<number, number>(); // orders of each step that were not refused
  private editedAt = -Infinity;
  private gathering: number | undefined;

  constructor(private readonly session: Session) {}

  /** Bars after the one in play: those that can still be changed. */
  get coming(): Bar[] {
    return this.session.status?.plan.slice(1) ?? [];
  }

  get pending() {
    return this.session.status?.pending ?? [];
  }

  /** Whether a change of this control waits for a beat. */
  waits(control: string): boolean {
    return this.pending.some(({ changes }) => control in changes);
  }

  /** The beat at which changes asked for now are bound; null if at once. */
  get boundary(): number | null {
    const { status } = this.session;
    if (this.quantise === "now" || !status?.now || !status.beat_known) return null;
    const bar = status.plan[0];
    const whole = Math.ceil(status.now.beat + 1e-6);
    if (this.quantise === "beat") return whole;
    return bar ? bar.start_beat + bar.beats : status.now.beats_per_bar * Math.ceil((status.now.beat + 1e-6) / status.now.beats_per_bar);
  }

  choose(quantise: Quantise): void {
    this.quantise = quantise;
    this.chosenAt = performance.now();
    this.session.player.send({ type: "quantise", default: quantise });
    this.session.announce();
  }

  /** To the next choice, said aloud. */
  turn(): void {
    this.choose(QUANTISE[(QUANTISE.indexOf(this.quantise) + 1) % QUANTISE.length] as Quantise);
    this.session.say(MESSAGE[this.quantise], "note");
  }

  /** Withdraws what waits: these controls, or all. */
  cancel(fields?: (keyof Controls)[]): void {
    this.session.player.send(fields ? { type: "cancel", fields } : { type: "cancel" });
    this.session.trustServer();
  }

  select(index: number, more: boolean): void {
    this.finish();
    const [last = index] = this.selected.slice(-1);
    if (more) this.selected = Array.from({ length: Math.abs(index - last) + 1 }, (_, i) => Math.min(index, last) + i);
    else this.selected = this.selected.length === 1 && last === index ? [] : [index];
    this.session.announce();
  }

  deselect(): void {
    this.finish();
    this.selected = [];
    this.session.announce();
  }

  /** Changes the bars that are being edited; changes of the same fields in quick succession are undone together. */
  edit(edit: BarEdit): void {
    const step = this.session.desk.notePlan(`plan ${this.selected.join()} ${Object.keys(edit).join()}`);
    if (step !== this.step) this.sendGathered();
    this.step = step;
    const gates = edit.gates ? { gates: { ...this.draft.gates, ...edit.gates } } : {};
    this.draft = { ...this.draft, ...edit, ...gates };
    this.editedAt = performance.now();
    this.gathering ??= window.setTimeout(() => this.send(), GATHER_MS);
    this.session.announce();
  }

  /** A bar with what was just done to it. */
  shown(bar: Bar): Bar {
    if (!this.selected.includes(bar.index)) return bar;
    const set = Object.entries(this.draft).filter(([, value]) => value !== null);
    const edited = [...bar.edited.filter((name) => !(name in this.draft)), ...set.map(([name]) => name)];
    return { ...bar, ...Object.fromEntries(set), gates: { ...bar.gates, ...this.draft.gates }, edited };
  }

  /** What was done so far is sent and no longer added to. */
  private finish(): void {
    this.sendGathered();
    this.draft = {};
  }

  private sendGathered(): void {
    if (this.gathering === undefined) return;
    window.clearTimeout(this.gathering);
    this.send();
  }

  private send(): void {
    this.gathering = undefined;
    if (this.selected.length > 0) this.tell({ action: "set", bars: [...this.selected], ...this.draft, step: this.step });
  }

  private tell(order: PlanOrder & { step: number }): void {
    this.standing.set(order.step, (this.standing.get(order.step) ?? 0) + 1);
    this.session.player.send({ type: "plan", ...order });
  }

  /** An order was refused: a step of which nothing stands is no longer there to be undone. */
  refused(step: number): void {
    const left = (this.standing.get(step) ?? 0) - 1;
    this.standing.set(step, left);
    if (left <= 0) this.session.desk.forgetStep(step);
  }

  /** Locks, rolls anew or gives back; each is a gesture of its own. */
  order(order: PlanOrder): void {
    this.finish();
    this.tell({ ...order, step: this.session.desk.notePlan(`plan order ${++this.orders}`) });
  }

  /** Undoes or redoes a step of the plan. */
  revise(action: "undo" | "redo", step: number): void {
    this.finish();
    this.session.player.send({ type: "plan", action, step });
  }

  /** A connection was made. A stream that goes on without the page keeps what it was told; else the choice made here holds. */
  begin(told: Quantise): void {
    if (this.session.remote) this.quantise = told;
    else if (this.quantise !== told) this.choose(this.quantise);
  }

  follow(): void {
    const { status } = this.session;
    if (!status) return;
    if (performance.now() - this.chosenAt > TRUST_OWN_MS) this.quantise = status.quantise;
    if (this.gathering === undefined && performance.now() - this.editedAt > TRUST_OWN_MS) this.draft = {};
    const first = this.coming[0]?.index;
    this.selected = this.selected.filter((index) => first !== undefined && index >= first);
  }
}
