/** Ties the network worker and the audio worklet together. Framework-free: the page only sees this class. */

import { CardClock } from "./card-clock";
import type { JitterOptions } from "./jitter-buffer";
import type { Captured, FromLink, FromWorklet, ToLink, ToWorklet, WorkletReport } from "./messages";
import { Tap } from "./tap";
import workletUrl from "./worklet.ts?worker&url";

const USUAL_RATE = 48_000;
const RELAXED = "legato.relaxed"; // kept: this machine's sound card needs more than its smallest buffer
const HANDOVER_MS = 500; // the old buffer plays what it still has

export interface PlayerEvents {
  opened(): void;
  closed(code: number, reason: string): void;
  text(text: string): void;
  report(report: WorkletReport): void;
  problem(message: string): void;
}

export class Player {
  /** The last report of the audio thread; null until sound has been started once. */
  stats: WorkletReport | null = null;
  /** Milliseconds for a message to the server and back; null until measured. */
  roundTrip: number | null = null;
  /** Frames a second of what is played. */
  rate = USUAL_RATE;
  private readonly link: Worker;
  private context: AudioContext | null = null;
  private node: AudioWorkletNode | null = null;
  private starting: Promise<void> | null = null;
  private waiting: ((captured: Captured) => void)[] = [];
  private cardClock = new CardClock();
  private handover = false; // the sound card was opened anew, and no sound has reached it yet
  private relaxed = localStorage.getItem(RELAXED) === "yes";

  constructor(
    private readonly events: PlayerEvents,
    private readonly buffer: Partial<JitterOptions> = {},
  ) {
    this.link = new Worker(new URL("./link.worker.ts", import.meta.url), { type: "module", name: "link" });
    this.link.onmessage = (event: MessageEvent<FromLink>) => this.fromLink(event.data);
  }

  /** What is played has this rate: the sound card is opened anew for it if it was open for another. */
  tune(rate: number): void {
    if (rate === this.rate) return;
    this.rate = rate;
    const open = this.starting !== null;
    void this.context?.close();
    this.context = this.node = this.starting = this.stats = null;
    if (open) this.start().catch(this.tellProblem);
  }

  /** From now on the sound card's buffer is as large as the browser takes for safe, not the smallest; sound hardly breaks off. */
  async relax(): Promise<void> {
    if (this.relaxed || !this.node) return;
    this.relaxed = true;
    localStorage.setItem(RELAXED, "yes");
    const { context } = this;
    await this.open();
    await this.context?.resume();
    setTimeout(() => void context?.close(), HANDOVER_MS);
  }

  connect(url: string): void {
    this.toLink({ kind: "open", url });
  }

  send(message: object): void {
    this.toLink({ kind: "send", text: JSON.stringify(message) });
  }

  /** Measures the round trip, where no audio thread reports and so does it. */
  ping(): void {
    this.toLink({ kind: "ping" });
  }

  /** Opens the sound card; must be called from a click or key press. Rejects with a readable Error. */
  async start(): Promise<void> {
    this.starting ??= this.open().catch((error: unknown) => {
      this.starting = null;
      throw error;
    });
    await this.starting;
    await this.context?.resume();
  }

  /** Fades out at once; the next stream starts afresh. */
  stop(): void {
    this.handover = false;
    this.toWorklet({ kind: "stop" });
  }

  /** A new connection: its streams are numbered from 1 again. */
  reset(): void {
    this.handover = false;
    this.toWorklet({ kind: "reset" });
  }

  /** The next `frames` frames put out to the sound card. */
  capture(frames: number): Promise<Captured> {
    this.toWorklet({ kind: "capture", frames });
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** An ear on what goes to the sound card; null while none is open. Close it when nobody looks: until then it costs time. */
  tap(): Tap | null {
    return this.context && this.node ? new Tap(this.context, this.node) : null;
  }

  /** Whether an ear is on what goes to the sound card now: it may have been opened anew. */
  hears(tap: Tap): boolean {
    return tap.source === this.node;
  }

  /** Seconds from the worklet to the loudspeaker, as far as the browser knows. */
  get outputLatency(): number {
    const context = this.context;
    return context ? context.baseLatency + (context.outputLatency || 0) : 0;
  }

  /** Index of the frame that is at the loudspeaker now. */
  get heardIndex(): number {
    return this.stats ? this.putOutIndex - this.outputLatency * this.rate : 0;
  }

  /** Frames a second of the sound card. */
  get cardRate(): number {
    return this.context?.sampleRate ?? this.rate;
  }

  /** Index of the frame that the audio thread puts out now. */
  private get putOutIndex(): number {
    if (!this.stats || !this.context) return 0;
    const since = this.stats.playing ? this.context.currentTime - this.stats.contextTime : 0;
    return this.stats.index + since * this.rate;
  }

  private async open(): Promise<void> {
    if (!window.AudioContext || !window.isSecureContext)
      throw new Error("This browser gives sound only on a secure page: open it on localhost or over https.");
    const context = openContext(this.rate, this.relaxed ? "interactive" : 0);
    await context.audioWorklet.addModule(workletUrl);
    const node = new AudioWorkletNode(context, "legato-player", {
      numberOfInputs: 0,
      outputChannelCount: [2],
      processorOptions: { ...this.known(), ...this.buffer, sampleRate: this.rate },
    });
    node.port.onmessage = (event: MessageEvent<FromWorklet>) => this.fromWorklet(event.data, node);
    node.connect(context.destination);
    const { port1, port2 } = new MessageChannel();
    this.handover = this.stats !== null;
    if (this.stats) this.stats = { ...this.stats, index: this.putOutIndex, contextTime: context.currentTime }; // by the new clock
    this.context = context;
    this.node = node;
    this.cardClock = new CardClock();
    this.toWorklet({ kind: "link", port: port1 }, [port1]);
    this.toLink({ kind: "audio", port: port2 }, [port2]);
  }

  /** What was found out about this link before the sound card was opened anew. */
  private known(): Partial<JitterOptions> {
    return this.stats ? { targetSeconds: this.stats.target / this.rate } : {};
  }

  private fromLink(message: FromLink): void {
    if (message.kind === "opened") this.events.opened();
    else if (message.kind === "closed") this.events.closed(message.code, message.reason);
    else if (message.kind === "text") this.events.text(message.text);
    else if (message.kind === "round-trip") this.roundTrip = message.milliseconds;
    else this.events.problem(message.reason);
  }

  private fromWorklet(message: FromWorklet, node: AudioWorkletNode): void {
    if (message.kind === "captured") this.waiting.shift()?.(message);
    else if (node === this.node) {
      this.handover &&= message.stream < 0;
      if (this.handover) return; // it does not know yet where the sound is
      this.stats = message;
      this.events.report(message);
      if (this.cardClock.note(message.contextTime, performance.now() / 1000)) this.relax().catch(this.tellProblem);
    }
  }

  private readonly tellProblem = (error: unknown): void => this.events.problem(error instanceof Error ? error.message : String(error));

  private toLink(message: ToLink, transfer: Transferable[] = []): void {
    this.link.postMessage(message, transfer);
  }

  private toWorklet(message: ToWorklet, transfer: Transferable[] = []): void {
    this.node?.port.postMessage(message, transfer);
  }
}

/** A context at the stream's rate; where the browser refuses that rate, its own (the worklet then resamples). */
function openContext(rate: number, latencyHint: AudioContextLatencyCategory | number): AudioContext {
  try {
    return new AudioContext({ sampleRate: rate, latencyHint });
  } catch {
    return new AudioContext({ latencyHint });
  }
}
