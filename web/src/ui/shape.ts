/** Tempo, key, and the shape of the sound. */

import { css, html } from "lit";
import { pretty, splitKey } from "../state/harmony";
import { honours } from "../state/honours";
import type { Bar, Controls, Hello, Scalar } from "../state/protocol";
import type { Target } from "../state/targets";
import { SessionElement, shared } from "./element";
import "./fader";

const SHAPES = [
  ["density", "Density", ["sparse", "dense"]],
  ["brightness", "Brightness", ["dark", "bright"]],
  ["loudness", "Loudness", ["quiet", "loud"]],
] as const;

export class LegatoShape extends SessionElement {
  static override styles = [
    shared,
    css`
      :host {
        container-type: inline-size;
      }
      .stack {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
        margin-top: 10px;
      }
      .three {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: 20px;
      }
      .line {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .line > span {
        flex: 1;
        font-size: 14px;
      }
      .line em {
        font-style: normal;
        color: var(--conductor);
      }
      .key select:first-of-type {
        flex: 0 0 84px;
      }
      .key select:last-of-type {
        flex: 0 1 160px;
      }
      @container (max-width: 400px) {
        .key em {
          display: none;
        }
      }
      @container (max-width: 460px) {
        .three {
          grid-template-columns: minmax(0, 1fr);
          gap: 10px;
        }
      }
    `,
  ];

  override render() {
    const hello = this.session?.hello;
    const controls = this.session?.controls;
    if (!hello || !controls) return html`<div class="head"><h2>Shape</h2></div>`;
    const { history, heardIndex } = this.session;
    const beat = history.beatAt(heardIndex);
    const bar = history.barAt(beat) ?? history.bars[0] ?? null;
    const now = history.nowAt(heardIndex);
    return html`
      <div class="head"><h2>Shape</h2></div>
      <div class="stack">
        ${honours(hello, "bpm") ? this.tempo(controls, hello, now?.bpm ?? null) : null}
        <div class="three">
          ${SHAPES.filter(([name]) => honours(hello, name)).map(([name, label, ends]) => this.scalar(name, label, ends, controls, bar))}
        </div>
        ${honours(hello, "key") ? this.key(controls, hello, now?.key ?? null) : null}
        ${this.session.status?.listen ? this.listen(controls, this.session.status.listen) : null}
      </div>
    `;
  }

  private tempo(controls: Controls, hello: Hello, playing: number | null) {
    const [low, high] = hello.ranges.bpm;
    return html`<legato-fader
      label="Tempo"
      .value=${controls.bpm}
      .planned=${playing}
      .low=${low}
      .high=${high}
      .step=${1}
      .digits=${0}
      .neutral=${100}
      class=${this.markClass("bpm")}
      data-learn="bpm"
      data-learn-label=${this.learnLabel("bpm")}
      @pick=${(event: CustomEvent<number | null>) => this.desk.change({ bpm: event.detail })}
      ><button class="chip" title="Tap the tempo (T)" @click=${() => this.desk.tap()}>Tap</button></legato-fader
    >`;
  }

  private listen(controls: Controls, heard: { name: string; open: boolean; mix: number }) {
    return html`<legato-fader
      label="Listen"
      title=${heard.open ? `What ${heard.name} plays becomes the past that the music goes on from.` : `${heard.name} is not there.`}
      .value=${controls.listen}
      .initial=${0.5}
      .ends=${["itself", "you"]}
      @pick=${(event: CustomEvent<number>) => this.session.steer({ listen: event.detail }, "now")}
    ></legato-fader>`;
  }

  private scalar(name: Scalar & keyof Bar & Target, label: string, ends: readonly [string, string], controls: Controls, bar: Bar | null) {
    return html`<legato-fader
      .label=${label}
      .value=${controls[name] as number | null}
      .planned=${controls.conductor === "on" && bar ? bar[name] : null}
      .ends=${ends}
      class=${this.markClass(name)}
      data-learn=${name}
      data-learn-label=${this.learnLabel(name)}
      @pick=${(event: CustomEvent<number | null>) => this.desk.change({ [name]: event.detail })}
    ></legato-fader>`;
  }

  private key(controls: Controls, hello: Hello, playing: string | null) {
    const [tonic, mode] = controls.key ? splitKey(controls.key) : ["", splitKey(playing ?? "C major")[1]];
    const mine = controls.key ? "mine" : "";
    const pick = (t: string, m: string) => this.desk.change({ key: t ? `${t} ${m}` : null });
    const value = (event: Event) => (event.target as HTMLSelectElement).value;
    return html`<div class="line key ${this.waitClass("key")}">
      <span>Key ${!controls.key && playing ? html`<em>${pretty(playing, playing)}</em>` : null}</span>
      <select class="field ${mine}" aria-label="Key: tonic" @change=${(event: Event) => pick(value(event), mode)}>
        <option value="" ?selected=${!tonic}>open</option>
        ${hello.pitch_classes.map((name) => html`<option value=${name} .selected=${name === tonic}>${pretty(name)}</option>`)}
      </select>
      <select
        class="field ${mine}"
        aria-label="Key: mode"
        @change=${(event: Event) => pick(tonic || splitKey(playing ?? "C major")[0], value(event))}
      >
        ${Object.keys(hello.modes).map((name) => html`<option value=${name} .selected=${name === mode}>${name}</option>`)}
      </select>
      <button class="release" ?hidden=${!controls.key} aria-label="Let go of the key" title="Let go of the key" @click=${() => pick("", "")}>×</button>
    </div>`;
  }
}

customElements.define("legato-shape", LegatoShape);
