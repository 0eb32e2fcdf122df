/** Start, stop, restart and panic, what is sounding now, the beat, takes and the level. */

import { css, html } from "lit";
import { pretty } from "../state/harmony";
import { SessionElement, shared } from "./element";
import { eachFrame } from "./frames";
import { icons } from "./icons";
import "./meter";
import "./quantise";
import "./takes";

export class LegatoTransport extends SessionElement {
  private still: () => void = () => undefined;
  private beatShown = -1; // of the bar; -1 = none
  private chordShown: string | null = null;

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-columns: auto 1fr auto;
        gap: 18px 32px;
        align-items: center;
      }
      .go {
        display: grid;
        place-items: center;
        width: 68px;
        height: 68px;
        border-radius: 50%;
        background: var(--mine-fill);
        color: var(--on-mine);
        transition: background 0.15s, transform 0.12s;
      }
      .go:hover:not(:disabled) {
        background: var(--mine-bright);
      }
      .go:active:not(:disabled) {
        transform: scale(0.96);
      }
      .go.playing,
      .go.playing:hover {
        background: none;
        box-shadow: inset 0 0 0 2px var(--mine);
        color: var(--mine);
      }
      .go.playing:hover {
        background: var(--mine-soft);
      }
      .go svg {
        width: 26px;
        height: 26px;
        fill: currentColor;
      }
      .hands {
        display: flex;
        align-items: center;
        gap: 10px;
      }
      .small {
        display: grid;
        place-items: center;
        width: 40px;
        height: 40px;
        border: 1px solid var(--line);
        border-radius: 50%;
        color: var(--dim);
      }
      .small:hover:not(:disabled) {
        color: var(--text);
        border-color: var(--faint);
      }
      .small.panic:hover {
        color: var(--alarm);
        border-color: var(--alarm);
      }
      .out {
        display: grid;
        gap: 10px;
      }
      legato-meter {
        min-width: clamp(160px, 20vw, 240px);
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 36px;
        margin: 0;
      }
      dt {
        font-size: 12px;
        color: var(--dim);
      }
      dd {
        margin: 0;
        min-width: 2.4em;
        font: 29px/1.15 var(--score);
        font-variant-numeric: lining-nums tabular-nums;
        white-space: nowrap;
      }
      dd small {
        font: 14px var(--sans);
        color: var(--dim);
      }
      .beats {
        display: flex;
        gap: 9px;
        align-items: center;
        height: 37px;
      }
      .beats i {
        width: 11px;
        height: 11px;
        border-radius: 50%;
        background: var(--line);
      }
      .beats i.on {
        background: var(--mine-fill);
      }
      .changes {
        display: flex;
        flex: 1 1 100%;
        gap: 12px;
        align-items: center;
      }
      .changes dd {
        font: inherit;
      }
      @media (max-width: 720px) {
        .changes {
          grid-column: 1 / -1;
        }
        .changes dt {
          display: none;
        }
        .changes dd {
          flex: 1;
        }
        :host {
          grid-template-columns: auto minmax(0, 1fr);
          gap: 6px 14px;
        }
        .out {
          grid-column: 1 / -1;
          gap: 6px;
        }
        .hands {
          gap: 7px;
        }
        .go {
          width: 52px;
          height: 52px;
        }
        .small {
          width: 36px;
          height: 36px;
        }
        dl {
          display: grid;
          grid-template-columns: minmax(0, 0.8fr) minmax(0, 1.2fr);
          gap: 2px 10px;
        }
        dt {
          font-size: 10.5px;
        }
        dd {
          font-size: 18px;
          overflow: hidden;
          text-overflow: ellipsis;
        }
        dd small {
          display: none;
        }
        .beats {
          gap: 6px;
          height: 20px;
        }
        .beats i {
          width: 9px;
          height: 9px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.still = eachFrame(() => this.follow());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.still();
  }

  override render() {
    const { playing = false, connection = "connecting" } = this.session ?? {};
    const now = this.session?.history.nowAt(this.session.heardIndex) ?? null;
    const beats = now?.beats_per_bar ?? 4;
    return html`
      <div class="hands">
        <button
          class="go ${playing ? "playing" : ""}"
          aria-label=${playing ? "Stop" : "Start"}
          ?disabled=${connection !== "open" && !playing}
          @click=${() => void this.session.toggle()}
        >
          ${playing
            ? html`<svg viewBox="0 0 24 24" aria-hidden="true"><rect x="5" y="5" width="14" height="14" rx="2" /></svg>`
            : html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 4.5v15a1 1 0 0 0 1.5.9l12-7.5a1 1 0 0 0 0-1.8l-12-7.5A1 1 0 0 0 7 4.5Z" /></svg>`}
        </button>
        <button class="small" aria-label="From the top" title="From the top (R)" ?disabled=${connection !== "open"} @click=${() => void this.session.restart()}>${icons.restart}</button>
        <button class="small panic" aria-label="Panic" title="All notes off, fade out (Shift Esc)" @click=${() => this.desk.panic()}>${icons.panic}</button>
      </div>
      <dl>
        <div><dt>Chord</dt><dd>${pretty(this.chordShown ?? now?.chord ?? "–", now?.key)}</dd></div>
        <div><dt>Key</dt><dd>${pretty(now?.key ?? "–", now?.key)}</dd></div>
        <div><dt>Tempo</dt><dd>${now ? now.bpm.toFixed(1).replace(/\.0$/, "") : "–"} <small>bpm</small></dd></div>
        <div><dt>Beat</dt><dd class="beats" role="img" aria-label="Beat of the bar">${Array.from({ length: beats }, (_, i) => html`<i class=${i === this.beatShown ? "on" : ""}></i>`)}</dd></div>
        <div class="changes"><dt id="changes">Changes</dt><dd><legato-quantise .session=${this.session}></legato-quantise></dd></div>
      </dl>
      <div class="out">
        ${this.session?.hello?.takes ? html`<legato-takes .session=${this.session}></legato-takes>` : null}
        <legato-meter .session=${this.session}></legato-meter>
      </div>
    `;
  }

  /** Follows the loudspeaker, between the server's messages. */
  private follow(): void {
    if (!this.session) return;
    const { history, playing, heardIndex: index } = this.session;
    const now = playing ? history.nowAt(index) : null;
    const beat = history.beatAt(index);
    const bar = history.barAt(beat);
    const at = now ? Math.floor(bar ? beat - bar.start_beat : beat % now.beats_per_bar) : -1;
    const chord = now ? history.chordAt(beat) : this.chordShown;
    if (at === this.beatShown && chord === this.chordShown) return;
    this.beatShown = at;
    this.chordShown = chord;
    this.requestUpdate();
  }
}

customElements.define("legato-transport", LegatoTransport);
