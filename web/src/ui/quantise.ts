/** When changes take effect, and what of them waits. */

import { css, html } from "lit";
import { wordsOf } from "../state/musical-time";
import { QUANTISE } from "../state/protocol";
import { SessionElement, shared } from "./element";

const MOST = 34; // characters for which there is room
const HINTS = { now: "Changes are heard at once", beat: "Changes wait for the next beat", bar: "Changes wait for the next bar" };

export class LegatoQuantise extends SessionElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .segments button {
        padding: 0 13px;
        font: 12.5px var(--sans);
      }
      .segments button[aria-pressed="true"]:not(:first-child) {
        background: var(--mine-fill);
        color: var(--on-mine);
      }
      .waiting {
        display: flex;
        align-items: center;
        gap: 6px;
        height: 28px;
        padding: 0 9px 0 11px;
        border: 1.5px dashed var(--mine);
        border-radius: 99px;
        white-space: nowrap;
        font: 12.5px var(--sans);
        color: var(--mine);
      }
      .waiting:hover {
        background: var(--mine-soft);
      }
      @media (max-width: 720px) {
        .waiting {
          overflow: hidden;
          max-width: 130px;
          text-overflow: ellipsis;
        }
        .segments {
          flex: 1;
        }
        .segments button {
          flex: 1;
          height: 28px;
        }
      }
    `,
  ];

  override render() {
    const time = this.session?.time;
    if (!time) return null;
    const waiting = time.pending.map(({ changes }) => wordsOf(changes)).join("; ");
    const count = time.pending.reduce((sum, { changes }) => sum + Object.keys(changes).length, 0);
    return html`
      <div class="segments" role="group" aria-label="When changes take effect">
        ${QUANTISE.map((choice) => html`<button aria-pressed=${time.quantise === choice} title="${HINTS[choice]} (Q)" @click=${() => time.choose(choice)}>${choice}</button>`)}
      </div>
      ${count > 0
        ? html`<button class="waiting" aria-label="Waiting: ${waiting}. Withdraw" title="${waiting}. Click to withdraw" @click=${() => time.cancel()}>${waiting.length > MOST ? `${count} waiting` : waiting} ×</button>`
        : null}
      ${time.quantise !== "now" && this.session.status?.beat_known === false ? html`<span class="quiet">no beat to wait for</span>` : null}
      <span class="visually-hidden" role="status">${waiting ? `Waiting: ${waiting}` : ""}</span>
    `;
  }
}

customElements.define("legato-quantise", LegatoQuantise);
