/** A slider that may be left open: teal while the conductor holds it, amber once the performer does. */

import { LitElement, css, html } from "lit";
import { shared } from "./element";

export class LegatoFader extends LitElement {
  static override properties = {
    label: {},
    value: { attribute: false },
    planned: { attribute: false },
    low: { type: Number },
    high: { type: Number },
    step: { type: Number },
    digits: { type: Number },
    neutral: { type: Number },
    initial: { type: Number },
    ends: { attribute: false },
  };
  declare label: string;
  /** What the performer holds; null = open. */
  declare value: number | null;
  /** What sounds while it is open, if known. */
  declare planned: number | null;
  declare low: number;
  declare high: number;
  declare step: number;
  declare digits: number;
  /** Where the thumb stands when nothing is known. */
  declare neutral: number;
  /** For one that always has a value: what a double-click brings back; null = it may be left open. */
  declare initial: number | null;
  /** Words for both ends of the scale. */
  declare ends: readonly [string, string] | null;

  /** A number that is being typed: what is planned may change meanwhile, and must not write over it. */
  private typing: string | null = null;

  constructor() {
    super();
    this.value = this.planned = this.ends = this.initial = null;
    this.low = 0;
    this.high = 1;
    this.step = 0.01;
    this.digits = 2;
    this.neutral = 0.5;
  }

  static override styles = [
    shared,
    css`
      .head {
        display: flex;
        align-items: center;
        gap: 4px;
        height: 28px;
      }
      label {
        flex: 1;
        font-size: 14px;
        white-space: nowrap;
      }
      .number {
        width: 46px;
        padding: 2px 4px 2px 0;
        border: 1px solid transparent;
        border-radius: 6px;
        background: none;
        text-align: right;
        font-size: 14px;
        font-variant-numeric: tabular-nums;
        color: var(--conductor);
      }
      .number:hover,
      .number:focus {
        border-color: var(--line);
        background: var(--raised);
      }
      .held .number {
        color: var(--mine);
      }
      .unknown .number {
        color: var(--dim);
      }
      .ends {
        display: flex;
        justify-content: space-between;
        margin-top: -2px;
        font-size: 11.5px;
        color: var(--faint);
      }
      input[type="range"] {
        --colour: var(--conductor);
        appearance: none;
        width: 100%;
        height: 26px;
        margin: 0;
        background: none;
        cursor: pointer;
        touch-action: pan-y;
      }
      .held input[type="range"] {
        --colour: var(--mine-fill);
      }
      .unknown input[type="range"] {
        --colour: var(--line);
      }
      input[type="range"]::-webkit-slider-runnable-track {
        height: 4px;
        border-radius: 2px;
        background: linear-gradient(to right, var(--colour) var(--fill), var(--line) var(--fill));
      }
      input[type="range"]::-moz-range-track {
        height: 4px;
        border-radius: 2px;
        background: linear-gradient(to right, var(--colour) var(--fill), var(--line) var(--fill));
      }
      input[type="range"]::-webkit-slider-thumb {
        appearance: none;
        width: 18px;
        height: 18px;
        margin-top: -7px;
        border-radius: 50%;
        border: 2px solid var(--colour);
        background: var(--surface);
        transition: transform 0.12s;
      }
      input[type="range"]::-moz-range-thumb {
        width: 14px;
        height: 14px;
        border-radius: 50%;
        border: 2px solid var(--colour);
        background: var(--surface);
      }
      .held input[type="range"]::-webkit-slider-thumb {
        background: var(--mine-fill);
      }
      .held input[type="range"]::-moz-range-thumb {
        background: var(--mine-fill);
      }
      .unknown input[type="range"]::-webkit-slider-thumb {
        border-color: var(--faint);
      }
      input[type="range"]:active::-webkit-slider-thumb {
        transform: scale(1.2);
      }
    `,
  ];

  override render() {
    const held = this.value !== null;
    const shown = this.value ?? this.planned;
    const at = shown ?? this.neutral;
    const fill = `${(100 * (at - this.low)) / (this.high - this.low)}%`;
    return html`
      <div class=${held ? "held" : shown === null ? "unknown" : "planned"}>
        <div class="head">
          <label for="slider">${this.label}</label>
          <slot></slot>
          <input
            class="number"
            inputmode="decimal"
            aria-label="${this.label}, as a number"
            .value=${this.typing ?? (shown === null ? "open" : shown.toFixed(this.digits))}
            @input=${(event: Event) => (this.typing = (event.target as HTMLInputElement).value)}
            @change=${this.typed}
            @blur=${() => this.stopTyping()}
            @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
          />
          ${this.initial !== null
            ? null
            : html`<button
                class="release"
                ?hidden=${!held}
                title="Let go of ${this.label.toLowerCase()}"
                aria-label="Let go of ${this.label.toLowerCase()}"
                @click=${() => this.give(null)}
              >
                ×
              </button>`}
        </div>
        <input
          id="slider"
          type="range"
          min=${this.low}
          max=${this.high}
          step=${this.step}
          style="--fill: ${fill}"
          .value=${String(at)}
          aria-valuetext=${shown === null ? "open" : `${shown.toFixed(this.digits)}${held ? "" : ", open"}`}
          @input=${(event: Event) => this.give(Number((event.target as HTMLInputElement).value))}
          @dblclick=${() => this.give(this.initial)}
          @keydown=${this.key}
        />
        ${this.ends ? html`<div class="ends"><span>${this.ends[0]}</span><span>${this.ends[1]}</span></div>` : null}
      </div>
    `;
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Delete" || event.key === "Backspace") this.give(this.initial);
  }

  private typed(event: Event): void {
    const field = event.target as HTMLInputElement;
    const text = field.value.trim().replace(",", ".");
    const number = Number(text);
    if (text === "" || text === "open") this.give(this.initial);
    else if (Number.isFinite(number) && text !== "") this.give(Math.min(this.high, Math.max(this.low, number)));
    this.stopTyping();
    field.value = (this.value ?? this.planned)?.toFixed(this.digits) ?? "open";
  }

  private stopTyping(): void {
    this.typing = null;
    this.requestUpdate();
  }

  private give(value: number | null): void {
    this.dispatchEvent(new CustomEvent<number | null>("pick", { detail: value }));
  }
}

customElements.define("legato-fader", LegatoFader);
