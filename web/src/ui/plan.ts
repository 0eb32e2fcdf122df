/** The conductor's plan: the bar in play and those to come, each to be changed, locked, rolled anew or given back. */

import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { pretty } from "../state/harmony";
import { FAMILIES, type Bar } from "../state/protocol";
import "./bar-editor";
import { SessionElement, shared } from "./element";
import { icons } from "./icons";
import { planStyle } from "./plan-style";

const LONG = 9; // characters of chords for which a card has room in large type
const FREE = "The conductor is free: the model alone decides whatever you leave open.";
const WAITING = "The plan shows with the sound.";

export class LegatoPlan extends SessionElement {
  static override styles = [shared, planStyle];

  override render() {
    const controls = this.session?.controls;
    if (!controls) return html`<div class="head"><h2>Conductor</h2></div>`;
    const plan = this.session.status?.plan ?? [];
    const free = controls.conductor === "free";
    const { time } = this.session;
    return html`
      <div class="head">
        <h2>Conductor</h2>
        <button
          class="chip ${this.markClass("plan.roll")}"
          data-learn="plan.roll"
          data-learn-label=${this.learnLabel("plan.roll")}
          ?disabled=${(free || plan.length === 0) && !this.desk.midi.learning}
          title="Plan everything from the next bar on anew, but for locked bars (G)"
          @click=${() => time.order({ action: "roll" })}
        >
          Roll all
        </button>
        <div class="segments ${this.waitClass("conductor")}" role="group" aria-label="Conductor">
          ${(["on", "free"] as const).map(
            (mode) =>
              html`<button
                aria-pressed=${controls.conductor === mode}
                title=${mode === "on" ? "Plans whatever you leave open, a few bars ahead" : FREE}
                @click=${() => this.desk.change({ conductor: mode })}
              >
                ${mode}
              </button>`,
          )}
        </div>
      </div>
      ${free || plan.length === 0
        ? html`<p class="free">${free ? FREE : WAITING}</p>`
        : html`<div class="bars" role="group" aria-label="Bars of the plan">${repeat(plan, (bar) => bar.index, (bar, i) => this.bar(time.shown(bar), i === 0))}</div>`}
      ${time.selected.length > 0 ? html`<legato-bar-editor .session=${this.session}></legato-bar-editor>` : null}
    `;
  }

  private bar(bar: Bar, inPlay: boolean) {
    const names = bar.chords.map(([, name]) => pretty(name, bar.key));
    const hand = (field: string) => (bar.edited.includes(field) ? "by-hand" : "");
    const playing = FAMILIES.filter((family) => bar.gates[family]);
    const { time } = this.session;
    return html`<div class="bar ${inPlay ? "now" : ""} ${bar.locked ? "locked" : ""}">
      <button
        class="face"
        ?disabled=${inPlay}
        aria-pressed=${time.selected.includes(bar.index)}
        aria-label="Bar ${bar.index + 1}, ${bar.section}: ${names.join(", ")}; ${playing.join(", ") || "nobody"}${bar.locked ? "; locked" : ""}${bar.edited.length > 0 ? `; set by hand: ${bar.edited.join(", ")}` : ""}"
        title=${inPlay ? "Being made now" : "Change this bar; with Shift all from the last one chosen to this"}
        @click=${(event: MouseEvent) => time.select(bar.index, event.shiftKey)}
      >
        <span class="top"><b class=${hand("section")}>${bar.section}</b><i>${bar.index + 1}</i></span>
        <span class="names ${hand("chords")} ${names.join("").length > LONG ? "long" : ""}">${names.map((name) => html`<span>${name}</span>`)}</span>
        <span class="lanes ${hand("gates")}">${FAMILIES.map((family) => html`<i class=${bar.gates[family] ? "on" : ""}></i>`)}</span>
      </button>
      ${inPlay ? html`<div class="tools"><span>in the making</span></div>` : this.tools(bar)}
    </div>`;
  }

  private tools(bar: Bar) {
    const { time } = this.session;
    const bars = [bar.index];
    const number = bar.index + 1;
    return html`<div class="tools">
      <button
        aria-label="Lock bar ${number}"
        aria-pressed=${bar.locked}
        title=${bar.locked ? "Unlock" : "Lock: stays as it is, whatever is planned anew"}
        @click=${() => time.order({ action: bar.locked ? "unlock" : "lock", bars })}
      >
        ${bar.locked ? icons.lock : icons.unlock}
      </button>
      <button aria-label="Roll bar ${number} anew" title="Roll anew: other chords, line-up and levels" ?disabled=${bar.locked} @click=${() => time.order({ action: "roll", bars })}>
        ${icons.dice}
      </button>
      ${bar.edited.length > 0 || bar.locked
        ? html`<button class="undo" aria-label="Give bar ${number} back" title="Give back: forget whatever was done to this bar" @click=${() => time.order({ action: "reset", bars })}>×</button>`
        : null}
    </div>`;
  }
}

customElements.define("legato-plan", LegatoPlan);
