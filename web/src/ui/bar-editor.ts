/** Changes chords, section, line-up and levels of the bars that are chosen in the plan. */

import { css, html } from "lit";
import { chordsText, readChords } from "../state/plan";
import { FAMILIES, type Bar, type Family } from "../state/protocol";
import { SessionElement, shared } from "./element";
import "./fader";

const LEVELS = [
  ["density", "Density"],
  ["brightness", "Brightness"],
  ["loudness", "Loudness"],
] as const;

export class LegatoBarEditor extends SessionElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1.1fr) minmax(0, 1.6fr);
        gap: 12px 28px;
        margin-top: 10px;
        padding: 14px 16px;
        border-radius: 11px;
        background: var(--raised);
        animation: open 0.16s ease-out;
      }
      .head {
        grid-column: 1 / -1;
      }
      .head h2 {
        color: var(--text);
      }
      .fields {
        display: grid;
        grid-template-columns: minmax(0, 1.5fr) minmax(0, 1fr);
        gap: 8px;
        align-content: start;
      }
      .field {
        width: 100%;
        background-color: var(--surface);
      }
      .chords {
        font: 17px var(--score);
      }
      .gates {
        display: flex;
        flex-wrap: wrap;
        grid-column: 1 / -1;
        gap: 6px;
      }
      .gates .planned[aria-pressed="true"] {
        color: var(--conductor);
        border-color: var(--conductor);
        background: var(--conductor-soft);
      }
      .levels {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: 10px 22px;
      }
      @keyframes open {
        from {
          opacity: 0;
          transform: translateY(-6px);
        }
      }
      @media (prefers-reduced-motion: reduce) {
        :host {
          animation: none;
        }
      }
      @media (max-width: 900px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      @media (max-width: 480px) {
        .levels {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  override render() {
    const { time, hello } = this.session;
    const planned = this.session.status?.plan.find(({ index }) => index === time.selected[0]);
    if (!planned || !hello) return null;
    const bar = time.shown(planned);
    const sections = hello.sections[bar.style] ?? [bar.section];
    const [first = 0, last = first] = [time.selected[0], time.selected.at(-1)];
    const mine = (field: string) => (bar.edited.includes(field) ? "mine" : "");
    return html`
      <div class="head">
        <h2>${first === last ? `Bar ${first + 1}` : `Bars ${first + 1} – ${last + 1}`}</h2>
        <button class="chip" @click=${() => time.order({ action: "reset", bars: [...time.selected] })}>Give back</button>
        <button class="chip" @click=${() => time.deselect()}>Done</button>
      </div>
      <div class="fields">
        <input
          class="field chords ${mine("chords")}"
          aria-label="Chords; Enter applies"
          title="Chords of the bar, such as Am7 D7; Am7 D7@4 puts the second on beat 4; empty gives them back"
          autocomplete="off"
          spellcheck="false"
          .value=${chordsText(bar)}
          @change=${(event: Event) => this.chords(bar, event.target as HTMLInputElement)}
        />
        <select class="field ${mine("section")}" aria-label="Section" @change=${(event: Event) => time.edit({ section: (event.target as HTMLSelectElement).value })}>
          ${sections.map((name) => html`<option value=${name} .selected=${name === bar.section}>${name}</option>`)}
        </select>
        <div class="gates" role="group" aria-label="Who plays in the bar">${FAMILIES.map((family) => this.gate(bar, family))}</div>
      </div>
      <div class="levels">${LEVELS.map(([name, label]) => this.level(bar, name, label))}</div>
    `;
  }

  private gate(bar: Bar, family: Family) {
    const on = bar.gates[family];
    return html`<button class="chip ${bar.edited.includes("gates") ? "" : "planned"}" aria-pressed=${on} @click=${() => this.session.time.edit({ gates: { [family]: !on } })}>${family}</button>`;
  }

  private level(bar: Bar, name: (typeof LEVELS)[number][0], label: string) {
    return html`<legato-fader
      .label=${label}
      .value=${bar.edited.includes(name) ? bar[name] : null}
      .planned=${bar[name]}
      @pick=${(event: CustomEvent<number | null>) => this.session.time.edit({ [name]: event.detail })}
    ></legato-fader>`;
  }

  private chords(bar: Bar, field: HTMLInputElement): void {
    try {
      this.session.time.edit({ chords: field.value.trim() ? readChords(field.value, bar.beats) : null });
    } catch (error) {
      this.session.say(error instanceof Error ? error.message : String(error));
      field.value = chordsText(bar);
    }
  }
}

customElements.define("legato-bar-editor", LegatoBarEditor);
