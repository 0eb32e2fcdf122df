/** Record, mark, keep, and a name for what comes next: shown where the server has a folder for takes. */

import { css, html } from "lit";
import type { Phase } from "../state/takes";
import { clock } from "../state/takes";
import { SessionElement, shared } from "./element";
import { icons } from "./icons";

const WORDS: Record<Phase, string> = { off: "Record", armed: "Armed", recording: "", saving: "Saving" };
const HINTS: Record<Phase, string> = {
  off: "Record what sounds, or the next start (C)",
  armed: "Records from the first sample on; again to call it off (C)",
  recording: "End the take (C)",
  saving: "The files are being finished",
};

export class LegatoTakes extends SessionElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        gap: 8px;
        align-items: center;
        justify-content: end;
      }
      .pill {
        display: flex;
        align-items: center;
        gap: 8px;
        height: 40px;
        padding: 0 14px 0 12px;
        border: 1px solid var(--line);
        border-radius: 99px;
        font-size: 13.5px;
        white-space: nowrap;
        color: var(--dim);
      }
      button.pill:hover:not(:disabled) {
        color: var(--text);
        border-color: var(--faint);
      }
      .record {
        justify-content: center;
        min-width: 104px;
        font-variant-numeric: tabular-nums;
      }
      .record i {
        flex: none;
        width: 11px;
        height: 11px;
        border-radius: 50%;
        background: var(--record);
      }
      .record.armed {
        border-color: var(--record);
        color: var(--text);
      }
      .record.armed i {
        animation: breathe 1.2s ease-in-out infinite alternate;
      }
      .record.recording,
      .record.recording:hover:not(:disabled) {
        border-color: transparent;
        background: var(--record);
        color: var(--on-record);
        font-size: 15px;
        font-weight: 500;
      }
      .record.recording i {
        border-radius: 2px;
        background: currentColor;
      }
      .lost {
        font-size: 12.5px;
        color: var(--alarm);
        white-space: nowrap;
      }
      .marks {
        gap: 0;
        padding: 0;
      }
      .marks:focus-within {
        border-color: var(--faint);
      }
      .marks button {
        display: grid;
        place-items: center;
        align-self: stretch;
        width: 38px;
        padding-left: 4px;
        border-radius: 99px 0 0 99px;
        color: var(--text);
      }
      .marks button:hover {
        background: var(--raised);
      }
      .marks input {
        width: 92px;
        min-width: 0;
        height: 100%;
        padding: 0 12px 0 2px;
        border: 0;
        border-radius: 0 99px 99px 0;
        background: none;
        color: var(--text);
      }
      .marks input:first-child {
        width: 130px;
        padding-left: 16px;
        border-radius: 99px;
      }
      .marks input::placeholder {
        color: var(--dim);
        opacity: 1;
      }
      @keyframes breathe {
        to {
          opacity: 0.25;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .record.armed i {
          animation: none;
        }
      }
      @media (max-width: 720px) {
        :host {
          flex-wrap: wrap;
          gap: 6px;
        }
        .lost {
          flex: 1 1 100%;
        }
        .pill {
          height: 36px;
          font-size: 13px;
        }
        .marks {
          flex: 1 1 90px;
        }
        .marks input:first-child,
        .marks input {
          width: 100%;
        }
      }
    `,
  ];

  override render() {
    const takes = this.session?.desk.takes;
    if (!takes?.offer) return null;
    const { phase } = takes;
    const seconds = Math.round(takes.offer.keep_seconds);
    const lost = takes.state.recording?.lost_seconds ?? 0;
    const marks = phase === "recording" || this.desk.midi.learning;
    return html`
      ${lost > 0 ? html`<span class="lost" title="The disk is slow; so much of the file is silence">${lost.toFixed(1)} s lost</span>` : null}
      <div class="pill marks ${this.markClass("take.mark")}" data-learn="take.mark" data-learn-label=${this.learnLabel("take.mark")}>
        ${marks
          ? html`<button aria-label="Mark this moment as ${takes.nextMark}" title="Mark this moment (N)" @click=${() => takes.mark()}>${icons.mark}</button>`
          : null}
        <input
          aria-label=${marks ? "Name of the next mark" : "Name of the next take"}
          maxlength=${takes.longest}
          autocomplete="off"
          enterkeyhint="done"
          placeholder=${marks ? takes.nextMark : "take name"}
          .value=${takes.label}
          @input=${(event: Event) => takes.setLabel((event.target as HTMLInputElement).value)}
          @keydown=${this.onKey}
        />
      </div>
      <button
        class="pill record ${phase} ${this.markClass("take.record")}"
        data-learn="take.record"
        data-learn-label=${this.learnLabel("take.record")}
        aria-label="Record"
        aria-pressed=${takes.on}
        title=${HINTS[phase]}
        @click=${() => takes.record()}
      >
        <i></i>${phase === "recording" ? clock(takes.state.recording?.seconds ?? 0) : WORDS[phase]}
      </button>
      <button
        class="pill keep ${this.markClass("take.keep")}"
        data-learn="take.keep"
        data-learn-label=${this.learnLabel("take.keep")}
        aria-label="Keep the last ${seconds} seconds"
        title="Keep the last ${seconds} seconds as a take (B)"
        ?disabled=${!takes.canKeep && !this.desk.midi.learning}
        @click=${() => takes.keep()}
      >
        ${icons.keep}Keep ${seconds} s
      </button>
      <span class="visually-hidden" role="status">${{ off: "", armed: "Armed", recording: "Recording", saving: "Saving the take" }[phase]}</span>
    `;
  }

  /** Enter marks, if there is a take; Escape forgets the name. Both give the keyboard back to the instrument. */
  private readonly onKey = (event: KeyboardEvent) => {
    if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    if (event.key === "Escape") this.desk.takes.setLabel("");
    else if (this.desk.takes.phase === "recording") this.desk.takes.mark();
    (event.target as HTMLInputElement).blur();
  };
}

customElements.define("legato-takes", LegatoTakes);
