/** The four figures a performer glances at. */

import { css, html } from "lit";
import { SessionElement, shared } from "./element";

export class LegatoReadouts extends SessionElement {
  static override styles = [
    shared,
    css`
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 28px;
        margin: 0;
        font-size: 13px;
        font-variant-numeric: tabular-nums;
      }
      div {
        display: flex;
        gap: 7px;
      }
      dt {
        color: var(--dim);
      }
      dd {
        margin: 0;
        min-width: 3.2em;
      }
      .bad {
        color: var(--alarm);
      }
    `,
  ];

  override render() {
    const stats = this.session?.player.stats;
    const status = this.session?.status;
    const latency = this.session?.latency();
    const underruns = (stats?.underruns ?? 0) + (status?.underruns ?? 0);
    return html`<dl>
      <div><dt>Latency</dt><dd>${latency ? `${latency.total.toFixed(0)} ms` : "–"}</dd></div>
      <div><dt>Buffer</dt><dd>${stats?.playing ? `${(stats.depth / 48).toFixed(0)} ms` : "–"}</dd></div>
      <div><dt>Underruns</dt><dd id="underruns" class=${underruns > 0 ? "bad" : ""}>${underruns}</dd></div>
      <div>
        <dt><abbr title="Real-time factor: compute seconds per second of sound">RTF</abbr></dt>
        <dd class=${(status?.rtf ?? 0) > 0.95 ? "bad" : ""}>${status?.rtf ? status.rtf.toFixed(2) : "–"}</dd>
      </div>
    </dl>`;
  }
}

customElements.define("legato-readouts", LegatoReadouts);
