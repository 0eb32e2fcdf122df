/** Tempo, key, chord, and the shape of the sound. */

import { css, html } from "lit";
import { diatonicChords, pretty, splitKey } from "../state/harmony";
import type { Bar, Controls, Hello, Scalar } from "../state/protocol";
import { SessionElement, shared } from "./element";
import "./fader";
import { TapTempo } from "./tap";

const SHAPES = [
  ["density", "Density", ["sparse", "dense"]],
  ["brightness", "Brightness", ["dark", "bright"]],
  ["loudness", "Loudness", ["quiet", "loud"]],
] as const;

export class LegatoShape extends SessionElement {
  private readonly tap = new TapTempo();

  static override styles = [
    shared,
    css`
      .stack {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
        margin-top: 10px;
      }
      .tap {
        padding: 4px 12px;
        border: 1px solid var(--line);
        border-radius: 99px;
        font-size: 12.5px;
        color: var(--dim);
      }
      .tap:hover {
        color: var(--text);
        border-color: var(--faint);
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
      @media (max-width: 420px) {
        .key em {
          display: none;
        }
        .three {
          grid-template-columns: minmax(0, 1fr);
          gap: 10px;
        }
        .pads {
          gap: 4px;
        }
        .pads button {
          font-size: 16px;
        }
      }
      .pads {
        display: grid;
        grid-template-columns: repeat(7, minmax(0, 1fr));
        gap: 6px;
      }
      .pads button {
        height: 52px;
        border-radius: 10px;
        background: var(--raised);
        font: 18px var(--score);
        overflow: hidden;
      }
      .pads button:hover {
        background: #232934;
      }
      .pads button.sounding {
        box-shadow: inset 0 0 0 1.5px var(--conductor);
        color: var(--conductor);
      }
      .pads button[aria-pressed="true"] {
        background: var(--mine);
        color: #221503;
        box-shadow: none;
      }
      .chord {
        width: 104px;
      }
    `,
  ];

  override render() {
    const hello = this.session?.hello;
    const controls = this.session?.controls;
    if (!hello || !controls) return html`<h2>Shape</h2>`;
    const { history, player } = this.session;
    const beat = history.beatAt(player.heardIndex);
    const bar = history.barAt(beat) ?? history.bars[0] ?? null;
    const now = history.nowAt(player.heardIndex);
    const [low, high] = hello.ranges.bpm;
    return html`
      <h2>Shape</h2>
      <div class="stack">
        <legato-fader
          label="Tempo"
          .value=${controls.bpm}
          .planned=${now?.bpm ?? null}
          .low=${low}
          .high=${high}
          .step=${1}
          .digits=${0}
          .neutral=${100}
          @pick=${(event: CustomEvent<number | null>) => this.session.steer({ bpm: event.detail })}
          ><button class="tap" @click=${() => this.tapped()}>Tap</button></legato-fader
        >
        <div class="three">${SHAPES.map(([name, label, ends]) => this.scalar(name, label, ends, controls, bar))}</div>
        ${this.key(controls, hello, now?.key ?? null)} ${this.chord(controls, hello, now?.key ?? null, history.chordAt(beat))}
      </div>
    `;
  }

  private scalar(name: Scalar & keyof Bar, label: string, ends: readonly [string, string], controls: Controls, bar: Bar | null) {
    return html`<legato-fader
      .label=${label}
      .value=${controls[name] as number | null}
      .planned=${controls.conductor === "on" && bar ? bar[name] : null}
      .ends=${ends}
      @pick=${(event: CustomEvent<number | null>) => this.session.steer({ [name]: event.detail })}
    ></legato-fader>`;
  }

  private key(controls: Controls, hello: Hello, playing: string | null) {
    const [tonic, mode] = controls.key ? splitKey(controls.key) : ["", splitKey(playing ?? "C major")[1]];
    const mine = controls.key ? "mine" : "";
    const pick = (t: string, m: string) => this.session.steer({ key: t ? `${t} ${m}` : null });
    const value = (event: Event) => (event.target as HTMLSelectElement).value;
    return html`<div class="line key">
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

  private chord(controls: Controls, hello: Hello, playingKey: string | null, sounding: string | null) {
    const key = controls.key ?? playingKey ?? "C major";
    const pads = diatonicChords(key, hello);
    return html`
      <div class="line">
        <span>Chord</span>
        <input
          class="field chord ${controls.chord ? "mine" : ""}"
          aria-label="Chord by name; Enter applies"
          placeholder="open"
          .value=${controls.chord ?? ""}
          @change=${(event: Event) => this.session.steer({ chord: (event.target as HTMLInputElement).value.trim() || null })}
        />
        <button
          class="release"
          ?hidden=${!controls.chord}
          aria-label="Let go of the chord"
          title="Let go of the chord"
          @click=${() => this.session.steer({ chord: null })}
        >
          ×
        </button>
      </div>
      <div class="pads" role="group" aria-label="Chords of the key">
        ${pads.map(
          (name) =>
            html`<button
              aria-pressed=${controls.chord === name}
              class=${sounding === name ? "sounding" : ""}
              @click=${() => this.session.steer({ chord: controls.chord === name ? null : name })}
            >
              ${pretty(name, key)}
            </button>`,
        )}
      </div>
    `;
  }

  private tapped(): void {
    const bpm = this.tap.tap(performance.now());
    const [low, high] = this.session.hello?.ranges.bpm ?? [40, 240];
    if (bpm !== null) this.session.steer({ bpm: Math.min(high, Math.max(low, bpm)) });
  }
}

customElements.define("legato-shape", LegatoShape);
