/** The whole page. */

import { css, html } from "lit";
import { commandOf, type Command } from "../state/shortcuts";
import type { Connection } from "../state/session";
import { isTarget, type Target } from "../state/targets";
import { semitoneOf } from "../state/typing";
import "./advanced";
import "./band";
import "./chords";
import { SessionElement, shared } from "./element";
import "./horizon";
import "./learn-bar";
import "./piano";
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
      .state:is(.lost, .busy) i {
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
        .panels {
          grid-template: "prompts shape" auto "prompts band" 1fr "chords xy" auto / minmax(0, 1fr) minmax(0, 1fr);
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
          background: color-mix(in srgb, var(--ink) 92%, transparent);
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("keyup", this.onKeyUp);
    window.addEventListener("blur", this.onBlur);
    for (const type of ["pointerdown", "click", "keydown"] as const) document.addEventListener(type, this.onLearn, true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("keyup", this.onKeyUp);
    window.removeEventListener("blur", this.onBlur);
    for (const type of ["pointerdown", "click", "keydown"] as const) document.removeEventListener(type, this.onLearn, true);
  }

  /** Keys play notes, or are commands, unless they belong to the field or button that has the focus. */
  private readonly onKey = (event: KeyboardEvent) => {
    const target = event.composedPath()[0];
    if (!this.session || event.defaultPrevented || isText(target)) return;
    if (event.key === " " && target instanceof HTMLElement && target.matches("button, input, summary")) return;
    const { desk } = this.session;
    const semitone = desk.typing && !event.ctrlKey && !event.metaKey && !event.altKey ? semitoneOf(event.code) : null;
    if (semitone !== null) {
      if (!event.repeat) desk.press(`type ${event.code}`, desk.lowNote + semitone);
      event.preventDefault();
      return;
    }
    const { key, code, shiftKey: shift, altKey: alt } = event;
    const command = commandOf({ key, code, shift, alt, mod: event.ctrlKey || event.metaKey }, desk.typing);
    if (!command || (event.repeat && command.do !== "undo" && command.do !== "redo")) return;
    if (command.do !== "escape") event.preventDefault();
    this.run(command);
  };

  private readonly onKeyUp = (event: KeyboardEvent) => {
    if (semitoneOf(event.code) !== null) this.session?.desk.release(`type ${event.code}`);
  };

  /** Keys that go up while another window has the focus are never heard of. */
  private readonly onBlur = () => this.session?.desk.releaseAll("type");

  /** In learn mode a click or Enter on a control chooses it instead of moving it. */
  private readonly onLearn = (event: Event) => {
    if (!this.session?.desk.midi.learning) return;
    if (event instanceof KeyboardEvent && event.key !== "Enter") return;
    const found = event.composedPath().find((node) => node instanceof HTMLElement && isTarget(node.dataset.learn));
    if (!(found instanceof HTMLElement)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.type !== "click") this.session.desk.midi.choose(found.dataset.learn as Target);
  };

  private run(command: Command): void {
    const { session } = this;
    const { desk } = session;
    if (command.do === "toggle") void (session.connection === "open" && session.toggle());
    else if (command.do === "restart") void (session.connection === "open" && session.restart());
    else if (command.do === "panic") desk.panic();
    else if (command.do === "undo") desk.undo();
    else if (command.do === "redo") desk.redo();
    else if (command.do === "dice") desk.randomise();
    else if (command.do === "tap") desk.tap();
    else if (command.do === "store") desk.scenes.arm("store");
    else if (command.do === "fade") desk.fade.go();
    else if (command.do === "recall") desk.scenes.press(command.slot);
    else if (command.do === "glide") desk.fade.glide(command.slot);
    else if (command.do === "octave") desk.shiftOctave(command.by);
    else if (command.do === "typing") desk.setTyping(true);
    else if (command.do === "learn") void desk.midi.toggleLearn();
    else if (command.do === "theme") this.renderRoot.querySelector<LegatoTools>("legato-tools")?.recolour();
    else if (command.do === "help") this.help();
    else this.escape();
  }

  /** One step back: out of a message, learning, storing, or playing with the letters. */
  private escape(): void {
    const { desk, toast } = this.session;
    if (toast) this.session.dismiss();
    else if (desk.midi.learning) desk.midi.learn(false);
    else if (desk.scenes.armed !== "recall") desk.scenes.arm(desk.scenes.armed);
    else if (desk.typing) desk.setTyping(false);
  }

  private help(): void {
    this.renderRoot.querySelector<LegatoShortcuts>("legato-shortcuts")?.toggle();
  }

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
          <legato-tools .session=${session} @help=${() => this.help()}></legato-tools>
        </header>
        <legato-horizon .session=${session}></legato-horizon>
        <legato-transport .session=${session}></legato-transport>
        <div class="board">
          <legato-learn-bar .session=${session}></legato-learn-bar>
          <legato-scenes class="panel" .session=${session}></legato-scenes>
          <div class="panels">
            <legato-prompts class="panel" .session=${session}></legato-prompts>
            <legato-shape class="panel" .session=${session}></legato-shape>
            <legato-band class="panel" .session=${session}></legato-band>
            <legato-chords class="panel" .session=${session}></legato-chords>
            <legato-xy class="panel" .session=${session}></legato-xy>
          </div>
          <legato-piano class="panel" .session=${session}></legato-piano>
        </div>
        <footer>
          ${warning ? html`<span class="quiet" role="status">${warning}</span>` : null}
          <legato-advanced .session=${session}></legato-advanced>
        </footer>
      </main>
      <legato-shortcuts></legato-shortcuts>
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

/** Whether keys pressed there are writing or choosing. */
function isText(target: EventTarget | undefined): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=range], [type=radio]), select, textarea");
}

customElements.define("legato-app", LegatoApp);
