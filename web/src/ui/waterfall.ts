/** The spectrum of the last beats as a picture: one column of pixels for each bit of a beat, drawn once. */

import type { Player } from "../audio/player";
import { Tap } from "../audio/tap";
import { COLUMNS, COLUMNS_PER_BEAT, ROWS, Spectrum, Waterfall } from "../state/spectrum";

/** Where the middle of the long analysis lies behind the newest sample, frames. */
export const BEHIND = Tap.FINE / 2;

const QUIET = 0.12; // levels below this share of the scale stay dark

export interface Heat {
  /** Each as red, green, blue. */
  warm: readonly number[];
  hot: readonly number[];
}

export class WaterfallPicture {
  private readonly waterfall = new Waterfall();
  private readonly levels = new Uint8Array(ROWS);
  private readonly canvas = document.createElement("canvas");
  private readonly context: CanvasRenderingContext2D | null;
  private readonly pixels = new ImageData(1, ROWS);
  private palette = new Uint8ClampedArray(256 * 4);
  private tap: Tap | null = null;
  private spectrum: Spectrum | null = null;

  constructor() {
    this.canvas.width = COLUMNS;
    this.canvas.height = ROWS;
    this.context = this.canvas.getContext("2d");
  }

  /** Whether anything was heard. */
  get empty(): boolean {
    return this.waterfall.end < 0;
  }

  /** Listens in to what is played; returns whether there is anything to hear yet. */
  open(player: Player): boolean {
    if (this.tap && !player.hears(this.tap)) this.tap = null;
    this.tap ??= player.tap();
    if (this.tap) this.spectrum ??= new Spectrum(player.cardRate, Tap.FINE, Tap.QUICK);
    return this.tap !== null;
  }

  /** Stops listening, which costs time, and forgets what was heard. */
  close(): void {
    this.tap?.close();
    this.tap = null;
    this.clear();
  }

  clear(): void {
    this.waterfall.clear();
    this.context?.clearRect(0, 0, COLUMNS, ROWS);
  }

  colour({ warm, hot }: Heat): void {
    for (let level = 0; level < 256; level++) {
      const strength = Math.max(0, level / 255 - QUIET) / (1 - QUIET);
      const heat = Math.max(0, strength - 0.55) / 0.45;
      for (let i = 0; i < 3; i++) this.palette[4 * level + i] = (warm[i] ?? 0) + ((hot[i] ?? 0) - (warm[i] ?? 0)) * heat;
      this.palette[4 * level + 3] = 255 * Math.min(1, 1.15 * strength ** 1.3);
    }
    const { end } = this.waterfall;
    for (let at = Math.max(0, end - COLUMNS); at < end; at++) this.paint(at);
  }

  /** Takes what sounds now, which is heard around `beat`. */
  put(beat: number): void {
    if (!this.tap || !this.spectrum || beat < 0) return;
    this.tap.listen();
    this.spectrum.read(this.tap.fine, this.tap.quick, this.levels);
    const { end } = this.waterfall;
    const first = this.waterfall.put(beat, this.levels);
    if (first !== end && first !== end - 1) this.context?.clearRect(0, 0, COLUMNS, ROWS); // it began anew
    for (let at = first; at < this.waterfall.end; at++) this.paint(at);
  }

  /** Draws the columns up to `beat`, which lies at `x`, into a strip. */
  draw(context: CanvasRenderingContext2D, beat: number, x: number, perBeat: number, top: number, height: number): void {
    const last = Math.min(this.waterfall.end, Math.ceil(beat * COLUMNS_PER_BEAT));
    const first = Math.max(0, this.waterfall.end - COLUMNS, last - Math.ceil((x / perBeat) * COLUMNS_PER_BEAT));
    const place = (column: number) => x + (column / COLUMNS_PER_BEAT - beat) * perBeat;
    for (let at = first; at < last; ) {
      const from = at % COLUMNS;
      const n = Math.min(last - at, COLUMNS - from); // the ring is drawn in two pieces
      context.drawImage(this.canvas, from, 0, n, ROWS, place(at), top, (n / COLUMNS_PER_BEAT) * perBeat, height);
      at += n;
    }
  }

  private paint(at: number): void {
    const levels = this.waterfall.column(at);
    const { data } = this.pixels;
    for (let row = 0; row < ROWS; row++) {
      const from = 4 * (levels[row] ?? 0);
      const to = 4 * (ROWS - 1 - row);
      for (let i = 0; i < 4; i++) data[to + i] = this.palette[from + i] ?? 0;
    }
    this.context?.putImageData(this.pixels, at % COLUMNS, 0);
  }
}
