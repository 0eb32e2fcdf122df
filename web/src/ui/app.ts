/** The whole page. */

import { css, html } from "lit";
import type { Connection } from "../state/session";
import "./advanced";
import "./band";
import { SessionElement, shared } from "./element";
import "./horizon";
import "./prompts";
import "./readouts";
import "./shape";
import "./transport";

const WORDS: Record<Connection, string> = {
  connecting: "connecting",
  open: "connected",
  lost: "connection lost, trying again",
  busy: "all players are taken",
};

export class LegatoApp extends SessionElement {
  static override styles = [
    shared,
    css`
      main {
        max-width: 1520px;
        margin: 0 auto;
        padding: 18px clamp(16px, 3vw, 44px) 28px;
      }
      header,
      footer {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 24px;
      }
      header {
        min-height: 44px;
      }
      header h1 {
        margin-right: auto;
      }
      h1 {
        position: relative;
        margin: 0;
        font: italic 30px/1 var(--score);
        letter-spacing: 0.01em;
      }
      h1 svg {
        position: absolute;
        left: 6px;
        top: -9px;
        width: 74px;
        height: 12px;
        fill: var(--mine);
      }
      .state {
        display: flex;
        align-items: center;
        gap: 9px;
        font-size: 13px;
        color: var(--dim);
      }
      .state i {
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: var(--faint);
      }
      .state.open i {
        background: #7fce8f;
      }
      .state:is(.lost, .busy) i {
        background: var(--alarm);
      }
      legato-horizon {
        margin: 10px calc(-1 * clamp(16px, 3vw, 44px)) 20px;
      }
      .panels {
        display: grid;
        grid-template-columns: minmax(0, 1.05fr) minmax(0, 1.3fr) minmax(0, 0.9fr);
        gap: var(--gap);
        margin: 26px 0 18px;
        align-items: start;
      }
      .panels > * {
        height: 100%;
        padding: 18px 20px 20px;
        border-radius: var(--radius);
        background: var(--surface);
      }
      footer legato-advanced {
        flex: 1 1 100%;
      }
      .toast {
        position: fixed;
        left: 50%;
        bottom: 24px;
        display: flex;
        align-items: center;
        gap: 14px;
        width: max-content;
        max-width: min(620px, calc(100vw - 32px));
        padding: 12px 12px 12px 20px;
        border-radius: 12px;
        background: #2a1d1b;
        border: 1px solid #6b3a33;
        font-size: 14.5px;
        line-height: 1.4;
        transform: translateX(-50%);
        animation: rise 0.2s ease-out;
      }
      .toast.note {
        background: #16252a;
        border-color: #2f5660;
      }
      .toast button {
        width: 28px;
        height: 28px;
        border-radius: 50%;
        font-size: 17px;
        color: var(--dim);
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translate(-50%, 12px);
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .toast {
          animation: none;
        }
      }
      @media (max-width: 1080px) {
        .panels {
          grid-template-columns: 1fr 1fr;
        }
        legato-prompts {
          grid-column: 1 / -1;
        }
      }
      @media (max-width: 720px) {
        main {
          padding-top: 12px;
        }
        header legato-readouts {
          order: 3;
          flex: 1 1 100%;
        }
        .panels {
          grid-template-columns: minmax(0, 1fr);
          gap: 12px;
        }
        .panels > * {
          padding: 16px 14px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.onKey);
  }

  /** Space starts and stops unless a control has the focus; Escape puts a message away. */
  private readonly onKey = (event: KeyboardEvent) => {
    const target = event.composedPath()[0];
    const free = !(target instanceof HTMLElement) || !target.matches("input, button, select, summary");
    if (event.key === "Escape") this.session?.dismiss();
    if (event.key !== " " || !free || event.repeat || this.session?.connection !== "open") return;
    event.preventDefault();
    void this.session.toggle();
  };

  override render() {
    const session = this.session;
    const connection = session?.connection ?? "connecting";
    const warning = session?.status?.warning;
    return html`
      <main>
        <header>
          <h1>
            <svg viewBox="0 0 74 12" aria-hidden="true"><path d="M0 12C18-3 56-3 74 12 55 1.500 19 1.500 0 12Z" /></svg>Legato
          </h1>
          <legato-readouts .session=${session}></legato-readouts>
          <div class="state ${connection}" role="status"><i></i>${WORDS[connection]}${session?.hello && connection === "open" ? ` · ${session.hello.model}` : ""}</div>
        </header>
        <legato-horizon .session=${session}></legato-horizon>
        <legato-transport .session=${session}></legato-transport>
        <div class="panels">
          <legato-prompts .session=${session}></legato-prompts>
          <legato-shape .session=${session}></legato-shape>
          <legato-band .session=${session}></legato-band>
        </div>
        <footer>
          ${warning ? html`<span class="quiet" role="status">${warning}</span>` : null}
          <legato-advanced .session=${session}></legato-advanced>
        </footer>
      </main>
      <div role="alert">
        ${session?.toast
          ? html`<div class="toast ${session.toast.kind}">
              <span>${session.toast.text}</span><button aria-label="Dismiss" @click=${() => session.dismiss()}>×</button>
            </div>`
          : null}
      </div>
    `;
  }
}

customElements.define("legato-app", LegatoApp);
