/** The words being played, as a plane or as faders, and ideas for more. */

import { css, html } from "lit";
import { add } from "../state/surface";
import { SessionElement, shared } from "./element";
import "./plane";
import type { LegatoPlane } from "./plane";
import "./prompt-faders";
import type { LegatoPromptFaders } from "./prompt-faders";

const VIEWS = ["plane", "faders"] as const;
const STORED = "legato.view";

export class LegatoPrompts extends SessionElement {
  static override properties = { ...SessionElement.properties, view: { state: true } };
  declare view: (typeof VIEWS)[number];

  constructor() {
    super();
    this.view = localStorage.getItem(STORED) === "faders" ? "faders" : "plane";
  }

  static override styles = [
    shared,
    css`
      legato-plane,
      legato-prompt-faders {
        margin-top: 10px;
      }
      .ideas {
        display: grid;
        grid-template-rows: auto auto;
        grid-auto-flow: column;
        justify-content: start;
        gap: 6px;
        margin: 12px -18px 0;
        padding: 2px 18px 6px;
        overflow-x: auto;
        scrollbar-width: thin;
        scrollbar-color: var(--line) transparent;
      }
      .add {
        color: var(--text);
        border-color: var(--faint);
      }
      input[type="file"] {
        display: none;
      }
      :host(.over) {
        outline: 2px dashed var(--mine);
        outline-offset: 6px;
        border-radius: 9px;
      }
      .segments button {
        text-transform: capitalize;
      }
    `,
  ];

  override render() {
    const hello = this.session?.hello;
    if (!hello || !this.session.controls) return html`<div class="head"><h2>Prompts</h2></div>`;
    const { pads } = this.desk.surface;
    const full = pads.length >= hello.limits.prompts;
    return html`
      <div class="head">
        <h2>Prompts</h2>
        <div class="segments" role="group" aria-label="View of the prompts">
          ${VIEWS.map((view) => html`<button aria-pressed=${this.view === view} @click=${() => this.show(view)}>${view}</button>`)}
        </div>
      </div>
      ${this.view === "plane"
        ? html`<legato-plane .session=${this.session}></legato-plane>`
        : html`<legato-prompt-faders .session=${this.session}></legato-prompt-faders>`}
      <div class="ideas" role="group" aria-label="Add a style">
        <button class="chip add" ?disabled=${full} @click=${() => void this.addUnnamed()}>+ Add prompt</button>
        <button
          class="chip add"
          ?disabled=${this.desk.hearing}
          title="Prompts for music like a sound file: choose one, or drop it here"
          @click=${() => this.renderRoot.querySelector<HTMLInputElement>("[type=file]")?.click()}
        >
          ${this.desk.hearing ? "Listening…" : "Like a sound…"}
        </button>
        ${hello.styles.map(
          ({ name, prompt }) => html`<button
            class="chip"
            ?disabled=${full || pads.some((pad) => pad.text === prompt)}
            title=${full ? `At most ${hello.limits.prompts} prompts` : `Add “${prompt}”`}
            @click=${() => this.desk.place(add(this.desk.surface, prompt), `add ${prompt}`)}
          >
            ${name}
          </button>`,
        )}
      </div>
      <input type="file" accept="audio/*" aria-label="Sound file" @change=${this.choose} />
    `;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("dragover", this.dragged);
    this.addEventListener("dragleave", this.dragged);
    this.addEventListener("drop", this.dropped);
  }

  override disconnectedCallback(): void {
    this.removeEventListener("dragover", this.dragged);
    this.removeEventListener("dragleave", this.dragged);
    this.removeEventListener("drop", this.dropped);
    super.disconnectedCallback();
  }

  private readonly dragged = (event: DragEvent) => {
    const ours = event.dataTransfer?.types.includes("Files") ?? false;
    if (ours) event.preventDefault(); // else the browser would leave the page for the file
    this.classList.toggle("over", ours && event.type === "dragover");
  };

  private readonly dropped = (event: DragEvent) => {
    this.dragged(event);
    const file = event.dataTransfer?.files[0];
    if (file) void this.desk.soundLike(file);
  };

  private choose(event: Event): void {
    const field = event.target as HTMLInputElement;
    const file = field.files?.[0];
    if (file) void this.desk.soundLike(file);
    field.value = ""; // so that the same file can be chosen again
  }

  private async addUnnamed(): Promise<void> {
    const surface = add(this.desk.surface, "");
    this.desk.place(surface, `add ${surface.pads.length}`);
    await this.updateComplete;
    const view = this.renderRoot.querySelector<LegatoPlane | LegatoPromptFaders>("legato-plane, legato-prompt-faders");
    await view?.focusName(surface.pads.at(-1)?.id ?? 0);
  }

  private show(view: (typeof VIEWS)[number]): void {
    this.view = view;
    localStorage.setItem(STORED, view);
  }
}

customElements.define("legato-prompts", LegatoPrompts);
