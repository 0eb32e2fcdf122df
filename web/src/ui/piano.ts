/** A piano for mouse, fingers and computer keys. What it holds is what the music is asked to play. */

import { css, html } from "lit";
import { pretty, scaleOf, tonesOf } from "../state/harmony";
import { HIGHEST_NOTE, LOWEST_NOTE } from "../state/held";
import { letterOf } from "../state/typing";
import { SessionElement, shared } from "./element";

const BLACK = new Set([1, 3, 6, 8, 10]);
const NARROW = window.matchMedia("(max-width: 560px)");
const MIDDLE = window.matchMedia("(max-width: 1000px)");

export class LegatoPiano extends SessionElement {
  private reached: number | null = null; // the key that Tab comes to
  private readonly resized = () => this.requestUpdate();

  static override styles = [
    shared,
    css`
      .keys {
        display: flex;
        position: relative;
        height: 112px;
        margin-top: 10px;
        touch-action: none;
        user-select: none;
      }
      .keys button {
        position: relative;
        display: grid;
        align-content: end;
        justify-items: center;
        gap: 3px;
        padding-bottom: 7px;
        font-size: 11px;
        line-height: 1.1;
      }
      .white {
        flex: 1;
        margin-right: 2px;
        border-radius: 3px 3px 8px 8px;
        background: linear-gradient(var(--ivory-dim), var(--ivory) 30%);
        box-shadow: inset 0 0 0 1px #0001;
        color: var(--on-ivory);
      }
      .keys button.black {
        z-index: 1;
        flex: none;
        width: calc(0.58 * var(--key));
        height: 62%;
        margin: 0 calc(-0.29 * var(--key) + 1px) 0 calc(-0.29 * var(--key) - 1px); /* over the gap, taking no room */
        border-radius: 2px 2px 6px 6px;
        background: var(--ebony);
        box-shadow: 0 2px 4px #0008;
        color: #d9dce2;
      }
      .keys button[aria-pressed="true"] {
        background: var(--mine-fill);
        color: var(--on-mine);
      }
      .keys i {
        width: 6px;
        height: 6px;
        border-radius: 50%;
      }
      .keys .scale i {
        box-shadow: inset 0 0 0 1.5px #7a849488;
      }
      .keys .tone i {
        background: var(--conductor-fill);
        box-shadow: none;
      }
      .keys kbd {
        font: 500 11px/1.1 var(--sans);
      }
      .keys button:focus-visible {
        outline-color: var(--mine-fill);
        outline-offset: -3px;
      }
      .octave {
        display: flex;
        align-items: center;
        gap: 4px;
      }
      .octave span {
        min-width: 54px;
        text-align: center;
        font-size: 12.5px;
        color: var(--dim);
      }
      @media (max-width: 560px) {
        .keys {
          height: 132px;
        }
        .head {
          flex-wrap: wrap;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    for (const query of [NARROW, MIDDLE]) query.addEventListener("change", this.resized);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const query of [NARROW, MIDDLE]) query.removeEventListener("change", this.resized);
  }

  override render() {
    const { hello, controls } = this.session ?? {};
    if (!hello || !controls) return null;
    const { history, heardIndex, desk } = this.session;
    const key = controls.key ?? history.nowAt(heardIndex)?.key ?? "";
    const chord = history.chordAt(history.beatAt(heardIndex)) ?? "";
    const [low, high] = this.span();
    const notes = Array.from({ length: high - low + 1 }, (_, i) => low + i);
    const whites = notes.filter((note) => !BLACK.has(note % 12)).length;
    const marks = { scale: scaleOf(key, hello), tones: tonesOf(chord, hello) };
    return html`
      <div class="head">
        <h2>Piano</h2>
        <button class="chip" aria-pressed=${desk.held.pedalDown} title="Sustain: keys go on sounding" @click=${() => desk.pedal(!desk.held.pedalDown)}>Hold</button>
        <button class="chip" aria-pressed=${desk.typing} title="Play with the letters A to ' (K begins, Esc ends)" @click=${() => desk.setTyping(!desk.typing)}>Letter keys</button>
        <div class="octave">
          <button class="chip" aria-label="An octave down" @click=${() => desk.shiftOctave(-1)}>−</button>
          <span>${this.name(low)} – ${this.name(high)}</span>
          <button class="chip" aria-label="An octave up" @click=${() => desk.shiftOctave(1)}>+</button>
        </div>
      </div>
      <div
        class="keys"
        role="group"
        aria-label="Piano: arrow keys choose a key, Enter plays it"
        style="--key: calc(100% / ${whites})"
        @pointerdown=${this.down}
        @pointermove=${this.move}
        @pointerup=${this.up}
        @pointercancel=${this.up}
        @keydown=${this.keyDown}
        @keyup=${this.keyUp}
        @focusout=${() => this.desk.release("focus")}
      >
        ${notes.map((note) => this.key(note, marks, this.reached ?? desk.lowNote))}
      </div>
    `;
  }

  private key(note: number, marks: { scale: number[]; tones: number[] }, reached: number) {
    const colour = BLACK.has(note % 12) ? "black" : "white";
    const mark = marks.tones.includes(note % 12) ? "tone" : marks.scale.includes(note % 12) ? "scale" : "";
    const { typing, lowNote } = this.desk;
    return html`<button
      class="${colour} ${mark}"
      data-note=${note}
      tabindex=${note === reached ? 0 : -1}
      aria-label=${this.name(note)}
      aria-pressed=${this.session.controls?.notes.includes(note) ?? false}
    >
      ${typing ? html`<kbd>${letterOf(note - lowNote)}</kbd>` : note % 12 === 0 ? this.name(note) : null}<i></i>
    </button>`;
  }

  /** The lowest and highest key on show: as many octaves as there is room for. */
  private span(): [number, number] {
    const { lowNote } = this.desk;
    if (NARROW.matches) return [lowNote, lowNote + 12];
    if (MIDDLE.matches) return [lowNote, lowNote + 24];
    return [Math.max(lowNote - 12, LOWEST_NOTE + 3), Math.min(lowNote + 24, HIGHEST_NOTE)];
  }

  private name(note: number): string {
    return `${pretty(this.session.hello?.pitch_classes[note % 12] ?? "")}${Math.floor(note / 12) - 1}`;
  }

  private readonly down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.touch(event);
  };

  /** A finger that slides plays what it comes to. */
  private readonly move = (event: PointerEvent) => {
    if ((event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) this.touch(event);
  };

  private readonly up = (event: PointerEvent) => this.desk.release(`finger ${event.pointerId}`);

  private touch(event: PointerEvent): void {
    const under = (this.renderRoot as ShadowRoot).elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>("[data-note]");
    const source = `finger ${event.pointerId}`;
    if (under) this.desk.press(source, Number(under.dataset.note));
    else this.desk.release(source);
  }

  private readonly keyDown = (event: KeyboardEvent) => {
    const at = Number((event.target as HTMLElement).dataset.note);
    if (event.key === "Enter" || event.key === " ") {
      if (!event.repeat) this.desk.press("focus", at);
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") void this.reach(at + (event.key === "ArrowLeft" ? -1 : 1));
    else return;
    event.preventDefault();
  };

  private readonly keyUp = (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === " ") this.desk.release("focus");
  };

  private async reach(note: number): Promise<void> {
    const [low, high] = this.span();
    this.reached = Math.min(high, Math.max(low, note));
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-note="${this.reached}"]`)?.focus();
  }
}

customElements.define("legato-piano", LegatoPiano);
