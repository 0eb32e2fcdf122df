/** The page's one source of truth: the connection, what was asked for, what is being played. */

import { Player, type PlayerEvents } from "../audio/player";
import type { Loudness, WorkletReport } from "../audio/messages";
import { Asked } from "./asked";
import { Desk } from "./desk";
import { readMessage } from "./from-server";
import { History } from "./history";
import { MusicalTime } from "./musical-time";
import type { Controls, ErrorMessage, FromServer, Hello, Quantise, Status, TakeAction } from "./protocol";

/** `locked`: the server asks for a token that this browser does not hold. */
export type Connection = "connecting" | "open" | "lost" | "busy" | "locked";

const FLUSH_MS = 40; // knob movements are sent together at most this often
const TRUST_OWN_MS = 1200; // how long a local change outranks the server's echo of the state before it
const RETRY_MS = [300, 800, 1500, 3000];
const BUSY_RETRY_MS = 5000;
const PROTOCOL = 1;
const RATE = 48_000;
const STORED = "legato.controls";

export class Session extends EventTarget {
  connection: Connection = "connecting";
  hello: Hello | null = null;
  status: Status | null = null;
  controls: Controls | null = null;
  /** As last reported by whoever plays. */
  loudness: Loudness | null = null;
  /** Whether the performer wants sound; survives a lost connection. */
  playing = false;
  toast: { text: string; kind: "error" | "note" } | null = null;
  readonly history = new History();
  readonly asked = new Asked();
  readonly player: Player;
  readonly desk: Desk;
  readonly time = new MusicalTime(this);
  private pending: Partial<Controls> = {};
  private pendingAt: Quantise | undefined;
  private flushTimer: number | undefined;
  private flushedAt = -Infinity; // ms
  private toastTimer: number | undefined;
  private changedAt = -Infinity;
  private heardAt = 0; // ms, when the server last said what its device plays
  private attempts = 0;
  private wasOpen = false;

  /** Connects to `url`; `bufferSeconds` is how much sound the page keeps in hand at least, if not as little as will do. */
  constructor(
    private readonly url: string,
    bufferSeconds?: number,
  ) {
    super();
    const buffer = bufferSeconds === undefined ? {} : { targetSeconds: bufferSeconds, minTargetSeconds: bufferSeconds };
    const events = {
      opened: () => undefined, // the server's hello is what counts
      closed: () => this.onClosed(),
      text: (text: string) => this.onText(text),
      report: (report: WorkletReport) => this.onReport(report),
      problem: (message: string) => this.say(message),
    } satisfies PlayerEvents;
    this.player = new Player(events, buffer);
    this.desk = new Desk(this);
    this.player.connect(url);
  }

  /**
   * Asks for changes of controls: shown at once, and sent at once unless the last ones were just now, to take effect when all
   * changes do or `at`.
   */
  steer(changes: Partial<Controls>, at?: Quantise): void {
    if (!this.controls) return;
    if (at !== this.pendingAt) this.flush();
    this.pendingAt = at;
    this.controls = { ...this.controls, ...changes };
    this.pending = { ...this.pending, ...changes };
    const boundary = changes.notes || at === "now" ? null : this.time.boundary;
    this.asked.note(this.controls, boundary ?? this.reachBeat);
    this.changedAt = performance.now();
    this.flushSoon();
    sessionStorage.setItem(STORED, JSON.stringify({ ...this.controls, notes: [] })); // a reloaded page holds no key
    this.announce();
  }

  /** Says which notes are held now, at once and in order. */
  play(notes: number[]): void {
    this.steer({ notes });
    this.flush();
  }

  async toggle(): Promise<void> {
    if (this.playing) this.stop();
    else await this.start();
  }

  /** Whether the server's own machine sounds, and the page steers it in silence. */
  get remote(): boolean {
    return Boolean(this.hello?.device);
  }

  /** Index of the frame that is at the loudspeaker now. */
  get heardIndex(): number {
    if (!this.remote) return this.player.heardIndex;
    const device = this.status?.device;
    if (!device) return 0;
    return device.heard + (device.open ? ((performance.now() - this.heardAt) / 1000) * (this.hello?.sample_rate ?? 0) : 0);
  }

  /** The beat at which what is asked for now is heard. */
  get reachBeat(): number {
    return this.history.beatAt(this.heardIndex + ((this.latency()?.total ?? 0) / 1000) * RATE);
  }

  async start(): Promise<void> {
    try {
      if (!this.remote) await this.player.start();
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
      return;
    }
    this.playing = true;
    this.flush();
    if (this.connection === "open") this.begin();
    this.announce();
  }

  stop(): void {
    this.playing = false;
    this.desk.takes.end();
    this.player.stop();
    this.player.send({ type: "stop" });
    this.announce();
  }

  /** Begins anew from the first bar. */
  async restart(): Promise<void> {
    if (!this.playing) return this.start();
    this.flush();
    if (this.connection === "open") this.begin();
  }

  /** Orders the server to record, mark or keep; it names the take itself if there is no `name`. */
  take(action: TakeAction, name?: string): void {
    this.player.send({ type: "take", action, name });
  }

  /** Shows a sentence for a few seconds. */
  say(text: string, kind: "error" | "note" = "error"): void {
    this.toast = { text, kind };
    window.clearTimeout(this.toastTimer);
    this.toastTimer = window.setTimeout(() => this.dismiss(), 6000);
    this.announce();
  }

  dismiss(): void {
    this.toast = null;
    this.announce();
  }

