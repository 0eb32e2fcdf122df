/** The prompts as faders: the same pads as on the plane, moved towards the cursor or away from it. */

import { css, html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { canDrop, drop, FLOOR, rename, shares, weigh, weightOf, type Pad } from "../state/surface";
import { SessionElement, shared } from "./element";

export class LegatoPromptFaders extends SessionElement {
  static override styles = [
    shared,
    css`
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        display: grid;
        gap: 10px;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 48px 28px;
        gap: 2px 8px;
        align-items: center;
      }
      .text {
        width: 100%;
      }
      .share {
        text-align: right;
        white-space: nowrap;
        font-size: 14px;
        font-variant-numeric: tabular-nums;
        color: var(--mine);
      }
      input[type="range"] {
        appearance: none;
        grid-column: 1 / -1;
        height: 22px;
        margin: 0;
        background: none;
        cursor: pointer;
        touch-action: pan-y;
      }
      input[type="range"]::-webkit-slider-runnable-track {
        height: 5px;
        border-radius: 3px;
        background: linear-gradient(to right, var(--mine-fill) var(--fill), var(--line) var(--fill));
      }
      input[type="range"]::-moz-range-track {
        height: 5px;
        border-radius: 3px;
        background: linear-gradient(to right, var(--mine-fill) var(--fill), var(--line) var(--fill));
      }
      input[type="range"]::-webkit-slider-thumb {
        appearance: none;
        width: 18px;
        height: 18px;
        margin-top: -6px;
        border-radius: 50%;
        background: var(--mine-fill);
        border: 3px solid var(--surface);
      }
      .remove {
        width: 28px;
        height: 28px;
        border-radius: 50%;
        color: var(--dim);
        font-size: 18px;
      }
      .remove:hover:not(:disabled) {
        background: var(--raised);
        color: var(--text);
      }
    `,
  ];

  override render() {
    const { surface } = this.desk;
    const parts = shares(surface);
    return html`<ul>
      ${repeat(surface.pads, (pad) => pad.id, (pad) => this.row(pad, weightOf(surface, pad), parts[pad.text] ?? 0))}
    </ul>`;
  }

  private row(pad: Pad, weight: number, share: number) {
    const words = pad.text || "unnamed";
    const percent = `${Math.round(100 * share)}`;
    return html`<li>
      <input
        class="field text"
        aria-label="Prompt"
        placeholder="describe the music"
        maxlength=${this.session.hello?.limits.prompt_characters ?? 500}
        .value=${pad.text}
        @keydown=${(event: KeyboardEvent) => event.key === "Enter" && (event.target as HTMLInputElement).blur()}
        @change=${(event: Event) => this.name(pad, event.target as HTMLInputElement)}
      />
      <span class="share">${percent} %</span>
      <button class="remove" aria-label="Remove ${words}" ?disabled=${!canDrop(this.desk.surface, pad.id)} @click=${() => this.desk.place(drop(this.desk.surface, pad.id), `drop ${pad.id}`)}>
        ×
      </button>
      <input
        type="range"
        min=${100 * FLOOR}
        max="100"
        aria-label="Weight of ${words}"
        aria-valuetext="${percent} percent of the mix"
        style="--fill: ${100 * weight}%"
        .value=${String(Math.round(100 * weight))}
        @input=${(event: Event) =>
          this.desk.place(weigh(this.desk.surface, pad.id, Number((event.target as HTMLInputElement).value) / 100), `pad ${pad.id}`)}
      />
    </li>`;
  }

  /** Puts the text cursor into the name of a pad. */
  async focusName(id: number): Promise<void> {
    await this.updateComplete;
    const row = this.desk.surface.pads.findIndex((pad) => pad.id === id);
    this.renderRoot.querySelectorAll<HTMLInputElement>(".text")[row]?.select();
  }

  private name(pad: Pad, field: HTMLInputElement): void {
    if (field.value.trim() && field.value.trim() !== pad.text) this.desk.place(rename(this.desk.surface, pad.id, field.value), `name ${pad.id}`);
    else field.value = pad.text;
  }
}

customElements.define("legato-prompt-faders", LegatoPromptFaders);
