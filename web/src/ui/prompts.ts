/** The words being played, with their shares. Enter or leaving a field applies; a share applies as it moves. */

import { css, html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { SessionElement, shared } from "./element";

interface Row {
  id: number;
  text: string;
  weight: number; // percent of full, 1 … 100
}

export class LegatoPrompts extends SessionElement {
  private rows: Row[] = [];
  private lastId = 0;
  private shownFor = ""; // the controls' prompts that `rows` stand for

  static override styles = [
    shared,
    css`
      ul {
        list-style: none;
        margin: 14px 0 0;
        padding: 0;
        display: grid;
        gap: 14px;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 48px 28px;
        gap: 4px 8px;
        align-items: center;
      }
      .text {
        width: 100%;
        height: 42px;
        font-size: 15px;
      }
      .text:focus {
        border-color: var(--mine);
      }
      .text.edited {
        border-style: dashed;
        border-color: var(--mine);
      }
      .share {
        text-align: right;
        white-space: nowrap;
        font-size: 14px;
        font-variant-numeric: tabular-nums;
        color: var(--mine);
      }
      input[type="range"] {
        appearance: none;
        grid-column: 1 / -1;
        height: 22px;
        margin: 0;
        background: none;
        cursor: pointer;
        touch-action: pan-y;
      }
      input[type="range"]::-webkit-slider-runnable-track {
        height: 6px;
        border-radius: 3px;
        background: linear-gradient(to right, var(--mine) var(--fill), var(--line) var(--fill));
      }
      input[type="range"]::-moz-range-track {
        height: 6px;
        border-radius: 3px;
        background: linear-gradient(to right, var(--mine) var(--fill), var(--line) var(--fill));
      }
      input[type="range"]::-webkit-slider-thumb {
        appearance: none;
        width: 18px;
        height: 18px;
        margin-top: -6px;
        border-radius: 50%;
        background: var(--mine);
        border: 3px solid var(--surface);
      }
      .remove {
        width: 28px;
        height: 28px;
        border-radius: 50%;
        color: var(--dim);
        font-size: 18px;
      }
      .remove:hover:not(:disabled) {
        background: var(--raised);
        color: var(--text);
      }
      .ideas {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-top: 18px;
      }
      @media (max-width: 720px) {
        .ideas {
          flex-wrap: nowrap;
          overflow-x: auto;
          margin-right: -14px;
          padding: 2px 14px 6px 2px;
          scrollbar-width: none;
        }
      }
      .ideas button {
        flex: none;
        padding: 6px 12px;
        border: 1px solid var(--line);
        border-radius: 99px;
        font-size: 13px;
        color: var(--dim);
      }
      .ideas button:hover:not(:disabled) {
        color: var(--text);
        border-color: var(--faint);
      }
      .ideas .add {
        color: var(--text);
        border-color: var(--faint);
      }
      .top {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
      }
    `,
  ];

  override render() {
    const hello = this.session?.hello;
    const controls = this.session?.controls;
    if (!hello || !controls) return html`<h2>Prompts</h2>`;
    this.adopt(controls.prompts);
    const total = this.rows.reduce((sum, row) => sum + (row.text.trim() ? row.weight : 0), 0);
    const full = this.rows.length >= hello.limits.prompts;
    return html`
      <div class="top"><h2>Prompts</h2><span class="quiet">Enter to play</span></div>
      <ul>
        ${repeat(this.rows, (row) => row.id, (row) => this.row(row, total, hello.limits.prompt_characters, controls.prompts))}
      </ul>
      <div class="ideas">
        <button class="add" ?disabled=${full} @click=${() => this.add("")}>+ Add prompt</button>
        ${hello.styles.map(
          (style) =>
            html`<button ?disabled=${full || style.prompt in controls.prompts} title="Add “${style.prompt}”" @click=${() => this.add(style.prompt)}>
              ${style.name}
            </button>`,
        )}
      </div>
    `;
  }

  private row(row: Row, total: number, longest: number, playing: Record<string, number>) {
    const share = total > 0 && row.text.trim() ? Math.round((100 * row.weight) / total) : 0;
    const edited = !(row.text.trim() in playing);
    return html`<li>
      <input
        class="field text ${edited ? "edited" : ""}"
        aria-label="Prompt"
        placeholder="describe the music"
        maxlength=${longest}
        .value=${row.text}
        @input=${(event: Event) => this.edit(row, (event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => event.key === "Enter" && this.apply()}
        @blur=${() => this.apply()}
      />
      <span class="share">${share} %</span>
      <button class="remove" aria-label="Remove ${row.text || "empty prompt"}" ?disabled=${this.rows.length < 2} @click=${() => this.drop(row)}>
        ×
      </button>
      <input
        type="range"
        min="1"
        max="100"
        aria-label="Weight of ${row.text || "empty prompt"}"
        aria-valuetext="${share} percent of the mix"
        style="--fill: ${row.weight}%"
        .value=${String(row.weight)}
        @input=${(event: Event) => this.weigh(row, Number((event.target as HTMLInputElement).value))}
      />
    </li>`;
  }

  /** Takes over prompts that changed elsewhere; rows still being written stay. */
  private adopt(prompts: Record<string, number>): void {
    const key = JSON.stringify(prompts);
    if (key === this.shownFor) return;
    this.shownFor = key;
    if (key === JSON.stringify(this.asPrompts())) return;
    const most = Math.max(...Object.values(prompts));
    const scale = most > 1 ? 100 / most : 100;
    this.rows = Object.entries(prompts).map(([text, weight]) => this.newRow(text, Math.max(1, Math.round(weight * scale))));
  }

  private newRow(text: string, weight: number): Row {
    return { id: ++this.lastId, text, weight };
  }

  private asPrompts(): Record<string, number> {
    const prompts: Record<string, number> = {};
    for (const { text, weight } of this.rows)
      if (text.trim()) prompts[text.trim()] = (prompts[text.trim()] ?? 0) + weight / 100;
    return prompts;
  }

  private apply(): void {
    const prompts = this.asPrompts();
    const key = JSON.stringify(prompts);
    if (Object.keys(prompts).length > 0 && key !== this.shownFor) {
      this.shownFor = key;
      this.session.steer({ prompts });
    }
    this.requestUpdate();
  }

  private edit(row: Row, text: string): void {
    row.text = text;
    this.requestUpdate();
  }

  private weigh(row: Row, weight: number): void {
    row.weight = weight;
    this.apply();
  }

  private add(text: string): void {
    this.rows = [...this.rows, this.newRow(text, 60)];
    if (text) this.apply();
    else void this.focusLast();
  }

  private async focusLast(): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    const fields = this.renderRoot.querySelectorAll<HTMLInputElement>(".text");
    fields[fields.length - 1]?.focus();
  }

  private drop(row: Row): void {
    this.rows = this.rows.filter((other) => other !== row);
    this.apply();
  }
}

customElements.define("legato-prompts", LegatoPrompts);