  /** Milliseconds from a gesture to the loudspeaker, by term, as measured or known; null before sound. */
  latency(): { terms: [string, number][]; total: number } | null {
    const stats = this.player.stats;
    if (!this.status || !this.playing || !(stats || this.remote)) return null;
    const terms: [string, number][] = [...Object.entries(this.status.latency), ["network", (this.player.roundTrip ?? 0) / 2]];
    if (stats && !this.remote) terms.push(["page buffer", (stats.depth / this.player.rate) * 1000], ["sound card", this.player.outputLatency * 1000]);
    return { terms, total: terms.reduce((sum, [, ms]) => sum + ms, 0) };
  }

  /** Asks for a new stream, and for a take of it if one is wanted: in one breath, so that its beginning is not missed. */
  private begin(): void {
    this.player.send({ type: "start" });
    this.desk.takes.begin();
  }

  /** At once, before anything is painted for it, unless the last changes were sent just now. */
  private flushSoon(): void {
    const wait = this.flushedAt + FLUSH_MS - performance.now();
    if (wait > 0) this.flushTimer ??= window.setTimeout(() => this.flush(), wait);
    else queueMicrotask(() => this.flush());
  }

  private flush(): void {
    window.clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    if (this.connection !== "open" || Object.keys(this.pending).length === 0) return;
    this.player.send({ type: "steer", ...this.pending, quantise: this.pendingAt });
    this.flushedAt = performance.now();
    this.pending = {};
  }

  private onText(text: string): void {
    let message: FromServer;
    try {
      message = readMessage(text);
    } catch (error) {
      return this.say(error instanceof Error ? error.message : String(error));
    }
    if (message.type === "hello") this.onHello(message);
    else if (message.type === "status") this.onStatus(message);
    else if (message.type === "started") this.onStarted(message.stream);
    else if (message.type === "scenes") this.desk.scenes.hear(message.slots);
    else if (message.type === "take") this.desk.takes.hear(message);
    else if (message.type === "stopped" && this.remote) this.playing = false;
    else if (message.type === "error") this.onError(message);
    this.announce();
  }

  private onHello(hello: Hello): void {
    if (hello.protocol !== PROTOCOL) {
      this.say(`The server speaks protocol ${hello.protocol}, this page ${PROTOCOL}: reload the page.`);
      return;
    }
    this.hello = hello;
    this.player.tune(hello.sample_rate);
    this.player.reset();
    this.history.rate = hello.sample_rate;
    this.history.begin(0);
    this.connection = "open";
    this.attempts = 0;
    const kept = hello.device ? null : (this.controls ?? stored()); // a stream that goes on without the page keeps its own
    this.controls = { ...hello.controls, ...kept };
    this.desk.follow(this.controls, hello);
    if (kept) this.player.send({ type: "steer", ...this.controls });
    this.pending = {};
    this.time.begin(hello.quantise.default);
    if (hello.device) this.playing = false; // until the server says that it plays
    else if (this.playing) this.begin();
    if (this.wasOpen) this.say("Connected again.", "note");
    this.wasOpen = true;
  }

  private onStarted(stream: number): void {
    this.history.begin(stream);
    this.asked.begin();
    this.desk.forgetPlan();
    if (this.remote) this.playing = true;
  }

  private onStatus(status: Status): void {
    this.status = status;
    this.history.note(status);
    this.desk.takes.follow(status);
    this.time.follow();
    if (performance.now() - this.changedAt > TRUST_OWN_MS) this.takeOver(status.controls);
    if (!status.device) return;
    const { heard: index, level, peak, open: playing } = status.device;
    this.heardAt = performance.now();
    this.player.ping();
    this.onReport({ playing, stream: status.stream, index, peak: [peak, peak], power: [level ** 2, level ** 2] });
  }

  /** Shows what the server holds with its next word, whatever was asked for here. */
  trustServer(): void {
    this.changedAt = -Infinity;
  }

  private takeOver(controls: Controls): void {
    this.controls = controls;
    this.asked.note(controls, this.status?.now?.beat ?? 0);
    if (this.hello) this.desk.follow(controls, this.hello);
  }

  private onError({ code, message: text, step }: ErrorMessage): void {
    if (step !== undefined) this.time.refused(step);
    if (code === "busy") this.connection = "busy";
    if (code === "token") {
      this.connection = "locked"; // and the page asks for it
      return;
    }
    if (code === "control") this.trustServer(); // show what it holds, not what it refused
    if (code === "take" && !this.desk.takes.refused()) return;
    this.say(text);
  }

  private onReport(report: Loudness): void {
    this.loudness = report;
    this.history.heard(report);
  }

  private onClosed(): void {
    if (this.connection === "locked") return; // to try again would not help
    const busy = this.connection === "busy";
    if (!busy && this.connection === "open") this.say("Connection lost; trying again.");
    if (!busy) this.connection = "lost";
    this.status = null;
    this.desk.takes.lost();
    const wait = busy ? BUSY_RETRY_MS : (RETRY_MS[Math.min(this.attempts++, RETRY_MS.length - 1)] as number);
    window.setTimeout(() => this.player.connect(this.url), wait);
    this.announce();
  }

  /** Something that is shown has changed. */
  announce(): void {
    this.dispatchEvent(new Event("change"));
  }
}

/** What this tab had set before it was reloaded. */
function stored(): Partial<Controls> | null {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? "null") as Partial<Controls> | null;
  } catch {
    return null;
  }
}
