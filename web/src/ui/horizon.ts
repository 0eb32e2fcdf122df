/** The timeline: what was heard flows off to the left, what is planned comes from the right.
 *
 *  Open, it shows the spectrum of what was heard and, over it, a piano-roll of what was asked; folded, how loud it was.
 */

import { css, html } from "lit";
import { pretty, tonesOf } from "../state/harmony";
import { wordsOf } from "../state/musical-time";
import type { Bar } from "../state/protocol";
import { SessionElement, shared } from "./element";
import { eachFrame } from "./frames";
import { contour, lightLine, paintBar, paintHint, paintRibbon, paintSections, paintWaiting, readColours, type Colours, type View } from "./horizon-paint";
import { icons } from "./icons";
import { fadePast, paintChord, paintGrid, paintNote, paintOctaves, strip } from "./roll-paint";
import { BEHIND, WaterfallPicture } from "./waterfall";

const NOW_AT = 0.54; // share of the width left of the now-line
const BEATS_SHOWN_WIDE = 30;
const BEATS_SHOWN_NARROW = 14;
const NARROW = 640;
const STILL = 8; // frames between drawings of a picture that stands still
const CALM = 15; // and for those who want little motion
const FOLDED = "legato.horizon";

const motion = window.matchMedia("(prefers-reduced-motion: reduce)");

export class LegatoHorizon extends SessionElement {
  static override properties = { ...SessionElement.properties, open: { type: Boolean, reflect: true } };
  declare open: boolean;
  private still: () => void = () => undefined;
  private shownBeat = 0;
  private waited = 0;
  private colours: Colours | null = null;
  private heardStream = 0;
  private seen = true;
  private readonly watch = new IntersectionObserver((entries) => {
    this.seen = entries.at(-1)?.isIntersecting ?? true;
  });
  private readonly waterfall = new WaterfallPicture();
  private readonly recolour = () => {
    this.colours = null;
  };

  constructor() {
    super();
    this.open = localStorage.getItem(FOLDED) !== "folded";
  }

  static override styles = [
    shared,
    css`
      :host {
        position: relative;
        height: clamp(150px, 21vh, 240px);
      }
      :host([open]) {
        height: clamp(230px, 31vh, 380px);
      }
      canvas {
        width: 100%;
        height: 100%;
        display: block;
      }
      button {
        position: absolute;
        right: clamp(8px, 3vw, 40px);
        top: 0;
        display: grid;
        place-items: center;
        width: 32px;
        height: 32px;
        border-radius: 50%;
        color: var(--faint);
      }
      button:hover {
        background: var(--raised);
        color: var(--text);
      }
      button svg {
        transform: rotate(180deg);
      }
      :host([open]) button svg {
        transform: none;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.still = eachFrame(() => this.draw());
    window.addEventListener("legato-theme", this.recolour);
    this.watch.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.still();
    this.watch.disconnect();
    this.waterfall.close();
    window.removeEventListener("legato-theme", this.recolour);
  }

  override render() {
    const words = this.open ? "Fold the spectrum and notes away" : "Show the spectrum and notes";
    return html`<canvas role="img" 
        aria-label=${this.describe()}
        title=${this.open
          ? "Left: what was heard, by pitch. Right: the plan. Strings: the tones asked for; amber: what you hold. Lines below: drums, bass, chords, lead."
          : "Left: what was heard. Right: the plan. Lines below: drums, bass, chords, lead."}
      ></canvas>
      <button aria-expanded=${this.open} aria-label=${words} title="${words} (V)" @click=${() => this.fold()}>${icons.fold}</button>`;
  }

  /** Opens it, or folds it to the ribbon. */
  fold(): void {
    this.open = !this.open;
    localStorage.setItem(FOLDED, this.open ? "open" : "folded");
    if (!this.open) this.waterfall.close();
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
    if (!this.session) return;
    const { playing } = this.session;
    if (this.open && playing && !this.session.remote) this.listen();
    // A still picture needs no thirty frames a second.
    const every = !playing ? STILL : motion.matches ? CALM : 1;
    if (this.waited++ % every !== 0 || !this.seen) return;
    const canvas = this.renderRoot.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return;
    const { width, height } = fit(canvas, context);
    context.clearRect(0, 0, width, height);
    const view = this.view(width, height);
    if (this.open) this.paintOpen(context, view);
    this.paint(context, view);
  }

  /** Takes the spectrum of what sounds now. */
  private listen(): void {
    const { history, heardIndex, player } = this.session;
    const { stats } = player;
    if (!stats?.playing || !this.waterfall.open(player)) return;
    if (stats.stream !== this.heardStream) this.waterfall.clear();
    this.heardStream = stats.stream;
    this.waterfall.put(history.beatAt(heardIndex + player.outputLatency * 48_000 - BEHIND));
  }

  private view(width: number, height: number): View {
    const { history, heardIndex, playing } = this.session;
    const beat = playing ? history.beatAt(heardIndex) : this.shownBeat;
    // Small corrections of the clock are followed smoothly; a new stream or tempo at once.
    this.shownBeat = Math.abs(beat - this.shownBeat) < 1 ? this.shownBeat + (beat - this.shownBeat) * 0.35 : beat;
    const perBeat = width / (width < NARROW ? BEATS_SHOWN_NARROW : BEATS_SHOWN_WIDE);
    const view = { colours: this.palette(), width, height, beat: this.shownBeat, nowX: width * NOW_AT, perBeat, middle: height * 0.56 };
    if (!motion.matches || !playing) return view;
    // With little motion the picture stands for a whole bar, and the line steps through it beat by beat.
    const whole = Math.floor(beat);
    const since = whole - (history.barAt(beat)?.start_beat ?? whole);
    return { ...view, beat: whole, nowX: view.nowX + since * perBeat };
  }

  private palette(): Colours {
    if (this.colours) return this.colours;
    const colours = readColours(this);
    const numbers = (words: string) => words.split(",").map(Number);
    this.waterfall.colour({ warm: numbers(colours.mine), hot: numbers(colours.hot) });
    return (this.colours = colours);
  }

  /** What was heard by pitch, and what was asked. */
  private paintOpen(context: CanvasRenderingContext2D, view: View): void {
    const { history, asked, hello } = this.session;
    const place = strip(view);
    this.waterfall.draw(context, view.beat, view.nowX, view.perBeat, place.top, place.height);
    fadePast(context, view, place);
    paintGrid(context, view, place);
    const from = view.beat - view.nowX / view.perBeat;
    const to = view.beat + (view.width - view.nowX) / view.perBeat;
    for (const span of history.chordsBetween(from, to)) {
      const held = asked.chordAt((span.from + span.to) / 2);
      if (hello) paintChord(context, view, place, { ...span, what: tonesOf(held ?? span.what, hello) }, held !== null);
    }
    paintOctaves(context, view, place);
    for (const span of asked.notes) if (span.to > from) paintNote(context, view, place, span);
  }

  private paint(context: CanvasRenderingContext2D, view: View): void {
    const { history, playing, remote } = this.session;
    const bars = history.bars.filter((bar) => visible(bar, view));
    if (!this.open) contour(context, view, bars.filter((bar) => bar.start_beat + bar.beats > view.beat));
    if (!this.open || remote) paintRibbon(context, view, history.heardLevels);
    for (const bar of bars) paintBar(context, view, bar, pretty);
    paintSections(context, view, bars);
    for (const { beat, changes } of this.session.time.pending) paintWaiting(context, view, beat, wordsOf(changes));
    if (bars.length === 0) paintHint(context, view);
    lightLine(context, view, playing, motion.matches);
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
