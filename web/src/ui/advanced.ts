/** The drawer: how the model is driven, and every figure of the stream. */

import { css, html } from "lit";
import { honours } from "../state/honours";
import type { Controls, Hello } from "../state/protocol";
import { SessionElement, shared } from "./element";
import "./fader";

const TERMS: Record<string, string> = { wait: "waiting for the chunk", compute: "computing it" };
const ms = (value: number) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;

export class LegatoAdvanced extends SessionElement {
  static override styles = [
    shared,
    css`
      summary {
        width: fit-content;
        padding: 6px 2px;
        font-size: 14px;
        color: var(--dim);
        cursor: pointer;
      }
      summary:hover {
        color: var(--text);
      }
      .inside {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(240px, 1fr));
        gap: 24px 48px;
        padding: 14px 0 8px;
      }
      .stack {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
        align-content: start;
      }
      .line {
        display: flex;
        align-items: center;
        gap: 8px;
        font-size: 14px;
      }
      .line > span {
        flex: 1;
      }
      .seed {
        width: 128px;
        text-align: right;
        font-variant-numeric: tabular-nums;
      }
      .dice {
        padding: 8px 12px;
        border: 1px solid var(--line);
        border-radius: 10px;
        font-size: 13px;
        color: var(--dim);
      }
      .dice:hover {
        color: var(--text);
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 13px;
        font-variant-numeric: tabular-nums;
      }
      caption {
        padding-bottom: 6px;
        text-align: left;
        color: var(--dim);
      }
      th {
        padding: 4px 0;
        text-align: left;
        font-weight: 400;
      }
      td {
        text-align: right;
      }
      tr + tr > * {
        border-top: 1px solid var(--line);
      }
    `,
  ];

  override render() {
    const hello = this.session?.hello;
    const controls = this.session?.controls;
    if (!hello || !controls) return null;
    return html`<details>
      <summary>Advanced</summary>
      <div class="inside">
        <div class="stack">
          ${honours(hello, "guidance") ? this.fader("guidance", "Guidance", ["loose", "strict"], controls, hello) : null}
          ${this.fader("temperature", "Temperature", ["calm", "wild"], controls, hello)}
        </div>
        <div class="stack">${this.seed(controls, hello)} ${this.steps(controls, hello)}</div>
        ${this.latency()} ${this.counters()}
      </div>
    </details>`;
  }

  private fader(name: "guidance" | "temperature", label: string, ends: [string, string], controls: Controls, hello: Hello) {
    const [low, high] = hello.ranges[name];
    return html`<legato-fader
      .label=${label}
      .value=${controls[name]}
      .low=${low}
      .high=${high}
      .step=${0.05}
      .initial=${hello.controls[name]}
      .ends=${ends}
      class=${this.markClass(name)}
      data-learn=${name}
      data-learn-label=${this.learnLabel(name)}
      @pick=${(event: CustomEvent<number>) => this.desk.change({ [name]: event.detail })}
    ></legato-fader>`;
  }

  private seed(controls: Controls, hello: Hello) {
    const set = (seed: number) => this.desk.change({ seed });
    return html`<div class="line">
      <span>Seed</span>
      <input
        class="field seed"
        inputmode="numeric"
        aria-label="Seed"
        .value=${String(controls.seed)}
        @change=${(event: Event) => set(Number((event.target as HTMLInputElement).value))}
      />
      <button class="dice" @click=${() => set(Math.floor(Math.random() * hello.limits.seed))}>Roll</button>
    </div>`;
  }

  private steps(controls: Controls, hello: Hello) {
    return html`<div class="line">
      <span>Steps per chunk</span>
      <select class="field" aria-label="Steps per chunk" @change=${(event: Event) => this.desk.change({ steps: Number((event.target as HTMLSelectElement).value) })}>
        ${hello.steps.map((n) => html`<option value=${n} .selected=${n === controls.steps}>${n}</option>`)}
      </select>
    </div>`;
  }

  private latency() {
    const latency = this.session.latency();
    return html`<table>
      <caption>
        Gesture to sound
      </caption>
      <tbody>
        ${latency
          ? [...latency.terms, ["in all", latency.total] as const].map(([name, value]) => html`<tr><th scope="row">${TERMS[name] ?? name}</th><td>${ms(value)}</td></tr>`)
          : html`<tr><th scope="row">starts with the sound</th><td></td></tr>`}
      </tbody>
    </table>`;
  }

  private counters() {
    const stats = this.session.player.stats;
    const status = this.session.status;
    const rows: [string, string][] = [
      ["frames played", (stats?.played ?? 0).toLocaleString("en")],
      ["frames lost", (stats?.lost ?? 0).toLocaleString("en")],
      ["underruns, page / engine", `${stats?.underruns ?? 0} / ${status?.underruns ?? 0}`],
      ["dropped by the server", String(status?.dropped ?? 0)],
      ["clock of the stream", clock(stats?.speed ?? 1)],
      ["buffer wanted", ms(((stats?.target ?? 0) / this.session.player.rate) * 1000)],
    ];
    return html`<table>
      <caption>
        Stream
      </caption>
      <tbody>
        ${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}
      </tbody>
    </table>`;
  }
}

/** How the stream's clock goes against the sound card's, where that is not the one it is sent by. */
function clock(speed: number): string {
  return speed === 1 ? "the sound card's" : `${speed > 1 ? "+" : "−"}${Math.abs((speed - 1) * 1e6).toFixed(0)} ppm`;
}

customElements.define("legato-advanced", LegatoAdvanced);
