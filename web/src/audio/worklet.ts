/** The audio thread of the page: plays the jitter buffer, reports levels and counters. It never waits. */

import { JitterBuffer, type JitterOptions } from "./jitter-buffer";
import type { Position, ToWorklet, WorkletReport } from "./messages";
import type { Packet } from "./packet";

const REPORT_SECONDS = 0.05;
const POSITION_SECONDS = 0.1;

class Player extends AudioWorkletProcessor {
  private readonly buffer: JitterBuffer;
  private link: MessagePort | null = null;
  private nextReport = 0;
  private nextPosition = 0;
  private toldTurns = 0;
  private peak: [number, number] = [0, 0];
  private power: [number, number] = [0, 0];
  private measured = 0;
  private capture: Float32Array | null = null;
  private captured = 0;
  private captureIndex = 0;

  constructor(options: { processorOptions?: unknown }) {
    super(options);
    this.buffer = new JitterBuffer({ ...(options.processorOptions as Partial<JitterOptions>), outputRate: sampleRate });
    this.port.onmessage = (event: MessageEvent<ToWorklet>) => this.obey(event.data);
  }

  private obey(message: ToWorklet): void {
    if (message.kind === "stop") this.buffer.stop();
    else if (message.kind === "reset") this.buffer.reset();
    else if (message.kind === "capture") {
      this.capture = new Float32Array(message.frames * 2);
      this.captured = 0;
    } else {
      this.link?.close();
      this.link = message.port;
      this.link.onmessage = (event: MessageEvent<Packet>) => this.receive(event.data);
    }
  }

  private receive({ stream, index, samples, frames }: Packet): void {
    this.buffer.push(stream, index, samples, frames);
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const output = outputs[0];
    const left = output?.[0];
    if (!left) return true;
    const right = output[1] ?? new Float32Array(left.length);
    const index = this.buffer.index;
    const sounding = this.buffer.pull(left, right);
    if (this.capture && sounding > 0) this.keep(left, right, sounding, index);
    this.measure(left, right);
    this.report();
    return true;
  }

  private keep(left: Float32Array, right: Float32Array, n: number, index: number): void {
    const into = this.capture as Float32Array;
    if (this.captured === 0) this.captureIndex = index;
    for (let i = 0; i < n && this.captured * 2 < into.length; i++, this.captured++) {
      into[2 * this.captured] = left[i] as number;
      into[2 * this.captured + 1] = right[i] as number;
    }
    if (this.captured * 2 < into.length) return;
    this.port.postMessage({ kind: "captured", index: this.captureIndex, samples: into }, [into.buffer]);
    this.capture = null;
  }

  private measure(left: Float32Array, right: Float32Array): void {
    for (let i = 0; i < left.length; i++) {
      const l = left[i] as number;
      const r = right[i] as number;
      this.peak[0] = Math.max(this.peak[0], Math.abs(l));
      this.peak[1] = Math.max(this.peak[1], Math.abs(r));
      this.power[0] += l * l;
      this.power[1] += r * r;
    }
    this.measured += left.length;
  }

  private report(): void {
    if (currentTime >= this.nextPosition || this.buffer.turns !== this.toldTurns) this.tellPosition();
    if (currentTime >= this.nextReport) this.tellPage();
  }

  /** Regularly, and at once when sound begins or runs out: the server then knows what to send. */
  private tellPosition(): void {
    this.nextPosition = currentTime + POSITION_SECONDS;
    this.toldTurns = this.buffer.turns;
    const { stream, index, target, playing } = this.buffer.stats;
    const position: Position = { stream: Math.max(0, stream), played: index, target, playing };
    this.link?.postMessage(position);
  }

  private tellPage(): void {
    this.nextReport = currentTime + REPORT_SECONDS;
    const scale = 1 / Math.max(1, this.measured);
    const report: WorkletReport = {
      kind: "report",
      ...this.buffer.stats,
      contextTime: currentTime,
      peak: this.peak,
      power: [this.power[0] * scale, this.power[1] * scale],
    };
    this.port.postMessage(report);
    this.peak = [0, 0];
    this.power = [0, 0];
    this.measured = 0;
  }
}

registerProcessor("legato-player", Player);
