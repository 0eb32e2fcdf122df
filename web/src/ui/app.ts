/** The whole page. */

import { css, html } from "lit";
import { honours } from "../state/honours";
import { FAMILIES } from "../state/protocol";
import type { Connection } from "../state/session";
import "./advanced";
import "./band";
import "./chords";
import "./door";
import { SessionElement, shared } from "./element";
import "./horizon";
import type { LegatoHorizon } from "./horizon";
import { Keys } from "./keys";
import "./learn-bar";
import "./piano";
import "./plan";
import "./prompts";
import "./readouts";
import "./scenes";
import "./shape";
import "./shortcuts";
import type { LegatoShortcuts } from "./shortcuts";
import "./tools";
import type { LegatoTools } from "./tools";
import "./transport";
import "./xy";

const WORDS: Record<Connection, string> = {
  connecting: "connecting",
  open: "connected",
  lost: "connection lost, trying again",
  busy: "all players are taken",
  locked: "a token is needed",
};

export class LegatoApp extends SessionElement {
  static override styles = [
    shared,
    css`
      main {
        max-width: 1520px;
        margin: 0 auto;
        padding: 10px clamp(14px, 3vw, 40px) 24px;
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
        fill: var(--mine-fill);
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
        background: var(--good);
      }
      .state:is(.lost, .busy, .locked) i {
        background: var(--alarm);
      }
      legato-horizon {
        margin: 6px calc(-1 * clamp(14px, 3vw, 40px)) 14px;
      }
      .panels {
        display: grid;
        grid-template: "prompts shape band" auto "prompts chords xy" 1fr / minmax(0, 1.15fr) minmax(0, 1.35fr) minmax(0, 0.95fr);
        gap: var(--gap);
      }
      legato-prompts {
        grid-area: prompts;
      }
      legato-shape {
        grid-area: shape;
      }
      legato-band {
        grid-area: band;
      }
      legato-chords {
        grid-area: chords;
      }
      legato-xy {
        grid-area: xy;
      }
      .panels.few {
        grid-template: none / minmax(0, 1.3fr);
        grid-auto-flow: column;
        grid-auto-columns: minmax(0, 1fr);
      }
      .panels.few > * {
        grid-area: auto;
      }
      .board {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--gap);
        margin: 14px 0 10px;
      }
      .panel {
        padding: 12px 18px 16px;
        border-radius: var(--radius);
        background: var(--surface);
        box-shadow: inset 0 0 0 1px color-mix(in srgb, var(--line) 55%, transparent);
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
        background: var(--alarm-ground);
        border: 1px solid var(--alarm-line);
        font-size: 14.5px;
        line-height: 1.4;
        transform: translateX(-50%);
        animation: rise 0.2s ease-out;
      }
      .toast.note {
        background: var(--note-ground);
        border-color: var(--note-line);
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
        .panels.few {
          grid-auto-flow: row;
          grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr));
        }
        .panels {
          grid-template: "prompts shape" auto "band chords" auto "xy chords" 1fr / minmax(0, 1fr) minmax(0, 1fr);
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
          grid-template: "prompts" "shape" "chords" "band" "xy" / minmax(0, 1fr);
        }
        .panel {
          padding: 10px 14px 14px;
        }
        legato-transport {
          position: sticky;
          top: 0;
          z-index: 5;
          margin: 0 -14px;
          padding: 8px 14px;
          background: var(--ink);
          box-shadow: 0 1px 0 var(--line);
        }
      }
    `,
  ];

  private keys: Keys | null = null;

  override willUpdate(): void {
    super.willUpdate();
    if (!this.session || this.keys) return;
    this.keys = new Keys(this.session, {
      help: () => this.help(),
      fold: () => this.renderRoot.querySelector<LegatoHorizon>("legato-horizon")?.fold(),
      recolour: () => this.renderRoot.querySelector<LegatoTools>("legato-tools")?.recolour(),
    });
  }

  private help(): void {
    this.renderRoot.querySelector<LegatoShortcuts>("legato-shortcuts")?.toggle();
  }

  /** What plays, where, and with whom. */
  private particulars(): string[] {
    const { hello, status, connection } = this.session ?? {};
    if (!hello || connection !== "open") return [];
    const link = status?.link;
    return [
      hello.model,
      ...(hello.device ? [`sound from ${hello.device.name}`] : []),
      ...(link ? [link.peers === 0 ? "Link, alone" : `Link with ${link.peers}`] : []),
    ];
  }

  override render() {
    const session = this.session;
    const hello = session?.hello;
    const connection = session?.connection ?? "connecting";
    const warning = session?.status?.warning;
    return html`
      <main>
        <header>
          <h1>
            <svg viewBox="0 0 74 12" aria-hidden="true"><path d="M0 12C18-3 56-3 74 12 55 1.500 19 1.500 0 12Z" /></svg>Legato
          </h1>
          <legato-readouts .session=${session}></legato-readouts>
          <div class="state ${connection}" role="status"><i></i>${[WORDS[connection], ...this.particulars()].join(" · ")}</div>
          <legato-tools .session=${session} @help=${() => this.help()}></legato-tools>
        </header>
        <legato-horizon .session=${session}></legato-horizon>
        <legato-transport .session=${session}></legato-transport>
        <div class="board">
          ${session?.desk.midi.learning ? html`<legato-learn-bar .session=${session}></legato-learn-bar>` : null}
          <legato-plan class="panel" .session=${session}></legato-plan>
          <legato-scenes class="panel" .session=${session}></legato-scenes>
          <div class="panels ${honours(hello, "chord") ? "" : "few"}">
            <legato-prompts class="panel" .session=${session}></legato-prompts>
            ${honours(hello, "bpm", "key", "density", "brightness", "loudness") ? html`<legato-shape class="panel" .session=${session}></legato-shape>` : null}
            ${honours(hello, "conductor", ...FAMILIES) ? html`<legato-band class="panel" .session=${session}></legato-band>` : null}
            ${honours(hello, "chord") ? html`<legato-chords class="panel" .session=${session}></legato-chords>` : null}
            <legato-xy class="panel" .session=${session}></legato-xy>
          </div>
          ${honours(hello, "notes") ? html`<legato-piano class="panel" .session=${session}></legato-piano>` : null}
        </div>
        <footer>
          ${warning ? html`<span class="quiet" role="status">${warning}</span>` : null}
          <legato-advanced .session=${session}></legato-advanced>
        </footer>
      </main>
      <legato-shortcuts></legato-shortcuts>
      ${connection === "locked" ? html`<legato-door></legato-door>` : null}
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
