/** Chord pads on the degrees of the key: triads, below them a richer kind of one's choice; and a chord by name. */

import { css, html } from "lit";
import { diatonicChords, pretty, VARIANTS } from "../state/harmony";
import { SessionElement, shared } from "./element";

const ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII"];

export class LegatoChords extends SessionElement {
  static override properties = { ...SessionElement.properties, variant: { state: true } };
  declare variant: (typeof VARIANTS)[number];

  constructor() {
    super();
    this.variant = "7th";
  }

  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        container-type: inline-size;
      }
      .head .release {
        margin-left: -4px;
      }
      .chord {
        width: 92px;
        height: 30px;
      }
      .pads {
        display: grid;
        grid-template-columns: repeat(7, minmax(0, 1fr));
        flex: 1;
        gap: 6px;
        margin-top: 10px;
      }
      .pads + .pads {
        margin-top: 6px;
      }
      .pads button {
        display: grid;
        align-content: center;
        gap: 1px;
        min-height: 56px;
        border-radius: 10px;
        background: var(--raised);
        font: 19px/1.2 var(--score);
        overflow: hidden;
        touch-action: manipulation;
      }
      .pads button.long {
        font-size: 14px;
      }
      .pads small {
        font: 10.5px/1.2 var(--sans);
        color: var(--faint);
      }
      .pads button:hover {
        background: var(--lifted);
      }
      .pads button.sounding {
        box-shadow: inset 0 0 0 1.5px var(--conductor);
        color: var(--conductor);
      }
      .pads button[aria-pressed="true"] {
        background: var(--mine-fill);
        color: var(--on-mine);
        box-shadow: none;
      }
      .pads [aria-pressed="true"] small {
        color: var(--on-mine-dim);
      }
      @container (max-width: 400px) {
        .head {
          flex-wrap: wrap;
        }
        .head h2 {
          flex-basis: 100%;
        }
        .segments {
          flex: 1;
        }
        .segments button {
          flex: 1;
          padding: 0 4px;
        }
        .pads {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
      }
    `,
  ];

  override render() {
    const hello = this.session?.hello;
    const controls = this.session?.controls;
    if (!hello || !controls) return null;
    const { history, heardIndex } = this.session;
    const key = controls.key ?? history.nowAt(heardIndex)?.key ?? "C major";
    const sounding = history.chordAt(history.beatAt(heardIndex));
    const set = (chord: string | null) => this.desk.change({ chord });
    const pad = (name: string, degree: string) =>
      html`<button
        aria-pressed=${controls.chord === name}
        class="${sounding === name ? "sounding" : ""} ${name.length > 4 ? "long" : ""} ${controls.chord === name ? this.waitClass("chord") : ""}"
        @click=${() => set(controls.chord === name ? null : name)}
      >
        ${pretty(name, key)}${degree ? html`<small>${degree}</small>` : null}
      </button>`;
    return html`
      <div class="head">
        <h2>Chords</h2>
        <div class="segments" role="group" aria-label="Kind of chord in the second row">
          ${VARIANTS.map((variant) => html`<button aria-pressed=${this.variant === variant} @click=${() => (this.variant = variant)}>${variant}</button>`)}
        </div>
        <input
          class="field chord ${controls.chord ? "mine" : ""}"
          aria-label="Chord by name; Enter applies"
          placeholder="open"
          .value=${controls.chord ?? ""}
          @change=${(event: Event) => set((event.target as HTMLInputElement).value.trim() || null)}
        />
        <button class="release" ?hidden=${!controls.chord} aria-label="Let go of the chord" title="Let go of the chord" @click=${() => set(null)}>×</button>
      </div>
      <div class="pads" role="group" aria-label="Chords of ${key}">
        ${diatonicChords(key, hello, "triad").map((name, degree) => pad(name, numeral(name, degree)))}
      </div>
      <div class="pads" role="group" aria-label="Chords of ${key}: ${this.variant}">
        ${diatonicChords(key, hello, this.variant).map((name) => (name ? pad(name, "") : html`<span></span>`))}
      </div>
    `;
  }
}

/** The degree in the usual manner: small where the chord is minor or diminished. */
function numeral(name: string, degree: number): string {
  const roman = ROMAN[degree] ?? "";
  return /^[A-G][#b]?(m|dim)/.test(name) ? roman.toLowerCase() : roman;
}

customElements.define("legato-chords", LegatoChords);
