/** A pad that moves two controls at once, chosen freely. */

import { css, html } from "lit";
import { axesOf, honours } from "../state/honours";
import type { Bar, Scalar } from "../state/protocol";
import { SCALARS } from "../state/patch";
import { TARGETS } from "../state/targets";
import { arrowOf, placeOf } from "./drag";
import { SessionElement, shared } from "./element";

type Axis = "x" | "y";
const STORED = "legato.xy";
const USUAL: Record<Axis, Scalar> = { x: "brightness", y: "density" };

export class LegatoXy extends SessionElement {
  private chosen: Record<Axis, Scalar> = stored();
  private holding = false;

  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
      }
      .pad {
        position: relative;
        flex: 1;
        min-height: 140px;
        margin-top: 10px;
        border-radius: 12px;
        background: var(--raised)
          linear-gradient(var(--line), var(--line)) 50% 0 / 1px 100% no-repeat;
        touch-action: none;
        cursor: crosshair;
      }
      .pad::before {
        content: "";
        position: absolute;
        inset: 50% 0 auto;
        height: 1px;
        background: var(--line);
      }
      .pad u {
        position: absolute;
        background: var(--colour);
        opacity: 0.55;
      }
      .pad u.v {
        top: 0;
        bottom: 0;
        width: 1px;
      }
      .pad u.h {
        left: 0;
        right: 0;
        height: 1px;
      }
      .pad i {
        position: absolute;
        width: 20px;
        height: 20px;
        border: 2px solid var(--colour);
        border-radius: 50%;
        background: var(--surface);
        transform: translate(-50%, -50%);
      }
      .pad.held i {
        background: var(--mine-fill);
      }
      .axes {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
        margin-top: 8px;
      }
      .axes label {
        display: flex;
        align-items: center;
        gap: 6px;
        font-size: 12.5px;
        color: var(--dim);
      }
      select.field {
        flex: 1;
        width: 100%;
        height: 30px;
        padding: 0 22px 0 10px;
        background-position: right 8px center;
        border-radius: 8px;
        font-size: 13px;
        color: var(--text);
      }
    `,
  ];

  /** As chosen, as far as the model follows them. */
  private get axes(): Record<Axis, Scalar> {
    const [x, y] = axesOf(this.session?.hello, [this.chosen.x, this.chosen.y], SCALARS);
    return { x, y };
  }

  override render() {
    if (!this.session?.hello || !this.session.controls) return null;
    const [x, y] = [this.place("x"), 1 - this.place("y")];
    const held = this.value("x") !== null || this.value("y") !== null;
    return html`
      <div class="head"><h2>XY</h2></div>
      <button
        class="pad ${held ? "held" : ""}"
        style="--colour: var(${held ? "--mine" : "--conductor"})"
        aria-label="${TARGETS[this.axes.x]} ${Math.round(100 * x)} percent across, ${TARGETS[this.axes.y]} ${Math.round(100 * (1 - y))} percent up; arrow keys move both, Delete lets go"
        data-moves
        title="Drag; double-click lets go"
        @pointerdown=${this.grab}
        @pointermove=${(event: PointerEvent) => this.holding && this.move(event)}
        @pointerup=${() => (this.holding = false)}
        @pointercancel=${() => (this.holding = false)}
        @dblclick=${() => this.letGo()}
        @keydown=${this.key}
      >
        <u class="v" style="left: ${100 * x}%"></u><u class="h" style="top: ${100 * y}%"></u><i style="left: ${100 * x}%; top: ${100 * y}%"></i>
      </button>
      <div class="axes">${this.choice("x", "Across")} ${this.choice("y", "Up")}</div>
    `;
  }

  private choice(axis: Axis, words: string) {
    return html`<label
      >${words}
      <select class="field" @change=${(event: Event) => this.assign(axis, (event.target as HTMLSelectElement).value as Scalar)}>
        ${SCALARS.filter((name) => honours(this.session.hello, name)).map((name) => html`<option value=${name} .selected=${name === this.axes[axis]}>${TARGETS[name]}</option>`)}
      </select></label
    >`;
  }

  private value(axis: Axis): number | null {
    return this.session.controls?.[this.axes[axis]] ?? null;
  }

  /** Where an axis stands, 0 … 1: held, else as planned, else the middle. */
  private place(axis: Axis): number {
    const name = this.axes[axis];
    const [low, high] = this.range(name);
    const { history, heardIndex } = this.session;
    const bar = history.barAt(history.beatAt(heardIndex)) ?? history.bars[0];
    const planned = name === "bpm" ? history.nowAt(heardIndex)?.bpm : bar?.[name as keyof Bar & Scalar];
    const value = this.value(axis) ?? planned ?? (low + high) / 2;
    return Math.min(1, Math.max(0, (value - low) / (high - low)));
  }

  private range(name: Scalar): [number, number] {
    return this.session.hello?.ranges[name] ?? [0, 1];
  }

  private set(x: number, y: number): void {
    const value = (axis: Axis, at: number) => {
      const [low, high] = this.range(this.axes[axis]);
      return Number((low + (high - low) * Math.min(1, Math.max(0, at))).toFixed(this.axes[axis] === "bpm" ? 0 : 3));
    };
    this.desk.change({ [this.axes.x]: value("x", x), [this.axes.y]: value("y", y) }, "xy");
  }

  private readonly grab = (event: PointerEvent) => {
    if (event.button !== 0 || this.desk.midi.learning) return;
    this.holding = true;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.move(event);
  };

  private move(event: PointerEvent): void {
    const { x, y } = placeOf(event, event.currentTarget as HTMLElement);
    this.set(x, 1 - y);
  }

  private readonly key = (event: KeyboardEvent) => {
    const by = arrowOf(event);
    if (by) this.set(this.place("x") + by.x, this.place("y") - by.y);
    else if (event.key === "Delete" || event.key === "Backspace") this.letGo();
    else return;
    event.preventDefault();
  };

  private letGo(): void {
    const initial = this.session.hello?.controls;
    if (initial) this.desk.change({ [this.axes.x]: initial[this.axes.x], [this.axes.y]: initial[this.axes.y] }, "xy");
  }

  private assign(axis: Axis, name: Scalar): void {
    this.chosen = { ...this.axes, [axis]: name };
    localStorage.setItem(STORED, JSON.stringify(this.chosen));
    this.requestUpdate();
  }
}

function stored(): Record<Axis, Scalar> {
  try {
    const { x, y } = JSON.parse(localStorage.getItem(STORED) ?? "{}") as Partial<Record<Axis, Scalar>>;
    const known = (name: Scalar | undefined) => SCALARS.find((scalar) => scalar === name);
    return { x: known(x) ?? USUAL.x, y: known(y) ?? USUAL.y };
  } catch {
    return USUAL;
  }
}

customElements.define("legato-xy", LegatoXy);
