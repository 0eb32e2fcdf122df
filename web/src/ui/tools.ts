/** What stands at the head of the page: undo, dice, MIDI, colours, help. */

import { css, html, type TemplateResult } from "lit";
import { SessionElement, shared } from "./element";
import { icons } from "./icons";
import { nextTheme, theme, type Theme } from "./theme";

const THEME_WORDS: Record<Theme, string> = { auto: "Colours as the system has them", dark: "Dark colours", light: "Light colours" };

export class LegatoTools extends SessionElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        gap: 2px;
      }
      button {
        display: grid;
        place-items: center;
        width: 36px;
        height: 36px;
        border-radius: 10px;
        color: var(--dim);
      }
      button:hover:not(:disabled) {
        background: var(--raised);
        color: var(--text);
      }
      button:disabled {
        opacity: 0.35;
      }
      button[aria-pressed="true"] {
        background: var(--mine-soft);
        color: var(--mine);
      }
    `,
  ];

  override render() {
    if (!this.session) return null;
    const { desk } = this;
    return html`
      ${this.button("Undo (Ctrl Z)", icons.undo, () => desk.undo(), !desk.history.canUndo)}
      ${this.button("Redo (Ctrl Shift Z)", icons.redo, () => desk.redo(), !desk.history.canRedo)}
      ${this.button("Roll the dice (D)", icons.dice, () => desk.randomise(), !this.session.hello)}
      <button aria-label="MIDI learn" title="MIDI learn (M)" aria-pressed=${desk.midi.learning} @click=${() => void desk.midi.toggleLearn()}>${icons.midi}</button>
      ${this.button(`${THEME_WORDS[theme()]} (L)`, icons.theme, () => this.recolour())}
      ${this.button("Shortcuts (?)", icons.help, () => this.dispatchEvent(new CustomEvent("help")))}
    `;
  }

  /** To the next choice of colours. */
  recolour(): void {
    nextTheme();
    this.requestUpdate();
  }

  private button(words: string, icon: TemplateResult, act: () => void, disabled = false) {
    return html`<button aria-label=${words.replace(/ \(.*\)/, "")} title=${words} ?disabled=${disabled} @click=${act}>${icon}</button>`;
  }
}

customElements.define("legato-tools", LegatoTools);
