/** The timeline: what was heard flows off to the left, what is planned comes from the right. */

import { css, html } from "lit";
import { pretty } from "../state/harmony";
import type { Bar } from "../state/protocol";
import { SessionElement, shared } from "./element";
import { eachFrame } from "./frames";
import { contour, lightLine, paintBar, paintHint, paintRibbon, paintSections, readColours, type Colours, type View } from "./horizon-paint";

const NOW_AT = 0.54; // share of the width left of the now-line
const BEATS_SHOWN_WIDE = 30;
const BEATS_SHOWN_NARROW = 14;
const NARROW = 640;
const STILL = 8;

export class LegatoHorizon extends SessionElement {
  private still: () => void = () => undefined;
  private shownBeat = 0;
  private waited = 0;
  private colours: Colours | null = null;
  private readonly recolour = () => {
    this.colours = null;
  };

  static override styles = [
    shared,
    css`
      :host {
        position: relative;
        height: clamp(150px, 21vh, 240px);
      }
      canvas {
        width: 100%;
        height: 100%;
        display: block;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.still = eachFrame(() => this.draw());
    window.addEventListener("legato-theme", this.recolour);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.still();
    window.removeEventListener("legato-theme", this.recolour);
  }

  override render() {
    return html`<canvas role="img" 
      aria-label=${this.describe()}
      title="Left: what was heard. Right: the plan. Lines below: drums, bass, chords, lead."
    ></canvas>`;
  }

  /** The same for those who do not see it. */
  private describe(): string {
    const beat = this.session?.history.beatAt(this.session.heardIndex) ?? 0;
    const coming = this.session?.history.bars.filter((bar) => bar.start_beat >= beat).slice(0, 4) ?? [];
    if (coming.length === 0) return "Timeline of what was heard and what is planned";
    const words = coming.map((bar) => `${bar.section}: ${bar.chords.map(([, name]) => name).join(", ")}`);
    return `Next bars: ${words.join("; ")}`;
  }

  private draw(): void {
    // A still picture needs no thirty frames a second.
    if (!this.session?.playing && this.waited++ % STILL !== 0) return;
    const canvas = this.renderRoot.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return;
    const { width, height } = fit(canvas, context);
    context.clearRect(0, 0, width, height);
    const view = this.view(width, height);
    this.paint(context, view);
  }

  private view(width: number, height: number): View {
    const { history, heardIndex, playing } = this.session;
    const beat = playing ? history.beatAt(heardIndex) : this.shownBeat;
    // Small corrections of the clock are followed smoothly; a new stream or tempo at once.
    this.shownBeat = Math.abs(beat - this.shownBeat) < 1 ? this.shownBeat + (beat - this.shownBeat) * 0.35 : beat;
    const beats = width < NARROW ? BEATS_SHOWN_NARROW : BEATS_SHOWN_WIDE;
    this.colours ??= readColours(this);
    const { colours } = this;
    return { colours, width, height, beat: this.shownBeat, nowX: width * NOW_AT, perBeat: width / beats, middle: height * 0.56 };
  }

  private paint(context: CanvasRenderingContext2D, view: View): void {
    const { history, playing } = this.session;
    const bars = history.bars.filter((bar) => visible(bar, view));
    contour(context, view, bars.filter((bar) => bar.start_beat + bar.beats > view.beat));
    paintRibbon(context, view, history.heardLevels);
    for (const bar of bars) paintBar(context, view, bar, pretty);
    paintSections(context, view, bars);
    if (bars.length === 0) paintHint(context, view);
    lightLine(context, view, playing);
  }
}

function visible(bar: Bar, view: View): boolean {
  const left = view.nowX + (bar.start_beat - view.beat) * view.perBeat;
  return left < view.width && left + bar.beats * view.perBeat > 0;
}

/** Matches the canvas to its size on screen; returns that size in CSS pixels. */
function fit(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D): { width: number; height: number } {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { width, height };
}

customElements.define("legato-horizon", LegatoHorizon);
