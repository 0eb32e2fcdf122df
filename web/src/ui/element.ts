/** Base of every part of the page that shows the session: draws again whenever it changes. */

import { LitElement, css } from "lit";
import type { Desk } from "../state/desk";
import { controllerOf } from "../state/midi";
import { controllerName } from "../state/midi-desk";
import type { Session } from "../state/session";
import type { Target } from "../state/targets";

export class SessionElement extends LitElement {
  static override properties = { session: { attribute: false } };
  declare session: Session;
  private readonly redraw = () => this.requestUpdate();
  private watched: Session | null = null;

  protected get desk(): Desk {
    return this.session.desk;
  }

  /** Class of a control: whether a change of it waits for a beat, and what learn mode is about. */
  protected markClass(target: Target): string {
    const midi = this.session?.desk.midi;
    if (!midi?.learning) return this.waitClass(target);
    if (midi.waiting === target) return "learn waiting";
    return controllerOf(midi.bindings, target) ? "learn bound" : "learn";
  }

  /** Class of a control by whether a change of it waits for a beat. */
  protected waitClass(name: string): string {
    return this.session?.time.waits(name) ? "waits" : "";
  }

  /** What to print on it in learn mode. */
  protected learnLabel(target: Target): string {
    const midi = this.session?.desk.midi;
    if (midi?.waiting === target) return "move a knob";
    const controller = midi && controllerOf(midi.bindings, target);
    return controller ? controllerName(controller) : "learn";
  }

  override willUpdate(): void {
    if (this.watched === this.session) return;
    this.unwatch();
    this.session?.addEventListener("change", this.redraw);
    this.watched = this.session;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unwatch();
  }

  private unwatch(): void {
    this.watched?.removeEventListener("change", this.redraw);
    this.watched = null;
  }
}

/** Styles every part shares: type, buttons, fields, focus. */
export const shared = css`
  * {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  h2 {
    margin: 0;
    font: 500 13px/1.3 var(--sans);
    letter-spacing: 0.02em;
    color: var(--dim);
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
  }
  button {
    cursor: pointer;
    background: none;
    border: 0;
    padding: 0;
  }
  button:disabled {
    cursor: default;
    opacity: 0.45;
  }
  :is(button, input, select, summary, a):focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  .chip {
    flex: none;
    height: 28px;
    padding: 0 11px;
    border: 1px solid var(--line);
    border-radius: 99px;
    font-size: 12.5px;
    white-space: nowrap;
    color: var(--dim);
  }
  .chip:hover:not(:disabled) {
    color: var(--text);
    border-color: var(--faint);
  }
  .chip[aria-pressed="true"] {
    color: var(--mine);
    border-color: var(--mine);
    background: var(--mine-soft);
  }
  .head {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 28px;
  }
  .head h2 {
    margin-right: auto;
  }
  .segments {
    display: flex;
    padding: 2px;
    border-radius: 99px;
    background: var(--raised);
  }
  .segments button {
    height: 24px;
    padding: 0 11px;
    border-radius: 99px;
    font-size: 12.5px;
    color: var(--dim);
  }
  .segments button:hover {
    color: var(--text);
  }
  .segments button[aria-pressed="true"] {
    background: var(--lifted);
    color: var(--text);
  }
  .waits {
    border-radius: 10px;
    outline: 1.5px dashed var(--mine);
    outline-offset: 3px;
    animation: waits 0.6s ease-in-out infinite alternate;
  }
  @keyframes waits {
    to {
      outline-color: transparent;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .waits {
      animation: none;
    }
  }
  .learn {
    position: relative;
    outline: 1.5px dashed var(--conductor);
    outline-offset: 3px;
    border-radius: 8px;
    cursor: crosshair;
  }
  .learn * {
    cursor: crosshair;
  }
  .learn.bound {
    outline-style: solid;
  }
  .learn.waiting {
    outline: 2px solid var(--mine);
  }
  .learn::after {
    content: attr(data-learn-label);
    position: absolute;
    right: 4px;
    top: -9px;
    z-index: 3;
    padding: 1px 6px;
    border-radius: 5px;
    background: var(--conductor-fill);
    color: var(--on-conductor);
    font: 500 11px/1.3 var(--sans);
    white-space: nowrap;
    pointer-events: none;
  }
  .learn.waiting::after {
    background: var(--mine-fill);
    color: var(--on-mine);
  }
  .field {
    height: 38px;
    min-width: 0;
    padding: 0 12px;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--raised);
    font-size: 14px;
  }
  .field.mine {
    border-color: var(--mine);
    color: var(--mine);
  }
  select.field {
    appearance: none;
    padding-right: 28px;
    background: var(--raised)
      url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='10' height='6'%3E%3Cpath d='M1 1l4 4 4-4' fill='none' stroke='%238a93a2' stroke-width='1.5'/%3E%3C/svg%3E")
      no-repeat right 11px center;
  }
  select.field option {
    background: var(--raised);
    color: var(--text);
  }
  .quiet {
    font-size: 12px;
    color: var(--dim);
  }
  .release {
    flex: none;
    width: 24px;
    height: 24px;
    border-radius: 50%;
    color: var(--mine);
    font-size: 15px;
    line-height: 1;
  }
  .release:hover {
    background: var(--mine-soft);
  }
  .release[hidden] {
    display: block;
    visibility: hidden;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
`;
