/** Level meter: RMS as a bar, the peak as a tick that falls slowly, per side. */

import { css, html } from "lit";
import type { Loudness } from "../audio/messages";
import { SessionElement, shared } from "./element";
import { eachFrame } from "./frames";

const FLOOR_DB = -54;
const FALL_DB = 1.2; // of the peak tick, per report (20 a second)
const READABLE = 4; // reports to a change of the figure

const decibels = (x: number) => 20 * Math.log10(Math.max(x, 1e-6));
const place = (db: number) => `${Math.max(0, Math.min(100, (100 * (db - FLOOR_DB)) / -FLOOR_DB))}%`;

export class LegatoMeter extends SessionElement {
  private held: [number, number] = [FLOOR_DB, FLOOR_DB];
  private shown: Loudness | null = null;
  private reports = 0;
  private still: () => void = () => undefined;

  static override styles = [
    shared,
    css`
      .side {
        position: relative;
        height: 8px;
        margin-bottom: 5px;
        border-radius: 4px;
        background: var(--raised);
        overflow: hidden;
      }
      .side b {
        position: absolute;
        inset: 0;
        background: linear-gradient(to right, color-mix(in srgb, var(--conductor-fill) 70%, var(--raised)) 0%, var(--conductor-fill) 55%, var(--mine-fill) 82%, var(--alarm) 98%);
        clip-path: inset(0 calc(100% - var(--level, 0%)) 0 0);
      }
      .side i {
        position: absolute;
        inset: 0;
        border-left: 2px solid var(--text);
        transform: translateX(max(0px, calc(var(--peak, 0%) - 2px))); /* moving it lays nothing out anew */
      }
      .scale {
        display: flex;
        justify-content: space-between;
        font-size: 11.5px;
        color: var(--faint);
        font-variant-numeric: tabular-nums;
      }
      @media (max-width: 720px) {
        .side {
          height: 4px;
          margin-bottom: 3px;
        }
        .scale {
          display: none;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.still = eachFrame(() => this.show());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.still();
  }

  override render() {
    return html`
      <div role="meter" aria-label="Level" aria-valuemin=${FLOOR_DB} aria-valuemax="0" aria-valuenow=${FLOOR_DB}>
        <div class="side"><b></b><i></i></div>
        <div class="side"><b></b><i></i></div>
      </div>
      <div class="scale"><span>level</span><output>silent</output></div>
    `;
  }

  private show(): void {
    const loudness = this.session?.loudness ?? null;
    const sides = this.renderRoot.querySelectorAll<HTMLElement>(".side");
    if (!loudness || loudness === this.shown || sides.length < 2) return;
    this.shown = loudness;
    for (const i of [0, 1] as const) {
      this.held[i] = Math.max(decibels(loudness.peak[i]), this.held[i] - FALL_DB, FLOOR_DB);
      sides[i]?.style.setProperty("--level", place(10 * Math.log10(Math.max(loudness.power[i], 1e-12))));
      sides[i]?.style.setProperty("--peak", place(this.held[i]));
    }
    if (this.reports++ % READABLE === 0) this.tell(Math.max(...this.held));
  }

  private tell(loudest: number): void {
    const words = loudest <= FLOOR_DB ? "silent" : `peak ${loudest.toFixed(1)} dB`;
    this.renderRoot.querySelector("output")?.replaceChildren(words);
    this.renderRoot.querySelector("[role=meter]")?.setAttribute("aria-valuenow", loudest.toFixed(0));
  }
}

customElements.define("legato-meter", LegatoMeter);
