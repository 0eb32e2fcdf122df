/** Shown while MIDI is taught: what to do, and what has been learnt so far. */

import { css, html } from "lit";
import { controllerName, targetName } from "../state/midi-desk";
import { SessionElement, shared } from "./element";

export class LegatoLearnBar extends SessionElement {
  static override styles = [
    shared,
    css`
      section {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
        padding: 10px 14px;
        border: 1px solid var(--note-line);
        border-radius: 12px;
        background: var(--note-ground);
        font-size: 13.5px;
      }
      p {
        flex: 1 1 260px;
        margin: 0;
        line-height: 1.4;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        align-items: center;
        gap: 2px;
        height: 28px;
        padding: 0 2px 0 10px;
        border-radius: 99px;
        background: var(--surface);
        font-size: 12.5px;
      }
      .chip {
        background: var(--surface);
        color: var(--text);
      }
    `,
  ];

  override render() {
    const midi = this.session?.desk.midi;
    if (!midi) return null;
    const inputs = midi.inputs ?? [];
    const again = midi.waiting === "cursor.x" ? " Click again for up and down." : "";
    const what = midi.waiting ? `${targetName(midi.waiting)}: now move a knob or press a button of your controller.${again}` : "Click a control, then move a knob.";
    return html`<section aria-label="MIDI learn">
      <p role="status">${inputs.length > 0 ? `${inputs.join(", ")}. ${what}` : "No MIDI input is connected: plug one in and it appears here."}</p>
      <ul>
        ${Object.entries(midi.bindings).map(
          ([controller, target]) =>
            html`<li>
              ${targetName(target)} · ${controllerName(controller)}
              <button class="release" aria-label="Forget ${targetName(target)}" @click=${() => midi.forget(target)}>×</button>
            </li>`,
        )}
      </ul>
      <button class="chip" @click=${() => midi.learn(false)}>Done</button>
    </section>`;
  }
}

customElements.define("legato-learn-bar", LegatoLearnBar);
