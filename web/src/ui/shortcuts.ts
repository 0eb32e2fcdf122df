/** The overlay that says which key does what. */

import { LitElement, css, html } from "lit";
import { SHORTCUTS } from "../state/shortcuts";
import { shared } from "./element";

export class LegatoShortcuts extends LitElement {
  static override styles = [
    shared,
    css`
      dialog {
        width: min(760px, calc(100vw - 32px));
        max-height: calc(100dvh - 32px);
        padding: 22px 26px 26px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: #0008;
      }
      .sections {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(280px, 1fr));
        gap: 20px 36px;
        margin-top: 12px;
      }
      h3 {
        margin: 0 0 6px;
        font: italic 18px var(--score);
      }
      dl {
        display: grid;
        grid-template-columns: 112px 1fr;
        gap: 7px 12px;
        margin: 0;
        font-size: 13px;
        line-height: 1.4;
      }
      dt {
        color: var(--mine);
      }
      dd {
        margin: 0;
      }
    `,
  ];

  override render() {
    return html`<dialog aria-label="Shortcuts" @click=${(event: MouseEvent) => event.target === event.currentTarget && this.close()}>
      <div class="head">
        <h2>Shortcuts</h2>
        <button class="chip" @click=${() => this.close()}>Close</button>
      </div>
      <div class="sections">
        ${SHORTCUTS.map(
          ([title, rows]) =>
            html`<section>
              <h3>${title}</h3>
              <dl>${rows.map(([keys, words]) => html`<dt>${keys}</dt><dd>${words}</dd>`)}</dl>
            </section>`,
        )}
      </div>
    </dialog>`;
  }

  toggle(): void {
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog?.open) dialog.close();
    else dialog?.showModal();
  }

  private close(): void {
    this.renderRoot.querySelector("dialog")?.close();
  }
}

customElements.define("legato-shortcuts", LegatoShortcuts);
