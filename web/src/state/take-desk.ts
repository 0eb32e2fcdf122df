/** The hands on the recorder: record, mark, keep. What they mean now is in `takes`; the server does the work. */

import type { Desk } from "./desk";
import type { Status, TakeAction, TakeMessage, TakesOffer } from "./protocol";
import { asked, clock, followed, harmless, heard, IDLE, markName, phaseOf, refused, written, type Phase, type TakeState } from "./takes";

const MOST_WAITING = 6; // fewer than the server lets wait, so that every answer finds its order
const NO_FOLDER = "This server has no folder for takes: start it with legato play --takes FOLDER.";
const NO_TAKE = "Marks are set in a take: record first (C).";
const NOTHING_HEARD = "Nothing was heard yet that could be kept: start first.";
const SLOW = "The disk is slow: earlier takes are still being written.";
const ENDED = "the recording has ended by itself; the file plays up to there";

export class TakeDesk {
  state: TakeState = IDLE;
  /** A name for whatever comes next: the take, the mark, or what is kept; empty = the server's own, or a number. */
  label = "";

  constructor(private readonly desk: Desk) {}

  /** What the server offers; null where there is no folder for takes. */
  get offer(): TakesOffer | null {
    return this.desk.session.hello?.takes ?? null;
  }

  get phase(): Phase {
    return phaseOf(this.state);
  }

  /** Whether a take runs or will begin with the sound. */
  get on(): boolean {
    return this.state.wanted || this.phase === "recording";
  }

  /** Name of the next mark. */
  get nextMark(): string {
    return markName(this.label, this.state, this.longest);
  }

  /** Most characters of a name. */
  get longest(): number {
    return this.desk.session.hello?.limits.name_characters ?? 40;
  }

  /** Whether anything was heard that can be kept; also after a stop. */
  get canKeep(): boolean {
    const { connection, status, playing } = this.desk.session;
    return connection === "open" && (playing || (status?.stream ?? 0) > 0) && !this.state.waiting.includes("keep");
  }

  /** Begins or ends a take. While nothing sounds it is only noted: the take begins with the sound. */
  record(): void {
    if (!this.allowed()) return;
    const wanted = !this.on;
    if (this.sounds && !(wanted ? this.named("start") : this.order("stop"))) return;
    this.change({ ...this.state, wanted });
  }

  /** Names this moment of the take. */
  mark(): void {
    if (!this.allowed()) return;
    if (this.phase !== "recording") return this.desk.session.say(NO_TAKE, "note");
    const name = this.nextMark;
    this.label = "";
    this.order("mark", name);
  }

  setLabel(label: string): void {
    this.label = label;
    this.desk.session.announce();
  }

  /** Writes what was heard last to a take of its own. */
  keep(): void {
    if (!this.allowed() || this.state.waiting.includes("keep")) return;
    if (this.canKeep) this.named("keep");
    else this.desk.session.say(NOTHING_HEARD, "note");
  }

  /** A stream was asked for. The take of the one before ends with it, and a new one begins. */
  begin(): void {
    if (!this.offer) this.state = IDLE;
    else if (this.state.wanted) this.named("start");
  }

  /** The stream ends, and its take with it. */
  end(): void {
    this.state = { ...this.state, wanted: false };
  }

  /** The connection is gone and with it the take, which the server finishes; whether one is wanted remains. */
  lost(): void {
    this.state = { ...IDLE, wanted: this.state.wanted };
  }

  hear(message: TakeMessage): void {
    this.state = heard(this.state, message);
    const { session } = this.desk;
    if (message.action === "marked") session.say(`“${message.name}” marked at ${clock(this.state.recording?.seconds ?? 0)}.`, "note");
    else if (message.action !== "started") session.say(written(message), message.warning ? "error" : "note");
  }

  follow(status: Status): void {
    const { state, broken } = followed(this.state, status.recording, this.sounds);
    const file = this.state.recording?.file;
    this.state = state;
    if (broken) this.desk.session.say(`${file}: ${status.warning ?? ENDED}.`);
  }

  /** An order was refused; returns whether to say so. */
  refused(): boolean {
    const { state, ours } = refused(this.state);
    this.state = state;
    return ours;
  }

  private get sounds(): boolean {
    return this.desk.session.playing && this.desk.session.connection === "open";
  }

  private allowed(): boolean {
    const { session } = this.desk;
    if (session.hello && !this.offer) session.say(NO_FOLDER, "note");
    return this.offer !== null;
  }

  /** Gives an order with the name that was typed, which is then used up. */
  private named(action: TakeAction): boolean {
    const name = harmless(this.label, this.longest);
    const sent = name ? this.order(action, name) : this.order(action);
    if (sent) this.label = "";
    return sent;
  }

  private order(action: TakeAction, name?: string): boolean {
    if (this.state.waiting.length >= MOST_WAITING) {
      this.desk.session.say(SLOW);
      return false;
    }
    this.desk.session.take(action, name);
    this.change(asked(this.state, action));
    return true;
  }

  private change(state: TakeState): void {
    this.state = state;
    this.desk.session.announce();
  }
}
