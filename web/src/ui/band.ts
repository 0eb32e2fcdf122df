/** Who plays: four families, each muted, soloed, playing or open. */

import { css, html } from "lit";
import { honours } from "../state/honours";
import { FAMILIES, type Bar, type Controls, type Family } from "../state/protocol";
import { SessionElement, shared } from "./element";

const NAMES: Record<Family, string> = { drums: "Drums", bass: "Bass", chords: "Chords", lead: "Lead" };

export class LegatoBand extends SessionElement {
  static override styles = [
    shared,
    css`
      .families {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 8px;
        margin-top: 10px;
      }
      .family {
        position: relative;
      }
      .family.learn {
        outline-offset: 0;
        border-radius: 12px;
      }
      .pad {
        display: grid;
        align-content: space-between;
        width: 100%;
        height: 76px;
        padding: 10px 13px;
        border-radius: 12px;
        background: var(--raised);
        text-align: left;
        font-size: 15px;
      }
      .pad:hover {
        background: var(--lifted);
      }
      .pad small {
        font-size: 12.5px;
        color: var(--dim);
      }
      .pad.sounding {
        box-shadow: inset 0 0 0 1.5px var(--conductor);
      }
      .pad.sounding small {
        color: var(--conductor);
      }
      .pad.held.sounding {
        background: var(--mine-fill);
        color: var(--on-mine);
        box-shadow: none;
      }
      .pad.held small {
        color: var(--mine);
      }
      .pad.held.sounding small {
        color: var(--on-mine-dim);
      }
      .pad.held:not(.sounding) {
        box-shadow: inset 0 0 0 1.5px var(--mine);
        color: var(--dim);
      }
      .family .release {
        position: absolute;
        top: 8px;
        right: 8px;
      }
      .family .sounding + .release {
        color: var(--on-mine);
      }
      .solo {
        position: absolute;
        right: 8px;
        bottom: 8px;
        height: 24px;
        padding: 0 9px;
        border-radius: 99px;
        border: 1px solid var(--line);
        font-size: 11.5px;
        color: var(--dim);
      }
      .solo:hover {
        color: var(--text);
        border-color: var(--faint);
      }
      .sounding.held ~ .solo {
        border-color: #0003;
        color: var(--on-mine-dim);
      }
      .solo[aria-pressed="true"],
      .sounding.held ~ .solo[aria-pressed="true"] {
        background: var(--on-mine);
        border-color: transparent;
        color: #ffb454;
      }
    `,
  ];

  override render() {
    const { controls, hello } = this.session ?? {};
    if (!controls) return html`<div class="head"><h2>Band</h2></div>`;
    const { history, heardIndex } = this.session;
    const bar = history.barAt(history.beatAt(heardIndex)) ?? history.bars[0] ?? null;
    return html`
      <div class="head"><h2>Band</h2></div>
      <div class="families">${FAMILIES.filter((family) => honours(hello, family)).map((family) => this.family(family, controls, bar))}</div>
    `;
  }

  private family(family: Family, controls: Controls, bar: Bar | null) {
    const mine = controls[family];
    const planned = controls.conductor === "on" && bar ? bar.gates[family] : null;
    const sounding = mine ?? planned ?? false;
    const words = mine === null ? (planned === null ? "open" : planned ? "playing" : "resting") : mine ? "on" : "off";
    const solo = this.desk.soloed.includes(family);
    return html`<div class="family ${this.markClass(family)}" data-learn=${family} data-learn-label=${this.learnLabel(family)}>
      <button
        class="pad ${mine === null ? "" : "held"} ${sounding ? "sounding" : ""}"
        aria-label="${NAMES[family]}: ${words}"
        @click=${() => this.desk.change({ [family]: !(mine ?? planned ?? true) })}
      >
        <span>${NAMES[family]}</span><small>${words}</small>
      </button>
      <button
        class="release"
        ?hidden=${mine === null}
        aria-label="Let go of ${family}"
        title="Let go of ${family}"
        @click=${() => this.desk.change({ [family]: null })}
      >
        ×
      </button>
      <button class="solo" aria-pressed=${solo} aria-label="Solo ${family}" title="Solo ${family}" @click=${() => this.desk.toggleSolo(family)}>solo</button>
    </div>`;
  }
}

customElements.define("legato-band", LegatoBand);
