/** Eight scenes and the crossfade between two of them. */

import { css, html } from "lit";
import type { Patch } from "../state/patch";
import { shares } from "../state/surface";
import type { Target } from "../state/targets";
import { SessionElement, shared } from "./element";

export class LegatoScenes extends SessionElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1.7fr) minmax(300px, 1fr);
        gap: 12px 28px;
        align-items: start;
      }
      .slots {
        display: grid;
        grid-template-columns: repeat(8, minmax(0, 1fr));
        gap: 6px;
        margin-top: 8px;
      }
      .slots button {
        display: grid;
        grid-template-rows: auto 1fr;
        height: 54px;
        padding: 6px 9px;
        border-radius: 9px;
        background: var(--raised);
        text-align: left;
      }
      .slots .learn {
        outline-offset: 0;
      }
      .slots button:hover {
        background: var(--lifted);
      }
      .slots button.empty {
        background: none;
        box-shadow: inset 0 0 0 1px var(--line);
        color: var(--faint);
      }
      .slots b {
        font: 500 12px/1.3 var(--sans);
        font-variant-numeric: tabular-nums;
        color: var(--dim);
      }
      .slots span {
        align-self: end;
        font-size: 12px;
        line-height: 1.3;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .slots button.current {
        background: var(--mine-soft);
        box-shadow: inset 0 0 0 1.5px var(--mine);
      }
      .slots.store button,
      .slots.clear button:not(.empty) {
        box-shadow: inset 0 0 0 1.5px var(--mine);
      }
      .slots.clear button:not(.empty) {
        box-shadow: inset 0 0 0 1.5px var(--alarm);
      }
      .fade {
        display: flex;
        align-items: center;
        gap: 8px;
        height: 54px;
        margin-top: 8px;
      }
      select.field {
        flex: none;
        width: 52px;
        height: 34px;
        padding: 0 18px 0 10px;
        background-position: right 7px center;
      }
      .fade input[type="range"] {
        flex: 1;
        min-width: 60px;
        appearance: none;
        height: 30px;
        margin: 0;
        background: none;
        cursor: pointer;
      }
      input[type="range"]::-webkit-slider-runnable-track {
        height: 5px;
        border-radius: 3px;
        background: var(--line);
      }
      input[type="range"]::-moz-range-track {
        height: 5px;
        border-radius: 3px;
        background: var(--line);
      }
      input[type="range"]::-webkit-slider-thumb {
        appearance: none;
        width: 12px;
        height: 26px;
        margin-top: -10.5px;
        border-radius: 4px;
        background: var(--text);
      }
      input[type="range"]::-moz-range-thumb {
        width: 12px;
        height: 26px;
        border: 0;
        border-radius: 4px;
        background: var(--text);
      }
      .seconds {
        display: flex;
        align-items: center;
        gap: 5px;
        font-size: 12.5px;
        color: var(--dim);
      }
      .seconds input {
        width: 48px;
        height: 28px;
        padding: 0 6px;
        border-radius: 8px;
        text-align: right;
        font-size: 13px;
        color: var(--text);
      }
      input[type="file"] {
        display: none;
      }
      @media (max-width: 1080px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      @media (max-width: 720px) {
        .slots {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
        .fade {
          height: 40px;
        }
      }
      @media (max-width: 420px) {
        .head h2 {
          flex-basis: 100%;
        }
        .head {
          flex-wrap: wrap;
        }
      }
    `,
  ];

  override render() {
    if (!this.session?.hello) return null;
    const { scenes, fade } = this.desk;
    return html`
      <div>
        <div class="head">
          <h2>Scenes</h2>
          <button class="chip" aria-pressed=${scenes.armed === "store"} title="Store what is there now: S, then a number" @click=${() => scenes.arm("store")}>Store</button>
          <button class="chip" aria-pressed=${scenes.armed === "clear"} @click=${() => scenes.arm("clear")}>Clear</button>
          <button class="chip" @click=${() => this.save()}>Export</button>
          <button class="chip" @click=${() => this.renderRoot.querySelector<HTMLInputElement>("[type=file]")?.click()}>Import</button>
          <input type="file" accept="application/json,.json" aria-label="File of scenes" @change=${this.load} />
        </div>
        <div class="slots ${scenes.armed}" role="group" aria-label="Scenes">${scenes.slots.map((scene, i) => this.slotButton(scene, i))}</div>
      </div>
      <div>
        <div class="head">
          <h2>Crossfade</h2>
          <label class="seconds"
            ><input
              class="field"
              type="number"
              min="0.5"
              max="120"
              step="0.5"
              aria-label="Seconds a fade takes"
              .value=${String(fade.seconds)}
              @change=${this.setSeconds}
            />s</label
          >
          <button class="chip" aria-pressed=${fade.running} title="To the other end (F)" @click=${() => fade.go()}>${fade.running ? "Hold" : "Fade"}</button>
        </div>
        <div class="fade ${this.markClass("fade")}" data-learn="fade" data-learn-label=${this.learnLabel("fade")}>
          ${this.end("a")}
          <input
            type="range"
            min="0"
            max="1"
            step="0.005"
            aria-label="Crossfade from scene ${fade.a + 1} to scene ${fade.b + 1}"
            .value=${String(fade.at)}
            @input=${(event: Event) => fade.slide(Number((event.target as HTMLInputElement).value))}
          />
          ${this.end("b")}
        </div>
      </div>
    `;
  }

  private slotButton(scene: Patch | null, index: number) {
    const { scenes } = this.desk;
    const words = scene ? describe(scene) : "empty";
    const target = `scene.${index + 1}` as Target;
    return html`<button
      class="${scene ? "" : "empty"} ${scenes.current === index ? "current" : ""} ${this.markClass(target)}"
      data-learn=${target}
      data-learn-label=${this.learnLabel(target)}
      aria-label="Scene ${index + 1}: ${words}"
      title=${scene ? `${words}; Shift-click glides to it` : "Click to store what is there now"}
      @click=${(event: MouseEvent) => (event.shiftKey ? this.desk.fade.glide(index) : scenes.press(index))}
      @keydown=${(event: KeyboardEvent) => event.key === "Delete" && scenes.clear(index)}
    >
      <b>${index + 1}</b><span>${scene ? words : ""}</span>
    </button>`;
  }

  private end(end: "a" | "b") {
    const { fade, scenes } = this.desk;
    return html`<select class="field" aria-label="Scene ${end.toUpperCase()} of the crossfade" @change=${(event: Event) => fade.choose(end, Number((event.target as HTMLSelectElement).value))}>
      ${scenes.slots.map((_, i) => html`<option value=${i} .selected=${i === fade[end]}>${i + 1}</option>`)}
    </select>`;
  }

  private readonly setSeconds = (event: Event) => {
    const field = event.target as HTMLInputElement;
    const seconds = Number(field.value);
    if (seconds >= 0.5 && seconds <= 120) this.desk.fade.seconds = seconds;
    field.value = String(this.desk.fade.seconds);
  };

  private save(): void {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([this.desk.scenes.export()], { type: "application/json" }));
    link.download = "legato-scenes.json";
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  private readonly load = async (event: Event) => {
    const field = event.target as HTMLInputElement;
    const [file] = field.files ?? [];
    if (file) this.desk.scenes.import(await file.text());
    field.value = "";
  };
}

/** The strongest prompt of a scene, and its key or tempo where it holds one. */
function describe(scene: Patch): string {
  const [strongest] = Object.entries(shares(scene.surface)).toSorted(([, a], [, b]) => b - a);
  return [strongest?.[0], scene.key, scene.bpm && `${scene.bpm.toFixed(0)} bpm`].filter(Boolean).join(", ");
}

customElements.define("legato-scenes", LegatoScenes);
